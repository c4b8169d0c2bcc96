//! Changed requests, really asked.

use super::super::chosen::picks;
use super::super::problem::Request;
use super::super::search::{SearchOutcome, search};
use crate::answer::selection::Pick;
use crate::catalog::{Catalog, ReleaseId};

/// Asks changed requests.
pub(super) struct RepairSearch<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) request: &'c Request,
    /// Steps that are left.
    pub(super) left: u64,
}

impl RepairSearch<'_> {
    /// Returns a set for a request, the best that it has; `None` if there is none, or no steps are left.
    pub(super) fn solve(&mut self, request: &Request) -> Option<Vec<ReleaseId>> {
        if self.left == 0 {
            return None;
        }
        match search(self.catalog, request, &mut self.left) {
            SearchOutcome::Found(chosen) => Some(chosen),
            SearchOutcome::Impossible | SearchOutcome::OutOfBudget => None,
        }
    }

    /// Returns the set as it is reported.
    pub(super) fn picks(&mut self, request: &Request) -> Option<Vec<Pick>> {
        let chosen = self.solve(request)?;
        Some(picks(self.catalog, request, &chosen))
    }
}
