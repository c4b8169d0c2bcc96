//! Reasons: the terms from which it follows that values are gone.
//!
//! They are not stored but worked out here, and only for the values that matter: why a release of
//! `q` is gone is asked for that release alone, so that a nogood says as much as it can.

use rustc_hash::FxHashSet;

use super::super::statement::Statement;
use super::assignment::Assignment;
use super::bits::{Var, Word, clear, has, meet, small};
use super::explanation::Explanation;
use super::nogood::Nogoods;
use super::strategy::LoweringStrategy;
use super::trail::Antecedent;

/// Sources of explanations, and the statements that were used, if they are kept apart.
pub(super) struct Explainer<'r, 'c, L> {
    pub(super) state: &'r Assignment<'c>,
    pub(super) nogoods: &'r mut Nogoods,
    pub(super) lowering: &'r L,
    pub(super) from: &'r mut FxHashSet<Statement>,
}

impl<L: LoweringStrategy> Explainer<'_, '_, L> {
    /// Finds the terms from which it follows that an event took some values.
    pub(super) fn explain(&mut self, at: usize, gone: &[Word], why: &mut Explanation) {
        why.clear();
        let event = self.state.trail.events[at];
        let var = event.var as usize;
        match event.reason {
            Antecedent::Decision => {}
            Antecedent::Stated(statement) => {
                self.from.extend(self.state.stated[statement as usize].named());
            }
            Antecedent::Link(link) => self.explain_link(link as usize, gone, why),
            Antecedent::Support(link) => self.explain_support(link as usize, gone, why),
            Antecedent::Nogood(nogood) => self.explain_nogood(nogood, event.var, why),
            Antecedent::Bound => explain_bound(self.state, at, why),
            Antecedent::Chosen(from) => {
                self.lowering.explain_chosen(self.state, from as usize, var, gone, why);
            }
            Antecedent::Unsupported => {
                self.lowering.explain_unsupported(self.state, var, gone, why);
            }
        }
    }

    /// The asking variable has no value left that goes with one of those that are gone.
    fn explain_link(&mut self, ix: usize, gone: &[Word], why: &mut Explanation) {
        self.note(ix);
        let instance = &self.state.instance;
        let link = &instance.links[ix];
        let words = instance.vars[link.from as usize].words;
        let needed = why.push(link.from as usize, words, 0);
        needed.copy_from_slice(&instance.masks.words[link.free..link.free + words]);
        for group in instance.groups_of(link) {
            if meet(instance.masks.get(group.accepts, gone.len()), gone) {
                let values = instance.masks.get(group.values, words);
                needed.iter_mut().zip(values).for_each(|(needed, values)| *needed |= values);
            }
        }
        for word in needed.iter_mut() {
            *word = !*word;
        }
    }

    /// Nothing is left of what the values go with.
    fn explain_support(&mut self, ix: usize, gone: &[Word], why: &mut Explanation) {
        self.note(ix);
        let instance = &self.state.instance;
        let link = &instance.links[ix];
        let words = instance.vars[link.to as usize].words;
        let rest = why.push(link.to as usize, words, Word::MAX);
        for group in instance.groups_of(link) {
            if meet(instance.masks.get(group.values, gone.len()), gone) {
                let accepts = instance.masks.get(group.accepts, words);
                rest.iter_mut().zip(accepts).for_each(|(rest, accepts)| *rest &= !accepts);
            }
        }
    }

    fn explain_nogood(&mut self, nogood: u32, var: u32, why: &mut Explanation) {
        self.from.extend(self.nogoods.from(nogood).iter().copied());
        self.nogoods.bump(nogood);
        for term in self.nogoods.terms(nogood) {
            let term = self.nogoods.term(term);
            if term.var != var {
                let words = self.state.instance.vars[term.var as usize].words;
                let mask = self.nogoods.mask(term, words);
                why.push(term.var as usize, words, 0).copy_from_slice(mask);
            }
        }
    }

    fn note(&mut self, link: usize) {
        if self.state.instance.scope.is_traced() {
            self.from.insert(self.state.instance.statement(link));
        }
    }
}

/// What changed before an event is the reason why nothing more may.
fn explain_bound(state: &Assignment<'_>, at: usize, why: &mut Explanation) {
    let Some(bound) = &state.bound else {
        return;
    };
    for (var, stated) in state.instance.vars.iter().enumerate() {
        if let Some(bits) = bound.unchanged(var)
            && bits.iter().all(|&bit| went_before(state, var, bit, at))
        {
            let mask = why.push(var, stated.words, Word::MAX);
            for bit in bits {
                clear(mask, bit);
            }
        }
    }
}

/// Returns true if a value was never there, or went before an event.
fn went_before(state: &Assignment<'_>, var: Var, bit: usize, at: usize) -> bool {
    if state.has(var, bit) {
        return false;
    }
    let words = state.instance.vars[var].words;
    let mut events = state.trail.events_of(var);
    let taken = events.find(|(_, event)| has(state.trail.removed_by(event, words), bit));
    taken.is_none_or(|(ix, _)| ix < small(at))
}
