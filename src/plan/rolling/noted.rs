//! The hops that the moves of a leg make, and what is to be said about them.

use std::collections::{BTreeMap, BTreeSet};

use super::node_step::NodeStep;
use super::schedule::Schedule;
use crate::answer::path::Hop;
use crate::graph::hop;
use crate::plan::fleet::Fleet;
use crate::plan::goal::Task;
use crate::plan::hops::absorb;
use crate::plan::remarks;
use crate::plan::route::{Leg, LegKind};
use crate::plan::segment::Segment;
use crate::plan::sets::Packages;

/// Notes the hops of a schedule, unless they are known before, and what is doubtful after them.
pub(super) fn note(
    task: &Task<'_>,
    fleet: &Fleet<'_>,
    leg: &Leg,
    schedule: &Schedule,
    segment: &mut Segment,
) {
    if matches!(leg.kind, LegKind::Plugin) {
        return;
    }
    let mut running = leg.moving.clone();
    let mut after: BTreeMap<usize, &Packages> = BTreeMap::new();
    let mut edges = BTreeSet::new();
    let mut hops: Vec<Hop> = Vec::new();
    for step in schedule.steps() {
        let NodeStep::Change { node, to } = step else { continue };
        let Some(from) = running.insert(node, to) else { continue };
        let before = after.get(&node).copied().unwrap_or(&fleet.node(node).packages);
        after.insert(node, &schedule.sets[&to][before]);
        if !edges.insert((from, to)) {
            continue;
        }
        let own = hop(task.catalog, from, to, fleet.deployment.features);
        match hops.iter_mut().find(|hop| hop.to == to) {
            Some(hop) => absorb(hop, own),
            None => hops.push(own),
        }
    }
    segment.doubts = remarks::doubts(fleet, after);
    if let LegKind::Apart(_) = leg.kind {
        segment.advice = hops.iter().flat_map(|hop| remarks::advice(task.catalog, hop)).collect();
        segment.hops = hops;
    }
}
