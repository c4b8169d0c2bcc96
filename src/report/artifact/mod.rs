//! What the writers say of an inspected file: one row for each kind.

mod extension;
mod package;
mod words;

use crate::answer::inspect::Inspected;
use crate::binary::Artifact;

pub(super) use words::Words;

/// Returns the words of a file.
pub(super) fn words(inspected: &Inspected) -> Words {
    match &inspected.file {
        Artifact::Extension(file) => extension::words(file),
        Artifact::PluginJar(jar) => package::jar(jar),
        Artifact::Wheel(wheel) => package::wheel(wheel),
    }
}
