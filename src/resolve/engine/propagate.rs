//! Propagation: what follows from what is left.
//!
//! A variable that changed is looked at from three sides. Nogoods that watch it may now leave only
//! one way out. What its remaining values accept of another variable bounds that one. And values of
//! others that accept nothing of what is left of it go. A variable that is known to be present is
//! lowered at that moment, and its own values are looked at too: what they need may have gone while
//! nobody asked.

use super::assignment::Assignment;
use super::bits::{Var, Word, clear, meet, small};
use super::instance::{Remaining, Variable};
use super::nogood::Nogoods;
use super::order::DecisionOrder;
use super::strategy::LoweringStrategy;
use super::trail::{Antecedent, Emptied};
use super::watch::visit_nogoods;

/// Takes away what can be in no answer, until nothing changes.
pub(super) fn propagate(
    state: &mut Assignment<'_>,
    nogoods: &mut Nogoods,
    order: &DecisionOrder,
    lowering: &mut impl LoweringStrategy,
) -> Result<(), Emptied> {
    loop {
        if let Some(var) = state.arrivals.pop() {
            check_nonempty(state, var)?;
            if state.is_present(var) {
                lowering.arrived(state, order, var)?;
                check_own(state, var)?;
                forward(state, var)?;
            }
            hold_bound(state)?;
        } else if let Some(var) = state.changed.pop() {
            check_nonempty(state, var)?;
            hold_bound(state)?;
            visit_nogoods(state, nogoods, var)?;
            forward(state, var)?;
            backward(state, var)?;
            lowering.changed(state, order, var)?;
        } else {
            return Ok(());
        }
    }
}

fn check_nonempty(state: &Assignment<'_>, var: Var) -> Result<(), Emptied> {
    if state.is_empty(var) { Err(Emptied(var)) } else { Ok(()) }
}

/// Cuts what the remaining values of a variable ask of others.
fn forward(state: &mut Assignment<'_>, var: Var) -> Result<(), Emptied> {
    let Variable { at, words, .. } = state.instance.vars[var];
    'links: for ix in state.instance.links_of(var) {
        let link = &mut state.instance.links[ix];
        let (left, masks) = (&state.left[at..at + words], &state.instance.masks.words);
        let hint = link.hint as usize;
        if left[hint] & masks[link.free + hint] != 0 {
            continue;
        }
        for (word, left) in left.iter().enumerate() {
            if left & masks[link.free + word] != 0 {
                link.hint = small(word);
                continue 'links;
            }
        }
        cut(state, ix)?;
    }
    Ok(())
}

/// Takes from the target of a link what no remaining value of the asking variable goes with.
fn cut(state: &mut Assignment<'_>, ix: usize) -> Result<(), Emptied> {
    let instance = &state.instance;
    let link = &instance.links[ix];
    let to = link.to as usize;
    let Variable { at, words, .. } = instance.vars[link.from as usize];
    let (left, target) = (&state.left[at..at + words], &instance.vars[to]);
    state.scratch.clear();
    state.scratch.extend_from_slice(&state.left[target.at..target.at + target.words]);
    for group in instance.groups_of(link) {
        if !meet(left, instance.masks.get(group.values, words)) {
            continue;
        }
        let accepts = instance.masks.get(group.accepts, target.words);
        let mut rest = 0;
        for (missing, accepted) in state.scratch.iter_mut().zip(accepts) {
            *missing &= !accepted;
            rest |= *missing;
        }
        if rest == 0 {
            return Ok(());
        }
    }
    state.remove(to, Antecedent::Link(small(ix)))
}

/// Drops values of other variables that go with nothing that is left of this one.
fn backward(state: &mut Assignment<'_>, var: Var) -> Result<(), Emptied> {
    let single = state.single(var);
    let rest = state.remaining(var);
    for at in 0..state.instance.vars[var].incoming.len() {
        let incoming = state.instance.vars[var].incoming[at];
        if incoming.suits(rest) {
            continue;
        }
        let ix = incoming.link as usize;
        match single.and_then(|bit| state.instance.row(ix, bit)) {
            Some(row) => keep_row(state, ix, row)?,
            None => support(state, ix, rest)?,
        }
    }
    Ok(())
}

/// Drops values of a variable that go with nothing that is left of what they ask for.
fn check_own(state: &mut Assignment<'_>, var: Var) -> Result<(), Emptied> {
    state.instance.links_of(var).try_for_each(|ix| {
        let link = &state.instance.links[ix];
        let rest = state.remaining(link.to as usize);
        if link.incoming.suits(rest) { Ok(()) } else { support(state, ix, rest) }
    })
}

/// Keeps the values that go with the one value that is left of a link's target.
fn keep_row(state: &mut Assignment<'_>, ix: usize, row: usize) -> Result<(), Emptied> {
    let from = state.instance.links[ix].from as usize;
    let words = state.instance.vars[from].words;
    state.scratch.clear();
    let kept = state.instance.masks.words[row..row + words].iter();
    state.scratch.extend(kept.map(|word| !word));
    state.remove(from, Antecedent::Support(small(ix)))
}

/// Drops the values of a link that go with nothing that is left of its target.
fn support(state: &mut Assignment<'_>, ix: usize, rest: Remaining) -> Result<(), Emptied> {
    let instance = &state.instance;
    let link = &instance.links[ix];
    let from = link.from as usize;
    let Variable { at, words, .. } = instance.vars[link.to as usize];
    let left = &state.left[at..at + words];
    let asking = instance.vars[from].words;
    let mut any = false;
    for group in instance.groups_of(link) {
        if rest.absent && group.absent || instance.meets(group, left, rest) {
            continue;
        }
        if !std::mem::replace(&mut any, true) {
            state.scratch.clear();
            state.scratch.resize(asking, 0);
        }
        let values = instance.masks.get(group.values, asking);
        for (gone, values) in state.scratch.iter_mut().zip(values) {
            *gone |= values;
        }
    }
    if any { state.remove(from, Antecedent::Support(small(ix))) } else { Ok(()) }
}

/// Holds everything to what is installed once enough changes.
fn hold_bound(state: &mut Assignment<'_>) -> Result<(), Emptied> {
    let Some(bound) = state.bound.as_ref().filter(|bound| bound.is_reached()) else {
        return Ok(());
    };
    let exceeded = bound.is_exceeded();
    for var in 0..state.instance.vars.len() {
        let Some(bits) = state.bound.as_ref().and_then(|bound| bound.unchanged(var)) else {
            continue;
        };
        if exceeded == bits.iter().any(|&bit| state.has(var, bit)) {
            continue;
        }
        state.scratch.clear();
        state.scratch.resize(state.instance.vars[var].words, Word::MAX);
        if !exceeded {
            for bit in bits {
                clear(&mut state.scratch, bit);
            }
        }
        state.remove(var, Antecedent::Bound)?;
    }
    Ok(())
}
