//! The answer to a question for a plan: the plan, or why there is none and what could be asked instead.

use super::alternatives;
use super::attempt::attempt;
use super::goal::Goal;
use crate::answer::plan::{NoPlan, Plan};
use crate::catalog::Catalog;
use crate::deployment::Deployment;

/// Plans the way from a deployment to a goal.
///
/// # Errors
///
/// Returns why there is none.
pub fn plan(catalog: &Catalog, deployment: &Deployment, goal: &Goal) -> Result<Plan, NoPlan> {
    attempt(catalog, deployment, goal).map_err(|refusal| NoPlan {
        alternatives: alternatives::all(catalog, deployment, goal),
        ..refusal.explained(catalog)
    })
}
