//! A set of releases and why it is the one, or why there is none.

use super::style::{Style, bad, dim, doubtful, good, strong, wrap};
use super::table::TextTable;
use crate::answer::Answer;
use crate::answer::selection::{
    Clash, Conflict, Explained, Move, Pick, Repair, Resolution, Resolved, Selection, Undecided,
};
use crate::catalog::Catalog;
use crate::finding::Verdict;
use crate::report::words::{self, barred, few};

pub(super) fn text(answer: &Answer, resolved: &Resolved, style: Style) -> String {
    let catalog = &*answer.catalog;
    match &resolved.resolution {
        Resolution::Found(selection) => {
            let count = count(selection.picks.len());
            let head = match answer.verdict {
                Some(Verdict::Incompatible) => {
                    format!("{}: {count}, for the reason below\n\n", bad("set refused"))
                }
                Some(Verdict::Unknown) => {
                    format!("{}: {count} that fit as far as is known\n\n", doubtful("unknown"))
                }
                Some(Verdict::Compatible) | None => format!("{}: {count}\n\n", good("set found")),
            };
            let mut out = head + &table(catalog, selection, style);
            out.push_str(&moves(catalog, &resolved.moves, style));
            for explained in &resolved.whys {
                why(catalog, explained, style, &mut out);
            }
            out
        }
        Resolution::Undecided(undecided) => open(catalog, undecided, style),
        Resolution::Impossible(conflict) => impossible(catalog, conflict, style),
        Resolution::Unknown { steps } => unknown(*steps),
    }
}

/// Says that there is no answer.
pub(super) fn unknown(steps: u64) -> String {
    let noun = if steps == 1 { "step" } else { "steps" };
    format!("{}: no answer within {steps} {noun}\n", doubtful("unknown"))
}

/// Says which facts are missing, and for which set.
pub(super) fn open(catalog: &Catalog, undecided: &Undecided, style: Style) -> String {
    let mut out = format!("{}: no set is known to work\n\n", doubtful("unknown"));
    for (ix, missing) in undecided.missing.iter().enumerate() {
        let word = if ix == 0 { "because" } else { "and    " };
        out.push_str(&format!("  {word}  {}\n", wrap(&missing.text, style.width, 11)));
    }
    let picks: Vec<_> = undecided.picks.iter().map(|pick| catalog.label(pick.release)).collect();
    let text = format!("{} might do", picks.join(", "));
    out.push_str(&format!("\n  {}\n", wrap(&text, style.width, 2)));
    repairs(catalog, &undecided.repairs, style, &mut out);
    out
}

/// Prints a set, one release a line.
pub(super) fn table(catalog: &Catalog, selection: &Selection, style: Style) -> String {
    let mut table = TextTable::new(&["package", "version", "released", "why"]);
    for pick in &selection.picks {
        let stated = catalog.package(pick.release.0).release(pick.release.1);
        let date = stated.date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        table.row(vec![
            catalog.package(pick.release.0).name.clone(),
            catalog.version(pick.release).to_owned(),
            date,
            reason(catalog, pick),
        ]);
    }
    table.print(2, style.width)
}

/// Says what becomes of what runs.
fn moves(catalog: &Catalog, moves: &[Move], style: Style) -> String {
    let told = words::moves(catalog, moves);
    let mut out = if told.is_empty() { String::new() } else { "\n".to_owned() };
    for (word, releases) in told {
        out.push_str(&format!("  {word:<5}  {}\n", wrap(&releases, style.width, 9)));
    }
    out
}

fn count(picks: usize) -> String {
    if picks == 1 { "1 package".to_owned() } else { format!("{picks} packages") }
}

fn reason(catalog: &Catalog, pick: &Pick) -> String {
    let needed: Vec<_> =
        pick.needed_by.iter().map(|&package| catalog.package(package).name.as_str()).collect();
    match (pick.requested, needed.is_empty()) {
        (true, true) => "asked for".to_owned(),
        (true, false) => format!("asked for, needed by {}", needed.join(", ")),
        (false, true) => "runs".to_owned(),
        (false, false) => format!("needed by {}", needed.join(", ")),
    }
}

/// Prints what cannot hold together, and what could be asked instead.
pub(super) fn impossible(catalog: &Catalog, conflict: &Conflict, style: Style) -> String {
    let mut out = format!("{}: these cannot hold together\n\n", bad("no valid set"));
    clashes(&conflict.clashes, style, &mut out);
    repairs(catalog, &conflict.repairs, style, &mut out);
    out
}

fn clashes(clashes: &[Clash], style: Style, out: &mut String) {
    for (ix, clash) in clashes.iter().enumerate() {
        let word = if ix == 0 { "because" } else { "and    " };
        out.push_str(&format!("  {word}  {}\n", wrap(&clash.text, style.width, 11)));
        if let Some(cite) = &clash.cite {
            let url = cite.url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
            let text = format!("{} [{}]{url}", cite.source, cite.evidence);
            out.push_str(&format!(
                "           {}{}\n",
                dim("source: "),
                wrap(&text, style.width, 19)
            ));
        }
    }
}

fn repairs(catalog: &Catalog, repairs: &[Repair], style: Style, out: &mut String) {
    for (ix, repair) in repairs.iter().enumerate() {
        let word = if ix == 0 { "you can" } else { "or     " };
        let picks: Vec<_> = repair.picks.iter().map(|pick| catalog.label(pick.release)).collect();
        let lead = if ix == 0 { "\n" } else { "" };
        let text = format!("{} (gives {})", repair.text, picks.join(", "));
        out.push_str(&format!("{lead}  {word}  {}\n", wrap(&text, style.width, 11)));
    }
}

/// Prints why one package of the set has its release.
fn why(catalog: &Catalog, explained: &Explained, style: Style, out: &mut String) {
    let why = &explained.why;
    out.push_str(&format!("\n{}\n", strong(&format!("why {}", catalog.label(why.chosen)))));
    if !why.better.is_empty() {
        let better = few(catalog, &why.better);
        out.push_str(&format!("  better   {}\n", wrap(&better, style.width, 11)));
    }
    if let Some(remark) = &explained.remark {
        out.push_str(&format!("  because  {}\n", wrap(remark, style.width, 11)));
    }
    clashes(&why.clashes, style, out);
    for (state, releases) in barred(&why.barred) {
        let text = format!("{} ({state})", few(catalog, &releases));
        out.push_str(&format!("  barred   {}\n", wrap(&text, style.width, 11)));
    }
}
