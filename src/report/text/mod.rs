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
mod support;
mod table;
mod train;

use std::borrow::Cow;

use super::escape::spell_out;
use crate::answer::{Answer, Body};
use crate::finding::{Check, Code, Finding, Verdict};

/// A style of printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// True if colour is used.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// True if what is only good to know is left out.
    pub quiet: bool,
}

/// Prints an answer, with a line feed at the end.
pub fn text(answer: &Answer, style: Style) -> String {
    if let Some(text) = super::whole(answer, style.color) {
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

/// Marks of colours: private characters that [`Style::paint`] replaces or drops.
const MARKS: [(char, &str); 6] = [
    ('\u{f0000}', "\u{1b}[0m"),
    ('\u{f0001}', "\u{1b}[1m"),
    ('\u{f0002}', "\u{1b}[31m"),
    ('\u{f0003}', "\u{1b}[33m"),
    ('\u{f0004}', "\u{1b}[32m"),
    ('\u{f0005}', "\u{1b}[2m"),
];

fn marked(mark: usize, text: &str) -> String {
    format!("{}{text}{}", MARKS[mark].0, MARKS[0].0)
}

/// Marks something that must not be overlooked in a table or a head line.
fn strong(text: &str) -> String {
    marked(1, text)
}

fn bad(text: &str) -> String {
    marked(2, text)
}

fn doubtful(text: &str) -> String {
    marked(3, text)
}

fn good(text: &str) -> String {
    marked(4, text)
}

fn dim(text: &str) -> String {
    marked(5, text)
}

fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Compatible => good(verdict.name()),
        Verdict::Unknown => doubtful(verdict.name()),
        Verdict::Incompatible => bad(verdict.name()),
    }
}

impl Style {
    /// Spells control characters out and turns marks into colour, or drops them.
    fn paint(self, text: &str) -> String {
        let mut painted = String::with_capacity(text.len());
        for c in text.chars() {
            if let Some((_, sequence)) = MARKS.iter().find(|(mark, _)| *mark == c) {
                if self.color {
                    painted.push_str(sequence);
                }
            } else if c == '\n' {
                painted.push(c);
            } else if let Some(spelled) = spell_out(c) {
                painted.push_str(&format!("<{spelled}>"));
            } else {
                painted.push(c);
            }
        }
        painted
    }
}

/// Spells out control characters of a text that is printed by itself.
pub fn clean(text: &str) -> Cow<'_, str> {
    let odd = |c: char| spell_out(c).is_some() || MARKS.iter().any(|(mark, _)| *mark == c);
    if !text.chars().any(odd) {
        return Cow::Borrowed(text);
    }
    let style = Style { color: false, width: 80, quiet: false };
    Cow::Owned(style.paint(&flat(text)))
}

/// Keeps a value on its line.
fn flat(text: &str) -> Cow<'_, str> {
    if text.contains('\n') { text.replace('\n', "<U+000A>").into() } else { text.into() }
}

/// Wraps the words of a value to a width, with an indent for every line but the first.
fn wrap(text: &str, width: usize, indent: usize) -> String {
    let text = flat(text);
    let mut lines = String::new();
    let mut used = indent;
    for word in text.split(' ') {
        let length = table::shown(word);
        if used > indent && used + 1 + length > width {
            lines.push('\n');
            lines.push_str(&" ".repeat(indent));
            used = indent;
        } else if used > indent {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += length;
    }
    lines
}
