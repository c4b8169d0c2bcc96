//! DuckDB extensions: which engines load them.

use super::subject::ENGINE;
use crate::answer::inspect::{Inspected, Loading};
use crate::api::lookup::Lookup;
use crate::binary::{Artifact, BadNote, ExtensionFile, InstallNote};
use crate::catalog::{Catalog, Listing, PackageIx};
use crate::evidence::install_note;
use crate::failure::Failure;
use crate::finding::Verdict;
use crate::loading::{Host, known_hosts, loads, loads_installed};
use crate::query::{InspectQuery, InspectedFile, Placement};
use crate::spec::Spec;

/// Returns the engines that SPECs name: one release, every release of a line or range, or a commit.
fn hosts(
    lookup: Lookup<'_>,
    package: PackageIx,
    query: &InspectQuery,
) -> Result<Vec<Host>, Failure> {
    let mut hosts = Vec::new();
    for spec in &query.hosts {
        if lookup.package(spec)? != package {
            return Err(Failure::new(format!("{} does not load extension files", spec.name()))
                .hint(format!("--for takes {ENGINE}@VERSION")));
        }
        if let Some(number) = spec.version().filter(|text| text.contains(".dev")) {
            return Err(not_a_name(number));
        }
        match spec.version().and_then(|text| engine(lookup.catalog, package, text)) {
            Some(host) => hosts.push(host),
            None => hosts.extend(releases(lookup, package, spec)?),
        }
    }
    Ok(hosts)
}

/// Refuses the number of a development build in a package index: files are built for the engine's own
/// name, and the two cannot be told from each other.
fn not_a_name(number: &str) -> Failure {
    Failure::new(format!("`{number}` is a number that no engine calls itself by"))
        .hint("PRAGMA version prints the engine's name; of a development build give its commit")
}

/// Returns the releases of a SPEC; of a bare name the newest.
fn releases(lookup: Lookup<'_>, package: PackageIx, spec: &Spec) -> Result<Vec<Host>, Failure> {
    let host = |rank| Host::of_release(lookup.catalog, package, rank);
    if spec.version().is_none() {
        return Ok(vec![host(lookup.release(spec)?.1)]);
    }
    Ok(lookup.requirement(spec)?.meant().iter().map(host).collect())
}

/// Returns the engine that a text names by itself: a commit, or a build that no list has.
fn engine(catalog: &Catalog, package: PackageIx, text: &str) -> Option<Host> {
    let stated = catalog.package(package);
    let Some(rank) = stated.find(text) else {
        return Host::of_commit(catalog, package, text);
    };
    let release = stated.release(rank);
    // Of a complete list only builds before a release are missing.
    let early = release.version.is_prerelease() || stated.listing == Listing::Partial;
    (!release.is_listed() && early).then(|| Host::of_release(catalog, package, rank))
}

/// Judges extensions.
pub(super) struct Judge<'a> {
    catalog: &'a Catalog,
    package: PackageIx,
    query: &'a InspectQuery,
    hosts: Vec<Host>,
    known: Vec<Host>,
}

impl<'a> Judge<'a> {
    /// Finds the engines that are asked about.
    pub(super) fn new(lookup: Lookup<'a>, query: &'a InspectQuery) -> Result<Self, Failure> {
        let package = lookup.package(&Spec::named(ENGINE))?;
        let hosts = hosts(lookup, package, query)?;
        let catalog = lookup.catalog;
        let known = if hosts.is_empty() { known_hosts(catalog, package) } else { Vec::new() };
        Ok(Self { catalog, package, query, hosts, known })
    }

    pub(super) fn file(&self, found: &InspectedFile, file: ExtensionFile) -> Inspected {
        let place = found.placement.as_ref();
        let note = found.note.as_ref().filter(|_| place.is_some());
        let note = note.map(|note| install_note(&note.bytes));
        let own = place.filter(|_| self.query.hosts.is_empty());
        let own = own.and_then(|place| self.of_place(place));
        let judge = |host: &Host| self.loading(host, &file, place, note.as_ref());
        let asked: Vec<_> = self.hosts.iter().chain(&own).map(judge).collect();
        let known: Vec<_> = self.known.iter().map(judge).collect();
        let verdicts = |engines: &[Loading], start, join: fn(Verdict, Verdict) -> Verdict| {
            engines.iter().map(|one| one.verdict).fold(start, join)
        };
        let verdict = if asked.is_empty() {
            verdicts(&known, Verdict::Incompatible, Verdict::or)
        } else {
            verdicts(&asked, Verdict::Compatible, Verdict::and)
        };
        let path = found.file.name.clone();
        Inspected { path, file: Artifact::Extension(file), verdict, asked, known }
    }

    fn loading(
        &self,
        host: &Host,
        file: &ExtensionFile,
        place: Option<&Placement>,
        note: Option<&Result<InstallNote, BadNote>>,
    ) -> Loading {
        let platform = self.query.platform.as_deref();
        let platform = platform.or(place.map(|place| place.platform.as_str()));
        let host = host.clone().on(platform).unsigned(self.query.unsigned);
        let own = place.is_some_and(|place| host.identity.as_ref() == Some(&place.version));
        match note.filter(|_| own) {
            Some(note) => loads_installed(self.catalog, &host, file, note),
            None => loads(self.catalog, &host, file),
        }
    }

    /// Returns the engine that looks into a folder.
    fn of_place(&self, place: &Placement) -> Option<Host> {
        let stated = self.catalog.package(self.package);
        match stated.find(&place.version) {
            Some(rank) => Some(Host::of_release(self.catalog, self.package, rank)),
            None => Host::of_commit(self.catalog, self.package, &place.version),
        }
    }
}
