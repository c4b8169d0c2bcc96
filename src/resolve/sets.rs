//! All sets, the best first.
//!
//! Once the best set is found it is ruled out like any contradiction, and the search goes on from
//! where it stands: what it finds next is the best of the rest. So the first sets of very many cost
//! no more than themselves.

use super::chosen::selection;
use super::early::{admitting, is_backed};
use super::engine::{Solver, Unsolved, solve};
use super::problem::Request;
use super::statement::StatementScope;
use crate::answer::selection::{End, Sets};
use crate::catalog::Catalog;

/// Returns the best sets of a request, at most `limit`. All of them together may take as many steps
/// as the request allows.
///
/// The first is the one that [`super::resolve`] finds. Sets are in the order of preference: the first
/// package that is decided differently decides. The fewest changes are not a preference of this kind;
/// a request for these is listed by the newest.
pub fn sets(catalog: &Catalog, request: &Request, limit: usize) -> Sets {
    let mut budget = request.budget;
    let known = listed(catalog, request, limit, &mut budget);
    if known.sets.is_empty()
        && known.end == End::Complete
        && let Some(wider) = admitting(catalog, request)
    {
        return listed(catalog, &wider, limit, &mut budget);
    }
    known
}

/// Returns the best sets of exactly this request.
pub(super) fn listed(catalog: &Catalog, request: &Request, limit: usize, budget: &mut u64) -> Sets {
    let mut solver = Solver::new(catalog, request, StatementScope::All, *budget);
    let mut sets = Vec::new();
    let end = loop {
        let found = solve(&mut solver).map(|found| found.then(|| solver.chosen()));
        match found {
            Ok(Some(chosen)) if !is_backed(catalog, request, &chosen) => {}
            // Whether there is another one is all that was left to find out.
            Ok(Some(_)) | Err(_) if sets.len() == limit => break End::Limit,
            Ok(Some(chosen)) => sets.push(selection(catalog, request, &chosen)),
            Ok(None) => break End::Complete,
            Err(Unsolved::OutOfBudget | Unsolved::GivenUp) => break End::Budget,
        }
        if !solver.exclude() {
            break End::Complete;
        }
    };
    *budget = solver.steps();
    Sets { sets, end }
}
