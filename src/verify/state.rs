//! Who talks to whom in the state of a replay, and what of it does not work.

use std::collections::{BTreeMap, BTreeSet};

use super::pair::objection;
use super::replay::Replay;
use crate::catalog::{PackageIx, Rank, RelationIx, ReleaseId, RoleIx, Use, Within};

/// A relation that does not work between two nodes.
pub(super) type Broken = (RelationIx, usize, usize);

/// A broken relation by what matters about it: the relation, the roles and the releases.
pub(super) type Key = (RelationIx, Option<RoleIx>, ReleaseId, Option<RoleIx>, ReleaseId);

/// Pairs of nodes that may talk: of one group, and of the deployment.
pub(super) struct Around {
    group: Vec<(usize, usize)>,
    deployment: Vec<(usize, usize)>,
}

impl Around {
    /// Returns the pairs for relations of some reach. What a node has with itself is no pair.
    pub(super) fn pairs(&self, within: Within) -> &[(usize, usize)] {
        match within {
            Within::Node => &[],
            Within::Group => &self.group,
            Within::Deployment => &self.deployment,
        }
    }
}

impl Replay<'_> {
    /// Returns what matters about a broken relation.
    pub(super) fn key(&self, (relation, from, to): Broken) -> Option<Key> {
        let (a, b) = (self.running(from)?, self.running(to)?);
        let role = |node: usize| self.state.nodes[node].role;
        Some((relation, role(from), a, role(to), b))
    }

    /// Returns the release with which a node takes a side of a relation.
    pub(super) fn plays(
        &self,
        relation: RelationIx,
        node: usize,
        giving: bool,
    ) -> Option<ReleaseId> {
        if self.stopped.contains(&node) {
            return None;
        }
        let stated = self.catalog.relation(relation);
        let role = self.state.nodes[node].role?;
        let side = if giving { &stated.from } else { &stated.to };
        if !side.contains(&role) {
            return None;
        }
        self.running(node)
    }

    fn running(&self, node: usize) -> Option<ReleaseId> {
        let role = self.state.nodes[node].role?;
        self.catalog
            .role(role)
            .runs
            .iter()
            .find_map(|&package| self.state.nodes[node].running(package))
    }

    /// Returns the relations that do not work among some pairs, and why.
    pub(super) fn broken_around(&self, around: &Around) -> Vec<(Broken, String)> {
        let mut broken = Vec::new();
        for relation in (0..self.catalog.relations().len()).map(RelationIx::new) {
            let stated = self.catalog.relation(relation);
            if stated.usage == Use::OnDemand {
                continue;
            }
            let mut answers: BTreeMap<(ReleaseId, ReleaseId), Option<String>> = BTreeMap::new();
            for &(from, to) in around.pairs(stated.within) {
                let (Some(a), Some(b)) =
                    (self.plays(relation, from, true), self.plays(relation, to, false))
                else {
                    continue;
                };
                let answer = answers.entry((a, b)).or_insert_with(|| {
                    objection(self.catalog, relation, a, b, self.state.features)
                });
                if let Some(why) = answer {
                    broken.push(((relation, from, to), why.clone()));
                }
            }
        }
        broken
    }

    /// Returns the ordered pairs of running nodes in which some nodes, or ones alike, take part.
    pub(super) fn around(&self, nodes: &[usize]) -> Around {
        let everywhere: Vec<usize> = (0..self.state.nodes.len()).collect();
        let groups: BTreeSet<usize> =
            nodes.iter().map(|&node| self.state.nodes[node].group).collect();
        let within = |&group: &usize| {
            let members = self.representatives(&self.members[group]);
            all_pairs(&members, &members)
        };
        let (own, others) = (self.representatives(nodes), self.representatives(&everywhere));
        let mut deployment = all_pairs(&own, &others);
        deployment.extend(all_pairs(&others, &own));
        Around { group: groups.iter().flat_map(within).collect(), deployment }
    }

    /// Returns the nodes that run a product, or something that it takes the place of.
    pub(super) fn runners(&self, package: PackageIx) -> Vec<usize> {
        let upgrades = self.catalog.upgrades(package);
        let replaced = upgrades.map_or(&[][..], |upgrades| &upgrades.from_packages);
        let runs = |node: &usize| {
            let packages = &self.state.nodes[*node].packages;
            packages.contains_key(&package)
                || replaced.iter().any(|other| packages.contains_key(other))
        };
        (0..self.state.nodes.len()).filter(runs).collect()
    }

    /// Whether nothing of a product runs.
    pub(super) fn all_stopped(&self, package: PackageIx) -> bool {
        let mut runners = self.runners(package).into_iter();
        runners.all(|node| self.stopped.contains(&node))
    }

    /// One running node of each kind (role and packages), two if there are several: enough to see
    /// every pair.
    fn representatives(&self, nodes: &[usize]) -> Vec<usize> {
        let mut seen: BTreeMap<(Option<RoleIx>, &BTreeMap<PackageIx, Rank>), usize> =
            BTreeMap::new();
        let mut kept = Vec::new();
        for &node in nodes.iter().filter(|node| !self.stopped.contains(node)) {
            let stated = &self.state.nodes[node];
            let count = seen.entry((stated.role, &stated.packages)).or_insert(0);
            *count += 1;
            if *count <= 2 {
                kept.push(node);
            }
        }
        kept
    }
}

fn all_pairs(from: &[usize], to: &[usize]) -> Vec<(usize, usize)> {
    from.iter().flat_map(|&a| to.iter().map(move |&b| (a, b))).filter(|(a, b)| a != b).collect()
}
