//! What releases need: requirements on packages, and interface levels they were built for.
//!
//! Equal constraints are lowered once and shared. An interface need becomes a constraint on the
//! package that offers the interface: it is met by the releases whose `reads` hold the level.

use rustc_hash::FxHashMap;

use super::noted::StatedRange;
use super::{Lowering, ReleaseEntry};
use crate::catalog::{
    Constraint, ConstraintIx, FactIx, FeatureSet, InterfaceIx, Need, NeedKind, PackageIx, Rank,
    ReleaseSet,
};
use crate::matrix::field::Stated;
use crate::matrix::raw;
use crate::matrix::text::{Text, repeated};
use crate::matrix::words::BareReading;
use crate::problem::ProblemCode;
use crate::range::Bare;

/// The needs of the release before. Most releases need what that one needs, and comparing with it is
/// cheaper than looking names and ranges up.
#[derive(Default)]
struct Before<'r, 'a> {
    needs: &'r [raw::ListedNeed<'a>],
    /// What was made of each.
    made: Vec<Option<Need>>,
}

impl<'a> Before<'_, 'a> {
    /// Returns the target of the need at this place, if this one has the same name, and its constraint, if
    /// it was written the same and says nothing else.
    fn same(
        &self,
        ix: usize,
        need: &raw::ListedNeed<'a>,
    ) -> Option<(PackageIx, Option<ConstraintIx>)> {
        let (before, made) = (self.needs.get(ix)?, self.made[ix]?);
        match (before, need) {
            _ if before.name() != need.name() => None,
            (raw::ListedNeed::Plain(_, before), raw::ListedNeed::Plain(_, range)) => {
                Some((made.target, (before == range).then_some(made.constraint)))
            }
            _ => Some((made.target, None)),
        }
    }

    /// Replaces what is known of this place. The needs are to follow.
    fn note(&mut self, ix: usize, need: Option<Need>) {
        match self.made.get_mut(ix) {
            Some(known) => *known = need,
            None => self.made.push(need),
        }
    }
}

/// Interface constraints that were made before, by interface, level and host.
type SharedLevels = FxHashMap<(InterfaceIx, u32, PackageIx), ConstraintIx>;

impl<'r, 'a> Lowering<'r, 'a> {
    pub(super) fn needs(&mut self) {
        self.inline_needs();
        self.requirements();
        self.read_ranges();
        self.interface_needs();
        self.platforms();
        self.add_late_needs();
        self.mark_unknown();
    }

    fn inline_needs(&mut self) {
        let mut made = Vec::new();
        for package in (0..self.stated.len()).map(PackageIx::new) {
            let bare = self.bare(package);
            made.clear();
            let mut before = Before::default();
            for at in 0..self.stated[package.ix()].len() {
                let ReleaseEntry { rank, file, release } = self.stated[package.ix()][at];
                self.file = file;
                let needs = self.releases_in(file, package).needs(release);
                let fact = self.catalog.package(package).release(rank).fact;
                if let (Some(needs), Some(fact)) = (needs, fact) {
                    self.needs_of_one(needs, bare, fact, &mut before);
                    let known = before.made[..needs.len()].iter().flatten();
                    made.extend(known.map(|&need| (rank, need)));
                }
            }
            self.catalog.packages[package.ix()].add_needs(&made);
        }
    }

    /// Makes the needs of one release from those of the one before.
    fn needs_of_one(
        &mut self,
        needs: &'r [raw::ListedNeed<'a>],
        bare: Bare,
        fact: FactIx,
        before: &mut Before<'r, 'a>,
    ) {
        for ix in repeated(needs.len(), |ix| needs[ix].name()) {
            self.report_repeated(&needs[ix].target());
        }
        for (ix, need) in needs.iter().enumerate() {
            let made = match before.same(ix, need) {
                Some((target, Some(constraint))) => {
                    Some(Need { target, constraint, kind: NeedKind::Requires, fact })
                }
                Some((target, None)) => Some(self.inline_need(target, bare, need, fact)),
                None => {
                    let target = self.package_named(&need.target());
                    target.map(|target| self.inline_need(target, bare, need, fact))
                }
            };
            before.note(ix, made);
        }
        before.needs = needs;
    }

    /// Returns the releases of a package as a file lists them.
    pub(super) fn releases_in(&self, file: usize, package: PackageIx) -> &'r raw::ReleaseList<'a> {
        let drafts = &self.drafts[package.ix()];
        let here = drafts.iter().find(|(known, _)| *known == file);
        &here.unwrap_or(&drafts[0]).1.releases
    }

    fn inline_need(
        &mut self,
        target: PackageIx,
        bare: Bare,
        need: &'r raw::ListedNeed<'a>,
        parent: FactIx,
    ) -> Need {
        let (range, declared) = (need.range_text(), need.declared());
        let (kind, fact) = match need.full() {
            None => (None, parent),
            Some(full) => (full.kind, self.fact(full.meta(), Some(parent), &full.range)),
        };
        let constraint = self.ranges.note(StatedRange { target, bare, range, declared });
        Need { target, constraint, kind: kind.unwrap_or(NeedKind::Requires), fact }
    }

    fn requirements(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in self.standing(&self.files[file].raw.requirements) {
                self.requirement(raw);
            }
        }
    }

    fn requirement(&mut self, raw: &'r raw::Requirement<'a>) {
        let fact = self.fact(raw.meta(), None, &raw.package);
        let package = self.package_named(&raw.package);
        let target = self.package_named(&raw.needs);
        // Each range is parsed if its own package is known, so that its mistakes show in any case.
        let releases =
            package.and_then(|package| self.releases_or_all(package, raw.releases.as_ref()));
        let bare = package.map_or(Bare::Exact, |package| self.bare(package));
        let stated = target.map(|target| {
            let declared = raw.declared.as_deref();
            let range = &raw.range;
            (target, self.ranges.note(StatedRange { target, bare, range, declared }))
        });
        if let (Some(package), Some(releases), Some(stated)) = (package, releases, stated) {
            let kind = raw.kind.unwrap_or(NeedKind::Requires);
            let need = Need { target: stated.0, constraint: stated.1, kind, fact };
            for rank in releases.iter() {
                self.push_need(package, rank, need);
            }
        }
    }

    pub(super) fn bare(&self, package: PackageIx) -> Bare {
        match self.drafts[package.ix()][0].1.ranges {
            Some(BareReading::Minimum) => Bare::Minimum,
            Some(BareReading::Native) | None => Bare::Exact,
        }
    }

    pub(super) fn push_need(&mut self, package: PackageIx, rank: Rank, need: Need) {
        self.late.push((package, rank, need));
    }

    /// Gives the releases the needs that were stated elsewhere than in their own entries.
    fn add_late_needs(&mut self) {
        let mut late = std::mem::take(&mut self.late);
        late.sort_by_key(|&(package, rank, _)| (package, rank));
        for of_one in late.chunk_by(|a, b| a.0 == b.0) {
            let added: Vec<_> = of_one.iter().map(|&(_, rank, need)| (rank, need)).collect();
            self.catalog.packages[of_one[0].0.ix()].add_needs(&added);
        }
    }

    fn interface_needs(&mut self) {
        let mut shared = SharedLevels::default();
        for file in 0..self.files.len() {
            self.file = file;
            for raw in self.standing(&self.files[file].raw.needs) {
                self.interface_need(raw, &mut shared);
            }
        }
        for package in (0..self.stated.len()).map(PackageIx::new) {
            let mut drafts = self.drafts[package.ix()].iter();
            if drafts.all(|(_, raw)| raw.releases.with_rest().next().is_none()) {
                continue;
            }
            for at in 0..self.stated[package.ix()].len() {
                let ReleaseEntry { rank, file, release } = self.stated[package.ix()][at];
                self.file = file;
                if let Some(rest) = release.rest() {
                    self.check_repeated(&rest.uses);
                    for (name, level) in &rest.uses.0 {
                        self.interface_use(package, rank, name, level, &mut shared);
                    }
                }
            }
        }
    }

    fn interface_use(
        &mut self,
        package: PackageIx,
        rank: Rank,
        name: &Text<'a>,
        level: &Text<'a>,
        shared: &mut SharedLevels,
    ) {
        let fact = self.catalog.package(package).release(rank).fact;
        if let (Some(interface), Some(fact)) = (self.interface_named(name), fact) {
            let host = self.catalog.package(package).core;
            self.need_level(package, rank, interface, level, host, fact, shared);
        }
    }

    fn interface_need(&mut self, raw: &'r raw::InterfaceNeed<'a>, shared: &mut SharedLevels) {
        let fact = self.fact(raw.meta(), None, &raw.package);
        let package = self.package_named(&raw.package);
        let interface = self.interface_named(&raw.interface);
        let host = raw.host.as_ref().and_then(|host| self.package_named(host));
        let (Some(package), Some(interface)) = (package, interface) else {
            return;
        };
        let host = host.or(self.catalog.package(package).core);
        let Some(releases) = self.releases_or_all(package, raw.releases.as_ref()) else {
            return;
        };
        for rank in releases.iter() {
            self.need_level(package, rank, interface, &raw.level, host, fact, shared);
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one need has this many parts, and only two callers state them"
    )]
    fn need_level(
        &mut self,
        package: PackageIx,
        rank: Rank,
        interface: InterfaceIx,
        level: &Text<'a>,
        host: Option<PackageIx>,
        fact: FactIx,
        shared: &mut SharedLevels,
    ) {
        let Some((position, _)) = self.level_span(interface, level, package, rank) else {
            return;
        };
        let hosts: Vec<_> = self.catalog.interface(interface).hosts().collect();
        let host = match hosts.as_slice() {
            [only] => *only,
            _ => {
                if let Some(host) = host.filter(|host| hosts.contains(host)) {
                    host
                } else {
                    let name = &self.catalog.interface(interface).name;
                    let message = match hosts.len() {
                        0 => format!("no package offers the interface `{name}`"),
                        count => format!("expected a `host`, for {count} packages offer `{name}`"),
                    };
                    self.report(Some(level), ProblemCode::UnknownName, message);
                    return;
                }
            }
        };
        let constraint = if let Some(&known) = shared.get(&(interface, position, host)) {
            known
        } else {
            let made = self.level_constraint(interface, position, host);
            let ix = self.catalog.constraints.add(made);
            shared.insert((interface, position, host), ix);
            ix
        };
        let need = Need { target: host, constraint, kind: NeedKind::Requires, fact };
        self.push_need(package, rank, need);
    }

    /// Returns which host releases read a level, with no feature in use.
    fn level_constraint(
        &self,
        interface: InterfaceIx,
        position: u32,
        host: PackageIx,
    ) -> Constraint {
        let len = allowed_len(self, host);
        let surface = self.catalog.interface(interface);
        let reads = |rank: Rank| {
            surface.offer(host, rank).is_some_and(|offer| {
                offer.reads.iter().any(|span| {
                    span.counts(FeatureSet::default()) && (span.low..=span.high).contains(&position)
                })
            })
        };
        Constraint {
            target: host,
            text: format!("{} {}", surface.name, surface.level(position)),
            interface: Some(interface),
            declared: None,
            allowed: ReleaseSet::filled(len, reads),
            unknown: ReleaseSet::filled(len, |rank| surface.offer(host, rank).is_none()),
        }
    }

    /// Marks plugin releases of which no fact says what core they accept.
    fn mark_unknown(&mut self) {
        for package in (0..self.stated.len()).map(PackageIx::new) {
            let Some(core) = self.catalog.package(package).core else {
                continue;
            };
            let catalog = &self.catalog;
            // Releases in a row often have the same need of the core.
            let mut met = None;
            // A plugin of a plugin rests on the core of that one.
            let rests = |need: &Need| {
                let other = catalog.package(need.target);
                let mut of_other = other.ranks().flat_map(|rank| other.needs(rank));
                need.kind == NeedKind::Requires
                    && need.target != package
                    && other.core == Some(core)
                    && of_other.any(|need| need.target == core)
            };
            let mut says = |need: &Need| {
                let same = Some((need.constraint, need.kind));
                let of_core = met == same || need.target == core || rests(need);
                met = if of_core { same } else { met };
                of_core
            };
            let known = catalog.package(package);
            let silent: Vec<Rank> = known
                .ranks()
                .filter(|&rank| !known.needs(rank).iter().any(&mut says))
                .filter(|&rank| known.release(rank).unreadable.is_none())
                .filter(|&rank| !self.says_none(package, rank))
                .collect();
            let why = format!("no fact says which {} it accepts", catalog.package(core).name);
            for rank in silent {
                let release = &mut self.catalog.packages[package.ix()].releases[rank.ix()];
                release.details_mut().unreadable = Some(why.clone());
            }
        }
    }
}

impl Lowering<'_, '_> {
    /// Whether a file says of a release that it needs nothing.
    fn says_none(&self, package: PackageIx, rank: Rank) -> bool {
        let stated = &self.stated[package.ix()];
        let first = stated.partition_point(|statement| statement.rank < rank);
        let of_rank = stated[first..].iter().take_while(|statement| statement.rank == rank);
        of_rank.into_iter().any(|statement| {
            let needs = self.releases_in(statement.file, package).needs(statement.release);
            needs.is_some_and(<[_]>::is_empty)
        })
    }
}

fn allowed_len(lowering: &Lowering<'_, '_>, target: PackageIx) -> usize {
    lowering.catalog.package(target).len()
}
