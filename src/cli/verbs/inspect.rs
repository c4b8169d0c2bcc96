//! `inspect`: what is this file, and which releases take it?

mod engines;
mod packages;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::args::Common;
use super::super::names::split;
use super::super::output::Printed;
use super::super::{Failure, files, world};
use super::finish;
use crate::answer::inspect::Inspected;
use crate::answer::{Answer, Body};
use crate::binary::{Artifact, PackageFile, PackageIndex};
use crate::catalog::Catalog;
use crate::evidence::{ARCHIVE_LIMIT, ARCHIVE_START, ExtensionReader, package_file};
use crate::finding::{Check, Finding, Severity, Verdict};
use crate::input::Input;
use walk::{Found, is_package};

/// The package that loads extensions.
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
) -> Result<Printed, Failure> {
    let mut read = Vec::new();
    let mut unread = Vec::new();
    for one in walk::files(paths)? {
        match artifact(&one.path) {
            Ok(artifact) if one.named || concerned(asked, &artifact) => read.push((one, artifact)),
            Ok(_) => {}
            // A file that was named must be readable; of a folder the rest is still of use.
            Err(failure) if one.named => return Err(failure),
            Err(failure) => unread.push(Finding::new(
                Check::FileUnread,
                Severity::Warning,
                files::name(&one.path),
                failure.reason(),
            )),
        }
    }
    let catalog = load(common, asked, &read)?;
    let inspected = judged(&catalog, asked, read)?;
    let all = inspected.iter().map(|file| file.verdict);
    let start = if unread.is_empty() { Verdict::Compatible } else { Verdict::Unknown };
    let verdict = all.fold(start, Verdict::and);
    let findings = inspected.iter().flat_map(Inspected::findings).cloned().chain(unread).collect();
    let body = Body::Inspect(inspected);
    let command = "inspect";
    finish(
        common,
        Answer { catalog: Arc::new(catalog), command, verdict: Some(verdict), findings, body },
    )
}

/// Judges each file by the rules of its kind. Rules are made ready only if a file needs them.
fn judged(
    catalog: &Catalog,
    asked: &Asked<'_>,
    read: Vec<(Found, Artifact)>,
) -> Result<Vec<Inspected>, Failure> {
    let is_extension = |artifact: &Artifact| matches!(artifact, Artifact::Extension(_));
    let some = read.iter().any(|(_, artifact)| is_extension(artifact));
    let engines = some.then(|| engines::Judge::new(catalog, asked)).transpose()?;
    let some = read.iter().any(|(_, artifact)| !is_extension(artifact));
    let packages = some.then(|| packages::Judge::new(catalog, asked)).transpose()?;
    let mut inspected = Vec::new();
    for (found, artifact) in read {
        inspected.extend(match artifact {
            Artifact::Extension(file) => engines.as_ref().map(|judge| judge.file(&found, file)),
            package @ (Artifact::PluginJar(_) | Artifact::Wheel(_)) => {
                packages.as_ref().map(|judge| judge.file(&found, package)).transpose()?
            }
        });
    }
    Ok(inspected)
}

/// Whether a file that was found in a folder has to do with what was asked about: an extension with engines,
/// a package with anything else.
fn concerned(asked: &Asked<'_>, artifact: &Artifact) -> bool {
    let is_extension = matches!(artifact, Artifact::Extension(_));
    let concerns = |text: &String| (split(text).0 == ENGINE) == is_extension;
    asked.engines.is_empty() || asked.engines.iter().any(concerns)
}

/// Loads the matrices, with the versions that somebody asks about or that files state.
fn load(
    common: &Common,
    asked: &Asked<'_>,
    read: &[(Found, Artifact)],
) -> Result<Catalog, Failure> {
    let mut specs: Vec<String> = asked.engines.to_vec();
    for (found, artifact) in read {
        if let Some(package) = stated_by(artifact) {
            specs.push(format!("{}@{}", package.name, package.version));
            specs.extend(package.dependencies.iter().map(|ask| ask.target.clone()));
            if package.index == PackageIndex::KestraPlugins {
                // Its artifacts have other names than the packages, which the matrix knows.
                specs.push("kestra".to_owned());
            }
        } else {
            let place = found.place.as_ref();
            specs.extend(place.map(|place| format!("{ENGINE}@{}", place.version)));
            specs.push(ENGINE.to_owned());
        }
    }
    specs.sort();
    specs.dedup();
    world::for_specs(common, specs.iter().map(String::as_str))
}

/// Returns what a package states; `None` for an extension.
fn stated_by(artifact: &Artifact) -> Option<&PackageFile> {
    match artifact {
        Artifact::Extension(_) => None,
        Artifact::PluginJar(jar) => Some(&jar.package),
        Artifact::Wheel(wheel) => Some(&wheel.package),
    }
}

/// How many bytes are read at a time.
const PIECE: usize = 1 << 16;

/// Reads a file of any kind. Its name or its first bytes tell whether it is an archive, which is held in
/// memory; an extension may be longer than that and goes through piece by piece.
fn artifact(path: &Path) -> Result<Artifact, Failure> {
    let named = is_package(path);
    let mut archive: Option<Vec<u8>> = named.then(Vec::new);
    let name = path.file_name().filter(|_| path.as_os_str() != "-");
    let mut reader = ExtensionReader::new(name.map(|name| name.to_string_lossy()).as_deref());
    let mut first = true;
    files::pieces(path, PIECE, |piece| {
        if first && !walk::is_extension(path) && piece.starts_with(ARCHIVE_START) {
            archive = Some(Vec::new());
        }
        first = false;
        match &mut archive {
            // One byte too many tells the reader that there are too many.
            Some(bytes) if bytes.len() <= ARCHIVE_LIMIT => bytes.extend_from_slice(piece),
            Some(_) => {}
            None => reader.push(piece),
        }
    })?;
    match archive {
        Some(bytes) => Ok(package_file(&Input { name: &files::name(path), bytes: &bytes })?),
        None => Ok(Artifact::Extension(reader.finish())),
    }
}
