//! The request: which packages, within which releases, in which order of importance.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, PackageIx, PackageKind, Rank, ReleaseSet};
use crate::range::Range;

/// One package that must be in the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The package.
    pub package: PackageIx,
    /// The releases that will do.
    pub releases: ReleaseSet,
    /// The release, if the user named exactly one.
    pub pinned: Option<Rank>,
    /// Whether the user named releases at all. If not, what runs already will do too.
    pub restricted: bool,
    /// How the user wrote it, for messages.
    pub text: String,
}

impl Wish {
    /// Wishes for any release that may be chosen unasked.
    pub fn any(catalog: &Catalog, package: PackageIx) -> Self {
        let stated = catalog.package(package);
        let releases = ReleaseSet::filled(stated.len(), |rank| stated.release(rank).is_choosable());
        Self { package, releases, pinned: None, restricted: false, text: stated.name.clone() }
    }

    /// Wishes for exactly one release, whatever its state.
    pub fn exactly(catalog: &Catalog, package: PackageIx, rank: Rank) -> Self {
        let stated = catalog.package(package);
        let mut releases = ReleaseSet::empty(stated.len());
        releases.insert(rank);
        let text = format!("{}@{}", stated.name, stated.version(rank));
        Self { package, releases, pinned: Some(rank), restricted: true, text }
    }

    /// Wishes for a release within a range: one that may be chosen unasked or, if the range holds
    /// none of these, a pre-release that was not withdrawn.
    pub fn within(catalog: &Catalog, package: PackageIx, range: &Range) -> Self {
        let stated = catalog.package(package);
        let inside = stated.select(range);
        if let (Some(rank), 1) = (inside.newest(), inside.count()) {
            let text = format!("{}@{}", stated.name, range.text());
            return Self { text, ..Self::exactly(catalog, package, rank) };
        }
        let narrowed = |test: &dyn Fn(Rank) -> bool| {
            let mut set = ReleaseSet::filled(stated.len(), test);
            set.intersect_with(&inside);
            set
        };
        let mut releases = narrowed(&|rank| stated.release(rank).is_choosable());
        if releases.is_empty() {
            releases = narrowed(&|rank| stated.release(rank).withdrawn.is_none());
        }
        Self {
            package,
            releases,
            pinned: None,
            restricted: true,
            text: format!("{}@{}", stated.name, range.text()),
        }
    }
}

/// Which of two valid releases is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefer {
    /// The newer one.
    Newest,
    /// The older one.
    Oldest,
}

/// A request for a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What must be in the set, most important first.
    pub wishes: Vec<Wish>,
    /// Releases that are better than any other, such as those that run already.
    pub installed: BTreeMap<PackageIx, Rank>,
    /// How releases compare.
    pub prefer: Prefer,
    /// How many steps the search may take.
    pub budget: u64,
}

impl Request {
    /// The default budget: some seconds at most.
    pub const BUDGET: u64 = 5_000_000;

    /// Requests the newest set for these wishes.
    pub fn newest(wishes: Vec<Wish>) -> Self {
        Self { wishes, installed: BTreeMap::new(), prefer: Prefer::Newest, budget: Self::BUDGET }
    }
}

/// Returns the packages to decide first: the cores of what was asked for, then what was asked for.
/// A core that nobody asked for is only put first, not made part of the set.
pub(super) fn order(
    catalog: &Catalog,
    wished: impl Iterator<Item = PackageIx> + Clone,
) -> Vec<PackageIx> {
    let core = |package| {
        let stated = catalog.package(package);
        stated.core.or((stated.kind == PackageKind::Core).then_some(package))
    };
    let mut order: Vec<PackageIx> = Vec::new();
    for package in wished.clone().filter_map(core).chain(wished) {
        if !order.contains(&package) {
            order.push(package);
        }
    }
    order
}

/// Returns the releases of a package that will do where no wish narrows them: those that may be
/// chosen unasked, the one that runs already, and whatever the request names. So a wish whose
/// restriction is ignored still allows the pre-release that it asked for.
pub(super) fn open(catalog: &Catalog, request: &Request, package: PackageIx) -> ReleaseSet {
    let mut open = Wish::any(catalog, package).releases;
    if let Some(&rank) = request.installed.get(&package) {
        open.insert(rank);
    }
    for wish in request.wishes.iter().filter(|wish| wish.package == package) {
        open.union_with(&wish.releases);
    }
    open
}
