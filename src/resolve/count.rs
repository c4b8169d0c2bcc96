//! How many sets there are, as a number for people.

use num_bigint::BigUint;

use super::early::admitting;
use super::engine::{self, Solver};
use super::problem::Request;
use super::search::{SearchOutcome, search};
use super::sets::listed;
use super::statement::StatementScope;
use crate::answer::selection::{Count, End, Sets};
use crate::catalog::Catalog;

/// Returns how many sets a request has, without making them. If the steps that the request allows do
/// not suffice, returns a number that it is not below.
pub fn count(catalog: &Catalog, request: &Request) -> Count {
    let mut solver = Solver::new(catalog, request, StatementScope::All, request.budget);
    let counted = engine::count(&mut solver);
    let mut number = counted.number;
    if number == BigUint::ZERO {
        let mut budget = if counted.exact { solver.steps() } else { request.budget };
        if !counted.exact {
            let found = search(catalog, request, &mut budget);
            number = BigUint::from(u32::from(matches!(found, SearchOutcome::Found(_))));
        } else if let Some(wider) = admitting(catalog, request) {
            return one_by_one(catalog, &wider, &mut budget);
        }
    }
    Count { number: number.to_string(), exact: counted.exact }
}

/// Counts sets by making them: which need names a pre-release depends on the whole set.
fn one_by_one(catalog: &Catalog, request: &Request, budget: &mut u64) -> Count {
    let Sets { sets, end } = listed(catalog, request, usize::MAX, budget);
    Count { number: sets.len().to_string(), exact: end == End::Complete }
}
