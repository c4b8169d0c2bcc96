//! Which packages a node runs after a hop: its plugins move only when they must.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::plan::NoPlan;
use crate::answer::selection::{Conflict, Resolution, Selection};
use crate::catalog::{Catalog, NeedKind, PackageIx, PackageKind, Rank, ReleaseId, ReleaseSet};
use crate::finding::{Check, Cite, Finding, Severity};
use crate::resolve::{Request, Requirement, resolve};
use crate::version::Step;

/// Packages and their releases on one node.
pub(super) type Packages = BTreeMap<PackageIx, Rank>;

/// Returns what a node that runs `current` runs after its main package became `to` in the place of
/// `from`. Requirements for plugins in `targets` bind; other plugins keep their release if it fits.
pub(super) fn after(
    catalog: &Catalog,
    current: &Packages,
    from: ReleaseId,
    to: ReleaseId,
    targets: &[Requirement],
) -> Result<Packages, NoPlan> {
    let request = request(catalog, current, from, to, targets);
    let refuse = |reasons| Err(NoPlan { reasons, alternatives: Vec::new() });
    let subject = catalog.label(to);
    match resolve(catalog, &request) {
        // What the node does not state although it needs it already is left to whoever installs it.
        Resolution::Found(selection) => {
            let (request, selection) = bridges(catalog, request, selection, from, targets);
            let selection = nearest_runtimes(catalog, request.clone(), selection);
            let unstated = unstated(catalog, current);
            let picks = selection.picks.iter().map(|pick| pick.release);
            Ok(picks
                .filter(|(package, _)| {
                    request.installed.contains_key(package)
                        || (is_part(catalog, *package) && !unstated.contains(package))
                })
                .collect())
        }
        Resolution::Impossible(conflict) => refuse(reasons(catalog, &request, to, conflict)),
        Resolution::Unknown { steps } => {
            let message = format!("no set of packages was found in {steps} steps");
            refuse(vec![Finding::new(Check::NoSet, Severity::Error, subject, message)])
        }
    }
}

/// Returns what a node runs after a hop, as [`after`] does. On the way what was asked for may be out of
/// reach; it binds only where the hop leads to a target.
pub(super) fn after_hop(
    catalog: &Catalog,
    current: &Packages,
    from: ReleaseId,
    to: ReleaseId,
    targets: &[Requirement],
    is_target: bool,
) -> Result<Packages, NoPlan> {
    let set = after(catalog, current, from, to, targets);
    if set.is_err() && !is_target { after(catalog, current, from, to, &[]).or(set) } else { set }
}

fn request(
    catalog: &Catalog,
    current: &Packages,
    from: ReleaseId,
    to: ReleaseId,
    targets: &[Requirement],
) -> Request {
    let mut installed = current.clone();
    if from.0 != to.0 {
        installed.remove(&from.0);
    }
    installed.insert(to.0, to.1);
    let mut requirements = vec![Requirement::exactly(catalog, to.0, to.1)];
    for (&package, &rank) in installed.iter().filter(|(package, _)| **package != to.0) {
        requirements.push(requirement(catalog, package, rank, targets));
    }
    Request { installed, ..Request::newest(requirements) }
}

/// Takes releases of plugins that must move which go with the main package before and after the hop,
/// where there are such: the node then runs with either, whichever is undone or restarted first.
fn bridges(
    catalog: &Catalog,
    mut request: Request,
    mut selection: Selection,
    from: ReleaseId,
    targets: &[Requirement],
) -> (Request, Selection) {
    for at in 0..request.requirements.len() {
        let package = request.requirements[at].package;
        let asked = targets.iter().any(|target| target.package == package);
        let running = request.installed.get(&package).copied();
        let mut picks = selection.picks.iter().map(|pick| pick.release);
        let pick = picks.find(|release| release.0 == package);
        let moves = pick.is_some_and(|release| Some(release.1) != running);
        let is_plugin = catalog.package(package).kind == PackageKind::Plugin;
        if !is_plugin || !moves || asked || running.is_none() {
            continue;
        }
        let mut narrowed = request.clone();
        narrowed.requirements[at].restricted = true;
        let releases = &mut narrowed.requirements[at].releases;
        let both = |rank: &Rank| catalog.accepted((package, *rank), from.0).contains(from.1);
        let bridging: Vec<_> = releases.iter().filter(both).collect();
        *releases = ReleaseSet::empty(catalog.package(package).len());
        for rank in bridging {
            releases.insert(rank);
        }
        if releases.is_empty() {
            continue;
        }
        if let Resolution::Found(found) = resolve(catalog, &narrowed) {
            (request, selection) = (narrowed, found);
        }
    }
    (request, selection)
}

/// Takes a runtime that must move no farther than to the next line that fits.
fn nearest_runtimes(
    catalog: &Catalog,
    mut request: Request,
    mut selection: Selection,
) -> Selection {
    for at in 0..request.requirements.len() {
        let package = request.requirements[at].package;
        let Some(&running) = request.installed.get(&package) else {
            continue;
        };
        let mut picks = selection.picks.iter().map(|pick| pick.release);
        let moves = picks.any(|release| release.0 == package && release.1 > running);
        if is_part(catalog, package) || !moves {
            continue;
        }
        let stated = catalog.package(package);
        let any = Requirement::any(catalog, package);
        for line in stated.lines(Step::Minor) {
            let ranks = stated.line_ranks(line, Step::Minor);
            let mut near = Requirement { restricted: true, ..any.clone() };
            near.releases = ReleaseSet::empty(stated.len());
            ranks
                .filter(|&rank| rank > running && any.releases.contains(rank))
                .for_each(|rank| near.releases.insert(rank));
            if near.releases.is_empty() {
                continue;
            }
            let mut narrowed = request.clone();
            narrowed.requirements[at] = near;
            if let Resolution::Found(found) = resolve(catalog, &narrowed) {
                (request, selection) = (narrowed, found);
                break;
            }
        }
    }
    selection
}

/// Says why there is no set: the packages of which no release will do, each with the reason, or else
/// the facts that clash.
fn reasons(
    catalog: &Catalog,
    request: &Request,
    to: ReleaseId,
    conflict: Conflict,
) -> Vec<Finding> {
    let subject = catalog.label(to);
    let finding = |message: String, cite: Option<Cite>| {
        let mut finding = Finding::new(Check::NoSet, Severity::Error, subject.clone(), message);
        finding.cites.extend(cite);
        finding
    };
    let facts = |conflict: Conflict| conflict.clashes.into_iter().filter(|it| it.cite.is_some());
    let mut reasons = Vec::new();
    for requirement in request.requirements.iter().filter(|requirement| requirement.package != to.0)
    {
        let main = request.requirements[0].clone();
        let alone = Request { requirements: vec![main, requirement.clone()], ..request.clone() };
        if let Resolution::Impossible(conflict) = resolve(catalog, &alone) {
            let name = &catalog.package(requirement.package).name;
            let what = match requirement.pinned {
                Some(_) => requirement.text.replace('@', " "),
                None => format!("no known release of {name}"),
            };
            let verb = if requirement.pinned.is_some() { "does not work" } else { "works" };
            let facts: Vec<_> = facts(conflict).collect();
            let of_all = facts.iter().find(|clash| clash.text.starts_with("no release of "));
            let cause = of_all.or(facts.last()).cloned();
            let message = match &cause {
                // A fact about all releases says it all.
                Some(clash) if clash.text.starts_with("no release of ") => clash.text.clone(),
                Some(clash) => format!("{what} {verb} with {subject}: {}", clash.text),
                None => format!("{what} {verb} with {subject}"),
            };
            reasons.push(finding(message, cause.and_then(|clash| clash.cite)));
        }
    }
    if reasons.is_empty() {
        let message = format!("no set of the node's packages works with {subject}");
        reasons.push(finding(message, None));
        reasons.extend(facts(conflict).map(|clash| finding(clash.text, clash.cite)));
    }
    reasons
}

/// Requirements for a package of the node: what was asked for, or any release, the running one included.
/// A core stays as it is: it has steps of its own.
fn requirement(
    catalog: &Catalog,
    package: PackageIx,
    rank: Rank,
    targets: &[Requirement],
) -> Requirement {
    let is_core = catalog.package(package).kind == PackageKind::Core;
    match targets.iter().find(|requirement| requirement.package == package) {
        _ if is_core => Requirement::exactly(catalog, package, rank),
        Some(asked) => asked.clone(),
        None => {
            let mut any = Requirement::any(catalog, package);
            any.releases.insert(rank);
            any
        }
    }
}

/// Returns the packages that a node needs already and does not state.
fn unstated(catalog: &Catalog, current: &Packages) -> BTreeSet<PackageIx> {
    let needs = current.iter().flat_map(|(&package, &rank)| catalog.package(package).needs(rank));
    needs
        .filter(|need| need.kind == NeedKind::Requires)
        .map(|need| catalog.constraint(need.constraint).target)
        .filter(|target| !current.contains_key(target))
        .collect()
}

/// Whether a package is part of the product rather than beneath it.
fn is_part(catalog: &Catalog, package: PackageIx) -> bool {
    match catalog.package(package).kind {
        PackageKind::Core | PackageKind::Plugin => true,
        PackageKind::Runtime | PackageKind::Platform | PackageKind::Bundle => false,
    }
}
