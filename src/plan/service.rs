//! The roles that a group must keep, over the steps of a plan.

use std::collections::BTreeSet;

use crate::answer::plan::{Action, Plan, Service};
use crate::catalog::{Catalog, RoleIx};
use crate::deployment::Deployment;

/// Tells what becomes of the roles that a group must keep.
pub(super) fn kept(catalog: &Catalog, deployment: &Deployment, plan: &Plan) -> Service {
    let mut roles: Vec<Option<RoleIx>> = deployment.nodes.iter().map(|node| node.role).collect();
    let mut unsure = false;
    for steps in plan.steps.chunk_by(|a, b| a.wave == b.wave) {
        let down = steps.iter().filter_map(|step| match step.action {
            Action::Upgrade { node, .. } | Action::Install { node, .. } => Some(node),
            Action::Switch { .. }
            | Action::Stop { .. }
            | Action::Start { .. }
            | Action::Migrate { .. } => None,
        });
        let down: BTreeSet<usize> = down.collect();
        for &node in &down {
            match spared(catalog, deployment, &roles, &down, node) {
                Some(true) => {}
                Some(false) => {
                    let role = roles[node].map_or("node", |role| &catalog.role(role).name);
                    let name = &deployment.nodes[node].name;
                    return Service::Interrupted(format!(
                        "{name} goes down as {role}, and nobody takes over"
                    ));
                }
                None => unsure = true,
            }
        }
        for step in steps {
            if let Action::Switch { from_node, to_node, .. } = step.action {
                roles.swap(from_node, to_node);
            }
        }
    }
    if unsure { Service::Unknown } else { Service::Kept }
}

/// Returns whether a node can be missed while some are down, `None` if nobody has said.
fn spared(
    catalog: &Catalog,
    deployment: &Deployment,
    roles: &[Option<RoleIx>],
    down: &BTreeSet<usize>,
    node: usize,
) -> Option<bool> {
    let role = roles[node]?;
    let must = |role: RoleIx| {
        let stated = catalog.role(role);
        stated.min.unwrap_or(u32::from(stated.writable)).max(u32::from(stated.writable))
    };
    if must(role) > 0 {
        let group = deployment.nodes[node].group;
        let left = deployment.nodes.iter().enumerate().filter(|(other, stated)| {
            stated.group == group && roles[*other] == Some(role) && !down.contains(other)
        });
        return Some(left.count() >= must(role) as usize);
    }
    // Who states which roles of a product must be kept says that the others need not be.
    let runs = &catalog.role(role).runs;
    let mut all = (0..catalog.roles().len()).map(RoleIx::new);
    let stated = all.any(|other| {
        must(other) > 0 && catalog.role(other).runs.iter().any(|package| runs.contains(package))
    });
    stated.then_some(true)
}
