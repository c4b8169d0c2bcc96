//! Nogoods as a part of propagation: two watched terms of each.

use super::assignment::Assignment;
use super::bits::{Var, exceeds};
use super::chronological::conclude;
use super::nogood::Nogoods;
use super::trail::Emptied;

/// Looks at the nogoods that watch a variable.
pub(super) fn visit_nogoods(
    state: &mut Assignment<'_>,
    nogoods: &mut Nogoods,
    var: Var,
) -> Result<(), Emptied> {
    let mut watches = nogoods.take_watches(var);
    if watches.is_empty() {
        return Ok(());
    }
    let mut result = Ok(());
    watches.retain(|&nogood| {
        if !nogoods.is_alive(nogood) {
            return false;
        }
        if result.is_err() {
            return true;
        }
        match visit(state, nogoods, var, nogood) {
            Ok(moved) => !moved,
            Err(emptied) => {
                result = Err(emptied);
                true
            }
        }
    });
    nogoods.give_watches(var, watches);
    result
}

/// Looks at one nogood. Returns true if it now watches another variable.
fn visit(
    state: &mut Assignment<'_>,
    nogoods: &mut Nogoods,
    var: Var,
    nogood: u32,
) -> Result<bool, Emptied> {
    state.steps = state.steps.saturating_sub(1);
    let (first, second) = nogoods.watched(nogood);
    let is_first = nogoods.term(first).var as usize == var;
    let (mine, other) = if is_first { (first, second) } else { (second, first) };
    if !holds(state, nogoods, mine) {
        return Ok(false);
    }
    for term in nogoods.terms(nogood) {
        if term != other && term != mine && !holds(state, nogoods, term) {
            nogoods.rewatch(nogood, mine, term);
            return Ok(true);
        }
    }
    let level = follows_at(state, nogoods, nogood, other);
    let out = nogoods.term(other).var;
    conclude(state, nogoods, nogood, out, level)?;
    Ok(false)
}

/// Returns the level at which all terms of a nogood but one hold.
fn follows_at(state: &Assignment<'_>, nogoods: &Nogoods, nogood: u32, other: usize) -> usize {
    if nogoods.early.is_empty() {
        return state.level();
    }
    let terms = nogoods.terms(nogood).filter(|&term| term != other);
    let levels = terms.filter_map(|term| {
        let term = nogoods.term(term);
        let words = state.instance.vars[term.var as usize].words;
        state.trail.level_of(term.var as usize, nogoods.mask(term, words))
    });
    levels.max().unwrap_or(0) as usize
}

/// Returns true if all that is left of a term's variable is within the term.
fn holds(state: &Assignment<'_>, nogoods: &Nogoods, term: usize) -> bool {
    let term = nogoods.term(term);
    let left = state.words(term.var as usize);
    !exceeds(left, nogoods.mask(term, left.len()))
}
