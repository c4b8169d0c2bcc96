//! How many sets there are, as a number for people.

use num_bigint::BigUint;

use super::engine::{self, Solver};
use super::problem::Request;
use super::search::{SearchOutcome, search};
use super::statement::StatementScope;
use crate::answer::selection::Count;
use crate::catalog::Catalog;

/// Returns how many sets a request has, without making them. If the steps that the request allows do
/// not suffice, returns a number that it is not below.
pub fn count(catalog: &Catalog, request: &Request) -> Count {
    let counted =
        engine::count(&mut Solver::new(catalog, request, StatementScope::All, request.budget));
    let mut number = counted.number;
    if !counted.exact && number == BigUint::ZERO {
        let mut budget = request.budget;
        if let SearchOutcome::Found(_) = search(catalog, request, &mut budget) {
            number = BigUint::from(1_u32);
        }
    }
    Count { number: number.to_string(), exact: counted.exact }
}
