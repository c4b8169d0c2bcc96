//! Packages: which releases of what they ask for they go with.

use std::collections::BTreeSet;

use super::subject::{ENGINE, stated_by};
use crate::answer::inspect::{Inspected, Loading};
use crate::api::lookup::Lookup;
use crate::binary::{Artifact, PackageFile};
use crate::catalog::{Catalog, PackageIx, PackageKind, ReleaseId};
use crate::failure::Failure;
use crate::finding::Verdict;
use crate::fitting::{fits, known_releases, package_of};
use crate::query::{InspectQuery, InspectedFile};

/// The packages that Kestra plugins are judged by.
const PLUGIN_HOSTS: [&str; 2] = ["kestra", "java"];

/// Judges packages.
pub(super) struct Judge<'a> {
    catalog: &'a Catalog,
    asked: Vec<(&'a str, Vec<ReleaseId>)>,
}

impl<'a> Judge<'a> {
    /// Finds the releases that are asked about: one, or every one of a line or range.
    pub(super) fn new(lookup: Lookup<'a>, query: &'a InspectQuery) -> Result<Self, Failure> {
        let mut all = Vec::new();
        for spec in &query.hosts {
            let package = lookup.package(spec)?;
            let releases = if spec.version().is_some() {
                let requirement = lookup.requirement(spec)?;
                requirement.meant().iter().map(|rank| (package, rank)).collect()
            } else {
                vec![lookup.release(spec)?]
            };
            all.push((spec.name(), releases));
        }
        Ok(Self { catalog: lookup.catalog, asked: all })
    }

    pub(super) fn file(&self, found: &InspectedFile, file: Artifact) -> Result<Inspected, Failure> {
        let path = found.file.name.clone();
        self.check(&path, &file)?;
        let Some(package) = stated_by(&file) else {
            return Ok(Inspected {
                path,
                file,
                verdict: Verdict::Unknown,
                asked: vec![],
                known: vec![],
            });
        };
        let judge = |release: ReleaseId| fits(self.catalog, release, package);
        let asked: Vec<Loading> =
            self.asked.iter().flat_map(|(_, releases)| releases).map(|&one| judge(one)).collect();
        let mut verdict = asked.iter().map(|one| one.verdict).reduce(Verdict::and);
        let mut known = Vec::new();
        if self.asked.is_empty() {
            for host in self.hosts(package) {
                let every: Vec<_> = known_releases(self.catalog, host).map(judge).collect();
                // Of each package one release must take it.
                let some = every.iter().map(|one| one.verdict).reduce(Verdict::or);
                verdict = verdict.into_iter().chain(some).reduce(Verdict::and);
                known.extend(every);
            }
        }
        Ok(Inspected { path, file, verdict: verdict.unwrap_or(Verdict::Unknown), asked, known })
    }

    /// Refuses what files of this kind have nothing to do with.
    fn check(&self, path: &str, file: &Artifact) -> Result<(), Failure> {
        let stranger = |name: &&str| match file {
            Artifact::PluginJar(_) => !PLUGIN_HOSTS.contains(name),
            Artifact::Wheel(_) | Artifact::Extension(_) => *name == ENGINE,
        };
        let (kind, hosts) = match file {
            Artifact::PluginJar(_) => ("a Kestra plugin", "kestra@VERSION and java@VERSION"),
            Artifact::Wheel(_) | Artifact::Extension(_) => {
                ("a Python package", "packages such as dagster@VERSION, and python@VERSION")
            }
        };
        match self.asked.iter().map(|(name, _)| *name).find(stranger) {
            Some(name) => Err(Failure::new(format!("{name} does not load {path}, {kind}"))
                .hint(format!("--for takes {hosts}"))),
            None => Ok(()),
        }
    }

    /// Returns the cores and runtimes that a file, or the matrix about it, asks for.
    fn hosts(&self, file: &PackageFile) -> BTreeSet<PackageIx> {
        let own = file
            .dependencies
            .iter()
            .filter_map(|ask| package_of(self.catalog, file.index, &ask.target));
        let release = package_of(self.catalog, file.index, &file.name).and_then(|package| {
            Some((package, self.catalog.package(package).find(&file.version)?))
        });
        let needs = release.map(|(package, rank)| self.catalog.package(package).needs(rank));
        let stated = needs.into_iter().flatten().map(|need| need.target);
        let hosts = |package: &PackageIx| {
            let kind = self.catalog.package(*package).kind;
            matches!(kind, PackageKind::Core | PackageKind::Runtime)
        };
        own.chain(stated).filter(hosts).collect()
    }
}
