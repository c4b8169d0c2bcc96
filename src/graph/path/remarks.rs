//! The answer of a search: its hops, and what is to be said about them.

use super::super::notes::{hop, stop_note};
use super::query::{PathQuery, Route};
use super::wording::trim;
use crate::answer::path::{Hop, Note, PathAnswer};
use crate::catalog::{ReleaseId, Stop, Upgrades};
use crate::finding::{Check, Finding, Severity};

/// Returns the answer for the releases of a path.
pub(super) fn answer(
    query: &PathQuery<'_>,
    route: &Route<'_>,
    releases: &[ReleaseId],
) -> PathAnswer {
    let hops: Vec<_> = releases
        .windows(2)
        .enumerate()
        .map(|(place, pair)| Hop {
            stops: stops(query, route.rules, releases, place),
            ..hop(query.catalog, pair[0], pair[1], query.features)
        })
        .collect();
    let mut findings = caveats(query, route, releases);
    findings.extend(hops.iter().flat_map(|hop| remarks(query, hop)));
    PathAnswer { hops, findings }
}

/// Returns the stops for which the path passes through one end of its hop number `place`.
fn stops(
    query: &PathQuery<'_>,
    rules: Option<&Upgrades>,
    releases: &[ReleaseId],
    place: usize,
) -> Vec<Note> {
    let explains = |stop: &&Stop| {
        [place, place + 1].into_iter().any(|at| {
            let (before, after) = (&releases[..at], releases.get(at + 1..).unwrap_or_default());
            query.is_via(stop, releases[at])
                && before.iter().any(|&a| after.iter().any(|&b| stop.scope.covers(a, b)))
        })
    };
    let stops = rules.map(|rules| rules.stops.as_slice()).unwrap_or_default();
    let note = |stop| stop_note(query.catalog, stop, releases[place + 1]);
    stops.iter().filter(explains).map(note).collect()
}

/// Returns what is to be said about the path as a whole.
fn caveats(query: &PathQuery<'_>, route: &Route<'_>, releases: &[ReleaseId]) -> Vec<Finding> {
    let mut found = Vec::new();
    let advice = |severity, message: String| {
        Finding::new(Check::EdgeAdvice, severity, query.subject(query.from, query.to), message)
    };
    let Some(rules) = route.rules else { return found };
    for stop in rules.stops.iter().filter(|stop| stop.scope.covers(query.from, query.to)) {
        // Only possible where a stop's ranges leave a gap that a hop fits through.
        if !releases.iter().any(|&release| query.is_via(stop, release)) {
            let message = format!(
                "the path does not pass through the stop `{}`: {}",
                stop.name,
                trim(&stop.message)
            );
            let cite = query.catalog.cite_for(stop.scope.fact, Some(query.to));
            found.push(advice(Severity::Warning, message).citing(cite));
        }
    }
    if let Some(why) = &query.catalog.package(query.to.0).release(query.to.1).withdrawn {
        let message = format!("{} was withdrawn: {}", query.catalog.label(query.to), trim(why));
        found.push(Finding::new(
            Check::ReleaseWithdrawn,
            Severity::Warning,
            query.catalog.label(query.to),
            message,
        ));
    }
    found
}

/// Returns the notes of a hop as findings.
fn remarks(query: &PathQuery<'_>, hop: &Hop) -> Vec<Finding> {
    let subject = query.subject(hop.from, hop.to);
    let finding = |check, severity, note: &Note| {
        let message = match &note.moment {
            Some(moment) => format!("{}, {}", trim(&note.message), trim(moment)),
            None => trim(&note.message).to_owned(),
        };
        Finding::new(check, severity, subject.clone(), message).citing(note.cite.clone())
    };
    let risks = hop.risks.iter().map(|note| finding(Check::EdgeRisk, Severity::Warning, note));
    let irreversible = hop
        .irreversible
        .iter()
        .map(|note| finding(Check::EdgeIrreversible, Severity::Warning, note));
    let advice = hop.advice.iter().map(|note| finding(Check::EdgeAdvice, Severity::Info, note));
    risks.chain(irreversible).chain(advice).collect()
}
