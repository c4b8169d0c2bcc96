//! One question to the engine: is there a set, and which is the best?

use super::early::{admitting, is_backed};
use super::engine::{LazySolver, Solver, Unsolved, solve};
use super::problem::{Prefer, Request};
use super::statement::{Statement, StatementScope};
use crate::catalog::{Catalog, ReleaseId};

pub(super) enum SearchOutcome {
    Found(Vec<ReleaseId>),
    Impossible,
    OutOfBudget,
}

/// Searches for the best set and, where there is none, for one with pre-releases that needs name.
pub(super) fn search_all(catalog: &Catalog, request: &Request, budget: &mut u64) -> SearchOutcome {
    match search(catalog, request, budget) {
        SearchOutcome::Impossible => search_early(catalog, request, budget),
        known @ (SearchOutcome::Found(_) | SearchOutcome::OutOfBudget) => known,
    }
}

/// Searches for the best set with pre-releases that needs name.
pub(super) fn search_early(
    catalog: &Catalog,
    request: &Request,
    budget: &mut u64,
) -> SearchOutcome {
    let wider = admitting(catalog, request);
    wider.map_or(SearchOutcome::Impossible, |wider| search(catalog, &wider, budget))
}

/// Searches for the best set. Takes the steps it needs off the budget.
pub(super) fn search(catalog: &Catalog, request: &Request, budget: &mut u64) -> SearchOutcome {
    *budget = budget.saturating_sub(1);
    if request.shortcut && request.prefer != Prefer::FewestChanges {
        let mut solver = LazySolver::new(catalog, request, *budget);
        let found = solver.solve();
        *budget = solver.steps();
        match found {
            Ok(true) if is_backed(catalog, request, &solver.chosen()) => {
                return SearchOutcome::Found(solver.chosen());
            }
            Ok(false) => return SearchOutcome::Impossible,
            Err(Unsolved::OutOfBudget) => return SearchOutcome::OutOfBudget,
            // It is harder than that.
            Ok(true) | Err(Unsolved::GivenUp) => {}
        }
    }
    if request.prefer == Prefer::FewestChanges {
        return fewest_changes(catalog, request, budget);
    }
    let mut solver = Solver::new(catalog, request, StatementScope::All, *budget);
    run(catalog, request, &mut solver, budget)
}

/// Takes the best answer of a solver of which no pre-release is there without a need that names it.
fn run(
    catalog: &Catalog,
    request: &Request,
    solver: &mut Solver<'_>,
    budget: &mut u64,
) -> SearchOutcome {
    loop {
        let found = solve(solver);
        *budget = solver.steps();
        match found {
            Ok(true) => {
                let chosen = solver.chosen();
                if is_backed(catalog, request, &chosen) {
                    return SearchOutcome::Found(chosen);
                }
            }
            Ok(false) => return SearchOutcome::Impossible,
            Err(Unsolved::OutOfBudget | Unsolved::GivenUp) => return SearchOutcome::OutOfBudget,
        }
        // Which need names it depends on the whole set, so the set is ruled out as a whole.
        if !solver.exclude() {
            return SearchOutcome::Impossible;
        }
    }
}

/// Allows no change, then one, then two, until there is a set: the first one found is the newest of
/// those that change least.
fn fewest_changes(catalog: &Catalog, request: &Request, budget: &mut u64) -> SearchOutcome {
    // Whether there is a set at all does not depend on the order, and says how far to go.
    let any = Request { prefer: Prefer::Newest, ..request.clone() };
    let found = search(catalog, &any, budget);
    let SearchOutcome::Found(found) = found else {
        return found;
    };
    let most = found.len() + request.installed.len();
    for changes in 0..=most {
        let mut solver = Solver::new(catalog, request, StatementScope::All, *budget);
        solver.allow_changes(changes);
        let outcome = run(catalog, request, &mut solver, budget);
        if !matches!(outcome, SearchOutcome::Impossible) {
            return outcome;
        }
    }
    SearchOutcome::Found(found)
}

/// What some statements come to.
pub(super) enum StatementVerdict {
    /// There is a set.
    Possible(Vec<ReleaseId>),
    /// These of them contradict each other.
    Contradiction(Vec<Statement>),
    OutOfBudget,
}

/// Asks whether statements can hold together.
pub(super) fn judge(
    catalog: &Catalog,
    request: &Request,
    scope: StatementScope,
    budget: &mut u64,
) -> StatementVerdict {
    let mut solver = Solver::new(catalog, request, scope, *budget);
    let found = solve(&mut solver);
    *budget = solver.steps();
    match found {
        Ok(true) => StatementVerdict::Possible(solver.chosen()),
        Ok(false) => StatementVerdict::Contradiction(solver.contradiction()),
        Err(Unsolved::OutOfBudget | Unsolved::GivenUp) => StatementVerdict::OutOfBudget,
    }
}
