//! From moves to batches of steps: which move waits for which, and which nodes make it.
//!
//! Moves that were found for bundles one by one are first put in a row: as long as it can be undone
//! everywhere, the bundle that is least far goes next. Each move then waits for the earlier ones of its
//! own bundle and for those of others that it does not commute with: an order of roles between them,
//! a pair of releases that must not meet, or the point of no return, which is passed as late as
//! possible.

use std::collections::{BTreeMap, BTreeSet};

use super::model::Model;
use super::node_step::{Batch, NodeStep};
use super::profiles::{ProfileIx, Roster};
use super::rules::goes_before;
use super::transition::{Act, Transition};
use crate::catalog::Within;
use crate::plan::steps::Handover;

/// Puts the moves of bundles that were searched apart in one row. `None` if each waits for another.
pub(super) fn merge(model: &Model<'_, '_>, plans: &[Vec<Act>]) -> Option<Vec<Act>> {
    let mut rosters: Vec<Roster> =
        model.bundles.iter().map(|bundle| bundle.roster.clone()).collect();
    let mut next = vec![0; plans.len()];
    let mut row = Vec::new();
    let total: usize = plans.iter().map(Vec::len).sum();
    while row.len() < total {
        let open = (0..plans.len()).filter(|&plan| next[plan] < plans[plan].len());
        let ready = open.filter(|&plan| is_ready(model, &rosters, plans[plan][next[plan]]));
        let plan =
            ready.min_by_key(|&plan| (plans[plan][next[plan]].is_final, next[plan], plan))?;
        let act = plans[plan][next[plan]];
        next[plan] += 1;
        rosters[act.bundle] = act.what.after(&rosters[act.bundle]);
        row.push(act);
    }
    Some(row)
}

/// Returns whether nobody of another bundle must change before a move.
fn is_ready(model: &Model<'_, '_>, rosters: &[Roster], act: Act) -> bool {
    let Transition::Restart { from, to, .. } = act.what else {
        return true;
    };
    let (role, release) = (model.profiles[from].role, model.profiles[to].running);
    let others = rosters.iter().enumerate().filter(|&(bundle, _)| bundle != act.bundle);
    others.flat_map(|(_, roster)| roster).all(|&(profile, _)| {
        model.order.within_group(model.profiles[profile].role, role)
            || release.is_none_or(|release| !goes_before(model, profile, role, release))
    })
}

/// Joins moves of like nodes that follow each other: any of them may come first.
pub(super) fn joined(row: &[Act]) -> Vec<Act> {
    let mut joined: Vec<Act> = Vec::new();
    for act in row {
        if let (
            Some(Act { bundle, is_final, what: Transition::Restart { from: a, to: b, many } }),
            Transition::Restart { from, to, many: more },
        ) = (joined.last_mut(), act.what)
            && (*bundle, *is_final, *a, *b) == (act.bundle, act.is_final, from, to)
        {
            *many += more;
            continue;
        }
        joined.push(*act);
    }
    joined
}

/// Assignment the nodes of moves and finds which moves wait for which.
pub(super) fn batches(model: &mut Model<'_, '_>, row: &[Act]) -> Vec<Batch> {
    let mut names = Assignment::new(model);
    let mut batches: Vec<Batch> = Vec::new();
    for (at, act) in row.iter().enumerate() {
        let groups = model.bundles[act.bundle].groups.clone();
        let groups = groups.into_iter().map(|group| (group, names.name(model, group, act.what)));
        let groups = groups.collect();
        let needs = (0..at).filter(|&before| waits_for(model, row[before], *act)).collect();
        batches.push(Batch { groups, needs });
    }
    batches
}

/// Returns whether a move must not be made together with an earlier one, nor before it.
fn waits_for(model: &mut Model<'_, '_>, earlier: Act, later: Act) -> bool {
    if earlier.bundle == later.bundle || earlier.is_final != later.is_final {
        return true;
    }
    if let (Transition::Restart { from: a, .. }, Transition::Restart { from: b, .. }) =
        (earlier.what, later.what)
    {
        let (a, b) = (model.profiles[a].role, model.profiles[b].role);
        if model.order.place(a) < model.order.place(b) && !model.order.within_group(a, b) {
            return true;
        }
    }
    if !model.wide {
        return false;
    }
    let classes = |what| match what {
        Transition::Restart { from, to, .. } => vec![from, to],
        Transition::Switch { giver, taker, given, taken } => vec![giver, taker, given, taken],
    };
    let (earlier, later) = (classes(earlier.what), classes(later.what));
    let pairs = earlier.iter().flat_map(|&a| later.iter().flat_map(move |&b| [(a, b), (b, a)]));
    let pairs: Vec<(ProfileIx, ProfileIx)> = pairs.collect();
    pairs.into_iter().any(|(from, to)| match (model.class(from), model.class(to)) {
        (Some(from), Some(to)) => !model.judgements.may_meet(Within::Deployment, from, to),
        (None, _) | (_, None) => false,
    })
}

/// The nodes of each group that are of a profile while moves are made.
struct Assignment(BTreeMap<(usize, ProfileIx), BTreeSet<usize>>);

impl Assignment {
    fn new(model: &Model<'_, '_>) -> Self {
        let mut nodes: BTreeMap<(usize, ProfileIx), BTreeSet<usize>> = BTreeMap::new();
        for bundle in &model.bundles {
            for &group in &bundle.groups {
                for &node in model.fleet.group(group) {
                    let mut profiles = bundle.roster.iter().map(|&(profile, _)| profile);
                    let is = profiles.find(|&profile| model.starts_as(node, profile));
                    if let Some(profile) = is {
                        nodes.entry((group, profile)).or_default().insert(node);
                    }
                }
            }
        }
        Self(nodes)
    }

    fn turn(&mut self, group: usize, from: ProfileIx, to: ProfileIx) -> Option<usize> {
        let node = self.0.get_mut(&(group, from))?.pop_first()?;
        self.0.entry((group, to)).or_default().insert(node);
        Some(node)
    }

    /// Returns the steps that make a move in one group.
    fn name(&mut self, model: &Model<'_, '_>, group: usize, what: Transition) -> Vec<NodeStep> {
        match what {
            Transition::Restart { from, to, many } => {
                let release = model.profiles[to].running.unwrap_or(model.waypoints.end);
                // Kinds that a node may return to do not exist: each move counts.
                let nodes = (0..many).filter_map(|_| self.turn(group, from, to));
                nodes.map(|node| NodeStep::Change { node, to: release }).collect()
            }
            Transition::Switch { giver, taker, given, taken } => {
                let giver = self.turn(group, giver, given);
                let taker = self.turn(group, taker, taken);
                let both = giver.zip(taker);
                both.map(|(giver, taker)| NodeStep::Switch(Handover { group, giver, taker }))
                    .into_iter()
                    .collect()
            }
        }
    }
}
