//! One plan for one goal, stage by stage: targets, the legs of the route, the steps of each leg, and
//! what is to be said about the whole.

use super::goal::{Goal, Task};
use super::progress::Progress;
use super::refusal::Refusal;
use super::route::{self, Leg, LegKind};
use super::segment::Segment;
use super::{conclusion, inventory, joint, rolling, targets};
use crate::answer::plan::Plan;
use crate::catalog::Catalog;
use crate::deployment::Deployment;

/// Plans the way from a deployment to a goal, without saying what else could be asked.
pub(super) fn attempt(
    catalog: &Catalog,
    deployment: &Deployment,
    goal: &Goal,
) -> Result<Plan, Refusal> {
    let targets = targets::choose(catalog, deployment, goal)?;
    targets::refuse_withdrawn(catalog, &targets)?;
    inventory::refuse_broken(catalog, deployment, &targets)?;
    let task = Task::new(catalog, goal, targets);
    let mut progress = Progress::new(catalog, deployment, goal.limits.canary);
    let mut plan = Plan { limits: goal.limits, ..Plan::default() };
    plan.findings = targets::passed_over(catalog, goal, &task.targets);
    let mut wave = 0;
    let mut closed_at = None;
    for begun in 1..=task.targets.len() {
        let begun = &task.targets[..begun];
        while let Some(leg) = route::next(&task, &progress.state.fleet.deployment, begun)? {
            // What closed the way back to one release closes no later step's.
            if closed_at.replace(leg.end).is_some_and(|end| end != leg.end) {
                progress.closed = None;
            }
            let segment = segment(&task, &mut progress, &leg)?;
            progress.changed.extend(segment.changed());
            progress.steps += segment.steps.len();
            let next = wave + segment.wave;
            segment.append_to(&mut plan, wave);
            wave = next;
        }
    }
    plan.targets.clone_from(&task.targets);
    conclusion::conclude(&task, deployment, progress, &mut plan);
    Ok(plan)
}

/// Returns whether there is a plan, and something to do.
pub(super) fn leads(catalog: &Catalog, deployment: &Deployment, goal: &Goal) -> bool {
    attempt(catalog, deployment, goal).is_ok_and(|plan| !plan.steps.is_empty())
}

/// Plans one leg.
fn segment<'c>(
    task: &Task<'c>,
    progress: &mut Progress<'c>,
    leg: &Leg,
) -> Result<Segment, Refusal> {
    match &leg.kind {
        LegKind::Apart(_) | LegKind::Plugin => {
            let mut segment = Segment::default();
            rolling::roll(task, progress, leg, &mut segment)?;
            Ok(segment)
        }
        LegKind::Together(hop) => joint::segment(task, progress, leg, hop),
    }
}
