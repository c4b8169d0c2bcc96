//! All sets, the best first.
//!
//! Once the best set is found it is ruled out like any contradiction, and the search goes on from
//! where it stands: what it finds next is the best of the rest. So the first sets of very many cost
//! no more than themselves.

use super::engine::{Engine, Stop};
use super::problem::Request;
use super::selection;
use super::statement::Scope;
use crate::answer::selection::{End, Sets};
use crate::catalog::Catalog;

/// Returns the best sets of a request, at most `limit`. All of them together may take as many steps
/// as the request allows.
///
/// The first is the one that [`super::resolve`] finds. Sets are in the order of preference: the first
/// package that is decided differently decides. The fewest changes are not a preference of this kind;
/// a request for these is listed by the newest.
pub fn sets(catalog: &Catalog, request: &Request, limit: usize) -> Sets {
    let mut engine = Engine::new(catalog, request, Scope::All, request.budget);
    let mut sets = Vec::new();
    loop {
        match engine.solve(&[]) {
            // Whether there is another one is all that was left to find out.
            Ok(true) | Err(_) if sets.len() == limit => return Sets { sets, end: End::Limit },
            Ok(true) => sets.push(selection(catalog, request, &engine.chosen())),
            Ok(false) => return Sets { sets, end: End::Complete },
            Err(Stop::OutOfBudget | Stop::Back) => return Sets { sets, end: End::Budget },
        }
        if !engine.exclude() {
            return Sets { sets, end: End::Complete };
        }
    }
}
