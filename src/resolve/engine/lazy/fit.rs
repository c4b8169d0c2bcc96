//! Releases that fit: that may be chosen, and leave something of all that they speak of.
//!
//! A release that does not go with the first decision will not do as long as that stands, so it is
//! passed over from then on.

use super::super::assignment::Assignment;
use super::super::bits::{BITS, NONE, Var, Word, ones, set};
use super::super::instance::Variable;
use super::super::order::DecisionOrder;
use super::needed::needed;
use crate::catalog::Rank;
use crate::resolve::problem::Prefer;

/// An opinion on whether a release goes with what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    No,
    /// Not as long as the first decision stands.
    Never,
}

/// Releases that are known not to fit. None of it changes the answer.
#[derive(Debug, Default)]
pub(super) struct Fitness {
    /// Values that are known not to go with the first decision, and for each variable which that was.
    unfit: Vec<Word>,
    unfit_with: Vec<u32>,
    /// For each variable, the values that go with each value of the first decision, if they are kept.
    by_first: Option<Vec<Vec<Word>>>,
}

impl Fitness {
    /// Keeps for each value of the first decision what goes with it: it pays where many of them are
    /// tried.
    pub(super) fn keep_rows(&mut self) {
        self.by_first = Some(Vec::new());
    }

    /// Returns the best release that goes with what is left.
    pub(super) fn best(
        &mut self,
        state: &mut Assignment<'_>,
        order: &DecisionOrder,
        var: Var,
    ) -> Option<usize> {
        let Variable { package, absent, .. } = state.instance.vars[var];
        let will_do = |bit: &usize| state.has(var, *bit) && fits(state, order, var, *bit);
        if let Some(order) = order.order_of(package) {
            order.iter().copied().find(will_do)
        } else if state.instance.request.prefer == Prefer::Oldest {
            (0..absent).find(will_do)
        } else {
            self.newest(state, order, var, 0..absent)
        }
    }

    /// Returns a release that goes with what is left: an older one than a known one, if possible.
    pub(super) fn any(
        &mut self,
        state: &mut Assignment<'_>,
        order: &DecisionOrder,
        var: Var,
        known: u32,
    ) -> Option<usize> {
        let absent = state.instance.vars[var].absent;
        let from = if known == NONE { absent } else { known as usize + 1 };
        let found = self.newest(state, order, var, 0..from);
        found.or_else(|| self.newest(state, order, var, from..absent))
    }

    /// Returns the newest of some releases that goes with what is left.
    fn newest(
        &mut self,
        state: &mut Assignment<'_>,
        order: &DecisionOrder,
        var: Var,
        among: std::ops::Range<usize>,
    ) -> Option<usize> {
        let at = state.instance.vars[var].at;
        self.renew(state, order, var);
        for word in (among.start / BITS..among.end.div_ceil(BITS)).rev() {
            let mut open = state.left[at + word] & !self.unfit[at + word];
            while open != 0 {
                let place = BITS - 1 - open.leading_zeros() as usize;
                open &= !(1 << place);
                let bit = word * BITS + place;
                if !among.contains(&bit) {
                    continue;
                }
                state.steps = state.steps.saturating_sub(1);
                match fit(state, order, var, bit) {
                    Fit::Yes => return Some(bit),
                    Fit::No => {}
                    Fit::Never => self.unfit[at + word] |= 1 << place,
                }
            }
        }
        None
    }

    /// Forgets which releases did not go with what was decided first, if that is another one now.
    fn renew(&mut self, state: &Assignment<'_>, order: &DecisionOrder, var: Var) {
        if self.unfit_with.len() < state.instance.vars.len() {
            self.unfit_with.resize(state.instance.vars.len(), NONE);
            self.unfit.resize(state.left.len(), 0);
        }
        let first = order.first_choice();
        if self.unfit_with[var] != first {
            self.unfit_with[var] = first;
            let Variable { at, words, .. } = state.instance.vars[var];
            self.unfit[at..at + words].fill(0);
            if first != NONE {
                self.recall(state, order, var, first as usize);
            }
        }
    }

    /// Notes which values do not go with a value of the first decision, if rows are kept.
    fn recall(&mut self, state: &Assignment<'_>, order: &DecisionOrder, var: Var, value: usize) {
        let Some(rows) = &mut self.by_first else {
            return;
        };
        if rows.len() <= var {
            rows.resize_with(var + 1, Vec::new);
        }
        if rows[var].is_empty() {
            rows[var] = rows_of(state, order.fixed()[0], var);
        }
        let Variable { at, words, .. } = state.instance.vars[var];
        let row = &rows[var][value * words..(value + 1) * words];
        for (unfit, goes) in self.unfit[at..at + words].iter_mut().zip(row) {
            *unfit = !goes;
        }
    }
}

/// Returns for each value of the first decision the releases of a variable that may be chosen and go
/// with it.
fn rows_of(state: &Assignment<'_>, first: Var, var: Var) -> Vec<Word> {
    let instance = &state.instance;
    let (target, values) = (instance.vars[first].package, instance.vars[first].absent);
    let Variable { package, words, absent, .. } = instance.vars[var];
    let mut rows = vec![0; values * words];
    let mut open = Vec::new();
    for bit in 0..absent {
        let release = (package, Rank::new(bit));
        if !instance.domains.is_left(release) {
            continue;
        }
        open.clear();
        open.resize(values.div_ceil(BITS), Word::MAX);
        for need in needed(instance, release).filter(|need| need.target == target) {
            for (at, word) in open.iter_mut().enumerate() {
                *word &= need.word(at);
            }
        }
        for value in ones(&open).take_while(|&value| value < values) {
            set(&mut rows[value * words..], bit);
        }
    }
    rows
}

/// Returns true if a release may be chosen and leaves something of all that it speaks of.
pub(super) fn fits(state: &Assignment<'_>, order: &DecisionOrder, var: Var, bit: usize) -> bool {
    fit(state, order, var, bit) == Fit::Yes
}

fn fit(state: &Assignment<'_>, order: &DecisionOrder, var: Var, bit: usize) -> Fit {
    let instance = &state.instance;
    let release = state.release(var, bit);
    for need in needed(instance, release) {
        let Some(target) = instance.find(need.target) else {
            continue;
        };
        if target == var {
            if !need.admits(bit) {
                return Fit::Never;
            }
        } else if !need.meets(state.words(target), instance.vars[target].absent) {
            return if order.is_decided_first(target) { Fit::Never } else { Fit::No };
        }
    }
    if instance.domains.is_left(release) { Fit::Yes } else { Fit::Never }
}
