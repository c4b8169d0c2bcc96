//! `inspect`: does this extension binary load?

mod walk;

use std::path::{Path, PathBuf};

use super::super::args::Common;
use super::super::names::split;
use super::super::output::Answer;
use super::super::{Failure, files, spec, world};
use super::finish;
use crate::answer::inspect::{Inspected, Loading};
use crate::binary::{BadNote, ExtensionFile, InstallNote};
use crate::catalog::{Catalog, Listing, PackageIx};
use crate::evidence::{ExtensionReader, install_note};
use crate::finding::{Check, Finding, Severity, Verdict};
use crate::loading::{Host, known_hosts, loads, loads_installed};
use crate::report::{Body, Report};
use walk::{Found, Place};

/// The package whose extensions are read.
const ENGINE: &str = "duckdb";

/// What was asked about.
pub(super) struct Asked<'a> {
    pub(super) engines: &'a [String],
    pub(super) platform: Option<&'a str>,
    pub(super) unsigned: bool,
}

pub(super) fn run(
    common: &Common,
    paths: &[PathBuf],
    asked: &Asked<'_>,
) -> Result<Answer, Failure> {
    let found = walk::files(paths)?;
    let catalog = load(common, asked, &found)?;
    let package = spec::package(&catalog, ENGINE)?;
    let hosts = hosts(&catalog, package, asked)?;
    let known = if asked.engines.is_empty() { known_hosts(&catalog, package) } else { Vec::new() };
    let judge = Judge { catalog: &catalog, package, asked, hosts, known };
    let mut inspected = Vec::new();
    let mut unread = Vec::new();
    for one in &found {
        match read(&one.path) {
            Ok(file) => inspected.push(judge.file(one, file)),
            // A file that was named must be readable; of a folder the rest is still of use.
            Err(failure) if one.named => return Err(failure),
            Err(failure) => unread.push(Finding::new(
                Check::FileUnread,
                Severity::Warning,
                files::name(&one.path),
                failure.message,
            )),
        }
    }
    let all = inspected.iter().map(|file| file.verdict);
    let start = if unread.is_empty() { Verdict::Compatible } else { Verdict::Unknown };
    let verdict = all.fold(start, Verdict::and);
    let findings = inspected.iter().flat_map(Inspected::findings).cloned().chain(unread).collect();
    let body = Body::Inspect(inspected);
    let command = "inspect";
    finish(common, Report { catalog: &catalog, command, verdict: Some(verdict), findings, body })
}

/// Loads the matrices, with the versions that somebody asks about or that name a folder.
fn load(common: &Common, asked: &Asked<'_>, found: &[Found]) -> Result<Catalog, Failure> {
    let folders = found.iter().filter_map(|one| one.place.as_ref());
    let folders = folders.map(|place| format!("{ENGINE}@{}", place.version));
    let mut specs: Vec<String> = asked.engines.iter().cloned().chain(folders).collect();
    specs.push(ENGINE.to_owned());
    specs.sort();
    specs.dedup();
    world::for_specs(common, specs.iter().map(String::as_str))
}

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
    let wish = spec::wish(catalog, text)?;
    Ok(wish.releases.iter().map(|rank| Host::of_release(catalog, package, rank)).collect())
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

/// How many bytes are read at a time.
const PIECE: usize = 1 << 16;

fn read(path: &Path) -> Result<ExtensionFile, Failure> {
    let name = path.file_name().filter(|_| path.as_os_str() != "-");
    let mut reader = ExtensionReader::new(name.map(|name| name.to_string_lossy()).as_deref());
    files::pieces(path, PIECE, |piece| reader.push(piece))?;
    Ok(reader.finish())
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

/// Judges files.
struct Judge<'a> {
    catalog: &'a Catalog,
    package: PackageIx,
    asked: &'a Asked<'a>,
    hosts: Vec<Host>,
    known: Vec<Host>,
}

impl Judge<'_> {
    fn file(&self, found: &Found, file: ExtensionFile) -> Inspected {
        let place = found.place.as_ref();
        let note = place.and_then(|_| note(&found.path));
        let platform = self.asked.platform.or(place.map(|place| place.platform.as_str()));
        let judge = |host: &Host| {
            let host = host.clone().on(platform).unsigned(self.asked.unsigned);
            match &note {
                Some(note)
                    if place
                        .is_some_and(|place| host.identity.as_ref() == Some(&place.version)) =>
                {
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
        Inspected { path: files::name(&found.path), file, verdict, asked, known }
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
