//! The search: decide in the order of preference, learn from contradictions, go back as far as they
//! reach.

use super::handover::hand_over;
use super::improve::improve;
use super::instance::make_rows;
use super::solver::{Assumption, Solver, Unsolved};
use crate::catalog::{Catalog, PackageIx, Rank};
use crate::resolve::problem::Request;
use crate::resolve::statement::StatementScope;

/// Contradictions in the order of preference before another order is tried.
const PATIENCE: u64 = 1_000;

/// Makes the solver for one request with each release of a core in turn.
pub(in super::super) fn for_cores<'c>(
    catalog: &'c Catalog,
    request: &'c Request,
    core: PackageIx,
) -> Solver<'c> {
    let mut solver = Solver::new(catalog, request, StatementScope::All, request.budget);
    // What the requirements ask of the core is needed for every release of it.
    for requirement in &request.requirements {
        let var = solver.state.var(requirement.package);
        solver.state.lower(var);
    }
    let core = solver.state.var(core);
    make_rows(&mut solver.state.instance, core);
    solver
}

/// Searches for the best set with a release of a core, from scratch but for what was learned.
pub(in super::super) fn solve_with(
    solver: &mut Solver<'_>,
    core: PackageIx,
    rank: Rank,
) -> Result<bool, Unsolved> {
    let assumption = solver.restart(core, rank);
    solve_assuming(solver, &[assumption])
}

/// Searches for the best answer. Afterwards the answer is what is chosen.
pub(in super::super) fn solve(solver: &mut Solver<'_>) -> Result<bool, Unsolved> {
    solve_assuming(solver, &[])
}

fn solve_assuming(solver: &mut Solver<'_>, assumed: &[Assumption]) -> Result<bool, Unsolved> {
    let mut conflicts = 0;
    let mut decided = Ok(());
    loop {
        let done = solver.propagate_after(std::mem::replace(&mut decided, Ok(())));
        if done.is_err() && solver.level() == 0 {
            return Ok(false);
        }
        solver.check_budget()?;
        if let Err(emptied) = done {
            solver.learn(emptied);
            conflicts += 1;
        } else if let Some(assumption) = assumed.get(solver.level()) {
            if !solver.assume(assumption) {
                return Ok(false);
            }
        } else if conflicts >= PATIENCE {
            if solver.state.bound.is_none() && !solver.nogoods.has_fixed() {
                return hand_over(solver, assumed);
            }
            solver.backjump(assumed.len());
            match improve(solver, assumed.len()) {
                Err(Unsolved::GivenUp) => {}
                done => return done,
            }
        } else if let Some(var) = solver.next() {
            let Some(best) = solver.best(var) else {
                return Ok(false);
            };
            decided = solver.choose(var, best);
        } else {
            return Ok(true);
        }
    }
}

/// Searches in other ways than [`solve`], which must not matter: by following contradictions from the
/// start, or by handing over at once.
#[cfg(test)]
pub(in super::super) fn solve_otherwise(
    solver: &mut Solver<'_>,
    handing_over: bool,
) -> Result<bool, Unsolved> {
    if handing_over { hand_over(solver, &[]) } else { improve(solver, 0) }
}
