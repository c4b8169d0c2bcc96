//! The published schema of query documents is that of the types: generated, compared, and written with
//! `SKEW_UPDATE=1 cargo test schema`.
#![cfg(test)]

use schemars::generate::SchemaSettings;
use serde_json::json;

use super::QueryFile;

#[test]
fn query_schema_is_current() {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<QueryFile>();
    schema.insert("$id".to_owned(), json!("schemas/query.json"));
    schema.insert("title".to_owned(), json!("Question for skew"));
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/query.json");
    if std::env::var_os("SKEW_UPDATE").is_some() {
        std::fs::write(path, &text).expect("the folder is there");
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(stored == text, "schemas/query.json is not that of the types; run with SKEW_UPDATE=1");
}
