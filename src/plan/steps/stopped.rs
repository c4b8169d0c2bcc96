//! Steps around a hop that stops everything.

use std::collections::BTreeSet;

use super::change::{change, starts};
use super::upgrade::doubted;
use crate::answer::path::{Hop, Note};
use crate::answer::plan::{Action, Rollback};
use crate::catalog::ReleaseId;
use crate::plan::gates;
use crate::plan::goal::Task;
use crate::plan::hops::irreversible;
use crate::plan::refusal::Refusal;
use crate::plan::remarks::edge_name;
use crate::plan::segment::CheckedStep;
use crate::plan::sets::SetsAfter;
use crate::plan::state::State;
use crate::plan::way_back::{self, DataSource, StartMode};

/// Upgrades a node while nothing runs; `closed` is what closed the way back for everybody before.
pub(in crate::plan) fn upgrade_stopped(
    task: &Task<'_>,
    state: &mut State<'_>,
    closed: Option<&Note>,
    node: usize,
    to: ReleaseId,
    sets: &SetsAfter,
) -> Result<CheckedStep, Refusal> {
    let (action, from) = change(&mut state.fleet, node, to, sets);
    let warning = starts(state, node, from, to, DataSource::Nobody)?;
    let rollback = match closed {
        Some(note) => Rollback::Impossible(note.message.clone()),
        None => {
            let before = way_back::before(task.catalog, &action);
            Rollback::Possible(format!("install {before} again"))
        }
    };
    let allowed_by = BTreeSet::from([edge_name(task.catalog, from, to)]);
    Ok(CheckedStep { action, allowed_by, gates: Vec::new(), rollback, closes: None, warning })
}

/// Makes a step that changes no packages, and checks the state around some nodes after it.
pub(in crate::plan) fn with_plain_check(
    task: &Task<'_>,
    state: &mut State<'_>,
    to: ReleaseId,
    action: Action,
    rollback: Rollback,
    nodes: &[usize],
) -> Result<CheckedStep, Refusal> {
    let name = nodes.first().map_or("", |&node| state.fleet.name(node));
    let when = format!("after {name} runs again");
    let allowed_by = state.enter(nodes, &when)?;
    let upgrades = task.catalog.upgrades(to.0);
    let deployment = &state.fleet.deployment;
    let gates = gates::after(task, deployment, action.name(), upgrades, nodes, to);
    Ok(CheckedStep { action, allowed_by, gates, rollback, closes: None, warning: None })
}

/// Tells how a node's start is undone, and what closes the way back with it: it may write what its
/// release before cannot read.
pub(in crate::plan) fn back_from_start(
    state: &mut State<'_>,
    hop: &Hop,
    node: usize,
    before: Option<ReleaseId>,
) -> (Rollback, Option<Note>) {
    if let Some(note) = irreversible(hop) {
        return (Rollback::Impossible(note.message), None);
    }
    let again = || (doubted(hop.back.clone(), "stop it again".to_owned()), None);
    let Some(before) = before else { return again() };
    match way_back::start(state, node, hop.to, before, DataSource::Nobody) {
        StartMode::AsItIs | StartMode::Filled(_) => again(),
        StartMode::Never(reasons) => {
            let note = way_back::unreadable(state.fleet.catalog, before, hop.to, reasons);
            (Rollback::Impossible(note.message.clone()), Some(note))
        }
    }
}
