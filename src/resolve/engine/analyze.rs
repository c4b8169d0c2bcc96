//! From a contradiction to a nogood.
//!
//! A contradiction is a set of terms that hold and cannot: at first the one term *nothing is left of
//! this variable*. The event that made the last of them hold is replaced by its reason, again and
//! again, until only one of the terms became true at the present level. That set is the nogood: as
//! soon as all its other terms hold, this one must not. It is the resolution rule of `PubGrub` and,
//! for variables of two values, that of conflict-driven clause learning (first unique implication
//! point).
//!
//! Reasons are not stored but worked out here, and only for the values that matter: why a release of
//! `q` is gone is asked for that release alone, so that the nogood says as much as it can.

use rustc_hash::FxHashSet;

use super::super::statement::Statement;
use super::nogood::Draft;
use super::space::{BITS, Word};
use super::{Emptied, Engine, Reason, Var, small};

/// Buffers, kept from one analysis to the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// For each variable, whether it has a term, and the level at which that began to hold.
    level: Vec<Option<u32>>,
    /// Masks of the terms.
    masks: Vec<Vec<Word>>,
    terms: Vec<u32>,
    /// The values to be explained.
    gone: Vec<Word>,
    why: Why,
    /// Statements that were used, if they are kept apart.
    from: FxHashSet<Statement>,
    /// Level 0 events that were traced.
    traced: FxHashSet<u32>,
}

/// Terms from which something follows: variables, and where their masks are.
#[derive(Debug, Default)]
pub(super) struct Why {
    pub(super) terms: Vec<(Var, usize)>,
    pub(super) words: Vec<Word>,
}

/// What a contradiction comes to.
#[derive(Debug)]
pub(super) struct Learned {
    /// The nogood; its first term follows from the others.
    pub(super) draft: Draft,
    /// The level at which it follows.
    pub(super) follows: usize,
    /// The level before the contradiction.
    pub(super) before: usize,
}

impl Why {
    /// Adds a term, to one that the variable may have already.
    pub(super) fn narrow(&mut self, var: Var, mask: &[Word]) {
        match self.terms.iter().find(|(other, _)| *other == var) {
            Some(&(_, first)) => {
                for (word, mask) in self.words[first..].iter_mut().zip(mask) {
                    *word &= mask;
                }
            }
            None => {
                self.terms.push((var, self.words.len()));
                self.words.extend_from_slice(mask);
            }
        }
    }
}

impl Scratch {
    pub(super) fn extend(&mut self, vars: usize) {
        self.level.resize(vars, None);
        self.masks.resize_with(vars, Vec::new);
    }
}

impl Engine<'_> {
    /// Returns a nogood whose first term follows from the others, and the level at which it does; `None`
    /// if the contradiction needs no decision.
    pub(super) fn analyze(&mut self, Emptied(var): Emptied) -> Option<Learned> {
        self.begin(var);
        self.analyze_terms()
    }

    /// Begins with the terms that some variables have one value each. Returns the level at which the
    /// last of them began to hold.
    pub(super) fn begin_with(&mut self, values: &[(Var, usize)]) -> usize {
        self.clear();
        self.analysis.from.clear();
        self.analysis.traced.clear();
        for &(var, bit) in values {
            let mut mask = vec![0; self.space.vars[var].words];
            mask[bit / BITS] = 1 << (bit % BITS);
            self.add_term(var, &mask);
        }
        let levels =
            self.analysis.terms.iter().filter_map(|&var| self.analysis.level[var as usize]);
        levels.max().unwrap_or(0) as usize
    }

    /// Goes back from the terms at hand.
    pub(super) fn analyze_terms(&mut self) -> Option<Learned> {
        let mut level = small(self.level());
        let mut at = self.trail.len();
        let last = loop {
            // What was found out late may follow from what was decided long before.
            let levels = self.analysis.terms.iter();
            let levels = levels.filter_map(|&var| self.analysis.level[var as usize]);
            let last = levels.max()?;
            if last < level {
                (level, at) = (last, self.trail.len());
            }
            at = at.checked_sub(1)?;
            let event = self.trail[at];
            let var = event.var as usize;
            if event.level != level || self.analysis.level[var].is_none() || !self.matters(at) {
                continue;
            }
            let current = &self.analysis.terms;
            let current =
                current.iter().filter(|&&var| self.analysis.level[var as usize] == Some(level));
            // A term without values says nothing of what to do instead.
            let says = self.analysis.masks[var].iter().any(|&word| word != 0);
            if current.take(2).count() == 1 && says {
                break event.var;
            }
            self.resolve_event(at);
        };
        Some(self.finish(last, level as usize - 1))
    }

    /// Returns the statements that contradict each other, once it is known that there is no answer.
    pub(in super::super) fn contradiction(&mut self) -> Vec<Statement> {
        if let Some(mut proof) = self.proof.take() {
            proof.sort_unstable();
            return proof;
        }
        if let Some(Emptied(var)) = self.refuted {
            self.begin(var);
        }
        let mut from: Vec<Statement> = self.analysis.from.drain().collect();
        from.sort_unstable();
        self.clear();
        from
    }

    fn begin(&mut self, var: Var) {
        self.clear();
        self.analysis.from.clear();
        self.analysis.traced.clear();
        let none = vec![0; self.space.vars[var].words];
        self.add_term(var, &none);
    }

    fn clear(&mut self) {
        for var in self.analysis.terms.drain(..) {
            self.analysis.level[var as usize] = None;
        }
    }

    /// Whether an event took values that the term of its variable is without.
    fn matters(&self, at: usize) -> bool {
        let event = self.trail[at];
        let mask = &self.analysis.masks[event.var as usize];
        let removed = &self.removed[event.removed..event.removed + mask.len()];
        removed.iter().zip(mask).any(|(removed, mask)| removed & !mask != 0)
    }

    /// Adds a term, to one that the variable may have already.
    fn add_term(&mut self, var: Var, mask: &[Word]) {
        let Some(level) = self.level_of(var, mask) else {
            return;
        };
        if level == 0 {
            if self.space.scope.is_traced() {
                self.trace(var, mask);
            }
            return;
        }
        let masks = &mut self.analysis.masks[var];
        if let Some(old) = self.analysis.level[var] {
            for (term, mask) in masks.iter_mut().zip(mask) {
                *term &= mask;
            }
            self.analysis.level[var] = Some(old.max(level));
        } else {
            masks.clear();
            masks.extend_from_slice(mask);
            self.analysis.level[var] = Some(level);
            self.analysis.terms.push(small(var));
        }
    }

    /// Returns the level at which all values outside a mask had gone; `None` if there were none.
    pub(super) fn level_of(&self, var: Var, mask: &[Word]) -> Option<u32> {
        let mut event = self.last[var];
        let mut level = None;
        while let Some(at) = event.checked_sub(1) {
            let stated = &self.trail[at as usize];
            let removed = &self.removed[stated.removed..stated.removed + mask.len()];
            if removed.iter().zip(mask).any(|(removed, mask)| removed & !mask != 0) {
                level = level.max(Some(stated.level));
            }
            event = stated.before;
        }
        level
    }

    /// Replaces what an event made true by its reason.
    fn resolve_event(&mut self, at: usize) {
        let event = self.trail[at];
        let var = event.var as usize;
        // What is to be explained, and a term that no longer asks for it.
        let mut gone = std::mem::take(&mut self.analysis.gone);
        let mut mask = std::mem::take(&mut self.analysis.masks[var]);
        gone.clear();
        for (word, mask) in mask.iter_mut().enumerate() {
            let removed = self.removed[event.removed + word];
            gone.push(removed & !*mask);
            *mask |= removed;
        }
        let level = self.level_of(var, &mask);
        if level == Some(0) && self.space.scope.is_traced() {
            self.trace(var, &mask);
        }
        self.analysis.masks[var] = mask;
        self.analysis.level[var] = level.filter(|&level| level > 0);
        if self.analysis.level[var].is_none() {
            self.analysis.terms.retain(|&term| term as usize != var);
        }
        self.dynamic.warm(var);
        let mut why = std::mem::take(&mut self.analysis.why);
        self.reasons(at, &gone, &mut why);
        for &(var, first) in &why.terms {
            let words = self.space.vars[var].words;
            self.add_term(var, &why.words[first..first + words]);
        }
        self.analysis.why = why;
        self.analysis.gone = gone;
    }

    /// Finds the terms from which it follows that some values are gone.
    fn reasons(&mut self, at: usize, gone: &[Word], why: &mut Why) {
        why.terms.clear();
        why.words.clear();
        let event = self.trail[at];
        match event.reason {
            Reason::Decision => {}
            Reason::Stated(statement) => {
                let statement = self.stated[statement as usize];
                self.analysis.from.insert(statement);
                // A requirement that does not hold names nothing.
                if let Statement::Restriction(at) = statement {
                    self.analysis.from.insert(Statement::Requirement(at));
                }
            }
            Reason::Link(link) => self.link_reason(link as usize, gone, why),
            Reason::Support(link) => self.support_reason(link as usize, gone, why),
            Reason::Nogood(nogood) => {
                self.analysis.from.extend(self.nogoods.from(nogood).iter().copied());
                self.nogoods.warm(nogood);
                for term in self.nogoods.terms(nogood) {
                    let term = self.nogoods.term(term);
                    if term.var != event.var {
                        let words = self.space.vars[term.var as usize].words;
                        why.terms.push((term.var as usize, why.words.len()));
                        why.words.extend_from_slice(self.nogoods.mask(term, words));
                    }
                }
            }
            Reason::Bound => self.bound_reason(at, why),
            Reason::Asked(from) => {
                self.asked_reason(from as usize, event.var as usize, gone, why);
            }
            Reason::Unfit => self.unfit_reason(event.var as usize, gone, why),
        }
    }

    /// The asking variable has no value left that goes with one of those that are gone.
    fn link_reason(&mut self, link: usize, gone: &[Word], why: &mut Why) {
        self.note_link(link);
        let stated = &self.space.links[link];
        let words = self.space.vars[stated.from as usize].words;
        why.terms.push((stated.from as usize, 0));
        why.words.extend_from_slice(&self.space.masks[stated.free..stated.free + words]);
        for group in self.space.groups_of(stated) {
            let accepts = self.space.mask_words(group.accepts, gone.len());
            if accepts.iter().zip(gone).any(|(accepts, gone)| accepts & gone != 0) {
                let values = self.space.mask_words(group.values, words);
                for (needed, values) in why.words.iter_mut().zip(values) {
                    *needed |= values;
                }
            }
        }
        for word in &mut why.words {
            *word = !*word;
        }
    }

    /// Nothing is left of what the values go with.
    fn support_reason(&mut self, link: usize, gone: &[Word], why: &mut Why) {
        self.note_link(link);
        let stated = &self.space.links[link];
        let to = stated.to as usize;
        let words = self.space.vars[to].words;
        why.terms.push((to, 0));
        why.words.resize(words, Word::MAX);
        for group in self.space.groups_of(stated) {
            let values = self.space.mask_words(group.values, gone.len());
            if values.iter().zip(gone).any(|(values, gone)| values & gone != 0) {
                let accepts = self.space.mask_words(group.accepts, words);
                for (rest, accepts) in why.words.iter_mut().zip(accepts) {
                    *rest &= !accepts;
                }
            }
        }
    }

    fn note_link(&mut self, link: usize) {
        if self.space.scope.is_traced() {
            let statement = self.link_statement(link);
            self.analysis.from.insert(statement);
        }
    }

    /// Returns the statement that a link is made of.
    pub(super) fn link_statement(&self, link: usize) -> Statement {
        let stated = &self.space.links[link];
        let package = |var: u32| self.space.vars[var as usize].package;
        if stated.is_pin {
            Statement::Pin(package(stated.from))
        } else {
            Statement::Needs(package(stated.from), package(stated.to))
        }
    }

    /// Notes the statements from which it follows at level 0 that values outside a mask are gone.
    fn trace(&mut self, var: Var, mask: &[Word]) {
        let mut open = vec![(var, mask.to_vec())];
        let mut why = Why::default();
        while let Some((var, mask)) = open.pop() {
            let mut event = self.last[var];
            while let Some(at) = event.checked_sub(1) {
                let stated = self.trail[at as usize];
                event = stated.before;
                let removed = &self.removed[stated.removed..stated.removed + mask.len()];
                let matters = removed.iter().zip(&mask).any(|(removed, mask)| removed & !mask != 0);
                if stated.level > 0 || !matters || !self.analysis.traced.insert(at) {
                    continue;
                }
                let gone = removed.to_vec();
                self.reasons(at as usize, &gone, &mut why);
                for &(var, first) in &why.terms {
                    let words = self.space.vars[var].words;
                    open.push((var, why.words[first..first + words].to_vec()));
                }
            }
        }
    }

    /// Makes the nogood, and finds the level at which its first term follows.
    fn finish(&mut self, last: u32, before: usize) -> Learned {
        let mut draft = Draft::default();
        let mut levels = FxHashSet::default();
        let mut rest: Vec<(u32, u32)> = Vec::new();
        for &var in &self.analysis.terms {
            let level = self.analysis.level[var as usize].unwrap_or(0);
            levels.insert(level);
            if var != last {
                rest.push((level, var));
            }
        }
        draft.spread = small(levels.len());
        // The term that began to hold last is watched beside the first.
        rest.sort_unstable_by(|a, b| b.cmp(a));
        let jump = rest.first().map_or(0, |&(level, _)| level);
        for var in std::iter::once(last).chain(rest.into_iter().map(|(_, var)| var)) {
            draft.terms.push((var, self.analysis.masks[var as usize].clone()));
        }
        if self.space.scope.is_traced() {
            draft.from = self.analysis.from.iter().copied().collect();
            draft.from.sort_unstable();
        }
        self.clear();
        Learned { draft, follows: jump as usize, before }
    }
}
