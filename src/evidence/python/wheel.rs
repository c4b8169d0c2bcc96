//! Wheels: the metadata in a zip file.

use super::metadata::{METADATA_LIMIT, Metadata};
use crate::binary::Wheel;
use crate::evidence::archive::Archive;
use crate::evidence::packages::{of_entry, of_file};
use crate::problem::{Problem, ProblemCode, Problems, shown};
use crate::sighting::{Origin, Place, Stated};

/// How the folder of metadata ends, and the file in it.
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

/// Whether an entry is the metadata of a wheel.
pub(in crate::evidence) fn is_metadata(name: &str) -> bool {
    let folder = name.strip_suffix(METADATA);
    folder.is_some_and(|folder| !folder.is_empty() && !folder.contains('/'))
}
