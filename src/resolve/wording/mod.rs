//! The statements of a clash, put as a person would.
//!
//! First what was asked for. Then the facts, as one follows from the other: each is said of the releases
//! that the requirements and the facts said before leave, and leaves fewer for the next ([`left`]). Of facts
//! that could be said next it is the one that leaves the fewest releases. What many releases say is one
//! sentence ([`view`]): what they all say, or that none of them fits and what the one says that comes
//! nearest to fitting. Last what would fit if it could be chosen unasked.

mod barred;
mod left;
mod phrase;
mod view;

use self::left::Left;
use self::view::NeedsView;
use super::problem::{self, Origin, Request};
use super::statement::Statement;
use crate::answer::selection::Clash;
use crate::catalog::{Catalog, PackageIx};

pub(super) use barred::state;

/// Puts minimal statements into words: each requirement once, then each fact.
pub(super) fn clashes(
    catalog: &Catalog,
    request: &Request,
    kept: &[Statement],
    budget: &mut u64,
) -> Vec<Clash> {
    let mut clashes = requirements(catalog, request, kept);
    let mut facts = Vec::new();
    let mut left = Left::new(catalog, request, kept);
    let mut open: Vec<Statement> = kept.iter().copied().filter(is_fact).collect();
    while let Some(place) = next(&left, &open) {
        let statement = open.remove(place);
        if let Some(view) = NeedsView::new(&left, request, kept, statement) {
            facts.push((about(statement), view.clash()));
        }
        left.narrow(statement);
    }
    for &statement in kept {
        let Statement::Unasked(package) = statement else { continue };
        if !facts.is_empty() {
            let clash = barred::clash(catalog, request, kept, package, budget);
            let last = facts
                .iter()
                .rposition(|((asks, asked), _)| *asks == Some(package) || *asked == Some(package));
            facts.insert(last.map_or(facts.len(), |last| last + 1), ((None, None), clash));
        }
    }
    clashes.extend(facts.into_iter().map(|(_, clash)| clash));
    clashes
}

fn is_fact(statement: &Statement) -> bool {
    matches!(statement, Statement::Needs(..) | Statement::Pin(_))
}

/// Returns who asks something, and of whom.
fn about(statement: Statement) -> (Option<PackageIx>, Option<PackageIx>) {
    match statement {
        Statement::Needs(package, target) => (Some(package), Some(target)),
        Statement::Pin(package) => (Some(package), None),
        Statement::Requirement(_) | Statement::Restriction(_) | Statement::Unasked(_) => {
            (None, None)
        }
    }
}

/// Returns which fact to say next: of what is known to be there, what leaves the fewest releases, but
/// last what leaves none.
fn next(left: &Left<'_>, open: &[Statement]) -> Option<usize> {
    (0..open.len()).min_by_key(|&place| {
        let statement = open[place];
        let (package, _) = about(statement);
        let is_there = package.is_some_and(|package| left.is_there(package));
        let count = left.fitting(statement).count();
        let is_pin = matches!(statement, Statement::Pin(_));
        (!is_there, count == 0, is_pin, count, place)
    })
}

fn requirements(catalog: &Catalog, request: &Request, kept: &[Statement]) -> Vec<Clash> {
    let has_facts = kept.iter().any(is_fact);
    let is_said = |at: &usize| {
        kept.contains(&Statement::Requirement(*at)) || kept.contains(&Statement::Restriction(*at))
    };
    let said = (0..request.requirements.len()).filter(is_said);
    said.map(|at| requirement_clash(catalog, request, kept, at, has_facts)).collect()
}

fn requirement_clash(
    catalog: &Catalog,
    request: &Request,
    kept: &[Statement],
    at: usize,
    has_facts: bool,
) -> Clash {
    let requirement = &request.requirements[at];
    let package = catalog.package(requirement.package);
    let mut text = match requirement.origin {
        Origin::Asked => format!("you asked for {}", requirement.text),
        Origin::Runs => requirement.text.clone(),
        Origin::Decided => format!("{} is decided before", requirement.text),
        Origin::Better => format!("{} would be better", requirement.text),
    };
    let is_narrowed = kept.contains(&Statement::Restriction(at));
    let named = requirement.named.iter().map(|rank| (requirement.package, rank));
    let named: Vec<_> = named.collect();
    if is_narrowed && requirement.releases.is_empty() && !named.is_empty() {
        text = format!("{text}, but {}", barred::each(catalog, request, &named));
    } else if is_narrowed && requirement.releases.is_empty() {
        text.push_str(", which no known release satisfies");
        if let Some(newest) = problem::open(catalog, request, requirement.package).newest() {
            text = format!("{text}; the newest is {}", package.version(newest));
        }
    } else if !is_narrowed && !has_facts && package.is_empty() {
        text.push_str(", of which no release is known");
    } else if !is_narrowed && !has_facts {
        text = format!("{text}, but {}", barred::all(catalog, request, requirement.package));
    }
    Clash { text, cite: None }
}

#[cfg(test)]
mod tests;
