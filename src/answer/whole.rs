//! An answer as a whole: what was asked, what it comes to, and the result.

use std::sync::Arc;

use jiff::civil::Date;

use super::diff::Diff;
use super::gate::GateAnswer;
use super::graph::Picture;
use super::grid::Grid;
use super::inspect::Inspected;
use super::path::{NoPath, PathAnswer};
use super::plan::{NoPlan, Plan};
use super::selection::{AllSets, Resolved};
use super::support::{Announced, Expected, SupportRow};
use super::train::TrainReport;
use crate::catalog::{Catalog, FeatureSet, PackageIx, RelationIx, ReleaseId};
use crate::deployment::Deployment;
use crate::finding::{Finding, Verdict};
use crate::observation::Observation;
use crate::problem::Problems;
use crate::record::MatrixRecord;

/// The answer to one question, with all that a writer needs.
#[derive(Debug)]
pub struct Answer {
    /// The catalog that all positions refer to.
    pub catalog: Arc<Catalog>,
    /// The matrices in the catalog, with the days and digests of their files.
    pub knowledge: Vec<MatrixRecord>,
    /// The word for the question.
    pub command: &'static str,
    /// The answer in one word, where there is one.
    pub verdict: Option<Verdict>,
    /// What is to be said beside the answer.
    pub findings: Vec<Finding>,
    /// The answer itself.
    pub body: Body,
}

impl Answer {
    /// Makes an answer of which nobody said yet what it was made from. An error among the findings makes its
    /// verdict a no, and one that leaves something unknown makes a yes unknown.
    pub fn new(
        catalog: Arc<Catalog>,
        command: &'static str,
        verdict: Option<Verdict>,
        findings: Vec<Finding>,
        body: Body,
    ) -> Self {
        let verdict = verdict.map(|verdict| verdict.and(Verdict::of(&findings)));
        Self { catalog, knowledge: Vec::new(), command, verdict, findings, body }
    }

    /// Adds to what is said, which may make a yes less than that.
    pub fn say(&mut self, findings: Vec<Finding>) {
        self.verdict = self.verdict.map(|verdict| verdict.and(Verdict::of(&findings)));
        self.findings.extend(findings);
    }
}

/// The answers of the commands.
#[derive(Debug)]
pub enum Body {
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
        deployment: Arc<Deployment>,
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
    /// A drawing of what is known.
    Picture(Picture),
    /// The deployment that saved inventories state.
    Import(Observation),
    /// Problems of matrix files.
    Lint {
        /// The problems, with the texts that they point into.
        problems: Problems,
        /// The number of files.
        files: usize,
    },
    /// Plugin binaries and packages, and the releases that take them.
    Inspect(Vec<Inspected>),
    /// All packages, or some of them.
    Packages(Vec<PackageIx>),
    /// One package with its releases.
    Package(PackageIx),
}
