//! Installed packages: folders of `NAME.dist-info`, as in `site-packages`.
//!
//! Each package has its metadata there; `direct_url.json` says that it was not taken from an index, and
//! `pyvenv.cfg` at the top of a virtual environment which Python it was made for.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::environment::{Doubt, Environment, StatedPackage, observation};
use super::metadata::{METADATA_LIMIT, Metadata};
use crate::evidence::lines::{Lines, base_name};
use crate::evidence::saved::{Saved, Take};
use crate::input::{Input, described};
use crate::observation::{Observation, Origin, Place, Stated};
use crate::problem::{Problem, ProblemCode, Problems};

/// The ends of paths to metadata: of wheels, and as setuptools wrote them before.
const METADATA: [&str; 2] = [".dist-info/METADATA", ".egg-info/PKG-INFO"];

/// Where it came from.
const DIRECT: &str = ".dist-info/direct_url.json";

/// The file at the top of a virtual environment.
const VENV: &str = "pyvenv.cfg";

/// Takes the files that tell something.
pub(in crate::evidence) fn takes_installed(path: &str, named: bool) -> Take {
    let tells = is_metadata(path) || path.ends_with(DIRECT) || base_name(path) == VENV;
    if named || tells { Take::Bytes } else { Take::Nothing }
}

fn is_metadata(path: &str) -> bool {
    METADATA.iter().any(|end| path.ends_with(end))
}

/// Returns whether a file is the metadata of an installed package, by its path.
pub(in crate::evidence) fn looks_like_installed(input: &Input<'_>) -> bool {
    is_metadata(input.name)
}

/// Reads each folder of packages as one node.
pub(in crate::evidence) fn installed(saved: &Saved<'_>) -> Result<Observation, Problems> {
    let mut folders: BTreeMap<&str, Vec<StatedPackage>> = BTreeMap::new();
    let mut problems = Vec::new();
    let direct = saved.inputs.iter().filter(|input| input.name.ends_with(DIRECT));
    let sources = direct.filter(|input| is_source(input.bytes)).map(|input| input.name).collect();
    for (file, input) in saved.inputs.iter().enumerate() {
        if base_name(input.name) == VENV || input.name.ends_with(DIRECT) {
            continue;
        }
        match package(input, &sources) {
            Ok(package) => folders.entry(place(input.name)).or_default().push(package),
            Err(problem) => problems.push(Problem { file, ..problem }),
        }
    }
    if problems.is_empty() && folders.is_empty() {
        let message =
            "expected metadata of installed packages, `NAME.dist-info/METADATA`".to_owned();
        problems.push(Problem::of_file(ProblemCode::Shape, message));
    }
    if !problems.is_empty() {
        return Err(described(saved.inputs, problems));
    }
    let tops: Vec<_> = saved.inputs.iter().filter(|one| base_name(one.name) == VENV).collect();
    let environments = folders.into_iter().map(|(folder, packages)| Environment {
        name: named(folder),
        packages,
        python: python(folder, &tops),
    });
    Ok(observation(saved, environments.collect(), Vec::new()))
}

fn package(input: &Input<'_>, sources: &BTreeSet<&str>) -> Result<StatedPackage, Problem> {
    let limit = usize::try_from(METADATA_LIMIT).unwrap_or(usize::MAX);
    if input.bytes.len() > limit {
        let message = format!("the metadata has more than {limit} bytes");
        return Err(Problem::of_file(ProblemCode::TooLarge, message));
    }
    let text = String::from_utf8_lossy(input.bytes);
    let read = Metadata::parse("METADATA", &text)?;
    let origin = Origin { file: input.name.to_owned(), place: Place::Line(read.version_line) };
    let package = read.wheel.package;
    let direct =
        input.name.strip_suffix("METADATA").map(|folder| format!("{folder}direct_url.json"));
    let doubt = direct.filter(|name| sources.contains(name.as_str())).map(|_| Doubt::FromSource);
    Ok(StatedPackage { name: package.name, version: Ok(package.version), doubt, origin })
}

/// The contents of `direct_url.json`; an archive is as certain as an index.
#[derive(Deserialize)]
struct Direct {
    dir_info: Option<serde::de::IgnoredAny>,
    vcs_info: Option<serde::de::IgnoredAny>,
}

/// Returns whether a package was installed from a folder or a repository. What cannot be read says nothing else.
fn is_source(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Direct>(bytes)
        .map_or(true, |direct| direct.dir_info.is_some() || direct.vcs_info.is_some())
}

/// Returns the folder in which a package lies.
fn place(path: &str) -> &str {
    let info = path.rsplit_once('/').map_or("", |(info, _)| info);
    info.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Returns a name for a folder: of a virtual environment its own one.
fn named(folder: &str) -> String {
    let parts: Vec<_> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let name = match parts.as_slice() {
        [.., venv, "lib" | "lib64", _, "site-packages"] | [.., venv, "Lib", "site-packages"] => {
            venv
        }
        [.., last] => last,
        [] => "site-packages",
    };
    name.to_owned()
}

/// Returns the version of Python that the virtual environment around a folder was made for; `tops` are
/// the files at the top of such environments.
fn python(folder: &str, tops: &[&Input<'_>]) -> Option<Stated> {
    let is_around =
        |input: &&&Input<'_>| folder.starts_with(input.name.strip_suffix(VENV).unwrap_or_default());
    // Of nested ones the inner.
    let around = tops.iter().filter(is_around).max_by_key(|input| input.name.len())?;
    let text = std::str::from_utf8(around.bytes).ok()?;
    let lines = Lines::new(around.name, text);
    let value = |key: &str| {
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        let mut values =
            pairs.filter(|(name, _)| name.trim() == key).map(|(_, value)| value.trim());
        values.next()
    };
    let full = value("version_info").or_else(|| value("version"))?;
    // `3.11.7.final.0` in some.
    let version = full.strip_suffix(".final.0").unwrap_or(full);
    let numbers = version.split('.').all(|part| part.parse::<u16>().is_ok());
    (numbers && version.split('.').count() == 3).then(|| lines.stated(version, full))
}
