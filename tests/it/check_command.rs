//! `check` on deployments in which much is wrong, and on large ones.

use serde_json::{Value, json};

use crate::run::{golden, skew_with};

fn check(deployment: &Value, more: &[&str]) -> crate::run::Run {
    let question = [&["check", "-", "--as-of", "2026-11-20"], more].concat();
    skew_with(&question, &deployment.to_string())
}

fn node(name: &str, role: &str, group: &str, packages: &Value) -> Value {
    json!({ "name": name, "role": role, "group": group, "packages": packages })
}

/// Two primaries, none, unknown roles and versions, plugins that differ or do not fit: findings, each with
/// its effect and when it shows. While rolling, mixed minors are no finding.
#[test]
fn everything_wrong_is_a_finding() {
    let nodes = [
        ("a1", "primary", "two", json!({ "valkey": "9.1.2", "valkey-search": "1.2.1" })),
        ("a2", "primary", "two", json!({ "valkey": "8.1.1" })),
        ("a3", "replica", "two", json!({ "valkey": "8.1.1", "valkey-search": "1.0.2" })),
        ("b1", "replica", "none", json!({ "valkey": "9.9.9" })),
        ("b2", "king", "none", json!({ "valkey": "banana" })),
        ("c1", "primary", "plugin", json!({ "valkey": "8.1.1", "valkey-search": "1.2.1" })),
        ("c2", "replica", "plugin", json!({ "valkey": "8.1.1" })),
    ];
    let nodes = nodes.map(|(name, role, group, packages)| node(name, role, group, &packages));
    let mut deployment = json!({ "format": 1, "name": "messy", "nodes": nodes });
    deployment["features"] = json!(["hash-field-ttl"]);
    let steady = check(&deployment, &[]);
    assert_eq!(steady.status, 1, "{}", steady.stderr);
    golden("cli/check-messy.txt", &steady.stdout);
    let rolling = check(&deployment, &["--rolling"]).stdout;
    assert!(steady.stdout.contains("VALKEY-MINOR") && !rolling.contains("VALKEY-MINOR"));
    assert!(rolling.contains("shows at the next full sync"), "{rolling}");
}

/// What is wrong in the same way in many groups is said once.
#[test]
fn what_many_groups_share_is_said_once() {
    let shard = |shard: usize| -> Vec<Value> {
        let roles = if shard.is_multiple_of(2) {
            ["primary", "primary", "replica"]
        } else {
            ["replica"; 3]
        };
        let search = |ix: usize| match ix {
            2 => json!({ "valkey": "8.1.1" }),
            _ => json!({ "valkey": "8.1.1", "valkey-search": "1.0.2" }),
        };
        let node =
            |(ix, role)| node(&format!("s{shard}n{ix}"), role, &format!("s{shard}"), &search(ix));
        roles.into_iter().enumerate().map(node).collect()
    };
    let nodes: Vec<Value> = (0..200).flat_map(shard).collect();
    let run = check(&json!({ "format": 1, "name": "many", "nodes": nodes }), &["--format", "json"]);
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let findings = answer["findings"].as_array().expect("findings");
    let subjects = |code: &str| -> Vec<&str> {
        let of_code = findings.iter().filter(|finding| finding["code"] == code);
        of_code.filter_map(|finding| finding["subject"].as_str()).collect()
    };
    assert_eq!(
        subjects("group-primary"),
        ["s0 and likewise 99 more groups", "s1 and likewise 99 more groups"]
    );
    assert_eq!(subjects("group-plugins"), ["s0 and likewise 199 more groups"]);
    assert!(run.stdout.len() < 8000, "{}", run.stdout);
}

/// What was withdrawn, or never was a release, has no support; who asks for support gets an error.
#[test]
fn what_no_policy_is_about_has_no_support() {
    let running = |version: &str| {
        let node = node("a1", "primary", "a", &json!({ "valkey": version }));
        json!({ "format": 1, "name": "one", "nodes": [node] })
    };
    for (version, code, status) in [
        ("8.0.8", "release-withdrawn", 0),
        ("9.2.0-rc1", "release-unstable", 0),
        // Nothing is known of the development branch.
        ("255.255.255", "release-unstable", 3),
    ] {
        let plain = check(&running(version), &[]);
        assert_eq!(plain.status, status, "{version}: {}", plain.stdout);
        assert!(plain.stdout.contains(&format!("warning[{code}]")), "{}", plain.stdout);
        let strict = check(&running(version), &["--require-supported"]);
        assert_eq!(strict.status, 1, "{version}: {}", strict.stdout);
        assert!(strict.stdout.contains(&format!("error[{code}]")), "{}", strict.stdout);
    }
}

/// A range never means a development branch, nor a release that was taken back.
#[test]
fn a_range_means_releases() {
    let set = |spec: &str| {
        let run = crate::run::skew(&["resolve", spec, "--format", "json"]);
        let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_default();
        (run.status, answer["selection"][0]["version"].clone())
    };
    assert_eq!(set("valkey@>9.1.2"), (1, Value::Null));
    assert_eq!(set("valkey@>=9.2.0-rc1"), (0, json!("9.2.0-rc1")));
    assert_eq!(set("valkey@>=77"), (2, Value::Null));
    assert_eq!(set("valkey@>8.0.7,<8.0.9"), (1, Value::Null));
    assert_eq!(set("valkey@8.0.8"), (0, json!("8.0.8")));
}
