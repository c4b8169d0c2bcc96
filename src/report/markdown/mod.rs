//! For tickets: plans as a checklist, sets as tables.

mod diff;
mod escape;
mod grid;
mod inspect;
mod plan;
mod selection;

use std::fmt::Write as _;

use self::escape::escape;
use super::text::plain;
use crate::answer::{Answer, Body};

/// Prints a report as Markdown: a plan as a checklist, sets as tables, anything else as it is for people.
pub fn markdown(answer: &Answer) -> String {
    if let Some(text) = super::whole::text(answer, false) {
        return text;
    }
    let mut out = format!("# skew {}\n\n", answer.command);
    match &answer.body {
        Body::Plan { deployment, plan, .. } => {
            if let Ok(plan) = plan.as_ref() {
                plan::checklist(&answer.catalog, deployment, plan, &mut out);
            }
        }
        Body::Resolution(resolved) => selection::resolved(answer, resolved, &mut out),
        Body::Sets(sets) => selection::sets(answer, sets, &mut out),
        Body::Grid(table) => grid::grid(&answer.catalog, table, &mut out),
        Body::Diff { named, diff, .. } => diff::diff(answer, diff, *named, &mut out),
        Body::Inspect(files) => inspect::files(files, &mut out),
        Body::Findings { .. }
        | Body::Pair { .. }
        | Body::Path { .. }
        | Body::Support { .. }
        | Body::Train(_)
        | Body::Gate(_)
        | Body::Packages(_)
        | Body::Package(_)
        | Body::Picture(_)
        | Body::Import(_)
        | Body::Lint { .. } => {
            let _ = writeln!(out, "```text\n{}```\n", fenced(&plain(answer)));
        }
    }
    for finding in &answer.findings {
        let _ = writeln!(
            out,
            "- **{}** `{}` {}: {}",
            finding.severity,
            escape(finding.code.as_str()),
            escape(&finding.subject),
            escape(&finding.message)
        );
    }
    out
}

/// Keeps a text from ending the fence that it stands in.
fn fenced(text: &str) -> String {
    text.replace("```", "\u{2032}\u{2032}\u{2032}")
}
