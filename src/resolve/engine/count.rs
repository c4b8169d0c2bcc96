//! How many sets there are.
//!
//! Decide one variable that must be there, count what is left for each of its values, add up. Two
//! things keep that from taking forever. Variables that have nothing to do with each other any more
//! are counted apart and multiplied: once the core is decided, most plugins stand alone. And values
//! between which nothing else can tell the difference are counted once and taken times their number.
//! What was counted for a group of variables with the same values left is remembered.
//!
//! A package that nobody needs is not in a set. So a variable that may be absent takes part only while
//! a variable that must be there may still need it, and is absent otherwise. It never is decided
//! before something needs it; then it must be there like any other.

use num_bigint::BigUint;
use rustc_hash::FxHashMap;

use super::assignment::Assignment;
use super::bits::{Var, Word};
use super::independence::{asks_itself, branch_on, classes, parts};
use super::solver::Solver;

/// The largest number of counts that are remembered.
const REMEMBERED: usize = 200_000;

/// Variables and the words of their values.
type CountKey = Vec<Word>;

/// A number of answers.
#[derive(Debug, Clone)]
pub(in super::super) struct Counted {
    pub(in super::super) number: BigUint,
    /// True if it is all of them and not only a part.
    pub(in super::super) exact: bool,
}

impl Counted {
    fn zero(exact: bool) -> Self {
        Self { number: BigUint::ZERO, exact }
    }

    fn one() -> Self {
        Self { number: BigUint::from(1_u32), exact: true }
    }
}

/// Counts the answers. If the steps do not suffice, counts some of them.
pub(in super::super) fn count(solver: &mut Solver<'_>) -> Counted {
    if solver.propagate().is_err() {
        return Counted::zero(true);
    }
    let all: Vec<Var> = (0..solver.state.instance.vars.len()).collect();
    Counter { solver, made: FxHashMap::default() }.count_among(&all)
}

/// A count that is going on.
struct Counter<'s, 'c> {
    solver: &'s mut Solver<'c>,
    /// Counts that were made.
    made: FxHashMap<CountKey, BigUint>,
}

impl Counter<'_, '_> {
    /// Counts the ways to decide what is open among some variables.
    fn count_among(&mut self, among: &[Var]) -> Counted {
        let parts = parts(&mut self.solver.state, among);
        let mut product = Counted::one();
        for (at, part) in parts.iter().enumerate() {
            // Each part may take its share of what is left, so that a hard one leaves something to the
            // others.
            let share = self.solver.state.steps / (parts.len() - at) as u64;
            let rest = self.solver.state.steps - share;
            self.solver.state.steps = share;
            let counted = self.count_part(part);
            self.solver.state.steps += rest;
            product.number *= counted.number;
            product.exact &= counted.exact;
            if product.number == BigUint::ZERO {
                // Nothing times whatever is nothing, if it is really nothing.
                product.exact = counted.exact || product.exact;
                break;
            }
        }
        product
    }

    /// Counts the ways to decide variables that hang together.
    fn count_part(&mut self, part: &[Var]) -> Counted {
        if let &[var] = part
            && !asks_itself(&self.solver.state, var)
        {
            return count_alone(&self.solver.state, var);
        }
        let key = key(&self.solver.state, part);
        if let Some(number) = self.made.get(&key) {
            return Counted { number: number.clone(), exact: true };
        }
        let Some(var) = branch_on(&self.solver.state, part) else {
            return Counted::one();
        };
        let mut sum = Counted::zero(true);
        for (bit, times) in classes(&self.solver.state, var, part) {
            if self.solver.state.steps == 0 {
                sum.exact = false;
                break;
            }
            let level = self.solver.level();
            self.solver.state.trail.push_level();
            if self.solver.state.keep_bit(var, bit).is_ok() && self.solver.propagate().is_ok() {
                let counted = self.count_among(part);
                sum.number += counted.number * times;
                sum.exact &= counted.exact;
            }
            self.solver.backjump(level);
        }
        if sum.exact && self.made.len() < REMEMBERED {
            self.made.insert(key, sum.number.clone());
        }
        sum
    }
}

/// Counts a variable that has to do with no other open one: every value of it will do.
fn count_alone(state: &Assignment<'_>, var: Var) -> Counted {
    let ones: u32 = state.words(var).iter().map(|word| word.count_ones()).sum();
    Counted { number: BigUint::from(ones), exact: true }
}

fn key(state: &Assignment<'_>, part: &[Var]) -> CountKey {
    let mut key = Vec::with_capacity(part.len() * 3);
    for &var in part {
        key.push(var);
        key.extend_from_slice(state.words(var));
    }
    key
}
