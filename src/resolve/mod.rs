//! Choosing a set of releases that fit together.
//!
//! **The order.** Of all valid sets the lexicographically best one is wanted: first the core of what
//! was asked for, as new as possible; then, given that, the first package asked for; then the second;
//! then the packages that those need, in the order in which the chosen releases state them. A package
//! that nobody needs is not in the set. Never is an earlier package made older to make a later one
//! newer. A core that was not asked for is decided first if every release that some wish leaves needs
//! it; otherwise as soon as a chosen release turns out to.
//!
//! **What may be chosen.** The releases that a wish names; of everything else stable releases that
//! were not withdrawn and whose requirements are known, and the release that runs already.
//!
//! **Why the first answer is the best one.** The search decides packages in exactly that order and
//! tries values best first. Every value it passes over has been refuted under the decisions before
//! it, either by propagation or by an exhausted subtree. So when all packages are decided, every
//! better choice for every package has been refuted given the choices before it, which is what
//! lexicographically best means. Nothing has to be improved afterwards.
//!
//! **Propagation.** Each package has a domain: a set of ranks. A decided release cuts the domains of
//! what it needs and of what it excludes. For a package that must be present, a candidate is dropped
//! when one of its needs has no candidate left; this is repeated until nothing changes. An empty
//! domain of a package that must be present ends the branch.
//!
//! **Explanations.** What clashes is found by deletion ([`conflict`]): statements are taken away one by
//! one, and whatever can be missed while the rest stays impossible is left out. What remains is
//! minimal: drop any one of it and a set exists. Repairs are requests that were changed in one place
//! and then really solved.
//!
//! Budgets count steps, not time, so an answer is the same on every machine.

mod conflict;
mod cores;
mod count;
mod engine;
mod preference;
mod problem;
mod repair;
mod search;
mod sets;
mod statement;
mod why;
mod wording;

use crate::answer::selection::{Conflict, Pick, Resolution, Selection};
use crate::catalog::{Catalog, PackageIx, Rank};
use crate::finding::{Check, Finding, Severity};

pub use cores::every_core;
pub use count::count;
pub use problem::{Origin, Prefer, Request, Wish};
pub use search::find;
pub use sets::sets;
pub use why::why;

use search::Outcome;

/// Resolves a request.
pub fn resolve(catalog: &Catalog, request: &Request) -> Resolution {
    let mut left = request.budget;
    match search::search(catalog, request, &mut left) {
        Outcome::Found(chosen) => Resolution::Found(selection(catalog, request, &chosen)),
        Outcome::Impossible => Resolution::Impossible(Conflict {
            findings: wish_findings(catalog, request),
            ..conflict::explain(catalog, request)
        }),
        Outcome::OutOfBudget => Resolution::Unknown { steps: request.budget - left },
    }
}

/// Makes the answer from the chosen ranks.
fn selection(catalog: &Catalog, request: &Request, chosen: &[(PackageIx, Rank)]) -> Selection {
    let findings = wish_findings(catalog, request);
    Selection { picks: picks(catalog, request, chosen), findings }
}

fn picks(catalog: &Catalog, request: &Request, chosen: &[(PackageIx, Rank)]) -> Vec<Pick> {
    let needs =
        |(package, rank): (PackageIx, Rank), target: PackageIx| {
            catalog.package(package).needs(rank).iter().any(|need| {
                need.kind == crate::catalog::NeedKind::Requires && need.target == target
            })
        };
    chosen
        .iter()
        .map(|&release| Pick {
            release,
            requested: request.wishes.iter().any(|wish| wish.package == release.0),
            needed_by: chosen
                .iter()
                .filter(|&&other| needs(other, release.0))
                .map(|other| other.0)
                .collect(),
        })
        .collect()
}

/// Says what is odd about the releases that were asked for by name.
fn wish_findings(catalog: &Catalog, request: &Request) -> Vec<Finding> {
    let mut findings = Vec::new();
    for wish in &request.wishes {
        let package = catalog.package(wish.package);
        let Some(rank) = wish.pinned.filter(|_| wish.releases.count() == 1) else {
            continue;
        };
        let release = package.release(rank);
        let label = catalog.label((wish.package, rank));
        let mut push = |check, severity, message: String| {
            let finding = Finding::new(check, severity, label.clone(), message);
            let cite = release.fact.map(|fact| catalog.cite_for(fact, Some((wish.package, rank))));
            findings.push(Finding { cites: cite.into_iter().collect(), ..finding });
        };
        if !release.is_listed() {
            push(
                Check::ReleaseUnlisted,
                Severity::Warning,
                format!("{label} is not listed; facts stated for its release line are applied"),
            );
        }
        if let Some(why) = &release.withdrawn {
            push(
                Check::ReleaseWithdrawn,
                Severity::Warning,
                format!("{label} was withdrawn: {why}"),
            );
        }
        if let Some(why) = &release.unreadable {
            push(
                Check::RequirementUnknown,
                Severity::Warning,
                format!("what {label} accepts is not known: {why}"),
            );
        }
    }
    findings
}

#[cfg(test)]
mod tests;
