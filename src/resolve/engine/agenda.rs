//! What is decided next, and which value is tried first.
//!
//! The order is a matter of the request and of the releases chosen so far alone, never of what
//! propagation or learning found out, so that the answer does not depend on how clever they are:
//! cores, then requirements as they were asked, then, of all that a chosen release requires, the first by
//! name.

use rustc_hash::FxHashMap;

use super::super::preference::orders;
use super::super::problem::order;
use super::super::statement::Statement;
use super::space::{NONE, small};
use super::{Emptied, Engine, Reason, Var};
use crate::catalog::{NeedKind, PackageIx, Rank, ReleaseId};

/// A value that was chosen.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    var: Var,
    bit: usize,
    level: usize,
}

#[derive(Debug, Default)]
pub(super) struct Agenda {
    /// What is decided first.
    fixed: Vec<Var>,
    /// Of these, positions of what must be there only if something requires it.
    perhaps: Vec<usize>,
    /// No position before this one waits, but for those in `perhaps`.
    first_open: usize,
    /// For each variable, its position in `fixed`.
    position: Vec<u32>,
    /// For each variable, how many chosen releases require it.
    required: Vec<u32>,
    decided: Vec<bool>,
    /// Variables that wait, as bits over the packages by name.
    waiting: Vec<u64>,
    chosen: Vec<Chosen>,
    /// Values in order of preference, where that is not simply the newest or the oldest first.
    orders: FxHashMap<PackageIx, Vec<usize>>,
}

impl Agenda {
    pub(super) fn extend(&mut self, vars: usize) {
        self.position.resize(vars, NONE);
        self.required.resize(vars, 0);
        self.decided.resize(vars, false);
    }

    /// Whether a variable is decided before all others.
    pub(super) fn is_first(&self, var: Var) -> bool {
        self.position[var] == 0
    }

    /// Returns the value of the first decision, if it is that of the first variable.
    pub(super) fn first_choice(&self) -> u32 {
        let first = self.chosen.first().filter(|chosen| self.is_first(chosen.var));
        first.map_or(NONE, |chosen| small(chosen.bit))
    }

    /// Whether a variable comes before all others, and was decided before all others.
    pub(super) fn is_decided_first(&self, var: Var) -> bool {
        self.is_first(var) && self.chosen.first().is_some_and(|chosen| chosen.var == var)
    }

    pub(super) fn fixed_len(&self) -> usize {
        self.fixed.len()
    }

    pub(super) fn fixed(&self, at: usize) -> Var {
        self.fixed[at]
    }

    /// Returns the values of a package in order of preference, if that is a special one.
    pub(super) fn order_of(&self, package: PackageIx) -> Option<&[usize]> {
        if self.orders.is_empty() {
            return None;
        }
        self.orders.get(&package).map(Vec::as_slice)
    }
}

impl Engine<'_> {
    /// Fixes what is decided first.
    pub(super) fn set_agenda(&mut self) {
        let request = self.space.request;
        let holds = |at: &usize| self.space.scope.holds(Statement::Requirement(*at));
        let requirements: Vec<usize> = (0..request.requirements.len()).filter(holds).collect();
        let required = requirements.iter().map(|&at| request.requirements[at].package);
        let order = order(self.space.catalog, required.clone());
        let needed: rustc_hash::FxHashSet<PackageIx> = required.collect();
        for package in order {
            let always = needed.contains(&package) || self.calls_for(package, &requirements);
            let var = self.var(package);
            self.agenda.position[var] = small(self.agenda.fixed.len());
            if !always {
                self.agenda.perhaps.push(self.agenda.fixed.len());
            }
            self.agenda.fixed.push(var);
        }
        self.agenda.waiting = vec![0; self.space.catalog.packages().len().div_ceil(64)];
        self.agenda.orders = orders(self.space.catalog, request);
    }

    /// Whether some requirement is for nothing but releases that require a core.
    fn calls_for(&mut self, core: PackageIx, requirements: &[usize]) -> bool {
        let catalog = self.space.catalog;
        let request = self.space.request;
        requirements.iter().any(|&at| {
            let package = request.requirements[at].package;
            if catalog.package(package).core != Some(core) {
                return false;
            }
            let var = self.var(package);
            let absent = self.space.vars[var].absent;
            let is_left = |bit: usize| {
                self.has(var, bit)
                    && (!self.space.lazy || self.space.domains.is_left((package, Rank::new(bit))))
            };
            let mut bits = (0..absent).filter(|&bit| is_left(bit));
            bits.all(|bit| self.requires(self.release(var, bit), core))
        })
    }

    fn requires(&self, (package, rank): ReleaseId, target: PackageIx) -> bool {
        let catalog = self.space.catalog;
        let mut needs = catalog.package(package).needs(rank).iter();
        self.space.scope.holds(Statement::Needs(package, target))
            && needs.any(|need| need.kind == NeedKind::Requires && need.target == target)
    }

    /// Returns what is to be decided next.
    pub(super) fn next(&mut self) -> Option<Var> {
        let agenda = &mut self.agenda;
        while agenda
            .fixed
            .get(agenda.first_open)
            .is_some_and(|&var| agenda.decided[var] || agenda.perhaps.contains(&agenda.first_open))
        {
            agenda.first_open += 1;
        }
        let perhaps = agenda.perhaps.iter().map(|&at| agenda.fixed[at]);
        let mut perhaps = perhaps.filter(|&var| !agenda.decided[var] && agenda.required[var] > 0);
        let open = agenda.fixed.get(agenda.first_open).copied();
        match (perhaps.next(), open) {
            (Some(perhaps), Some(open)) => {
                let first = agenda.position[perhaps] < agenda.position[open];
                Some(if first { perhaps } else { open })
            }
            (Some(var), None) | (None, Some(var)) => Some(var),
            (None, None) => self.first_waiting(),
        }
    }

    /// Returns the first by name of those that wait.
    fn first_waiting(&self) -> Option<Var> {
        let words = self.agenda.waiting.iter().enumerate();
        let mut places = words
            .filter(|(_, word)| **word != 0)
            .map(|(at, word)| at * 64 + word.trailing_zeros() as usize);
        self.space.find(self.space.catalog.by_name(places.next()?))
    }

    /// Decides a variable, at a level of its own unless there is no choice left.
    pub(super) fn choose(&mut self, var: Var, bit: usize) -> Result<(), Emptied> {
        self.steps = self.steps.saturating_sub(1);
        if !self.is_single(var) {
            self.push_level();
            self.keep_bit(var, bit)?;
        }
        self.agenda.chosen.push(Chosen { var, bit, level: self.level() });
        self.agenda.decided[var] = true;
        self.wait(var, false);
        let release = self.release(var, bit);
        for at in 0..self.need_count(release) {
            if let Some(target) = self.required_by(release, at) {
                self.agenda.required[target] += 1;
                self.wait(target, !self.agenda.decided[target]);
            }
        }
        Ok(())
    }

    /// Leaves one value of a variable.
    pub(super) fn keep_bit(&mut self, var: Var, bit: usize) -> Result<(), Emptied> {
        self.scratch.clear();
        self.scratch.resize(self.space.vars[var].words, super::Word::MAX);
        self.scratch[bit / super::BITS] &= !(1 << (bit % super::BITS));
        self.remove_scratch(var, Reason::Decision)
    }

    /// Notes whether a variable without a fixed place waits.
    fn wait(&mut self, var: Var, waits: bool) {
        if self.agenda.position[var] == NONE {
            let package = self.space.vars[var].package;
            let place = self.space.catalog.name_rank(package);
            let bit = 1 << (place % 64);
            let word = &mut self.agenda.waiting[place / 64];
            *word = if waits { *word | bit } else { *word & !bit };
        }
    }

    /// Takes back what was chosen above a level.
    pub(super) fn retreat(&mut self, level: usize) {
        while let Some(&Chosen { var, bit, level: at }) = self.agenda.chosen.last() {
            if at <= level {
                break;
            }
            self.agenda.chosen.pop();
            self.agenda.decided[var] = false;
            let release = self.release(var, bit);
            for at in 0..self.need_count(release) {
                if let Some(target) = self.required_by(release, at) {
                    self.agenda.required[target] -= 1;
                    let waits = self.agenda.required[target] > 0 && !self.agenda.decided[target];
                    self.wait(target, waits);
                }
            }
            self.wait(var, self.agenda.required[var] > 0);
            if let Some(position) = self.agenda.position.get(var).filter(|&&at| at != NONE) {
                self.agenda.first_open = self.agenda.first_open.min(*position as usize);
            }
        }
    }

    /// Returns what was chosen, in the order in which it was.
    pub(in super::super) fn chosen(&self) -> Vec<ReleaseId> {
        let chosen = self.agenda.chosen.iter();
        chosen.map(|chosen| self.release(chosen.var, chosen.bit)).collect()
    }

    /// Returns the masks of the values that were chosen.
    pub(super) fn chosen_bits(&self) -> impl DoubleEndedIterator<Item = (Var, usize)> + '_ {
        self.agenda.chosen.iter().map(|chosen| (chosen.var, chosen.bit))
    }

    fn need_count(&self, (package, rank): ReleaseId) -> usize {
        self.space.catalog.package(package).needs(rank).len()
    }

    /// Returns what a release requires by one of its needs, if that need is a requirement.
    fn required_by(&self, (package, rank): ReleaseId, at: usize) -> Option<Var> {
        let catalog = self.space.catalog;
        let need = catalog.package(package).needs(rank)[at];
        let target = need.target;
        let required = need.kind == NeedKind::Requires
            && self.space.scope.holds(Statement::Needs(package, target));
        self.space.find(target).filter(|_| required)
    }
}
