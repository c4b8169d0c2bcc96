//! The decision order: which variable is decided next, and which value is tried first.
//!
//! The order is a matter of the request and of the releases chosen so far alone, never of what
//! propagation or learning found out, so that the answer does not depend on how clever they are:
//! cores, then requirements as they were asked, then, of all that a chosen release requires, the first by
//! name.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::preference::orders;
use super::super::problem::order;
use super::super::statement::Statement;
use super::assignment::Assignment;
use super::bits::{NONE, Var, small};
use super::instance::Instance;
use super::trail::Emptied;
use crate::catalog::{NeedKind, PackageIx, Rank, ReleaseId};

/// A value that was chosen.
#[derive(Debug, Clone, Copy)]
struct Choice {
    var: Var,
    bit: usize,
    level: usize,
}

#[derive(Debug, Default)]
pub(in super::super) struct DecisionOrder {
    /// Variables that are decided first.
    fixed: Vec<Var>,
    /// Of these, positions of those that must be there only if something requires them.
    optional: Vec<usize>,
    /// No position before this one waits, but for those in `optional`.
    first_open: usize,
    /// For each variable, its position in `fixed`.
    position: Vec<u32>,
    /// For each variable, the number of chosen releases that require it.
    required: Vec<u32>,
    decided: Vec<bool>,
    /// Variables that wait, as bits over the packages by name.
    waiting: Vec<u64>,
    choices: Vec<Choice>,
    /// Values in order of preference, where that is not simply the newest or the oldest first.
    orders: FxHashMap<PackageIx, Vec<usize>>,
}

impl DecisionOrder {
    /// Fixes what is decided first.
    pub(super) fn new(state: &mut Assignment<'_>) -> Self {
        let (catalog, request) = (state.instance.catalog, state.instance.request);
        let scope = &state.instance.scope;
        let holds = |at: &usize| scope.holds(Statement::Requirement(*at));
        let requirements = (0..request.requirements.len()).filter(holds);
        let required: Vec<PackageIx> =
            requirements.map(|at| request.requirements[at].package).collect();
        let needed: FxHashSet<PackageIx> = required.iter().copied().collect();
        let mut made = Self {
            waiting: vec![0; catalog.packages().len().div_ceil(64)],
            orders: orders(catalog, request),
            ..Self::default()
        };
        for package in order(catalog, required.iter().copied()) {
            let always = needed.contains(&package) || calls_for(state, package, &required);
            let var = state.var(package);
            made.extend(state.instance.vars.len());
            made.position[var] = small(made.fixed.len());
            if !always {
                made.optional.push(made.fixed.len());
            }
            made.fixed.push(var);
        }
        made
    }

    fn extend(&mut self, vars: usize) {
        if self.position.len() < vars {
            self.position.resize(vars, NONE);
            self.required.resize(vars, 0);
            self.decided.resize(vars, false);
        }
    }

    /// Returns the value of the first decision, if it is that of the first variable.
    pub(super) fn first_choice(&self) -> u32 {
        let first = self.choices.first().filter(|choice| self.is_first(choice.var));
        first.map_or(NONE, |choice| small(choice.bit))
    }

    /// Returns true if a variable is decided before all others.
    pub(super) fn is_first(&self, var: Var) -> bool {
        self.position.get(var) == Some(&0)
    }

    /// Returns true if a variable comes before all others, and was decided before all others.
    pub(super) fn is_decided_first(&self, var: Var) -> bool {
        self.is_first(var) && self.choices.first().is_some_and(|choice| choice.var == var)
    }

    /// Returns the variables that are decided first.
    pub(super) fn fixed(&self) -> &[Var] {
        &self.fixed
    }

    /// Returns the values of a package in order of preference, if that is a special one.
    pub(super) fn order_of(&self, package: PackageIx) -> Option<&[usize]> {
        if self.orders.is_empty() {
            return None;
        }
        self.orders.get(&package).map(Vec::as_slice)
    }

    /// Returns the best release that is left.
    pub(super) fn best(&self, state: &Assignment<'_>, var: Var) -> Option<usize> {
        match self.order_of(state.instance.vars[var].package) {
            Some(order) => order.iter().copied().find(|&bit| state.has(var, bit)),
            None => state.preferred(var),
        }
    }

    /// Returns what is to be decided next.
    pub(super) fn next(&mut self, instance: &Instance<'_>) -> Option<Var> {
        self.extend(instance.vars.len());
        self.skip_decided();
        let optional = self.optional.iter().map(|&at| self.fixed[at]);
        let mut optional = optional.filter(|&var| !self.decided[var] && self.required[var] > 0);
        let open = self.fixed.get(self.first_open).copied();
        match (optional.next(), open) {
            (Some(optional), Some(open)) => {
                let first = self.position[optional] < self.position[open];
                Some(if first { optional } else { open })
            }
            (Some(var), None) | (None, Some(var)) => Some(var),
            (None, None) => self.first_waiting(instance),
        }
    }

    fn skip_decided(&mut self) {
        let is_done = |at: usize, var: Var| self.decided[var] || self.optional.contains(&at);
        let mut open = self.first_open;
        while self.fixed.get(open).is_some_and(|&var| is_done(open, var)) {
            open += 1;
        }
        self.first_open = open;
    }

    /// Returns the first by name of those that wait.
    fn first_waiting(&self, instance: &Instance<'_>) -> Option<Var> {
        let words = self.waiting.iter().enumerate();
        let mut places = words
            .filter(|(_, word)| **word != 0)
            .map(|(at, word)| at * 64 + word.trailing_zeros() as usize);
        instance.find(instance.catalog.by_name(places.next()?))
    }

    /// Decides a variable, at a level of its own unless there is no choice left.
    pub(super) fn choose(
        &mut self,
        state: &mut Assignment<'_>,
        var: Var,
        bit: usize,
    ) -> Result<(), Emptied> {
        self.extend(state.instance.vars.len());
        state.steps = state.steps.saturating_sub(1);
        if !state.is_single(var) {
            state.trail.push_level();
            state.keep_bit(var, bit)?;
        }
        self.choices.push(Choice { var, bit, level: state.level() });
        self.decided[var] = true;
        self.wait(&state.instance, var, false);
        for target in state.instance.required_by(state.release(var, bit)) {
            self.required[target] += 1;
            self.wait(&state.instance, target, !self.decided[target]);
        }
        Ok(())
    }

    /// Notes whether a variable without a fixed place waits.
    fn wait(&mut self, instance: &Instance<'_>, var: Var, waits: bool) {
        if self.position[var] == NONE {
            let place = instance.catalog.name_rank(instance.vars[var].package);
            let bit = 1 << (place % 64);
            let word = &mut self.waiting[place / 64];
            *word = if waits { *word | bit } else { *word & !bit };
        }
    }

    /// Takes back what was chosen above a level.
    pub(super) fn retreat(&mut self, instance: &Instance<'_>, level: usize) {
        while let Some(&Choice { var, bit, level: at }) = self.choices.last() {
            if at <= level {
                break;
            }
            self.choices.pop();
            self.decided[var] = false;
            for target in instance.required_by((instance.vars[var].package, Rank::new(bit))) {
                self.required[target] -= 1;
                let waits = self.required[target] > 0 && !self.decided[target];
                self.wait(instance, target, waits);
            }
            self.wait(instance, var, self.required[var] > 0);
            if self.position[var] != NONE {
                self.first_open = self.first_open.min(self.position[var] as usize);
            }
        }
    }

    /// Returns the variables and values that were chosen, in the order in which they were.
    pub(super) fn choices(&self) -> impl Iterator<Item = (Var, usize)> + '_ {
        self.choices.iter().map(|choice| (choice.var, choice.bit))
    }
}

/// Returns true if some requirement is for nothing but releases that require a core.
fn calls_for(state: &mut Assignment<'_>, core: PackageIx, required: &[PackageIx]) -> bool {
    let catalog = state.instance.catalog;
    let mut of_core =
        required.iter().filter(|&&package| catalog.package(package).core == Some(core));
    of_core.any(|&package| {
        let var = state.var(package);
        let instance = &state.instance;
        let mut releases = (0..instance.vars[var].absent).map(|bit| (package, Rank::new(bit)));
        releases.all(|release| {
            let is_left = state.has(var, release.1.ix())
                && (!instance.is_unfiltered() || instance.domains.is_left(release));
            !is_left || requires(instance, release, core)
        })
    })
}

fn requires(instance: &Instance<'_>, release: ReleaseId, target: PackageIx) -> bool {
    let mut needs = instance.needs(release);
    needs.any(|need| need.kind == NeedKind::Requires && need.target == target)
}
