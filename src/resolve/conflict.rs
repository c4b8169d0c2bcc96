//! Why there is no set: the statements that clash.
//!
//! Statements are the wishes, the releases that they name, and, for each pair of packages, what all
//! releases of one ask of the other. Taking statements away one by one and putting back those
//! without which a set exists leaves a minimal clash. What is far from the wishes is tried first, so
//! that the shortest way from the wishes to the clash tends to stay.
//!
//! How a statement is put into words is [`super::wording`]'s business, and what could be
//! asked instead that of [`super::repair`].

use super::problem::Request;
use super::search::{Ignored, Outcome, search};
use super::{repair, wording};
use crate::answer::selection::Conflict;
use crate::catalog::{Catalog, PackageIx};

/// Explains an impossible request. The whole explanation may take as many steps as the request; if
/// they do not suffice, some statements may be left that could be missed.
pub(super) fn explain(catalog: &Catalog, request: &Request) -> Conflict {
    let mut budget = request.budget;
    let kept = minimal(catalog, request, &mut budget);
    Conflict {
        clashes: wording::clashes(catalog, request, &kept),
        repairs: repair::repairs(catalog, request, &mut budget),
        findings: Vec::new(),
    }
}

/// Returns the statements that are left when none can be missed: wishes first, then facts from the
/// wishes outwards. Of two such sets the smaller one is taken: one that tried to do without far facts
/// first, and one that tried to do without near ones first.
pub(super) fn minimal(catalog: &Catalog, request: &Request, budget: &mut u64) -> Vec<Ignored> {
    let all = statements(catalog, request);
    let (asked, facts): (Vec<_>, Vec<_>) =
        all.iter().copied().partition(|statement| !matches!(statement, Ignored::Needs(..)));
    let asked_last = |facts: Vec<Ignored>| [facts, asked.iter().rev().copied().collect()].concat();
    let mut far = asked_last(facts.iter().rev().copied().collect());
    let mut near = asked_last(facts);
    reduce(catalog, request, &mut far, budget);
    reduce(catalog, request, &mut near, budget);
    let least = if near.len() < far.len() { near } else { far };
    let mut kept = all;
    kept.retain(|statement| least.contains(statement));
    forward(kept)
}

/// Takes out whatever can be missed, trying the first statement first.
fn reduce(catalog: &Catalog, request: &Request, statements: &mut Vec<Ignored>, budget: &mut u64) {
    let mut ignored: Vec<Ignored> = Vec::new();
    for &statement in statements.iter() {
        ignored.push(statement);
        if !is_impossible(catalog, request, &ignored, budget) {
            ignored.pop();
        }
    }
    statements.retain(|statement| !ignored.contains(statement));
}

/// Puts facts into the order in which one follows from the other: what is asked of a package comes
/// before what that package asks.
fn forward(mut statements: Vec<Ignored>) -> Vec<Ignored> {
    let mut ordered = Vec::new();
    while !statements.is_empty() {
        let follows = |statement: &Ignored| {
            match *statement {
            Ignored::Needs(package, _) => statements.iter().any(|other| {
                matches!(*other, Ignored::Needs(from, to) if to == package && from != package)
            }),
            Ignored::Restriction(_) | Ignored::Wish(_) => false,
        }
        };
        // Facts in a circle have no first one.
        let at = statements.iter().position(|one| !follows(one)).unwrap_or(0);
        ordered.push(statements.remove(at));
    }
    ordered
}

pub(super) fn is_impossible(
    catalog: &Catalog,
    request: &Request,
    ignored: &[Ignored],
    budget: &mut u64,
) -> bool {
    matches!(search(catalog, request, ignored, budget), Outcome::Impossible)
}

/// Returns every statement that the request can reach: wishes first, as they are written, then what
/// they name, then facts, the nearest to the wishes first.
pub(super) fn statements(catalog: &Catalog, request: &Request) -> Vec<Ignored> {
    let positions = 0..request.wishes.len();
    let mut statements: Vec<_> = positions.clone().map(Ignored::Wish).collect();
    let restricted = positions.filter(|&at| request.wishes[at].restricted);
    statements.extend(restricted.map(Ignored::Restriction));

    let mut reached: Vec<PackageIx> = request.wishes.iter().map(|wish| wish.package).collect();
    let mut at = 0;
    while let Some(&package) = reached.get(at) {
        at += 1;
        // A package that is asked for twice is looked at once.
        if reached[..at - 1].contains(&package) {
            continue;
        }
        let mut targets: Vec<PackageIx> = Vec::new();
        for rank in catalog.package(package).ranks() {
            for need in catalog.package(package).needs(rank) {
                let target = catalog.constraint(need.constraint).target;
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
        statements.extend(targets.iter().map(|&target| Ignored::Needs(package, target)));
        targets.retain(|target| !reached.contains(target));
        reached.extend(targets);
    }
    statements
}
