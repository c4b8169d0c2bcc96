//! Sets of releases as tables, or why there is none.

use std::fmt::Write as _;

use super::escape::escape;
use crate::answer::Answer;
use crate::answer::selection::{
    AllSets, Clash, Conflict, Explained, Repair, Resolution, Resolved, Selection, Sets,
    SetsOutcome, Undecided,
};
use crate::catalog::Catalog;
use crate::finding::Verdict;
use crate::report::compare::Compared;
use crate::report::words;
use crate::report::words::{barred, few};

/// Prints the answer to `resolve`.
pub(super) fn resolved(answer: &Answer, resolved: &Resolved, out: &mut String) {
    let catalog = &*answer.catalog;
    match &resolved.resolution {
        Resolution::Found(selection) => {
            let is_refused = answer.verdict == Some(Verdict::Incompatible);
            let head = if is_refused { "Set refused" } else { "Set found" };
            let _ = writeln!(out, "{head}, as of {}\n", resolved.as_of);
            table(catalog, selection, out);
            for (word, releases) in words::moves(catalog, &resolved.moves) {
                let _ = writeln!(out, "- {word}: {}", escape(&releases));
            }
            if !resolved.moves.is_empty() {
                out.push('\n');
            }
            for explained in &resolved.whys {
                why(catalog, explained, out);
            }
        }
        Resolution::Undecided(undecided) => open(catalog, undecided, out),
        Resolution::Impossible(conflict) => impossible(catalog, conflict, out),
        Resolution::Unknown { steps } => unknown(*steps, out),
    }
}

/// Prints the answer to `sets`.
pub(super) fn sets(answer: &Answer, sets: &AllSets, out: &mut String) {
    match &sets.outcome {
        SetsOutcome::Found { count, best } => {
            let is_refused = answer.verdict == Some(Verdict::Incompatible);
            let head = if is_refused { "Refused: " } else { "" };
            let _ = writeln!(out, "{head}{}, as of {}\n", words::sets(count), sets.as_of);
            if let Some(Sets { sets, .. }) = best {
                side_by_side(&answer.catalog, sets, out);
            }
        }
        SetsOutcome::Undecided(undecided) => open(&answer.catalog, undecided, out),
        SetsOutcome::Impossible(conflict) => impossible(&answer.catalog, conflict, out),
        SetsOutcome::Unknown { steps } => unknown(*steps, out),
    }
}

fn open(catalog: &Catalog, undecided: &Undecided, out: &mut String) {
    out.push_str("No set is known to work\n\n");
    for missing in &undecided.missing {
        let _ = writeln!(out, "- {}", escape(&missing.text));
    }
    let picks: Vec<_> = undecided.picks.iter().map(|pick| catalog.label(pick.release)).collect();
    let _ = writeln!(out, "\n{} might do\n", escape(&picks.join(", ")));
    repairs(catalog, &undecided.repairs, out);
}

fn unknown(steps: u64, out: &mut String) {
    let _ = writeln!(out, "No answer within the budget; steps taken: {steps}\n");
}

/// Prints one line of a table.
fn row(cells: &[String], out: &mut String) {
    let cells: Vec<_> = cells.iter().map(|cell| escape(cell)).collect();
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn head(cells: &[String], out: &mut String) {
    row(cells, out);
    let _ = writeln!(out, "|{}", "---|".repeat(cells.len()));
}

fn table(catalog: &Catalog, selection: &Selection, out: &mut String) {
    head(&["package", "version", "released"].map(ToOwned::to_owned), out);
    for pick in &selection.picks {
        let package = catalog.package(pick.release.0);
        let date = package.release(pick.release.1).date;
        let date = date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        row(&[package.name.clone(), catalog.version(pick.release).to_owned(), date], out);
    }
    out.push('\n');
}

fn side_by_side(catalog: &Catalog, sets: &[Selection], out: &mut String) {
    let compared = Compared::new(sets);
    let same: Vec<_> = compared.same.iter().map(|&release| catalog.label(release)).collect();
    if !same.is_empty() {
        let _ = writeln!(out, "In each of them: {}\n", escape(&same.join(", ")));
    }
    if compared.differing.is_empty() {
        return;
    }
    let names = compared.differing.iter().map(|&package| catalog.package(package).name.clone());
    head(&std::iter::once("set".to_owned()).chain(names).collect::<Vec<_>>(), out);
    for (at, ranks) in (1..).zip(&compared.rows) {
        let cells = ranks.iter().zip(&compared.differing).map(|(rank, &package)| {
            rank.map_or_else(|| "-".to_owned(), |rank| catalog.version((package, rank)).to_owned())
        });
        row(&std::iter::once(i32::to_string(&at)).chain(cells).collect::<Vec<_>>(), out);
    }
    out.push('\n');
}

fn impossible(catalog: &Catalog, conflict: &Conflict, out: &mut String) {
    out.push_str("No valid set: these cannot hold together\n\n");
    clashes(&conflict.clashes, out);
    out.push('\n');
    repairs(catalog, &conflict.repairs, out);
}

fn clashes(clashes: &[Clash], out: &mut String) {
    for clash in clashes {
        let source =
            clash.cite.as_ref().map(|cite| format!(" ({}, {})", cite.source, cite.evidence));
        let _ =
            writeln!(out, "- {}", escape(&format!("{}{}", clash.text, source.unwrap_or_default())));
    }
}

fn repairs(catalog: &Catalog, repairs: &[Repair], out: &mut String) {
    if repairs.is_empty() {
        return;
    }
    out.push_str("Instead:\n\n");
    for repair in repairs {
        let picks: Vec<_> = repair.picks.iter().map(|pick| catalog.label(pick.release)).collect();
        let text = format!("{} (gives {})", repair.text, picks.join(", "));
        let _ = writeln!(out, "- {}", escape(&text));
    }
    out.push('\n');
}

fn why(catalog: &Catalog, explained: &Explained, out: &mut String) {
    let why = &explained.why;
    let _ = writeln!(out, "Why {}\n", escape(&catalog.label(why.chosen)));
    if !why.better.is_empty() {
        let _ = writeln!(out, "- better: {}", escape(&few(catalog, &why.better)));
    }
    for (state, releases) in barred(&why.barred) {
        let _ = writeln!(out, "- {state}: {}", escape(&few(catalog, &releases)));
    }
    if let Some(remark) = &explained.remark {
        let _ = writeln!(out, "- {}", escape(remark));
    }
    clashes(&why.clashes, out);
    out.push('\n');
}
