//! From a contradiction to a nogood.
//!
//! A contradiction is a set of terms that hold and cannot: at first the one term *nothing is left of
//! this variable*. The event that made the last of them hold is replaced by its reason, again and
//! again, until only one of the terms became true at the present level. That set is the nogood: as
//! soon as all its other terms hold, this one must not. It is the resolution rule of `PubGrub` and,
//! for variables of two values, that of conflict-driven clause learning (first unique implication
//! point).

use rustc_hash::FxHashSet;

use super::super::statement::Statement;
use super::activity::Activity;
use super::assignment::Assignment;
use super::bits::{Var, Word, exceeds, set, small};
use super::explanation::Explanation;
use super::nogood::{LearnedNogood, Nogoods};
use super::reasons::Explainer;
use super::strategy::LoweringStrategy;
use super::trail::Emptied;

/// Buffers, kept from one analysis to the next.
#[derive(Debug, Default)]
pub(super) struct AnalysisBuffers {
    /// For each variable, the level at which its term began to hold; nothing if it has none.
    level: Vec<Option<u32>>,
    /// Masks of the terms.
    masks: Vec<Vec<Word>>,
    terms: Vec<u32>,
    /// The values to be explained.
    gone: Vec<Word>,
    why: Explanation,
    /// Statements that were used, if they are kept apart.
    pub(super) from: FxHashSet<Statement>,
    /// Level 0 events that were traced.
    traced: FxHashSet<u32>,
}

/// The conclusion from a contradiction.
#[derive(Debug)]
pub(super) struct Learned {
    /// The nogood; its first term follows from the others.
    pub(super) nogood: LearnedNogood,
    /// The level at which it follows.
    pub(super) follows: usize,
    /// The level before the contradiction.
    pub(super) before: usize,
}

impl AnalysisBuffers {
    /// Forgets the last analysis, before one of so many variables.
    fn begin(&mut self, vars: usize) {
        self.clear();
        self.from.clear();
        self.traced.clear();
        self.level.resize(vars, None);
        self.masks.resize_with(vars, Vec::new);
    }

    pub(super) fn clear(&mut self) {
        for var in self.terms.drain(..) {
            self.level[var as usize] = None;
        }
    }

    /// Returns the highest level at which a term began to hold.
    fn last_level(&self) -> Option<u32> {
        self.terms.iter().filter_map(|&var| self.level[var as usize]).max()
    }

    /// Adds a term that began to hold at a level, to one that the variable may have already.
    fn narrow(&mut self, var: Var, mask: &[Word], level: u32) {
        let own = &mut self.masks[var];
        if let Some(old) = self.level[var] {
            own.iter_mut().zip(mask).for_each(|(term, mask)| *term &= mask);
            self.level[var] = Some(old.max(level));
        } else {
            own.clear();
            own.extend_from_slice(mask);
            self.level[var] = Some(level);
            self.terms.push(small(var));
        }
    }
}

/// An analysis that is going on.
pub(super) struct Analysis<'r, 'c, L> {
    pub(super) state: &'r Assignment<'c>,
    pub(super) nogoods: &'r mut Nogoods,
    pub(super) activity: &'r mut Activity,
    pub(super) lowering: &'r L,
    pub(super) buffers: &'r mut AnalysisBuffers,
}

impl<L: LoweringStrategy> Analysis<'_, '_, L> {
    /// Begins with the term that nothing is left of a variable.
    pub(super) fn begin(&mut self, Emptied(var): Emptied) {
        self.buffers.begin(self.state.instance.vars.len());
        self.add_term(var, &vec![0; self.state.instance.vars[var].words]);
    }

    /// Begins with the terms that some variables have one value each. Returns the level at which the
    /// last of them began to hold.
    pub(super) fn begin_with(&mut self, values: impl Iterator<Item = (Var, usize)>) -> usize {
        self.buffers.begin(self.state.instance.vars.len());
        for (var, bit) in values {
            let mut mask = vec![0; self.state.instance.vars[var].words];
            set(&mut mask, bit);
            self.add_term(var, &mask);
        }
        self.buffers.last_level().unwrap_or(0) as usize
    }

    /// Goes back from the terms at hand. Returns a nogood whose first term follows from the others, and
    /// the level at which it does; `None` if the contradiction needs no decision.
    pub(super) fn run(&mut self) -> Option<Learned> {
        let events = &self.state.trail.events;
        let mut level = small(self.state.level());
        let mut at = events.len();
        loop {
            // What was found out late may follow from what was decided long before.
            let last = self.buffers.last_level()?;
            if last < level {
                (level, at) = (last, events.len());
            }
            at = at.checked_sub(1)?;
            let event = events[at];
            if event.level != level || !self.matters(at) {
                continue;
            }
            if self.is_implication_point(event.var as usize, level) {
                return Some(self.finish(event.var, level as usize - 1));
            }
            self.resolve_event(at);
        }
    }

    /// Returns true if the term of a variable is the only one of a level and says what to do instead; one
    /// without values does not.
    fn is_implication_point(&self, var: Var, level: u32) -> bool {
        let terms = self.buffers.terms.iter();
        let current = terms.filter(|&&var| self.buffers.level[var as usize] == Some(level));
        current.take(2).count() == 1 && self.buffers.masks[var].iter().any(|&word| word != 0)
    }

    /// Returns true if an event took values that the term of its variable is without.
    fn matters(&self, at: usize) -> bool {
        let event = &self.state.trail.events[at];
        let var = event.var as usize;
        let mask = &self.buffers.masks[var];
        self.buffers.level[var].is_some()
            && exceeds(self.state.trail.removed_by(event, mask.len()), mask)
    }

    /// Adds a term, to one that the variable may have already.
    fn add_term(&mut self, var: Var, mask: &[Word]) {
        match self.state.trail.level_of(var, mask) {
            None => {}
            Some(0) => self.trace(var, mask),
            Some(level) => self.buffers.narrow(var, mask, level),
        }
    }

    /// Replaces what an event made true by its reason.
    fn resolve_event(&mut self, at: usize) {
        let event = self.state.trail.events[at];
        let var = event.var as usize;
        let gone = self.widen(at);
        self.activity.bump(var);
        let mut why = std::mem::take(&mut self.buffers.why);
        self.reasons().explain(at, &gone, &mut why);
        for (var, mask) in why.terms() {
            self.add_term(var, mask);
        }
        self.buffers.why = why;
        self.buffers.gone = gone;
    }

    /// Returns what of an event is to be explained; the term of its variable no longer asks for it.
    fn widen(&mut self, at: usize) -> Vec<Word> {
        let event = &self.state.trail.events[at];
        let var = event.var as usize;
        let mut gone = std::mem::take(&mut self.buffers.gone);
        let mut mask = std::mem::take(&mut self.buffers.masks[var]);
        gone.clear();
        let removed = self.state.trail.removed_by(event, mask.len());
        for (mask, removed) in mask.iter_mut().zip(removed) {
            gone.push(removed & !*mask);
            *mask |= removed;
        }
        let level = self.state.trail.level_of(var, &mask);
        if level == Some(0) {
            self.trace(var, &mask);
        }
        self.buffers.masks[var] = mask;
        self.buffers.level[var] = level.filter(|&level| level > 0);
        if self.buffers.level[var].is_none() {
            self.buffers.terms.retain(|&term| term as usize != var);
        }
        gone
    }

    fn reasons(&mut self) -> Explainer<'_, '_, L> {
        Explainer {
            state: self.state,
            nogoods: self.nogoods,
            lowering: self.lowering,
            from: &mut self.buffers.from,
        }
    }

    /// Notes the statements from which it follows at level 0 that values outside a mask are gone, if
    /// statements are kept apart.
    fn trace(&mut self, var: Var, mask: &[Word]) {
        if !self.state.instance.scope.is_traced() {
            return;
        }
        let trail = &self.state.trail;
        let mut open = vec![(var, mask.to_vec())];
        let mut why = Explanation::default();
        while let Some((var, mask)) = open.pop() {
            for (at, event) in trail.events_of(var) {
                let removed = trail.removed_by(event, mask.len());
                if event.level > 0 || !exceeds(removed, &mask) || !self.buffers.traced.insert(at) {
                    continue;
                }
                self.reasons().explain(at as usize, removed, &mut why);
                open.extend(why.terms().map(|(var, mask)| (var, mask.to_vec())));
            }
        }
    }

    /// Makes the nogood, and finds the level at which its first term follows.
    fn finish(&mut self, last: u32, before: usize) -> Learned {
        let level = |var: u32| self.buffers.level[var as usize].unwrap_or(0);
        let terms = self.buffers.terms.iter();
        let levels: FxHashSet<u32> = terms.clone().map(|&var| level(var)).collect();
        let others = terms.filter(|&&var| var != last);
        let mut rest: Vec<(u32, u32)> = others.map(|&var| (level(var), var)).collect();
        // The term that began to hold last is watched beside the first.
        rest.sort_unstable_by(|a, b| b.cmp(a));
        let follows = rest.first().map_or(0, |&(level, _)| level) as usize;
        let all = std::iter::once(last).chain(rest.into_iter().map(|(_, var)| var));
        let terms = all.map(|var| (var, self.buffers.masks[var as usize].clone())).collect();
        let mut from = Vec::new();
        if self.state.instance.scope.is_traced() {
            from.extend(self.buffers.from.iter().copied());
            from.sort_unstable();
        }
        let nogood = LearnedNogood { terms, spread: small(levels.len()), from };
        self.buffers.clear();
        Learned { nogood, follows, before }
    }
}
