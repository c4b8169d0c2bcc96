//! The nodes of a deployment as they are between two steps.

use std::collections::{BTreeMap, BTreeSet};

use super::judgements::RoleRelease;
use super::sets::Packages;
use crate::catalog::{Catalog, RoleIx};
use crate::deployment::{Change, Deployment, Node};

/// A deployment that changes, with the counts that its checks need.
pub(super) struct Fleet<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) deployment: Deployment,
    /// Positions of each group's nodes.
    members: Vec<Vec<usize>>,
    /// Nodes that are stopped take part in no relation.
    stopped: BTreeSet<usize>,
    /// The number of running nodes of each class in the whole deployment.
    classes: BTreeMap<RoleRelease, usize>,
    /// The same for each group.
    in_group: Vec<BTreeMap<RoleRelease, usize>>,
}

impl<'c> Fleet<'c> {
    pub(super) fn new(catalog: &'c Catalog, deployment: &Deployment) -> Self {
        let mut fleet = Self {
            catalog,
            deployment: deployment.clone(),
            members: deployment.members(),
            stopped: BTreeSet::new(),
            classes: BTreeMap::new(),
            in_group: vec![BTreeMap::new(); deployment.groups.len()],
        };
        for node in 0..fleet.deployment.nodes.len() {
            fleet.count(node, true);
        }
        fleet
    }

    pub(super) fn node(&self, node: usize) -> &Node {
        &self.deployment.nodes[node]
    }

    pub(super) fn name(&self, node: usize) -> &str {
        &self.node(node).name
    }

    /// Returns the positions of a group's nodes.
    pub(super) fn group(&self, group: usize) -> &[usize] {
        &self.members[group]
    }

    /// Returns the classes of the nodes that run, and how many there are of each.
    pub(super) fn classes(&self) -> &BTreeMap<RoleRelease, usize> {
        &self.classes
    }

    /// Returns the classes of the nodes that run in a group, and how many there are of each.
    pub(super) fn classes_of(&self, group: usize) -> &BTreeMap<RoleRelease, usize> {
        &self.in_group[group]
    }

    /// Returns whether a node runs.
    pub(super) fn runs(&self, node: usize) -> bool {
        !self.stopped.contains(&node)
    }

    /// Returns the role and the release that matter to relations.
    pub(super) fn class(&self, node: usize) -> Option<RoleRelease> {
        let node = self.node(node);
        class(self.catalog, node.role, &node.packages)
    }

    fn count(&mut self, node: usize, up: bool) {
        let Some(class) = self.class(node).filter(|_| self.runs(node)) else {
            return;
        };
        let group = self.node(node).group;
        for counts in [&mut self.classes, &mut self.in_group[group]] {
            let count = counts.entry(class).or_insert(0);
            *count = if up { *count + 1 } else { count.saturating_sub(1) };
            if *count == 0 {
                counts.remove(&class);
            }
        }
    }

    /// Applies changes to nodes and keeps the counts true.
    pub(super) fn apply(&mut self, changes: &[Change]) {
        let mut touched = BTreeSet::new();
        for change in changes {
            match *change {
                Change::Set { node, .. } | Change::Remove { node, .. } => {
                    touched.insert(node);
                }
                Change::Switch { from, to } => touched.extend([from, to]),
            }
        }
        for &node in &touched {
            self.count(node, false);
        }
        for change in changes {
            self.deployment.apply(change);
        }
        for &node in &touched {
            self.count(node, true);
        }
    }

    /// Gives a node its packages back.
    pub(super) fn restore(&mut self, node: usize, packages: &Packages) {
        let now = &self.node(node).packages;
        let added = now.keys().filter(|package| !packages.contains_key(package));
        let mut changes: Vec<_> = added.map(|&package| Change::Remove { node, package }).collect();
        let before = packages.iter();
        changes
            .extend(before.map(|(&package, &rank)| Change::Set { node, release: (package, rank) }));
        self.apply(&changes);
    }

    /// Stops or starts a node.
    pub(super) fn set_stopped(&mut self, node: usize, stopped: bool) {
        self.count(node, false);
        if stopped {
            self.stopped.insert(node);
        } else {
            self.stopped.remove(&node);
        }
        self.count(node, true);
    }
}

/// Returns what matters about a node to relations.
pub(super) fn class(
    catalog: &Catalog,
    role: Option<RoleIx>,
    packages: &Packages,
) -> Option<RoleRelease> {
    let role = role?;
    let mut runs = catalog.role(role).runs.iter();
    let release = runs.find_map(|&package| Some((package, *packages.get(&package)?)))?;
    Some((role, release))
}
