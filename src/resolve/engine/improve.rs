//! Search by activity, for what cannot be handed over.
//!
//! Lists of sets and fewest changes add conditions of their own to an instance, so past some
//! contradictions they are searched here. Any answer is looked for first: variables that were part of
//! recent contradictions are decided first, each to the value that it had last, with restarts, and
//! with nogoods forgotten that were of little use. Impossible is impossible in any order. An answer is
//! then improved to the best one, variable by variable in the order of preference: is there an answer
//! that agrees on everything before and has a better value here? What was learned on one question
//! helps with the next.

use super::bits::{NONE, Var, Word, set, small};
use super::solver::{Assumption, Solver, Unsolved};
use super::trail::{Antecedent, Emptied};
use crate::resolve::problem::Prefer;

/// Restart after this many contradictions, times the next number of Luby's sequence.
const RESTART: u64 = 64;

/// What a question for any answer comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Existence {
    Yes,
    No,
    /// Something was learned about what was decided before the question.
    Overtaken,
}

/// Finds the best answer, given what is decided at the lowest `base` levels.
pub(super) fn improve(solver: &mut Solver<'_>, base: usize) -> Result<bool, Unsolved> {
    match any(solver, base, None)? {
        Existence::Yes => {}
        Existence::No => return Ok(false),
        Existence::Overtaken => return Err(Unsolved::GivenUp),
    }
    loop {
        if !settle(solver, base)? {
            return Err(Unsolved::GivenUp);
        }
        let Some(var) = solver.next() else {
            return Ok(true);
        };
        let model = solver.activity.phase(var) as usize;
        let Some(best) = solver.best(var) else {
            return Err(Unsolved::GivenUp);
        };
        if best == model || solver.state.is_single(var) {
            // An answer that agrees with everything is known, so this leads to no contradiction.
            let _: Result<(), Emptied> = solver.choose(var, best);
            continue;
        }
        let better = better_than(solver, var, model);
        let level = solver.level();
        // Yes: the values of the better answer are now the model. No and overtaken: the better values
        // are gone, or what stands before has changed.
        let _: Existence = any(solver, level, Some(&(var, better)))?;
        solver.backjump(level.min(solver.level()));
    }
}

/// Propagates at the levels that are there. Returns whether the lowest ones are still standing.
fn settle(solver: &mut Solver<'_>, base: usize) -> Result<bool, Unsolved> {
    while let Err(emptied) = solver.propagate() {
        solver.check_budget()?;
        if solver.level() == 0 {
            return Ok(false);
        }
        solver.learn(emptied);
    }
    Ok(solver.level() >= base)
}

/// Returns the values that are left and better than one.
fn better_than(solver: &Solver<'_>, var: Var, bit: usize) -> Vec<Word> {
    let mut mask = vec![0; solver.state.instance.vars[var].words];
    let mut put = |bit: usize| set(&mut mask, bit);
    let package = solver.state.instance.vars[var].package;
    let absent = solver.state.instance.vars[var].absent;
    if let Some(order) = solver.order.order_of(package) {
        order.iter().take_while(|&&other| other != bit).for_each(|&bit| put(bit));
    } else if solver.state.instance.request.prefer == Prefer::Oldest {
        (0..bit).for_each(&mut put);
    } else {
        (bit + 1..absent).for_each(&mut put);
    }
    mask
}

/// Looks for any answer, given what is decided at the lowest `base` levels and the values that a
/// variable is held to. If there is one, its values are kept as phases.
fn any(
    solver: &mut Solver<'_>,
    base: usize,
    held: Option<&Assumption>,
) -> Result<Existence, Unsolved> {
    let (mut conflicts, mut restarts) = (0, 1);
    loop {
        if let Err(emptied) = solver.propagate() {
            solver.check_budget()?;
            if solver.level() == 0 {
                return Ok(Existence::No);
            }
            solver.learn(emptied);
            if solver.level() < base {
                return Ok(Existence::Overtaken);
            }
            conflicts += 1;
            solver.activity.decay();
            continue;
        }
        if conflicts >= RESTART * luby(restarts) {
            (conflicts, restarts) = (0, restarts + 1);
            solver.backjump(base);
            forget(solver);
            continue;
        }
        solver.check_budget()?;
        if let Some(held) = held.filter(|_| solver.level() == base) {
            if !solver.assume(held) {
                return Ok(Existence::No);
            }
            continue;
        }
        let Some(var) = most_active(solver) else {
            remember(solver);
            solver.backjump(base);
            return Ok(Existence::Yes);
        };
        let bit = likely(solver, var);
        solver.state.trail.push_level();
        let _: Result<(), Emptied> = solver.state.keep_bit(var, bit);
    }
}

/// Returns the variable to decide: of those that must be there and have a choice the one that had
/// most to do with contradictions.
fn most_active(solver: &Solver<'_>) -> Option<Var> {
    let open = (0..solver.state.instance.vars.len())
        .filter(|&var| solver.state.is_present(var) && !solver.state.is_single(var));
    open.max_by(|&a, &b| solver.activity.of(a).total_cmp(&solver.activity.of(b)).then(b.cmp(&a)))
}

/// Returns the value to try: the one that the variable had last, or the best.
fn likely(solver: &Solver<'_>, var: Var) -> usize {
    let phase = solver.activity.phase(var);
    if phase != NONE && solver.state.has(var, phase as usize) {
        return phase as usize;
    }
    solver.best(var).unwrap_or_default()
}

/// Keeps the values of an answer.
fn remember(solver: &mut Solver<'_>) {
    for var in 0..solver.state.instance.vars.len() {
        if solver.state.is_present(var) {
            let newest = solver.state.newest(var).map_or(NONE, small);
            solver.activity.set_phase(var, newest);
        }
    }
}

/// Forgets nogoods that were of little use, if there are too many.
fn forget(solver: &mut Solver<'_>) {
    let events = solver.state.trail.events.iter();
    let used = events.filter_map(|event| {
        if let Antecedent::Nogood(nogood) = event.reason { Some(nogood) } else { None }
    });
    solver.nogoods.reduce_if_crowded(used);
}

/// Returns a number of Luby's sequence 1, 1, 2, 1, 1, 2, 4, ..., counted from 1.
fn luby(mut at: u64) -> u64 {
    loop {
        let mut power = 1_u64;
        while power * 2 - 1 < at {
            power *= 2;
        }
        if power * 2 - 1 == at {
            return power;
        }
        at -= power - 1;
    }
}
