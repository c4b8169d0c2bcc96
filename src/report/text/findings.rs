//! Findings, worst first within their order.

use super::style::shown;
use super::style::{Style, bad, dim, doubtful, flat, good, strong, verdict, wrap};
use crate::answer::Answer;
use crate::finding::{Finding, Severity};

/// Prints what a check comes to, in one line.
pub(super) fn summary(answer: &Answer, subject: &str) -> String {
    let count =
        |severity| answer.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let found = match (errors, warnings) {
        (0, 0) => good("nothing found"),
        (errors, warnings) => [(errors, "error"), (warnings, "warning")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let word = answer.verdict.map(|stated| format!("{}: ", verdict(stated))).unwrap_or_default();
    format!("{word}{}: {found}\n", flat(subject))
}

/// Prints findings, each with its source.
pub(super) fn list(findings: &[&Finding], style: Style) -> String {
    let mut out = String::new();
    for finding in
        findings.iter().filter(|finding| !style.quiet || finding.severity > Severity::Info)
    {
        out.push('\n');
        out.push_str(&one(finding, style.width));
    }
    out
}

fn one(finding: &Finding, width: usize) -> String {
    let word = match finding.severity {
        Severity::Error => bad("error"),
        Severity::Warning => doubtful("warning"),
        Severity::Info => strong("note"),
    };
    let mut out = format!("{word}[{}] {}\n", finding.code.as_str(), flat(&finding.subject));
    let mut line = |label: &str, text: &str| {
        let indent = 2 + shown(label);
        out.push_str(&format!("  {label}{}\n", wrap(text, width, indent)));
    };
    line("", &finding.message);
    if let Some(bites) = finding.bites {
        line("", &format!("shows {}", bites.phrase()));
    }
    for cite in &finding.cites {
        let url = cite.url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
        line(&dim("source: "), &format!("{} [{}]{url}", cite.source, cite.evidence));
        if let Some(note) = &cite.note {
            line(&dim("note: "), note);
        }
    }
    if let Some(hint) = &finding.hint {
        line("hint: ", hint);
    }
    out
}
