//! Plugin binaries for programs.

use serde_json::{Map, Value, json};

use super::finding;
use crate::answer::inspect::{Inspected, Loading, word};
use crate::binary::{ExtensionFile, NoFooter};

pub(super) fn file(inspected: &Inspected) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("path", json!(inspected.path));
    put("kind", json!(kind(&inspected.file)));
    put("facts", facts(&inspected.file));
    put("verdict", json!(inspected.verdict.name()));
    put("engines", inspected.asked.iter().map(engine).collect());
    if !inspected.known.is_empty() {
        put("known", inspected.known.iter().map(engine).collect());
    }
    put("findings", inspected.findings().map(finding).collect());
    Value::Object(object)
}

fn kind(file: &ExtensionFile) -> &'static str {
    if file.footer.is_ok() { "duckdb-extension" } else { "unknown" }
}

fn facts(file: &ExtensionFile) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("size", json!(file.size));
    put("file", json!(file.kind.name()));
    put("entries", json!(file.entries));
    match &file.footer {
        Ok(footer) => {
            put("abi", json!(footer.abi));
            put("built_for", json!(footer.built_for));
            put("platform", json!(footer.platform));
            put("extension_version", json!(footer.extension_version));
            put("signature", json!(footer.signature.name()));
            put("framed", json!(footer.framed));
        }
        Err(NoFooter::Short) => put("no_footer", json!("short")),
        Err(NoFooter::Magic(magic)) => {
            put("no_footer", json!("magic"));
            put("magic", json!(magic));
        }
    }
    Value::Object(object)
}

fn engine(loading: &Loading) -> Value {
    let checks: Vec<_> = loading.findings.iter().map(|finding| finding.code.as_str()).collect();
    json!({
        "engine": loading.engine,
        "platform": loading.platform,
        "verdict": loading.verdict.name(),
        "outcome": word(loading.verdict),
        "checks": checks,
    })
}
