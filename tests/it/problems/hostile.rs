//! Files that are broken on purpose or by accident: a problem, no panic, and quickly.

use std::fs;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use skew::finding::Severity;
use skew::matrix::{self, Input, Inventory, LockFile};

use super::{lint, lint_deployment, packages, toys};
use crate::source::root;

/// More than any of these files takes in a build without optimization, by far.
const QUICKLY: Duration = Duration::from_secs(20);

/// Returns the first problem of a hostile file and how many there are.
#[track_caller]
fn first(text: impl AsRef<[u8]>) -> String {
    let begun = Instant::now();
    let all = lint(text);
    assert!(begun.elapsed() < QUICKLY, "took {:?}", begun.elapsed());
    let lines = all.lines().count();
    let first = all.lines().next().unwrap_or_default();
    format!("{lines}: {first}")
}

#[test]
fn a_file_of_fifty_megabytes() {
    insta::assert_snapshot!(first(vec![b' '; 50_000_000]), @"1: error too-large - the file has more than 33554432 bytes (32 MiB)");
    insta::assert_snapshot!(first("x".repeat(30_000_000)), @"1: error syntax 1:1 expected a JSON object, which begins with `{`, found `x` «x»");
}

#[test]
fn deep_nesting() {
    insta::assert_snapshot!(first("[".repeat(10_000)), @"1: error shape 1:1 expected a JSON object, which begins with `{`, found `[` «[»");
    insta::assert_snapshot!(first("{\"format\":".repeat(10_000)), @"1: error syntax 1:100000 expected a value, found the end of the file (the file looks cut off) «:»");
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    insta::assert_snapshot!(first(toys(&format!("\"roles\": {deep}"))), @"1: error shape 9:11 expected an object, found an array «[»");
    insta::assert_snapshot!(first(toys(&format!("\"depth\": {deep}"))), @"1: error unknown-key 9:2 unknown key `depth` (the keys here are format, name, title, as_of, extends, sources, packages, requirements, features, contracts, relies, interfaces, offers, needs, roles, relations, skew, upgrades, families, lifecycle, trains) «depth»");
    insta::assert_snapshot!(first(packages(&format!(r#"{{ "name": {deep}, "kind": "core" }}"#))), @"1: error shape 2:11 expected a string, found an array «[»");
    let objects = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    insta::assert_snapshot!(first(toys(&format!("\"lifecycle\": [{objects}]"))), @"3: error shape 9:15 missing key `package` «{»");
}

#[test]
fn strange_text() {
    insta::assert_snapshot!(first("\0"), @r"1: error syntax 1:1 expected a JSON object, which begins with `{`, found `\0` «\0»");
    insta::assert_snapshot!(first("{ \"format\": 1, \"na\0me\": 2 }"), @r"1: error syntax 1:19 control character (\u0000-\u001F) found while parsing a string «\0»");
    insta::assert_snapshot!(first(r#"{ "format": 1, "name": "a\ud800b" }"#), @r#"1: error shape 1:24 unexpected end of hex escape «\"a\\ud800b\"»"#);
    insta::assert_snapshot!(first(r#"{ "format": 1, "name": "a\u0000b" }"#), @r"1: error name 1:25 expected a matrix name of letters, digits, `-`, `_` and `.`, found `a\0b` «a\\u0000b»");
    insta::assert_snapshot!(first(r#"{ "format": 1, "na\u001b[31mme": "x", "name": "x" }"#), @r"1: error unknown-key 1:17 unknown key `na\u{1b}[31mme` (the keys here are format, name, title, as_of, extends, sources, packages, requirements, features, contracts, relies, interfaces, offers, needs, roles, relations, skew, upgrades, families, lifecycle, trains) «na\\u001b[31mme»");
    insta::assert_snapshot!(first(b"\xff\xfe{\0}\0"), @"1: error encoding 1:1 expected UTF-8, found the byte 0xff «�»");
    insta::assert_snapshot!(first("\u{feff}\u{feff}{}"), @r"1: error syntax 1:1 expected a JSON object, which begins with `{`, found `\u{feff}` «\u{feff}»");
    insta::assert_snapshot!(first(packages(&format!(r#"{{ "name": "{}", "kind": "core", "scheme": "semver", "source": "docs" }}"#, "a".repeat(101)))), @"1: error name 2:12 expected a package name of letters, digits, `-`, `_` and `.`, found `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…` «aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa»");
}

#[test]
fn huge_numbers() {
    let digits = "9".repeat(100_000);
    assert!(first(format!(r#"{{ "format": {digits}, "name": "x" }}"#)).contains("format 1:13"));
    insta::assert_snapshot!(first(r#"{ "format": 1e999, "name": "x" }"#), @"1: error format 1:13 expected format 1, found 1e999 (a newer release of skew may read this file) «1e999»");
    insta::assert_snapshot!(first(r#"{ "format": -1, "name": "x" }"#), @"1: error format 1:13 expected format 1, found -1 (a newer release of skew may read this file) «-1»");
    insta::assert_snapshot!(first(r#"{ "format": 1.0, "name": "x" }"#), @"1: error format 1:13 expected format 1, found 1.0 (a newer release of skew may read this file) «1.0»");
    insta::assert_snapshot!(first(packages(r#"{ "name": "robot", "kind": "core", "scheme": "natural", "source": "docs", "releases": [{ "version": "99999999999999999999.1" }] }"#)), @"1: error version 2:102 expected a natural version such as `2.0.0-rc9`, found `99999999999999999999.1`: a number is too large «99999999999999999999.1»");
    insta::assert_snapshot!(first(toys(r#""families": [{ "name": "f", "core": "robot", "members": ["arm"], "maps": [{ "core": "1.x", "member": "{x+99999999999999999999}" }], "source": "docs" }]"#)), @"1: error rule 9:103 expected a pattern such as `0.{x+16}.y`, found `{x+99999999999999999999}` «{x+99999999999999999999}»");
    insta::assert_snapshot!(first(toys(r#""lifecycle": [{ "package": "robot", "line": "major", "source": "docs", "rules": [{ "phase": "active", "applies_to": "all", "years": 70000 }] }]"#)), @"1: error shape 9:133 expected a whole number below 65536, found `70000` «70000»");
}

#[test]
fn the_longest_life_does_not_overflow() {
    let text = toys(
        r#""lifecycle": [{ "package": "robot", "line": "major", "source": "docs", "rules": [{ "phase": "active", "applies_to": "all", "years": 65535 }] }]"#,
    );
    assert_eq!(lint(text), "");
}

#[test]
fn many_mistakes_cost_no_more_than_a_large_file() {
    let keys: Vec<_> = (0..300_000).map(|ix| format!("\"k{ix}\":0")).collect();
    insta::assert_snapshot!(first(toys(&keys.join(","))), @"1001: error unknown-key 9:2 unknown key `k0` (the keys here are format, name, title, as_of, extends, sources, packages, requirements, features, contracts, relies, interfaces, offers, needs, roles, relations, skew, upgrades, families, lifecycle, trains) «k0»");
    let same: Vec<_> = (0..300_000).map(|_| "\"k\":0").collect();
    insta::assert_snapshot!(first(toys(&same.join(","))), @"1001: error unknown-key 9:2 unknown key `k` (the keys here are format, name, title, as_of, extends, sources, packages, requirements, features, contracts, relies, interfaces, offers, needs, roles, relations, skew, upgrades, families, lifecycle, trains) «k»");
    let unknown: Vec<_> = (0..50_000)
        .map(|ix| format!(r#"{{ "package": "p\u00{:02x}{ix}", "needs": "q{ix}", "range": "*", "source": "x{ix}" }}"#, 48 + ix % 10))
        .collect();
    insta::assert_snapshot!(first(toys(&format!("\"requirements\": [{}]", unknown.join(",")))), @r"1001: error unknown-package 9:32 no package is named `p00` «p\\u00300»");
    let listed: Vec<_> = (0..100_000).map(|ix| format!(r#"{{ "version": "v{ix}" }}"#)).collect();
    assert_eq!(
        first(packages(&format!(
            r#"{{ "name": "platform", "kind": "platform", "scheme": "listed", "source": "docs", "releases": [{}] }}"#,
            listed.join(",")
        ))),
        "0: "
    );
}

#[test]
fn a_crowd_of_warnings_does_not_hide_an_error() {
    let empty: Vec<_> = (0..1500)
        .map(|ix| format!(r#"{{ "package": "arm", "releases": "<0.0.{ix}", "needs": "robot", "range": "*", "source": "docs" }}"#))
        .collect();
    let text = toys(&format!(
        r#""requirements": [{}], "skew": [{{ "code": "X", "relation": "none", "rule": "r", "severity": "error", "message": "m", "source": "docs" }}]"#,
        empty.join(",\n")
    ));
    let input = Input { name: "toys.json", bytes: text.as_bytes() };
    let problems = matrix::load(&[input], &[]).problems;
    assert!(problems.has_errors());
    let warnings = problems.list.iter().filter(|problem| problem.severity == Severity::Warning);
    assert_eq!(warnings.count(), 1001, "and one that says that there are more");
}

#[test]
fn a_deployment_with_many_mistakes() {
    let begun = Instant::now();
    let packages: Vec<_> = (0..200_000).map(|_| r#""robot":"1""#).collect();
    let text = format!(
        r#"{{ "format": 1, "name": "prod", "nodes": [{{ "name": "a", "packages": {{ {} }} }}] }}"#,
        packages.join(",")
    );
    let all = lint_deployment(&text);
    assert!(begun.elapsed() < QUICKLY, "took {:?}", begun.elapsed());
    assert_eq!(all.lines().count(), 1001);
}

fn valkey() -> Vec<u8> {
    fs::read(root().join("matrices/valkey.json")).unwrap()
}

const DEPLOYMENT: &str = r#"{ "format": 1, "name": "prod-cache", "features": ["hash-field-ttl"],
  "nodes": [ { "name": "a1", "role": "primary", "group": "shard-a", "zone": "az1", "packages": { "valkey": "8.1.1", "valkey-search": "1.0.2" } },
             { "name": "a\u00e42", "role": "replica", "group": "shard-a", "zone": "az2", "packages": { "valkey": "8.1.1" } } ] }"#;

const LOCK: &str = r#"{ "format": 1, "kind": "lock", "request": { "specs": ["valkey@9.1", "valkey-search"], "prefer": "newest", "as_of": "2026-11-20", "installed": { "valkey": "8.1.1" } },
  "matrices": [ { "name": "valkey", "as_of": "2026-11-20", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } ],
  "packages": [ { "name": "valkey", "version": "9.1.2", "reason": { "asked": "valkey@9.1", "needed_by": ["valkey-search"] },
                  "bound_by": [ { "package": "valkey-search", "kind": "requires", "asks": "valkey >=9.0.1", "declared": "\u00e4", "evidence": "enforced", "source": "Docs", "url": "https://example.org" } ] },
                { "name": "valkey-search", "version": "1.2.1", "reason": { "asked": "valkey-search" } } ] }"#;

/// Reads a lock and, if it can be read, judges it against the shipped matrix; the places of problems
/// lie in the text.
fn judge(bytes: &[u8], catalog: &skew::catalog::Catalog) -> bool {
    matrix::written(bytes);
    let problems = match LockFile::parse(Input { name: "x", bytes }) {
        Ok(file) => {
            let record = file.record();
            skew::verify::verify_lock(catalog, &record, &record.matrices);
            file.check_matrices(catalog).err().unwrap_or_default()
        }
        Err(problems) => {
            assert!(problems.has_errors());
            problems
        }
    };
    for problem in &problems.list {
        let span = problem.span.clone().unwrap_or(0..0);
        assert!(problems.files[0].1.get(span).is_some(), "{problem:?}");
    }
    problems.has_errors()
}

/// Loads a matrix; whatever it says, its places lie in the text.
fn load(bytes: &[u8]) -> bool {
    let input = Input { name: "x", bytes };
    let loaded = matrix::load(&[input], &[]);
    for problem in &loaded.problems.list {
        let text = &loaded.problems.files[problem.file].1;
        let span = problem.span.clone().unwrap_or(0..0);
        assert!(text.get(span).is_some(), "{problem:?}");
    }
    loaded.problems.has_errors()
}

/// Reads a deployment against the shipped matrix.
fn read(bytes: &[u8], catalog: &skew::catalog::Catalog) -> bool {
    match Inventory::parse(Input { name: "x", bytes }) {
        Ok(inventory) => {
            let deployment = inventory.resolve(catalog);
            deployment.findings.is_empty()
        }
        Err(problems) => {
            assert!(problems.has_errors());
            true
        }
    }
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let whole = toys(r#""roles": [{ "name": "händ", "runs": ["robot"], "source": "docs" }]"#);
    for length in 0..whole.trim_end().len() {
        assert!(load(&whole.as_bytes()[..length]), "cut at {length}");
    }
    let valkey = valkey();
    for length in (0..valkey.trim_ascii_end().len()).step_by(997) {
        assert!(load(&valkey[..length]), "cut at {length}");
    }
    for length in 0..DEPLOYMENT.len() {
        let input = Input { name: "x", bytes: &DEPLOYMENT.as_bytes()[..length] };
        assert!(Inventory::parse(input).is_err(), "cut at {length}");
    }
    let catalog = matrix::load(&[Input { name: "valkey", bytes: &valkey }], &[]).catalog;
    assert!(!judge(LOCK.as_bytes(), &catalog));
    for length in 0..LOCK.len() {
        assert!(judge(&LOCK.as_bytes()[..length], &catalog), "cut at {length}");
    }
}

/// A change of a file: where, as a share of its length, and what.
#[derive(Debug, Clone)]
enum Change {
    Flip(f64, u8),
    Delete(f64, usize),
    Insert(f64, String),
    Cut(f64),
    Double(f64, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let json = prop::sample::select(vec![
        "\"", "{", "}", "[", "]", ",", ":", "\\", "\\u", "\\ud800", "null", "-", "1e400", "0",
        "\0", "é", "\u{feff}", "\n", "self", "..=", "*", ">=",
    ]);
    prop_oneof![
        (0.0..1.0, any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        (0.0..1.0, 1..200_usize).prop_map(|(at, length)| Change::Delete(at, length)),
        (0.0..1.0, json).prop_map(|(at, text)| Change::Insert(at, text.to_owned())),
        (0.5..1.0).prop_map(Change::Cut),
        (0.0..1.0, 1..2000_usize).prop_map(|(at, length)| Change::Double(at, length)),
    ]
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "any place near the share will do"
)]
fn place(share: f64, length: usize) -> usize {
    ((share * length as f64) as usize).min(length)
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let length = bytes.len();
    match change {
        Change::Flip(at, byte) => {
            if let Some(old) = bytes.get_mut(place(*at, length)) {
                *old = *byte;
            }
        }
        Change::Delete(at, count) => {
            let at = place(*at, length);
            bytes.drain(at..(at + count).min(length));
        }
        Change::Insert(at, text) => {
            let at = place(*at, length);
            bytes.splice(at..at, text.bytes());
        }
        Change::Cut(at) => bytes.truncate(place(*at, length)),
        Change::Double(at, count) => {
            let at = place(*at, length);
            let piece = bytes[at..(at + count).min(length)].to_vec();
            bytes.splice(at..at, piece);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_changed_matrix_never_panics(changes in prop::collection::vec(change(), 1..4)) {
        let mut bytes = valkey();
        for change in &changes {
            apply(&mut bytes, change);
        }
        load(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_changed_deployment_never_panics(changes in prop::collection::vec(change(), 1..4)) {
        let mut bytes = DEPLOYMENT.as_bytes().to_vec();
        for change in &changes {
            apply(&mut bytes, change);
        }
        CATALOG.with(|catalog| read(&bytes, catalog));
    }

    #[test]
    fn a_changed_lock_never_panics(changes in prop::collection::vec(change(), 1..4)) {
        let mut bytes = LOCK.as_bytes().to_vec();
        for change in &changes {
            apply(&mut bytes, change);
        }
        CATALOG.with(|catalog| judge(&bytes, catalog));
    }

    #[test]
    fn a_lock_of_any_words_never_panics(words in prop::collection::vec(word(), 8)) {
        let mut text = LOCK.to_owned();
        let places = ["valkey@9.1\"", "8.1.1", "9.1.2", "valkey-search\"]", "1.2.1", ">=9.0.1", "newest", "Docs"];
        for (place, word) in places.iter().zip(&words) {
            let quoted = serde_json::to_string(word).unwrap();
            let keep: String = place.chars().filter(|c| matches!(c, '"' | ']')).collect();
            text = text.replace(place, &format!("{}{keep}", &quoted[1..quoted.len() - 1]));
        }
        CATALOG.with(|catalog| judge(text.as_bytes(), catalog));
    }
}

thread_local! {
    static CATALOG: skew::catalog::Catalog = {
        let bytes = valkey();
        matrix::load(&[Input { name: "valkey", bytes: &bytes }], &[]).catalog
    };
}

/// Words that stand for names, versions and ranges, most of them nonsense.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[<>=!~^@,.*v0-9 -]{0,12}",
        prop::sample::select(vec![
            "",
            "@",
            "valkey@",
            "valkey@@",
            "valkey@>=9,<8",
            "valkey@9.1.2@1",
            "redis",
            "valkey",
            "99999999999999999999999",
            "9.1.x",
            "[9,",
            "\u{202e}9",
        ])
        .prop_map(ToOwned::to_owned),
    ]
}
