//! Checks that the releases of a lock accept each other, and that each is there for something.

use std::collections::BTreeSet;

use super::state::LockJudge;
use crate::catalog::{Need, NeedKind, PackageIx, ReleaseId};
use crate::finding::{Check, Finding, Severity};

impl LockJudge<'_> {
    /// Checks what every release asks of the others.
    pub(super) fn needs(&mut self) {
        for release in self.releases_of_lock() {
            for need in self.catalog.package(release.0).needs(release.1) {
                if let Some((check, severity, message)) = self.unmet(release, need) {
                    let label = self.catalog.label(release);
                    let cite = self.catalog.cite_for(need.fact, Some(release));
                    let finding = Finding::new(check, severity, label, message).citing(cite);
                    // Two matrices may state the same.
                    if !self.findings.contains(&finding) {
                        self.findings.push(finding);
                    }
                }
            }
        }
    }

    /// Returns what is wrong with one need of a release.
    fn unmet(&self, release: ReleaseId, need: &Need) -> Option<(Check, Severity, String)> {
        let constraint = self.catalog.constraint(need.constraint);
        let label = self.catalog.label(release);
        let asks = self.catalog.asked(constraint);
        let Some(&rank) = self.members.get(&constraint.target) else {
            let requires = need.kind == NeedKind::Requires && !self.is_unplaced(constraint.target);
            return requires.then(|| {
                let message = format!("{label} needs {asks}, the lock has none");
                (Check::RequirementMissing, Severity::Error, message)
            });
        };
        let there = self.catalog.label((constraint.target, rank));
        let fits = constraint.allowed.contains(rank);
        if !fits && constraint.unknown.contains(rank) {
            let message = match need.kind {
                NeedKind::Requires | NeedKind::Optional => {
                    format!("{label} needs {asks}; no fact says whether {there} has it")
                }
                NeedKind::Conflicts => {
                    format!("{label} excludes {asks}; no fact says whether that is {there}")
                }
            };
            return Some((Check::RequirementUnknown, Severity::Warning, message));
        }
        match need.kind {
            NeedKind::Requires | NeedKind::Optional if !fits => {
                let message = format!("{label} needs {asks}, the lock has {there}");
                Some((Check::RequirementUnmet, Severity::Error, message))
            }
            NeedKind::Conflicts if fits => {
                let message = format!("{label} excludes {asks}, the lock has {there}");
                Some((Check::PackagesConflict, Severity::Error, message))
            }
            NeedKind::Requires | NeedKind::Optional | NeedKind::Conflicts => None,
        }
    }

    /// Returns true if the lock has the package at a version that the catalog has not; this has been said.
    fn is_unplaced(&self, package: PackageIx) -> bool {
        let name = &self.catalog.package(package).name;
        !self.members.contains_key(&package)
            && self.lock.packages.iter().any(|stated| stated.name == *name)
    }

    /// Checks that every package was asked for, or is needed by one that is there for a reason. Two
    /// that only need each other are there for nothing.
    pub(super) fn foundation(&mut self) {
        let mut founded = self.roots();
        let mut open: Vec<PackageIx> = founded.iter().copied().collect();
        while let Some(package) = open.pop() {
            for target in self.required_by(package) {
                if founded.insert(target) {
                    open.push(target);
                }
            }
        }
        for release in self.releases_of_lock() {
            if founded.contains(&release.0) {
                continue;
            }
            let label = self.catalog.label(release);
            let needing: Vec<_> = self
                .releases_of_lock()
                .into_iter()
                .filter(|other| self.required_by(other.0).contains(&release.0))
                .map(|other| self.catalog.label(other))
                .collect();
            let message = if needing.is_empty() {
                format!("nobody asked for {label}, and nothing in the lock needs it")
            } else {
                let needing = needing.join(", ");
                format!(
                    "nobody asked for {label}, and what needs it is itself not needed: {needing}"
                )
            };
            self.error(Check::PackageUnfounded, &label, message);
        }
    }

    /// Returns the packages that need no other to be there: those asked for, and those said to be
    /// needed by something at a version that is not known, so that nothing can be said about them.
    fn roots(&self) -> BTreeSet<PackageIx> {
        let is_stated = |name: &String| self.lock.packages.iter().any(|one| one.name == *name);
        let doubtful = self.lock.packages.iter().filter(|stated| {
            stated.needed_by.iter().any(|name| is_stated(name) && !self.is_placed(name))
        });
        let doubtful = doubtful.filter_map(|stated| self.catalog.find(&stated.name));
        // What ran already stays without anybody asking for it.
        let installed = self.lock.request.installed.iter();
        let running = installed.filter_map(|(name, _)| self.catalog.find(name));
        self.asked.keys().copied().chain(running).chain(doubtful).collect()
    }

    /// Returns what the lock's release of a package requires.
    pub(super) fn required_by(&self, package: PackageIx) -> Vec<PackageIx> {
        let Some(&rank) = self.members.get(&package) else {
            return Vec::new();
        };
        let needs = self.catalog.package(package).needs(rank).iter();
        needs.filter(|need| need.kind == NeedKind::Requires).map(|need| need.target).collect()
    }
}
