//! Handing over: requests on which the order of preference is a bad order to search.
//!
//! Near the border between possible and impossible, a search in a fixed order can take thousands of
//! times as long as one that follows the contradictions. General SAT solvers are very good at that. So
//! past some contradictions the instance becomes clauses, and a SAT solver finds any answer, or none:
//! impossible is impossible in any order. An answer is then made the best one package by package, in
//! the order of preference: does the best value that is left go with all that is settled? What the
//! solver learns on one question helps with the next.

use batsat::Lit;

use super::assignment::Assignment;
use super::bits::{Word, ones};
use super::clauses::Clauses;
use super::instance::Link;
use super::solver::{Assumption, Solver, Unsolved};
use super::trail::Antecedent;

/// Finds the best answer with a SAT solver, given some values that variables are held to.
pub(super) fn hand_over(
    solver: &mut Solver<'_>,
    assumptions: &[Assumption],
) -> Result<bool, Unsolved> {
    solver.backjump(0);
    solver.state.lower_all();
    let mut clauses = clauses_of(&solver.state);
    for (var, values) in assumptions {
        clauses.only(*var, values, &[]);
    }
    let assumed = clauses.assumed();
    let best = match clauses.ask(&assumed) {
        None => Err(Unsolved::OutOfBudget),
        Some(false) => {
            solver.proof = Some(clauses.used());
            Ok(false)
        }
        Some(true) => settle_all(solver, &mut clauses, &assumed, assumptions),
    };
    solver.state.steps = clauses.steps();
    best
}

/// States everything that was lowered.
fn clauses_of(state: &Assignment<'_>) -> Clauses {
    let instance = &state.instance;
    let counts = instance.vars.iter().map(|var| var.absent);
    let mut clauses = Clauses::new(counts, state.steps);
    for var in 0..instance.vars.len() {
        clauses.only(var, instance.base_of(var), &[]);
    }
    for (ix, link) in instance.links.iter().enumerate() {
        state_link(state, &mut clauses, ix, link);
    }
    state_statements(state, &mut clauses);
    clauses
}

fn state_link(state: &Assignment<'_>, clauses: &mut Clauses, ix: usize, link: &Link) {
    let instance = &state.instance;
    let traced = instance.scope.is_traced();
    let without = clauses.without(traced.then(|| instance.statement(ix)));
    let (from, to) = (link.from as usize, link.to as usize);
    for group in instance.groups_of(link) {
        let values = instance.masks.get(group.values, instance.vars[from].words);
        let accepts = instance.masks.get(group.accepts, instance.vars[to].words);
        for bit in ones(values) {
            let mut unless = clauses.unless(from, bit).to_vec();
            unless.extend(without);
            clauses.only(to, accepts, &unless);
        }
    }
}

/// Adds what statements take away, each for itself.
fn state_statements(state: &Assignment<'_>, clauses: &mut Clauses) {
    for event in state.trail.events.iter().filter(|event| event.level == 0) {
        let Antecedent::Stated(statement) = event.reason else {
            continue;
        };
        let var = event.var as usize;
        let removed = state.trail.removed_by(event, state.instance.vars[var].words);
        let kept: Vec<Word> = removed.iter().map(|word| !word).collect();
        let without = clauses.without(Some(state.stated[statement as usize]));
        clauses.only(var, &kept, without.as_slice());
    }
}

/// Makes an answer the best one, package by package.
fn settle_all(
    solver: &mut Solver<'_>,
    clauses: &mut Clauses,
    assumed: &[Lit],
    assumptions: &[Assumption],
) -> Result<bool, Unsolved> {
    for assumption in assumptions {
        if solver.propagate().is_err() || !solver.assume(assumption) {
            return Ok(false);
        }
    }
    let mut model = clauses.model();
    loop {
        // What is settled goes with an answer, so it contradicts nothing.
        solver.propagate().map_err(|_| Unsolved::OutOfBudget)?;
        let Some(var) = solver.next() else {
            return Ok(true);
        };
        let best = solver.best(var).ok_or(Unsolved::OutOfBudget)?;
        let [not, newer] = clauses.unless(var, best);
        if model[var] != Some(best) {
            let question = [assumed, &[!not, !newer]].concat();
            if clauses.ask(&question).ok_or(Unsolved::OutOfBudget)? {
                model = clauses.model();
            } else {
                clauses.add(&[not, newer]);
                solver.state.trail.push_level();
                // The value of the answer at hand is left.
                let _: Result<(), _> = solver.state.drop_bit(var, best);
                continue;
            }
        }
        clauses.add(&[!not]);
        clauses.add(&[!newer]);
        solver.choose(var, best).map_err(|_| Unsolved::OutOfBudget)?;
    }
}
