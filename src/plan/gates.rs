//! Gates: what to ask after an action.

use std::collections::BTreeSet;

use super::goal::Task;
use crate::answer::plan::GateAsk;
use crate::catalog::{Catalog, Expect, Gate, Probe, ReleaseId, Upgrades};
use crate::deployment::{Deployment, Node};

/// The things to watch on the nodes that go first.
const CANARY: &str = "errors, latency and memory as before, for as long as you need to trust it";

/// Returns what a policy asks after an action, of those of some nodes whose role the gate is about.
pub(super) fn after(
    task: &Task<'_>,
    deployment: &Deployment,
    action: &str,
    policy: Option<&Upgrades>,
    nodes: &[usize],
    to: ReleaseId,
) -> Vec<GateAsk> {
    let gates = policy.map_or(&[][..], |policy| &policy.gates).iter();
    let asked = gates.filter(|gate| gate.after.iter().any(|after| after == action));
    asked.filter_map(|gate| ask(task.catalog, deployment, gate, nodes, to)).collect()
}

/// Returns the gate that asks to watch the nodes that changed before all others.
pub(super) fn canary(nodes: BTreeSet<usize>) -> GateAsk {
    GateAsk {
        name: "canary".to_owned(),
        nodes: nodes.into_iter().collect(),
        probe: Probe {
            command: "watch the nodes that changed".to_owned(),
            field: None,
            expect: Expect::ByHand(CANARY.to_owned()),
        },
        only_if: None,
        others: Vec::new(),
        why: "these nodes went first to show what the change does".to_owned(),
    }
}

/// Returns why a gate matters, with what its matrix notes about it.
fn why(catalog: &Catalog, gate: &Gate) -> String {
    match &catalog.fact(gate.fact).note {
        Some(note) => format!("{}; {note}", gate.why),
        None => gate.why.clone(),
    }
}

/// Returns the question of a gate to those of some nodes whose role it is about, if there are any.
fn ask(
    catalog: &Catalog,
    deployment: &Deployment,
    gate: &Gate,
    nodes: &[usize],
    to: ReleaseId,
) -> Option<GateAsk> {
    let concerned: Vec<_> = nodes
        .iter()
        .copied()
        .filter(|&node| {
            let role = deployment.nodes[node].role;
            gate.roles.is_empty() || role.is_some_and(|role| gate.roles.contains(&role))
        })
        .collect();
    if concerned.is_empty() && !(nodes.is_empty() && gate.roles.is_empty()) {
        return None;
    }
    let node = concerned.first().map_or("", |&node| deployment.nodes[node].name.as_str());
    let fill = |text: &str| {
        text.replace("{to}", catalog.version(to))
            .replace("{package}", &catalog.package(to.0).name)
            .replace("{node}", node)
            .replace(
                "{to_node}",
                nodes.last().map_or("", |&node| deployment.nodes[node].name.as_str()),
            )
    };
    let filled = |probe: &Probe| Probe {
        command: fill(&probe.command),
        field: probe.field.clone(),
        expect: probe.expect.fill(&fill),
    };
    let others = others(catalog, deployment, &gate.probe.expect, &concerned);
    Some(GateAsk {
        name: gate.name.clone(),
        nodes: concerned,
        only_if: gate.only_if.as_ref().map(filled),
        probe: filled(&gate.probe),
        others,
        why: why(catalog, gate),
    })
}

/// Returns for each node the one that it is compared with: the first of the expected role in its group.
fn others(
    catalog: &Catalog,
    deployment: &Deployment,
    expect: &Expect,
    nodes: &[usize],
) -> Vec<(usize, usize)> {
    let Some((role, _)) = expect.other() else { return Vec::new() };
    let all = &deployment.nodes;
    let plays = |node: &Node| node.role.is_some_and(|known| catalog.role(known).name == role);
    let other = |&node: &usize| {
        let mates = all.iter().position(|mate| mate.group == all[node].group && plays(mate));
        mates.map(|other| (node, other))
    };
    nodes.iter().filter_map(other).collect()
}
