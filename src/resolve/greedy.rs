//! The short way: decide in the order of preference and look one step ahead.
//!
//! Each package gets the best release that is left and whose needs leave something of every package
//! that is decided or needed already. A release that is passed over contradicts what was decided
//! before, so as long as no package runs out of releases the set is the best one, and nothing but
//! the chosen releases was ever looked at. When one runs out the short way has failed and says so.

use rustc_hash::FxHashMap;

use super::preference::orders;
use super::problem::{Domains, Prefer, Request, order};
use crate::catalog::{Catalog, NeedKind, PackageIx, Rank, ReleaseId, ReleaseSet};

/// Returns the best set, if no release has to be taken back to find it.
pub(super) fn greedy(
    catalog: &Catalog,
    request: &Request,
    steps: &mut u64,
) -> Option<Vec<ReleaseId>> {
    if request.prefer == Prefer::FewestChanges {
        return None;
    }
    let mut walk = Walk {
        catalog,
        request,
        domains: Domains::new(catalog, request),
        orders: orders(catalog, request),
        left: FxHashMap::default(),
        chosen: Vec::new(),
        waiting: std::collections::BTreeSet::new(),
    };
    walk.run(steps)
}

struct Left {
    releases: ReleaseSet,
    needed: bool,
    decided: bool,
}

struct Walk<'c> {
    catalog: &'c Catalog,
    request: &'c Request,
    domains: Domains<'c>,
    orders: FxHashMap<PackageIx, Vec<usize>>,
    left: FxHashMap<PackageIx, Left>,
    chosen: Vec<ReleaseId>,
    /// Packages that a chosen release requires, by name.
    waiting: std::collections::BTreeSet<usize>,
}

impl Walk<'_> {
    fn run(&mut self, steps: &mut u64) -> Option<Vec<ReleaseId>> {
        let wished = self.request.wishes.iter().map(|wish| wish.package);
        let fixed = order(self.catalog, wished.clone());
        for package in wished {
            self.left(package).needed = true;
        }
        // A core that nobody asked for: whether it comes first needs a closer look.
        if fixed.iter().any(|package| !self.domains.is_wished(*package)) {
            return None;
        }
        for package in fixed {
            self.decide(package, steps)?;
        }
        while let Some(place) = self.waiting.pop_first() {
            let package = self.catalog.by_name(place);
            if !self.left(package).decided {
                self.decide(package, steps)?;
            }
        }
        Some(std::mem::take(&mut self.chosen))
    }

    fn left(&mut self, package: PackageIx) -> &mut Left {
        self.left.entry(package).or_insert_with(|| Left {
            releases: self.domains.left(package),
            needed: false,
            decided: false,
        })
    }

    fn decide(&mut self, package: PackageIx, steps: &mut u64) -> Option<()> {
        let left = self.left(package).releases.clone();
        let mut newest;
        let mut oldest;
        let mut stated;
        let ranks: &mut dyn Iterator<Item = Rank> =
            match (self.orders.get(&package), self.request.prefer) {
                (Some(order), _) => {
                    let order = order.clone();
                    stated = order.into_iter().map(Rank::new).filter(|&rank| left.contains(rank));
                    &mut stated
                }
                (None, Prefer::Oldest) => {
                    oldest = left.iter();
                    &mut oldest
                }
                (None, _) => {
                    newest = left.iter().rev();
                    &mut newest
                }
            };
        for rank in ranks {
            *steps = steps.checked_sub(1)?;
            if self.fits(package, rank) {
                return self.take(package, rank);
            }
        }
        None
    }

    /// Whether a release leaves something of all that it speaks of.
    fn fits(&mut self, package: PackageIx, rank: Rank) -> bool {
        let catalog = self.catalog;
        catalog.package(package).needs(rank).iter().all(|need| {
            let constraint = catalog.constraint(need.constraint);
            if constraint.target == package {
                return constraint.allowed.contains(rank) != (need.kind == NeedKind::Conflicts);
            }
            let left = self.left(constraint.target);
            match need.kind {
                NeedKind::Requires => left.releases.meets(&constraint.allowed),
                NeedKind::Optional => !left.needed || left.releases.meets(&constraint.allowed),
                NeedKind::Conflicts => {
                    !left.needed || !left.releases.is_subset(&constraint.allowed)
                }
            }
        })
    }

    /// Puts a release into the set. Fails if that leaves nothing of a package that is needed: two
    /// needs of one release may each leave something and nothing together.
    fn take(&mut self, package: PackageIx, rank: Rank) -> Option<()> {
        let catalog = self.catalog;
        let left = self.left(package);
        left.decided = true;
        left.needed = true;
        left.releases = ReleaseSet::empty(catalog.package(package).len());
        left.releases.insert(rank);
        self.chosen.push((package, rank));
        for need in catalog.package(package).needs(rank) {
            let constraint = catalog.constraint(need.constraint);
            let left = self.left.get_mut(&constraint.target)?;
            match need.kind {
                NeedKind::Requires | NeedKind::Optional => {
                    left.releases.intersect_with(&constraint.allowed);
                }
                NeedKind::Conflicts => left.releases.subtract(&constraint.allowed),
            }
            if need.kind == NeedKind::Requires && !left.decided {
                left.needed = true;
                self.waiting.insert(catalog.name_rank(constraint.target));
            }
            if left.needed && left.releases.is_empty() {
                return None;
            }
        }
        Some(())
    }
}
