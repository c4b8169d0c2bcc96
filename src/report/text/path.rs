//! Version hops.

use super::style::{Style, bad, good, strong, wrap};
use crate::answer::path::{Hop, NoPath, PathAnswer};
use crate::catalog::{Catalog, ReleaseId};
use crate::finding::{Cite, Finding};

pub(super) fn text(
    catalog: &Catalog,
    from: ReleaseId,
    to: ReleaseId,
    path: &Result<PathAnswer, NoPath>,
    style: Style,
) -> String {
    let ends = format!("{} -> {}", catalog.label(from), catalog.label(to));
    match path {
        Ok(answer) if answer.hops.is_empty() => format!("{}: {ends}\n", good("already there")),
        Ok(answer) => {
            let count = answer.hops.len();
            let word = if count == 1 { "hop" } else { "hops" };
            let mut out = format!("{}: {ends} in {count} {word}\n", good("path found"));
            for (ix, hop) in answer.hops.iter().enumerate() {
                out.push_str(&one(catalog, ix, hop, style));
            }
            out
        }
        Err(none) => {
            let open = none.reasons.iter().all(Finding::leaves_unknown);
            let head = if open { strong("path not known") } else { bad("no path") };
            let mut out = format!("{head}: {ends}\n");
            // The reasons are findings of the answer.
            for alternative in &none.alternatives {
                out.push_str(&format!(
                    "  instead: {}\n",
                    wrap(&alternative.change.words(catalog), style.width, 11)
                ));
            }
            out
        }
    }
}

/// Prints one hop of a way that was asked for, and all that is said about it.
pub(super) fn one(catalog: &Catalog, ix: usize, hop: &Hop, style: Style) -> String {
    told(catalog, ix, hop, "accepted risk", style)
}

/// Prints one hop, with the word for its risks.
pub(super) fn told(catalog: &Catalog, ix: usize, hop: &Hop, risk: &str, style: Style) -> String {
    let head = format!("{} -> {}", catalog.label(hop.from), target(catalog, hop));
    let mut out =
        format!("\n{}  {}  {}\n", strong(&format!("hop {}", ix + 1)), head, hop.procedure.name());
    let mut line = |label: &str, text: &str| {
        out.push_str(&format!("  {label:<15}{}\n", wrap(text, style.width, 17)));
    };
    if let Some((why, cite)) = &hop.procedure_why {
        line("because", &sourced(why, cite));
    }
    for stop in &hop.stops {
        line("required stop", &sourced(&stop.message, &stop.cite));
    }
    for note in &hop.risks {
        line(risk, &sourced(&format!("{}: {}", note.name, note.message), &note.cite));
    }
    for note in &hop.irreversible {
        let moment = note.moment.as_ref().map(|moment| format!(" ({moment})")).unwrap_or_default();
        line("no way back", &sourced(&format!("{}{moment}", note.message), &note.cite));
    }
    for migration in &hop.migrations {
        let command =
            migration.command.as_ref().map(|command| format!("`{command}` ")).unwrap_or_default();
        line("migration", &sourced(&format!("{command}{}", migration.message), &migration.cite));
    }
    for advice in &hop.advice {
        line("advice", &sourced(&advice.message, &advice.cite));
    }
    out
}

/// Adds how and where a statement is known.
fn sourced(text: &str, cite: &Cite) -> String {
    format!("{text} [{}: {}]", cite.evidence, cite.source)
}

fn target(catalog: &Catalog, hop: &Hop) -> String {
    if hop.from.0 == hop.to.0 { catalog.version(hop.to).to_owned() } else { catalog.label(hop.to) }
}
