//! The way of nodes that change one after the other, while the rest serves.
//!
//! The search knows *what* is best, as moves of nodes that are alike; the waves know *when*; the steps say
//! it of nodes by name, with what was checked, what to ask and how to go back. Each stage has a file:
//! `waypoints` the releases and the steps between them, `model` the nodes, `search` the best moves,
//! `batches` whose nodes make them and which move waits for which, `waves` what goes at the same time.

mod batches;
mod model;
mod moves;
mod node_step;
mod noted;
mod profiles;
mod refusal;
mod rules;
mod schedule;
mod search;
mod traits;
mod transition;
mod waves;
mod waypoints;

use std::collections::BTreeSet;

use self::node_step::NodeStep;
use self::schedule::Schedule;
use super::goal::Task;
use super::products::policy;
use super::progress::Progress;
use super::refusal::Refusal;
use super::route::{Leg, LegKind};
use super::segment::{CheckedStep, Segment};
use super::{gates, steps};

/// Moves the nodes of a leg, over the releases that it names or others between where that is better.
pub(super) fn roll<'c>(
    task: &Task<'c>,
    progress: &mut Progress<'c>,
    leg: &Leg,
    segment: &mut Segment,
) -> Result<(), Refusal> {
    let schedule = match schedule::find(task, &mut progress.state, leg) {
        Ok(schedule) => schedule,
        Err(dead) => return Err(refusal::refusal(task, progress, leg, dead)),
    };
    noted::note(task, &progress.state.fleet, leg, &schedule, segment);
    let deployment = &progress.state.fleet.deployment;
    let limits = &task.goal.limits;
    let mut to_watch = progress.canaries;
    let waves = waves::pack(task.catalog, deployment, limits, to_watch, &schedule.batches);
    let mut left = waves.iter().flatten().filter(|step| step.restarts()).count();
    progress.canaries = to_watch.saturating_sub(left);
    for wave in waves {
        for step in wave {
            make(task, progress, leg, &schedule, step, segment)?;
            if step.restarts() {
                left -= 1;
                to_watch = to_watch.saturating_sub(1);
                if to_watch == 0 && left > 0 && !progress.watched {
                    watch(progress, segment);
                }
            }
        }
        segment.wave += 1;
    }
    Ok(())
}

/// Makes a step, and looks at what a failure before and after it would mean.
fn make(
    task: &Task<'_>,
    progress: &mut Progress<'_>,
    leg: &Leg,
    schedule: &Schedule,
    step: NodeStep,
    segment: &mut Segment,
) -> Result<(), Refusal> {
    let (state, failover) = (&mut progress.state, &mut progress.failover);
    let policy = policy(task.catalog, leg.end.0);
    let switch = policy.and_then(|policy| policy.switch.as_ref());
    let closed = progress.closed.as_ref();
    let steps = |segment: &Segment| progress.steps + segment.steps.len();
    match step {
        NodeStep::Change { node, to } => {
            failover.before_restart(&state.fleet, switch, node, steps(segment));
            let made = match leg.kind {
                LegKind::Plugin => steps::install(task, state, node, to, &schedule.sets)?,
                LegKind::Apart(_) | LegKind::Together(_) => {
                    vec![steps::upgrade(task, state, closed, node, to, &schedule.sets)?]
                }
            };
            let hop = segment.hops.iter().position(|hop| hop.to == to);
            push(segment, hop, made);
        }
        NodeStep::Switch(handover) => {
            if let Some(to) = state.fleet.node(handover.taker).running(leg.end.0) {
                let made = steps::hand_over(task, state, closed, handover, to)?;
                let hop = segment.hops.iter().position(|hop| hop.to == to);
                push(segment, hop, vec![made]);
            }
        }
    }
    let group = step.group(&state.fleet.deployment);
    failover.after_step(state, switch, group, steps(segment));
    Ok(())
}

/// Adds the steps of a hop; what is none of any hop belongs to the next.
fn push(segment: &mut Segment, hop: Option<usize>, made: Vec<CheckedStep>) {
    let hop = hop.unwrap_or(segment.hops.len());
    for step in made {
        segment.push(hop, step);
    }
}

/// Asks to watch the nodes that changed before all others.
fn watch(progress: &mut Progress<'_>, segment: &mut Segment) {
    progress.watched = true;
    let changed: BTreeSet<_> = progress.changed.iter().copied().chain(segment.changed()).collect();
    if let Some(last) = segment.steps.last_mut() {
        last.gates.push(gates::canary(changed));
    }
}
