//! The route to a target: which nodes go next, and over which hops.

use std::collections::{BTreeMap, BTreeSet};

use super::goal::Task;
use super::hops::{absorb, between, is_plain, stop_for_migrations};
use super::products::{running, sources};
use super::refusal::Refusal;
use crate::answer::path::Hop;
use crate::catalog::{PackageKind, Procedure, ReleaseId};
use crate::deployment::Deployment;

/// A leg of the route, which is planned as a whole.
pub(super) struct Leg {
    /// Where it ends.
    pub(super) end: ReleaseId,
    /// The nodes that move, and what they run.
    pub(super) moving: BTreeMap<usize, ReleaseId>,
    /// True if it ends at a target, where requirements must be met.
    pub(super) at_target: bool,
    pub(super) kind: LegKind,
}

/// The things that nodes do together on a leg.
pub(super) enum LegKind {
    /// Nothing: each goes at its own pace. The releases to go over if it is not better to go over others.
    Apart(Vec<ReleaseId>),
    /// Each gets another release of a plugin, its core staying as it is.
    Plugin,
    /// All take this hop: it stops everything, or work on data or a required stop goes with it.
    Together(Box<Hop>),
}

/// Returns the next leg to the last of the targets that were begun, `None` if it is reached.
pub(super) fn next(
    task: &Task<'_>,
    deployment: &Deployment,
    begun: &[ReleaseId],
) -> Result<Option<Leg>, Refusal> {
    let Some(&target) = begun.last() else { return Ok(None) };
    if task.catalog.package(target.0).kind == PackageKind::Plugin {
        return Ok(plugin_leg(deployment, target));
    }
    let Some(from) = farthest(task, deployment, target) else { return Ok(None) };
    let mut path = between(task, deployment, from, target)?;
    if task.goal.allow_downtime {
        for hop in &mut path {
            hop.procedure = Procedure::StopAll;
        }
    }
    let plain = path.iter().take_while(|hop| is_plain(hop)).count();
    let (end, joint) = match (plain.checked_sub(1).and_then(|last| path.get(last)), path.first()) {
        (Some(last), _) => (last.to, None),
        (None, Some(first)) => (first.to, Some(first.clone())),
        (None, None) => return Ok(None),
    };
    let at_target = begun.contains(&end);
    let starts = Starts { from, end, mixed: target == end };
    Ok(Some(match joint {
        None => {
            let wanted = path[..plain].iter().rev().map(|hop| hop.to).collect();
            let moving = starts.moving(task, deployment, |path| path.iter().all(is_plain));
            Leg { end, moving, at_target, kind: LegKind::Apart(wanted) }
        }
        Some(mut hop) => {
            let moving = starts.moving(task, deployment, |path| joins(&mut hop, path));
            stop_for_migrations(&mut hop);
            Leg { end, moving, at_target, kind: LegKind::Together(Box::new(hop)) }
        }
    }))
}

fn plugin_leg(deployment: &Deployment, target: ReleaseId) -> Option<Leg> {
    let nodes = deployment.nodes.iter().enumerate();
    let running = nodes.filter_map(|(ix, node)| Some((ix, node.running(target.0)?)));
    let moving: BTreeMap<_, _> = running.filter(|(_, running)| *running != target).collect();
    let leg = Leg { end: target, moving, at_target: true, kind: LegKind::Plugin };
    (!leg.moving.is_empty()).then_some(leg)
}

/// Returns the release farthest from the target that a node still runs: one of another package
/// first, then the oldest; if all are newer than the target, the newest.
fn farthest(task: &Task<'_>, deployment: &Deployment, target: ReleaseId) -> Option<ReleaseId> {
    let nodes = deployment.nodes.iter();
    let sources = sources(task.catalog, target.0);
    let running = nodes.filter_map(|node| sources.iter().find_map(|&source| node.running(source)));
    let running: BTreeSet<_> = running.filter(|&release| release != target).collect();
    let foreign = running.iter().find(|release| release.0 != target.0);
    let own: Vec<_> = running.iter().filter(|release| release.0 == target.0).collect();
    let older = own.iter().find(|release| release.1 < target.1).copied();
    foreign.or(older).or_else(|| own.last().copied()).copied()
}

/// Returns whether a way is one hop, and adds what is to be said about it to the hop of the others.
fn joins(hop: &mut Hop, path: Vec<Hop>) -> bool {
    let Ok([own]) = <[Hop; 1]>::try_from(path) else { return false };
    absorb(hop, own);
    true
}

/// Where the nodes of a leg may come from.
struct Starts {
    from: ReleaseId,
    end: ReleaseId,
    /// True if some may come from one side and some from the other, as only at the end of the way.
    mixed: bool,
}

impl Starts {
    /// Returns the nodes that run the first start, and those on other releases whose way to the end
    /// joins it, each with what it runs.
    fn moving(
        &self,
        task: &Task<'_>,
        deployment: &Deployment,
        mut joins: impl FnMut(Vec<Hop>) -> bool,
    ) -> BTreeMap<usize, ReleaseId> {
        let (from, end) = (self.from, self.end);
        let back = |from: ReleaseId| from.0 == end.0 && from.1 > end.1;
        let mut asked: BTreeMap<ReleaseId, bool> = BTreeMap::from([(from, true)]);
        let mut moving = BTreeMap::new();
        for (ix, node) in deployment.nodes.iter().enumerate() {
            let running = running(task.catalog, node, end.0).filter(|&running| running != end);
            let Some(running) = running else { continue };
            let along = self.mixed || back(running) == back(from);
            let may_join = asked.entry(running).or_insert_with(|| {
                along && between(task, deployment, running, end).is_ok_and(&mut joins)
            });
            if *may_join {
                moving.insert(ix, running);
            }
        }
        moving
    }
}
