//! The lock file: what was chosen, from which matrices, and why.
//!
//! Nothing in it depends on the day, the machine or the way to a file, so the same world gives the same
//! bytes and a lock that is written again shows a difference only if there is one. Keys are those of
//! `matrix/raw_lock`.

use serde_json::{Map, Value, json};

use crate::record::{ConstraintRecord, LockRecord, MatrixRecord, PackageRecord, RequestRecord};

/// The version of the file format.
const FORMAT: u64 = 1;

/// Prints a lock, with a line feed at the end.
pub fn text(lock: &LockRecord) -> String {
    let matrices: Vec<_> = lock.matrices.iter().map(matrix_value).collect();
    let packages: Vec<_> = lock.packages.iter().map(package_value).collect();
    let object = json!({
        "format": FORMAT,
        "kind": "lock",
        "request": request_value(&lock.request),
        "matrices": matrices,
        "packages": packages,
    });
    format!("{object:#}\n")
}

fn request_value(request: &RequestRecord) -> Value {
    let mut object = Map::new();
    object.insert("specs".to_owned(), json!(request.specs));
    object.insert("prefer".to_owned(), json!(request.prefer));
    put(&mut object, "as_of", request.as_of.as_ref());
    if !request.installed.is_empty() {
        let installed = request.installed.iter();
        let installed = installed.map(|(name, version)| (name.clone(), json!(version)));
        object.insert("installed".to_owned(), Value::Object(installed.collect()));
    }
    Value::Object(object)
}

fn matrix_value(matrix: &MatrixRecord) -> Value {
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(matrix.name));
    put(&mut object, "as_of", matrix.as_of.as_ref());
    object.insert("sha256".to_owned(), json!(matrix.sha256));
    Value::Object(object)
}

fn package_value(package: &PackageRecord) -> Value {
    let mut reason = Map::new();
    put(&mut reason, "asked", package.asked.as_ref());
    if !package.needed_by.is_empty() {
        reason.insert("needed_by".to_owned(), json!(package.needed_by));
    }
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(package.name));
    object.insert("version".to_owned(), json!(package.version));
    object.insert("reason".to_owned(), Value::Object(reason));
    if !package.bound_by.is_empty() {
        let constraints = package.bound_by.iter().map(constraint_value);
        object.insert("bound_by".to_owned(), constraints.collect());
    }
    Value::Object(object)
}

fn constraint_value(constraint: &ConstraintRecord) -> Value {
    let mut object = Map::new();
    object.insert("package".to_owned(), json!(constraint.package));
    object.insert("kind".to_owned(), json!(constraint.kind.name()));
    object.insert("asks".to_owned(), json!(constraint.asks));
    put(&mut object, "declared", constraint.declared.as_ref());
    object.insert("evidence".to_owned(), json!(constraint.evidence.name()));
    object.insert("source".to_owned(), json!(constraint.source));
    put(&mut object, "url", constraint.url.as_ref());
    Value::Object(object)
}

/// Writes a text down, if there is one.
fn put(object: &mut Map<String, Value>, key: &str, text: Option<&String>) {
    if let Some(text) = text {
        object.insert(key.to_owned(), json!(text));
    }
}
