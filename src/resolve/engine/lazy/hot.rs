//! Lowering what contradictions come back to.
//!
//! Packages that need each other in a circle, or that are torn between two others, are gone through release by
//! release as long as they are not lowered. There are few of these, and lowered they are done with at
//! once.

use super::super::nogood::Draft;
use super::super::space::{BITS, Variable};
use super::super::{Emptied, Engine, Reason};
use crate::catalog::Rank;

/// Lower a package once so many nogoods speak of it.
const HOT: u32 = 12;

impl Engine<'_> {
    /// Notes what a nogood speaks of.
    pub(in super::super) fn blame(&mut self, draft: &Draft) {
        if !self.space.lazy {
            return;
        }
        for &(var, _) in &draft.terms {
            let blamed = &mut self.outlook.blamed[var as usize];
            *blamed += 1;
            if *blamed == HOT {
                self.outlook.hot.push(var);
            }
        }
    }

    /// Forgets what nogoods spoke of, before another question.
    pub(in super::super) fn forgive(&mut self) {
        self.outlook.blamed.fill(0);
    }

    /// Lowers what contradictions come back to, so that what follows from it follows without any
    /// decision.
    pub(in super::super) fn lower_hot(&mut self) {
        if self.outlook.hot.is_empty() {
            return;
        }
        self.backjump(0);
        while let Some(var) = self.outlook.hot.pop() {
            let var = var as usize;
            let Variable { package, words, absent, .. } = self.space.vars[var];
            self.scratch.clear();
            self.scratch.resize(words, 0);
            for bit in 0..absent {
                if !self.space.domains.is_left((package, Rank::new(bit))) {
                    self.scratch[bit / BITS] |= 1 << (bit % BITS);
                }
            }
            // What this empties is found by the propagation that follows.
            let _: Result<(), Emptied> = self.remove_scratch(var, Reason::Unfit);
            self.expand(var);
            self.arrive(var);
        }
    }
}
