//! Wheels: the metadata in a zip file.

use std::collections::BTreeMap;

use super::environment::{Environment, StatedPackage, observation};
use super::metadata::{METADATA_LIMIT, Metadata};
use crate::binary::Wheel;
use crate::evidence::archive::Archive;
use crate::evidence::lines::base_name;
use crate::evidence::problems::{join, of_entry, of_file};
use crate::evidence::saved::{Saved, Take};
use crate::input::Input;
use crate::observation::{Observation, Origin, Place, Stated};
use crate::problem::{Problem, ProblemCode, Problems, shown};

/// The end of names of wheels.
const WHEEL: &str = ".whl";

/// The end of the path to the metadata.
const METADATA: &str = ".dist-info/METADATA";

/// Reads a wheel.
///
/// # Errors
///
/// Returns what keeps it from being a wheel.
pub(in crate::evidence) fn wheel(
    file: &str,
    archive: &mut Archive<'_>,
) -> Result<(Wheel, Stated), Problems> {
    let of_file = |problem| of_file(file, problem);
    let entry = metadata_entry(archive.names()).map_err(of_file)?;
    let bytes = archive.entry(entry, METADATA_LIMIT).map_err(of_file)?;
    let name = format!("{}: {}", file, archive.names()[entry]);
    let text = String::from_utf8_lossy(&bytes);
    let read =
        Metadata::parse("METADATA", &text).map_err(|problem| of_entry(&name, &text, problem))?;
    let origin = Origin { file: name, place: Place::Line(read.version_line) };
    let version = Stated { text: read.wheel.package.version.clone(), origin };
    Ok((read.wheel, version))
}

/// Returns the entry with the metadata: there is one folder for it, at the top.
fn metadata_entry(names: &[String]) -> Result<usize, Problem> {
    let found: Vec<_> = (0..names.len()).filter(|&ix| is_metadata(&names[ix])).collect();
    let problem = |message: String| Problem::of_file(ProblemCode::Shape, message);
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(problem(format!(
            "expected a wheel, which has an entry `NAME{METADATA}`; none of the {} entries is one",
            names.len()
        ))),
        [first, second, ..] => Err(problem(format!(
            "expected the metadata of one package, found {} and {}",
            shown(&names[*first]),
            shown(&names[*second])
        ))),
    }
}

/// Reads name and version from the file name of a wheel, at the end of a path or an address.
pub(super) fn named_by(address: &str) -> Option<(String, String)> {
    let path = address.split(['#', '?', ' ', ';']).next()?;
    let file = path.rsplit(['/', '\\']).next()?.strip_suffix(WHEEL)?;
    let parts: Vec<_> = file.split('-').collect();
    let [name, version, _, ..] = parts.as_slice() else { return None };
    let plain = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._!+".contains(&byte))
    };
    // A plus sign is written as `%2B` in addresses.
    let version = version.replace("%2B", "+").replace("%2b", "+");
    let whole = matches!(parts.len(), 5 | 6)
        && !name.is_empty()
        && version.starts_with(|c: char| c.is_ascii_digit());
    (whole && plain(name) && plain(&version)).then(|| ((*name).to_owned(), version))
}

/// Takes wheels, by their names.
pub(in crate::evidence) fn takes_wheels(path: &str, named: bool) -> Take {
    if named || path.ends_with(WHEEL) { Take::Bytes } else { Take::Nothing }
}

/// Returns whether a file is a wheel, by its name.
pub(in crate::evidence) fn looks_like_wheel(input: &Input<'_>) -> bool {
    input.name.ends_with(WHEEL)
}

/// Reads the wheels of each folder as one node.
pub(in crate::evidence) fn wheels(saved: &Saved<'_>) -> Result<Observation, Problems> {
    let mut folders: BTreeMap<&str, Vec<StatedPackage>> = BTreeMap::new();
    let mut problems = Problems::default();
    for input in saved.inputs {
        let read = Archive::open(input.bytes)
            .map_err(|problem| of_file(input.name, problem))
            .and_then(|mut archive| wheel(input.name, &mut archive));
        match read {
            Ok((wheel, version)) => {
                let folder = input.name.rsplit_once('/').map_or("", |(folder, _)| folder);
                let Stated { text, origin } = version;
                let package = StatedPackage {
                    name: wheel.package.name,
                    version: Ok(text),
                    doubt: None,
                    origin,
                };
                folders.entry(folder).or_default().push(package);
            }
            Err(more) => join(&mut problems, more),
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    let environments = folders.into_iter().map(|(folder, packages)| {
        let name = Some(base_name(folder)).filter(|name| !name.is_empty()).unwrap_or("wheels");
        Environment { name: name.to_owned(), packages, python: None }
    });
    Ok(observation(saved, environments.collect(), Vec::new()))
}

/// Returns whether an entry is the metadata of a wheel.
pub(in crate::evidence) fn is_metadata(name: &str) -> bool {
    let folder = name.strip_suffix(METADATA);
    folder.is_some_and(|folder| !folder.is_empty() && !folder.contains('/'))
}
