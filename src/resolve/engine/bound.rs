//! At most so many packages may change.
//!
//! A package changes when it is there at another release than the one that is installed, or is not
//! installed at all: when neither that release nor absence is left. What nothing needs any more is
//! dropped, which counts for nothing. Packages that change before the search begins are not counted
//! either: no answer can help that.

use super::analyze::Why;
use super::space::{BITS, Space, Word, has};
use super::{Emptied, Engine, Reason, Var, small};

/// The bits of the installed release and of absence.
type Kept = [usize; 2];

#[derive(Debug)]
pub(super) struct Bound {
    /// How many may change.
    most: usize,
    /// How many do.
    changing: usize,
    /// For each variable, what would be no change; `None` if that was not left at the start.
    kept: Vec<Option<Kept>>,
}

impl Bound {
    fn new(most: usize) -> Self {
        Self { most, changing: 0, kept: Vec::new() }
    }

    /// Takes a new variable in.
    pub(super) fn add(&mut self, space: &Space<'_>, var: Var) {
        let stated = &space.vars[var];
        let installed = space.request.installed.get(&stated.package);
        let bits = [installed.map_or(stated.absent, |rank| rank.ix()), stated.absent];
        let base = &space.base[stated.at..stated.at + stated.words];
        self.kept.push(bits.iter().any(|&bit| has(base, bit)).then_some(bits));
    }

    /// Notes that values went, after which others are left.
    pub(super) fn removed(&mut self, var: Var, went: &[Word], left: &[Word]) {
        self.changing += usize::from(self.tips(var, went, left));
    }

    /// Notes that values come back, before which others are left.
    pub(super) fn restored(&mut self, var: Var, back: &[Word], left: &[Word]) {
        self.changing -= usize::from(self.tips(var, back, left));
    }

    fn tips(&self, var: Var, moved: &[Word], left: &[Word]) -> bool {
        self.kept[var].is_some_and(|bits| {
            bits.iter().any(|&bit| has(moved, bit)) && !bits.iter().any(|&bit| has(left, bit))
        })
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

    /// Holds everything to what is installed once enough changes.
    pub(super) fn hold_bound(&mut self) -> Result<(), Emptied> {
        let Some(bound) = self.bound.as_ref().filter(|bound| bound.changing >= bound.most) else {
            return Ok(());
        };
        let over = bound.changing > bound.most;
        for var in 0..self.space.vars.len() {
            let Some(bits) = self.bound.as_ref().and_then(|bound| bound.kept[var]) else {
                continue;
            };
            let changes = !bits.iter().any(|&bit| self.has(var, bit));
            if changes == over {
                self.scratch.clear();
                self.scratch.resize(self.space.vars[var].words, Word::MAX);
                if !over {
                    for bit in bits {
                        self.scratch[bit / BITS] &= !(1 << (bit % BITS));
                    }
                }
                self.remove_scratch(var, Reason::Bound)?;
            }
        }
        Ok(())
    }

    /// What changed before an event is the reason why nothing more may.
    pub(super) fn bound_reason(&self, at: usize, why: &mut Why) {
        let Some(bound) = &self.bound else {
            return;
        };
        for (var, bits) in bound.kept.iter().enumerate() {
            if let Some(bits) = *bits
                && bits.iter().all(|&bit| self.went_before(var, bit, at))
            {
                let first = why.words.len();
                why.terms.push((var, first));
                why.words.resize(first + self.space.vars[var].words, Word::MAX);
                for bit in bits {
                    why.words[first + bit / BITS] &= !(1 << (bit % BITS));
                }
            }
        }
    }

    /// Whether a value was never there, or went before an event.
    fn went_before(&self, var: Var, bit: usize, at: usize) -> bool {
        if self.has(var, bit) {
            return false;
        }
        let mut event = self.last[var];
        while let Some(ix) = event.checked_sub(1) {
            let stated = &self.trail[ix as usize];
            if has(&self.removed[stated.removed..], bit) {
                return ix < small(at);
            }
            event = stated.before;
        }
        true
    }
}
