//! The judge: re-checks plans and locks with code of its own and says what is wrong with them.
//!
//! A plan is replayed over a deployment.
//! It shares nothing with the planner nor with the checks that the planner calls; it reads the catalog
//! and judges by the rules as they are stated, in the plainest way.
//! It looks after every step: that the step speaks of what is there, that the hop is allowed and
//! made in the way the matrix asks for, that no relation is broken that was not broken at the start,
//! that the node can start on what it has, that its packages accept each other and nothing they need
//! is missing, that nobody restarts a node in a role that must be handed over first, that roles change in
//! their order and nodes gather where they must (see [`mod@order`]), that what the matrix
//! wants to be asked is asked (see [`mod@gates`]), that the way back is as it is said (see [`mod@promises`]), and
//! that each rule in `allowed_by` exists and really holds.
//! Steps of one wave are done at the same time: it looks that no more is down than the plan's limits
//! allow, and at every state that another order of these steps would pass (see [`mod@waves`]). A plan
//! that states no waves is judged step by step. At the end: that
//! work on data was done in time, nothing is stopped, and the targets run everywhere.
//!
//! Of a lock it looks at every statement by itself (see [`mod@lock`]). Whether the set is still the best
//! one is not its question: that takes a search, and the searches are what it does not trust.

mod census;
mod claims;
mod edges;
mod gates;
mod hops;
mod lock;
mod notes;
mod order;
mod pair;
mod pauses;
mod promises;
mod replay;
mod state;
mod waves;

use crate::catalog::Catalog;
use crate::deployment::Deployment;
use crate::finding::Finding;
use crate::record::{LockRecord, MatrixRecord, PlanRecord};

/// Returns everything that is wrong with a plan for a deployment; nothing if it is right.
pub fn verify(catalog: &Catalog, deployment: &Deployment, plan: &PlanRecord) -> Vec<Finding> {
    let mut replay = replay::Replay::new(catalog, deployment, plan);
    replay.preflight();
    for steps in waves::waves(plan) {
        replay.wave(steps);
    }
    replay.finish()
}

/// Returns everything that is wrong with a lock; nothing if it is right. `loaded` are the matrices that
/// the catalog was made from.
///
/// The findings are warnings where the lock can still be used: the matrices changed since, or a release
/// that was asked for by name was withdrawn.
pub fn verify_lock(catalog: &Catalog, lock: &LockRecord, loaded: &[MatrixRecord]) -> Vec<Finding> {
    lock::judge(catalog, lock, loaded)
}
