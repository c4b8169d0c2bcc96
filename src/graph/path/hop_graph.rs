//! The releases that a path may touch and the steps between them: the search itself.

use std::collections::BTreeSet;

use fixedbitset::FixedBitSet;

use super::obstacles::{Forbidden, Obstacle, forbidden_by, obstacles};
use super::query::{PathDirection, PathQuery, Route};
use crate::catalog::{Rank, Release, ReleaseId, RoleIx, Stop};

/// The releases that a path may touch, in the order of travel, and what forbids steps between them.
pub(super) struct HopGraph<'c> {
    places: Vec<ReleaseId>,
    pub(super) obstacles: Vec<Obstacle<'c>>,
    forbidden: Vec<Forbidden>,
    /// The rank of each place as a stop: those of required stops first, then by age.
    wanted: Vec<(bool, Rank)>,
}

impl<'c> HopGraph<'c> {
    /// Lays out the graph for a question that is about no role.
    pub(super) fn new(
        query: &PathQuery<'c>,
        route: &Route<'c>,
        accepted_risks: &BTreeSet<String>,
        usable: impl Fn(&Release) -> bool,
    ) -> Self {
        Self::of_roles(query, route, accepted_risks, usable, &[])
    }

    /// Lays out the graph for nodes in some roles; limits that bind only other roles do not count.
    pub(super) fn of_roles(
        query: &PathQuery<'c>,
        route: &Route<'c>,
        accepted_risks: &BTreeSet<String>,
        usable: impl Fn(&Release) -> bool,
        roles: &[RoleIx],
    ) -> Self {
        let places = places(query, route, usable);
        let rules = route.rules.ok_or_else(|| query.catalog.rules_of_core(route.package));
        let obstacles = obstacles(rules, route.direction, query.features, accepted_risks, roles);
        let forbidden = obstacles
            .iter()
            .map(|obstacle| forbidden_by(query.catalog, route, *obstacle, &places))
            .collect();
        let stops = route.rules.map(|rules| rules.stops.as_slice()).unwrap_or_default();
        let on_the_way = |stop: &&Stop| stop.scope.covers(query.from, query.to);
        let required =
            |release| stops.iter().filter(on_the_way).any(|stop| query.is_via(stop, release));
        let wanted = places.iter().map(|&release| (required(release), release.1)).collect();
        Self { places, obstacles, forbidden, wanted }
    }

    /// Returns the set of all obstacles, by position.
    pub(super) fn all(&self) -> FixedBitSet {
        let mut all = FixedBitSet::with_capacity(self.forbidden.len());
        all.insert_range(..);
        all
    }

    /// Returns the obstacles that facts state, without those that only say that nobody knows.
    pub(super) fn known(&self) -> FixedBitSet {
        let known = |place: &usize| !self.obstacles[*place].is_open();
        let mut set = FixedBitSet::with_capacity(self.forbidden.len());
        set.extend((0..self.forbidden.len()).filter(known));
        set
    }

    /// Returns the obstacles that stand in the way of a step between two places.
    pub(super) fn against(&self, from: usize, to: usize) -> impl Iterator<Item = Obstacle<'c>> {
        let forbids = move |place: &usize| self.forbidden[*place].forbids(from, to);
        (0..self.forbidden.len()).filter(forbids).map(|place| self.obstacles[place])
    }

    pub(super) fn releases(&self, places: &[usize]) -> Vec<ReleaseId> {
        places.iter().map(|&place| self.places[place]).collect()
    }

    /// Returns the places of the best path where only the obstacles in `active` count.
    pub(super) fn search(&self, active: &FixedBitSet) -> Option<Vec<usize>> {
        self.walk(&self.distances(active, self.places.len() - 1), active)
    }

    /// Returns the path to the place nearest to the target that can be reached at all.
    pub(super) fn nearest(&self, active: &FixedBitSet) -> Option<Vec<usize>> {
        let mut reached = vec![0];
        for place in 1..self.places.len() - 1 {
            if reached.iter().any(|&before| self.allows(active, before, place)) {
                reached.push(place);
            }
        }
        let target = reached.pop().filter(|&target| target > 0)?;
        self.walk(&self.distances(active, target), active)
    }

    /// Returns for each place up to `target` how many hops it is away, `None` if it is cut off or
    /// farther away than the start.
    fn distances(&self, active: &FixedBitSet, target: usize) -> Vec<Option<usize>> {
        let mut distances = vec![None; target + 1];
        distances[target] = Some(0);
        let mut layer = vec![target];
        let mut open: Vec<_> = (0..target).collect();
        for distance in 1.. {
            let (near, rest): (Vec<_>, Vec<_>) = open
                .into_iter()
                .partition(|&place| layer.iter().any(|&next| self.allows(active, place, next)));
            for &place in &near {
                distances[place] = Some(distance);
            }
            if near.is_empty() || near.first() == Some(&0) {
                break;
            }
            (layer, open) = (near, rest);
        }
        distances
    }

    /// Follows the distances from the start, taking the most wanted place at each step.
    fn walk(&self, distances: &[Option<usize>], active: &FixedBitSet) -> Option<Vec<usize>> {
        let mut path = vec![0];
        for left in (0..distances[0]?).rev() {
            let here = path[path.len() - 1];
            let nearer =
                |&place: &usize| distances[place] == Some(left) && self.allows(active, here, place);
            path.push(
                (here + 1..distances.len())
                    .filter(nearer)
                    .max_by_key(|&place| self.wanted[place])?,
            );
        }
        Some(path)
    }

    /// Returns whether one hop may lead from one place to another.
    pub(super) fn allows(&self, active: &FixedBitSet, from: usize, to: usize) -> bool {
        from < to && !active.ones().any(|obstacle| self.forbidden[obstacle].forbids(from, to))
    }
}

/// Returns the start, the usable releases between in the order of travel, and the target.
fn places(
    query: &PathQuery<'_>,
    route: &Route<'_>,
    usable: impl Fn(&Release) -> bool,
) -> Vec<ReleaseId> {
    let package = query.catalog.package(route.package);
    // An end in another package lies below all releases of this one.
    let rank_in = |(owner, rank): ReleaseId| (owner == route.package).then_some(rank);
    let (start, target) = (rank_in(query.from), rank_in(query.to));
    let (low, high) = match route.direction {
        PathDirection::Up => (start, target),
        PathDirection::Down => (target, start),
    };
    let within = |rank: &Rank| Some(*rank) > low && Some(*rank) < high;
    let between = package.ranks().filter(within).filter(|&rank| usable(package.release(rank)));
    let mut middle: Vec<_> = between.map(|rank| (route.package, rank)).collect();
    if route.direction == PathDirection::Down {
        middle.reverse();
    }
    [vec![query.from], middle, vec![query.to]].concat()
}
