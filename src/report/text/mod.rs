//! The human form: what to read in a terminal of 80 columns.
//!
//! Owns words, tables and colour. Every text that comes from a file passes one place, [`Style::paint`],
//! where control characters are spelled out, so no name can reach the terminal as a command. Colour
//! is written as private marks until then; without them everything is still understood.

mod diff;
mod findings;
mod gate;
mod grid;
mod inspect;
mod list;
mod path;
mod plan;
mod resolve;
mod sets;
mod style;
mod support;
mod table;
mod train;

pub use style::{Style, clean};
use style::{dim, verdict};

use crate::answer::{Answer, Body};
use crate::finding::{Check, Code, Finding, Verdict};

/// Prints an answer, with a line feed at the end.
pub fn text(answer: &Answer, style: Style) -> String {
    if let Some(text) = super::whole::text(answer, style.color) {
        return text;
    }
    let mut out = body(answer, style);
    let said: Vec<_> =
        answer.findings.iter().filter(|finding| !on_hops(answer, finding, style)).collect();
    out.push_str(&findings::list(&said, style));
    style.paint(&out)
}

/// Prints findings by themselves.
pub fn remarks(remarks: &[Finding], style: Style) -> String {
    let said: Vec<_> = remarks.iter().collect();
    style.paint(findings::list(&said, style).trim_start_matches('\n'))
}

/// Prints a report without its findings, for a text that goes into another one.
pub(super) fn plain(answer: &Answer) -> String {
    let style = Style { color: false, width: 80, quiet: false };
    style.paint(&body(answer, style))
}

fn body(answer: &Answer, style: Style) -> String {
    let catalog = &*answer.catalog;
    match &answer.body {
        Body::Findings { subject } => findings::summary(answer, subject),
        Body::Pair { relation, from, to, features } => {
            pair(answer, *relation, *from, *to, *features)
        }
        Body::Resolution(resolved) => resolve::text(answer, resolved, style),
        Body::Sets(sets) => sets::text(answer, sets, style),
        Body::Path { from, to, path } => path::text(catalog, *from, *to, path, style),
        Body::Plan { deployment, plan, .. } => match plan.as_ref() {
            Ok(plan) => plan::text(catalog, deployment, plan, style),
            Err(none) => plan::none(none, style),
        },
        Body::Support { as_of, rows, announced, expected } => {
            support::text(catalog, *as_of, rows, (announced, expected), style)
        }
        Body::Grid(table) => grid::text(catalog, table, style),
        Body::Diff { named, diff, .. } => diff::text(catalog, diff, *named, style),
        Body::Train(answer) => train::text(catalog, answer, style),
        Body::Gate(answer) => gate::text(answer, style),
        Body::Inspect(files) => inspect::text(files, style),
        Body::Packages(packages) => list::packages(catalog, packages, style),
        Body::Package(package) => list::package(catalog, *package, style),
        // They are a text of their own.
        Body::Picture(_) | Body::Import(_) | Body::Lint { .. } => String::new(),
    }
}

/// Returns true if the hops of a path or plan, which are printed, say the same.
fn on_hops(answer: &Answer, finding: &Finding, style: Style) -> bool {
    let found = match &answer.body {
        Body::Path { path, .. } => path.is_ok(),
        Body::Plan { plan, .. } => plan.is_ok(),
        Body::Diff { diff, .. } => !style.quiet && diff.path.as_ref().is_some_and(Result::is_ok),
        Body::Findings { .. }
        | Body::Pair { .. }
        | Body::Resolution(_)
        | Body::Sets(_)
        | Body::Support { .. }
        | Body::Grid(_)
        | Body::Train(_)
        | Body::Gate(_)
        | Body::Inspect(_)
        | Body::Packages(_)
        | Body::Package(_)
        | Body::Picture(_)
        | Body::Import(_)
        | Body::Lint { .. } => false,
    };
    let on_hop = [Check::EdgeAdvice, Check::EdgeRisk, Check::EdgeIrreversible].map(Code::Check);
    found && on_hop.contains(&finding.code)
}

fn pair(
    answer: &Answer,
    relation: crate::catalog::RelationIx,
    from: crate::catalog::ReleaseId,
    to: crate::catalog::ReleaseId,
    features: crate::catalog::FeatureSet,
) -> String {
    let catalog = &*answer.catalog;
    let stated = catalog.relation(relation);
    let names: Vec<_> =
        features.iter().map(|feature| catalog.features()[feature.ix()].name.as_str()).collect();
    let with = if names.is_empty() { String::new() } else { format!(" with {}", names.join(", ")) };
    format!(
        "{}: {} -> {} ({}){with}\n",
        verdict(answer.verdict.unwrap_or(Verdict::Unknown)),
        catalog.label(from),
        catalog.label(to),
        stated.name,
    )
}
