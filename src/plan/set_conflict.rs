//! Why a node's packages have no set with another main package.

use super::sets::{SetChange, request};
use crate::answer::selection::{Clash, Conflict, Resolution, SetOutcome};
use crate::catalog::{Catalog, ReleaseId};
use crate::finding::{Check, Cite, Finding, Severity};
use crate::resolve::{Request, Requirement, find, resolve};

/// Says why there is no set: the packages of which no release will do, each with the reason, or else
/// the facts that clash.
pub(super) fn reasons(catalog: &Catalog, change: &SetChange) -> Vec<Finding> {
    let (request, to) = (request(catalog, change), change.to);
    if find(catalog, &request) == SetOutcome::Impossible {
        let alone = alone(catalog, &request, to);
        return if alone.is_empty() { together(catalog, &request, to) } else { alone };
    }
    match resolve(catalog, &request) {
        Resolution::Unknown { steps } => {
            let message = format!("no set of packages was found in {steps} steps");
            vec![finding(catalog, to, message, None)]
        }
        Resolution::Undecided(undecided) => undecided
            .missing
            .into_iter()
            .map(|missing| {
                let label = catalog.label(to);
                Finding::new(Check::RequirementUnknown, Severity::Warning, label, missing.text)
            })
            .collect(),
        Resolution::Found(_) | Resolution::Impossible(_) => Vec::new(),
    }
}

/// Returns a reason for each package that does not go with the main package, whatever runs beside it.
fn alone(catalog: &Catalog, request: &Request, to: ReleaseId) -> Vec<Finding> {
    let [main, others @ ..] = request.requirements.as_slice() else { return Vec::new() };
    let reason = |requirement: &Requirement| {
        let pair = vec![main.clone(), requirement.clone()];
        let pair = Request { requirements: pair, ..request.clone() };
        if find(catalog, &pair) != SetOutcome::Impossible {
            return None;
        }
        let Resolution::Impossible(conflict) = resolve(catalog, &pair) else { return None };
        Some(misfit(catalog, requirement, to, conflict))
    };
    others.iter().filter_map(reason).collect()
}

/// Says why one package does not go with the main package.
fn misfit(
    catalog: &Catalog,
    requirement: &Requirement,
    to: ReleaseId,
    conflict: Conflict,
) -> Finding {
    let subject = catalog.label(to);
    let name = &catalog.package(requirement.package).name;
    let (what, verb) = match requirement.pinned {
        Some(_) => (requirement.text.replace('@', " "), "does not work"),
        None => (format!("no known release of {name}"), "works"),
    };
    let facts: Vec<_> = facts(conflict).collect();
    // A fact about all releases says it all.
    let of_all = facts.iter().find(|clash| clash.text.starts_with("no release of "));
    let message = match (of_all, facts.last()) {
        (Some(clash), _) => clash.text.clone(),
        (None, Some(clash)) => format!("{what} {verb} with {subject}: {}", clash.text),
        (None, None) => format!("{what} {verb} with {subject}"),
    };
    let cause = of_all.or(facts.last());
    finding(catalog, to, message, cause.and_then(|clash| clash.cite.clone()))
}

/// Says which facts clash when every package goes with the main package alone.
fn together(catalog: &Catalog, request: &Request, to: ReleaseId) -> Vec<Finding> {
    let message = format!("no set of the node's packages works with {}", catalog.label(to));
    let mut reasons = vec![finding(catalog, to, message, None)];
    if let Resolution::Impossible(conflict) = resolve(catalog, request) {
        let clashes = facts(conflict);
        reasons.extend(clashes.map(|clash| finding(catalog, to, clash.text, clash.cite)));
    }
    reasons
}

fn facts(conflict: Conflict) -> impl Iterator<Item = Clash> {
    conflict.clashes.into_iter().filter(|clash| clash.cite.is_some())
}

fn finding(catalog: &Catalog, to: ReleaseId, message: String, cite: Option<Cite>) -> Finding {
    let mut finding = Finding::new(Check::NoSet, Severity::Error, catalog.label(to), message);
    finding.cites.extend(cite);
    finding
}
