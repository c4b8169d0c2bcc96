//! Release trains: which branch a change goes to, what a branch targets, what ships.
//!
//! Owns the look-up of questions in the tables of a release train. A project publishes its release cycle as
//! tables over phases, releases and the number of branches that an extension keeps alive; the matrix has
//! them row by row. A question selects rows. The first row that allows something is the answer, and the
//! others become notes of it: an extension with one branch may merge a fix for the next patch if it
//! targets the newest release, and cannot if it targets `main`. Where no row speaks of a case the answer
//! is that nothing is said, never a guess.
//!
//! What branches are really called is worked out in `names`, which extensions a release comes with in
//! `ready`. Words and columns are left to the writers.

mod long_term;
mod names;
mod ready;
mod view;

use crate::answer::train::{PhaseRow, TrainAnswer, TrainAsks, TrainPhases};
use crate::catalog::{
    FactIx, MergeRow, TrainChange, TrainCycle, TrainKind, TrainOutcome, TrainPhase, TrainRelease,
};
use crate::finding::Cite;

pub use ready::ready;
pub use view::{TrainComponent, TrainView};

/// A change to be merged.
#[derive(Debug, Clone, Copy)]
pub struct MergeRequest<'q> {
    /// Its kind; `None` where that does not matter.
    pub change: Option<TrainChange>,
    /// The release it is for.
    pub release: TrainRelease,
    /// The target of the extension's `main`, by any name.
    pub target: Option<&'q str>,
}

/// Returns the phases with their active branches; all without a name.
pub fn phases(view: TrainView<'_>, only: Option<&TrainPhase>) -> TrainPhases {
    let stated = view.train.phases.iter();
    let rows = stated.filter(|phase| only.is_none_or(|only| only.name == phase.name));
    let row = |phase: &TrainPhase| {
        let lines = view.lines(phase);
        let branches = lines.iter().flat_map(|line| phase.branches.iter().map(|it| line.word(it)));
        let note = [phase.note.clone(), view.no_line(phase)].into_iter().flatten();
        let note = note.collect::<Vec<_>>().join("; ");
        PhaseRow {
            name: phase.name.clone(),
            alias: phase.alias.clone(),
            title: phase.title.clone(),
            branches: branches.collect(),
            note: (!note.is_empty()).then_some(note),
            cite: view.cite(phase.fact),
        }
    };
    TrainPhases { package: view.train.package, at: view.at, rows: rows.map(row).collect() }
}

/// Returns where a change is merged.
pub fn merge(
    view: TrainView<'_>,
    component: TrainComponent<'_>,
    phase: &TrainPhase,
    asked: MergeRequest<'_>,
) -> TrainAnswer {
    let asker = view;
    let view = view.newest_line(phase);
    let release = view.release(asked.release);
    let what = asked.change.map_or("a change", a_change);
    let who = view.component(component);
    let question = may(format!("merge {what} for {release} into {who} in {}", phase.name));
    let branches = match component {
        TrainComponent::Product => None,
        TrainComponent::Extension(kind, branches) => match kind.cycle {
            TrainCycle::InTree => None,
            TrainCycle::Own => return view.own_cycle(question, kind),
            TrainCycle::Branches => branches,
        },
    };
    let rows = view.merge_rows(phase, branches, asked);
    if let Some(why) = view.untargeted(component, phase, asked.target) {
        let mut answer = view.silent(question);
        answer.reason = Some(why);
        return answer;
    }
    let allows = |row: &&&MergeRow| matches!(row.outcome, TrainOutcome::These(_));
    let Some(&answering) = rows.iter().find(allows).or(rows.first()) else {
        return view.silent(question);
    };
    let mut answer = view.answer(question, answering.fact);
    answer.target = answering.targets.iter().map(|name| view.word(name)).collect();
    answer.notes.extend(answering.note.clone());
    match &answering.outcome {
        TrainOutcome::These(these) => {
            answer.branch = these.first().map(|branch| view.word(branch));
        }
        TrainOutcome::Refused(why) => answer.refuse(view.text(why)),
    }
    let others = rows.iter().filter(|row| !std::ptr::eq(**row, answering));
    answer.notes.extend(others.filter_map(|row| view.otherwise(row)));
    in_tree_note(component, &mut answer);
    answer.notes.extend(asker.no_line(phase));
    answer.at = asker.at;
    answer
}

/// Returns what a branch of an extension targets.
pub fn target(
    view: TrainView<'_>,
    component: TrainComponent<'_>,
    phase: &TrainPhase,
    branch: &str,
) -> TrainAnswer {
    let written = view.written(branch);
    let named = view.word(&written);
    let who = view.component(component);
    let question = which(format!("target of {} of {who} in {}", named.shown(), phase.name));
    let (kind, count) = match component {
        TrainComponent::Product => return view.silent(question),
        TrainComponent::Extension(kind, count) => (kind, count.unwrap_or(1)),
    };
    match kind.cycle {
        TrainCycle::Own => return view.own_cycle(question, kind),
        TrainCycle::InTree => return view.lockstep(question, phase, &written, kind),
        TrainCycle::Branches => {}
    }
    let mut rows = view
        .train
        .targets
        .iter()
        .filter(|row| row.phases.contains(&phase.name) && row.branches.contains(&count));
    let found = rows.clone().find(|row| row.branch.as_ref().is_none_or(|of| *of == written));
    let Some(row) = found else {
        let branches: Vec<_> = rows.by_ref().filter_map(|row| row.branch.as_ref()).collect();
        return view.inactive(question, &branches);
    };
    let mut answer = view.answer(question, row.fact);
    answer.branch = Some(named);
    answer.notes.extend(row.note.clone());
    match &row.outcome {
        TrainOutcome::These(these) => {
            answer.target = these.iter().map(|name| view.word(name)).collect();
        }
        TrainOutcome::Refused(why) => answer.refuse(view.text(why)),
    }
    answer
}

/// Returns which commit of an extension a release of the product ships.
pub fn ships(
    view: TrainView<'_>,
    component: TrainComponent<'_>,
    release: TrainRelease,
) -> TrainAnswer {
    let question =
        which(format!("what {} ships of {}", view.release(release), view.component(component)));
    let (kind, count) = match component {
        TrainComponent::Product => return view.silent(question),
        TrainComponent::Extension(kind, count) => (kind, count.unwrap_or(1)),
    };
    match kind.cycle {
        TrainCycle::Own | TrainCycle::InTree => return view.own_cycle(question, kind),
        TrainCycle::Branches => {}
    }
    let mut rows = view.train.ships.iter();
    let row = rows.find(|row| row.release == release && row.branches.contains(&count));
    let Some(row) = row else { return view.silent(question) };
    let mut answer = view.answer(question, row.fact);
    answer.source = Some(view.word(&row.source));
    answer.notes.extend(row.note.clone());
    answer
}

/// Returns whether an extension may change the number of its active branches, and how.
pub fn switch(view: TrainView<'_>, from: u32, to: u32, phase: &TrainPhase) -> TrainAnswer {
    let view = TrainView { at: view.newest_line(phase).at, ..view };
    let question = may(format!("go from {} to {} in {}", count(from), count(to), phase.name));
    let rows = &view.train.switches;
    let Some(row) = rows.iter().find(|row| row.from == from && row.to == to) else {
        let steps: Vec<_> = rows.iter().map(|row| format!("{} to {}", row.from, row.to)).collect();
        let mut answer = view.silent(question);
        answer.reason = Some(format!("the release cycle knows the steps {}", steps.join(", ")));
        return answer;
    };
    let mut answer = view.answer(question, row.fact);
    answer.notes.extend(row.note.clone());
    let named = row.phases.is_empty() || row.phases.contains(&phase.name);
    if !named && phase.long_term {
        answer.allowed = None;
        answer.reason = Some(format!("the release cycle speaks of it only {}", row.when));
        return answer;
    }
    if !named {
        answer.refuse(format!("not in this phase: {}", row.when));
        return answer;
    }
    answer.actions = row.actions.iter().map(|action| view.text(action)).collect();
    let reasons = row.reasons.iter().map(|reason| view.text(reason));
    let reasons: Vec<_> = std::iter::once(row.when.clone()).chain(reasons).collect();
    answer.reason = Some(reasons.join("; "));
    answer
}

/// A question, and the kind of answer that it wants.
type TrainQuestion = (String, TrainAsks);

fn may(question: String) -> TrainQuestion {
    (question, TrainAsks::May)
}

fn which(question: String) -> TrainQuestion {
    (question, TrainAsks::Which)
}

fn a_change(change: TrainChange) -> &'static str {
    match change {
        TrainChange::Fix => "a fix",
        TrainChange::Feature => "a feature",
    }
}

fn in_tree_note(component: TrainComponent<'_>, answer: &mut TrainAnswer) {
    if let TrainComponent::Extension(kind, _) = component
        && kind.cycle == TrainCycle::InTree
    {
        answer.notes.push(kind.why.clone());
    }
}

/// Returns a number of branches in words.
fn count(branches: u32) -> String {
    if branches == 1 { "1 branch".to_owned() } else { format!("{branches} branches") }
}

impl TrainView<'_> {
    fn cite(&self, fact: FactIx) -> Cite {
        self.catalog.cite(fact)
    }

    fn answer(&self, question: TrainQuestion, fact: FactIx) -> TrainAnswer {
        TrainAnswer {
            package: self.train.package,
            at: self.at,
            question: question.0,
            asks: question.1,
            allowed: Some(true),
            branch: None,
            target: Vec::new(),
            source: None,
            actions: Vec::new(),
            notes: Vec::new(),
            reason: None,
            // Notes of a row stand in the answer.
            cites: vec![Cite { note: None, ..self.cite(fact) }],
        }
    }

    /// Nothing is said about the question.
    fn silent(&self, question: TrainQuestion) -> TrainAnswer {
        let mut answer = self.answer(question, self.train.fact);
        answer.allowed = None;
        answer.reason = Some("the release cycle says nothing about this case".to_owned());
        answer
    }

    /// The kind of extension answers by itself.
    fn own_cycle(&self, question: TrainQuestion, kind: &TrainKind) -> TrainAnswer {
        let mut answer = self.answer(question, kind.fact);
        answer.allowed = (kind.cycle == TrainCycle::InTree).then_some(true);
        answer.reason = Some(kind.why.clone());
        answer
    }

    /// An extension in the product's source tree is on the product's own branch.
    fn lockstep(
        &self,
        question: TrainQuestion,
        phase: &TrainPhase,
        written: &str,
        kind: &TrainKind,
    ) -> TrainAnswer {
        if !phase.branches.iter().any(|branch| branch == written) {
            return self.inactive(question, &phase.branches.iter().collect::<Vec<_>>());
        }
        let mut answer = self.own_cycle(question, kind);
        answer.branch = Some(self.word(written));
        answer.target = vec![self.word(written)];
        answer
    }

    /// The branch is none of those that are active.
    fn inactive(&self, question: TrainQuestion, active: &[&String]) -> TrainAnswer {
        let mut answer = self.silent(question);
        if !active.is_empty() {
            let names: Vec<_> =
                active.iter().map(|name| self.word(name).shown().to_owned()).collect();
            let [one, many] = ["the active branch is", "the active branches are"];
            let are = if names.len() == 1 { one } else { many };
            answer.refuse(format!("{are} {}", names.join(", ")));
        }
        answer
    }

    /// Returns the rows about a change, given the number of active branches of its extension.
    fn merge_rows(
        &self,
        phase: &TrainPhase,
        branches: Option<u32>,
        asked: MergeRequest<'_>,
    ) -> Vec<&MergeRow> {
        let rows = self.train.merges.iter().filter(|row| {
            let counts =
                branches.map_or(row.branches.is_empty(), |count| row.branches.contains(&count));
            counts && row.phases.contains(&phase.name) && row.release == asked.release
        });
        let rows = rows.filter(|row| {
            asked.change.is_none_or(|it| row.changes.is_empty() || row.changes.contains(&it))
        });
        let rows = rows.filter(|row| {
            asked.target.is_none_or(|it| row.targets.is_empty() || self.any_is(&row.targets, it))
        });
        rows.collect()
    }

    /// Says what another row of the same question comes to.
    fn otherwise(&self, row: &MergeRow) -> Option<String> {
        let targets: Vec<_> =
            row.targets.iter().map(|name| self.word(name).shown().to_owned()).collect();
        let result = match &row.outcome {
            TrainOutcome::These(these) => format!("{} is the branch", these.join(" or ")),
            TrainOutcome::Refused(why) => self.text(why),
        };
        (!targets.is_empty())
            .then(|| format!("if main targets {} instead: {result}", targets.join(" or ")))
    }

    fn component(&self, component: TrainComponent<'_>) -> String {
        match component {
            TrainComponent::Product => self.catalog.package(self.train.package).name.clone(),
            TrainComponent::Extension(kind, branches) => match (kind.cycle, branches) {
                (TrainCycle::Branches, Some(branches)) => {
                    format!("an {} extension with {}", kind.name, count(branches))
                }
                (TrainCycle::Branches | TrainCycle::InTree | TrainCycle::Own, _) => {
                    format!("an extension ({})", kind.name)
                }
            },
        }
    }
}

impl TrainAnswer {
    fn refuse(&mut self, why: String) {
        self.allowed = Some(false);
        self.reason = Some(why);
    }
}
