//! What the files of `inspect` are about.

use crate::binary::{Artifact, PackageFile};

/// The package that loads extensions.
pub(super) const ENGINE: &str = "duckdb";

/// Returns what a package states; `None` for an extension.
pub(super) fn stated_by(artifact: &Artifact) -> Option<&PackageFile> {
    match artifact {
        Artifact::Extension(_) => None,
        Artifact::PluginJar(jar) => Some(&jar.package),
        Artifact::Wheel(wheel) => Some(&wheel.package),
    }
}
