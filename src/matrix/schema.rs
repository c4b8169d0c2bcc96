//! The published schemas are those of the raw types: generated, compared, and written on demand.
//!
//! `SKEW_UPDATE=1 cargo test schema` writes `schemas/*.json` anew.
#![cfg(test)]

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::plan_file::PlanFile;
use super::raw::Matrix;
use super::raw::deployment::DeploymentFile;
use super::raw::lock::LockText;

/// Returns the schema of a file type, with the keys that a type cannot state.
fn generate<T: JsonSchema>(name: &str, title: &str) -> Schema {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("$id".to_owned(), json!(format!("schemas/{name}.json")));
    schema.insert("title".to_owned(), json!(title));
    let root = schema.ensure_object();
    let only = [
        ("format", json!(super::file::FORMAT)),
        // A matrix and a deployment have no kind.
        ("kind", json!("lock")),
    ];
    for (key, only) in only {
        let stated = root.get_mut("properties").and_then(|keys| keys.get_mut(key));
        if let Some(Value::Object(stated)) = stated {
            stated.retain(|name, _| name == "description");
            stated.insert("const".to_owned(), only);
        }
    }
    schema
}

fn print(schema: &Schema) -> String {
    let mut text = serde_json::to_string_pretty(schema).expect("a schema is JSON");
    text.push('\n');
    text
}

#[track_caller]
fn assert_current(name: &str, schema: &Schema) {
    let path = format!("{}/schemas/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = print(schema);
    if std::env::var_os("SKEW_UPDATE").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas")).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == text, "schemas/{name}.json is not that of the types; run with SKEW_UPDATE=1");
}

#[test]
fn matrix_schema_is_current() {
    assert_current("matrix", &generate::<Matrix<'_>>("matrix", "Matrix of skew"));
}

#[test]
fn deployment_schema_is_current() {
    assert_current(
        "deployment",
        &generate::<DeploymentFile<'_>>("deployment", "Deployment for skew"),
    );
}

/// Plans are published as `report/json` writes them. What is read of one is part of that, and no more is
/// required.
#[test]
fn plan_schema_holds_what_is_read() {
    let published =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/plan.json"));
    let published: Value = serde_json::from_str(&published.unwrap()).unwrap();
    let read = generate::<PlanFile>("plan", "Plan of skew");
    let defs = &read.as_value()["$defs"];
    let objects = [("StepFile", "Step"), ("GateFile", "Gate"), ("WithFile", "With")];
    let objects = objects.map(|(read, written)| (&defs[read], &published["$defs"][written]));
    for (read, written) in [(read.as_value(), &published)].into_iter().chain(objects) {
        assert_eq!(read["required"], written["required"]);
        // Editors write it, no answer has it.
        let keys = read["properties"].as_object().unwrap().keys();
        for key in keys.filter(|key| *key != "$schema") {
            assert!(written["properties"][key].is_object(), "{key}");
        }
    }
}

#[test]
fn lock_schema_is_current() {
    assert_current("lock", &generate::<LockText<'_>>("lock", "Lock of skew"));
}

/// The parser and the schema refuse the same: unknown keys, and keys that are missing.
#[test]
fn objects_are_closed() {
    let lock = generate::<LockText<'_>>("lock", "Lock of skew");
    let keys = ["format", "kind", "request", "matrices", "packages"];
    assert_closed(lock.as_value(), &keys);
    let matrix = generate::<Matrix<'_>>("matrix", "Matrix of skew");
    assert_closed(matrix.as_value(), &["format", "name"]);
}

#[track_caller]
fn assert_closed(value: &Value, required: &[&str]) {
    let kinds = value["$defs"].as_object().unwrap();
    let open: Vec<_> = kinds
        .iter()
        .filter(|(_, kind)| kind["type"] == "object")
        .filter(|(_, kind)| kind["additionalProperties"] != Value::Bool(false))
        .map(|(name, _)| name)
        .collect();
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(value["additionalProperties"], Value::Bool(false));
    assert_eq!(value["required"], json!(required));
}
