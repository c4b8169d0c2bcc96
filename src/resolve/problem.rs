//! The request: which packages, within which releases, in which order of importance.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use crate::catalog::{
    Admitted, Catalog, Channel, ConstraintIx, NeedKind, Package, PackageIx, PackageKind, Rank,
    Release, ReleaseId, ReleaseSet,
};
use crate::lifecycle::{ended, lts};
use crate::range::Range;

/// One package that must be in the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The package.
    pub package: PackageIx,
    /// The releases that will do.
    pub releases: ReleaseSet,
    /// The releases that the words name, whatever their state.
    pub named: ReleaseSet,
    /// The release, if the user named exactly one.
    pub pinned: Option<Rank>,
    /// Whether the user named releases at all. If not, what runs already will do too.
    pub restricted: bool,
    /// How the user wrote it, for messages.
    pub text: String,
    /// Who requirements it.
    pub origin: Origin,
}

/// Who requirements something, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The user asked for it.
    Asked,
    /// It runs already.
    Runs,
    /// It was decided before what is asked about.
    Decided,
    /// It is what would have been better.
    Better,
}

impl Requirement {
    /// Requirements for any release that may be chosen unasked.
    pub fn any(catalog: &Catalog, package: PackageIx) -> Self {
        let stated = catalog.package(package);
        let releases = ReleaseSet::filled(stated.len(), |rank| stated.release(rank).is_eligible());
        Self {
            package,
            named: releases.clone(),
            releases,
            pinned: None,
            restricted: false,
            text: stated.name.clone(),
            origin: Origin::Asked,
        }
    }

    /// Requirements for exactly one release, whatever its state.
    pub fn exactly(catalog: &Catalog, package: PackageIx, rank: Rank) -> Self {
        let stated = catalog.package(package);
        let mut releases = ReleaseSet::empty(stated.len());
        releases.insert(rank);
        let text = format!("{}@{}", stated.name, stated.version(rank));
        Self {
            package,
            named: releases.clone(),
            releases,
            pinned: Some(rank),
            restricted: true,
            text,
            origin: Origin::Asked,
        }
    }

    /// Returns the releases that are meant where nothing is to be chosen: those that will do, or if there are none
    /// all that the words name.
    pub fn meant(&self) -> &ReleaseSet {
        if self.releases.newest().is_some() { &self.releases } else { &self.named }
    }

    /// Requirements for a release within a range: one that may be chosen unasked or, if a bound of the range names a
    /// pre-release, a pre-release. If the range holds none of these, what a family leaves alone: its own needs are met.
    /// Whatever else the range holds must be named: by a range that is one version.
    pub fn within(catalog: &Catalog, package: PackageIx, range: &Range) -> Self {
        let stated = catalog.package(package);
        let named = stated.find(range.text().trim_start_matches('=').trim_start());
        // No range means a branch in development.
        let mut inside = stated.select(range);
        inside.intersect_with(&ReleaseSet::filled(stated.len(), |rank| {
            named == Some(rank) || stated.release(rank).channel != Channel::Development
        }));
        let narrowed = |test: &dyn Fn(&Release) -> bool| {
            let mut set = ReleaseSet::filled(stated.len(), |rank| test(stated.release(rank)));
            set.intersect_with(&inside);
            set
        };
        let names_one = range.names_prerelease();
        let mut releases = narrowed(&|release| {
            let is_early = release.channel == Channel::Prerelease && release.withdrawn.is_none();
            release.is_eligible() || names_one && is_early
        });
        if releases.is_empty() {
            releases = narrowed(&|release| {
                let is_usable = release.channel == Channel::Stable && release.withdrawn.is_none();
                is_usable && release.stray.is_some()
            });
        }
        let named = named.filter(|&rank| inside.contains(rank));
        let only = releases.newest().filter(|_| releases.count() == 1);
        // `=1.532` is the release of that name where there is one, though it could be read as a line.
        let is_one = named.is_some() && range.text().starts_with('=');
        if let Some(rank) = named.or(only).filter(|_| is_one || inside.count() == 1) {
            let text = format!("{}@{}", stated.name, range.text());
            return Self { text, ..Self::exactly(catalog, package, rank) };
        }
        Self {
            package,
            releases,
            named: inside,
            pinned: None,
            restricted: true,
            text: format!("{}@{}", stated.name, range.text()),
            origin: Origin::Asked,
        }
    }
}

/// What is made of that of which no fact tells.
///
/// What holds in the certain world is known to hold; what does not hold in the possible one is known not to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {
    /// A release whose needs nobody states is not chosen, and nothing goes together of which no fact says so.
    Certain,
    /// Such a release asks nothing, and what nobody denies goes together.
    Possible,
}

impl World {
    /// Returns the releases that a need names: those that it asks for, or those that it excludes.
    pub(super) fn named(
        self,
        catalog: &Catalog,
        constraint: ConstraintIx,
        kind: NeedKind,
    ) -> &Admitted {
        let constraints = catalog.constraints();
        if (self == Self::Certain) == (kind == NeedKind::Conflicts) {
            constraints.possible(constraint)
        } else {
            constraints.admitted(constraint)
        }
    }

    /// Whether a release may be chosen if its needs are all that matters.
    fn admits(self, package: &Package, rank: Rank) -> bool {
        self == Self::Possible || package.unstated(rank).is_none()
    }

    /// Takes the releases out of a set that may not be chosen because of what nobody states of them.
    fn leave(self, package: &Package, set: &mut ReleaseSet) {
        if self == Self::Certain {
            for rank in package.ranks().filter(|&rank| package.unstated(rank).is_some()) {
                set.put(rank, false);
            }
        }
    }
}

/// Which of two valid sets is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefer {
    /// The one with the newer release.
    Newest,
    /// The one with the older release.
    Oldest,
    /// The one that changes fewer packages of what is installed; of these the one with the newer
    /// release.
    FewestChanges,
}

/// A request for a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What must be in the set, most important first.
    pub requirements: Vec<Requirement>,
    /// What runs already. Unless the fewest changes are preferred, such a release is better than any
    /// other of its package.
    pub installed: BTreeMap<PackageIx, Rank>,
    /// Releases that are better than others of their package, such as those of long-term support.
    pub favoured: BTreeMap<PackageIx, ReleaseSet>,
    /// Releases past the end of their support, which are not chosen unasked.
    pub ended: BTreeMap<PackageIx, ReleaseSet>,
    /// Pre-releases that may be chosen unasked, because a need names them.
    pub early: BTreeMap<PackageIx, ReleaseSet>,
    /// The day on which they have ended.
    pub day: Option<Date>,
    /// How releases compare.
    pub prefer: Prefer,
    /// How many steps the search may take.
    pub budget: u64,
    /// What is made of that of which no fact tells.
    pub world: World,
    /// Whether the search begins with nothing lowered, and lowers what turns out to be hard. It changes
    /// nothing but the time.
    pub shortcut: bool,
}

impl Request {
    /// The default budget: some seconds at most.
    pub const BUDGET: u64 = 20_000_000;

    /// Requests the newest set for these requirements.
    pub fn newest(requirements: Vec<Requirement>) -> Self {
        Self {
            requirements,
            installed: BTreeMap::new(),
            favoured: BTreeMap::new(),
            ended: BTreeMap::new(),
            early: BTreeMap::new(),
            day: None,
            prefer: Prefer::Newest,
            budget: Self::BUDGET,
            world: World::Certain,
            shortcut: true,
        }
    }

    /// Asks as of a day: releases past the end of their support on that day are not chosen unasked. A
    /// requirement for a release by its name stays as it is, and so does a range that holds nothing else.
    pub fn on(&mut self, catalog: &Catalog, day: Date) {
        self.day = Some(day);
        for lifecycle in catalog.lifecycles() {
            let over = ended(catalog, lifecycle.package, day);
            if !over.is_empty() {
                self.leave_out(lifecycle.package, over);
            }
        }
    }

    fn leave_out(&mut self, package: PackageIx, over: ReleaseSet) {
        let requirements =
            self.requirements.iter_mut().filter(|requirement| requirement.package == package);
        for requirement in requirements.filter(|requirement| requirement.pinned.is_none()) {
            let mut rest = requirement.releases.clone();
            rest.subtract(&over);
            if !rest.is_empty() || !requirement.restricted {
                requirement.releases = rest;
            }
        }
        self.ended.insert(package, over);
    }

    /// Prefers releases of lines with long-term support on a day to all others of their package.
    pub fn favour_long_term(&mut self, catalog: &Catalog, day: Date) {
        for lifecycle in catalog.lifecycles() {
            if let Some(releases) = lts(catalog, lifecycle.package, day) {
                self.favoured.insert(lifecycle.package, releases);
            }
        }
    }
}

/// Returns the packages to decide first: the cores of what was asked for, then what was asked for.
/// A core that nobody asked for is only put first, not made part of the set.
pub(super) fn order(
    catalog: &Catalog,
    required: impl Iterator<Item = PackageIx> + Clone,
) -> Vec<PackageIx> {
    let core = |package| {
        let stated = catalog.package(package);
        stated.core.or((stated.kind == PackageKind::Core).then_some(package))
    };
    let mut known = FxHashSet::default();
    let all = required.clone().filter_map(core).chain(required);
    all.filter(|&package| known.insert(package)).collect()
}

/// Returns the releases of a package that will do where no requirement narrows them: those that may be
/// chosen unasked, the one that runs already, and whatever the request names. So a requirement whose
/// restriction is ignored still allows the pre-release that it asked for.
pub(super) fn open(catalog: &Catalog, request: &Request, package: PackageIx) -> ReleaseSet {
    open_for(catalog, request, package, request.requirements.iter())
}

fn open_for<'r>(
    catalog: &Catalog,
    request: &Request,
    package: PackageIx,
    requirements: impl Iterator<Item = &'r Requirement>,
) -> ReleaseSet {
    let stated = catalog.package(package);
    let mut open = ReleaseSet::filled(stated.len(), |rank| stated.release(rank).is_eligible());
    if let Some(ended) = request.ended.get(&package) {
        open.subtract(ended);
    }
    if let Some(early) = request.early.get(&package) {
        open.union_with(early);
    }
    if let Some(&rank) = request.installed.get(&package) {
        open.insert(rank);
    }
    for requirement in requirements.filter(|requirement| requirement.package == package) {
        open.union_with(&requirement.releases);
    }
    request.world.leave(stated, &mut open);
    open
}

/// What the requirements leave of each package, without going through all requirements for each.
#[derive(Debug)]
pub(super) struct Domains<'c> {
    catalog: &'c Catalog,
    request: &'c Request,
    /// For each package its only requirement plus one, 0 if there is none, [`SEVERAL`] if there are more.
    requirement_of: Vec<u32>,
}

const SEVERAL: u32 = u32::MAX;

impl<'c> Domains<'c> {
    pub(super) fn new(catalog: &'c Catalog, request: &'c Request) -> Self {
        let mut requirement_of = vec![0; catalog.packages().len()];
        for (at, requirement) in (1..).zip(&request.requirements) {
            let of = &mut requirement_of[requirement.package.ix()];
            *of = if *of == 0 { at } else { SEVERAL };
        }
        Self { catalog, request, requirement_of }
    }

    /// Whether the package is required.
    pub(super) fn is_required(&self, package: PackageIx) -> bool {
        self.requirement_of[package.ix()] != 0
    }

    /// Whether a release was asked for by its name, or runs already.
    pub(super) fn is_by_name(&self, (package, rank): ReleaseId) -> bool {
        self.request.installed.get(&package) == Some(&rank)
            || self.requirements(package).iter().any(|requirement| {
                requirement.package == package && requirement.pinned == Some(rank)
            })
    }

    fn requirements(&self, package: PackageIx) -> &'c [Requirement] {
        match self.requirement_of[package.ix()] {
            0 => &[],
            SEVERAL => &self.request.requirements,
            at => std::slice::from_ref(&self.request.requirements[at as usize - 1]),
        }
    }

    /// Returns the releases of a package that will do where no requirement narrows them, as [`open`].
    pub(super) fn open(&self, package: PackageIx) -> ReleaseSet {
        open_for(self.catalog, self.request, package, self.requirements(package).iter())
    }

    /// Returns the releases that the request leaves of a package.
    pub(super) fn left(&self, package: PackageIx) -> ReleaseSet {
        let requirements = self.requirements(package).iter();
        let mut restricted = requirements
            .clone()
            .filter(|requirement| requirement.package == package && requirement.restricted);
        let Some(first) = restricted.next() else {
            return open_for(self.catalog, self.request, package, requirements);
        };
        let mut left = restricted.fold(first.releases.clone(), |mut left, requirement| {
            left.intersect_with(&requirement.releases);
            left
        });
        self.request.world.leave(self.catalog.package(package), &mut left);
        left
    }

    /// Whether some requirement names releases of a package.
    pub(super) fn is_restricted(&self, package: PackageIx) -> bool {
        self.requirements(package)
            .iter()
            .any(|requirement| requirement.package == package && requirement.restricted)
    }

    /// Whether a release is among those of [`Self::left`].
    pub(super) fn is_left(&self, (package, rank): ReleaseId) -> bool {
        let stated = self.catalog.package(package);
        if !self.request.world.admits(stated, rank) {
            return false;
        }
        let mut requirements = self
            .requirements(package)
            .iter()
            .filter(|requirement| requirement.package == package)
            .peekable();
        if requirements.clone().any(|requirement| requirement.restricted) {
            return requirements
                .all(|requirement| !requirement.restricted || requirement.releases.contains(rank));
        }
        let ended = || self.request.ended.get(&package).is_some_and(|ended| ended.contains(rank));
        let is_early = || self.request.early.get(&package).is_some_and(|set| set.contains(rank));
        requirements.any(|requirement| requirement.releases.contains(rank))
            || is_early()
            || stated.release(rank).is_eligible() && !ended()
            || self.request.installed.get(&package) == Some(&rank)
    }

    /// Returns every release of a package whose requirements are known; in the possible world, every release.
    pub(super) fn readable(&self, package: PackageIx) -> ReleaseSet {
        let stated = self.catalog.package(package);
        let mut all = ReleaseSet::full(stated.len());
        self.request.world.leave(stated, &mut all);
        all
    }
}
