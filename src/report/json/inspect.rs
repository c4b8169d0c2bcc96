//! Inspected files for programs.

use serde_json::{Map, Value, json};

use super::finding;
use crate::answer::inspect::{Inspected, Loading};
use crate::report::artifact::Words;

pub(super) fn file(inspected: &Inspected) -> Value {
    let words = Words::of(inspected);
    let engine = |loading: &Loading| engine(&words, loading);
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("path", json!(inspected.path));
    put("kind", json!(words.kind));
    put("facts", Value::Object(words.facts.clone()));
    put("verdict", json!(inspected.verdict.name()));
    put("engines", inspected.asked.iter().map(engine).collect());
    if !inspected.known.is_empty() {
        put("known", inspected.known.iter().map(engine).collect());
    }
    put("findings", inspected.findings().map(finding).collect());
    Value::Object(object)
}

fn engine(words: &Words, loading: &Loading) -> Value {
    let checks: Vec<_> = loading.findings.iter().map(|finding| finding.code.as_str()).collect();
    json!({
        "engine": loading.engine,
        "platform": loading.platform,
        "verdict": loading.verdict.name(),
        "outcome": words.outcome(loading.verdict),
        "checks": checks,
    })
}
