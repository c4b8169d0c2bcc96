//! What is to run in the end.

use std::collections::BTreeSet;

use super::goal::Goal;
use super::products::{running, runs};
use super::refusal::Refusal;
use super::sets::{SetChange, after};
use crate::catalog::{Catalog, NeedKind, PackageIx, PackageKind, Rank, ReleaseId};
use crate::deployment::{Deployment, Node};
use crate::finding::{Check, Finding, Severity};
use crate::resolve::Requirement;

/// Returns the exact release to reach for each requirement, cores first: plugins that were asked for then
/// find the core they need.
pub(super) fn choose(
    catalog: &Catalog,
    deployment: &Deployment,
    goal: &Goal,
) -> Result<Vec<ReleaseId>, Refusal> {
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

/// Refuses a release that was taken back: it is nothing to arrive at, even if it is asked for by name.
pub(super) fn refuse_withdrawn(catalog: &Catalog, targets: &[ReleaseId]) -> Result<(), Refusal> {
    let finding = |&target: &ReleaseId| {
        let stated = catalog.package(target.0).release(target.1);
        let label = catalog.label(target);
        let message = format!("{label} was withdrawn: {}", stated.withdrawn.as_ref()?);
        let finding = Finding::new(Check::ReleaseWithdrawn, Severity::Error, label, message);
        let cite = stated.fact.map(|fact| catalog.cite_for(fact, Some(target)));
        Some(Finding { cites: cite.into_iter().collect(), ..finding })
    };
    let reasons: Vec<Finding> = targets.iter().filter_map(finding).collect();
    Refusal::unless_empty(reasons)
}

/// The number of releases that are tried for a requirement that leaves the choice, newest first.
const TRIED: usize = 20;

/// Returns whether the other packages of each node have releases that go with one of their core.
fn carries(catalog: &Catalog, deployment: &Deployment, goal: &Goal, core: ReleaseId) -> bool {
    let mut seen = BTreeSet::new();
    deployment
        .nodes
        .iter()
        .filter(|node| runs(catalog, node, core.0) && seen.insert(&node.packages))
        .all(|node| {
            let Some(from) = running(catalog, node, core.0) else { return true };
            let others = goal.targets.iter().filter(|requirement| requirement.package != core.0);
            let requirements = others.cloned().collect();
            let current = node.packages.clone();
            let change = SetChange { current, from, to: core, requirements };
            after(catalog, &change).is_some()
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

/// Returns whether a plugin accepts the cores that its nodes run in the end.
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

fn refusal(requirement: &Requirement, message: String) -> Refusal {
    let subject = requirement.text.clone();
    Finding::new(Check::NoPlan, Severity::Error, subject, message).into()
}
