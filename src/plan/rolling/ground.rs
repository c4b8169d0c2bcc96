//! The releases that nodes may stop at on their way, and which steps between them are allowed.
//!
//! Most releases of a line differ in nothing that a matrix states. Of those that no fact tells apart the
//! newest stands for all, so that the search has a few releases to choose from and not a few hundred.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::answer::path::Hop;
use crate::catalog::{
    Catalog, EdgeNote, EdgeScope, FeatureSet, Offer, PackageIx, Procedure, Rank, ReleaseId, RoleIx,
    Upgrades, holds,
};
use crate::graph::{hop, may_step};
use crate::version::Step;

/// Where the nodes go to, and over what.
pub(super) struct Ground<'c> {
    catalog: &'c Catalog,
    features: FeatureSet,
    accepted_risks: &'c BTreeSet<String>,
    pub(super) goal: ReleaseId,
    /// Whether steps may bring work on data: what is done once around a hop needs that everybody takes
    /// part in it.
    with_work: bool,
    /// Releases to move to, the goal first, then the most wanted.
    pub(super) candidates: Vec<ReleaseId>,
    /// Roles that have limits of their own.
    limited: Vec<RoleIx>,
    steps: FxHashMap<(ReleaseId, ReleaseId, Option<RoleIx>), bool>,
    distances: FxHashMap<(ReleaseId, Option<RoleIx>), Option<usize>>,
}

impl<'c> Ground<'c> {
    /// The ground on which every node goes to the goal at once.
    pub(super) fn new(
        catalog: &'c Catalog,
        features: FeatureSet,
        accepted_risks: &'c BTreeSet<String>,
        goal: ReleaseId,
        with_work: bool,
    ) -> Self {
        let limits = catalog.upgrades(goal.0).map_or(&[][..], |upgrades| &upgrades.limits);
        Self {
            catalog,
            features,
            accepted_risks,
            goal,
            with_work,
            candidates: vec![goal],
            limited: limits.iter().flat_map(|limit| limit.roles.iter().copied()).collect(),
            steps: FxHashMap::default(),
            distances: FxHashMap::default(),
        }
    }

    /// Adds the releases between the goal and where nodes start, `wanted` before all others. `beside`
    /// are the packages whose releases say which cores they accept.
    pub(super) fn widen(
        &mut self,
        starts: &BTreeSet<ReleaseId>,
        wanted: &[ReleaseId],
        beside: &BTreeSet<PackageIx>,
    ) {
        let package = self.catalog.package(self.goal.0);
        let own = starts.iter().filter(|start| start.0 == self.goal.0).map(|start| start.1);
        let ends: Vec<_> = own.chain([self.goal.1]).collect();
        // What takes the place of something else may come in anywhere below the goal.
        let foreign = starts.iter().any(|start| start.0 != self.goal.0);
        let on_the_way = |rank: &Rank| {
            (foreign || ends.iter().min() <= Some(rank)) && Some(rank) <= ends.iter().max()
        };
        let between = package.ranks().rev().filter(|&rank| {
            on_the_way(&rank) && rank != self.goal.1 && package.release(rank).is_choosable()
        });
        let mut seen = BTreeSet::new();
        let traits = Traits::of(self.catalog, self.goal.0, beside);
        let mut others: Vec<_> =
            between.filter(|&rank| seen.insert(traits.signature(rank))).collect();
        others.sort_by_key(|&rank| (self.remaining((self.goal.0, rank)), rank));
        let mut candidates = vec![self.goal];
        let rest = others.into_iter().map(|rank| (self.goal.0, rank));
        for release in wanted.iter().copied().chain(rest) {
            if !candidates.contains(&release) {
                candidates.push(release);
            }
        }
        self.candidates = candidates;
        self.distances.clear();
    }

    /// How far a release is from the goal: nothing that is run in its place is nearer than one of its
    /// own package. Equal for two releases only if neither lies on the way of the other.
    pub(super) fn remaining(&self, (package, rank): ReleaseId) -> (bool, usize) {
        if package == self.goal.0 {
            (false, rank.ix().abs_diff(self.goal.1.ix()))
        } else {
            (true, 0)
        }
    }

    /// Whether a node in a role may go from one release to another, which is nearer to the goal.
    pub(super) fn allows(&mut self, from: ReleaseId, to: ReleaseId, role: Option<RoleIx>) -> bool {
        let passes = |rank: Rank| (rank < self.goal.1) != (to.1 < self.goal.1) && to != self.goal;
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

    /// Returns the fewest hops from a release to the goal for a node that stays in a role.
    pub(super) fn distance(&mut self, from: ReleaseId, role: Option<RoleIx>) -> Option<usize> {
        if from == self.goal {
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

/// What facts say about releases of one package, as far as it decides plans.
struct Traits<'c> {
    catalog: &'c Catalog,
    package: PackageIx,
    scopes: Vec<&'c EdgeScope>,
    /// Plugins' demands on the package.
    demands: Vec<&'c crate::catalog::ReleaseSet>,
}

/// What is known of one release. Releases with the same signature are interchangeable in a plan.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Signature {
    lines: [usize; 3],
    offers: Vec<Option<usize>>,
    marks: Vec<bool>,
    needs: Vec<usize>,
    features: FeatureSet,
}

impl<'c> Traits<'c> {
    fn of(catalog: &'c Catalog, package: PackageIx, beside: &BTreeSet<PackageIx>) -> Self {
        let scopes = catalog.upgrades(package).map(scopes).unwrap_or_default();
        let mut demands = Vec::new();
        for &plugin in beside.iter().filter(|&&plugin| plugin != package) {
            let stated = catalog.package(plugin);
            let needs = stated.ranks().flat_map(|rank| stated.needs(rank));
            for constraint in needs.map(|need| catalog.constraint(need.constraint)) {
                if constraint.target == package {
                    demands.push(&constraint.allowed);
                }
            }
        }
        demands.sort_unstable_by_key(|set| std::ptr::from_ref(*set));
        demands.dedup_by_key(|set| std::ptr::from_ref(*set));
        Self { catalog, package, scopes, demands }
    }

    fn signature(&self, rank: Rank) -> Signature {
        let stated = self.catalog.package(self.package);
        let release = (self.package, rank);
        let line = |step: Step| {
            let own = stated.version(rank).line(step);
            stated.ranks().position(|other| stated.version(other).line(step) == own).unwrap_or(0)
        };
        let scoped = self.scopes.iter().flat_map(|scope| [&scope.from, &scope.to]);
        let exceptions = self.catalog.relations().iter().flat_map(|relation| &relation.exceptions);
        let excepted = exceptions.flat_map(|exception| [&exception.from, &exception.to]);
        let mut marks: Vec<_> = scoped.chain(excepted).map(|sets| holds(sets, release)).collect();
        let stops = self.catalog.upgrades(self.package).map_or(&[][..], |it| &it.stops);
        marks.extend(stops.iter().map(|stop| stop.via.contains(rank)));
        marks.extend(self.demands.iter().map(|demand| demand.contains(rank)));
        Signature {
            lines: [line(Step::Major), line(Step::Minor), self.fine_line(rank)],
            offers: self.offers(rank),
            marks,
            needs: stated.needs(rank).iter().map(|need| need.constraint.ix()).collect(),
            features: self.catalog.available_features(release),
        }
    }

    /// Returns the release's own position if some rule counts single releases, and else nothing.
    fn fine_line(&self, rank: Rank) -> usize {
        let rules = self.catalog.skew_rules().iter().map(|rule| rule.unit);
        let limits = self.catalog.upgrades(self.package).map_or(&[][..], |it| &it.limits);
        let fine = |unit: Step| unit != Step::Major && unit != Step::Minor;
        let counted = rules.chain(limits.iter().map(|limit| limit.unit)).any(fine);
        if counted { rank.ix() } else { 0 }
    }

    /// Returns for each interface the first release that offers just the same.
    fn offers(&self, rank: Rank) -> Vec<Option<usize>> {
        let interfaces = self.catalog.interfaces().iter();
        interfaces
            .map(|interface| {
                let offer = |rank| interface.offer(self.package, rank);
                let own = offer(rank)?;
                let alike = |other: &Offer| other.writes == own.writes && other.reads == own.reads;
                let mut ranks = self.catalog.package(self.package).ranks();
                ranks.position(|other| offer(other).is_some_and(alike))
            })
            .collect()
    }
}

/// Returns all that is stated about steps, except advice, which decides nothing.
fn scopes(upgrades: &Upgrades) -> Vec<&EdgeScope> {
    let notes: [&[EdgeNote]; 3] = [&upgrades.blocked, &upgrades.risks, &upgrades.irreversible];
    let mut scopes: Vec<_> = notes.into_iter().flatten().map(|note| &note.scope).collect();
    scopes.extend(upgrades.stops.iter().map(|stop| &stop.scope));
    scopes.extend(upgrades.procedures.iter().map(|(scope, ..)| scope));
    scopes.extend(upgrades.migrations.iter().map(|migration| &migration.scope));
    scopes
}

/// Whether a hop is made node by node with nothing around it that all take part in.
pub(in crate::plan) fn is_plain(hop: &Hop) -> bool {
    hop.procedure == Procedure::Rolling && hop.migrations.is_empty() && hop.stops.is_empty()
}

/// Returns the packages that nodes run, to see which cores they accept.
pub(super) fn beside<'n>(
    nodes: impl Iterator<Item = &'n BTreeMap<PackageIx, Rank>>,
) -> BTreeSet<PackageIx> {
    nodes.flat_map(|packages| packages.keys().copied()).collect()
}
