//! Whether a plan may go on.

use serde_json::{Map, Value, json};

use crate::answer::gate::{GateAnswer, GateCheck, GateOutcome};

/// Adds the answer.
pub(super) fn gate(answer: &GateAnswer, object: &mut Map<String, Value>) {
    object.insert("go".to_owned(), json!(answer.is_go()));
    object.insert("step".to_owned(), json!(answer.step));
    object.insert("steps".to_owned(), json!(answer.steps));
    object.insert("checks".to_owned(), answer.checks.iter().map(check).collect());
}

fn check(check: &GateCheck) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("gate", json!(check.gate));
    if let Some(node) = &check.node {
        put("node", json!(node));
    }
    if let Some(probe) = &check.probe {
        put("command", json!(probe.command));
        if let Some(field) = &probe.field {
            put("field", json!(field));
        }
        put("expect", json!(probe.expect.to_string()));
    }
    match &check.outcome {
        GateOutcome::Holds => put("outcome", json!("holds")),
        GateOutcome::Fails(found) => {
            put("outcome", json!("fails"));
            put("found", json!(found));
        }
        GateOutcome::Unanswered(why) => {
            put("outcome", json!("unanswered"));
            put("why", json!(why));
        }
        GateOutcome::NotConcerned => put("outcome", json!("not-concerned")),
        GateOutcome::ByHand => put("outcome", json!("by-hand")),
    }
    Value::Object(object)
}
