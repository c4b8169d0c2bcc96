//! Chronological backtracking: conclusions that are drawn at a higher level than they follow at.
//!
//! When a contradiction takes back the last decision alone, what was learned from it may follow from far
//! earlier ones. The event then says at which level it follows, and when the search goes back further,
//! but not that far, the conclusion is drawn again. It is drawn in the order in which it was drawn first,
//! so that whatever a conclusion rests on is there before it.

use super::assignment::Assignment;
use super::nogood::{EarlyConclusion, Nogoods};
use super::trail::{Antecedent, Emptied};

/// Takes away what a nogood leaves no room for, which follows at a level.
pub(super) fn conclude(
    state: &mut Assignment<'_>,
    nogoods: &mut Nogoods,
    nogood: u32,
    var: u32,
    follows: usize,
) -> Result<(), Emptied> {
    let events = state.trail.events.len();
    let drawn = draw(state, nogoods, (nogood, var), follows);
    let level = state.level();
    if follows < level && state.trail.events.len() > events {
        nogoods.early.push(EarlyConclusion { nogood, var, follows, at: level });
    }
    drawn
}

fn draw(
    state: &mut Assignment<'_>,
    nogoods: &Nogoods,
    (nogood, var): (u32, u32),
    level: usize,
) -> Result<(), Emptied> {
    let words = state.instance.vars[var as usize].words;
    state.scratch.clear();
    state.scratch.extend_from_slice(nogoods.mask_of(nogood, var, words));
    state.remove_at(var as usize, Antecedent::Nogood(nogood), level)
}

/// Draws conclusions again that were drawn above a level and follow there.
pub(super) fn conclude_again(state: &mut Assignment<'_>, nogoods: &mut Nogoods, level: usize) {
    let mut at = 0;
    while let Some(&early) = nogoods.early.get(at) {
        if early.at <= level {
            at += 1;
        } else if early.follows > level {
            nogoods.early.remove(at);
        } else {
            // What this empties is found by the propagation that follows.
            let what = (early.nogood, early.var);
            let _: Result<(), Emptied> = draw(state, nogoods, what, early.follows);
            if early.follows == level {
                nogoods.early.remove(at);
            } else {
                nogoods.early[at].at = level;
                at += 1;
            }
        }
    }
}
