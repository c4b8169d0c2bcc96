//! Announcements and withdrawals, release by release.
//!
//! A project that names the day of a release has announced it. Until the release is known to be out it is
//! told with that day, past or not. It cannot have been known before anything of its line was out, so it
//! is not told of earlier days.

use jiff::civil::Date;

use super::history::History;
use crate::answer::support::{Announced, Phase, SupportRow};
use crate::catalog::{Announcement, Catalog, Channel, PackageIx, ReleaseId, ReleaseSet};
use crate::version::Step;

/// Returns the announced releases of a package that are not known to be out on a day.
///
/// With `lines`, only those of lines that have a release in the set.
pub fn announced(
    catalog: &Catalog,
    package: PackageIx,
    lines: Option<&ReleaseSet>,
    as_of: Date,
) -> Vec<Announced> {
    let Some(lifecycle) = catalog.lifecycle(package) else { return Vec::new() };
    let history = History::new(catalog, package, as_of);
    let wanted = |one: &&Announcement| {
        let line = one.version.line(lifecycle.step);
        let past = history.lines.iter().find(|past| past.line == line);
        lines.is_none_or(|set| {
            past.is_some_and(|past| past.ranks.iter().any(|&it| set.contains(it)))
        })
    };
    let made = |one: &Announcement| Announced {
        package,
        version: one.version.text().to_owned(),
        line: one.version.line(lifecycle.step),
        day: one.day,
        cite: catalog.cite(one.fact),
    };
    history.pending().filter(wanted).map(made).collect()
}

/// Returns the row of a release that was withdrawn, `None` for one that was not.
pub fn withdrawn(catalog: &Catalog, release: ReleaseId, as_of: Date) -> Option<SupportRow> {
    let stated = catalog.package(release.0).release(release.1);
    let why = stated.withdrawn.as_ref()?;
    let history = History::new(catalog, release.0, as_of);
    let past = history.line_of(release.1)?;
    Some(SupportRow {
        release: Some(release.1),
        newest: release.1,
        released: stated.date,
        phase: Phase::Withdrawn,
        phases: Vec::new(),
        ends: None,
        phase_ends: None,
        days_left: None,
        basis: format!("withdrawn: {why}"),
        cites: stated.fact.map(|fact| catalog.cite_for(fact, Some(release))).into_iter().collect(),
        ..history.row(past)
    })
}

impl History<'_> {
    /// Returns the announcements of what is not known to be out.
    fn pending(&self) -> impl Iterator<Item = &Announcement> {
        let stated = self.lifecycle.into_iter().flat_map(|lifecycle| &lifecycle.announced);
        stated.filter(|one| self.is_known(one) && !self.is_out(one))
    }

    /// Returns whether a release of a size is announced and not known to be out.
    pub(super) fn is_announced(&self, size: Step) -> bool {
        self.pending().any(|one| {
            let first = |step: Step| {
                let line = one.version.line(step);
                let mut stable =
                    self.package.releases().iter().filter(|release| {
                        release.channel == Channel::Stable && release.is_listed()
                    });
                !stable.any(|release| release.version.line(step) == line)
            };
            size != Step::Patch && first(size)
        })
    }

    fn is_known(&self, one: &Announcement) -> bool {
        let step = self.lifecycle.map_or(Step::Minor, |lifecycle| lifecycle.step);
        let line = one.version.line(step);
        let past = self.lines.iter().find(|past| past.line == line);
        past.is_none_or(|past| !self.is_to_come(past))
    }

    fn is_out(&self, one: &Announcement) -> bool {
        let found = self.package.find(one.version.text());
        found.is_some_and(|rank| {
            self.package.release(rank).date.is_none_or(|date| date <= self.as_of)
        })
    }
}
