//! Plans: what they come to, and their steps one by one.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use serde_json::{Map, Value, json};

use super::{cite, hop, release};
use crate::answer::plan::{Action, GateAsk, NoPlan, Plan, Rollback, Step};
use crate::catalog::{Catalog, Expect, Probe};
use crate::deployment::Deployment;
use crate::limits::Share;

/// One line, with a space after each comma and colon.
struct OneLine;

impl Formatter for OneLine {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}

/// Writes the steps as the next key of an object.
pub(super) fn steps(
    catalog: &Catalog,
    deployment: &Deployment,
    plan: &Plan,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if plan.steps.is_empty() {
        return write!(out, ",\n  \"steps\": []");
    }
    write!(out, ",\n  \"steps\": [")?;
    for (ix, one) in plan.steps.iter().enumerate() {
        out.write_all(if ix == 0 { b"\n    " } else { b",\n    " })?;
        let value = step(catalog, deployment, ix, one);
        value.serialize(&mut Serializer::with_formatter(&mut *out, OneLine))?;
    }
    write!(out, "\n  ]")
}

/// Adds what a plan comes to, but for its steps.
pub(super) fn plan(
    catalog: &Catalog,
    deployment: &Deployment,
    plan: &Plan,
    object: &mut Map<String, Value>,
) {
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("targets", plan.targets.iter().map(|&target| release(catalog, target)).collect());
    put(
        "summary",
        json!({
            "steps": plan.steps.len(),
            "waves": plan.waves(),
            "restarts": plan.count("upgrade"),
            "switches": plan.count("switch"),
            "downtime": plan.needs_downtime(),
        }),
    );
    if let Some(point) = &plan.point_of_no_return {
        put(
            "point_of_no_return",
            json!({
                "step": point.step + 1,
                "why": point.why,
                "moment": point.moment,
                "evidence": cite(&point.cite),
            }),
        );
    }
    let limits = &plan.limits;
    let most = match limits.max_unavailable {
        Share::Nodes(nodes) => json!(nodes),
        Share::Percent(percent) => json!(format!("{percent}%")),
    };
    put(
        "limits",
        json!({
            "max_unavailable": most,
            "per_zone": limits.per_zone,
            "canary": limits.canary,
        }),
    );
    put("hops", plan.hops.iter().map(|one| hop(catalog, one)).collect());
    put("preflight", plan.preflight.iter().map(|one| gate(deployment, one)).collect());
}

/// Adds that there is no plan.
pub(super) fn no_plan(none: &NoPlan, object: &mut Map<String, Value>) {
    object.insert("steps".to_owned(), json!([]));
    object.insert("alternatives".to_owned(), json!(none.alternatives));
}

fn gate(deployment: &Deployment, gate: &GateAsk) -> Value {
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(gate.name));
    if !gate.nodes.is_empty() {
        let nodes: Vec<_> = gate.nodes.iter().map(|&node| &deployment.nodes[node].name).collect();
        object.insert("nodes".to_owned(), json!(nodes));
    }
    probe(&gate.probe, &mut object);
    if let Expect::ByHand(_) = gate.probe.expect {
        object.insert("by_hand".to_owned(), json!(true));
    }
    if let Some(condition) = &gate.only_if {
        let mut asked = Map::new();
        probe(condition, &mut asked);
        object.insert("only_if".to_owned(), Value::Object(asked));
    }
    if !gate.others.is_empty() {
        let name = |node: usize| deployment.nodes[node].name.clone();
        let others = gate.others.iter().map(|&(node, other)| (name(node), json!(name(other))));
        object.insert("others".to_owned(), Value::Object(others.collect()));
    }
    Value::Object(object)
}

fn probe(probe: &Probe, object: &mut Map<String, Value>) {
    object.insert("command".to_owned(), json!(probe.command));
    if let Some(field) = &probe.field {
        object.insert("field".to_owned(), json!(field));
    }
    object.insert("expect".to_owned(), json!(probe.expect.to_string()));
}

fn step(catalog: &Catalog, deployment: &Deployment, ix: usize, step: &Step) -> Value {
    let mut object = Map::new();
    object.insert("step".to_owned(), json!(ix + 1));
    object.insert("action".to_owned(), json!(step.action.name()));
    action(catalog, deployment, &step.action, &mut object);
    object.insert("hop".to_owned(), json!(step.hop + 1));
    object.insert("wave".to_owned(), json!(step.wave + 1));
    object.insert("allowed_by".to_owned(), json!(step.allowed_by));
    object.insert("gates".to_owned(), step.gates.iter().map(|one| gate(deployment, one)).collect());
    let rollback = match &step.rollback {
        Rollback::Possible(how) => json!({ "possible": true, "how": how }),
        Rollback::Impossible(why) => json!({ "possible": false, "why": why }),
    };
    object.insert("rollback".to_owned(), rollback);
    Value::Object(object)
}

fn action(
    catalog: &Catalog,
    deployment: &Deployment,
    action: &Action,
    object: &mut Map<String, Value>,
) {
    let name = |node: usize| json!(deployment.nodes[node].name);
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    match action {
        Action::Upgrade { node, from, to, with } => {
            put("node", name(*node));
            put("package", json!(catalog.package(to.0).name));
            if from.0 != to.0 {
                put("from_package", json!(catalog.package(from.0).name));
            }
            put("from", json!(catalog.version(*from)));
            put("to", json!(catalog.version(*to)));
            if !with.is_empty() {
                let with = with.iter().map(|&(before, after)| {
                    json!({
                        "package": catalog.package(after.0).name,
                        "from": before.map(|before| catalog.version(before)),
                        "to": catalog.version(after),
                    })
                });
                put("with", with.collect());
            }
        }
        Action::Install { node, from, to } => {
            put("node", name(*node));
            put("package", json!(catalog.package(to.0).name));
            put("from", json!(from.map(|from| catalog.version(from))));
            put("to", json!(catalog.version(*to)));
        }
        Action::Switch { group, from_node, to_node } => {
            put("group", json!(deployment.groups[*group]));
            put("from_node", name(*from_node));
            put("to_node", name(*to_node));
        }
        Action::Stop { node } | Action::Start { node } => put("node", name(*node)),
        Action::Migrate { name, command, message } => {
            put("name", json!(name));
            put("command", json!(command));
            put("message", json!(message));
        }
    }
}
