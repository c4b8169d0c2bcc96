//! Release trains for people.

use super::style::{Style, bad, dim, doubtful, good, wrap};
use super::table::TextTable;
use crate::answer::train::TrainReport;
use crate::answer::train::{
    Move, Readiness, ReadyAnswer, ReadyRow, TrainAnswer, TrainAsks, TrainPhases, TrainWord,
};
use crate::catalog::Catalog;

pub(super) fn text(catalog: &Catalog, report: &TrainReport, style: Style) -> String {
    match report {
        TrainReport::Phases(phases) => self::phases(catalog, phases, style),
        TrainReport::Answer(answer) => self::answer(answer, style),
        TrainReport::Ready(answer) => ready(catalog, answer, style),
    }
}

fn names(words: &[TrainWord], joint: &str) -> String {
    words.iter().map(TrainWord::shown).collect::<Vec<_>>().join(joint)
}

fn phases(catalog: &Catalog, phases: &TrainPhases, style: Style) -> String {
    let at = phases.at.map(|rank| format!(" at {}", catalog.version((phases.package, rank))));
    let name = &catalog.package(phases.package).name;
    let mut out = format!("release train of {name}{}\n\n", at.unwrap_or_default());
    let mut table = TextTable::new(&["phase", "active branches"]);
    for row in &phases.rows {
        let names_of = [std::slice::from_ref(&row.name), &row.alias].concat();
        let branches = names(&row.branches, ", ");
        table.row(vec![names_of.join(" or "), branches]);
    }
    out.push_str(&table.print(2, style.width));
    for row in phases.rows.iter().filter(|_| !style.quiet) {
        let told = [Some(row.title.as_str()), row.note.as_deref()];
        let told = told.into_iter().flatten().collect::<Vec<_>>().join("; ");
        out.push_str(&field("note", &format!("{}: {told}", row.name), style));
    }
    let mut sources: Vec<_> = phases.rows.iter().map(|row| row.cite.source.as_str()).collect();
    sources.dedup();
    for source in sources {
        out.push_str(&field("source", source, style));
    }
    out
}

fn answer(answer: &TrainAnswer, style: Style) -> String {
    let verdict = match (answer.allowed, answer.asks) {
        (Some(true), TrainAsks::May) => format!(": {}", good("allowed")),
        (Some(true), TrainAsks::Which) => String::new(),
        (Some(false), _) => format!(": {}", bad("not allowed")),
        (None, _) => format!(": {}", doubtful("not known")),
    };
    let mut out = wrap(&format!("{}{verdict}", answer.question), style.width, 0);
    out.push('\n');
    if let Some(branch) = &answer.branch {
        out.push_str(&field("branch", branch.shown(), style));
    }
    if !answer.target.is_empty() {
        let targets = names(&answer.target, " or ");
        out.push_str(&match answer.asks {
            TrainAsks::May => field("if", &format!("main targets {targets}"), style),
            TrainAsks::Which => field("target", &targets, style),
        });
    }
    if let Some(source) = &answer.source {
        out.push_str(&field("ships", source.shown(), style));
    }
    if let Some(reason) = &answer.reason {
        out.push_str(&field("reason", reason, style));
    }
    answer.actions.iter().for_each(|action| out.push_str(&field("action", action, style)));
    answer.notes.iter().for_each(|note| out.push_str(&field("note", note, style)));
    for cite in &answer.cites {
        let source = format!("{} ({})", cite.source, cite.evidence.name());
        out.push_str(&field("source", &source, style));
    }
    out
}

/// Prints a labelled line, wrapped under its text.
fn field(label: &str, text: &str, style: Style) -> String {
    format!("  {}{}\n", dim(&format!("{label:<8}")), wrap(text, style.width, 10))
}

fn ready(catalog: &Catalog, answer: &ReadyAnswer, style: Style) -> String {
    let label = catalog.label(answer.release);
    let built = answer.rows.iter().filter(|row| row.state == Readiness::Built).count();
    let verdict = match answer.complete {
        Some(true) => good("complete"),
        Some(false) => bad("not complete"),
        None => doubtful("not known to be complete"),
    };
    let total = answer.rows.iter().filter(|row| row.state != Readiness::Left).count();
    let mut out =
        format!("{label}: {verdict}, {built} of {total} extensions have a build for it\n");
    if let Some(before) = answer.before {
        let before = catalog.version((answer.release.0, before));
        out.push_str(&format!(
            "compared with {before}, the newest before it whose extensions are known\n"
        ));
    }
    out.push('\n');
    let mut table = TextTable::new(&["extension", "state", "build", "interface", "remark"]);
    let told = |row: &&ReadyRow| !style.quiet || row.state != Readiness::Built;
    for row in answer.rows.iter().filter(told) {
        table.row(vec![
            catalog.package(row.package).name.clone(),
            state(row.state),
            row.build.map_or("-", |rank| catalog.version((row.package, rank))).to_owned(),
            row.interface.as_ref().map_or("-", |(name, _)| name).to_owned(),
            remark(row),
        ]);
    }
    out.push_str(&table.print(2, style.width));
    out
}

fn state(state: Readiness) -> String {
    match state {
        Readiness::Built => good(state.name()),
        Readiness::Loads | Readiness::Left | Readiness::Unknown => doubtful(state.name()),
        Readiness::Held => bad(state.name()),
    }
}

fn remark(row: &ReadyRow) -> String {
    let stability = row.interface.as_ref().map_or("unstable", |(_, stability)| stability);
    let state = match row.state {
        Readiness::Built | Readiness::Left => None,
        Readiness::Loads => Some("loads without a new build".to_owned()),
        Readiness::Held => {
            Some(format!("no build listed; its {stability} interface holds it back"))
        }
        Readiness::Unknown => {
            Some(format!("no build is known; its {stability} interface needs one"))
        }
    };
    let moved = row.moved.map(|moved| match moved {
        Move::Joined => "joined the set".to_owned(),
        Move::Left => "left the set".to_owned(),
        Move::OutOfTree => "moved out of the source tree".to_owned(),
        Move::InTree => "moved into the source tree".to_owned(),
    });
    state.into_iter().chain(moved).collect::<Vec<_>>().join("; ")
}
