//! What is to run in the end, and what an inventory must say before it can be planned.

use std::collections::{BTreeMap, BTreeSet};

use super::{Goal, no_plan, sets, sources};
use crate::answer::plan::NoPlan;
use crate::catalog::{Catalog, NeedKind, PackageIx, PackageKind, Rank, ReleaseId};
use crate::deployment::{Deployment, Node};
use crate::finding::{Check, Code, Finding, Severity};
use crate::resolve::Requirement;
use crate::skew::{Moment, check};

/// An inventory whose nodes could not be matched cannot be planned, nor can groups whose roles are
/// not those that the matrix asks for.
pub(super) fn refuse_broken_inventory(
    catalog: &Catalog,
    deployment: &Deployment,
    targets: &[ReleaseId],
) -> Result<(), NoPlan> {
    let concerned = |node: &&Node| targets.iter().any(|&target| runs(catalog, node, target.0));
    let nodes: Vec<_> = deployment.nodes.iter().filter(concerned).collect();
    let names: BTreeSet<_> = nodes.iter().map(|node| node.name.as_str()).collect();
    let groups: BTreeSet<_> =
        nodes.iter().map(|node| deployment.groups[node.group].as_str()).collect();
    let mut reasons: Vec<Finding> = untold(catalog, &nodes, targets);
    for finding in check(catalog, deployment, Moment::Rolling) {
        let unmatched =
            finding.severity == Severity::Error && deployment.findings.contains(&finding);
        let subject = finding.subject.as_str();
        let unfit = match &finding.code {
            Code::Check(Check::GroupPrimary) => groups.contains(subject),
            Code::Check(Check::RoleMissing) => names.contains(subject),
            Code::Check(_) | Code::Rule(_) => false,
        };
        if unmatched || unfit {
            let severity = Severity::Error;
            reasons.push(Finding { severity, ..finding });
        }
    }
    if reasons.is_empty() { Ok(()) } else { Err(NoPlan { reasons, alternatives: Vec::new() }) }
}

/// Refuses to move a node of which nobody can tell all versions: what does not fit with the change is
/// not known, nor from where the way leads.
fn untold(catalog: &Catalog, nodes: &[&Node], targets: &[ReleaseId]) -> Vec<Finding> {
    let mut found: BTreeMap<&BTreeSet<PackageIx>, Vec<&Node>> = BTreeMap::new();
    for node in nodes.iter().filter(|node| !node.untold.is_empty()) {
        found.entry(&node.untold).or_default().push(node);
    }
    let finding = |(packages, nodes): (&BTreeSet<PackageIx>, Vec<&Node>)| {
        let names = packages.iter().map(|&package| catalog.package(package).name.as_str());
        let goals = targets.iter().filter(|target| runs(catalog, nodes[0], target.0));
        let goals: Vec<_> = goals.map(|&target| catalog.label(target)).collect();
        let message = format!(
            "which version of {} runs is not known, so no way to {} can be planned",
            names.collect::<Vec<_>>().join(" and "),
            goals.join(" and ")
        );
        let subject = match nodes.len() {
            1 => nodes[0].name.clone(),
            count => format!("{} and {} more", nodes[0].name, count - 1),
        };
        Finding::new(Check::VersionUnknown, Severity::Error, subject, message)
            .hinting("ask the running system and write it into the deployment file")
    };
    found.into_iter().map(finding).collect()
}

/// Whether a node runs a package or something that it can take the place of, in whatever version.
fn runs(catalog: &Catalog, node: &Node, package: PackageIx) -> bool {
    sources(catalog, package)
        .iter()
        .any(|source| node.packages.contains_key(source) || node.untold.contains(source))
}

/// Returns the exact release to reach for each requirement, cores first: plugins that were asked for then
/// find the core they need.
pub(super) fn all(
    catalog: &Catalog,
    deployment: &Deployment,
    goal: &Goal,
) -> Result<Vec<ReleaseId>, NoPlan> {
    let mut requirements: Vec<&Requirement> = goal.targets.iter().collect();
    requirements.sort_by_key(|requirement| catalog.package(requirement.package).kind);
    let mut targets: Vec<ReleaseId> = Vec::new();
    for requirement in requirements {
        let name = &catalog.package(requirement.package).name;
        let Some(newest) = requirement.releases.newest() else {
            return Err(refusal(
                requirement,
                format!("no known release satisfies {}", requirement.text),
            ));
        };
        if !deployment.nodes.iter().any(|node| runs(catalog, node, requirement.package)) {
            return Err(refusal(requirement, format!("no node runs {name}")));
        }
        if targets.iter().any(|target| target.0 == requirement.package) {
            return Err(refusal(requirement, format!("{name} is asked for twice")));
        }
        let fits = |&rank: &Rank| match catalog.package(requirement.package).kind {
            PackageKind::Core => carries(catalog, deployment, goal, (requirement.package, rank)),
            PackageKind::Plugin
            | PackageKind::Runtime
            | PackageKind::Platform
            | PackageKind::Bundle => {
                fits(catalog, deployment, &targets, (requirement.package, rank))
            }
        };
        let fitting = match requirement.releases.count() {
            1 => None,
            _ => requirement.releases.iter().rev().take(TRIED).find(fits),
        };
        targets.push((requirement.package, fitting.unwrap_or(newest)));
    }
    Ok(targets)
}

/// A release that was taken back is nothing to arrive at, even if it is asked for by name.
pub(super) fn refuse_withdrawn(catalog: &Catalog, targets: &[ReleaseId]) -> Result<(), NoPlan> {
    let finding = |&target: &ReleaseId| {
        let stated = catalog.package(target.0).release(target.1);
        let label = catalog.label(target);
        let message = format!("{label} was withdrawn: {}", stated.withdrawn.as_ref()?);
        let finding = Finding::new(Check::ReleaseWithdrawn, Severity::Error, label, message);
        let cite = stated.fact.map(|fact| catalog.cite_for(fact, Some(target)));
        Some(Finding { cites: cite.into_iter().collect(), ..finding })
    };
    let reasons: Vec<Finding> = targets.iter().filter_map(finding).collect();
    if reasons.is_empty() { Ok(()) } else { Err(NoPlan { reasons, alternatives: Vec::new() }) }
}

/// How many releases are tried for a requirement that leaves the choice, newest first.
const TRIED: usize = 20;

/// Whether the other packages of each node have releases that go with one of their core.
fn carries(catalog: &Catalog, deployment: &Deployment, goal: &Goal, core: ReleaseId) -> bool {
    let mut seen = BTreeSet::new();
    deployment
        .nodes
        .iter()
        .filter(|node| runs(catalog, node, core.0) && seen.insert(&node.packages))
        .all(|node| {
            let sources = sources(catalog, core.0);
            let mut running = sources.iter().filter_map(|&source| node.running(source));
            let others = goal.targets.iter().filter(|requirement| requirement.package != core.0);
            let others: Vec<_> = others.cloned().collect();
            running.next().is_none_or(|from| {
                sets::after(catalog, &node.packages, from, core, &others).is_ok()
            })
        })
}

/// Says that a newer release than the chosen one satisfies a requirement but cannot be had.
pub(super) fn passed_over(catalog: &Catalog, goal: &Goal, targets: &[ReleaseId]) -> Vec<Finding> {
    let passed = goal.targets.iter().filter_map(|requirement| {
        let newest = requirement.releases.newest()?;
        let chosen =
            targets.iter().find(|target| target.0 == requirement.package && target.1 != newest)?;
        let newest = catalog.label((requirement.package, newest));
        let chosen = catalog.label(*chosen);
        let message = format!("{chosen} is taken: other packages have no release for {newest} yet");
        Some(Finding::new(Check::NoSet, Severity::Info, newest, message))
    });
    passed.collect()
}

/// Whether a plugin accepts the cores that its nodes run in the end.
fn fits(
    catalog: &Catalog,
    deployment: &Deployment,
    targets: &[ReleaseId],
    plugin: ReleaseId,
) -> bool {
    let in_the_end = |node: &Node, package: PackageIx| -> Option<Rank> {
        let target = targets.iter().find(|target| target.0 == package);
        match target.filter(|_| runs(catalog, node, package)) {
            Some(&(_, rank)) => Some(rank),
            None => node.packages.get(&package).copied(),
        }
    };
    let needs = catalog.package(plugin.0).needs(plugin.1);
    let accepts = |node: &Node| {
        needs.iter().all(|need| {
            let constraint = catalog.constraint(need.constraint);
            let is_core = catalog.package(constraint.target).kind == PackageKind::Core;
            let rank = in_the_end(node, constraint.target).filter(|_| is_core);
            rank.is_none_or(|rank| match need.kind {
                NeedKind::Requires | NeedKind::Optional => {
                    constraint.allowed.contains(rank) || constraint.unknown.contains(rank)
                }
                NeedKind::Conflicts => !constraint.allowed.contains(rank),
            })
        })
    };
    deployment.nodes.iter().filter(|node| node.packages.contains_key(&plugin.0)).all(accepts)
}

fn refusal(requirement: &Requirement, message: String) -> NoPlan {
    let subject = requirement.text.clone();
    no_plan(Finding::new(Check::NoPlan, Severity::Error, subject, message))
}
