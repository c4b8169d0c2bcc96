//! What is to be said about hops and the sets of packages after them.

use std::collections::{BTreeMap, BTreeSet};

use super::fleet::Fleet;
use super::sets::Packages;
use crate::answer::path::Hop;
use crate::catalog::{Catalog, ReleaseId};
use crate::finding::{Check, Finding, Severity};
use crate::skew::requirements;

/// Returns the name of a hop in findings.
pub(super) fn subject(catalog: &Catalog, hop: &Hop) -> String {
    format!("{} -> {}", catalog.label(hop.from), catalog.version(hop.to))
}

/// Returns the name of an upgrade step as a rule that was checked.
pub(super) fn edge_name(catalog: &Catalog, from: ReleaseId, to: ReleaseId) -> String {
    let [from, to] = [from, to].map(|release| catalog.label(release).replace(' ', "@"));
    format!("upgrade:{from}->{to}")
}

/// Returns the advice and the accepted risks of a hop.
pub(super) fn advice(catalog: &Catalog, hop: &Hop) -> Vec<Finding> {
    let subject = subject(catalog, hop);
    let finding = |check, severity, message| Finding::new(check, severity, &*subject, message);
    let advice = hop.advice.iter().map(|note| {
        let finding = finding(Check::EdgeAdvice, Severity::Info, note.message.clone());
        finding.citing(note.cite.clone())
    });
    let risks = hop.risks.iter().map(|risk| {
        let message = format!("accepted risk {}: {}", risk.name, risk.message);
        finding(Check::EdgeRisk, Severity::Warning, message).citing(risk.cite.clone())
    });
    advice.chain(risks).collect()
}

/// Returns what is doubtful about the packages that nodes run after a hop.
pub(super) fn doubts(fleet: &Fleet<'_>, after: BTreeMap<usize, &Packages>) -> Vec<Finding> {
    let mut alike: BTreeMap<&Packages, Vec<usize>> = BTreeMap::new();
    for (node, after) in after {
        alike.entry(after).or_default().push(node);
    }
    let mut doubts: Vec<(Finding, Vec<usize>)> = Vec::new();
    for (after, nodes) in alike {
        let stated: BTreeSet<_> = after.keys().copied().collect();
        let found = requirements(fleet.catalog, after, &BTreeSet::new(), &stated);
        for finding in found.into_iter().filter(|finding| finding.severity >= Severity::Warning) {
            match doubts.iter_mut().find(|(known, _)| *known == finding) {
                Some((_, known)) => known.extend(&nodes),
                None => doubts.push((finding, nodes.clone())),
            }
        }
    }
    let named = doubts.into_iter().map(|(finding, nodes)| {
        let subject = match nodes.len() {
            0 | 1 => fleet.name(nodes[0]).to_owned(),
            count => format!("{} and {} more", fleet.name(nodes[0]), count - 1),
        };
        Finding { subject, ..finding }
    });
    named.collect()
}
