//! Versions of a question that nobody lists.

use crate::answer::{Answer, Body};
use crate::catalog::ReleaseId;
use crate::finding::{Check, Code, Finding, Severity, Verdict};

/// Says of each release that only the question names that it is not listed, if nobody said so. What is known of
/// such a release leaves the answer open.
pub(super) fn said(answer: &mut Answer) {
    if answer.verdict.is_none() && !matches!(answer.body, Body::Diff { .. }) {
        return;
    }
    let catalog = &answer.catalog;
    let unlisted = catalog.packages().flat_map(|(ix, package)| {
        let named = package.ranks().filter(|&rank| !package.release(rank).is_listed());
        named.map(move |rank| (ix, rank))
    });
    let findings: Vec<_> = unlisted.filter_map(|release| finding(answer, release)).collect();
    if !findings.is_empty() {
        answer.verdict.get_or_insert(Verdict::Unknown);
    }
    answer.say(findings);
}

fn finding(answer: &Answer, release: ReleaseId) -> Option<Finding> {
    let catalog = &answer.catalog;
    let label = catalog.label(release);
    let tells = |one: &Finding| {
        one.code == Code::Check(Check::ReleaseUnlisted)
            && (one.subject == label || one.message.starts_with(&label))
    };
    if answer.findings.iter().any(tells) {
        return None;
    }
    let message = catalog.unlisted(release, &label);
    Some(Finding::new(Check::ReleaseUnlisted, Severity::Warning, label, message))
}
