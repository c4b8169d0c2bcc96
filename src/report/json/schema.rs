//! The published schemas of answers are those of the views: generated, compared, and written on demand.
//!
//! `SKEW_UPDATE=1 cargo test --lib report::json::schema` writes `schemas/answer.json`, `schemas/answer/*.json`
//! and `schemas/plan.json` anew.
#![cfg(test)]

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use super::deployment::ImportView;
use super::diff::DiffView;
use super::envelope::{CheckView, CommandAnswer, Envelope, PairView, Remarked};
use super::gate::GateAnswerView;
use super::grid::GridView;
use super::inspect::InspectView;
use super::package::ListView;
use super::path::PathView;
use super::picture::PictureView;
use super::plan::PlanView;
use super::problems::{FailureView, LintView};
use super::sets::{ResolveView, SetsView};
use super::support::SupportView;
use super::train::TrainReportView;

/// Keys that a plan must have for `verify`; whoever writes one may leave the others out.
const READ: [(&str, &[&str]); 6] = [
    ("", &["format_version", "command", "steps"]),
    ("Step", &["action"]),
    ("With", &["package", "to"]),
    ("Gate", &["name"]),
    ("Limits", &[]),
    ("Probe", &["command", "expect"]),
];

fn root<T: JsonSchema>(path: &str, title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema: Schema = settings.into_generator().into_root_schema_for::<Envelope<T>>();
    let file = path.rsplit('/').next().unwrap_or(path);
    schema.insert("$id".to_owned(), json!(format!("{file}.json")));
    schema.insert("title".to_owned(), json!(title));
    schema.remove("description");
    // Views are no business of those who read the schema.
    let text = schema.as_value().to_string().replace("View\"", "\"").replace("SidesView", "Sides");
    serde_json::from_str(&text).unwrap()
}

fn answer<T: JsonSchema>(command: &str) -> (String, Value) {
    let path = format!("answer/{command}");
    let mut schema = root::<CommandAnswer<'_, T>>(&path, &format!("Answer of skew {command}"));
    schema["properties"]["command"] = json!({ "const": command });
    (path, schema)
}

fn remarked<T: JsonSchema>(command: &str) -> (String, Value) {
    answer::<Remarked<'_, T>>(command)
}

/// Returns the schema of each answer with its path below `schemas`.
fn answers() -> Vec<(String, Value)> {
    vec![
        remarked::<CheckView<'_>>("check"),
        remarked::<DiffView<'_>>("diff"),
        ("answer/error".to_owned(), root::<FailureView<'_>>("answer/error", "Failure of skew")),
        remarked::<GateAnswerView<'_>>("gate"),
        answer::<PictureView<'_>>("graph"),
        remarked::<GridView<'_>>("grid"),
        remarked::<ImportView<'_>>("import"),
        remarked::<InspectView<'_>>("inspect"),
        answer::<LintView<'_>>("lint"),
        remarked::<ListView<'_>>("list"),
        remarked::<PairView<'_>>("pair"),
        remarked::<PathView<'_>>("path"),
        remarked::<PlanView<'_>>("plan"),
        remarked::<ResolveView<'_>>("resolve"),
        remarked::<SetsView<'_>>("sets"),
        remarked::<SupportView<'_>>("support"),
        remarked::<TrainReportView<'_>>("train"),
        remarked::<CheckView<'_>>("verify"),
    ]
}

/// Returns the schema of any answer, which holds the others, so that it can be used by itself.
fn union(answers: &[(String, Value)]) -> Value {
    let id = |path: &str| json!(format!("{path}.json"));
    let refs: Vec<_> = answers.iter().map(|(path, _)| json!({ "$ref": id(path) })).collect();
    let held = answers.iter().map(|(path, schema)| {
        let mut schema = schema.clone();
        schema["$id"] = id(path);
        (path.trim_start_matches("answer/").to_owned(), schema)
    });
    let held: Map<String, Value> = held.collect();
    json!({
        "$id": "answer.json",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Answer of skew",
        "description": "What any command prints with `--format json`.",
        "oneOf": refs,
        "$defs": held,
    })
}

/// Returns the schema of plans as `verify` reads them.
fn plan() -> Value {
    let (_, mut schema) = remarked::<PlanView<'_>>("plan");
    schema["$id"] = json!("plan.json");
    schema["title"] = json!("Plan of skew");
    for (name, keys) in READ {
        let object = if name.is_empty() { &mut schema } else { &mut schema["$defs"][name] };
        assert!(object["properties"].is_object(), "{name}");
        object["required"] = json!(keys);
    }
    schema
}

fn all() -> Map<String, Value> {
    let answers = answers();
    let union = ("answer".to_owned(), union(&answers));
    [union, ("plan".to_owned(), plan())].into_iter().chain(answers).collect()
}

#[test]
fn answer_schemas_are_current() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas");
    for (name, schema) in all() {
        let text = format!("{schema:#}\n");
        let path = format!("{folder}/{name}.json");
        if std::env::var_os("SKEW_UPDATE").is_some() {
            std::fs::create_dir_all(format!("{folder}/answer")).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            stored == text,
            "schemas/{name}.json is not that of the views; run with SKEW_UPDATE=1"
        );
    }
}
