//! Supports: a contradiction is found when the last release goes that fits.
//!
//! Each package that must be there has one release that fits as its support. Only when something goes from
//! a package that this release speaks of does it have to be looked at again, and only when it no longer
//! fits is another one looked for. Going back leaves more of everything, so supports stay as they are.

use super::super::assignment::Assignment;
use super::super::bits::{NONE, Var, Word, has, set, small};
use super::super::explanation::Explanation;
use super::super::instance::Variable;
use super::super::order::DecisionOrder;
use super::super::strategy::LoweringStrategy;
use super::super::trail::{Antecedent, Emptied};
use super::fit::{Fitness, fits};
use super::needed::{NeededValues, needed};
use crate::catalog::Rank;

/// The supports of variables that were not lowered.
#[derive(Debug, Default)]
pub(in super::super) struct Supports {
    /// True once everything that must be there is looked after.
    pub(super) watchful: bool,
    pub(super) fitness: Fitness,
    /// For each variable, the release that was found to fit last.
    support: Vec<u32>,
    /// For each variable, those whose support speaks of it; some no longer do.
    dependents: Vec<Vec<u32>>,
}

impl Supports {
    fn extend(&mut self, vars: usize) {
        if self.support.len() < vars {
            self.support.resize(vars, NONE);
            self.dependents.resize_with(vars, Vec::new);
        }
    }

    /// Looks whether each of the variables that are decided first, but the first, still has a release.
    pub(super) fn survey(
        &mut self,
        state: &mut Assignment<'_>,
        order: &DecisionOrder,
    ) -> Result<(), Emptied> {
        self.extend(state.instance.vars.len());
        for &var in order.fixed().iter().skip(1) {
            if !state.is_present(var) {
                continue;
            }
            match self.fitness.any(state, order, var, self.support[var]) {
                Some(bit) => self.support[var] = small(bit),
                None => return give_up(state, var),
            }
        }
        Ok(())
    }

    /// Looks whether a variable that must be there still has a release that fits.
    fn check(
        &mut self,
        state: &mut Assignment<'_>,
        order: &DecisionOrder,
        var: Var,
    ) -> Result<(), Emptied> {
        self.extend(state.instance.vars.len());
        let known = self.support[var];
        if known != NONE
            && state.has(var, known as usize)
            && fits(state, order, var, known as usize)
        {
            return Ok(());
        }
        self.renew(state, order, var)
    }

    /// Looks for another support of a variable.
    fn renew(
        &mut self,
        state: &mut Assignment<'_>,
        order: &DecisionOrder,
        var: Var,
    ) -> Result<(), Emptied> {
        let Some(bit) = self.fitness.any(state, order, var, self.support[var]) else {
            return give_up(state, var);
        };
        self.support[var] = small(bit);
        for need in needed(&state.instance, state.release(var, bit)) {
            let target = state.var(need.target);
            self.extend(state.instance.vars.len());
            if !self.dependents[target].contains(&small(var)) {
                self.dependents[target].push(small(var));
            }
        }
        Ok(())
    }

    /// Returns true if the support of a variable leaves something of another; `None` if it does not speak
    /// of it.
    fn still_supports(&self, state: &Assignment<'_>, var: Var, on: Var) -> Option<bool> {
        let known = self.support[var];
        if known == NONE {
            return None;
        }
        let Variable { package, absent, .. } = state.instance.vars[on];
        let needs = needed(&state.instance, state.release(var, known as usize));
        let meets = needs
            .filter(|need| need.target == package)
            .map(|need| need.meets(state.words(on), absent));
        meets.reduce(|a, b| a && b)
    }
}

impl LoweringStrategy for Supports {
    fn arrived(
        &mut self,
        state: &mut Assignment<'_>,
        order: &DecisionOrder,
        var: Var,
    ) -> Result<(), Emptied> {
        if self.watchful { self.check(state, order, var) } else { Ok(()) }
    }

    /// Looks whether the variable and those that depend on it still have a support.
    fn changed(
        &mut self,
        state: &mut Assignment<'_>,
        order: &DecisionOrder,
        var: Var,
    ) -> Result<(), Emptied> {
        if !self.watchful {
            return Ok(());
        }
        self.extend(state.instance.vars.len());
        if state.is_present(var) {
            self.check(state, order, var)?;
        }
        let mut dependents = std::mem::take(&mut self.dependents[var]);
        let mut done = Ok(());
        dependents.retain(|&other| {
            let other = other as usize;
            if done.is_err() || !state.is_present(other) {
                return true;
            }
            let still = self.still_supports(state, other, var);
            if still == Some(false) {
                done = self.renew(state, order, other);
            }
            still.is_some()
        });
        dependents.append(&mut self.dependents[var]);
        self.dependents[var] = dependents;
        done
    }

    /// As every release asks that goes with none of the values.
    fn explain_chosen(
        &self,
        state: &Assignment<'_>,
        from: Var,
        to: Var,
        gone: &[Word],
        why: &mut Explanation,
    ) {
        let instance = &state.instance;
        let Variable { package, words, .. } = instance.vars[from];
        let Variable { package: target, absent, .. } = instance.vars[to];
        let mask = why.push(from, words, 0);
        for rank in instance.catalog.package(package).ranks() {
            let mut needs = needed(instance, (package, rank)).filter(|need| need.target == target);
            if needs.any(|need| !need.meets(gone, absent)) {
                set(mask, rank.ix());
            }
        }
    }

    /// Of each release that is gone, something that it asks is gone.
    fn explain_unsupported(
        &self,
        state: &Assignment<'_>,
        var: Var,
        gone: &[Word],
        why: &mut Explanation,
    ) {
        let Variable { absent, .. } = state.instance.vars[var];
        let mut excluded = Vec::new();
        for bit in (0..absent).filter(|&bit| has(gone, bit)) {
            if state.instance.domains.is_left(state.release(var, bit))
                && let Some((target, need)) = first_unmet(state, var, bit, &mut excluded)
            {
                exclude(state, target, &need, &mut excluded);
                why.narrow(target, &excluded);
            }
        }
    }
}

/// Returns what of a release's needs was the first not to be met; nothing if it rules itself out.
fn first_unmet<'c>(
    state: &Assignment<'c>,
    var: Var,
    bit: usize,
    excluded: &mut Vec<Word>,
) -> Option<(Var, NeededValues<'c>)> {
    let mut first: Option<(u32, Var, NeededValues<'_>)> = None;
    for need in needed(&state.instance, state.release(var, bit)) {
        let Some(target) = state.instance.find(need.target) else {
            continue;
        };
        if target == var {
            if !need.admits(bit) {
                return None;
            }
        } else if !need.meets(state.words(target), state.instance.vars[target].absent) {
            exclude(state, target, &need, excluded);
            let level = state.trail.level_of(target, excluded).unwrap_or(0);
            if first.is_none_or(|(other, ..)| level < other) {
                first = Some((level, target, need));
            }
        }
    }
    first.map(|(_, target, need)| (target, need))
}

/// Writes down the values of a variable that do not go with a need.
pub(super) fn exclude(
    state: &Assignment<'_>,
    target: Var,
    need: &NeededValues<'_>,
    into: &mut Vec<Word>,
) {
    let Variable { words, absent, .. } = state.instance.vars[target];
    need.excluded(absent, words, into);
}

/// Empties a variable: none of the releases that is left goes with the rest.
pub(super) fn give_up(state: &mut Assignment<'_>, var: Var) -> Result<(), Emptied> {
    let Variable { at, words, .. } = state.instance.vars[var];
    state.scratch.clear();
    state.scratch.extend_from_slice(&state.left[at..at + words]);
    state.remove(var, Antecedent::Unsupported)
}

/// Takes away the values of a variable that may not be chosen, so that it can be lowered.
pub(super) fn drop_unavailable(state: &mut Assignment<'_>, var: Var) {
    let Variable { words, absent, .. } = state.instance.vars[var];
    state.scratch.clear();
    state.scratch.resize(words, 0);
    for bit in 0..absent {
        let release = (state.instance.vars[var].package, Rank::new(bit));
        if !state.instance.domains.is_left(release) {
            set(&mut state.scratch, bit);
        }
    }
    // What this empties is found by the propagation that follows.
    let _: Result<(), Emptied> = state.remove(var, Antecedent::Unsupported);
}
