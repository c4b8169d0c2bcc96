//! The search: decide in the order of preference, learn from contradictions, go back as far as they
//! reach.

use super::analyze::Learned;
use super::dynamic::Held;
use super::{Emptied, Engine, Reason};

/// Contradictions in the order of preference before another order is tried.
const PATIENCE: u64 = 1_000;

/// Why a search ended without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Stop {
    /// It ran out of steps.
    OutOfBudget,
    /// This way of searching is not the one for it, or what it was to assume no longer stands.
    Back,
}

impl Engine<'_> {
    /// Searches for the best answer, given some values that variables are held to. Afterwards the
    /// answer is what is chosen.
    pub(in super::super) fn solve(&mut self, held: &[Held]) -> Result<bool, Stop> {
        let mut conflicts = 0;
        let mut decided = Ok(());
        loop {
            match self.propagate_after(std::mem::replace(&mut decided, Ok(()))) {
                Err(_) if self.level() == 0 => return Ok(false),
                Err(emptied) => {
                    self.pay()?;
                    // What the survey finds is not worth it.
                    let looks = self.space.lazy && !self.outlook.watchful && self.level() > 1;
                    self.learn(emptied);
                    self.lower_hot();
                    if looks {
                        self.watch_all();
                    }
                    conflicts += 1;
                    continue;
                }
                Ok(()) => self.pay()?,
            }
            if let Some(held) = held.get(self.level()) {
                if !self.assume(held) {
                    return Ok(false);
                }
            } else if conflicts >= PATIENCE {
                if self.space.lazy {
                    return Err(Stop::Back);
                }
                if self.bound.is_none() && !self.nogoods.has_fixed() {
                    return self.hand_over(held);
                }
                self.backjump(held.len());
                match self.improve(held.len()) {
                    Err(Stop::Back) => {}
                    done => return done,
                }
            } else if let Some(var) = self.next() {
                let Some(best) = self.best(var) else {
                    return Ok(false);
                };
                decided =
                    if self.space.lazy { self.choose_fitting(var) } else { self.choose(var, best) };
            } else {
                return Ok(true);
            }
        }
    }

    /// Holds a variable to some values at a level of its own. Returns whether any is left.
    pub(super) fn assume(&mut self, (var, values): &Held) -> bool {
        if self.words(*var).iter().zip(values).all(|(left, held)| left & held == 0) {
            return false;
        }
        self.push_level();
        self.scratch.clear();
        self.scratch.extend(values.iter().map(|word| !word));
        let _: Result<(), Emptied> = self.remove_scratch(*var, Reason::Decision);
        true
    }

    /// Learns from a contradiction above level 0, goes back as far as it reaches, and draws the
    /// conclusion.
    pub(super) fn learn(&mut self, emptied: Emptied) {
        match self.analyze(emptied) {
            Some(learned) => {
                self.blame(&learned.draft);
                self.conclude(&learned, false);
            }
            None => {
                self.backjump(0);
                self.refuted = Some(emptied);
            }
        }
    }

    fn conclude(&mut self, learned: &Learned, fixed: bool) {
        let Learned { draft, follows, before } = learned;
        let to = if self.space.lazy { *before } else { *follows };
        self.backjump(to);
        let nogood = self.nogoods.add(draft, fixed);
        let var = draft.terms[0].0;
        // What this empties is found by the propagation that follows.
        let _: Result<(), Emptied> = self.draw(nogood, var, *follows);
    }

    /// Rules out the answer that was found, so that the next best one can be looked for. Returns
    /// whether there can be another one.
    pub(in super::super) fn exclude(&mut self) -> bool {
        let chosen: Vec<_> = self.chosen_bits().collect();
        let level = self.begin_with(&chosen);
        if level == 0 {
            return false;
        }
        self.backjump(level);
        let learned = self.analyze_terms();
        if let Some(learned) = &learned {
            self.conclude(learned, true);
        }
        learned.is_some()
    }

    /// Ends the search when its steps are used up.
    pub(super) fn pay(&self) -> Result<(), Stop> {
        if self.steps == 0 { Err(Stop::OutOfBudget) } else { Ok(()) }
    }

    /// Searches in other ways than [`Self::solve`], which must not matter: by following contradictions
    /// from the start, or by handing over at once.
    #[cfg(test)]
    pub(in super::super) fn solve_otherwise(&mut self, hand_over: bool) -> Result<bool, Stop> {
        if hand_over { self.hand_over(&[]) } else { self.improve(0) }
    }

    /// Returns the steps that are left.
    pub(in super::super) fn steps(&self) -> u64 {
        self.steps
    }
}
