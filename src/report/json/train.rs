//! Release trains as JSON.

use serde_json::{Map, Value, json};

use super::{cite, release};
use crate::answer::train::TrainReport;
use crate::answer::train::{PhaseRow, ReadyAnswer, ReadyRow, TrainAnswer, TrainWord};
use crate::catalog::{Catalog, PackageIx, Rank};

pub(super) fn train(catalog: &Catalog, report: &TrainReport, object: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    match report {
        TrainReport::Phases(phases) => {
            put("product", product(catalog, phases.package));
            put("at", at(catalog, phases.package, phases.at));
            put("rows", phases.rows.iter().map(phase).collect());
        }
        TrainReport::Answer(answer) => self::answer(catalog, answer, object),
        TrainReport::Ready(answer) => ready(catalog, answer, object),
    }
}

fn product(catalog: &Catalog, package: PackageIx) -> Value {
    json!(catalog.package(package).name)
}

fn at(catalog: &Catalog, package: PackageIx, at: Option<Rank>) -> Value {
    json!(at.map(|rank| catalog.version((package, rank)).to_owned()))
}

fn shown(word: Option<&TrainWord>) -> Value {
    json!(word.map(TrainWord::shown))
}

fn shown_all(words: &[TrainWord]) -> Value {
    words.iter().map(|word| json!(word.shown())).collect()
}

fn phase(row: &PhaseRow) -> Value {
    json!({
        "phase": row.name,
        "alias": row.alias,
        "title": row.title,
        "branches": shown_all(&row.branches),
        "note": row.note,
        "evidence": Value::Object(cite(&row.cite)),
    })
}

/// Prints the names that are shown, and as the document writes them.
fn answer(catalog: &Catalog, answer: &TrainAnswer, object: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    let note = (!answer.notes.is_empty()).then(|| answer.notes.join("; "));
    let written = |word: Option<&TrainWord>| json!(word.map(|word| word.written.clone()));
    put("product", product(catalog, answer.package));
    put("at", at(catalog, answer.package, answer.at));
    put("question", json!(answer.question));
    put("allowed", json!(answer.allowed));
    put("branch", shown(answer.branch.as_ref()));
    put("target", shown_all(&answer.target));
    put("source", shown(answer.source.as_ref()));
    put("actions", json!(answer.actions));
    put("note", json!(note));
    put("reason", json!(answer.reason));
    let as_written = json!({
        "branch": written(answer.branch.as_ref()),
        "target": answer.target.iter().map(|word| &word.written).collect::<Vec<_>>(),
        "source": written(answer.source.as_ref()),
    });
    put("as_written", as_written);
    put("evidence", answer.cites.iter().map(|cited| Value::Object(cite(cited))).collect());
}

fn ready(catalog: &Catalog, answer: &ReadyAnswer, object: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("release", release(catalog, answer.release));
    put("before", at(catalog, answer.release.0, answer.before));
    put("complete", json!(answer.complete));
    put("rows", answer.rows.iter().map(|row| ready_row(catalog, row)).collect());
}

fn ready_row(catalog: &Catalog, row: &ReadyRow) -> Value {
    let interface = row.interface.as_ref();
    let build = row.build.map(|rank| (row.package, rank));
    let cited = row.fact.map(|fact| Value::Object(cite(&catalog.cite_for(fact, build))));
    json!({
        "package": product(catalog, row.package),
        "state": row.state.name(),
        "build": at(catalog, row.package, row.build),
        "label": build.and_then(|(ix, rank)| catalog.package(ix).release(rank).label.clone()),
        "interface": interface.map(|(name, _)| name),
        "stability": interface.map(|(_, stability)| stability),
        "moved": row.moved.map(crate::answer::train::Move::name),
        "evidence": cited,
    })
}
