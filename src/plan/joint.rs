//! A leg of one hop that all nodes take together, with the work on data around it.

use std::collections::BTreeMap;

use super::goal::Task;
use super::products::moves_from;
use super::progress::Progress;
use super::refusal::Refusal;
use super::route::Leg;
use super::segment::Segment;
use super::sets::{SetChange, SetsAfter, after_hop};
use super::work::work;
use super::{remarks, rolling, stop_all};
use crate::answer::path::Hop;
use crate::catalog::{MigrationTime, Procedure};

/// Plans the leg.
pub(super) fn segment<'c>(
    task: &Task<'c>,
    progress: &mut Progress<'c>,
    leg: &Leg,
    hop: &Hop,
) -> Result<Segment, Refusal> {
    let sets = sets(task, progress, leg)?;
    let mut segment = Segment { hops: vec![hop.clone()], ..Segment::default() };
    segment.advice = remarks::advice(task.catalog, hop);
    work(task, progress, hop, MigrationTime::Before, &mut segment);
    match hop.procedure {
        Procedure::Rolling => rolling::roll(task, progress, leg, &mut segment)?,
        Procedure::StopAll => stop_all::run(task, progress, leg, hop, &sets, &mut segment)?,
    }
    work(task, progress, hop, MigrationTime::After, &mut segment);
    Ok(segment)
}

/// Returns what each moving node runs after the leg, deciding each distinct set once.
fn sets(task: &Task<'_>, progress: &Progress<'_>, leg: &Leg) -> Result<SetsAfter, Refusal> {
    let mut sets = BTreeMap::new();
    for &node in leg.moving.keys() {
        let stated = progress.state.fleet.node(node);
        if sets.contains_key(&stated.packages) {
            continue;
        }
        let change = SetChange {
            current: stated.packages.clone(),
            from: moves_from(task.catalog, stated, leg.end),
            to: leg.end,
            requirements: task.requirements.clone(),
        };
        let Some(set) = after_hop(task.catalog, &change, leg.at_target) else {
            return Err(Refusal::NoSet(stated.name.clone(), Box::new(change)));
        };
        sets.insert(change.current, set);
    }
    Ok(BTreeMap::from([(leg.end, sets)]))
}
