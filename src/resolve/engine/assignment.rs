//! The assignment: what is left of each variable, what was taken away, and what is to be looked at.

use super::super::problem::Prefer;
use super::super::statement::Statement;
use super::bits::{BITS, Var, Word, clear, has, set, small};
use super::bound::ChangeBound;
use super::instance::{Instance, Remaining, Variable, lower};
use super::queue::VarQueue;
use super::trail::{Antecedent, Emptied, Trail};
use crate::catalog::{PackageIx, Rank, ReleaseId};

/// The instance and what is left of its variables.
#[derive(Debug)]
pub(in super::super) struct Assignment<'c> {
    pub(super) instance: Instance<'c>,
    /// For each variable, the values that are left.
    pub(super) left: Vec<Word>,
    pub(super) trail: Trail,
    /// Variables that turned out to be present and have not been lowered, or of which what they need
    /// may have gone while nobody asked. They come first: all that is stated is known before anything
    /// is looked at twice.
    pub(super) arrivals: VarQueue,
    /// Variables that have lost values.
    pub(super) changed: VarQueue,
    pub(super) bound: Option<ChangeBound>,
    /// Statements that took values away at level 0.
    pub(super) stated: Vec<Statement>,
    /// Steps that may still be taken.
    pub(super) steps: u64,
    /// The values that are taken away next.
    pub(super) scratch: Vec<Word>,
    /// The number of variables that there is room for.
    vars: usize,
}

impl<'c> Assignment<'c> {
    pub(super) fn new(instance: Instance<'c>, steps: u64) -> Self {
        Self {
            instance,
            left: Vec::new(),
            trail: Trail::default(),
            arrivals: VarQueue::default(),
            changed: VarQueue::default(),
            bound: None,
            stated: Vec::new(),
            steps,
            scratch: Vec::new(),
            vars: 0,
        }
    }

    /// Returns the variable of a package.
    pub(super) fn var(&mut self, package: PackageIx) -> Var {
        let var = self.instance.var(package);
        self.extend();
        var
    }

    /// Lowers what a variable's releases ask.
    pub(super) fn lower(&mut self, var: Var) {
        lower(&mut self.instance, var);
        self.extend();
    }

    /// Lowers everything that can be reached.
    pub(super) fn lower_all(&mut self) {
        let mut at = 0;
        while at < self.instance.vars.len() {
            self.lower(at);
            at += 1;
        }
    }

    /// Makes room for variables that were added to the instance.
    fn extend(&mut self) {
        let vars = self.instance.vars.len();
        if self.vars == vars {
            return;
        }
        let old = std::mem::replace(&mut self.vars, vars);
        self.left.extend_from_slice(&self.instance.base[self.left.len()..]);
        self.trail.extend(vars);
        self.arrivals.extend(vars);
        self.changed.extend(vars);
        if let Some(bound) = &mut self.bound {
            bound.extend(&self.instance);
        }
        for var in (old..vars).filter(|&var| self.is_present(var)).collect::<Vec<_>>() {
            self.arrivals.push(var);
        }
    }

    /// Returns the number of decisions in force.
    pub(super) fn level(&self) -> usize {
        self.trail.level()
    }

    /// Takes the values in `scratch` away.
    pub(super) fn remove(&mut self, var: Var, reason: Antecedent) -> Result<(), Emptied> {
        self.remove_at(var, reason, self.level())
    }

    /// Takes the values in `scratch` away, which follows from what is decided up to a level.
    pub(super) fn remove_at(
        &mut self,
        var: Var,
        reason: Antecedent,
        level: usize,
    ) -> Result<(), Emptied> {
        let Variable { at, words, absent, .. } = self.instance.vars[var];
        let left = &mut self.left[at..at + words];
        let (taken, is_left) = self.trail.remove(var, (reason, level), left, &self.scratch);
        if let Some(taken) = taken {
            self.steps = self.steps.saturating_sub(1);
            if has(taken, absent) {
                self.arrivals.push(var);
            }
            if let Some(bound) = &mut self.bound {
                bound.removed(var, taken, left);
            }
            self.changed.push(var);
        }
        if is_left { Ok(()) } else { Err(Emptied(var)) }
    }

    /// Takes from a variable whatever is in none of some words.
    pub(super) fn keep(
        &mut self,
        var: Var,
        kept: impl IntoIterator<Item = Word>,
        reason: Antecedent,
    ) -> Result<(), Emptied> {
        self.scratch.clear();
        self.scratch.extend(kept.into_iter().map(|word| !word));
        self.remove(var, reason)
    }

    /// Leaves one value of a variable, by decision.
    pub(super) fn keep_bit(&mut self, var: Var, bit: usize) -> Result<(), Emptied> {
        self.scratch.clear();
        self.scratch.resize(self.instance.vars[var].words, Word::MAX);
        clear(&mut self.scratch, bit);
        self.remove(var, Antecedent::Decision)
    }

    /// Takes one value from a variable, by decision.
    pub(super) fn drop_bit(&mut self, var: Var, bit: usize) -> Result<(), Emptied> {
        self.scratch.clear();
        self.scratch.resize(self.instance.vars[var].words, 0);
        set(&mut self.scratch, bit);
        self.remove(var, Antecedent::Decision)
    }

    /// Undoes everything above a level. Returns false if there was nothing.
    pub(super) fn backjump(&mut self, level: usize) -> bool {
        let Some(keep) = self.trail.pop_levels(level) else {
            return false;
        };
        while let Some(event) = self.trail.last_after(keep) {
            let var = event.var as usize;
            let Variable { at, words, .. } = self.instance.vars[var];
            let left = &mut self.left[at..at + words];
            let back = self.trail.removed_by(&event, words);
            if let Some(bound) = &mut self.bound {
                bound.restored(var, back, left);
            }
            for (left, back) in left.iter_mut().zip(back) {
                *left |= back;
            }
            self.trail.pop();
        }
        self.clear_queues();
        true
    }

    /// Forgets what was to be looked at. What was waiting has been undone.
    pub(super) fn clear_queues(&mut self) {
        self.changed.clear();
        self.arrivals.clear();
    }

    /// Returns the values that are left of a variable.
    pub(super) fn words(&self, var: Var) -> &[Word] {
        let Variable { at, words, .. } = self.instance.vars[var];
        &self.left[at..at + words]
    }

    pub(super) fn has(&self, var: Var, bit: usize) -> bool {
        has(self.words(var), bit)
    }

    pub(super) fn is_empty(&self, var: Var) -> bool {
        self.words(var).iter().all(|&word| word == 0)
    }

    /// Returns true if it is known that the package must be there.
    pub(super) fn is_present(&self, var: Var) -> bool {
        !self.has(var, self.instance.vars[var].absent)
    }

    /// Returns true if one value is left.
    pub(super) fn is_single(&self, var: Var) -> bool {
        self.single(var).is_some()
    }

    /// Returns true if there is more than one value left of a variable that must be there.
    pub(super) fn is_open(&self, var: Var) -> bool {
        self.is_present(var) && !self.is_single(var)
    }

    /// Returns the bit of the one value that is left.
    pub(super) fn single(&self, var: Var) -> Option<usize> {
        let mut single = None;
        for (at, &word) in self.words(var).iter().enumerate() {
            if word != 0 {
                if single.is_some() || word & (word - 1) != 0 {
                    return None;
                }
                single = Some(at * BITS + word.trailing_zeros() as usize);
            }
        }
        single
    }

    /// Returns the newest or the oldest release that is left, as the request prefers.
    pub(super) fn preferred(&self, var: Var) -> Option<usize> {
        match self.instance.request.prefer {
            Prefer::Newest | Prefer::FewestChanges => self.newest(var),
            Prefer::Oldest => self.oldest(var),
        }
    }

    pub(super) fn newest(&self, var: Var) -> Option<usize> {
        let absent = self.instance.vars[var].absent;
        for (at, &word) in self.words(var).iter().enumerate().rev() {
            let word = if at == absent / BITS { word & !(1 << (absent % BITS)) } else { word };
            if word != 0 {
                return Some(at * BITS + BITS - 1 - word.leading_zeros() as usize);
            }
        }
        None
    }

    pub(super) fn oldest(&self, var: Var) -> Option<usize> {
        let words = self.words(var).iter().enumerate();
        let mut some = words.filter(|(_, word)| **word != 0);
        let first = some.next().map(|(at, word)| at * BITS + word.trailing_zeros() as usize);
        first.filter(|&bit| bit != self.instance.vars[var].absent)
    }

    /// Returns what is left of a variable at a glance.
    pub(super) fn remaining(&self, var: Var) -> Remaining {
        let absent = !self.is_present(var);
        match (self.oldest(var), self.newest(var)) {
            (Some(from), Some(to)) => Remaining { from: small(from), to: small(to), absent },
            _ => Remaining { from: u32::MAX, to: 0, absent },
        }
    }

    /// Returns the release that a variable and a bit stand for.
    pub(super) fn release(&self, var: Var, bit: usize) -> ReleaseId {
        (self.instance.vars[var].package, Rank::new(bit))
    }
}
