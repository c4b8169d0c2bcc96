//! From batches to waves: which steps are made at the same time.
//!
//! What waits for nothing goes in the next wave, as far as the limits let it: so many nodes of a group,
//! one zone, one voter, the canaries alone.

use std::collections::{BTreeMap, VecDeque};

use super::node_step::{Batch, NodeStep};
use crate::catalog::Catalog;
use crate::deployment::Deployment;
use crate::limits::Limits;

/// Puts steps in waves.
pub(super) fn pack(
    catalog: &Catalog,
    deployment: &Deployment,
    limits: &Limits,
    mut canaries: usize,
    batches: &[Batch],
) -> Vec<Vec<NodeStep>> {
    let mut members = vec![0; deployment.groups.len()];
    deployment.nodes.iter().for_each(|node| members[node.group] += 1);
    let mut left: Vec<Vec<(usize, VecDeque<NodeStep>)>> = batches
        .iter()
        .map(|batch| {
            let groups = batch.groups.iter().filter(|(_, steps)| !steps.is_empty());
            groups.map(|(group, steps)| (*group, steps.iter().copied().collect())).collect()
        })
        .collect();
    let mut waves = Vec::new();
    let mut done: Vec<bool> = left.iter().map(Vec::is_empty).collect();
    while done.iter().any(|done| !done) {
        let mut wave = Wave::new(catalog, deployment, limits, &members, canaries);
        for (at, batch) in batches.iter().enumerate() {
            if !done[at] && batch.needs.iter().all(|&before| done[before]) {
                left[at].iter_mut().for_each(|(group, steps)| wave.fill(*group, steps));
            }
        }
        for (at, groups) in left.iter_mut().enumerate() {
            groups.retain(|(_, steps)| !steps.is_empty());
            done[at] = groups.is_empty();
        }
        canaries -= wave.restarts.min(canaries);
        waves.push(wave.steps);
    }
    waves
}

/// A wave that is being filled.
struct Wave<'d> {
    catalog: &'d Catalog,
    deployment: &'d Deployment,
    limits: &'d Limits,
    members: &'d [usize],
    /// The number of nodes that may change before all others, 0 if that is over.
    canaries: usize,
    /// Groups of which something is done, and how many of their nodes are down.
    busy: BTreeMap<usize, usize>,
    /// The zone of the nodes that are down, if they have one.
    zone: Option<usize>,
    voter: bool,
    restarts: usize,
    steps: Vec<NodeStep>,
}

impl<'d> Wave<'d> {
    fn new(
        catalog: &'d Catalog,
        deployment: &'d Deployment,
        limits: &'d Limits,
        members: &'d [usize],
        canaries: usize,
    ) -> Self {
        Self {
            catalog,
            deployment,
            limits,
            members,
            canaries,
            busy: BTreeMap::new(),
            zone: None,
            voter: false,
            restarts: 0,
            steps: Vec::new(),
        }
    }

    /// Takes what there is room for of the steps of a group, any of which may come first.
    fn fill(&mut self, group: usize, steps: &mut VecDeque<NodeStep>) {
        let mut passed = VecDeque::new();
        while let Some(step) = steps.pop_front() {
            if !self.takes(group, step) {
                passed.push_back(step);
                if self.is_full(group) {
                    break;
                }
            }
        }
        while let Some(step) = passed.pop_back() {
            steps.push_front(step);
        }
    }

    /// Returns whether no further node of a group fits, whatever node it is.
    fn is_full(&self, group: usize) -> bool {
        let most = self.limits.max_unavailable.of(self.members[group]);
        self.busy.get(&group).is_some_and(|&down| down >= most)
            || (self.canaries > 0 && self.restarts >= self.canaries)
    }

    /// Takes a step of a group, if there is room for it.
    fn takes(&mut self, group: usize, step: NodeStep) -> bool {
        let fits = match step {
            NodeStep::Change { node, .. } => self.restart(group, node),
            NodeStep::Switch(_) => !self.busy.contains_key(&group),
        };
        if fits {
            // A switch leaves no room for anything else in its group.
            let room = match step {
                NodeStep::Change { .. } => 1,
                NodeStep::Switch(_) => usize::MAX,
            };
            let down = self.busy.entry(group).or_insert(0);
            *down = down.saturating_add(room);
            self.steps.push(step);
        }
        fits
    }

    fn restart(&mut self, group: usize, node: usize) -> bool {
        let stated = &self.deployment.nodes[node];
        let votes = stated.role.is_some_and(|role| self.catalog.role(role).quorum);
        // A node whose zone is not stated may be in any.
        let same_zone = self.zone.is_some() && self.zone == stated.zone;
        let zone_fits = !self.limits.per_zone || self.restarts == 0 || same_zone;
        if self.is_full(group) || (votes && self.voter) || !zone_fits {
            return false;
        }
        self.zone = stated.zone;
        self.voter |= votes;
        self.restarts += 1;
        true
    }
}
