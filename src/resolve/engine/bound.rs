//! At most so many packages may change.
//!
//! A package changes when it is there at another release than the one that is installed, or is not
//! installed at all: when neither that release nor absence is left. What nothing needs any more is
//! dropped, which counts for nothing. Packages that change before the search begins are not counted
//! either: no answer can help that.

use super::bits::{Var, Word, has};
use super::instance::Instance;

/// The bits of the installed release and of absence.
pub(super) type UnchangedBits = [usize; 2];

#[derive(Debug)]
pub(super) struct ChangeBound {
    /// The number of packages that may change.
    most: usize,
    /// The number of those that do.
    changing: usize,
    /// For each variable, what would be no change; `None` if that was not left at the start.
    unchanged: Vec<Option<UnchangedBits>>,
}

impl ChangeBound {
    pub(super) fn new(instance: &Instance<'_>, most: usize) -> Self {
        let mut bound = Self { most, changing: 0, unchanged: Vec::new() };
        bound.extend(instance);
        bound
    }

    /// Takes new variables in.
    pub(super) fn extend(&mut self, instance: &Instance<'_>) {
        for var in self.unchanged.len()..instance.vars.len() {
            let stated = &instance.vars[var];
            let installed = instance.request.installed.get(&stated.package);
            let bits = [installed.map_or(stated.absent, |rank| rank.ix()), stated.absent];
            let base = instance.base_of(var);
            self.unchanged.push(bits.iter().any(|&bit| has(base, bit)).then_some(bits));
        }
    }

    /// Notes that values went, after which others are left.
    pub(super) fn removed(&mut self, var: Var, went: &[Word], left: &[Word]) {
        self.changing += usize::from(self.tips(var, went, left));
    }

    /// Notes that values come back, before which others are left.
    pub(super) fn restored(&mut self, var: Var, back: &[Word], left: &[Word]) {
        self.changing -= usize::from(self.tips(var, back, left));
    }

    fn tips(&self, var: Var, moved: &[Word], left: &[Word]) -> bool {
        self.unchanged[var].is_some_and(|bits| {
            bits.iter().any(|&bit| has(moved, bit)) && !bits.iter().any(|&bit| has(left, bit))
        })
    }

    /// Returns true if nothing more may change.
    pub(super) fn is_reached(&self) -> bool {
        self.changing >= self.most
    }

    /// Returns true if more changes than may.
    pub(super) fn is_exceeded(&self) -> bool {
        self.changing > self.most
    }

    /// Returns what would be no change of a variable.
    pub(super) fn unchanged(&self, var: Var) -> Option<UnchangedBits> {
        self.unchanged[var]
    }
}
