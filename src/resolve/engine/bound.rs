//! At most so many packages may differ from what is installed.
//!
//! A package differs when the value that it has now, a release or absence, is no longer left. Packages
//! that differ before the search begins are not counted: no answer can change that.

use super::analyze::Why;
use super::space::{BITS, Space, Word};
use super::{Emptied, Engine, Reason, Var, small};

#[derive(Debug)]
pub(super) struct Bound {
    /// How many may differ.
    most: usize,
    /// How many differ.
    differing: usize,
    /// For each variable, the bit of what is installed, if it was left at the start.
    kept: Vec<Option<usize>>,
}

impl Bound {
    pub(super) fn new(most: usize) -> Self {
        Self { most, differing: 0, kept: Vec::new() }
    }

    /// Takes a new variable in.
    pub(super) fn add(&mut self, space: &Space<'_>, var: Var) {
        let stated = &space.vars[var];
        let installed = space.request.installed.get(&stated.package);
        let bit = installed.map_or(stated.absent, |rank| rank.ix());
        let left = space.base[stated.at + bit / BITS] >> (bit % BITS) & 1 == 1;
        self.kept.push(left.then_some(bit));
    }

    fn touches(&self, var: Var, words: &[Word]) -> bool {
        self.kept[var].is_some_and(|bit| words[bit / BITS] >> (bit % BITS) & 1 == 1)
    }

    pub(super) fn removed(&mut self, var: Var, words: &[Word]) {
        self.differing += usize::from(self.touches(var, words));
    }

    pub(super) fn restored(&mut self, var: Var, words: &[Word]) {
        self.differing -= usize::from(self.touches(var, words));
    }
}

impl Engine<'_> {
    /// Allows this many packages to differ from what is installed.
    pub(in super::super) fn allow_changes(&mut self, most: usize) {
        let mut bound = Bound::new(most);
        for var in 0..self.space.vars.len() {
            bound.add(&self.space, var);
        }
        self.bound = Some(bound);
    }

    /// Holds everything to what is installed once enough differs.
    pub(super) fn hold_bound(&mut self) -> Result<(), Emptied> {
        let Some(bound) = &self.bound else {
            return Ok(());
        };
        if bound.differing < bound.most {
            return Ok(());
        }
        let over = bound.differing > bound.most;
        for var in 0..self.space.vars.len() {
            let Some(bit) = self.bound.as_ref().and_then(|bound| bound.kept[var]) else {
                continue;
            };
            if self.has(var, bit) != over {
                self.scratch.clear();
                self.scratch.resize(self.space.vars[var].words, Word::MAX);
                if !over {
                    self.scratch[bit / BITS] &= !(1 << (bit % BITS));
                }
                self.remove_scratch(var, Reason::Bound)?;
            }
        }
        Ok(())
    }

    /// What differed before an event is the reason why nothing more may.
    pub(super) fn bound_reason(&self, at: usize, why: &mut Why) {
        let Some(bound) = &self.bound else {
            return;
        };
        for (var, bit) in bound.kept.iter().enumerate() {
            if let Some(bit) = *bit
                && !self.has(var, bit)
                && self.went_before(var, bit, at)
            {
                why.terms.push((var, why.words.len()));
                let first = why.words.len();
                why.words.resize(first + self.space.vars[var].words, Word::MAX);
                why.words[first + bit / BITS] &= !(1 << (bit % BITS));
            }
        }
    }

    /// Whether a value went before an event.
    fn went_before(&self, var: Var, bit: usize, at: usize) -> bool {
        let mut event = self.last[var];
        while let Some(ix) = event.checked_sub(1) {
            let stated = &self.trail[ix as usize];
            if self.removed[stated.removed + bit / BITS] >> (bit % BITS) & 1 == 1 {
                return ix < small(at);
            }
            event = stated.before;
        }
        false
    }
}
