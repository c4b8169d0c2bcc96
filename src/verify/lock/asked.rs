//! SPECs read again, and releases that are taken only if asked for.

use super::state::LockJudge;
use super::wanted::SpecWanted;
use crate::catalog::{Channel, Listing, NeedKind, PackageIx, Release, ReleaseId, ReleaseSet};
use crate::finding::{Check, Finding, Severity};
use crate::problem::shown;
use crate::range::{Bare, Range};

impl LockJudge<'_> {
    /// Checks that every SPEC is granted.
    pub(super) fn specs(&mut self) {
        if self.lock.request.specs.is_empty() {
            let message = "the lock names nothing that was asked for".to_owned();
            self.error(Check::SpecUngranted, "request", message);
        }
        for spec in &self.lock.request.specs {
            let (name, wanted) = match spec.split_once('@') {
                Some((name, wanted)) => (name, Some(wanted)),
                None => (spec.as_str(), None),
            };
            let Some(package) = self.package(name) else {
                continue;
            };
            let asked = wanted.map_or(SpecWanted::Any, |wanted| self.read(package, spec, wanted));
            self.grant(package, spec, &asked);
            self.asked.insert(package, asked);
        }
    }

    /// Reads the part of a SPEC behind the `@`: a version, or a line or range of them.
    fn read(&mut self, package: PackageIx, spec: &str, wanted: &str) -> SpecWanted {
        let known = self.catalog.package(package);
        // A line such as `1.4` may read as a version too, and means the line.
        let is_line = known.numbering.parse_line(wanted).is_some();
        if let Some(rank) = known.find(wanted).filter(|_| !is_line) {
            let releases = ReleaseSet::filled(known.len(), |other| other == rank);
            return SpecWanted::Within { releases, named: Some(rank), early: false };
        }
        match Range::parse(wanted, &known.numbering, Bare::Exact) {
            Ok(range) => SpecWanted::Within {
                releases: known.select(&range),
                named: known.find(wanted.trim_start_matches('=').trim_start()),
                early: range.names_prerelease(),
            },
            Err(error) => {
                let message = format!("the SPEC cannot be read: {error}");
                self.error(Check::SpecUngranted, spec, message);
                SpecWanted::Nonsense
            }
        }
    }

    fn grant(&mut self, package: PackageIx, spec: &str, asked: &SpecWanted) {
        let name = &self.catalog.package(package).name;
        match self.members.get(&package) {
            Some(&rank) if !asked.admits(rank) => {
                let has = self.catalog.label((package, rank));
                let message = format!("`{}` was asked for, the lock has {has}", shown(spec));
                self.error(Check::SpecUngranted, name, message);
            }
            Some(_) => {}
            None if self.lock.packages.iter().any(|stated| stated.name == *name) => {
                // Its version is not known, which has been said.
            }
            None => {
                let message = format!("`{}` was asked for and is not in the lock", shown(spec));
                self.error(Check::SpecUngranted, name, message);
            }
        }
    }

    /// Checks that no release is there that must be asked for and was not.
    pub(super) fn releases(&mut self) {
        for release in self.releases_of_lock() {
            let stated = self.catalog.package(release.0).release(release.1);
            self.listed(release, stated);
            self.finished(release, stated);
            if let Some(why) = &stated.unreadable {
                let label = self.catalog.label(release);
                let message = format!("what {label} accepts is not known: {why}");
                self.about(release, Check::RequirementUnknown, Severity::Warning, message);
            }
        }
    }

    /// A release that no matrix lists is one that the user named.
    fn listed(&mut self, release: ReleaseId, stated: &Release) {
        if stated.is_listed() {
            return;
        }
        let package = self.catalog.package(release.0);
        let label = self.catalog.label(release);
        if package.listing == Listing::Partial && self.is_chosen(release) {
            let message =
                format!("{label} is not listed; facts stated for its release line are applied");
            self.about(release, Check::ReleaseUnlisted, Severity::Warning, message);
        } else {
            let version = stated.version.text();
            let message = format!("`{}` is no known release of {}", shown(version), package.name);
            self.about(release, Check::ReleaseUnknown, Severity::Error, message);
        }
    }

    /// A release that was withdrawn, or is not for use yet, is one that the user named.
    fn finished(&mut self, release: ReleaseId, stated: &Release) {
        let label = self.catalog.label(release);
        if let Some(why) = &stated.withdrawn {
            let severity =
                if self.is_chosen(release) { Severity::Warning } else { Severity::Error };
            let message = format!("{label} was withdrawn: {why}");
            self.about(release, Check::ReleaseWithdrawn, severity, message);
        } else if stated.channel != Channel::Stable && !self.is_wanted(release) {
            let what = match stated.channel {
                Channel::Development => "development build",
                Channel::Prerelease | Channel::Stable => "pre-release",
            };
            let message = format!("{label} is a {what}, and nobody asked for it");
            self.about(release, Check::ReleaseUnasked, Severity::Error, message);
        }
    }

    /// Returns true if the user chose this very release: by a SPEC, or because it ran.
    fn is_chosen(&self, (package, rank): ReleaseId) -> bool {
        let named = self.asked.get(&package).is_some_and(|asked| asked.names(rank));
        let known = self.catalog.package(package);
        named
            || self
                .lock
                .request
                .installed
                .iter()
                .any(|(name, version)| *name == known.name && known.find(version) == Some(rank))
    }

    /// Returns true if a release that is not for use may be there: the user chose it, or a bound that is a
    /// pre-release, in the SPEC or in what a release of the lock needs, admits it.
    fn is_wanted(&self, release: ReleaseId) -> bool {
        let (package, rank) = release;
        let is_early = self.catalog.package(package).release(rank).channel == Channel::Prerelease;
        let asked = self.asked.get(&package);
        let within = asked.is_some_and(|asked| asked.is_early() && asked.admits(rank));
        self.is_chosen(release) || is_early && (within || self.is_named(release))
    }

    /// Returns true if a release of the lock needs a range that admits this one and has a pre-release for a bound.
    fn is_named(&self, (package, rank): ReleaseId) -> bool {
        let numbering = &self.catalog.package(package).numbering;
        let mut needs = self
            .releases_of_lock()
            .into_iter()
            .flat_map(|(other, at)| self.catalog.package(other).needs(at))
            .filter(|need| need.target == package && need.kind != NeedKind::Conflicts);
        needs.any(|need| {
            let constraint = self.catalog.constraint(need.constraint);
            let range = Range::parse(&constraint.text, numbering, Bare::Exact);
            constraint.interface.is_none()
                && constraint.allowed.contains(rank)
                && range.is_ok_and(|range| range.names_prerelease())
        })
    }

    /// Says something about a release, with the source of the release.
    fn about(&mut self, release: ReleaseId, check: Check, severity: Severity, message: String) {
        let subject = self.catalog.label(release);
        let mut finding = Finding::new(check, severity, subject, message);
        let fact = self.catalog.package(release.0).release(release.1).fact;
        finding.cites.extend(fact.map(|fact| self.catalog.cite_for(fact, Some(release))));
        self.findings.push(finding);
    }
}
