//! Conclusions that are drawn at a higher level than they follow at.
//!
//! When a contradiction takes back the last decision alone, what was learned from it may follow from far
//! earlier ones. The event then says at which level it follows, and when the search goes back further,
//! but not that far, the conclusion is drawn again. It is drawn in the order in which it was drawn first,
//! so that whatever a conclusion rests on is there before it.

use super::{Emptied, Engine, Reason};

/// A conclusion that was drawn at a higher level than it follows at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Late {
    nogood: u32,
    var: u32,
    follows: usize,
    at: usize,
}

impl Engine<'_> {
    /// Takes away what a nogood leaves no room for, which follows at a level.
    pub(super) fn draw(&mut self, nogood: u32, var: u32, follows: usize) -> Result<(), Emptied> {
        let events = self.trail.len();
        let drawn = self.draw_event(nogood, var, follows);
        if follows < self.level() && self.trail.len() > events {
            self.late.push(Late { nogood, var, follows, at: self.level() });
        }
        drawn
    }

    fn draw_event(&mut self, nogood: u32, var: u32, level: usize) -> Result<(), Emptied> {
        let words = self.space.vars[var as usize].words;
        self.scratch.clear();
        self.scratch.extend_from_slice(self.nogoods.mask_of(nogood, var, words));
        self.remove_at(var as usize, Reason::Nogood(nogood), level)
    }

    /// Draws conclusions again that were drawn above a level and follow there.
    pub(super) fn draw_again(&mut self, level: usize) {
        let mut at = 0;
        while let Some(&late) = self.late.get(at) {
            if late.at <= level {
                at += 1;
            } else if late.follows > level {
                self.late.remove(at);
            } else {
                // What this empties is found by the propagation that follows.
                let _: Result<(), Emptied> = self.draw_event(late.nogood, late.var, late.follows);
                if late.follows == level {
                    self.late.remove(at);
                } else {
                    self.late[at].at = level;
                    at += 1;
                }
            }
        }
    }
}
