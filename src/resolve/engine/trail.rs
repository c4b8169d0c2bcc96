//! The trail: what was taken from which variable, when and why.
//!
//! Every change is an event: values taken from one variable, and the reason. Undoing events in reverse
//! order gives any earlier state back, and following their reasons shows what led to a contradiction.

use super::bits::{Var, Word, exceeds, small};

/// The reason why values were taken from a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Antecedent {
    /// The search chose, or was told to assume.
    Decision,
    /// No value left of the asking variable goes with them.
    Link(u32),
    /// Nothing is left of what they go with.
    Support(u32),
    /// A learned nogood says so.
    Nogood(u32),
    /// A statement of the request says so, by its position among the statements that were used.
    Stated(u32),
    /// No further change of what is installed is allowed.
    Bound,
    /// It goes with nothing that a chosen release of this variable asks.
    Chosen(u32),
    /// Each of them asks for something of which nothing is left.
    Unsupported,
}

/// Values taken from a variable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Removal {
    pub(super) var: u32,
    pub(super) reason: Antecedent,
    pub(super) level: u32,
    /// The event of the same variable before this one, plus one.
    before: u32,
    /// Place of the words of the values.
    pub(super) removed: usize,
}

/// The variable of which nothing is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Emptied(pub(super) Var);

/// Events and the levels at which they happened.
#[derive(Debug, Default)]
pub(super) struct Trail {
    pub(super) events: Vec<Removal>,
    /// Words of the values that events took away.
    removed: Vec<Word>,
    /// For each variable, its last event plus one.
    last: Vec<u32>,
    /// For each level above 0, the number of events before it.
    levels: Vec<usize>,
}

impl Trail {
    pub(super) fn extend(&mut self, vars: usize) {
        self.last.resize(vars, 0);
    }

    /// Returns the number of decisions in force.
    pub(super) fn level(&self) -> usize {
        self.levels.len()
    }

    /// Begins a new level.
    pub(super) fn push_level(&mut self) {
        self.levels.push(self.events.len());
    }

    /// Takes from what is left of a variable the values that are gone. Returns what was taken, nothing if
    /// all of them had gone before, and whether something is left.
    pub(super) fn remove(
        &mut self,
        var: Var,
        (reason, level): (Antecedent, usize),
        left: &mut [Word],
        gone: &[Word],
    ) -> (Option<&[Word]>, bool) {
        let removed = self.removed.len();
        let (mut any, mut rest) = (0, 0);
        for (left, gone) in left.iter_mut().zip(gone) {
            let taken = *left & gone;
            *left &= !taken;
            any |= taken;
            rest |= *left;
            self.removed.push(taken);
        }
        if any == 0 {
            self.removed.truncate(removed);
            return (None, rest != 0);
        }
        let (level, before) = (small(level), self.last[var]);
        self.events.push(Removal { var: small(var), reason, level, before, removed });
        self.last[var] = small(self.events.len());
        (Some(&self.removed[removed..]), rest != 0)
    }

    /// Begins to undo everything above a level. Returns the number of events that stay, or nothing if
    /// there is no such level.
    pub(super) fn pop_levels(&mut self, level: usize) -> Option<usize> {
        let keep = self.levels.get(level).copied()?;
        self.levels.truncate(level);
        Some(keep)
    }

    /// Returns the last event if it is not among the first `keep`.
    pub(super) fn last_after(&self, keep: usize) -> Option<Removal> {
        self.events.last().copied().filter(|_| self.events.len() > keep)
    }

    /// Forgets the last event.
    pub(super) fn pop(&mut self) {
        if let Some(event) = self.events.pop() {
            self.removed.truncate(event.removed);
            self.last[event.var as usize] = event.before;
        }
    }

    /// Returns the values that an event took away, of a variable of so many words.
    pub(super) fn removed_by(&self, event: &Removal, words: usize) -> &[Word] {
        &self.removed[event.removed..event.removed + words]
    }

    /// Returns the events of a variable with their positions, the last one first.
    pub(super) fn events_of(&self, var: Var) -> impl Iterator<Item = (u32, &Removal)> + '_ {
        let mut next = self.last[var];
        std::iter::from_fn(move || {
            let at = next.checked_sub(1)?;
            let event = &self.events[at as usize];
            next = event.before;
            Some((at, event))
        })
    }

    /// Returns the level at which all values outside a mask had gone; `None` if there were none.
    pub(super) fn level_of(&self, var: Var, mask: &[Word]) -> Option<u32> {
        let took = |event: &Removal| exceeds(self.removed_by(event, mask.len()), mask);
        let events = self.events_of(var).filter(|(_, event)| took(event));
        events.map(|(_, event)| event.level).max()
    }
}
