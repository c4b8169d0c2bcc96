//! A package's release lines, and which of their releases are out on a day.

use jiff::civil::Date;

use crate::catalog::{Catalog, Channel, Lifecycle, Package, PackageIx, Rank};
use crate::version::{Line, Step};

/// A package's release lines and its policy, seen from a day.
pub(super) struct History<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) ix: PackageIx,
    pub(super) package: &'a Package,
    pub(super) lifecycle: Option<&'a Lifecycle>,
    pub(super) lines: Vec<LinePast>,
    pub(super) as_of: Date,
}

/// The releases of one release line.
pub(super) struct LinePast {
    pub(super) line: Line,
    pub(super) major: Line,
    pub(super) ranks: Vec<Rank>,
    /// True if some stable release was not withdrawn.
    pub(super) stable: bool,
    /// Day of the oldest dated one of these.
    pub(super) first: Option<Date>,
}

impl LinePast {
    /// Returns whether a stable release exists on the day. One without a date is taken to exist.
    pub(super) fn is_out(&self, as_of: Date) -> bool {
        self.stable && self.first.is_none_or(|first| first <= as_of)
    }
}

impl<'a> History<'a> {
    pub(super) fn new(catalog: &'a Catalog, ix: PackageIx, as_of: Date) -> Self {
        let package = catalog.package(ix);
        let lifecycle = catalog.lifecycle(ix);
        let step = lifecycle.map_or(Step::Minor, |lifecycle| lifecycle.step);
        let lines = pasts(package, step);
        Self { catalog, ix, package, lifecycle, lines, as_of }
    }

    pub(super) fn line_of(&self, rank: Rank) -> Option<&LinePast> {
        self.lines.iter().find(|past| past.ranks.contains(&rank))
    }

    pub(super) fn is_lts(&self, line: Line) -> bool {
        self.lifecycle.is_some_and(|lifecycle| lifecycle.lts.contains(&line))
    }

    /// Returns the newest usable release on the day, or else the newest that there is.
    pub(super) fn newest(&self, past: &LinePast) -> Rank {
        let newest =
            |test: &dyn Fn(Rank) -> bool| past.ranks.iter().rev().copied().find(|&rank| test(rank));
        let day = |rank: Rank| self.package.release(rank).date;
        let later = past.ranks.iter().any(|&rank| day(rank).is_some_and(|day| day > self.as_of));
        // A release without a day is taken to be out, but not on days that the line outlived.
        let is_out = |rank| {
            let withdrawn = self.package.release(rank).withdrawn.is_some();
            !withdrawn && day(rank).map_or(!later, |day| day <= self.as_of)
        };
        let is_stable = |rank| {
            let release = self.package.release(rank);
            release.channel == Channel::Stable && release.is_listed()
        };
        newest(&|rank| is_out(rank) && is_stable(rank))
            .or_else(|| newest(&is_out))
            .or_else(|| past.ranks.last().copied())
            .expect("a line has a release")
    }

    /// Returns whether nothing of a line is out on the day: what has a day came later. Candidates without a day are
    /// taken to be out once the line before is.
    pub(super) fn is_to_come(&self, past: &LinePast) -> bool {
        let days = || past.ranks.iter().filter_map(|&rank| self.package.release(rank).date);
        if days().next().is_none() || days().any(|day| day <= self.as_of) {
            return false;
        }
        let candidate = |&rank: &Rank| {
            let release = self.package.release(rank);
            release.date.is_none() && release.channel != Channel::Stable
        };
        let before = self.lines.iter().rev().find(|other| other.line < past.line);
        !past.ranks.iter().any(candidate) || before.is_none_or(|before| !before.is_out(self.as_of))
    }

    /// Returns `name line`.
    pub(super) fn label(&self, past: &LinePast) -> String {
        format!("{} {}", self.package.name, past.line)
    }
}

/// Returns the lines of a package, oldest first.
pub(super) fn pasts(package: &Package, step: Step) -> Vec<LinePast> {
    let mut pasts: Vec<LinePast> = Vec::new();
    for rank in package.ranks() {
        let release = package.release(rank);
        if release.version.numbers().is_empty() {
            continue;
        }
        let line = release.version.line(step);
        if pasts.last().is_none_or(|past| past.line != line) {
            let major = release.version.line(Step::Major);
            pasts.push(LinePast { line, major, ranks: Vec::new(), stable: false, first: None });
        }
        let past = pasts.last_mut().expect("a line was pushed before");
        past.ranks.push(rank);
        if release.channel == Channel::Stable && release.withdrawn.is_none() {
            past.stable = true;
            past.first = past.first.or(release.date);
        }
    }
    pasts
}
