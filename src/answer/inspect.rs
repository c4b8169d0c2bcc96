//! What plugin binaries and package files are, and which releases take them.
//!
//! Owns the rows that `inspect` shows. They are made by [`crate::loading`] and [`crate::fitting`].

use crate::binary::Artifact;
use crate::finding::{Finding, Verdict};

/// One file with what engines make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// The path as it was given or found.
    pub path: String,
    /// What the file says of itself.
    pub file: Artifact,
    /// Whether all releases that were asked about take it, or any that is known if none was.
    pub verdict: Verdict,
    /// The releases that were asked about, or the one in whose folder the file lies.
    pub asked: Vec<Loading>,
    /// Every known release that could take it, oldest first; empty if others were asked about.
    pub known: Vec<Loading>,
}

/// Whether one release takes one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loading {
    /// The release: of DuckDB as in `v1.5.6`, of others as in `kestra 1.3.0`.
    pub engine: String,
    /// The platform that it was taken to run on; `None` if the file does not say.
    pub platform: Option<String>,
    /// Whether it takes the file.
    pub verdict: Verdict,
    /// Why not; of an engine in the order in which it checks.
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

impl Loading {
    /// Splits the release into its package with the space behind it, if it is named, and its version.
    pub fn parts(&self) -> (&str, &str) {
        self.engine.split_at(self.engine.find(' ').map_or(0, |space| space + 1))
    }
}

/// Cuts a list of releases into runs of one package of which the same is to be said.
pub fn runs(list: &[Loading]) -> impl Iterator<Item = &[Loading]> {
    let code = |one: &Loading| one.findings.first().map(|finding| finding.code.clone());
    list.chunk_by(move |one, next| {
        one.verdict == next.verdict && code(one) == code(next) && one.parts().0 == next.parts().0
    })
}

impl Inspected {
    /// Returns what is to be said about the file: the findings of the releases that were asked about; of a
    /// package once for each run. If none was and none takes it, those of the newest among the releases
    /// that come nearest to it.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        let none = self.asked.is_empty() && self.verdict != Verdict::Compatible;
        let nearest = self.known.iter().rev().filter(|_| none);
        let nearest = nearest.min_by_key(|engine| engine.findings.len());
        self.asked_runs().filter_map(<[Loading]>::last).chain(nearest).flat_map(|one| &one.findings)
    }

    /// Returns the releases that were asked about, in the runs in which they are told: each engine is told by
    /// itself, because it has its own reasons; releases of other packages differ in their number alone.
    pub fn asked_runs(&self) -> impl Iterator<Item = &[Loading]> {
        let alone = matches!(self.file, Artifact::Extension(_));
        runs(&self.asked).flat_map(move |run| run.chunks(if alone { 1 } else { run.len() }))
    }
}
