//! The judge: replays a plan over a deployment with code of its own and says what is wrong with it.
//!
//! It shares nothing with the planner nor with the checks that the planner calls; it reads the catalog
//! and judges by the rules as they are stated, in the plainest way, without memory of earlier pairs.
//! What it looks at after every step: that the step speaks of what is there, that the hop is allowed and
//! made in the way the matrix asks for, that no relation is broken that was not broken at the start,
//! that the node can start on what it has, that its packages accept each other and nothing they need
//! is missing, that nobody restarts a node in a role that must be handed over first, that the gates of
//! the matrix are there, and that each rule in `allowed_by` exists and really holds. At the end: that
//! work on data was done in time, nothing is stopped, and the targets run everywhere.

mod claims;
mod hops;
mod pair;
mod replay;
mod state;

use crate::catalog::Catalog;
use crate::deployment::Deployment;
use crate::finding::Finding;
use crate::record::PlanRecord;

/// Returns everything that is wrong with a plan for a deployment; nothing if it is right.
pub fn verify(catalog: &Catalog, deployment: &Deployment, plan: &PlanRecord) -> Vec<Finding> {
    let mut replay = replay::Replay::new(catalog, deployment, plan);
    for (number, step) in plan.steps.iter().enumerate() {
        replay.step(number, step);
    }
    replay.finish()
}
