//! Writers: answers in, text out. One file per format.
//!
//! Owns the [`Report`], the one value that every format prints. A writer reads it and never decides.
//! The text writer alone knows colour.

mod artifact;
pub mod commands;
mod compare;
pub mod csv;
pub mod deployment_file;
mod diff_words;
pub mod dot;
mod fold;
mod grid_words;
pub mod ics;
pub mod json;
pub mod lock;
pub mod markdown;
pub mod mermaid;
pub mod problems;
pub mod text;
mod words;

use jiff::civil::Date;

use crate::answer::diff::Diff;
use crate::answer::gate::GateAnswer;
use crate::answer::grid::Grid;
use crate::answer::inspect::Inspected;
use crate::answer::path::{NoPath, PathAnswer};
use crate::answer::plan::{NoPlan, Plan};
use crate::answer::selection::{AllSets, Resolved};
use crate::answer::support::{Announced, Expected, SupportRow};
use crate::answer::train::{ReadyAnswer, TrainAnswer, TrainPhases};
use crate::catalog::{Catalog, FeatureSet, PackageIx, RelationIx, ReleaseId};
use crate::deployment::Deployment;
use crate::finding::{Finding, Severity, Verdict};

#[cfg(test)]
mod testing;

/// What a command found out, ready to print.
#[derive(Debug)]
pub struct Report<'c> {
    /// What all positions refer to.
    pub catalog: &'c Catalog,
    /// The command that was asked.
    pub command: &'static str,
    /// The answer in one word, where there is one.
    pub verdict: Option<Verdict>,
    /// What is to be said beside the answer.
    pub findings: Vec<Finding>,
    /// The answer.
    pub body: Body<'c>,
}

/// The answers of the commands.
#[derive(Debug)]
pub enum Body<'c> {
    /// The findings say it all.
    Findings {
        /// What was checked, in a few words.
        subject: String,
    },
    /// One directed pair.
    Pair {
        /// The relation.
        relation: RelationIx,
        /// The giving side.
        from: ReleaseId,
        /// The taking side.
        to: ReleaseId,
        /// The features in use.
        features: FeatureSet,
    },
    /// A set of releases, or why there is none.
    Resolution(Resolved),
    /// How many sets there are, and the best of them.
    Sets(AllSets),
    /// Version hops.
    Path {
        /// Where it starts.
        from: ReleaseId,
        /// Where it leads.
        to: ReleaseId,
        /// The hops, or why there are none.
        path: Result<PathAnswer, NoPath>,
    },
    /// Ordered steps, or why there are none.
    Plan {
        /// What the plan is for.
        deployment: &'c Deployment,
        /// Names of accepted risks.
        accepted_risks: Vec<String>,
        /// The plan.
        plan: Box<Result<Plan, NoPlan>>,
    },
    /// Support of release lines.
    Support {
        /// The day asked about.
        as_of: Date,
        /// One row per line.
        rows: Vec<SupportRow>,
        /// Releases with a day that are not known to be out.
        announced: Vec<Announced>,
        /// Releases that are expected.
        expected: Vec<Expected>,
    },
    /// Plugins by releases of their core.
    Grid(Grid),
    /// What a step from one release to another brings.
    Diff {
        /// The day asked about.
        as_of: Date,
        /// Whether the plugins were named; else they are all that there are.
        named: bool,
        /// The step.
        diff: Box<Diff>,
    },
    /// Branches and releases of a release train.
    Train(TrainReport),
    /// Whether a plan may go on.
    Gate(GateAnswer),
    /// Plugin binaries and packages, and the releases that take them.
    Inspect(Vec<Inspected>),
    /// All packages, or some of them.
    Packages(Vec<PackageIx>),
    /// One package with its releases.
    Package(PackageIx),
}

/// What was asked about a release train.
#[derive(Debug)]
pub enum TrainReport {
    /// Its phases.
    Phases(TrainPhases),
    /// A question about branches.
    Answer(Box<TrainAnswer>),
    /// Whether a release is complete.
    Ready(ReadyAnswer),
}

impl Report<'_> {
    /// Returns the worst severity among the findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// Returns how to write a character that must not reach a terminal or a drawing as it is: one that
/// controls the terminal, breaks a line or turns the direction of writing.
fn spell_out(c: char) -> Option<String> {
    let turns =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks = matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    (c.is_control() || turns || breaks).then(|| format!("U+{:04X}", u32::from(c)))
}
