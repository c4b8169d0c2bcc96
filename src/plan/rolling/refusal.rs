//! Why nodes cannot go on.

use super::node_step::NodeStep;
use super::schedule::{DeadEnd, Schedule};
use crate::catalog::ReleaseId;
use crate::finding::{Check, Finding, Severity};
use crate::graph::may_step;
use crate::plan::cut_off;
use crate::plan::fleet::Fleet;
use crate::plan::goal::Task;
use crate::plan::products::{moves_from, policy};
use crate::plan::progress::Progress;
use crate::plan::refusal::Refusal;
use crate::plan::roles::RoleOrder;
use crate::plan::route::Leg;
use crate::plan::sets::SetsAfter;
use crate::plan::steps::{self, Handover};

/// Refuses a leg. The steps up to the dead end are made, so the progress is of no use afterwards.
pub(super) fn refusal(
    task: &Task<'_>,
    progress: &mut Progress<'_>,
    leg: &Leg,
    dead: DeadEnd,
) -> Refusal {
    let fleet = &mut progress.state.fleet;
    match dead {
        DeadEnd::NoSet(changes) => {
            let mut nodes = leg.moving.keys().map(|&node| fleet.node(node));
            let refused = nodes.find_map(|node| {
                let change = changes.iter().find(|change| change.current == node.packages)?;
                Some(Refusal::NoSet(node.name.clone(), Box::new(change.clone())))
            });
            refused.unwrap_or_else(|| no_order(task, leg).into())
        }
        DeadEnd::CutOff(role, from) => cut_off::refusal(fleet, leg, role, from).into(),
        DeadEnd::GaveUp => gave_up(task, leg).into(),
        DeadEnd::Stuck(schedule, group) => {
            put(fleet, &schedule);
            let stuck = stuck(task, progress, leg, &schedule.sets, group);
            stuck.unwrap_or_else(|| no_order(task, leg).into())
        }
    }
}

/// Makes steps without checks.
fn put(fleet: &mut Fleet<'_>, schedule: &Schedule) {
    for step in schedule.steps() {
        match step {
            NodeStep::Change { node, to } => drop(steps::change(fleet, node, to, &schedule.sets)),
            NodeStep::Switch(handover) => steps::exchange(fleet, handover),
        }
    }
}

/// Says that nobody knows whether there is an order of steps.
fn gave_up(task: &Task<'_>, leg: &Leg) -> Finding {
    let label = task.catalog.label(leg.end);
    let message = format!(
        "the search for an order of steps to {label} gave up: groups differ too much to try all orders, so there may be one"
    );
    let finding = Finding::new(Check::NoPlan, Severity::Error, label, message);
    finding.hinting("plan some of the groups first, or a release between")
}

/// Says that there is no order of steps.
fn no_order(task: &Task<'_>, leg: &Leg) -> Finding {
    let label = task.catalog.label(leg.end);
    let message = format!("there is no order of steps to {label} in which every state is valid");
    Finding::new(Check::NoPlan, Severity::Error, label, message)
}

/// Returns why the next step cannot be made: in the group where it shows, then in others, by the
/// matrix's order of roles.
fn stuck(
    task: &Task<'_>,
    progress: &mut Progress<'_>,
    leg: &Leg,
    sets: &SetsAfter,
    first: Option<usize>,
) -> Option<Refusal> {
    let fleet = &progress.state.fleet;
    let order = RoleOrder::new(task.catalog.upgrades(leg.end.0));
    let policy = RoleOrder::new(policy(task.catalog, leg.end.0));
    let mut waiting: Vec<usize> = leg.moving.keys().copied().collect();
    waiting.retain(|&node| moves_from(task.catalog, fleet.node(node), leg.end) != leg.end);
    waiting.sort_by_key(|&node| {
        let stated = fleet.node(node);
        let leads = policy.leads(stated.role);
        (Some(stated.group) != first, order.place(stated.role), leads, node)
    });
    waiting.into_iter().find_map(|node| {
        if policy.leads(progress.state.fleet.node(node).role) {
            refused_switch(task, progress, leg, node)
        } else {
            refused_change(task, progress, leg, sets, node)
        }
    })
}

/// Returns why a node cannot go on, to a release as near to the end as its role may go at once.
fn refused_change(
    task: &Task<'_>,
    progress: &mut Progress<'_>,
    leg: &Leg,
    sets: &SetsAfter,
    node: usize,
) -> Option<Refusal> {
    let (state, closed) = (&mut progress.state, progress.closed.as_ref());
    let stated = state.fleet.node(node);
    let (before, role) = (stated.packages.clone(), stated.role);
    let from = moves_from(task.catalog, stated, leg.end);
    let (features, risks) = (state.fleet.deployment.features, &task.goal.accepted_risks);
    let known = sets.iter().filter(|(_, sets)| sets.contains_key(&before)).map(|(&to, _)| to);
    let mut ahead: Vec<ReleaseId> =
        known.filter(|&to| may_step(task.catalog, from, to, role, features, risks)).collect();
    ahead.sort_by_key(|to| to.1.ix().abs_diff(leg.end.1.ix()));
    ahead.into_iter().find_map(|to| {
        let refused = steps::upgrade(task, state, closed, node, to, sets).err();
        state.fleet.restore(node, &before);
        refused
    })
}

/// Returns why nobody can take a role over from a node that holds it.
fn refused_switch(
    task: &Task<'_>,
    progress: &mut Progress<'_>,
    leg: &Leg,
    giver: usize,
) -> Option<Refusal> {
    let (state, closed) = (&mut progress.state, progress.closed.as_ref());
    let fleet = &state.fleet;
    let takes = policy(task.catalog, leg.end.0)?.switch.as_ref()?.to;
    let group = fleet.node(giver).group;
    let ahead = fleet.group(group).iter().copied().find(|&other| {
        let other = fleet.node(other);
        other.role == Some(takes) && other.running(leg.end.0) == Some(leg.end)
    });
    match ahead {
        Some(taker) => {
            let handover = Handover { group, giver, taker };
            steps::hand_over(task, state, closed, handover, leg.end).err()
        }
        None => Some(no_successor(task, fleet, leg, giver)?.into()),
    }
}

/// Says that nobody can take a role over.
fn no_successor(task: &Task<'_>, fleet: &Fleet<'_>, leg: &Leg, giver: usize) -> Option<Finding> {
    let switch = policy(task.catalog, leg.end.0)?.switch.as_ref()?;
    let (name, group) = (fleet.name(giver), fleet.node(giver).group);
    let group_name = &fleet.deployment.groups[group];
    let role = |role| &task.catalog.role(role).name;
    let (from, taker) = (role(switch.from), role(switch.to));
    let mut members = fleet.group(group).iter();
    let message = if members.any(|&other| fleet.node(other).role == Some(switch.to)) {
        let target = task.catalog.label(leg.end);
        format!(
            "{name} cannot be restarted as {from}: no {taker} of the group {group_name} runs {target} before it, to take over"
        )
    } else {
        format!(
            "{name} cannot be restarted as {from}: the group {group_name} has no {taker} to take over"
        )
    };
    let finding = Finding::new(Check::NoPlan, Severity::Error, name, message);
    Some(
        finding.hinting(format!("add a {taker} to the group, or accept that it is down meanwhile")),
    )
}
