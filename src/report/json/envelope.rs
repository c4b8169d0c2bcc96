//! What stands around each answer, and the choice of its view.

use std::io;

use serde::Serialize;

use super::deployment::ImportView;
use super::diff::DiffView;
use super::gate::GateAnswerView;
use super::grid::GridView;
use super::inspect::InspectView;
use super::layout::{pretty, text, write_pretty};
use super::package::{ListView, WholePackageView};
use super::path::PathView;
use super::picture::PictureView;
use super::plan::PlanView;
use super::problems::{FailureView, LintView};
use super::sets::{ResolveView, SetsView};
use super::shared::{FindingView, MatrixView, ReleaseView, VerdictWord, findings};
use super::support::SupportView;
use super::train::TrainReportView;
use super::view::view;
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, FeatureSet, RelationIx, ReleaseId};
use crate::problem::Problems;
use crate::query::QueryFile;

/// The version of the output format.
pub const FORMAT_VERSION: &str = "1.0";

/// Every output: the version of the format, then what was asked.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Envelope<T> {
    /// Version of the output format.
    format_version: &'static str,
    #[serde(flatten)]
    content: T,
}

/// The answer to a command.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct CommandAnswer<'a, T> {
    /// The command that was asked.
    command: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<VerdictWord>,
    #[serde(flatten)]
    body: T,
    /// The matrices that the answer was made from.
    knowledge: Vec<MatrixView<'a>>,
    /// The question, which can be asked again as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<&'a QueryFile>,
}

/// A body, and what is to be said beside it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Remarked<'a, T> {
    #[serde(flatten)]
    body: T,
    findings: Vec<FindingView<'a>>,
}

view! {
    /// A check whose findings say it all.
    CheckView<'a>(checked: &'a str) {
        /// What was checked, in a few words.
        subject: &'a str = checked,
    }
}

view! {
    /// One directed pair.
    PairView<'a>(catalog: &'a Catalog, ix: RelationIx, ends: [ReleaseId; 2], used: FeatureSet) {
        relation: &'a str = &catalog.relation(ix).name,
        /// The giving side.
        from: ReleaseView<'a> = ReleaseView::new(catalog, ends[0]),
        /// The taking side.
        to: ReleaseView<'a> = ReleaseView::new(catalog, ends[1]),
        /// The features in use.
        features: Vec<&'a str> =
            used.iter().map(|feature| catalog.features()[feature.ix()].name.as_str()).collect(),
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum BodyView<'a> {
    Check(CheckView<'a>),
    Pair(PairView<'a>),
    Resolve(ResolveView<'a>),
    Sets(SetsView<'a>),
    Path(PathView<'a>),
    Plan(Box<PlanView<'a>>),
    Support(SupportView<'a>),
    Grid(GridView<'a>),
    Diff(Box<DiffView<'a>>),
    Train(TrainReportView<'a>),
    Gate(GateAnswerView<'a>),
    Inspect(InspectView<'a>),
    List(ListView<'a>),
    Import(ImportView<'a>),
    /// They have views of their own.
    Nothing(Nothing),
}

/// A body without keys.
#[derive(Serialize)]
struct Nothing {}

impl<'a> BodyView<'a> {
    fn new(catalog: &'a Catalog, body: &'a Body) -> Self {
        match body {
            Body::Findings { subject } => Self::Check(CheckView::new(subject)),
            Body::Pair { relation, from, to, features } => {
                Self::Pair(PairView::new(catalog, *relation, [*from, *to], *features))
            }
            Body::Resolution(resolved) => Self::Resolve(ResolveView::new(catalog, resolved)),
            Body::Sets(sets) => Self::Sets(SetsView::new(catalog, sets)),
            Body::Path { from, to, path } => Self::Path(PathView::new(catalog, [*from, *to], path)),
            Body::Plan { deployment, accepted_risks, plan } => {
                Self::Plan(Box::new(PlanView::new(catalog, deployment, accepted_risks, plan)))
            }
            Body::Support { as_of, rows, announced, expected } => {
                Self::Support(SupportView::new(catalog, *as_of, rows, (announced, expected)))
            }
            Body::Grid(grid) => Self::Grid(GridView::new(catalog, grid)),
            Body::Diff { as_of, diff, .. } => {
                Self::Diff(Box::new(DiffView::new(catalog, *as_of, diff)))
            }
            Body::Train(report) => Self::Train(TrainReportView::new(catalog, report)),
            Body::Gate(answer) => Self::Gate(GateAnswerView::new(answer)),
            Body::Import(observation) => Self::Import(ImportView::new(observation)),
            Body::Picture(_) | Body::Lint { .. } => Self::Nothing(Nothing {}),
            Body::Inspect(files) => Self::Inspect(InspectView::new(files)),
            Body::Packages(packages) => Self::List(ListView::of(catalog, packages)),
            Body::Package(package) => {
                Self::List(ListView::Package(WholePackageView::new(catalog, *package)))
            }
        }
    }
}

/// Prints an answer, with a line feed at the end.
pub fn json(answer: &Answer) -> String {
    text(|out| write(answer, out))
}

/// Writes an answer, with a line feed at the end. The steps of a plan are made while they are written,
/// each on a line of its own: a large plan has a hundred thousand.
///
/// # Errors
///
/// Returns what kept the bytes from being written.
pub fn write(answer: &Answer, out: &mut dyn io::Write) -> io::Result<()> {
    write_with(answer, None, out)
}

/// Writes an answer with the document that asked for it.
///
/// # Errors
///
/// Returns what kept the bytes from being written.
pub fn write_document(
    answer: &Answer,
    asked: &QueryFile,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    write_with(answer, Some(asked), out)
}

fn write_with(
    answer: &Answer,
    asked: Option<&QueryFile>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    // What these say stands in them.
    if let Body::Picture(picture) = &answer.body {
        return write_pretty(&reply(answer, asked, PictureView::new(picture)), out);
    }
    if let Body::Lint { problems, files } = &answer.body {
        return write_pretty(&reply(answer, asked, LintView::new(*files, problems)), out);
    }
    let body = BodyView::new(&answer.catalog, &answer.body);
    let body = Remarked { body, findings: findings(&answer.findings) };
    write_pretty(&reply(answer, asked, body), out)
}

/// Prints why there is no answer: a message, what to do about it, and problems of files.
pub fn failure(message: &str, hint: Option<&str>, problems: Option<&Problems>) -> String {
    let content = FailureView::new(message, hint, problems);
    pretty(&Envelope { format_version: FORMAT_VERSION, content })
}

fn reply<'a, T>(
    answer: &'a Answer,
    asked: Option<&'a QueryFile>,
    body: T,
) -> Envelope<CommandAnswer<'a, T>> {
    let verdict = answer.verdict.map(|verdict| VerdictWord(verdict.name()));
    let knowledge = answer.knowledge.iter().map(MatrixView::new).collect();
    let content = CommandAnswer { command: answer.command, verdict, body, knowledge, asked };
    Envelope { format_version: FORMAT_VERSION, content }
}
