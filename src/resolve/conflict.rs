//! Why there is no set, and what could be asked instead.
//!
//! Statements are the restrictions of the request and, for each pair of packages, what all releases
//! of one ask of the other. Taking statements away one by one and keeping those without which a set
//! exists leaves a minimal clash. Each remaining statement is then said as a person would: what the
//! releases in question have in common, with the source of the one that is nearest to fitting.

use std::collections::BTreeSet;

use super::problem::{self, Request, Wish};
use super::search::{Ignored, Outcome, search};
use crate::answer::selection::{Clash, Conflict, Repair};
use crate::catalog::{Catalog, NeedKind, PackageIx, Rank, ReleaseSet};

/// Explains an impossible request.
pub(super) fn explain(catalog: &Catalog, request: &Request) -> Conflict {
    let statements = minimal(catalog, request);
    let clashes = statements
        .iter()
        .map(|&statement| clash(catalog, request, statement))
        .collect();
    Conflict {
        clashes,
        repairs: repairs(catalog, request),
        findings: Vec::new(),
    }
}

fn impossible(catalog: &Catalog, request: &Request, ignored: &[Ignored]) -> bool {
    let order = problem::order(catalog, request);
    matches!(
        search(catalog, request, &order, ignored),
        Outcome::Impossible
    )
}

/// Returns the statements that are left when none can be missed.
fn minimal(catalog: &Catalog, request: &Request) -> Vec<Ignored> {
    let all = statements(catalog, request);
    let mut ignored: Vec<Ignored> = Vec::new();
    // What was asked comes last, so that facts about packages that do not matter go first.
    for &statement in &all {
        ignored.push(statement);
        if !impossible(catalog, request, &ignored) {
            ignored.pop();
        }
    }
    let mut kept: Vec<_> = all
        .into_iter()
        .filter(|statement| !ignored.contains(statement))
        .collect();
    kept.sort_by_key(|statement| matches!(statement, Ignored::Needs(..)));
    kept
}

/// Returns every statement that the request can reach: facts first, restrictions last.
fn statements(catalog: &Catalog, request: &Request) -> Vec<Ignored> {
    let mut reached: Vec<PackageIx> = request.wishes.iter().map(|wish| wish.package).collect();
    let mut pairs = BTreeSet::new();
    let mut at = 0;
    while let Some(&package) = reached.get(at) {
        at += 1;
        for rank in catalog.package(package).ranks() {
            for need in catalog.package(package).needs(rank) {
                let target = catalog.constraint(need.constraint).target;
                pairs.insert(Ignored::Needs(package, target));
                if !reached.contains(&target) {
                    reached.push(target);
                }
            }
        }
    }
    let mut statements: Vec<_> = pairs.into_iter().rev().collect();
    statements.extend(
        request
            .wishes
            .iter()
            .rev()
            .map(|wish| Ignored::Restriction(wish.package)),
    );
    statements
}

fn clash(catalog: &Catalog, request: &Request, statement: Ignored) -> Clash {
    match statement {
        Ignored::Restriction(package) => {
            let wish = request.wishes.iter().find(|wish| wish.package == package);
            let text = wish.map_or_else(String::new, |wish| wish.text.clone());
            let empty = wish.is_some_and(|wish| wish.releases.is_empty());
            let text = if empty {
                format!("you asked for {text}, which no known release satisfies")
            } else {
                format!("you asked for {text}")
            };
            Clash { text, cite: None }
        }
        Ignored::Needs(package, target) => need_clash(catalog, request, package, target),
    }
}

/// Says what the releases of a package that come into question ask of another.
fn need_clash(
    catalog: &Catalog,
    request: &Request,
    package: PackageIx,
    target: PackageIx,
) -> Clash {
    let candidates = wished(catalog, request, package);
    let wanted = wished(catalog, request, target);
    let mut asked: Vec<(Rank, String, crate::catalog::FactIx, bool)> = Vec::new();
    for rank in candidates.iter() {
        for need in catalog.package(package).needs(rank) {
            let constraint = catalog.constraint(need.constraint);
            if constraint.target == target {
                let verb = match need.kind {
                    NeedKind::Requires => "needs",
                    NeedKind::Optional => "accepts only",
                    NeedKind::Conflicts => "excludes",
                };
                let declared = constraint
                    .declared
                    .as_ref()
                    .map(|text| format!(" (declared `{text}`)"))
                    .unwrap_or_default();
                let text = format!(
                    "{verb} {} {}{declared}",
                    catalog.package(target).name,
                    constraint.text
                );
                let fits =
                    need.kind == NeedKind::Requires && !disjoint(&constraint.allowed, &wanted);
                asked.push((rank, text, need.fact, fits));
            }
        }
    }
    let Some((first, last)) = asked.first().zip(asked.last()) else {
        return Clash {
            text: format!(
                "{} needs {}",
                catalog.package(package).name,
                catalog.package(target).name
            ),
            cite: None,
        };
    };
    let nearest = asked.iter().rev().find(|(.., fits)| *fits).unwrap_or(last);
    let name = &catalog.package(package).name;
    let version = |rank| catalog.package(package).version(rank);
    let same = asked.iter().all(|(_, text, ..)| *text == first.1);
    let text = match (asked.len(), same) {
        (1, _) => format!("{name} {} {}", version(first.0), first.1),
        (count, true) => format!(
            "each of {count} releases of {name} from {} to {} {}",
            version(first.0),
            version(last.0),
            first.1
        ),
        (count, false) => format!(
            "of {count} releases of {name} in question, the oldest {} {}, the newest {} {}",
            version(first.0),
            first.1,
            version(last.0),
            last.1
        ),
    };
    Clash {
        text,
        cite: Some(catalog.cite_for(nearest.2, Some((package, nearest.0)))),
    }
}

/// Returns the releases that the request leaves for a package.
fn wished(catalog: &Catalog, request: &Request, package: PackageIx) -> ReleaseSet {
    let wish = request.wishes.iter().find(|wish| wish.package == package);
    wish.map_or_else(
        || Wish::any(catalog, package).releases,
        |wish| wish.releases.clone(),
    )
}

fn disjoint(a: &ReleaseSet, b: &ReleaseSet) -> bool {
    let mut both = a.clone();
    both.intersect_with(b);
    both.is_empty()
}

/// Returns requests that differ in one place and have a solution: first one restriction lifted, then
/// one package left out.
fn repairs(catalog: &Catalog, request: &Request) -> Vec<Repair> {
    let mut repairs = Vec::new();
    for (at, wish) in request.wishes.iter().enumerate().rev() {
        let lifted = Wish::any(catalog, wish.package);
        if lifted.releases == wish.releases {
            continue;
        }
        let mut changed = request.clone();
        changed.wishes[at] = lifted;
        if let Some(picks) = solve(catalog, &changed) {
            let chosen = picks.iter().find(|pick| pick.release.0 == wish.package);
            let instead = chosen
                .map(|pick| catalog.label(pick.release))
                .unwrap_or_default();
            repairs.push(Repair {
                text: format!("ask for {instead} instead of {}", wish.text),
                picks,
            });
        }
    }
    for (at, wish) in request
        .wishes
        .iter()
        .enumerate()
        .filter(|_| request.wishes.len() > 1)
    {
        let mut changed = request.clone();
        changed.wishes.remove(at);
        if catalog.package(wish.package).kind != crate::catalog::PackageKind::Core
            && let Some(picks) = solve(catalog, &changed)
        {
            repairs.push(Repair {
                text: format!("leave out {}", wish.text),
                picks,
            });
        }
    }
    repairs
}

fn solve(catalog: &Catalog, request: &Request) -> Option<Vec<crate::answer::selection::Pick>> {
    let order = problem::order(catalog, request);
    match search(catalog, request, &order, &[]) {
        Outcome::Found(chosen) => Some(super::picks(catalog, request, &chosen)),
        Outcome::Impossible | Outcome::OutOfBudget(_) => None,
    }
}
