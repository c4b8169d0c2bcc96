//! Package files: which kind an archive is, by what is in it.

use super::archive::Archive;
use super::kestra::plugin_jar;
use super::problems::of_file;
use super::python;
use crate::binary::Artifact;
use crate::input::Input;
use crate::problem::Problems;

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
