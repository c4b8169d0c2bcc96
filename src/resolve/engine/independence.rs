//! Independence: what variables, and what values, have to do with each other.

use rustc_hash::{FxHashMap, FxHashSet};

use super::assignment::Assignment;
use super::bits::{Var, Word, exceeds, has, meet};
use crate::graph::components;

/// Returns true if some release speaks of its own package, and so may rule itself out.
pub(super) fn asks_itself(state: &Assignment<'_>, var: Var) -> bool {
    let mut links = state.instance.links_of(var);
    links.any(|ix| state.instance.links[ix].to as usize == var)
}

/// Groups the open variables among some that have to do with each other. Each group is sorted.
pub(super) fn parts(state: &mut Assignment<'_>, among: &[Var]) -> Vec<Vec<Var>> {
    let open = reachable(state, among);
    let place: FxHashMap<Var, usize> =
        open.iter().enumerate().map(|(place, &var)| (var, place)).collect();
    let links = open.iter().enumerate().flat_map(|(at, &var)| {
        let others = binding_links(state, var).filter_map(|(to, _)| place.get(&to));
        others.map(move |&other| (at, other))
    });
    let parts = components(open.len(), links);
    parts.into_iter().map(|part| part.into_iter().map(|at| open[at]).collect()).collect()
}

/// Returns the variables among some that must be there and have a choice, and all that they may
/// need, sorted.
fn reachable(state: &mut Assignment<'_>, among: &[Var]) -> Vec<Var> {
    let open = among.iter().copied();
    let mut open: Vec<Var> = open.filter(|&var| state.is_open(var)).collect();
    let mut known: FxHashSet<Var> = open.iter().copied().collect();
    let mut at = 0;
    while let Some(&var) = open.get(at) {
        at += 1;
        state.lower(var);
        let needed: Vec<Var> = binding_links(state, var)
            .filter(|&(to, required)| required && !state.is_present(to))
            .map(|(to, _)| to)
            .collect();
        open.extend(needed.into_iter().filter(|&to| known.insert(to)));
    }
    open.sort_unstable();
    open
}

/// Returns what a variable has links to by values that are left and that accept less than all that
/// is left there, and whether such a value requires it.
fn binding_links(state: &Assignment<'_>, var: Var) -> impl Iterator<Item = (Var, bool)> {
    let instance = &state.instance;
    instance.links_of(var).filter_map(move |ix| {
        let link = &instance.links[ix];
        let (own, left) = (state.words(var), state.words(link.to as usize));
        let groups = instance.groups_of(link).iter();
        let asking = groups.filter(|group| meet(own, instance.masks.get(group.values, own.len())));
        let (mut binds, mut required) = (false, false);
        for group in asking {
            binds |= exceeds(left, instance.masks.get(group.accepts, left.len()));
            required |= !group.absent;
        }
        binds.then_some((link.to as usize, required))
    })
}

/// Returns the variable to decide: of those that must be there the one that has to do with most
/// others.
pub(super) fn branch_on(state: &Assignment<'_>, part: &[Var]) -> Option<Var> {
    let open = part.iter().copied().filter(|&var| state.is_open(var));
    open.max_by_key(|&var| {
        let own = binding_links(state, var).count();
        let mut others = 0;
        for incoming in &state.instance.vars[var].incoming {
            let stated = &state.instance.links[incoming.link as usize];
            others += usize::from(!state.is_single(stated.from as usize));
        }
        (own + others, std::cmp::Reverse(var))
    })
}

/// Groups the values of a variable between which nothing open can tell the difference. Returns one
/// value of each group and how many it has.
pub(super) fn classes(state: &Assignment<'_>, var: Var, part: &[Var]) -> Vec<(usize, u32)> {
    let within: FxHashSet<Var> = part.iter().copied().collect();
    let absent = state.instance.vars[var].absent;
    let mut by_effect: FxHashMap<Vec<Word>, usize> = FxHashMap::default();
    let mut classes: Vec<(usize, u32)> = Vec::new();
    for bit in (0..absent).rev().filter(|&bit| state.has(var, bit)) {
        let effect = effect(state, var, bit, &within);
        let class = *by_effect.entry(effect).or_insert(classes.len());
        match classes.get_mut(class) {
            Some((_, times)) => *times += 1,
            None => classes.push((bit, 1)),
        }
    }
    classes
}

/// Returns what a value leaves of everything open that it has to do with.
fn effect(state: &Assignment<'_>, var: Var, bit: usize, within: &FxHashSet<Var>) -> Vec<Word> {
    let mut effect = Vec::new();
    effect_on_targets(state, var, bit, &mut effect);
    effect_on_askers(state, var, bit, within, &mut effect);
    effect
}

/// Writes down what a value leaves of what it asks for.
fn effect_on_targets(state: &Assignment<'_>, var: Var, bit: usize, effect: &mut Vec<Word>) {
    let instance = &state.instance;
    let has = |mask: u32| has(&instance.masks.words[mask as usize..], bit);
    for ix in instance.links_of(var) {
        let link = &instance.links[ix];
        let to = link.to as usize;
        if state.is_single(to) {
            continue;
        }
        let left = state.words(to);
        for group in instance.groups_of(link).iter().filter(|group| has(group.values)) {
            let accepts = instance.masks.get(group.accepts, left.len());
            effect.push(ix);
            // Of its own package, whether it may be there at all.
            effect.extend((to == var).then(|| usize::from(has(group.accepts))));
            effect.extend(left.iter().zip(accepts).map(|(left, accepts)| left & accepts));
        }
    }
}

/// Writes down the groups of other variables that a value goes with.
fn effect_on_askers(
    state: &Assignment<'_>,
    var: Var,
    bit: usize,
    within: &FxHashSet<Var>,
    effect: &mut Vec<Word>,
) {
    let instance = &state.instance;
    for incoming in &instance.vars[var].incoming {
        let link = &instance.links[incoming.link as usize];
        let from = link.from as usize;
        if state.is_single(from) || !within.contains(&from) {
            continue;
        }
        let left = state.words(from);
        for (ix, group) in (0..).zip(instance.groups_of(link)) {
            let values = instance.masks.get(group.values, left.len());
            if meet(left, values) && has(&instance.masks.words[group.accepts as usize..], bit) {
                effect.extend([usize::MAX - from, ix]);
            }
        }
    }
}
