//! The exchange of roles between two nodes.

use super::upgrade::{crossing, doubted};
use crate::answer::path::Note;
use crate::answer::plan::{Action, Rollback};
use crate::catalog::ReleaseId;
use crate::deployment::Change;
use crate::graph::hop;
use crate::plan::fleet::Fleet;
use crate::plan::gates;
use crate::plan::goal::Task;
use crate::plan::products::{moves_from, policy};
use crate::plan::refusal::Refusal;
use crate::plan::segment::CheckedStep;
use crate::plan::state::State;

/// Two nodes of a group, one of which takes a role over from the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) struct Handover {
    pub(in crate::plan) group: usize,
    /// The node that gives its role up.
    pub(in crate::plan) giver: usize,
    /// The node that takes it over.
    pub(in crate::plan) taker: usize,
}

/// Exchanges the roles of two nodes without checks.
pub(in crate::plan) fn exchange(fleet: &mut Fleet<'_>, handover: Handover) {
    fleet.apply(&[Change::Switch { from: handover.giver, to: handover.taker }]);
}

/// Hands a role over to a node that is ahead, at the release `to`; `closed` is what closed the way back
/// for everybody before.
pub(in crate::plan) fn hand_over(
    task: &Task<'_>,
    state: &mut State<'_>,
    closed: Option<&Note>,
    handover: Handover,
    to: ReleaseId,
) -> Result<CheckedStep, Refusal> {
    let Handover { group, giver, taker } = handover;
    let catalog = task.catalog;
    let policy = policy(catalog, to.0);
    let switch = policy.and_then(|policy| policy.switch.as_ref());
    let name = switch.map_or("switch", |switch| &switch.name);
    let from = moves_from(catalog, state.fleet.node(giver), to);
    let closes = crossing(catalog, state.fleet.deployment.features, from, to);
    exchange(&mut state.fleet, handover);
    let when = format!("after the {name} to {}", state.fleet.name(taker));
    let allowed_by = state.enter(&[giver, taker], &when)?;
    let back = format!("{name} back to {}", state.fleet.name(giver));
    let rollback = if closes.is_some() || closed.is_some() {
        Rollback::Possible(format!("{back}, before it is upgraded and before anything new is used"))
    } else if from == to {
        Rollback::Possible(back)
    } else {
        doubted(hop(catalog, from, to, state.fleet.deployment.features).back, back)
    };
    let nodes = [giver, taker];
    let gates = gates::after(task, &state.fleet.deployment, "switch", policy, &nodes, to);
    let action = Action::Switch { group, from_node: giver, to_node: taker };
    Ok(CheckedStep { action, allowed_by, gates, rollback, closes, warning: None })
}
