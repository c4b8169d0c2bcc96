//! Packages and their releases, sorted and ranked.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::{ConstraintIx, FactIx, InterfaceIx, Listing, PackageIx, Rank, ReleaseSet, Standing};
use crate::range::{Range, Terms};
use crate::version::{Line, Numbering, PlainKey, Scheme, Step, Version};
use crate::word::words;

words! {
    /// The part that a package plays.
    pub enum PackageKind {
        /// What plugins load into and what a deployment is about.
        Core "core",
        /// A part with versions of its own.
        Plugin "plugin",
        /// What everything runs on: Java, Python.
        Runtime "runtime",
        /// An operating system and processor.
        Platform "platform",
        /// A core and parts of fixed releases that are had as a whole, such as a container image.
        Bundle "bundle",
    }
}

words! {
    /// The degree to which a release is finished.
    pub enum Channel {
        /// For use.
        Stable "stable",
        /// For trying out.
        Prerelease "prerelease",
        /// A branch that has no release yet.
        Development "development",
    }
}

/// One release.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// The day it came out.
    pub date: Option<Date>,
    /// How finished it is.
    pub channel: Channel,
    /// Where the release is known from. `None` for a release that only the user named.
    pub fact: Option<FactIx>,
    /// Kept apart, because a list of releases is smaller without what few of them have.
    details: Option<Box<Details>>,
}

/// What few releases have. Read as fields of the [`Release`].
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// Other names of the same release.
    pub aliases: Vec<String>,
    /// What the publisher calls it, where that differs from the version.
    pub label: Option<String>,
    /// Why it must not be used.
    pub withdrawn: Option<String>,
    /// Why its requirements are not known.
    pub unreadable: Option<String>,
    /// The family whose mapping leaves it without a listed release of the core, though its own
    /// requirements accept some. Such a release is what an installer falls back to.
    pub stray: Option<FactIx>,
    /// Details for display: key and text.
    pub attributes: Vec<(String, String)>,
}

impl std::ops::Deref for Release {
    type Target = Details;

    fn deref(&self) -> &Details {
        static NONE: Details = Details {
            aliases: Vec::new(),
            label: None,
            withdrawn: None,
            unreadable: None,
            attributes: Vec::new(),
            stray: None,
        };
        self.details.as_deref().unwrap_or(&NONE)
    }
}

impl Release {
    /// Makes a release without details that the facts say nothing else of.
    pub(crate) fn new(version: Version, channel: Channel) -> Self {
        Self { version, date: None, channel, fact: None, details: None }
    }

    /// Returns the details to be added to.
    pub(crate) fn details_mut(&mut self) -> &mut Details {
        self.details.get_or_insert_default()
    }

    /// Whether the matrix lists it.
    pub fn is_listed(&self) -> bool {
        self.fact.is_some()
    }

    /// Whether a search may choose it without being asked for it.
    pub fn is_choosable(&self) -> bool {
        self.is_eligible() && self.unreadable.is_none()
    }

    /// Whether a search might choose it without being asked for it, once its requirements are known.
    pub fn is_eligible(&self) -> bool {
        self.channel == Channel::Stable && self.withdrawn.is_none() && self.stray.is_none()
    }
}

words! {
    /// The way in which a requirement binds.
    pub enum NeedKind {
        /// The target must be there, at an allowed release.
        Requires "requires",
        /// If the target is there, it must be at an allowed release.
        Optional "optional",
        /// The target must not be there at one of these releases.
        Conflicts "conflicts",
    }
}

/// What one release asks of another package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// The package it is about, which is the constraint's target.
    pub target: PackageIx,
    /// The releases it is about.
    pub constraint: ConstraintIx,
    /// How it binds.
    pub kind: NeedKind,
    /// Where it is known from.
    pub fact: FactIx,
}

/// A constraint on one package, shared by all needs that state it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// The package that is constrained.
    pub target: PackageIx,
    /// How the constraint reads: a range, or an interface and its level.
    pub text: String,
    /// The interface, if the constraint is a level of one.
    pub interface: Option<InterfaceIx>,
    /// The publisher's own words, where they differ.
    pub declared: Option<String>,
    /// The releases that satisfy it.
    pub allowed: ReleaseSet,
    /// The releases of which no fact says whether they do.
    pub unknown: ReleaseSet,
}

/// How the program of a package calls itself in a list of loaded modules, where versions are one number.
#[derive(Debug, Clone)]
pub struct ReportedAs {
    /// The name in the list.
    pub module: String,
    /// The releases that make their number this way.
    pub releases: ReleaseSet,
    /// What major, minor and patch are multiplied with before they are added up, and what is added at the end.
    /// `None` if the number follows no rule, or says nothing.
    pub number: Option<[u64; 4]>,
}

impl ReportedAs {
    /// Returns the version that a number stands for, if the rule can make that number.
    pub fn version(&self, number: u64) -> Option<String> {
        let [major, minor, patch, plus] = self.number?;
        let mut rest = number.checked_sub(plus)?;
        let mut parts = Vec::new();
        for unit in [major, minor, patch] {
            parts.push(rest.checked_div(unit)?.to_string());
            rest = rest.checked_rem(unit)?;
        }
        (rest == 0).then(|| parts.join("."))
    }
}

/// A package with its releases, oldest first.
#[derive(Debug, Clone)]
pub struct Package {
    /// The name users write.
    pub name: String,
    /// One line for people.
    pub title: Option<String>,
    /// Name of the matrix that states it.
    pub matrix: String,
    /// The part it plays.
    pub kind: PackageKind,
    /// The package that a plugin extends.
    pub core: Option<PackageIx>,
    /// How its versions are read.
    pub numbering: Numbering,
    /// Whether its list is complete.
    pub listing: Listing,
    /// Where the list begins, if older releases are left out of it.
    pub listed_from: Option<Version>,
    /// How its program calls itself where modules are listed.
    pub reported: Vec<ReportedAs>,
    /// Where it is known from.
    pub fact: FactIx,
    pub(crate) releases: Vec<Release>,
    /// The releases whose versions are more than numbers.
    special: Vec<Rank>,
    /// The needs of all releases, by rank.
    needs: Vec<Need>,
    /// Where the needs of each rank begin, and where the last ones end.
    first_needs: Vec<u32>,
}

impl Package {
    /// Makes a package from releases in any order, sorting them by the scheme.
    pub(crate) fn new(
        name: String,
        matrix: String,
        kind: PackageKind,
        numbering: Numbering,
        fact: FactIx,
    ) -> Self {
        Self {
            name,
            title: None,
            matrix,
            kind,
            core: None,
            numbering,
            listing: Listing::Complete,
            listed_from: None,
            reported: Vec::new(),
            fact,
            releases: Vec::new(),
            special: Vec::new(),
            needs: Vec::new(),
            first_needs: Vec::new(),
        }
    }

    /// Returns the releases, oldest first.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// Returns the number of releases.
    pub fn len(&self) -> usize {
        self.releases.len()
    }

    /// Whether there is no release.
    pub fn is_empty(&self) -> bool {
        self.releases.is_empty()
    }

    /// Returns a release.
    pub fn release(&self, rank: Rank) -> &Release {
        &self.releases[rank.ix()]
    }

    /// Returns the version of a release.
    pub fn version(&self, rank: Rank) -> &Version {
        &self.releases[rank.ix()].version
    }

    /// Returns what a release needs.
    pub fn needs(&self, rank: Rank) -> &[Need] {
        match self.first_needs.get(rank.ix()..) {
            Some([first, end, ..]) => &self.needs[*first as usize..*end as usize],
            _ => &[],
        }
    }

    /// Returns why nobody knows what a release needs: it cannot be read, or it is not listed and nothing is stated
    /// of releases like it.
    pub fn unstated(&self, rank: Rank) -> Option<&str> {
        let release = self.release(rank);
        if let Some(why) = &release.unreadable {
            return Some(why);
        }
        (!release.is_listed() && self.needs(rank).is_empty())
            .then_some("it is not listed, and no fact says what it needs")
    }

    /// Returns all ranks, oldest first.
    pub fn ranks(&self) -> impl DoubleEndedIterator<Item = Rank> + use<> {
        (0..self.releases.len()).map(Rank::new)
    }

    /// Returns the rank of a version, by its place in the order.
    pub fn rank_of(&self, version: &Version) -> Option<Rank> {
        self.releases
            .binary_search_by(|release| {
                release.version.precedence(version).unwrap_or(Ordering::Less)
            })
            .ok()
            .map(Rank::new)
    }

    /// Returns the rank of the release that `text` names: its version in any spelling, or an alias.
    pub fn find(&self, text: &str) -> Option<Rank> {
        let by_version = self.numbering.parse(text).ok().and_then(|version| self.rank_of(&version));
        by_version.or_else(|| {
            let named = |release: &Release| release.aliases.iter().any(|alias| alias == text);
            self.releases.iter().position(named).map(Rank::new)
        })
    }

    /// Returns where a version stands beside the listed releases that is none of them.
    pub fn standing(&self, version: &Version) -> Standing {
        let is_listed = |one: &&Release| one.is_listed() && one.channel != Channel::Development;
        let listed = self.releases.iter().filter(is_listed).map(|release| &release.version);
        Standing::of(version, listed, self.listing)
    }

    /// Returns true if a version that nobody lists would be placed among the releases. A line is no version.
    pub fn would_place(&self, text: &str) -> bool {
        let Ok(version) = self.numbering.parse(text) else { return false };
        self.standing(&version) != Standing::Absent
    }

    /// Returns the listed releases between which a version would be: the last before it and the first after it.
    pub fn neighbours(&self, version: &Version) -> (Option<Rank>, Option<Rank>) {
        let is_listed = |rank: &Rank| {
            let one = self.release(*rank);
            one.is_listed() && one.channel != Channel::Development
        };
        let is_before =
            |rank: &Rank| self.version(*rank).precedence(version) == Some(Ordering::Less);
        let before = self.ranks().rev().filter(is_listed).find(is_before);
        let after = self.ranks().filter(is_listed).find(|rank| !is_before(rank));
        (before, after)
    }

    /// Returns the releases that a range admits.
    pub fn select(&self, range: &Range) -> ReleaseSet {
        self.select_terms(range.terms())
    }

    /// Returns the releases that a range with these terms admits.
    pub(crate) fn select_terms(&self, range: &Terms) -> ReleaseSet {
        if !self.numbering.is_uniform() {
            return ReleaseSet::filled(self.len(), |rank| range.admit(self.version(rank)));
        }
        let mut set = ReleaseSet::empty(self.len());
        let version = |ix: usize| &self.releases[ix].version;
        range.spans(self.len(), &version, |span| set.insert_span(span));
        for &rank in &self.special {
            set.put(rank, range.admit(self.version(rank)));
        }
        set
    }

    /// Returns the places of all releases, if one scheme of numbers orders them and all are plain.
    pub(crate) fn places(&self) -> Option<impl Iterator<Item = PlainKey>> {
        let all_plain = self.numbering.is_uniform() && self.special.is_empty();
        all_plain.then(|| self.releases.iter().filter_map(|release| release.version.place()))
    }

    /// Gives the needs the constraints that were made of their own ones, and drops those of which none was.
    pub(crate) fn name_constraints(&mut self, made: &[Option<ConstraintIx>]) {
        let constraint = |need: &Need| made[need.constraint.ix()];
        if self.needs.iter().all(|need| constraint(need).is_some()) {
            for need in &mut self.needs {
                need.constraint = constraint(need).unwrap_or(need.constraint);
            }
            return;
        }
        let named = |need: &Need| Some(Need { constraint: constraint(need)?, ..*need });
        let kept: Vec<_> = self
            .ranks()
            .flat_map(|rank| {
                self.needs(rank).iter().filter_map(named).map(move |need| (rank, need))
            })
            .collect();
        (self.needs, self.first_needs) = (Vec::new(), Vec::new());
        self.add_needs(&kept);
    }

    /// Adds needs to those that the releases have. They must be in order of ranks.
    ///
    /// # Panics
    ///
    /// Panics past 2^32 needs, which the file size limit rules out.
    pub(crate) fn add_needs(&mut self, added: &[(Rank, Need)]) {
        let mut needs = Vec::with_capacity(self.needs.len() + added.len());
        let mut first_needs = Vec::with_capacity(self.len() + 1);
        let place = |needs: &[Need]| {
            u32::try_from(needs.len()).expect("files are too small to hold 2^32 needs")
        };
        let mut added = added.iter().peekable();
        for rank in self.ranks() {
            first_needs.push(place(&needs));
            needs.extend_from_slice(self.needs(rank));
            while let Some((_, need)) = added.next_if(|(of, _)| *of == rank) {
                needs.push(*need);
            }
        }
        first_needs.push(place(&needs));
        (self.needs, self.first_needs) = (needs, first_needs);
    }

    /// Notes what must be known of the releases once they are all there, in order.
    pub(crate) fn seal(&mut self) {
        let special = |rank: &Rank| !self.version(*rank).is_plain();
        self.special = self.ranks().filter(special).collect();
    }

    /// Returns the release lines at a step, oldest first, without repetition.
    pub fn lines(&self, step: Step) -> Vec<Line> {
        let mut lines: Vec<_> =
            self.releases.iter().map(|release| release.version.line(step)).collect();
        lines.dedup();
        lines
    }

    /// Returns how many release lines one release is ahead of another, less than none if it is behind. Lines are
    /// counted as they are listed, and by their numbers where these count: a list may have gaps.
    pub fn lines_ahead(&self, unit: Step, one: Rank, other: Rank) -> i64 {
        let (low, high) = (one.min(other), one.max(other));
        let between = &self.releases[low.ix()..=high.ix()];
        let changes = between
            .windows(2)
            .filter(|pair| pair[0].version.line(unit) != pair[1].version.line(unit));
        let listed = i64::try_from(changes.count()).unwrap_or(i64::MAX);
        let lines = listed.max(self.numbers_between(unit, low, high));
        if one < other { -lines } else { lines }
    }

    /// Returns by how much the number of a line differs between releases of one major; for patches, of one minor.
    fn numbers_between(&self, unit: Step, low: Rank, high: Rank) -> i64 {
        let at = match unit {
            Step::Major => return 0,
            Step::Minor => 1,
            Step::Patch => 2,
        };
        // The numbers of a calendar are not counted one by one.
        if self.numbering.scheme() == Scheme::Calver {
            return 0;
        }
        let (low, high) =
            (self.version(low).numbers().padded(), self.version(high).numbers().padded());
        if low[..at] != high[..at] {
            return 0;
        }
        i64::try_from(high[at].saturating_sub(low[at])).unwrap_or(i64::MAX)
    }

    /// Returns the releases of a line, oldest first.
    pub fn line_ranks(&self, line: Line, step: Step) -> impl DoubleEndedIterator<Item = Rank> + '_ {
        self.ranks().filter(move |&rank| self.version(rank).line(step) == line)
    }
}
