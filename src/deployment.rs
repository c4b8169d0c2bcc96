//! A deployment: nodes, roles, groups, features, and one change applied to it.
//!
//! Owns the state that checks judge and plans change. It holds positions of one catalog. What was
//! wrong with the inventory it was made from (an unknown role, a version that no matrix can place) is
//! kept as findings, so that a broken inventory can still be judged as far as it is known.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, FeatureSet, PackageIx, Rank, ReleaseId, RoleIx};
use crate::finding::Finding;

/// One running thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// The part it plays; `None` if the inventory names none that the matrix knows.
    pub role: Option<RoleIx>,
    /// Position in [`Deployment::groups`].
    pub group: usize,
    /// Position in [`Deployment::zones`].
    pub zone: Option<usize>,
    /// Where it answers, as `HOST:PORT`, if it is known.
    pub address: Option<String>,
    /// What it runs, by package.
    pub packages: BTreeMap<PackageIx, Rank>,
    /// What it runs in a version that nobody can tell.
    pub untold: BTreeSet<PackageIx>,
}

impl Node {
    /// Returns host and port of its address, or of its name if that is an address.
    pub fn host_and_port(&self) -> Option<(&str, &str)> {
        let (host, port) = self.address.as_deref().unwrap_or(&self.name).rsplit_once(':')?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_host = bare.is_some() || !host.contains([':', '/']);
        let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
        (is_host && is_port && !host.is_empty()).then_some((bare.unwrap_or(host), port))
    }

    /// Returns the release of a package that the node runs.
    pub fn running(&self, package: PackageIx) -> Option<ReleaseId> {
        self.packages.get(&package).map(|&rank| (package, rank))
    }

    /// Returns everything the node runs.
    pub fn releases(&self) -> impl Iterator<Item = ReleaseId> + '_ {
        self.packages.iter().map(|(&package, &rank)| (package, rank))
    }
}

/// Nodes that belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deployment {
    /// Its name.
    pub name: String,
    /// The features in use.
    pub features: FeatureSet,
    /// Its nodes, in the order of the inventory.
    pub nodes: Vec<Node>,
    /// Names of groups (shards, instances), in order of appearance.
    pub groups: Vec<String>,
    /// Names of zones, in order of appearance.
    pub zones: Vec<String>,
    /// How the inventory writes a release, where that is not how the matrix does: `3.9` for 3.9.0.
    pub written: BTreeMap<ReleaseId, String>,
    /// How many packages no fact speaks of at all.
    pub unjudged: usize,
    /// What was wrong with the inventory.
    pub findings: Vec<Finding>,
}

impl Deployment {
    /// Returns the position of the node with this name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.name == name)
    }

    /// Returns a release as the inventory writes it: `python 3.9`.
    pub fn label(&self, catalog: &Catalog, release: ReleaseId) -> String {
        match self.written.get(&release) {
            Some(text) => format!("{} {text}", catalog.package(release.0).name),
            None => catalog.label(release),
        }
    }

    /// Returns the positions of each group's nodes, by group.
    pub fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.groups.len()];
        for (ix, node) in self.nodes.iter().enumerate() {
            members[node.group].push(ix);
        }
        members
    }

    /// Applies a change.
    pub fn apply(&mut self, change: &Change) {
        match *change {
            Change::Set { node, release: (package, rank) } => {
                self.nodes[node].packages.insert(package, rank);
            }
            Change::Remove { node, package } => {
                self.nodes[node].packages.remove(&package);
            }
            Change::Switch { from, to } => {
                let role = self.nodes[from].role;
                self.nodes[from].role = self.nodes[to].role;
                self.nodes[to].role = role;
            }
        }
    }
}

/// One change of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A node runs this release from now on.
    Set {
        /// The node.
        node: usize,
        /// What it runs.
        release: ReleaseId,
    },
    /// A node no longer runs a package.
    Remove {
        /// The node.
        node: usize,
        /// What it ran.
        package: PackageIx,
    },
    /// Two nodes exchange their roles.
    Switch {
        /// The node that gives its role up.
        from: usize,
        /// The node that takes it over.
        to: usize,
    },
}
