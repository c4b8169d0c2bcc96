//! DuckDB extensions: which engines load them.

use std::path::Path;

use super::super::super::names::split;
use super::super::super::{Failure, files, spec};
use super::walk::{Found, Place};
use super::{Asked, ENGINE};
use crate::answer::inspect::{Inspected, Loading};
use crate::binary::{Artifact, BadNote, ExtensionFile, InstallNote};
use crate::catalog::{Catalog, Listing, PackageIx};
use crate::evidence::install_note;
use crate::finding::Verdict;
use crate::loading::{Host, known_hosts, loads, loads_installed};

/// Returns the engines that SPECs name: one release, every release of a line or range, or a commit.
fn hosts(catalog: &Catalog, package: PackageIx, asked: &Asked<'_>) -> Result<Vec<Host>, Failure> {
    let mut hosts = Vec::new();
    for text in asked.engines {
        let (name, version) = split(text);
        if spec::package(catalog, name)? != package {
            return Err(Failure::new(format!("{name} does not load extension files"))
                .hint(format!("--for takes {ENGINE}@VERSION")));
        }
        if let Some(number) = version.filter(|text| text.contains(".dev")) {
            return Err(not_a_name(number));
        }
        match version.and_then(|text| engine(catalog, package, text)) {
            Some(host) => hosts.push(host),
            None => hosts.extend(releases(catalog, package, text, version.is_some())?),
        }
    }
    Ok(hosts)
}

/// Refuses the number of a development build in a package index: files are built for the engine's own
/// name, and the two cannot be told from each other.
fn not_a_name(number: &str) -> Failure {
    Failure::new(format!("`{}` is a number that no engine calls itself by", number.escape_debug()))
        .hint("PRAGMA version prints the engine's name; of a development build give its commit")
}

/// Returns the releases of a SPEC; of a bare name the newest.
fn releases(
    catalog: &Catalog,
    package: PackageIx,
    text: &str,
    restricted: bool,
) -> Result<Vec<Host>, Failure> {
    if !restricted {
        let (_, rank) = spec::release(catalog, text)?;
        return Ok(vec![Host::of_release(catalog, package, rank)]);
    }
    let requirement = spec::requirement(catalog, text)?;
    Ok(requirement.releases.iter().map(|rank| Host::of_release(catalog, package, rank)).collect())
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

/// How the note of an installation is named, after the file that it lies beside.
const NOTE: &str = ".info";

/// The longest note that is read, in bytes.
const NOTE_LIMIT: usize = 1 << 20;

/// Returns what was noted when a file was installed. A note that is not there is none, and neither is one
/// that cannot be opened.
fn note(path: &Path) -> Option<Result<InstallNote, BadNote>> {
    let mut name = path.file_name()?.to_owned();
    name.push(NOTE);
    let path = path.with_file_name(name);
    let bytes = path.is_file().then(|| files::read(&path, NOTE_LIMIT).ok()).flatten()?;
    Some(install_note(&bytes))
}

/// Judges extensions.
pub(super) struct Judge<'a> {
    catalog: &'a Catalog,
    package: PackageIx,
    asked: &'a Asked<'a>,
    hosts: Vec<Host>,
    known: Vec<Host>,
}

impl<'a> Judge<'a> {
    /// Finds the engines that are asked about.
    pub(super) fn new(catalog: &'a Catalog, asked: &'a Asked<'a>) -> Result<Self, Failure> {
        let package = spec::package(catalog, ENGINE)?;
        let hosts = hosts(catalog, package, asked)?;
        let known =
            if asked.engines.is_empty() { known_hosts(catalog, package) } else { Vec::new() };
        Ok(Self { catalog, package, asked, hosts, known })
    }

    pub(super) fn file(&self, found: &Found, file: ExtensionFile) -> Inspected {
        let place = found.place.as_ref();
        let note = place.and_then(|_| note(&found.path));
        let platform = self.asked.platform.or(place.map(|place| place.platform.as_str()));
        let judge = |host: &Host| {
            let host = host.clone().on(platform).unsigned(self.asked.unsigned);
            let own = |place: &Place| host.identity.as_ref() == Some(&place.version);
            match &note {
                Some(note) if place.is_some_and(own) => {
                    loads_installed(self.catalog, &host, &file, note)
                }
                Some(_) | None => loads(self.catalog, &host, &file),
            }
        };
        let own = place.filter(|_| self.asked.engines.is_empty());
        let own = own.and_then(|place| self.of_place(place));
        let asked: Vec<_> = self.hosts.iter().chain(&own).map(judge).collect();
        let known: Vec<_> = self.known.iter().map(judge).collect();
        let verdicts =
            |engines: &[Loading]| engines.iter().map(|one| one.verdict).collect::<Vec<_>>();
        let verdict = if asked.is_empty() {
            verdicts(&known).into_iter().fold(Verdict::Incompatible, Verdict::or)
        } else {
            verdicts(&asked).into_iter().fold(Verdict::Compatible, Verdict::and)
        };
        let path = files::name(&found.path);
        Inspected { path, file: Artifact::Extension(file), verdict, asked, known }
    }

    /// Returns the engine that looks into a folder.
    fn of_place(&self, place: &Place) -> Option<Host> {
        let stated = self.catalog.package(self.package);
        match stated.find(&place.version) {
            Some(rank) => Some(Host::of_release(self.catalog, self.package, rank)),
            None => Host::of_commit(self.catalog, self.package, &place.version),
        }
    }
}
