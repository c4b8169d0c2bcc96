//! Pairs of nodes that talk to each other in the state of a replay, and what of it does not work.

use std::collections::BTreeSet;

use super::notes::{Around, Broken, BrokenKey};
use super::pair::objection;
use super::replay::Replay;
use crate::catalog::{PackageIx, RelationIx, ReleaseId, Use};
use crate::deployment::{Change, Node};

impl Replay<'_> {
    /// Returns what matters about a broken relation.
    pub(super) fn key(&self, (relation, from, to): Broken) -> Option<BrokenKey> {
        self.key_of(relation, &self.state.nodes[from], &self.state.nodes[to])
    }

    /// Returns what matters about a relation that is broken between two nodes.
    pub(super) fn key_of(&self, relation: RelationIx, from: &Node, to: &Node) -> Option<BrokenKey> {
        Some((relation, from.role, self.running(from)?, to.role, self.running(to)?))
    }

    /// Returns the release with which a running node takes a side of a relation.
    pub(super) fn plays(
        &self,
        relation: RelationIx,
        node: usize,
        giving: bool,
    ) -> Option<ReleaseId> {
        let runs = !self.stopped.contains(&node);
        self.side(relation, &self.state.nodes[node], giving).filter(|_| runs)
    }

    /// Returns the release with which a node takes a side of a relation while it runs.
    pub(super) fn side(
        &self,
        relation: RelationIx,
        node: &Node,
        giving: bool,
    ) -> Option<ReleaseId> {
        let stated = self.catalog.relation(relation);
        let side = if giving { &stated.from } else { &stated.to };
        node.role.filter(|role| side.contains(role)).and_then(|_| self.running(node))
    }

    /// Returns the release that a node's role is about.
    pub(super) fn running(&self, node: &Node) -> Option<ReleaseId> {
        let runs = &self.catalog.role(node.role?).runs;
        runs.iter().find_map(|&package| node.running(package))
    }

    /// Returns the relations that do not work among some pairs, and why.
    pub(super) fn broken_around(&mut self, around: &Around) -> Vec<(Broken, String)> {
        let mut broken = Vec::new();
        for relation in (0..self.catalog.relations().len()).map(RelationIx::new) {
            let stated = self.catalog.relation(relation);
            if stated.usage == Use::OnDemand {
                continue;
            }
            for &(from, to) in around.pairs(stated.within) {
                let (Some(a), Some(b)) =
                    (self.plays(relation, from, true), self.plays(relation, to, false))
                else {
                    continue;
                };
                if let Some(why) = self.objection(relation, a, b) {
                    broken.push(((relation, from, to), why));
                }
            }
        }
        broken
    }

    /// Judges a pair of releases, each pair once.
    pub(super) fn objection(
        &mut self,
        relation: RelationIx,
        from: ReleaseId,
        to: ReleaseId,
    ) -> Option<String> {
        let (catalog, features) = (self.catalog, self.state.features);
        let judge = || objection(catalog, relation, from, to, features);
        self.judged.entry((relation, from, to)).or_insert_with(judge).clone()
    }

    /// Returns the ordered pairs of running nodes in which some nodes, or ones alike, take part.
    pub(super) fn around(&self, nodes: &[usize]) -> Around {
        let runs = |node: &usize| !self.stopped.contains(node);
        let own: Vec<usize> = nodes.iter().copied().filter(runs).collect();
        let groups: BTreeSet<usize> =
            nodes.iter().map(|&node| self.state.nodes[node].group).collect();
        let others = self.census.representatives();
        let mut deployment = all_pairs(&own, &others);
        deployment.extend(all_pairs(&others, &own));
        Around { group: self.pairs_within(groups), deployment }
    }

    /// Returns the ordered pairs of all running nodes, one of each kind.
    pub(super) fn everywhere(&self) -> Around {
        let all = self.census.representatives();
        Around {
            group: self.pairs_within(0..self.state.groups.len()),
            deployment: all_pairs(&all, &all),
        }
    }

    fn pairs_within(&self, groups: impl IntoIterator<Item = usize>) -> Vec<(usize, usize)> {
        let within = |group| {
            let members = self.census.of_group(group);
            all_pairs(&members, &members)
        };
        groups.into_iter().flat_map(within).collect()
    }

    /// Changes nodes: what they run, their roles, or whether they run.
    pub(super) fn alter(&mut self, nodes: &[usize], change: impl FnOnce(&mut Self)) {
        for &node in nodes {
            let runs = !self.stopped.contains(&node);
            self.census.leave(node, &self.state.nodes[node], runs);
        }
        change(self);
        for &node in nodes {
            let runs = !self.stopped.contains(&node);
            self.census.enter(node, &self.state.nodes[node], runs);
        }
    }

    /// Applies a change of what one node runs.
    pub(super) fn apply(&mut self, node: usize, change: &Change) {
        self.alter(&[node], |replay| replay.state.apply(change));
    }

    /// Returns the release of a product that a node runs, or of a package that the product takes the
    /// place of.
    pub(super) fn of_product(&self, node: &Node, package: PackageIx) -> Option<ReleaseId> {
        let upgrades = self.catalog.upgrades(package);
        let replaced = upgrades.map_or(&[][..], |upgrades| &upgrades.from_packages);
        std::iter::once(&package).chain(replaced).find_map(|&other| node.running(other))
    }

    /// Returns the nodes that run a product, or something that it takes the place of.
    pub(super) fn runners(&self, package: PackageIx) -> Vec<usize> {
        let nodes = self.state.nodes.iter().enumerate();
        nodes
            .filter(|(_, node)| self.of_product(node, package).is_some())
            .map(|(ix, _)| ix)
            .collect()
    }

    /// Returns true if nothing of a product runs.
    pub(super) fn all_stopped(&self, package: PackageIx) -> bool {
        let upgrades = self.catalog.upgrades(package);
        let replaced = upgrades.map_or(&[][..], |upgrades| &upgrades.from_packages);
        !std::iter::once(&package).chain(replaced).any(|&package| self.census.runs(package))
    }
}

/// Returns the ordered pairs of two lists. A node makes no pair with itself.
fn all_pairs(from: &[usize], to: &[usize]) -> Vec<(usize, usize)> {
    from.iter().flat_map(|&a| to.iter().map(move |&b| (a, b))).filter(|(a, b)| a != b).collect()
}
