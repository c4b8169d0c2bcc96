//! Package files: which kind an archive is, by what is in it.

use super::archive::Archive;
use super::kestra::plugin_jar;
use super::python;
use crate::binary::Artifact;
use crate::input::Input;
use crate::problem::{Problem, Problems};

/// Reads a package file: a wheel if it has the metadata of one, else a Kestra plugin.
///
/// # Errors
///
/// Returns what keeps it from being either.
pub fn package_file(input: &Input<'_>) -> Result<Artifact, Problems> {
    let mut archive = Archive::open(input.bytes).map_err(|problem| of_file(input.name, problem))?;
    let ends = |end: &str| input.name.to_ascii_lowercase().ends_with(end);
    let has_metadata = archive.names().iter().any(|name| python::is_metadata(name));
    if ends(".whl") || (has_metadata && !ends(".jar")) {
        python::wheel(input.name, &mut archive).map(|(wheel, _)| Artifact::Wheel(wheel))
    } else {
        plugin_jar(input.name, &mut archive).map(|(jar, _)| Artifact::PluginJar(jar))
    }
}

/// Describes a problem of an archive as a whole: its bytes are no text to show.
pub(super) fn of_file(name: &str, problem: Problem) -> Problems {
    Problems { files: vec![(name.to_owned(), String::new())], list: vec![problem] }
}

/// Describes a problem of an entry.
pub(super) fn of_entry(name: &str, text: &str, problem: Problem) -> Problems {
    Problems { files: vec![(name.to_owned(), text.to_owned())], list: vec![problem] }
}

/// Adds problems of one file to those of others.
pub(super) fn join(all: &mut Problems, more: Problems) {
    let before = all.files.len();
    all.files.extend(more.files);
    let moved = more.list.into_iter().map(|one| Problem { file: one.file + before, ..one });
    all.list.extend(moved);
}
