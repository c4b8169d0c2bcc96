//! A small deployment that stands for a big one.

use std::collections::BTreeMap;

use crate::catalog::{PackageIx, Rank, RoleIx};
use crate::deployment::Deployment;

/// So many like nodes of a group, and so many like groups, stand for all: whether a plan exists does not
/// depend on how many there are beyond one.
const ALIKE: usize = 3;

/// Returns a deployment with few of its like nodes and groups, for which the same questions have the
/// same answers.
pub(super) fn sample(deployment: &Deployment) -> Deployment {
    let mut shapes: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<(Option<RoleIx>, &BTreeMap<PackageIx, Rank>), usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for members in deployment.members() {
        let mut shape = Vec::new();
        let mut own = Vec::new();
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for node in members {
            let stated = &deployment.nodes[node];
            let next = kinds.len();
            let kind = *kinds.entry((stated.role, &stated.packages)).or_insert(next);
            let count = counts.entry(kind).or_insert(0);
            *count += 1;
            if *count <= ALIKE {
                shape.push(kind);
                own.push(node);
            }
        }
        shape.sort_unstable();
        let seen = shapes.entry(shape).or_insert(0);
        *seen += 1;
        if *seen <= ALIKE {
            kept.extend(own);
        }
    }
    kept.sort_unstable();
    let nodes = kept.into_iter().map(|node| deployment.nodes[node].clone()).collect();
    Deployment {
        unjudged: 0,
        name: deployment.name.clone(),
        features: deployment.features,
        nodes,
        groups: deployment.groups.clone(),
        zones: deployment.zones.clone(),
        written: deployment.written.clone(),
        findings: deployment.findings.clone(),
    }
}
