//! All sets, the best first.
//!
//! Once the best set is found it is ruled out like any contradiction, and the search goes on from
//! where it stands: what it finds next is the best of the rest. So the first sets of very many cost
//! no more than themselves.

use super::engine::{Solver, Unsolved, solve};
use super::problem::Request;
use super::selection;
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
    let mut solver = Solver::new(catalog, request, StatementScope::All, request.budget);
    let mut sets = Vec::new();
    loop {
        match solve(&mut solver) {
            // Whether there is another one is all that was left to find out.
            Ok(true) | Err(_) if sets.len() == limit => return Sets { sets, end: End::Limit },
            Ok(true) => sets.push(selection(catalog, request, &solver.chosen())),
            Ok(false) => return Sets { sets, end: End::Complete },
            Err(Unsolved::OutOfBudget | Unsolved::GivenUp) => {
                return Sets { sets, end: End::Budget };
            }
        }
        if !solver.exclude() {
            return Sets { sets, end: End::Complete };
        }
    }
}
