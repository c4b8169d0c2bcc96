//! The releases that nodes may stop at on their way, and which steps between them are allowed.
//!
//! There are few: of releases that no fact tells apart the newest stands for all (`traits`).

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::traits::Traits;
use crate::catalog::{Catalog, FeatureSet, PackageIx, Rank, ReleaseId, RoleIx};
use crate::graph::{hop, may_step};
use crate::plan::goal::Task;
use crate::plan::hops::is_plain;
use crate::plan::sets::Packages;

/// The release that nodes go to, and those that they may go over.
pub(super) struct Waypoints<'c> {
    catalog: &'c Catalog,
    features: FeatureSet,
    accepted_risks: &'c BTreeSet<String>,
    pub(super) end: ReleaseId,
    /// True if steps may bring work on data: what is done once around a hop needs that everybody takes
    /// part in it.
    with_work: bool,
    /// Releases to move to, the end first, then the most wanted.
    pub(super) candidates: Vec<ReleaseId>,
    /// Roles that have limits of their own.
    limited: Vec<RoleIx>,
    steps: FxHashMap<(ReleaseId, ReleaseId, Option<RoleIx>), bool>,
    distances: FxHashMap<(ReleaseId, Option<RoleIx>), Option<usize>>,
}

impl<'c> Waypoints<'c> {
    /// Lets every node go to the end at once.
    pub(super) fn new(
        task: &Task<'c>,
        features: FeatureSet,
        end: ReleaseId,
        with_work: bool,
    ) -> Self {
        let (catalog, accepted_risks) = (task.catalog, &task.goal.accepted_risks);
        let limits = catalog.upgrades(end.0).map_or(&[][..], |upgrades| &upgrades.limits);
        Self {
            catalog,
            features,
            accepted_risks,
            end,
            with_work,
            candidates: vec![end],
            limited: limits.iter().flat_map(|limit| limit.roles.iter().copied()).collect(),
            steps: FxHashMap::default(),
            distances: FxHashMap::default(),
        }
    }

    /// Adds the releases between the end and where nodes start, `wanted` before all others. `beside`
    /// are the packages whose releases say which cores they accept.
    pub(super) fn widen(
        &mut self,
        starts: &BTreeSet<ReleaseId>,
        wanted: &[ReleaseId],
        beside: &BTreeSet<PackageIx>,
    ) {
        let package = self.catalog.package(self.end.0);
        let own = starts.iter().filter(|start| start.0 == self.end.0).map(|start| start.1);
        let ends: Vec<_> = own.chain([self.end.1]).collect();
        // What takes the place of something else may come in anywhere below the end.
        let foreign = starts.iter().any(|start| start.0 != self.end.0);
        let on_the_way = |rank: &Rank| {
            (foreign || ends.iter().min() <= Some(rank)) && Some(rank) <= ends.iter().max()
        };
        let between = package.ranks().rev().filter(|&rank| {
            on_the_way(&rank) && rank != self.end.1 && package.release(rank).is_choosable()
        });
        let mut seen = BTreeSet::new();
        let traits = Traits::of(self.catalog, self.end.0, beside);
        let mut others: Vec<_> =
            between.filter(|&rank| seen.insert(traits.fingerprint(rank))).collect();
        others.sort_by_key(|&rank| (self.remaining((self.end.0, rank)), rank));
        let mut candidates = vec![self.end];
        let rest = others.into_iter().map(|rank| (self.end.0, rank));
        for release in wanted.iter().copied().chain(rest) {
            if !candidates.contains(&release) {
                candidates.push(release);
            }
        }
        self.candidates = candidates;
        self.distances.clear();
    }

    /// Returns how far a release is from the end: nothing that is run in its place is nearer than one of its
    /// own package. Equal for two releases only if neither lies on the way of the other.
    pub(super) fn remaining(&self, (package, rank): ReleaseId) -> (bool, usize) {
        if package == self.end.0 { (false, rank.ix().abs_diff(self.end.1.ix())) } else { (true, 0) }
    }

    /// Returns whether a node in a role may go from one release to another, which is nearer to the end.
    pub(super) fn allows(&mut self, from: ReleaseId, to: ReleaseId, role: Option<RoleIx>) -> bool {
        let passes = |rank: Rank| (rank < self.end.1) != (to.1 < self.end.1) && to != self.end;
        if self.remaining(to) >= self.remaining(from) || (from.0 == to.0 && passes(from.1)) {
            return false;
        }
        let role = role.filter(|role| self.limited.contains(role));
        let (catalog, features, risks) = (self.catalog, self.features, self.accepted_risks);
        let with_work = self.with_work;
        *self.steps.entry((from, to, role)).or_insert_with(|| {
            may_step(catalog, from, to, role, features, risks)
                && (with_work || is_plain(&hop(catalog, from, to, features)))
        })
    }

    /// Returns the fewest hops from a release to the end for a node that stays in a role.
    pub(super) fn distance(&mut self, from: ReleaseId, role: Option<RoleIx>) -> Option<usize> {
        if from == self.end {
            return Some(0);
        }
        let role = role.filter(|role| self.limited.contains(role));
        if let Some(&known) = self.distances.get(&(from, role)) {
            return known;
        }
        let candidates = self.candidates.clone();
        let nearer = candidates.into_iter().filter(|&to| self.allows(from, to, role));
        let nearer: Vec<_> = nearer.collect();
        let best = nearer.into_iter().filter_map(|to| self.distance(to, role)).min();
        let distance = best.map(|rest| rest + 1);
        self.distances.insert((from, role), distance);
        distance
    }
}

/// Returns the packages that nodes run, to see which cores they accept.
pub(super) fn beside<'n>(nodes: impl Iterator<Item = &'n Packages>) -> BTreeSet<PackageIx> {
    nodes.flat_map(|packages| packages.keys().copied()).collect()
}
