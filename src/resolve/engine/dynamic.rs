//! Searching where it hurts, for what cannot be handed over.
//!
//! Lists of sets and fewest changes add conditions of their own to an instance, so past some
//! contradictions they are searched here. Any answer is looked for first: variables that were part of
//! recent contradictions are decided first, each to the value that it had last, with restarts, and
//! with nogoods forgotten that were of little use. Impossible is impossible in any order. An answer is
//! then improved to the best one, variable by variable in the order of preference: is there an answer
//! that agrees on everything before and has a better value here? What was learned on one question
//! helps with the next.

use super::space::{BITS, NONE, Word, small};
use super::{Engine, Reason, Stop, Var};

/// Restart after this many contradictions, times the next number of Luby's sequence.
const RESTART: u64 = 64;
/// Keep this many nogoods at first.
const KEEP: usize = 4_000;

/// How much each variable had to do with contradictions of late.
#[derive(Debug, Default)]
pub(super) struct Heat {
    of: Vec<f64>,
    /// What a contradiction is worth now.
    worth: f64,
    /// The value that each variable had last.
    phase: Vec<u32>,
    reductions: usize,
}

impl Heat {
    pub(super) fn extend(&mut self, vars: usize) {
        self.of.resize(vars, 0.0);
        self.phase.resize(vars, NONE);
        if self.worth == 0.0 {
            self.worth = 1.0;
        }
    }

    pub(super) fn warm(&mut self, var: Var) {
        self.of[var] += self.worth;
        if self.of[var] > 1e100 {
            for heat in &mut self.of {
                *heat *= 1e-100;
            }
            self.worth *= 1e-100;
        }
    }

    fn cool(&mut self) {
        self.worth /= 0.95;
    }
}

/// What a question for any answer comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Any {
    Yes,
    No,
    /// Something was learned about what was decided before the question.
    Back,
}

/// Values that a variable is held to, as an assumption.
pub(super) type Held = (Var, Vec<Word>);

impl Engine<'_> {
    /// Finds the best answer, given what is decided at the lowest `base` levels.
    pub(super) fn improve(&mut self, base: usize) -> Result<bool, Stop> {
        match self.any(base, None)? {
            Any::Yes => {}
            Any::No => return Ok(false),
            Any::Back => return Err(Stop::Back),
        }
        loop {
            if !self.settle(base)? {
                return Err(Stop::Back);
            }
            let Some(var) = self.next() else {
                return Ok(true);
            };
            let model = self.dynamic.phase[var] as usize;
            let Some(best) = self.best(var) else {
                return Err(Stop::Back);
            };
            if best == model || self.is_single(var) {
                // An answer that agrees with everything is known, so this leads to no contradiction.
                let _: Result<(), super::Emptied> = self.choose(var, best);
                continue;
            }
            let better = self.better_than(var, model);
            let level = self.level();
            // Yes: the values of the better answer are now the model. No and back: the better values
            // are gone, or what stands before has changed.
            let _: Any = self.any(level, Some(&(var, better)))?;
            self.backjump(level.min(self.level()));
        }
    }

    /// Propagates at the levels that are there. Returns whether the lowest ones are still standing.
    fn settle(&mut self, base: usize) -> Result<bool, Stop> {
        while let Err(emptied) = self.propagate() {
            self.pay()?;
            if self.level() == 0 {
                return Ok(false);
            }
            self.learn(emptied);
        }
        Ok(self.level() >= base)
    }

    /// Returns the values that are left and better than one.
    fn better_than(&self, var: Var, bit: usize) -> Vec<Word> {
        let mut mask = vec![0; self.space.vars[var].words];
        let mut put = |bit: usize| mask[bit / BITS] |= 1 << (bit % BITS);
        let package = self.space.vars[var].package;
        let absent = self.space.vars[var].absent;
        if let Some(order) = self.agenda.order_of(package) {
            order.iter().take_while(|&&other| other != bit).for_each(|&bit| put(bit));
        } else if self.space.request.prefer == super::Prefer::Oldest {
            (0..bit).for_each(&mut put);
        } else {
            (bit + 1..absent).for_each(&mut put);
        }
        mask
    }

    /// Looks for any answer, given what is decided at the lowest `base` levels and the values that a
    /// variable is held to. If there is one, its values are kept as phases.
    fn any(&mut self, base: usize, held: Option<&Held>) -> Result<Any, Stop> {
        let (mut conflicts, mut restarts) = (0, 1);
        loop {
            if let Err(emptied) = self.propagate() {
                self.pay()?;
                if self.level() == 0 {
                    return Ok(Any::No);
                }
                self.learn(emptied);
                if self.level() < base {
                    return Ok(Any::Back);
                }
                conflicts += 1;
                self.dynamic.cool();
                continue;
            }
            if conflicts >= RESTART * luby(restarts) {
                (conflicts, restarts) = (0, restarts + 1);
                self.backjump(base);
                self.forget();
                continue;
            }
            self.pay()?;
            if let Some(held) = held.filter(|_| self.level() == base) {
                if !self.assume(held) {
                    return Ok(Any::No);
                }
                continue;
            }
            let Some(var) = self.hottest() else {
                self.remember();
                self.backjump(base);
                return Ok(Any::Yes);
            };
            let bit = self.likely(var);
            self.push_level();
            let _: Result<(), super::Emptied> = self.keep_bit(var, bit);
        }
    }

    /// Returns the variable to decide: of those that must be there and have a choice the one that had
    /// most to do with contradictions.
    fn hottest(&self) -> Option<Var> {
        let open =
            (0..self.space.vars.len()).filter(|&var| self.is_present(var) && !self.is_single(var));
        open.max_by(|&a, &b| self.dynamic.of[a].total_cmp(&self.dynamic.of[b]).then(b.cmp(&a)))
    }

    /// Returns the value to try: the one that the variable had last, or the best.
    fn likely(&self, var: Var) -> usize {
        let phase = self.dynamic.phase[var];
        if phase != NONE && self.has(var, phase as usize) {
            return phase as usize;
        }
        self.best(var).unwrap_or_default()
    }

    /// Keeps the values of an answer.
    fn remember(&mut self) {
        for var in 0..self.space.vars.len() {
            if self.is_present(var) {
                self.dynamic.phase[var] = self.newest(var).map_or(NONE, small);
            }
        }
    }

    /// Forgets nogoods that were of little use, if there are too many.
    fn forget(&mut self) {
        if self.nogoods.passing < KEEP + 1_000 * self.dynamic.reductions {
            return;
        }
        self.dynamic.reductions += 1;
        let mut used: Vec<u32> = Vec::new();
        for event in &self.trail {
            if let Reason::Nogood(nogood) = event.reason {
                used.push(nogood);
            }
        }
        used.sort_unstable();
        self.nogoods.reduce(|nogood| used.binary_search(&nogood).is_ok());
        self.nogoods.cool();
    }
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
