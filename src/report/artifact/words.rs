//! The words of one kind of file.

use crate::answer::inspect::word;
use crate::finding::Verdict;

/// The words of one file.
pub(in crate::report) struct Words {
    /// The kind of file, for programs.
    pub(in crate::report) kind: &'static str,
    /// The file in one sentence without a full stop.
    pub(in crate::report) sentence: String,
    /// The head of the column of those that take such files.
    pub(in crate::report) column: &'static str,
    /// The word for a release that takes it.
    pub(super) fits: &'static str,
}

impl Words {
    /// Returns the word for whether a release takes the file.
    pub(in crate::report) fn outcome(&self, verdict: Verdict) -> &'static str {
        if verdict == Verdict::Compatible { self.fits } else { word(verdict) }
    }
}
