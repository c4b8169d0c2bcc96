//! Which release fits: may be chosen, and leaves something of all that it speaks of.
//!
//! A release that does not go with the first decision will not do as long as that stands, so it is
//! passed over from then on.

use super::super::super::problem::Prefer;
use super::super::space::{BITS, NONE, Variable, Word};
use super::super::{Engine, Var};
use crate::catalog::Rank;

/// Whether a release goes with what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    No,
    /// Not as long as the first decision stands.
    Never,
}

impl Engine<'_> {
    /// Returns the best release that goes with what is left.
    pub(super) fn best_fitting(&mut self, var: Var) -> Option<usize> {
        let Variable { package, absent, .. } = self.space.vars[var];
        if let Some(order) = self.agenda.order_of(package) {
            let mut order = order.iter().copied();
            order.find(|&bit| self.has(var, bit) && self.fit(var, bit) == Fit::Yes)
        } else if self.space.request.prefer == Prefer::Oldest {
            (0..absent).find(|&bit| self.has(var, bit) && self.fit(var, bit) == Fit::Yes)
        } else {
            self.newest_fitting(var, 0..absent)
        }
    }

    /// Returns the newest of some releases that goes with what is left.
    fn newest_fitting(&mut self, var: Var, among: std::ops::Range<usize>) -> Option<usize> {
        let at = self.space.vars[var].at;
        self.renew(var);
        for word in (among.start / BITS..among.end.div_ceil(BITS)).rev() {
            let mut open = self.left[at + word] & !self.outlook.unfit[at + word];
            while open != 0 {
                let place = BITS - 1 - open.leading_zeros() as usize;
                open &= !(1 << place);
                let bit = word * BITS + place;
                if !among.contains(&bit) {
                    continue;
                }
                self.steps = self.steps.saturating_sub(1);
                match self.fit(var, bit) {
                    Fit::Yes => return Some(bit),
                    Fit::No => {}
                    Fit::Never => self.outlook.unfit[at + word] |= 1 << place,
                }
            }
        }
        None
    }

    /// Forgets which releases did not go with what was decided first, if that is another one now.
    fn renew(&mut self, var: Var) {
        let first = self.agenda.first_choice();
        if self.outlook.unfit_with[var] != first {
            self.outlook.unfit_with[var] = first;
            let Variable { at, words, .. } = self.space.vars[var];
            self.outlook.unfit[at..at + words].fill(0);
            if first != NONE && self.outlook.by_first.is_some() {
                self.recall(var, first as usize);
            }
        }
    }

    /// Keeps for each value of the first decision what goes with it: it pays where many of them are
    /// tried.
    pub(in super::super::super) fn keep_rows(&mut self) {
        self.outlook.by_first = Some(Vec::new());
    }

    /// Notes which values do not go with a value of the first decision.
    fn recall(&mut self, var: Var, value: usize) {
        let mut rows = self.outlook.by_first.take().unwrap_or_default();
        if rows.len() <= var {
            rows.resize_with(var + 1, Vec::new);
        }
        if rows[var].is_empty() {
            rows[var] = self.rows(var);
        }
        let Variable { at, words, .. } = self.space.vars[var];
        let row = &rows[var][value * words..(value + 1) * words];
        for (unfit, goes) in self.outlook.unfit[at..at + words].iter_mut().zip(row) {
            *unfit = !goes;
        }
        self.outlook.by_first = Some(rows);
    }

    /// Returns for each value of the first decision the releases that may be chosen and go with it.
    fn rows(&self, var: Var) -> Vec<Word> {
        let first = self.agenda.fixed(0);
        let target = self.space.vars[first].package;
        let Variable { package, words, absent, .. } = self.space.vars[var];
        let values = self.space.vars[first].absent;
        let mut rows = vec![0; values * words];
        for bit in 0..absent {
            let rank = Rank::new(bit);
            if !self.space.domains.is_left((package, rank)) {
                continue;
            }
            let mut open = vec![Word::MAX; values.div_ceil(BITS)];
            for ask in self.asks(package, rank).filter(|ask| ask.target == target) {
                for (at, word) in open.iter_mut().enumerate() {
                    *word &= ask.word(at);
                }
            }
            for (at, mut word) in open.into_iter().enumerate() {
                while word != 0 {
                    let value = at * BITS + word.trailing_zeros() as usize;
                    word &= word - 1;
                    if value < values {
                        rows[value * words + bit / BITS] |= 1 << (bit % BITS);
                    }
                }
            }
        }
        rows
    }

    /// Whether a release may be chosen and leaves something of all that it speaks of.
    fn fit(&self, var: Var, bit: usize) -> Fit {
        let package = self.space.vars[var].package;
        let rank = Rank::new(bit);
        for ask in self.asks(package, rank) {
            let Some(target) = self.space.find(ask.target) else {
                continue;
            };
            if target == var {
                if !ask.admits(bit) {
                    return Fit::Never;
                }
            } else if !ask.meets(self.words(target), self.space.vars[target].absent) {
                return if self.agenda.is_decided_first(target) { Fit::Never } else { Fit::No };
            }
        }
        if self.space.domains.is_left((package, rank)) { Fit::Yes } else { Fit::Never }
    }

    pub(super) fn fits(&self, var: Var, bit: usize) -> bool {
        self.fit(var, bit) == Fit::Yes
    }

    /// Returns a release that goes with what is left: a known one or, if possible, an older one.
    pub(super) fn any_fitting(&mut self, var: Var, known: u32) -> Option<usize> {
        let absent = self.space.vars[var].absent;
        let from = if known == NONE { absent } else { known as usize + 1 };
        let found = self.newest_fitting(var, 0..from);
        found.or_else(|| self.newest_fitting(var, from..absent))
    }
}
