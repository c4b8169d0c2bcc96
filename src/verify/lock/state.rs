//! The lock that is judged, and its releases and matrices looked up in the catalog.

use std::collections::BTreeMap;

use super::wanted::SpecWanted;
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseId};
use crate::finding::{Check, Finding, Severity};
use crate::problem::{nearest, shown};
use crate::record::{LockRecord, MatrixRecord, PackageRecord};

/// A lock that is being judged, and what was found so far.
pub(super) struct LockJudge<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) lock: &'c LockRecord,
    /// The releases of the lock that the catalog has.
    pub(super) members: BTreeMap<PackageIx, Rank>,
    /// The wishes for packages, as SPECs state them.
    pub(super) asked: BTreeMap<PackageIx, SpecWanted>,
    /// True if the matrices are others than those of the lock.
    pub(super) changed: bool,
    pub(super) findings: Vec<Finding>,
}

impl LockJudge<'_> {
    pub(super) fn find(
        &mut self,
        check: Check,
        severity: Severity,
        subject: &str,
        message: String,
    ) {
        self.findings.push(Finding::new(check, severity, shown(subject), message));
    }

    pub(super) fn error(&mut self, check: Check, subject: &str, message: String) {
        self.find(check, Severity::Error, subject, message);
    }

    /// Compares the matrices of the lock with those that are loaded.
    pub(super) fn matrices(&mut self, loaded: &[MatrixRecord]) {
        for stated in &self.lock.matrices {
            let mut named = loaded.iter().filter(|matrix| matrix.name == stated.name).peekable();
            let Some(&first) = named.peek() else {
                let message = "the lock was made from it, and it is not loaded".to_owned();
                self.error(Check::MatrixChanged, &stated.name, message);
                continue;
            };
            match named.find(|matrix| matrix.sha256 == stated.sha256) {
                None => self.matrix_changed(&stated.name, since(stated, first)),
                Some(same) if same.as_of != stated.as_of => {
                    let message = format!(
                        "the lock says that the matrix is as of {}; it is as of {}",
                        day(stated),
                        day(same)
                    );
                    self.error(Check::ReasonFalse, &stated.name, message);
                }
                Some(_) => {}
            }
        }
        let is_stated = |name: &str| self.lock.matrices.iter().any(|stated| stated.name == name);
        for new in loaded.iter().filter(|matrix| !is_stated(&matrix.name)) {
            let message = "the matrix is loaded and was not when the lock was made".to_owned();
            self.matrix_changed(&new.name, message);
        }
    }

    fn matrix_changed(&mut self, name: &str, message: String) {
        self.changed = true;
        let finding = Finding::new(Check::MatrixChanged, Severity::Warning, shown(name), message);
        self.findings.push(finding.hinting(
            "what follows is judged by the present matrices; `skew resolve --lock` makes a new lock",
        ));
    }

    /// Looks every release of the lock up.
    pub(super) fn place(&mut self) {
        for stated in &self.lock.packages {
            let Some(package) = self.package(&stated.name) else {
                continue;
            };
            let Some(rank) = self.release(package, stated) else {
                continue;
            };
            if self.members.insert(package, rank).is_some() {
                let message = "the lock has it twice".to_owned();
                self.error(Check::PackageUnfounded, &stated.name, message);
            }
        }
    }

    pub(super) fn package(&mut self, name: &str) -> Option<PackageIx> {
        let found = self.catalog.find(name);
        if found.is_none() {
            let known = self.catalog.packages().map(|(_, package)| package.name.as_str());
            let near = nearest(name, known).map(ToOwned::to_owned);
            let message = format!("no matrix has a package `{}`", shown(name));
            self.unknown(Check::PackageUnknown, name, message, near);
        }
        found
    }

    fn release(&mut self, package: PackageIx, stated: &PackageRecord) -> Option<Rank> {
        let known = self.catalog.package(package);
        let found = known.find(&stated.version);
        if found.is_none() {
            let versions = known.releases().iter().map(|release| release.version.text());
            let near = nearest(&stated.version, versions).map(ToOwned::to_owned);
            let message =
                format!("`{}` is no known release of {}", shown(&stated.version), known.name);
            self.unknown(Check::ReleaseUnknown, &stated.name, message, near);
        }
        found
    }

    fn unknown(&mut self, check: Check, subject: &str, message: String, near: Option<String>) {
        let finding = Finding::new(check, Severity::Error, shown(subject), message);
        self.findings.push(match near {
            Some(near) => finding.hinting(format!("did you mean `{near}`?")),
            None => finding,
        });
    }

    /// Returns true if the catalog has the lock's release of a package.
    pub(super) fn is_placed(&self, name: &str) -> bool {
        self.catalog.find(name).is_some_and(|package| self.members.contains_key(&package))
    }

    /// Returns the releases of the lock that the catalog has.
    pub(super) fn releases_of_lock(&self) -> Vec<ReleaseId> {
        self.members.iter().map(|(&package, &rank)| (package, rank)).collect()
    }
}

fn since(stated: &MatrixRecord, loaded: &MatrixRecord) -> String {
    let changed = "the matrix changed since the lock was made";
    if stated.as_of == loaded.as_of {
        changed.to_owned()
    } else {
        format!("{changed}: from {} to {}", day(stated), day(loaded))
    }
}

fn day(matrix: &MatrixRecord) -> String {
    matrix.as_of.as_deref().map_or_else(|| "no day".to_owned(), shown)
}
