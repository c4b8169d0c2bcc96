//! Which release of a package is tried first, where that is not simply the newest or the oldest.

use rustc_hash::FxHashMap;

use super::problem::{Prefer, Request};
use crate::catalog::{Catalog, Package, PackageIx, PackageKind, Rank};
use crate::version::{Line, Step};

/// Returns, for each package with an order of its own, its ranks, the best first: what runs already,
/// what is favoured, then as the request prefers.
///
/// A runtime that runs already is moved as little as possible, because everything on the machine
/// shares it: its own release line comes first, then later lines, the nearest first, then earlier
/// ones. Within a line the request's preference decides. So a Java 21 that must become 25 or later
/// becomes the newest 25 and not the newest of all.
pub(super) fn orders(catalog: &Catalog, request: &Request) -> FxHashMap<PackageIx, Vec<usize>> {
    let installed = match request.prefer {
        Prefer::Newest | Prefer::Oldest => Some(&request.installed),
        // What is installed counts as a whole, not package by package.
        Prefer::FewestChanges => None,
    };
    let special = request.favoured.keys().chain(installed.into_iter().flat_map(|map| map.keys()));
    let rank = |package: &PackageIx| installed.and_then(|map| map.get(package).copied());
    special.map(|package| (*package, order(catalog, request, *package, rank(package)))).collect()
}

/// Returns all ranks of a package, the best first.
pub(super) fn order_of(catalog: &Catalog, request: &Request, package: PackageIx) -> Vec<Rank> {
    let installed = match request.prefer {
        Prefer::Newest | Prefer::Oldest => request.installed.get(&package).copied(),
        Prefer::FewestChanges => None,
    };
    let order = order(catalog, request, package, installed);
    order.into_iter().map(Rank::new).collect()
}

fn order(
    catalog: &Catalog,
    request: &Request,
    package: PackageIx,
    installed: Option<Rank>,
) -> Vec<usize> {
    let stated = catalog.package(package);
    let mut ranks: Vec<Rank> = match request.prefer {
        Prefer::Newest | Prefer::FewestChanges => stated.ranks().rev().collect(),
        Prefer::Oldest => stated.ranks().collect(),
    };
    if let Some(favoured) = request.favoured.get(&package) {
        ranks.sort_by_key(|&rank| !favoured.contains(rank));
    }
    if let Some(installed) = installed {
        if stated.kind == PackageKind::Runtime {
            let distance = Distance::new(catalog, package, installed);
            ranks.sort_by_cached_key(|&rank| distance.to(rank));
        }
        ranks.sort_by_key(|&rank| rank != installed);
    }
    ranks.into_iter().map(Rank::ix).collect()
}

/// How far the lines of a package's releases are from that of one of them.
struct Distance<'c> {
    package: &'c Package,
    step: Step,
    lines: Vec<Line>,
    from: usize,
}

impl<'c> Distance<'c> {
    fn new(catalog: &'c Catalog, package: PackageIx, from: Rank) -> Self {
        // What a line is says the lifecycle: 25 of Java, 3.14 of Python.
        let lifecycle = catalog.lifecycle(package);
        let step = lifecycle.map_or(Step::Major, |lifecycle| lifecycle.step);
        let package = catalog.package(package);
        let mut distance = Self { package, step, lines: package.lines(step), from: 0 };
        distance.from = distance.position(from);
        distance
    }

    fn position(&self, rank: Rank) -> usize {
        let line = self.package.version(rank).line(self.step);
        let position = self.lines.iter().position(|&other| other == line);
        position.expect("the line of a release is a line of its package")
    }

    /// Returns whether a release is of an earlier line, and how many lines away.
    fn to(&self, rank: Rank) -> (bool, usize) {
        let to = self.position(rank);
        (to < self.from, to.abs_diff(self.from))
    }
}
