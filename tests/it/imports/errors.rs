//! What is wrong with a file is shown where it stands, with what was expected.

use crate::run::{golden, skew_with};

/// The smallest files that are wrong in one way, or in several.
const WRONG: &[(&str, &str)] = &[
    ("kubernetes", ""),
    ("kubernetes", "{ \"kind\": "),
    ("kubernetes", "[]"),
    ("kubernetes", "{ \"kind\": \"List\" }"),
    (
        "kubernetes",
        "{ \"kind\": \"List\", \"items\": [\n  { \"kind\": \"Pod\" },\n  7,\n  { \"kind\": \"Pod\", \"metadata\": { \"name\": 1 }, \"spec\": {} } ] }",
    ),
    (
        "kubernetes",
        "{ \"kind\": \"Pod\", \"metadata\": { \"name\": \"a\" }, \"spec\": { \"containers\": [\n  { \"name\": \"x\", \"image\": \"redis:7\", \"ports\": [ { \"containerPort\": 70000 } ] } ] },\n  \"status\": { \"podIP\": \"10.0.0.1\" } }",
    ),
    ("cyclonedx", "{}"),
    ("cyclonedx", "{ \"bomFormat\": \"Other\" }"),
    ("cyclonedx", "{ \"bomFormat\": \"CycloneDX\", \"components\": [ 1,\n  { \"purl\": [] } ] }"),
    ("spdx", "{ \"name\": \"x\" }"),
    (
        "spdx",
        "{ \"spdxVersion\": \"SPDX-2.3\", \"packages\": [ { \"externalRefs\": [\n  { \"referenceType\": \"purl\" } ] } ] }",
    ),
    ("kestra-compatibility", "{}"),
    (
        "kestra-compatibility",
        "[ { \"groupId\": \"io.kestra.plugin\" },\n  { \"groupId\": \"io.kestra.plugin\", \"artifactId\": \"plugin-aws\", \"versions\": [] } ]",
    ),
    ("duckdb-extensions", ""),
    ("duckdb-extensions", "name,loaded\nfts,true\n"),
    (
        "duckdb-extensions",
        "extension_name,loaded,installed,install_path\nfts,true\n,true,true,\nfts,maybe,true,\nfts,\"true,true,\n",
    ),
    (
        "duckdb-extensions",
        "{\"extension_name\":\"fts\"}\n{\"extension_name\":\"fts\",\"loaded\":2,\"installed\":true}\n",
    ),
    ("duckdb-extensions", "\u{feff}[ 1, \"\u{1b}[31m\" ]"),
];

#[test]
fn every_mistake_is_shown() {
    let mut texts = Vec::new();
    for (format, text) in WRONG {
        let run = skew_with(&["import", format, "-"], text);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{format} {text}");
        texts.push(format!("--- {format}\n{}\n=>\n{}", text.escape_debug(), run.stderr));
    }
    golden("import/errors.txt", &texts.join("\n"));
}
