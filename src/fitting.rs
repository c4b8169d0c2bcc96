//! Fitting: does a package file go with a release, by what it states itself and by the matrix?
//!
//! Two witnesses are heard. The file asks for versions of others: a wheel in its metadata, a Kestra plugin by
//! the format of its classes. The matrix may know what this very release needs, as with the core version that
//! no plugin states. Whoever says no decides; if nobody speaks of the package that is asked about, the
//! verdict is unknown.

use crate::answer::inspect::Loading;
use crate::binary::{Dependency, PackageFile, PackageIndex};
use crate::catalog::{Catalog, Need, NeedKind, PackageIx, PackageKind, ReleaseId};
use crate::finding::{Check, Finding, Severity, Verdict};
use crate::range::{Bare, Range};
use crate::version::Scheme;

/// Decides whether a package file goes with a release.
pub fn fits(catalog: &Catalog, host: ReleaseId, file: &PackageFile) -> Loading {
    let case = FileCheck {
        catalog,
        host,
        subject: format!("{} with {}", file.label(), catalog.label(host)),
    };
    let name = &catalog.package(host.0).name;
    let about = |dependency: &&Dependency| {
        package_of(catalog, file.index, &dependency.target) == Some(host.0)
    };
    let dependencies = file.dependencies.iter().filter(about);
    let own: Vec<_> = dependencies.filter_map(|dependency| case.own(file, dependency)).collect();
    let matrix = case.matrix(file);
    let unlisted = case.unlisted();
    let all = own.iter().chain(&matrix).chain(&unlisted);
    let verdict = all.map(|said| said.verdict).reduce(Verdict::and);
    let mut findings = FileCheck::joined(own, matrix);
    findings.extend(unlisted.and_then(|said| said.finding));
    // The decisive word first.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let verdict = verdict.unwrap_or_else(|| {
        let message = format!("neither the file nor a matrix says which {name} it goes with");
        findings.push(case.finding(Check::RequirementUnknown, Severity::Warning, message));
        Verdict::Unknown
    });
    Loading { engine: catalog.label(host), platform: None, verdict, findings }
}

/// Returns the package that an index has under a name: what a matrix says is known by it, else a package or
/// runtime of that name which can be meant. Of most products a package index has clients, which are not them.
pub fn package_of(catalog: &Catalog, index: PackageIndex, name: &str) -> Option<PackageIx> {
    let known = catalog.known_as(&format!("{}{name}", index.prefix()));
    let meant = |package: &PackageIx| {
        let stated = catalog.package(*package);
        let own = match index {
            PackageIndex::Pypi => stated.numbering.scheme() == Scheme::Pep440,
            PackageIndex::KestraPlugins => {
                stated.core.is_some_and(|core| catalog.package(core).name == "kestra")
            }
        };
        own || stated.kind == PackageKind::Runtime
    };
    known.or_else(|| catalog.find(name).filter(meant))
}

/// Returns every listed release of a package, oldest first.
pub fn known_releases(catalog: &Catalog, package: PackageIx) -> impl Iterator<Item = ReleaseId> {
    let stated = catalog.package(package);
    stated.ranks().filter(|&rank| stated.release(rank).is_listed()).map(move |rank| (package, rank))
}

/// The word of one witness: the file, or the matrix.
struct Testimony {
    verdict: Verdict,
    finding: Option<Finding>,
}

/// One file and one release.
struct FileCheck<'a> {
    catalog: &'a Catalog,
    host: ReleaseId,
    subject: String,
}

impl FileCheck<'_> {
    fn finding(&self, check: Check, severity: Severity, message: String) -> Finding {
        Finding::new(check, severity, self.subject.as_str(), message)
    }

    /// Says of a release that nobody lists that what is stated for an open range was not stated with it in mind.
    fn unlisted(&self) -> Option<Testimony> {
        let package = self.catalog.package(self.host.0);
        if package.release(self.host.1).is_listed() {
            return None;
        }
        let message = self.catalog.unlisted(self.host, &self.catalog.label(self.host));
        let finding = self.finding(Check::ReleaseUnlisted, Severity::Warning, message);
        Some(Testimony { verdict: Verdict::Unknown, finding: Some(finding) })
    }

    /// Hears what the file asks for. What it asks for an extra is nothing that must hold.
    fn own(&self, file: &PackageFile, dependency: &Dependency) -> Option<Testimony> {
        let marker = dependency.marker.as_deref();
        if marker.is_some_and(|marker| marker.contains("extra")) {
            return None;
        }
        let Dependency { range, place, .. } = dependency;
        if dependency.range.is_empty() {
            return Some(Testimony { verdict: Verdict::Compatible, finding: None });
        }
        let package = self.catalog.package(self.host.0);
        let unknown = |message: String| {
            let finding = self.finding(Check::RequirementUnknown, Severity::Warning, message);
            Some(Testimony { verdict: Verdict::Unknown, finding: Some(finding) })
        };
        let Ok(parsed) = Range::parse(&dependency.range, &package.numbering, Bare::Exact) else {
            return unknown(format!(
                "it asks for {} `{range}` ({place}), which is no range",
                package.name
            ));
        };
        if parsed.contains(package.version(self.host.1)) {
            return Some(Testimony { verdict: Verdict::Compatible, finding: None });
        }
        if let Some(marker) = marker {
            return unknown(format!(
                "it asks for {} {range} where `{marker}` ({place}), and {} is not among them",
                package.name,
                self.catalog.version(self.host)
            ));
        }
        let message = format!(
            "{} asks for {} {range} ({place}); {} is not among them",
            file.label(),
            package.name,
            self.catalog.version(self.host)
        );
        let finding = self.finding(Check::RequirementUnmet, Severity::Error, message);
        Some(Testimony { verdict: Verdict::Incompatible, finding: Some(finding) })
    }

    /// Returns what is to be said. Where the matrix says the same as the file, it is cited for it.
    fn joined(own: Vec<Testimony>, matrix: Vec<Testimony>) -> Vec<Finding> {
        let mut findings: Vec<_> = own.into_iter().filter_map(|said| said.finding).collect();
        for finding in matrix.into_iter().filter_map(|said| said.finding) {
            match findings.iter_mut().find(|known| known.code == finding.code) {
                Some(known) => known.cites.extend(finding.cites),
                None => findings.push(finding),
            }
        }
        findings
    }

    /// Hears what the matrix says of the release that the file is.
    fn matrix(&self, file: &PackageFile) -> Vec<Testimony> {
        let package = package_of(self.catalog, file.index, &file.name);
        let Some(package) = package else { return Vec::new() };
        let stated = self.catalog.package(package);
        let Some(rank) = stated.find(&file.version) else { return Vec::new() };
        let needs = stated.needs(rank).iter().filter(|need| need.target == self.host.0);
        needs.map(|need| self.need((package, rank), *need)).collect()
    }

    fn need(&self, release: ReleaseId, need: Need) -> Testimony {
        let constraint = self.catalog.constraint(need.constraint);
        let (label, asked) = (self.catalog.label(release), self.catalog.asked(constraint));
        let version = self.catalog.version(self.host);
        let named = constraint.allowed.contains(self.host.1);
        let (verdict, check, severity, message) = match need.kind {
            NeedKind::Conflicts if named => {
                let message = format!("{label} excludes {asked}");
                (Verdict::Incompatible, Check::PackagesConflict, Severity::Error, message)
            }
            NeedKind::Requires | NeedKind::Optional if !named => {
                if constraint.unknown.contains(self.host.1) {
                    let message =
                        format!("{label} needs {asked}; no fact says whether {version} has it");
                    (Verdict::Unknown, Check::RequirementUnknown, Severity::Warning, message)
                } else {
                    let message = format!("{label} needs {asked}; {version} is not among them");
                    (Verdict::Incompatible, Check::RequirementUnmet, Severity::Error, message)
                }
            }
            NeedKind::Conflicts | NeedKind::Requires | NeedKind::Optional => {
                return Testimony { verdict: Verdict::Compatible, finding: None };
            }
        };
        let cite = self.catalog.cite_for(need.fact, Some(release));
        Testimony { verdict, finding: Some(self.finding(check, severity, message).citing(cite)) }
    }
}
