//! A planner that tries everything: the least cost of any plan for an invented product, by the documented
//! rules alone. It shares nothing with the planner but the names of the actions it counts.

use std::collections::{BTreeMap, BTreeSet};

use skew::answer::plan::{Action, Plan};

use crate::plan_strategies::{Case, Spot};
use crate::planner::forbidden;

/// What a plan costs: the most hops of a node, steps from the point of no return on, switches, restarts.
pub(crate) type Cost = (usize, usize, usize, usize);

pub(crate) fn cost(plan: &Plan) -> Cost {
    let mut hops: BTreeMap<usize, usize> = BTreeMap::new();
    for step in &plan.steps {
        if let Action::Upgrade { node, .. } = step.action {
            *hops.entry(node).or_default() += 1;
        }
    }
    let counts = |name: &str| matches!(name, "upgrade" | "switch");
    let last = plan.point_of_no_return.as_ref().map_or(0, |point| {
        let steps = plan.steps.iter().skip(point.step);
        steps.filter(|step| counts(step.action.name())).count()
    });
    (hops.into_values().max().unwrap_or(0), last, plan.count("switch"), plan.count("upgrade"))
}

/// A state: the nodes, and whether there is no way back.
type State = (Nodes, bool);

/// Role, release and hops of each node.
type Nodes = Vec<(bool, usize, usize)>;

/// Returns the least cost of any order that the documented rules allow, trying them all: roles in their
/// order, nobody restarted in a role that must be handed over first, the taker ahead of the giver, every
/// state valid.
pub(crate) fn exhaust(case: &Case) -> Option<Cost> {
    (0..case.product.core.len()).find_map(|hops| {
        let (last, switches, restarts) = cheapest(case, hops)?;
        Some((hops, last, switches, restarts))
    })
}

/// Returns the least cost among plans in which no node hops more than so often.
fn cheapest(case: &Case, hops: usize) -> Option<(usize, usize, usize)> {
    let start: Vec<_> = case.nodes.iter().map(|node| (node.back, node.core, 0)).collect();
    let mut best: BTreeMap<State, (usize, usize, usize)> = BTreeMap::new();
    let mut open = BTreeSet::from([((0, 0, 0), (start, false))]);
    while let Some((cost, state)) = open.pop_first() {
        if state.0.iter().all(|&(_, core, _)| core == case.target) {
            return Some(cost);
        }
        if best.get(&state).is_some_and(|known| *known <= cost) {
            continue;
        }
        best.insert(state.clone(), cost);
        for (next, is_switch) in moves(case, &state, hops) {
            let one = usize::from(is_switch);
            let last = cost.0 + usize::from(next.1);
            open.insert(((last, cost.1 + one, cost.2 + 1 - one), next));
        }
    }
    None
}

/// Returns every valid state that one step leads to, and whether the step is a switch.
fn moves(case: &Case, state: &State, hops: usize) -> Vec<(State, bool)> {
    let on = vec![true; case.nodes.len()];
    let spots = |nodes: &Nodes| -> Vec<Spot> {
        let both = case.nodes.iter().zip(nodes);
        both.map(|(spot, &(back, core, _))| Spot { back, core, ..spot.clone() }).collect()
    };
    let tolerated = case.broken(&case.nodes, &on);
    let valid = |nodes: &Nodes| case.broken(&spots(nodes), &on).is_subset(&tolerated);
    let mut next = Vec::new();
    for node in 0..state.0.len() {
        for to in 0..case.product.core.len() {
            next.extend(
                restart(case, &state.0, node, to, hops)
                    .map(|(nodes, last)| ((nodes, last || state.1), false)),
            );
        }
        for taker in 0..state.0.len() {
            next.extend(
                switch(case, &state.0, node, taker)
                    .map(|(nodes, last)| ((nodes, last || state.1), true)),
            );
        }
    }
    next.retain(|((nodes, _), _)| valid(nodes));
    next
}

/// How far a release is from the target.
fn remaining(case: &Case, core: usize) -> usize {
    core.abs_diff(case.target)
}

/// Whether an upgrade from one release to another goes over the step without return.
fn crosses(case: &Case, from: usize, to: usize) -> bool {
    let refused = case.product.down == Some(false) && from < to;
    refused || case.product.irreversible.is_some_and(|at| from < at && at <= to)
}

/// Returns the nodes after one of them is restarted with another release, if that is allowed, and whether
/// there is no way back then.
fn restart(case: &Case, nodes: &Nodes, ix: usize, to: usize, hops: usize) -> Option<State> {
    let (back, core, made) = nodes[ix];
    let between = remaining(case, to) < remaining(case, core)
        && ((core < case.target) == (to < case.target) || to == case.target);
    let group = |other: usize| case.nodes[other].group == case.nodes[ix].group;
    let in_turn = (0..nodes.len()).all(|other| {
        let (role, release, _) = nodes[other];
        let earlier = match case.product.order {
            1 => back && !role,
            2 => !back && role,
            _ => false,
        };
        !earlier
            || (case.product.switch && !group(other))
            || remaining(case, release) <= remaining(case, to)
    });
    let handed_over = !(case.product.switch && back);
    if !between || !in_turn || !handed_over || made == hops || forbidden(case, core, to).is_some() {
        return None;
    }
    if choices(case, &case.nodes[ix], to).is_empty() {
        return None;
    }
    let comes_up = |from: usize, to: usize| {
        let own = case.product.files.as_ref().is_none_or(|files| case.reads(files, from, to));
        own || (0..nodes.len()).any(|other| {
            let (role, release, _) = nodes[other];
            let speaks = if back { case.product.answers } else { true };
            let kept = back || case.product.keeps(release, to);
            other != ix
                && group(other)
                && role != back
                && speaks
                && kept
                && case.reads(&case.product.wire, release, to)
        })
    };
    if !comes_up(core, to) {
        return None;
    }
    let leader = (0..nodes.len()).filter(|&other| other != ix && group(other) && nodes[other].0);
    let given_up = if case.product.switch {
        leader.into_iter().any(|other| crosses(case, core, nodes[other].1))
    } else {
        crosses(case, core, to)
    };
    let mut changed = nodes.clone();
    changed[ix] = (back, to, made + 1);
    Some((changed, given_up || !comes_up(to, core)))
}

/// Returns the nodes after one handed its role to another that is ahead of it, if that is allowed, and
/// whether there is no way back then.
fn switch(case: &Case, nodes: &Nodes, giver: usize, taker: usize) -> Option<State> {
    let (from, to) = (nodes[giver].1, nodes[taker].1);
    let allowed = case.product.switch
        && case.nodes[giver].group == case.nodes[taker].group
        && nodes[giver].0
        && !nodes[taker].0
        && remaining(case, to) < remaining(case, from);
    let mut changed = nodes.clone();
    (changed[giver].0, changed[taker].0) = (false, true);
    allowed.then(|| (changed, crosses(case, from, to)))
}

/// Returns the plugin sets that fit a node that runs a release. A plugin that is asked for counts at the
/// target only.
fn choices(case: &Case, node: &Spot, to: usize) -> Vec<Vec<Option<usize>>> {
    let mut sets = vec![Vec::new()];
    for (plugin, running) in node.plugins.iter().enumerate() {
        let releases: Vec<Option<usize>> = match running {
            None => vec![None],
            Some(_) => (0..case.product.plugins[plugin].len()).map(Some).collect(),
        };
        sets = sets
            .into_iter()
            .flat_map(|set: Vec<Option<usize>>| {
                releases.iter().map(move |&release| {
                    let mut set = set.clone();
                    set.push(release);
                    set
                })
            })
            .collect();
    }
    let fits = |plugins: &Vec<Option<usize>>| {
        let newest = |plugin: usize| case.product.plugins[plugin].len() - 1;
        let required = to != case.target
            || case.plugin.is_none_or(|plugin| {
                plugins[plugin].is_none_or(|release| release == newest(plugin))
            });
        required && case.fits(&Spot { core: to, plugins: plugins.clone(), ..node.clone() })
    };
    sets.retain(fits);
    sets
}
