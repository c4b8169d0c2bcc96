//! What the writers say of an inspected file: one row for each kind.

mod extension;
mod package;

use crate::answer::inspect::{Inspected, word};
use crate::binary::Artifact;
use crate::finding::Verdict;

/// The words of one file.
pub(super) struct Words {
    /// The kind of file, for programs.
    pub(super) kind: &'static str,
    /// The file in one sentence without a full stop.
    pub(super) sentence: String,
    /// The head of the column of those that take such files.
    pub(super) column: &'static str,
    /// The word for a release that takes it.
    fits: &'static str,
}

impl Words {
    pub(super) fn of(inspected: &Inspected) -> Self {
        match &inspected.file {
            Artifact::Extension(file) => extension::words(file),
            Artifact::PluginJar(jar) => package::jar(jar),
            Artifact::Wheel(wheel) => package::wheel(wheel),
        }
    }

    /// Returns the word for whether a release takes the file.
    pub(super) fn outcome(&self, verdict: Verdict) -> &'static str {
        if verdict == Verdict::Compatible { self.fits } else { word(verdict) }
    }
}
