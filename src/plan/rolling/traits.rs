//! Facts that tell releases apart.
//!
//! Most releases of a line differ in nothing that a matrix states. Of those that no fact tells apart the
//! newest stands for all, so that the search has a few releases to choose from and not a few hundred.

use std::collections::BTreeSet;

use crate::catalog::{
    Catalog, EdgeNote, EdgeScope, FeatureSet, Offer, PackageIx, Rank, ReleaseSet, Upgrades, holds,
};
use crate::version::Step;

/// The facts about releases of one package, as far as it decides plans.
pub(super) struct Traits<'c> {
    catalog: &'c Catalog,
    package: PackageIx,
    scopes: Vec<&'c EdgeScope>,
    /// Plugins' demands on the package.
    demands: Vec<&'c ReleaseSet>,
}

/// The facts that hold for one release. Releases with the same fingerprint are interchangeable in a plan.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fingerprint {
    lines: [usize; 3],
    offers: Vec<Option<usize>>,
    marks: Vec<bool>,
    needs: Vec<usize>,
    features: FeatureSet,
}

impl<'c> Traits<'c> {
    pub(super) fn of(
        catalog: &'c Catalog,
        package: PackageIx,
        beside: &BTreeSet<PackageIx>,
    ) -> Self {
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

    /// Returns what is known of a release.
    pub(super) fn fingerprint(&self, rank: Rank) -> Fingerprint {
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
        Fingerprint {
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
