//! What is no answer and what is no version: neither is taken for one.

use crate::run::{golden, root, skew, skew_with};

const FOLDER: &str = "tests/data/valkey";

fn real(name: &str) -> String {
    std::fs::read_to_string(root().join(FOLDER).join(name)).unwrap()
}

/// Answers that are too short to be known by themselves are read with the others of their set.
#[test]
fn a_set_of_answers_is_known_as_a_whole() {
    let listed = std::fs::read_dir(root().join(FOLDER)).unwrap();
    let names = listed.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = names.filter(|name| name.starts_with("mixedcluster_"));
    let mut files: Vec<String> = names.map(|name| format!("{FOLDER}/{name}")).collect();
    files.sort();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let named = skew(&[&["import", "valkey"], files.as_slice()].concat());
    let guessed = skew(&[&["import"], files.as_slice()].concat());
    assert_eq!((guessed.status, &guessed.stdout), (0, &named.stdout), "{}", guessed.stderr);
    let alone = files.iter().filter(|file| skew(&["import", file]).status != 0);
    let blank = |file: &&str| {
        real(file.trim_start_matches(FOLDER).trim_start_matches('/')).trim().is_empty()
    };
    assert!(alone.copied().all(|file| blank(&file)), "only what is blank is not known alone");
    let keyspace = format!("{FOLDER}/valkey-9.1.2_info_keyspace_with_hash_field_ttl.txt");
    assert_eq!(skew(&["import", &keyspace]).status, 0);
    let strange = skew(&["import", "Cargo.toml", "clippy.toml"]);
    assert!(strange.stderr.contains("nor do 1 more"), "{}", strange.stderr);
}

#[test]
fn what_is_no_answer_makes_no_node() {
    let pods = std::fs::read_to_string(root().join("tests/data/import/kubernetes/cache.json"));
    let pods = pods.unwrap();
    let files = ["", "\n", &pods, "{\"a-b\": {\"c\": 1}}", "# Notes\nport: 1\n", "key: value\n"];
    for text in files {
        let run = skew_with(&["import", "valkey", "-"], text);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{text}");
        assert!(run.stderr.contains("error[shape]: expected the output of INFO"), "{text}");
    }
    for text in
        ["{\"maxmemory-policy\": \"noeviction\", \"port\": 1}", "user default on ~* +@all\n"]
    {
        assert_eq!(skew_with(&["import", "valkey", "-"], text).status, 0, "{text}");
    }
}

#[test]
fn what_is_doubtful_is_said() {
    let info = real("mixedcluster_7001_v7.2.7_info_all.txt");
    let cut = &info[..3000];
    let evil = info.replace("role:", "role:evil\u{7}");
    let escape = info.replace("valkey_version:7.2.7", "valkey_version:7.2.7\u{1b}[31m");
    let huge =
        info.replace("valkey_version:7.2.7", &format!("valkey_version:{}", "7".repeat(1 << 22)));
    let nameless =
        info.replace("valkey_version:7.2.7\r\n", "").replace("valkey_version:7.2.7\n", "");
    let named = nameless.replace("redis_version:", "server_name:valkey\nredis_version:");
    let tagged = r#"{ "kind": "Pod", "metadata": { "name": "a" }, "spec": { "containers": [
        { "name": "x", "image": "valkey/valkey:8.1.1\u001b]0;x\u0007" } ] } }"#;
    let asked: [(&str, &str); 6] = [
        ("valkey", cut),
        ("valkey", &evil),
        ("valkey", &escape),
        ("valkey", &huge),
        ("valkey", &named),
        ("kubernetes", tagged),
    ];
    let mut texts = Vec::new();
    for (format, text) in asked {
        let run = skew_with(&["import", format, "-"], text);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stdout.len() < 2_000 && run.stderr.len() < 4_000);
        texts.push(run.stderr + &run.stdout);
    }
    golden("import/doubtful.txt", &texts.join("\n"));
}

#[test]
fn nothing_is_not_compatible() {
    let run = skew_with(&["check", "-"], r#"{ "format": 1, "name": "x", "nodes": [] }"#);
    assert!(run.stdout.starts_with("unknown: x, 0 nodes"), "{}", run.stdout);
    assert!(run.stdout.contains("nodes-missing"), "{}", run.stdout);
}

/// An image that holds several packages is each of them, if the matrix says which releases.
#[test]
fn images_of_the_vendors_are_known() {
    let pod = |image: &str| {
        format!(
            r#"{{ "kind": "Pod", "metadata": {{ "name": "a" }}, "spec": {{ "containers": [
            {{ "name": "x", "image": "{image}" }} ] }} }}"#
        )
    };
    let import = |image: &str| skew_with(&["import", "kubernetes", "-"], &pod(image));
    let bundle = import("valkey/valkey-bundle:9.0.1").stdout;
    for part in [r#""valkey":"9.0.3""#, r#""valkey-search":"1.0.2""#, r#""valkey-bundle":"9.0.1""#]
    {
        assert!(bundle.contains(part), "{bundle}");
    }
    for image in ["valkey/valkey-bundle:9.1-alpine", "valkey/valkey-bundle:9.0.77"] {
        let run = import(image);
        assert!(run.stdout.contains(r#""valkey":"unknown""#), "{}", run.stdout);
        assert!(run.stderr.contains("warning[version-unknown]"), "{}", run.stderr);
    }
    let flows = import("registry.kestra.io/docker/kestra-ee:1.0.3").stdout;
    assert!(flows.contains(r#""kestra":"1.0.3""#), "{flows}");
}
