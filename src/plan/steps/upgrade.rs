//! The restart of a node with another release of its main package, while the others run.

use super::change::{change, starts};
use crate::answer::path::{HopBack, Note};
use crate::answer::plan::Rollback;
use crate::catalog::{Catalog, FeatureSet, ReleaseId};
use crate::graph::hop;
use crate::plan::gates;
use crate::plan::goal::Task;
use crate::plan::products::policy;
use crate::plan::refusal::Refusal;
use crate::plan::remarks::edge_name;
use crate::plan::segment::CheckedStep;
use crate::plan::sets::SetsAfter;
use crate::plan::state::State;
use crate::plan::way_back::{self, DataSource};

/// Upgrades a node; `closed` is what closed the way back for everybody before.
pub(in crate::plan) fn upgrade(
    task: &Task<'_>,
    state: &mut State<'_>,
    closed: Option<&Note>,
    node: usize,
    to: ReleaseId,
    sets: &SetsAfter,
) -> Result<CheckedStep, Refusal> {
    let catalog = task.catalog;
    let (action, from) = change(&mut state.fleet, node, to, sets);
    let when = format!("after {} runs {}", state.fleet.name(node), catalog.label(to));
    let mut allowed_by = state.enter(&[node], &when)?;
    allowed_by.insert(edge_name(catalog, from, to));
    let warning = starts(state, node, from, to, DataSource::Others)?;
    let closes = closed.cloned().or_else(|| final_note(state, node, from, to));
    let old = way_back::before(catalog, &action);
    let back = match closes {
        Some(note) => Err(Box::new(note)),
        None => way_back::of_upgrade(state, node, from, to, &old),
    };
    let (rollback, closes) = match back {
        Ok(how) => {
            (doubted(hop(catalog, from, to, state.fleet.deployment.features).back, how), None)
        }
        Err(note) => (Rollback::Impossible(note.message.clone()), Some(*note)),
    };
    let upgrades = catalog.upgrades(to.0);
    let gates = gates::after(task, &state.fleet.deployment, "upgrade", upgrades, &[node], to);
    Ok(CheckedStep { action, allowed_by, gates, rollback, closes, warning })
}

/// Tells how a step is undone that nothing speaks against, if facts say that its hop can be.
pub(super) fn doubted(back: HopBack, how: String) -> Rollback {
    match back {
        HopBack::Stated | HopBack::None => Rollback::Possible(how),
        HopBack::Unknown(why) => Rollback::Unknown(why),
    }
}

/// Returns what the matrix says against a way back over a step.
pub(super) fn crossing(
    catalog: &Catalog,
    features: FeatureSet,
    from: ReleaseId,
    to: ReleaseId,
) -> Option<Note> {
    hop(catalog, from, to, features).irreversible.into_iter().next()
}

/// Returns what the matrix says against a way back, once nodes of a group write what `to` writes.
fn final_note(state: &State<'_>, node: usize, from: ReleaseId, to: ReleaseId) -> Option<Note> {
    let fleet = &state.fleet;
    let crossing = |to| crossing(fleet.catalog, fleet.deployment.features, from, to);
    let switch = policy(fleet.catalog, to.0).and_then(|policy| policy.switch.as_ref());
    let Some(switch) = switch else { return crossing(to) };
    let mut others = fleet.group(fleet.node(node).group).iter().filter(|&&other| other != node);
    others.find_map(|&other| {
        let other = Some(fleet.node(other)).filter(|other| other.role == Some(switch.from))?;
        crossing(other.running(to.0)?)
    })
}
