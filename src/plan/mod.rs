//! From a running deployment to a target: ordered steps, every state between them valid.
//!
//! **What a plan is made of.** *Hops* are the releases that nodes change to. Each hop gives a node its
//! package set: the hop's release and, of its plugins, the installed release where that fits and else
//! the newest that does, so that a plugin moves only when it must; a runtime such as Java moves to the
//! next line that fits. A hop is *rolling* or *stop-all*, as the matrix says; work on data that is done
//! while nothing runs makes it stop-all. Hops with work on data and those that end at a required stop
//! are taken by all nodes before anything goes on.
//!
//! **Rolling.** As long as nothing has to be done once around a hop (work on data, a required stop),
//! nodes change one after the other over whatever releases lie between, each at its own pace: a worker
//! may wait while its controller takes three hops. The best order is searched for (`rolling`): first the
//! fewest hops of any node, then the latest point of no return (the fewest restarts and switches from it
//! on), the fewest switches, the fewest restarts; the steps are then packed into waves. Roles change in
//! the order that the matrix lists: a node does not move to a release while one of an earlier role has
//! still to reach it, in its group if the two roles exchange places in a switch, and else anywhere. A
//! role that is handed over in a switch is never restarted; it goes to a node that is ahead on the way.
//!
//! **Order in a stop-all hop.** Every node of the product is stopped, also those that are at the target
//! already, in the order of roles; they start in the opposite order, and what is asked after an
//! upgrade is asked when the last one runs.
//!
//! **What makes a state valid.** After every step, each continuous relation between nodes that run is
//! judged with the same rules as a running deployment, for the releases and roles they have then, and
//! each changed node's requirements must hold. A changed node must be able to start on what it has,
//! or be filled again by a node that it follows. A state may not break anything that the starting
//! state does not break already. What is known to hold is recorded on the step as `allowed_by`, so
//! that the judge can check it again.
//!
//! **The way back.** A step can be undone while the state before it is valid and the node can read
//! what it wrote with the new release, or can be filled again from a node that it can follow. Where a
//! matrix says that there is no way back over a hop, it ends with the first switch over it, because
//! until then the holder of the role has the old data; in a product without switches with the first
//! node, and in a stop-all with the first start. The first step that cannot be undone is the plan's
//! point of no return.

mod alternatives;
mod asks;
mod failures;
mod planner;
mod rolling;
mod sets;
mod state;
mod stop_all;
mod supported;
mod targets;
mod undo;

pub use supported::{supported_plan, unsupported};

use std::collections::BTreeSet;

use crate::answer::path::Hop;
use crate::answer::plan::{NoPlan, Plan};
use crate::catalog::{Catalog, PackageIx, ReleaseId, RoleIx};
use crate::deployment::{Deployment, Node};
use crate::finding::Finding;
use crate::graph::upgrade_path_of;
use crate::limits::Limits;
use crate::resolve::Requirement;

/// What to plan for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// What must run in the end; the newest release that fits is taken.
    pub targets: Vec<Requirement>,
    /// Names of risks that are accepted.
    pub accepted_risks: BTreeSet<String>,
    /// Whether everything may be stopped although the product could roll.
    pub allow_downtime: bool,
    /// What may happen at the same time.
    pub limits: Limits,
}

/// Plans the way from a deployment to a goal.
///
/// # Errors
///
/// Returns why there is none.
pub fn plan(catalog: &Catalog, deployment: &Deployment, goal: &Goal) -> Result<Plan, NoPlan> {
    attempt(catalog, deployment, goal).map_err(|none| NoPlan {
        alternatives: alternatives::all(catalog, deployment, goal),
        ..none
    })
}

fn attempt(catalog: &Catalog, deployment: &Deployment, goal: &Goal) -> Result<Plan, NoPlan> {
    let targets = targets::all(catalog, deployment, goal)?;
    targets::refuse_withdrawn(catalog, &targets)?;
    targets::refuse_broken_inventory(catalog, deployment, &targets)?;
    let mut planner = planner::Planner::new(catalog, deployment, goal, &targets);
    planner.plan.findings = targets::passed_over(catalog, goal, &targets);
    planner.ask_first(&targets);
    for target in targets {
        planner.toward(target)?;
    }
    Ok(planner.finish())
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

/// Returns the package whose policy a change of a package falls under: its own, or that of its core.
fn product(catalog: &Catalog, package: PackageIx) -> PackageIx {
    match catalog.upgrades(package) {
        Some(_) => package,
        None => catalog.package(package).core.unwrap_or(package),
    }
}

fn no_plan(reason: Finding) -> NoPlan {
    NoPlan { reasons: vec![reason], alternatives: Vec::new() }
}

/// Returns the hops between two releases. If everything is to be stopped all nodes go together, within the
/// limits of all their roles.
fn hops(
    catalog: &Catalog,
    deployment: &Deployment,
    goal: &Goal,
    from: ReleaseId,
    to: ReleaseId,
) -> Result<Vec<Hop>, NoPlan> {
    let runs = |node: &&Node| {
        sources(catalog, to.0).iter().any(|package| node.packages.contains_key(package))
    };
    let together = deployment.nodes.iter().filter(|_| goal.allow_downtime).filter(runs);
    let roles: BTreeSet<RoleIx> = together.filter_map(|node| node.role).collect();
    let roles: Vec<_> = roles.into_iter().collect();
    let (features, risks) = (deployment.features, &goal.accepted_risks);
    match upgrade_path_of(catalog, from, to, &roles, features, risks) {
        Ok(path) => Ok(path.hops),
        Err(none) => Err(NoPlan { reasons: none.reasons, alternatives: Vec::new() }),
    }
}
