//! Views of release trains.

use serde::Serialize;

use super::shared::{CiteView, OwnCite, ReleaseView, cites, name, version};
use super::view::{view, word};
use crate::answer::train::{
    Move, PhaseRow, ReadyAnswer, ReadyRow, TrainAnswer, TrainPhases, TrainReport, TrainWord,
};
use crate::catalog::Catalog;

word! { StateWord "Whether the release has it." "built" "loads" "held" "left" "unknown" }

view! {
    /// A phase and its active branches.
    PhaseRowView<'a>(row: &'a PhaseRow) {
        phase: &'a str = &row.name,
        /// Other names of it.
        alias: &'a [String] = &row.alias,
        title: &'a str = &row.title,
        branches: Vec<&'a str> = shown(&row.branches),
        note: Option<&'a str> = row.note.as_deref(),
        evidence: CiteView<'a> = CiteView::new(&row.cite),
    }
}

view! {
    /// The phases of a train.
    PhasesView<'a>(catalog: &'a Catalog, phases: &'a TrainPhases) {
        product: &'a str = name(catalog, phases.package),
        /// The release whose branches are named.
        at: Option<&'a str> = version(catalog, phases.package, phases.at),
        rows: Vec<PhaseRowView<'a>> = phases.rows.iter().map(PhaseRowView::new).collect(),
    }
}

view! {
    /// Names as the project's document writes them.
    WrittenView<'a>(answer: &'a TrainAnswer) {
        branch: Option<&'a str> = answer.branch.as_ref().map(|word| word.written.as_str()),
        target: Vec<&'a str> = answer.target.iter().map(|word| word.written.as_str()).collect(),
        source: Option<&'a str> = answer.source.as_ref().map(|word| word.written.as_str()),
    }
}

view! {
    /// The answer to a question about branches, with the names that are shown.
    BranchesView<'a>(catalog: &'a Catalog, answer: &'a TrainAnswer) {
        product: &'a str = name(catalog, answer.package),
        /// The release whose branches are named.
        at: Option<&'a str> = version(catalog, answer.package, answer.at),
        question: &'a str = &answer.question,
        /// `null` if nothing is said about it.
        allowed: Option<bool> = answer.allowed,
        branch: Option<&'a str> = answer.branch.as_ref().map(TrainWord::shown),
        /// Any of these will do.
        target: Vec<&'a str> = shown(&answer.target),
        /// The source of truth of what ships.
        source: Option<&'a str> = answer.source.as_ref().map(TrainWord::shown),
        /// What to do, in order.
        actions: &'a [String] = &answer.actions,
        note: Option<String> = (!answer.notes.is_empty()).then(|| answer.notes.join("; ")),
        reason: Option<&'a str> = answer.reason.as_deref(),
        as_written: WrittenView<'a> = WrittenView::new(answer),
        evidence: Vec<CiteView<'a>> = cites(&answer.cites),
    }
}

view! {
    /// One extension of the set that every release should come with.
    ReadyRowView<'a>(catalog: &'a Catalog, row: &'a ReadyRow)
    with { let build = row.build.map(|rank| (row.package, rank)); } {
        package: &'a str = name(catalog, row.package),
        state: StateWord = StateWord(row.state.name()),
        /// The build that was looked at.
        build: Option<&'a str> = build.map(|build| catalog.version(build)),
        label: Option<&'a str> =
            build.and_then(|(ix, rank)| catalog.package(ix).release(rank).label.as_deref()),
        interface: Option<&'a str> = row.interface.as_ref().map(|(name, _)| name.as_str()),
        stability: Option<&'static str> = row.interface.as_ref().map(|(_, stability)| *stability),
        /// What changed since the release before.
        moved: Option<&'static str> = row.moved.map(Move::name),
        #[cfg_attr(test, schemars(with = "Option<CiteView<'a>>"))]
        evidence: Option<OwnCite> = row.fact.map(|fact| OwnCite(catalog.cite_for(fact, build))),
    }
}

view! {
    /// Whether a release comes with the complete set of extensions.
    ReadyView<'a>(catalog: &'a Catalog, answer: &'a ReadyAnswer) {
        release: ReleaseView<'a> = ReleaseView::new(catalog, answer.release),
        /// The release that it is compared with.
        before: Option<&'a str> = version(catalog, answer.release.0, answer.before),
        /// `null` if that is not known.
        complete: Option<bool> = answer.complete,
        rows: Vec<ReadyRowView<'a>> =
            answer.rows.iter().map(|row| ReadyRowView::new(catalog, row)).collect(),
    }
}

/// The answer to a question about a release train.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) enum TrainReportView<'a> {
    /// Its phases.
    Phases(PhasesView<'a>),
    /// A question about branches.
    Branches(BranchesView<'a>),
    /// Whether a release is complete.
    Ready(ReadyView<'a>),
}

impl<'a> TrainReportView<'a> {
    /// Makes the view.
    pub(super) fn new(catalog: &'a Catalog, report: &'a TrainReport) -> Self {
        match report {
            TrainReport::Phases(phases) => Self::Phases(PhasesView::new(catalog, phases)),
            TrainReport::Answer(answer) => Self::Branches(BranchesView::new(catalog, answer)),
            TrainReport::Ready(answer) => Self::Ready(ReadyView::new(catalog, answer)),
        }
    }
}

fn shown(words: &[TrainWord]) -> Vec<&str> {
    words.iter().map(TrainWord::shown).collect()
}
