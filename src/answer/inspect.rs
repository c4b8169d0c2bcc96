//! What plugin binaries are, and which engines load them.
//!
//! Owns the rows that `inspect` shows. They are made by [`crate::loading`].

use crate::binary::ExtensionFile;
use crate::finding::{Finding, Verdict};

/// One file with what engines make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// The path as it was given or found.
    pub path: String,
    /// What the file says of itself.
    pub file: ExtensionFile,
    /// Whether all engines that were asked about load it, or any that is known if none was.
    pub verdict: Verdict,
    /// The engines that were asked about, or the one in whose folder the file lies.
    pub asked: Vec<Loading>,
    /// Every known engine, oldest first; empty if others were asked about.
    pub known: Vec<Loading>,
}

/// Whether one engine loads one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loading {
    /// The engine, as in `v1.5.6`.
    pub engine: String,
    /// The platform that it was taken to run on; `None` if the file does not say.
    pub platform: Option<String>,
    /// Whether it loads the file.
    pub verdict: Verdict,
    /// Why not, in the order in which the engine checks.
    pub findings: Vec<Finding>,
}

/// Returns the word of a verdict about loading.
pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Compatible => "loads",
        Verdict::Incompatible => "refused",
        Verdict::Unknown => "unknown",
    }
}

impl Inspected {
    /// Returns what is to be said about the file: the findings of the engines that were asked about. If
    /// none was and none loads it, those of the newest among the engines that come nearest to it.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        let none = self.asked.is_empty() && self.verdict != Verdict::Compatible;
        let nearest = self.known.iter().rev().filter(|_| none);
        let nearest = nearest.min_by_key(|engine| engine.findings.len());
        self.asked.iter().chain(nearest).flat_map(|engine| &engine.findings)
    }
}
