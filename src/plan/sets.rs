//! Which packages a node runs after a hop: its plugins move only when they must.
//!
//! It is only found whether there is a set; why there is none is said by `set_conflict`.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::selection::SetOutcome;
use crate::catalog::{Catalog, NeedKind, PackageIx, PackageKind, Rank, ReleaseId, ReleaseSet};
use crate::resolve::{Request, Requirement, find};
use crate::version::Step;

/// Packages and their releases on one node.
pub(super) type Packages = BTreeMap<PackageIx, Rank>;

/// Which packages each set becomes when its main package becomes a release.
pub(super) type SetsAfter = BTreeMap<ReleaseId, BTreeMap<Packages, Packages>>;

/// A node that runs `current` gets the main package `to` in the place of `from`.
#[derive(Clone)]
pub(super) struct SetChange {
    pub(super) current: Packages,
    pub(super) from: ReleaseId,
    pub(super) to: ReleaseId,
    /// Requirements for plugins; others keep their release if it fits.
    pub(super) requirements: Vec<Requirement>,
}

/// Returns what a node runs after a change, if some set of packages fits.
pub(super) fn after(catalog: &Catalog, change: &SetChange) -> Option<Packages> {
    let request = request(catalog, change);
    let SetOutcome::Set(set) = find(catalog, &request) else { return None };
    let (request, set) = bridges(catalog, request, set, change);
    let set = nearest_runtimes(catalog, &request, set);
    // What the node does not state although it needs it already is left to whoever installs it.
    let unstated = unstated(catalog, &change.current);
    let stated = |&(package, _): &ReleaseId| {
        request.installed.contains_key(&package)
            || (is_part(catalog, package) && !unstated.contains(&package))
    };
    Some(set.into_iter().filter(stated).collect())
}

/// Returns what a node runs after a hop, as [`after`] does. On the way what was asked for may be out of
/// reach; it binds only where the hop leads to a target.
pub(super) fn after_hop(
    catalog: &Catalog,
    change: &SetChange,
    is_target: bool,
) -> Option<Packages> {
    let unbound = || after(catalog, &SetChange { requirements: Vec::new(), ..change.clone() });
    let set = after(catalog, change);
    if is_target { set } else { set.or_else(unbound) }
}

/// Returns the request for the packages after a change; its first requirement is the main package.
pub(super) fn request(catalog: &Catalog, change: &SetChange) -> Request {
    let (from, to) = (change.from, change.to);
    let mut installed = change.current.clone();
    if from.0 != to.0 {
        installed.remove(&from.0);
    }
    installed.insert(to.0, to.1);
    let mut requirements = vec![Requirement::exactly(catalog, to.0, to.1)];
    for (&package, &rank) in installed.iter().filter(|(package, _)| **package != to.0) {
        requirements.push(requirement(catalog, package, rank, &change.requirements));
    }
    Request { installed, ..Request::newest(requirements) }
}

/// Takes releases of plugins that must move which go with the main package before and after the hop,
/// where there are such: the node then runs with either, whichever is undone or restarted first.
fn bridges(
    catalog: &Catalog,
    mut request: Request,
    mut set: Vec<ReleaseId>,
    change: &SetChange,
) -> (Request, Vec<ReleaseId>) {
    for at in 0..request.requirements.len() {
        let package = request.requirements[at].package;
        let asked = change.requirements.iter().any(|target| target.package == package);
        let is_plugin = catalog.package(package).kind == PackageKind::Plugin;
        let running = request.installed.get(&package).copied();
        let pick = set.iter().find(|release| release.0 == package);
        let moves = pick.is_some_and(|release| Some(release.1) != running);
        if !is_plugin || !moves || asked || running.is_none() {
            continue;
        }
        let mut narrowed = request.clone();
        let from = change.from;
        let both = |rank: Rank| catalog.accepted((package, rank), from.0).contains(from.1);
        keep_only(catalog, &mut narrowed.requirements[at], both);
        if let Some(found) = found(catalog, &narrowed, at) {
            (request, set) = (narrowed, found);
        }
    }
    (request, set)
}

/// Takes from a requirement the releases that fail a test.
fn keep_only(catalog: &Catalog, requirement: &mut Requirement, test: impl Fn(Rank) -> bool) {
    let left: Vec<_> = requirement.releases.iter().filter(|&rank| test(rank)).collect();
    requirement.restricted = true;
    requirement.releases = ReleaseSet::empty(catalog.package(requirement.package).len());
    for rank in left {
        requirement.releases.insert(rank);
    }
}

/// Returns the best set for a request whose requirement at a place was narrowed, if that left anything.
fn found(catalog: &Catalog, narrowed: &Request, at: usize) -> Option<Vec<ReleaseId>> {
    if narrowed.requirements[at].releases.is_empty() {
        return None;
    }
    match find(catalog, narrowed) {
        SetOutcome::Set(set) => Some(set),
        SetOutcome::Open(_) | SetOutcome::Impossible | SetOutcome::Unknown => None,
    }
}

/// Takes runtimes that must move no farther than to the next line that fits.
fn nearest_runtimes(catalog: &Catalog, request: &Request, set: Vec<ReleaseId>) -> Vec<ReleaseId> {
    let (mut request, mut set) = (request.clone(), set);
    for at in 0..request.requirements.len() {
        let package = request.requirements[at].package;
        let Some(&running) = request.installed.get(&package) else {
            continue;
        };
        let moves = set.iter().any(|release| release.0 == package && release.1 > running);
        if is_part(catalog, package) || !moves {
            continue;
        }
        if let Some(nearest) = nearest_line(catalog, &request, at, running) {
            (request, set) = nearest;
        }
    }
    set
}

/// Returns the set with the next line of a runtime after the running release that has one.
fn nearest_line(
    catalog: &Catalog,
    request: &Request,
    at: usize,
    running: Rank,
) -> Option<(Request, Vec<ReleaseId>)> {
    let package = request.requirements[at].package;
    let stated = catalog.package(package);
    stated.lines(Step::Minor).into_iter().find_map(|line| {
        let ranks: Vec<_> = stated.line_ranks(line, Step::Minor).collect();
        let mut narrowed = request.clone();
        narrowed.requirements[at] = Requirement::any(catalog, package);
        let ahead = |rank: Rank| rank > running && ranks.contains(&rank);
        keep_only(catalog, &mut narrowed.requirements[at], ahead);
        let found = found(catalog, &narrowed, at)?;
        Some((narrowed, found))
    })
}

/// Returns the requirement for a package of the node: what was asked for, or any release, the running one included.
/// A core stays as it is: it has steps of its own.
fn requirement(
    catalog: &Catalog,
    package: PackageIx,
    rank: Rank,
    asked: &[Requirement],
) -> Requirement {
    let is_core = catalog.package(package).kind == PackageKind::Core;
    match asked.iter().find(|requirement| requirement.package == package) {
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

/// Returns whether a package is part of the product rather than beneath it.
fn is_part(catalog: &Catalog, package: PackageIx) -> bool {
    match catalog.package(package).kind {
        PackageKind::Core | PackageKind::Plugin => true,
        PackageKind::Runtime | PackageKind::Platform | PackageKind::Bundle => false,
    }
}
