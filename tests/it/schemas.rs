//! Every file that we ship fits its published schema; what the parser refuses, the schema refuses.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::source::root;

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn schema(name: &str) -> Validator {
    let schema = read(&root().join(format!("schemas/{name}.json")));
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// Returns the JSON files of a folder, sorted; none if there is no such folder.
fn files(folder: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    paths.sort();
    paths
}

fn mistakes(validator: &Validator, path: &Path, value: &Value) -> Vec<String> {
    let errors = validator.iter_errors(value);
    errors.map(|error| format!("{}: {}: {error}", path.display(), error.instance_path())).collect()
}

/// Returns the name of the schema of a file, by what it holds.
fn kind(value: &Value) -> Option<&'static str> {
    if value.get("nodes").is_some() {
        Some("deployment")
    } else if value["command"] == "plan" {
        Some("plan")
    } else if value["kind"] == "lock" {
        Some("lock")
    } else if value.get("sources").is_some() || value.get("packages").is_some() {
        Some("matrix")
    } else {
        None
    }
}

/// The schemas of answers by command, in which every key that they do not name is a mistake.
static STRICT: LazyLock<BTreeMap<String, Validator>> = LazyLock::new(|| {
    let strict = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, jsonschema::validator_for(&closed(read(path))).unwrap())
    };
    files("schemas/answer").iter().map(strict).collect()
});

/// Closes every object but those that are one form of the outermost.
fn closed(mut schema: Value) -> Value {
    let forms = schema["anyOf"].to_string();
    for (name, object) in schema["$defs"].as_object_mut().unwrap() {
        if object["type"] == "object" && !forms.contains(&format!("/{name}\"")) {
            object["unevaluatedProperties"] = json!(false);
        }
    }
    schema["unevaluatedProperties"] = json!(false);
    schema
}

/// Checks a text against the schema of its command, if it is an answer as JSON.
#[track_caller]
pub(crate) fn assert_answer(text: &str) {
    /// Larger ones are of one plan, and of smaller ones there are enough.
    const LARGE: usize = 1 << 20;
    if !text.starts_with("{\n  \"format_version\"") || text.len() > LARGE {
        return;
    }
    assert_value(&serde_json::from_str(text).unwrap());
}

#[track_caller]
fn assert_value(answer: &Value) {
    let command = answer["command"].as_str().unwrap_or("error");
    let schema = STRICT.get(command).unwrap_or_else(|| panic!("no schema for `{command}`"));
    let found = mistakes(schema, Path::new(command), answer);
    assert!(found.is_empty(), "{}\n{answer:#}", found.join("\n"));
}

/// Returns the JSON files of a folder and the folders in it.
fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension() {
            _ if path.is_dir() => found.extend(all_files(&path)),
            Some(ext) if ext == "json" => found.push(path),
            _ => {}
        }
    }
    found
}

#[test]
fn golden_answers_fit_their_schemas() {
    let any = schema("answer");
    let mut count = 0;
    for path in all_files(&root().join("tests")) {
        let text = fs::read_to_string(&path).unwrap();
        if text.starts_with("{\n  \"format_version\"") {
            // Some goldens hold several answers.
            for answer in serde_json::Deserializer::from_str(&text).into_iter::<Value>() {
                let answer = answer.unwrap();
                assert_value(&answer);
                let found = mistakes(&any, &path, &answer);
                assert!(found.is_empty(), "{}", found.join("\n"));
                count += 1;
            }
        }
    }
    assert!(count >= 3, "{count}");
}

#[test]
fn a_key_without_a_schema_is_noticed() {
    let golden = read(&root().join("tests/goldens/cli/diff.json"));
    assert!(STRICT["diff"].is_valid(&golden));
    for place in ["", "/step", "/plugins/0"] {
        let mut more = golden.clone();
        more.pointer_mut(place).unwrap()["novelty"] = json!(1);
        assert!(!STRICT["diff"].is_valid(&more), "{place}");
    }
}

#[test]
fn shipped_matrices_fit_the_schema() {
    let validator = schema("matrix");
    let shipped = [files("matrices"), files("tests/matrices")].concat();
    assert!(shipped.len() >= 5, "{shipped:?}");
    let found: Vec<_> =
        shipped.iter().flat_map(|path| mistakes(&validator, path, &read(path))).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn examples_fit_their_schemas() {
    for path in files("examples") {
        let value = read(&path);
        if let Some(name) = kind(&value) {
            let found = mistakes(&schema(name), &path, &value);
            assert!(found.is_empty(), "{}", found.join("\n"));
        }
    }
}

#[test]
fn schemas_refuse_what_the_parser_refuses() {
    let deployment = schema("deployment");
    let node = |node: Value| json!({ "format": 1, "name": "prod", "nodes": [node] });
    assert!(deployment.is_valid(&node(json!({ "name": "a", "packages": { "valkey": "8.1.1" } }))));
    assert!(!deployment.is_valid(&node(json!({ "name": "a" }))));
    assert!(
        !deployment.is_valid(&node(json!({ "name": "a", "packages": {}, "rolle": "primary" })))
    );
    assert!(!deployment.is_valid(&json!({ "format": 2, "name": "prod", "nodes": [] })));
    let matrix = schema("matrix");
    assert!(matrix.is_valid(&json!({ "format": 1, "name": "toys" })));
    let package = |more: Value| json!({ "format": 1, "name": "toys", "packages": [more] });
    assert!(matrix.is_valid(&package(json!({ "name": "robot", "kind": "core", "scheme": "semver", "releases": [{ "version": "1.0.0", "needs": { "java": { "range": ">=21" } } }] }))));
    assert!(!matrix.is_valid(&package(json!({ "name": "robot", "kind": "kernel" }))));
    assert!(!matrix.is_valid(&package(json!({ "name": "robot", "releases": [{ "version": 1 }] }))));
    assert!(!matrix.is_valid(&package(
        json!({ "name": "robot", "releases": [{ "version": "1", "needs": { "java": {} } }] })
    )));
    let plan = schema("plan");
    assert!(plan.is_valid(&json!({ "format_version": "1.0", "command": "plan", "steps": [{ "action": "stop", "node": "a", "remark": "any" }] })));
    assert!(!plan.is_valid(&json!({ "format_version": "1.0", "command": "check", "steps": [] })));
    let lock = schema("lock");
    let locked = |package: Value| {
        json!({ "format": 1, "kind": "lock", "matrices": [], "packages": [package],
        "request": { "specs": ["robot"], "prefer": "newest" } })
    };
    let robot = json!({ "name": "robot", "version": "1.0.0", "reason": { "asked": "robot" } });
    assert!(lock.is_valid(&locked(robot.clone())));
    for (key, value) in [("version", json!(1)), ("reason", json!("asked")), ("because", json!("x"))]
    {
        let mut wrong = robot.clone();
        wrong[key] = value;
        assert!(!lock.is_valid(&locked(wrong)), "{key}");
    }
    let mut plan_like = locked(robot);
    plan_like["kind"] = json!("plan");
    assert!(!lock.is_valid(&plan_like));
}
