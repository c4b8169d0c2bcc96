//! From a running deployment to a target: ordered steps, every state between them valid.
//!
//! **What a plan is made of.** A product's upgrade path gives the *hops* (versions to stop at). For
//! each hop every node gets its package set: the hop's release and, of its plugins, the installed
//! release where that fits and else the newest that does, so that a plugin moves only when it must.
//! A hop is *rolling* or *stop-all*, as the matrix says.
//!
//! **Order in a rolling hop.** The matrix lists roles, first to change first. Roles that exchange
//! places in a switch (replica and primary) form one block that is worked group by group, because
//! that keeps each group's mixed time short and one group's trouble out of the others: upgrade the
//! replicas, switch to one of them, upgrade the old primary. The other roles form blocks that are
//! worked through the whole deployment, in order.
//!
//! **What makes a state valid.** After every step, each continuous relation between nodes that run is
//! judged with the same rules as a running deployment, for the releases and roles they have then, and
//! each changed node's requirements must hold. A state may not break anything that the starting state
//! does not break already. What holds is recorded on the step as `allowed_by`, so that the judge can
//! check it again.
//!
//! **The way back.** A step can be undone while the state before it is valid and the node can read
//! what it wrote with the new release, or can be filled again from a node that it can follow. Past
//! the first switch (or the first start after a stop-all) of an irreversible hop a group has no way
//! back; the first such step is the plan's point of no return.

mod asks;
mod planner;
mod rolling;
mod sets;
mod state;
mod stop_all;
mod undo;

use std::collections::BTreeSet;

use crate::answer::path::{Change, Hop, NoPath};
use crate::answer::plan::{NoPlan, Plan};
use crate::catalog::{Catalog, PackageIx, ReleaseId};
use crate::deployment::Deployment;
use crate::finding::{Check, Finding, Severity};
use crate::graph::upgrade_path;
use crate::resolve::Wish;

/// What to plan for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// What must run in the end; the newest release that fits is taken.
    pub targets: Vec<Wish>,
    /// Names of risks that are accepted.
    pub accepted_risks: BTreeSet<String>,
    /// Whether everything may be stopped although the product could roll.
    pub allow_downtime: bool,
}

/// Plans the way from a deployment to a goal.
///
/// # Errors
///
/// Returns why there is none.
pub fn plan(catalog: &Catalog, deployment: &Deployment, goal: &Goal) -> Result<Plan, NoPlan> {
    attempt(catalog, deployment, goal).map_err(|mut none| {
        none.alternatives = alternatives(catalog, deployment, goal);
        none
    })
}

fn attempt(catalog: &Catalog, deployment: &Deployment, goal: &Goal) -> Result<Plan, NoPlan> {
    refuse_broken_inventory(deployment)?;
    let mut planner = planner::Planner::new(catalog, deployment, goal);
    for target in final_targets(catalog, deployment, goal)? {
        planner.toward(target)?;
    }
    Ok(planner.finish())
}

/// An inventory whose nodes could not be matched cannot be planned.
fn refuse_broken_inventory(deployment: &Deployment) -> Result<(), NoPlan> {
    let reasons: Vec<_> = deployment
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .cloned()
        .collect();
    if reasons.is_empty() { Ok(()) } else { Err(NoPlan { reasons, alternatives: Vec::new() }) }
}

/// Returns the exact release to reach for each wish.
fn final_targets(
    catalog: &Catalog,
    deployment: &Deployment,
    goal: &Goal,
) -> Result<Vec<ReleaseId>, NoPlan> {
    let mut targets = Vec::new();
    for wish in &goal.targets {
        let Some(rank) = wish.releases.newest() else {
            let message = format!("no known release satisfies {}", wish.text);
            return Err(no_plan(Finding::new(
                Check::NoPlan,
                Severity::Error,
                wish.text.clone(),
                message,
            )));
        };
        let sources = sources(catalog, wish.package);
        let runs = |package: &PackageIx| {
            deployment.nodes.iter().any(|node| node.packages.contains_key(package))
        };
        if !sources.iter().any(runs) {
            let name = &catalog.package(wish.package).name;
            let message = format!("no node runs {name}");
            return Err(no_plan(Finding::new(
                Check::NoPlan,
                Severity::Error,
                wish.text.clone(),
                message,
            )));
        }
        targets.push((wish.package, rank));
    }
    // Cores first: plugins that were asked for then find the core they need.
    targets.sort_by_key(|&(package, _)| catalog.package(package).kind);
    Ok(targets)
}

/// Returns the packages that a target can take the place of, itself first.
fn sources(catalog: &Catalog, package: PackageIx) -> Vec<PackageIx> {
    let mut sources = vec![package];
    sources.extend(
        catalog
            .upgrades(package)
            .iter()
            .flat_map(|upgrades| upgrades.from_packages.iter().copied()),
    );
    sources
}

fn no_plan(reason: Finding) -> NoPlan {
    NoPlan { reasons: vec![reason], alternatives: Vec::new() }
}

/// Returns the hops between two releases.
fn hops(
    catalog: &Catalog,
    deployment: &Deployment,
    goal: &Goal,
    from: ReleaseId,
    to: ReleaseId,
) -> Result<Vec<Hop>, NoPlan> {
    match upgrade_path(catalog, from, to, deployment.features, &goal.accepted_risks) {
        Ok(path) => Ok(path.hops),
        Err(none) => {
            Err(NoPlan { alternatives: path_alternatives(catalog, &none), reasons: none.reasons })
        }
    }
}

fn path_alternatives(catalog: &Catalog, none: &NoPath) -> Vec<String> {
    none.alternatives
        .iter()
        .map(|alternative| match &alternative.change {
            Change::AcceptRisks(names) => {
                format!("accept the risk {} (--accept-risk)", names.join(", "))
            }
            Change::GoOver(releases) => {
                let names: Vec<_> =
                    releases.iter().map(|&release| catalog.label(release)).collect();
                format!("go over {}", names.join(", "))
            }
            Change::SettleFor(release) => {
                format!("go to {}, the nearest that can be reached", catalog.label(*release))
            }
        })
        .collect()
}

/// Returns goals that differ in one place and can be planned, least change first.
fn alternatives(catalog: &Catalog, deployment: &Deployment, goal: &Goal) -> Vec<String> {
    let mut said = Vec::new();
    for target in &goal.targets {
        let path = final_targets(catalog, deployment, goal).ok().and_then(|targets| {
            let to = *targets.iter().find(|(package, _)| *package == target.package)?;
            let from = deployment.nodes.iter().find_map(|node| {
                sources(catalog, target.package).iter().find_map(|&package| node.running(package))
            })?;
            hops(catalog, deployment, goal, from, to).err()
        });
        said.extend(path.into_iter().flat_map(|none| none.alternatives));
        said.extend(other_release(catalog, deployment, goal, target));
    }
    if !goal.allow_downtime {
        let with = Goal { allow_downtime: true, ..goal.clone() };
        if attempt(catalog, deployment, &with).is_ok() {
            said.push("stop every node first (--allow-downtime)".to_owned());
        }
    }
    said
}

/// Looks for the nearest later release line that can be reached instead.
fn other_release(
    catalog: &Catalog,
    deployment: &Deployment,
    goal: &Goal,
    target: &Wish,
) -> Option<String> {
    use crate::version::Step;
    let package = catalog.package(target.package);
    let asked = target.releases.newest()?;
    let later = package
        .lines(Step::Minor)
        .into_iter()
        .filter(|&line| line > package.version(asked).line(Step::Minor));
    for line in later {
        let choosable = |rank: &crate::catalog::Rank| package.release(*rank).is_choosable();
        let Some(rank) = package.line_ranks(line, Step::Minor).rev().find(choosable) else {
            continue;
        };
        let mut other = goal.clone();
        for wish in other.targets.iter_mut().filter(|wish| wish.package == target.package) {
            *wish = Wish::exactly(catalog, target.package, rank);
        }
        if attempt(catalog, deployment, &other).is_ok() {
            return Some(format!("go to {}", catalog.label((target.package, rank))));
        }
    }
    None
}
