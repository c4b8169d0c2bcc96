//! What a step brings, for people.

use super::path;
use super::style::{Style, bad, dim, doubtful, good, strong, wrap};
use super::table::TextTable;
use crate::answer::diff::{Diff, Fate};
use crate::answer::path::PathAnswer;
use crate::catalog::{Catalog, Promise};
use crate::report::diff_words as words;

pub(super) fn text(catalog: &Catalog, diff: &Diff, named: bool, style: Style) -> String {
    let mut out = head(catalog, diff, style);
    promises(catalog, diff, style, &mut out);
    interfaces(catalog, diff, style, &mut out);
    needs(catalog, diff, style, &mut out);
    floors(catalog, diff, style, &mut out);
    if named {
        table(catalog, diff, style, &mut out);
    } else {
        groups(catalog, diff, style, &mut out);
    }
    if let Some(path) = shown_path(diff, style) {
        for (ix, hop) in path.hops.iter().enumerate() {
            out.push_str(&path::told(catalog, ix, hop, "risk", style));
        }
    }
    no_return(catalog, diff, style, &mut out);
    out
}

fn head(catalog: &Catalog, diff: &Diff, style: Style) -> String {
    let end = if diff.from.0 == diff.to.0 {
        catalog.version(diff.to).to_owned()
    } else {
        catalog.label(diff.to)
    };
    let kind = strong(&words::kind(diff));
    let step = format!("{} -> {end}: {kind} ({})", catalog.label(diff.from), diff.kind.rule);
    let mut out = format!("{}\n", wrap(&step, style.width, 4));
    if let (Some(before), Some(after)) = &diff.support {
        let text = if before.line == after.line {
            words::support(after)
        } else {
            format!("{}; then {}", words::support(before), words::support(after))
        };
        out.push_str(&format!("  support: {}\n", wrap(&text, style.width, 11)));
    }
    if let Some(point) = diff.no_return.first() {
        let (from, to) = point.hop;
        let hop = format!("{} -> {}", catalog.label(from), catalog.version(to));
        out.push_str(&format!("  {} over {hop}, see below\n", bad("no way back")));
    }
    out
}

fn promises(catalog: &Catalog, diff: &Diff, style: Style, out: &mut String) {
    if diff.promises.is_empty() {
        out.push_str(&format!("  promise: {}\n", words::unpromised(diff)));
        return;
    }
    let mut table = TextTable::new(&["contract", "promise", "what it is about"]);
    for promised in &diff.promises {
        let contract = &catalog.contracts()[promised.contract];
        let word = words::promise(promised.promise);
        let word = match promised.promise {
            Some(Promise::Kept) => good(word),
            Some(Promise::OptIn) | None => doubtful(word),
            Some(Promise::MayBreak) => bad(word),
        };
        table.row(vec![contract.name.clone(), word, contract.title.clone()]);
    }
    out.push_str(&format!("\n{}", table.print(2, style.width)));
    let mut sources: Vec<&str> = diff.promises.iter().map(|it| it.cite.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    for source in sources {
        out.push_str(&format!("  {}{}\n", dim("source: "), wrap(source, style.width, 10)));
    }
}

fn interfaces(catalog: &Catalog, diff: &Diff, style: Style, out: &mut String) {
    if diff.interfaces.is_empty() {
        return;
    }
    let mut table = TextTable::new(&["interface", "stability", "change", "writes", "reads"]);
    for one in &diff.interfaces {
        let interface = catalog.interface(one.interface);
        table.row(vec![
            interface.name.clone(),
            interface.stability.name().to_owned(),
            one.change.name().to_owned(),
            words::levels(&one.writes),
            words::levels(&one.reads),
        ]);
    }
    out.push_str(&format!("\n{}", table.print(2, style.width)));
}

fn needs(catalog: &Catalog, diff: &Diff, style: Style, out: &mut String) {
    if diff.needs.is_empty() {
        return;
    }
    let mut table = TextTable::new(&["needs", "before", "after"]);
    for need in &diff.needs {
        let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let name = catalog.package(need.package).name.clone();
        table.row(vec![name, side(&need.before), side(&need.after)]);
    }
    out.push_str(&format!("\n{}", table.print(2, style.width)));
}

/// Prints the oldest core of a plugin, and the lines of the core that it works with.
fn floors(catalog: &Catalog, diff: &Diff, style: Style, out: &mut String) {
    let Some(floors) = &diff.floors else { return };
    let core = &catalog.package(floors.core).name;
    let version = |rank: Option<crate::catalog::Rank>| {
        rank.map_or_else(|| "-".to_owned(), |rank| catalog.version((floors.core, rank)).to_owned())
    };
    let mut table = TextTable::new(&[&format!("oldest {core}"), "before", "after"]);
    let stated = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let (before, after) = &floors.declared;
    table.row(vec!["declared".to_owned(), stated(before), stated(after)]);
    let (before, after) = floors.effective;
    table.row(vec!["with all it needs".to_owned(), version(before), version(after)]);
    out.push_str(&format!("\n{}", table.print(2, style.width)));
    if diff.lines.is_empty() {
        return;
    }
    let mut table = TextTable::new(&[&format!("{core} line"), "before", "after"]);
    for line in &diff.lines {
        let lts = if line.lts { " (lts)" } else { "" };
        let side = |rank: Option<_>, unknown| match (rank, unknown) {
            (Some(_), _) => format!("works, up to {}", version(rank)),
            (None, true) => "?".to_owned(),
            (None, false) => "-".to_owned(),
        };
        let before = side(line.before, line.unknown.0);
        table.row(vec![format!("{}{lts}", line.line), before, side(line.after, line.unknown.1)]);
    }
    out.push_str(&format!("\n{}", table.print(2, style.width)));
}

fn table(catalog: &Catalog, diff: &Diff, style: Style, out: &mut String) {
    let mut table =
        TextTable::new(&["plugin", "before", "after", "rests on", "what becomes of it"]);
    for step in &diff.plugins {
        table.row(vec![
            catalog.package(step.package).name.clone(),
            words::version(catalog, step, step.from),
            words::version(catalog, step, step.to),
            words::rests(catalog, step),
            colored(step.fate, &words::outcome(step)),
        ]);
    }
    out.push_str(&format!("\n{}", table.print(2, style.width)));
}

fn groups(catalog: &Catalog, diff: &Diff, style: Style, out: &mut String) {
    if diff.plugins.is_empty() {
        return;
    }
    out.push_str(&format!("\n  {}\n", dim("plugins")));
    for (fate, count, names) in words::folded(catalog, &diff.plugins) {
        let head = format!("{} ({count})", words::fate(fate));
        let text = wrap(&format!("{}: {names}", colored(fate, &head)), style.width, 4);
        out.push_str(&format!("  {text}\n"));
    }
}

fn colored(fate: Fate, text: &str) -> String {
    match fate {
        Fate::Loses => bad(text),
        Fate::Rebuild | Fate::Moves | Fate::Unknown => doubtful(text),
        Fate::Keeps | Fate::Works | Fate::Gains => good(text),
        Fate::Absent => dim(text),
    }
}

/// Returns the way whose hops are printed: what they say is good to know.
fn shown_path(diff: &Diff, style: Style) -> Option<&PathAnswer> {
    diff.path.as_ref().filter(|_| !style.quiet)?.as_ref().ok()
}

/// Prints what the lines of the hops do not say about the way back.
fn no_return(catalog: &Catalog, diff: &Diff, style: Style, out: &mut String) {
    let hops = shown_path(diff, style).map(|path| path.hops.as_slice()).unwrap_or_default();
    let said =
        |why: &str| hops.iter().flat_map(|hop| &hop.irreversible).any(|note| note.message == why);
    let points: Vec<_> = diff.no_return.iter().filter(|point| !said(&point.why)).collect();
    if points.is_empty() {
        return;
    }
    out.push_str(&format!("\n  {}\n", strong("no way back")));
    for point in points {
        let (from, to) = point.hop;
        let moment = point.moment.as_ref().map(|moment| format!(", {moment}")).unwrap_or_default();
        let text = format!(
            "over {} -> {}: {}{moment}",
            catalog.label(from),
            catalog.version(to),
            point.why
        );
        out.push_str(&format!("  {}\n", wrap(&text, style.width, 4)));
    }
}
