//! The search for an upgrade path: fewest hops over allowed edges.
//!
//! The releases that a path may touch are put in the order of travel, so every hop leads to a later
//! place in that list and no path can go through a downgrade on its way up. Each fact that forbids
//! edges becomes an [`obstacles::Obstacle`]: two bitsets over these places, or a count of lines. A search runs
//! backwards from the target in layers; the path is then read off forwards, taking at each place the
//! newest release that is one hop nearer, those of a required stop first. That makes the answer the
//! latest one in lexicographic order.
//!
//! Why there is no path is found by leaving obstacles out ([`explain`]).

mod explain;
mod hop_graph;
mod obstacles;
mod query;
mod remarks;
mod wording;

use std::collections::BTreeSet;

pub use self::explain::no_rules;
use self::hop_graph::HopGraph;
use self::query::PathQuery;
use crate::answer::path::{NoPath, PathAnswer};
use crate::catalog::{Catalog, FeatureSet, Release, ReleaseId, RoleIx};

/// Finds the way from one release to another with the fewest hops.
///
/// It goes over stable releases that were not withdrawn. A hop must lead towards the target, must not
/// be blocked or pass by a required stop, must cross no more lines than allowed, and its risks must
/// be accepted by name. A way down is refused where the way up is stated to have no return. Where nobody has
/// said whether a hop may be taken, and no way goes round it, the reasons are what is missing.
///
/// # Errors
///
/// Returns the facts that cut the target off, and what would help.
pub fn upgrade_path(
    catalog: &Catalog,
    from: ReleaseId,
    to: ReleaseId,
    features: FeatureSet,
    accepted_risks: &BTreeSet<String>,
) -> Result<PathAnswer, NoPath> {
    upgrade_path_of(catalog, from, to, &[], features, accepted_risks)
}

/// Finds the way that nodes in some roles take together, as [`upgrade_path`] does: the limits on hops of
/// each of these roles count beside those of all.
///
/// # Errors
///
/// Returns the facts that cut the target off, and what would help.
pub fn upgrade_path_of(
    catalog: &Catalog,
    from: ReleaseId,
    to: ReleaseId,
    roles: &[RoleIx],
    features: FeatureSet,
    accepted_risks: &BTreeSet<String>,
) -> Result<PathAnswer, NoPath> {
    if from == to {
        return Ok(PathAnswer { hops: Vec::new(), findings: Vec::new() });
    }
    let query = PathQuery { catalog, from, to, features };
    let Some(route) = query.route() else {
        return Err(explain::strangers(catalog, from, to));
    };
    let usable = Release::is_choosable;
    let graph = HopGraph::of_roles(&query, &route, accepted_risks, usable, roles);
    match graph.search(&graph.all()) {
        Some(places) => Ok(remarks::answer(&query, &route, &graph.releases(&places))),
        None => Err(explain::open_way(&query, &route, &graph)
            .unwrap_or_else(|| explain::no_path(&query, &route, &graph, accepted_risks))),
    }
}

/// Returns whether a node in a role may go from one release to another in one hop, towards the other.
///
/// The same facts count as for a path, and the limits on hops of that role beside those of all.
pub fn may_step(
    catalog: &Catalog,
    from: ReleaseId,
    to: ReleaseId,
    role: Option<RoleIx>,
    features: FeatureSet,
    accepted_risks: &BTreeSet<String>,
) -> bool {
    let query = PathQuery { catalog, from, to, features };
    let Some(route) = query.route().filter(|_| from != to) else {
        return false;
    };
    let graph = HopGraph::of_roles(&query, &route, accepted_risks, |_| false, role.as_slice());
    graph.allows(&graph.all(), 0, 1)
}

#[cfg(test)]
mod tests;
