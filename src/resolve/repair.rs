//! What could be asked instead of an impossible request.
//!
//! Every repair is a request that was changed in as few places as possible and then really solved.

use super::problem::{Request, Wish};
use super::search::{Outcome, search};
use super::statement::Statement;
use crate::answer::selection::{Pick, Repair};
use crate::catalog::{Catalog, PackageIx, PackageKind, Rank};
use crate::version::Step;

/// Returns requests that differ in one place and have a solution: first those that ask for other
/// releases, the smallest step first, then those without one of the packages. If no single change
/// helps, the one repair changes several places, none of which could stay.
pub(super) fn repairs(
    catalog: &Catalog,
    request: &Request,
    _kept: &[Statement],
    budget: &mut u64,
) -> Vec<Repair> {
    let mut lifted: Vec<_> = (0..request.wishes.len())
        .rev()
        .filter_map(|at| lift(catalog, request, &[at], budget))
        .collect();
    // A stable sort, so of equal steps that of the wish that matters least comes first.
    lifted.sort_by_key(|(step, _)| *step);
    let mut repairs: Vec<_> = lifted.into_iter().map(|(_, repair)| repair).collect();
    repairs
        .extend((0..request.wishes.len()).filter_map(|at| without(catalog, request, at, budget)));
    if repairs.is_empty() {
        repairs.extend(lift_several(catalog, request, budget));
    }
    repairs
}

/// The size of a change: patch before minor before major.
type Size = std::cmp::Reverse<Step>;

/// Returns the repair that asks for any release of these wishes' packages, and the largest step that
/// it takes.
fn lift(
    catalog: &Catalog,
    request: &Request,
    places: &[usize],
    budget: &mut u64,
) -> Option<(Size, Repair)> {
    let mut changed = request.clone();
    for &at in places {
        let wish = &mut changed.wishes[at];
        if !wish.restricted {
            return None;
        }
        *wish = Wish::any(catalog, wish.package);
    }
    let picks = solve(catalog, &changed, budget)?;
    let mut texts: Vec<String> = Vec::new();
    let mut size = std::cmp::Reverse(Step::Patch);
    for &at in places {
        let wish = &request.wishes[at];
        let chosen = chosen(&picks, wish.package)?;
        let package = catalog.package(wish.package);
        let step = nearest(wish, chosen)
            .and_then(|asked| package.version(asked).step_to(package.version(chosen)));
        size = size.max(std::cmp::Reverse(step.unwrap_or(Step::Major)));
        texts.push(format!("{} instead of {}", catalog.label((wish.package, chosen)), wish.text));
    }
    let text = format!("ask for {}", texts.join(" and "));
    Some((size, Repair { text, picks }))
}

/// Returns the asked release that is nearest to a chosen one.
fn nearest(wish: &Wish, chosen: Rank) -> Option<Rank> {
    wish.releases.iter().min_by_key(|asked| asked.ix().abs_diff(chosen.ix()))
}

fn chosen(picks: &[Pick], package: PackageIx) -> Option<Rank> {
    let pick = picks.iter().find(|pick| pick.release.0 == package)?;
    Some(pick.release.1)
}

/// Returns the repair that leaves a package out, unless it is what the request is about. A package
/// that comes back because another needs it was not left out.
fn without(catalog: &Catalog, request: &Request, at: usize, budget: &mut u64) -> Option<Repair> {
    let wish = &request.wishes[at];
    if request.wishes.len() < 2 || catalog.package(wish.package).kind == PackageKind::Core {
        return None;
    }
    let mut changed = request.clone();
    changed.wishes.remove(at);
    let picks = solve(catalog, &changed, budget)?;
    if chosen(&picks, wish.package).is_some() {
        return None;
    }
    let text = format!("leave out {}", wish.text);
    Some(Repair { text, picks })
}

/// Returns the repair that lifts several restrictions: all of them, less what can stay.
fn lift_several(catalog: &Catalog, request: &Request, budget: &mut u64) -> Option<Repair> {
    let mut places: Vec<_> =
        (0..request.wishes.len()).filter(|&at| request.wishes[at].restricted).collect();
    let (_, mut best) = lift(catalog, request, &places, budget)?;
    // The first wishes matter most, so they are tried first.
    for at in places.clone() {
        let fewer: Vec<_> = places.iter().copied().filter(|&other| other != at).collect();
        if let Some((_, repair)) = lift(catalog, request, &fewer, budget) {
            places = fewer;
            best = repair;
        }
    }
    Some(best)
}

fn solve(catalog: &Catalog, request: &Request, budget: &mut u64) -> Option<Vec<Pick>> {
    match search(catalog, request, budget) {
        Outcome::Found(chosen) => Some(super::picks(catalog, request, &chosen)),
        Outcome::Impossible | Outcome::OutOfBudget => None,
    }
}
