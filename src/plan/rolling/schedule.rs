//! The best moves of a leg with the fewest hops for which there are any.

use std::collections::BTreeSet;

use super::batches;
use super::model::Model;
use super::node_step::{Batch, NodeStep};
use super::rules::{is_independent, order_reaches_over_groups};
use super::search::{self, SearchEnd};
use super::transition::Act;
use super::waypoints::{Waypoints, beside};
use crate::catalog::{ReleaseId, RoleIx};
use crate::plan::goal::Task;
use crate::plan::route::{Leg, LegKind};
use crate::plan::sets::{SetChange, SetsAfter};
use crate::plan::state::State;

/// So many hops more than the fewest are tried if there is no way with fewer.
const DETOURS: usize = 3;

/// The moves of a leg.
pub(super) struct Schedule {
    pub(super) batches: Vec<Batch>,
    pub(super) sets: SetsAfter,
}

impl Schedule {
    /// Returns the steps, those of one batch together.
    pub(super) fn steps(&self) -> impl Iterator<Item = NodeStep> {
        self.batches.iter().flat_map(|batch| &batch.groups).flat_map(|(_, steps)| steps).copied()
    }
}

/// The reason why there is no schedule.
pub(super) enum DeadEnd {
    /// These nodes are cut off from the end by limits of their role.
    CutOff(Option<RoleIx>, ReleaseId),
    /// For these changes there is no set that fits.
    NoSet(Vec<SetChange>),
    /// Nothing can be done after these moves; the group where it shows.
    Stuck(Schedule, Option<usize>),
    /// The search gave up.
    GaveUp,
}

/// Looks for the best moves: to the end at once, or else over releases between.
pub(super) fn find<'c>(
    task: &Task<'c>,
    state: &mut State<'c>,
    leg: &Leg,
) -> Result<Schedule, DeadEnd> {
    let direct = find_over(task, state, leg, None);
    match (direct, &leg.kind) {
        // What has no set at the end has none there over other releases either: they only bind more.
        (Err(DeadEnd::NoSet(changes)), _) => Err(DeadEnd::NoSet(changes)),
        (Err(direct), LegKind::Apart(wanted)) => {
            let wide = find_over(task, state, leg, Some(wanted));
            // What is in the way of the straight course says most, unless there is none.
            if matches!(direct, DeadEnd::CutOff(..)) { wide } else { wide.map_err(|_| direct) }
        }
        (done, _) => done,
    }
}

/// Looks for moves to the end at once, or over releases between.
fn find_over<'c>(
    task: &Task<'c>,
    state: &mut State<'c>,
    leg: &Leg,
    wanted: Option<&[ReleaseId]>,
) -> Result<Schedule, DeadEnd> {
    let features = state.fleet.deployment.features;
    let with_work = !matches!(leg.kind, LegKind::Apart(_));
    let mut waypoints = Waypoints::new(task, features, leg.end, with_work);
    if let Some(wanted) = wanted {
        let starts: BTreeSet<_> = leg.moving.values().copied().collect();
        let nodes = leg.moving.keys().map(|&node| &state.fleet.node(node).packages);
        waypoints.widen(&starts, wanted, &beside(nodes));
    }
    let mut model = Model::new(task, state, leg, waypoints);
    let fewest = fewest_hops(&mut model)?;
    let most = if wanted.is_some() { fewest + DETOURS } else { fewest };
    let mut dead = DeadEnd::GaveUp;
    for hops in fewest..=most {
        match best(&mut model, hops) {
            Ok(row) => {
                let batches = batches::batches(&mut model, &row);
                return Ok(Schedule { batches, sets: model.sets() });
            }
            Err(DeadEnd::GaveUp) => break,
            Err(reason) if hops == fewest => dead = reason,
            Err(_) => {}
        }
    }
    Err(dead)
}

/// Returns how many hops some node needs at least.
fn fewest_hops(model: &mut Model<'_, '_>) -> Result<usize, DeadEnd> {
    let mut fewest = 0;
    for profile in
        (0..model.profiles.len()).filter(|&profile| model.waits(profile)).collect::<Vec<_>>()
    {
        let stated = model.profiles[profile];
        let running = stated.running.unwrap_or(model.waypoints.end);
        let distance = model.nearest(stated).ok_or(DeadEnd::CutOff(stated.role, running))?;
        fewest = fewest.max(distance);
    }
    Ok(fewest)
}

/// Returns the best moves of all bundles in one row.
fn best(model: &mut Model<'_, '_>, hops: usize) -> Result<Vec<Act>, DeadEnd> {
    // A node that could not even go alone makes every search end in vain, after long.
    let waiting: Vec<_> =
        (0..model.profiles.len()).filter(|&profile| model.starts_waiting(profile)).collect();
    if !waiting.into_iter().all(|profile| model.arrives(profile, hops)) {
        return Err(dead_end(model, &[], &[]));
    }
    let mut plans = Vec::new();
    for part in parts(model) {
        match search::search(model, &part, hops) {
            SearchEnd::Found(row) => plans.push(batches::joined(&row)),
            SearchEnd::GaveUp => return Err(DeadEnd::GaveUp),
            SearchEnd::Stuck(row) => return Err(dead_end(model, &row, &part)),
        }
    }
    match plans.len() {
        1 => Ok(plans.remove(0)),
        _ => batches::merge(model, &plans).ok_or(DeadEnd::GaveUp),
    }
}

/// Returns the bundles that are searched together.
fn parts(model: &mut Model<'_, '_>) -> Vec<Vec<usize>> {
    let all = 0..model.bundles.len();
    if is_independent(model) && !(model.single && order_reaches_over_groups(model)) {
        all.map(|bundle| vec![bundle]).collect()
    } else {
        vec![all.collect()]
    }
}

fn dead_end(model: &mut Model<'_, '_>, row: &[Act], part: &[usize]) -> DeadEnd {
    if !model.no_set.is_empty() {
        // Those whose turn did not come are asked too, so that the first node is named.
        for profile in 0..model.profiles.len() {
            let running = model.profiles[profile].running.filter(|_| model.waits(profile));
            if let Some(running) = running {
                model.moved(profile, running, model.waypoints.end);
            }
        }
        return DeadEnd::NoSet(std::mem::take(&mut model.no_set));
    }
    let batches = batches::batches(model, row);
    let bundle = match part {
        [one] => Some(*one),
        _ => row.last().map(|act| act.bundle),
    };
    let group = bundle.and_then(|bundle| model.bundles[bundle].groups.first().copied());
    DeadEnd::Stuck(Schedule { batches, sets: model.sets() }, group)
}
