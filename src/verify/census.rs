//! Nodes that are there and nodes that run, counted by kind.
//!
//! Nodes of one kind (role and packages) answer every question about pairs alike, so a deployment of a
//! hundred thousand nodes costs what its kinds cost.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{PackageIx, Rank, RoleIx};
use crate::deployment::Node;

/// The side of a node that others see: its role and what it runs.
pub(super) type NodeClass = (Option<RoleIx>, BTreeMap<PackageIx, Rank>);

/// The nodes of each kind.
type NodesByClass = BTreeMap<NodeClass, BTreeSet<usize>>;

/// The nodes of a deployment by kind.
#[derive(Debug, Default)]
pub(super) struct Census {
    /// All nodes, whether they run or not.
    everyone: NodesByClass,
    /// The nodes that run.
    running: NodesByClass,
    /// The nodes that run, by group.
    groups: Vec<NodesByClass>,
    /// The number of nodes that run have a package.
    counts: BTreeMap<PackageIx, usize>,
}

impl Census {
    /// Counts nodes, all of which run.
    pub(super) fn of(nodes: &[Node], groups: usize) -> Self {
        let mut census = Self { groups: vec![NodesByClass::new(); groups], ..Self::default() };
        for (ix, node) in nodes.iter().enumerate() {
            census.enter(ix, node, true);
        }
        census
    }

    /// Adds a node as it is now.
    pub(super) fn enter(&mut self, ix: usize, node: &Node, runs: bool) {
        let kind = kind(node);
        if runs {
            self.running.entry(kind.clone()).or_default().insert(ix);
            self.groups[node.group].entry(kind.clone()).or_default().insert(ix);
            for &package in node.packages.keys() {
                *self.counts.entry(package).or_default() += 1;
            }
        }
        self.everyone.entry(kind).or_default().insert(ix);
    }

    /// Takes a node out again, before it changes.
    pub(super) fn leave(&mut self, ix: usize, node: &Node, runs: bool) {
        let kind = kind(node);
        remove(&mut self.everyone, &kind, ix);
        if runs {
            remove(&mut self.running, &kind, ix);
            remove(&mut self.groups[node.group], &kind, ix);
            for package in node.packages.keys() {
                if let Some(count) = self.counts.get_mut(package) {
                    *count -= 1;
                }
            }
        }
    }

    /// Returns true if some node that runs has the package.
    pub(super) fn runs(&self, package: PackageIx) -> bool {
        self.counts.get(&package).is_some_and(|count| *count > 0)
    }

    /// Returns two nodes of each kind that runs, enough to see every pair.
    pub(super) fn representatives(&self) -> Vec<usize> {
        two_of_each(&self.running)
    }

    /// Returns two nodes of each kind that runs in a group.
    pub(super) fn of_group(&self, group: usize) -> Vec<usize> {
        two_of_each(&self.groups[group])
    }

    /// Returns one node of each kind, whether it runs or not.
    pub(super) fn everyone(&self) -> impl Iterator<Item = usize> + '_ {
        self.everyone.values().filter_map(|nodes| nodes.first().copied())
    }
}

fn kind(node: &Node) -> NodeClass {
    (node.role, node.packages.clone())
}

fn remove(kinds: &mut NodesByClass, kind: &NodeClass, ix: usize) {
    if let Some(nodes) = kinds.get_mut(kind) {
        nodes.remove(&ix);
        if nodes.is_empty() {
            kinds.remove(kind);
        }
    }
}

fn two_of_each(kinds: &NodesByClass) -> Vec<usize> {
    kinds.values().flat_map(|nodes| nodes.iter().copied().take(2)).collect()
}
