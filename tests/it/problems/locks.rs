//! Lock files of the wrong shape, and the text of every answer.

use skew::matrix::{Input, LockFile, Problems, Written, sha256, written};

use super::{print, toys};
use crate::support::catalog;

/// A lock with more or other keys in its parts.
fn lock(request: &str, matrices: &str, packages: &str) -> String {
    format!(
        "{{ \"format\": 1, \"kind\": \"lock\",\n  \"request\": {{ {request} }},\n  \"matrices\": [{matrices}],\n  \"packages\": [{packages}] }}"
    )
}

const REQUEST: &str = r#""specs": ["robot"], "prefer": "newest""#;
const PACKAGE: &str = r#"{ "name": "robot", "version": "2.0.0", "reason": { "asked": "robot" } }"#;

fn matrix(more: &str) -> String {
    format!(r#"{{ "name": "toys", "sha256": "{}"{more} }}"#, sha256(b"toys"))
}

/// Returns the problems of a lock file.
fn lint(text: impl AsRef<[u8]>) -> String {
    let input = Input { name: "toys.lock", bytes: text.as_ref() };
    said(LockFile::parse(input).map(drop))
}

fn said(result: Result<(), Problems>) -> String {
    result.map_or_else(|problems| print(&problems), |()| String::new())
}

#[test]
fn the_lock_is_sound() {
    assert_eq!(lint(lock(REQUEST, &matrix(""), PACKAGE)), "");
    assert_eq!(lint(lock(REQUEST, &matrix(r#", "as_of": "2026-11-20""#), "")), "");
}

#[test]
fn a_file_that_is_no_lock() {
    insta::assert_snapshot!(lint("nonsense"), @"error syntax 1:1 expected a JSON object, which begins with `{`, found `n` «n»");
    insta::assert_snapshot!(lint("[]"), @"error shape 1:1 expected a JSON object, which begins with `{`, found `[` «[»");
    insta::assert_snapshot!(lint(" \n"), @"error syntax - expected a JSON object, found an empty file");
    insta::assert_snapshot!(lint(b"{ \"kind\": \"lo\xff\" }"), @"error encoding 1:14 expected UTF-8, found the byte 0xff «�»");
    insta::assert_snapshot!(lint("\n{}"), @"error format 2:1 expected a lock, found no key `kind` (a lock is what `skew resolve --lock FILE` writes, and a plan what `skew plan --format json` prints) «{»");
    insta::assert_snapshot!(lint(r#"{ "format": 1, "kind": "luck" }"#), @r#"error format 1:24 expected the kind `lock`, found `luck` (a lock is what `skew resolve --lock FILE` writes, and a plan what `skew plan --format json` prints) «\"luck\"»"#);
    insta::assert_snapshot!(lint(r#"{ "format": 1, "kind": ["lock"] }"#), @r#"error format 1:24 expected the kind `lock`, found `["lock"]` (a lock is what `skew resolve --lock FILE` writes, and a plan what `skew plan --format json` prints) «[\"lock\"]»"#);
    insta::assert_snapshot!(lint(r#"{ "format": 1, "name": "prod", "nodes": [] }"#), @"error format 1:1 expected a lock, found no key `kind` (a lock is what `skew resolve --lock FILE` writes, and a plan what `skew plan --format json` prints) «{»");
    insta::assert_snapshot!(lint(r#"{ "format": 99, "kind": "lock", "wheels": 4 }"#), @"error format 1:13 expected format 1, found 99 (a newer release of skew may read this file) «99»");
    insta::assert_snapshot!(lint(r#"{ "format": 1, "kind": "lock", "request": {"#), @"error syntax 1:43 expected the end of an object, found the end of the file (the file looks cut off) «{»");
}

#[test]
fn keys_that_are_missing_or_unknown() {
    insta::assert_snapshot!(lint(r#"{ "format": 1, "kind": "lock" }"#), @"
    error shape 1:1 missing key `request` «{»
    error shape 1:1 missing key `matrices` «{»
    error shape 1:1 missing key `packages` «{»
    ");
    insta::assert_snapshot!(lint(r#"{ "kind": "lock", "request": {}, "matrices": [{}], "packages": [{}, { "name": "robot" }] }"#), @"
    error shape 1:1 missing key `format` «{»
    error shape 1:30 missing key `specs` «{»
    error shape 1:30 missing key `prefer` «{»
    error shape 1:47 missing key `name` «{»
    error shape 1:47 missing key `sha256` «{»
    error shape 1:65 missing key `name` «{»
    error shape 1:65 missing key `version` «{»
    error shape 1:65 missing key `reason` «{»
    error shape 1:69 missing key `version` «{»
    error shape 1:69 missing key `reason` «{»
    ");
    insta::assert_snapshot!(lint(lock(&format!("{REQUEST}, \"as-of\": \"2026-11-20\""), &matrix(r#", "digest": "x""#), r#"{ "name": "robot", "verison": "2.0.0", "reason": { "ask": "robot" } }"#)), @"
    error unknown-key 2:57 unknown key `as-of` (did you mean `as_of`?) «as-of»
    error unknown-key 3:113 unknown key `digest` (the keys here are name, as_of, sha256) «digest»
    error unknown-key 4:36 unknown key `verison` (did you mean `version`?) «verison»
    error unknown-key 4:68 unknown key `ask` (the keys here are asked, needed_by) «ask»
    ");
    insta::assert_snapshot!(lint(lock(REQUEST, "", &format!("{PACKAGE}], \"packages\": [{PACKAGE}"))), @"error duplicate-key 4:91 the key `packages` stands twice «packages»");
    insta::assert_snapshot!(lint(lock(&format!(r#"{REQUEST}, "installed": {{ "arm": "0.1.0", "arm": "0.2.0" }}"#), "", "")), @"error duplicate-key 2:88 the key `arm` stands twice «arm»");
}

#[test]
fn values_of_the_wrong_kind() {
    insta::assert_snapshot!(lint(lock(r#""specs": "robot", "prefer": 7"#, "7", r#"{ "name": ["robot"], "version": 2.0, "reason": "asked" }"#)), @r#"
    error shape 2:25 expected an array, found the string "robot" «\"robot\"»
    error shape 2:44 expected a string, found `7` «7»
    error shape 3:16 expected an object, found `7` «7»
    error shape 4:26 expected a string, found an array «[»
    error shape 4:48 expected a string, found `2.0` «2.0»
    error shape 4:63 expected an object, found the string "asked" «\"asked\"»
    "#);
    insta::assert_snapshot!(lint(lock(REQUEST, "", r#"{ "name": "arm", "version": "0.1.0", "reason": { "needed_by": "robot" }, "bound_by": [
    { "package": "robot", "kind": "recommends", "asks": "arm *", "evidence": "rumoured", "source": "docs" },
    { "package": "robot", "kind": "requires", "source": 1 }] }"#)), @r#"
    error shape 4:78 expected an array, found the string "robot" «\"robot\"»
    error shape 5:35 expected `requires`, `optional` or `conflicts`, found `recommends` «\"recommends\"»
    error shape 5:78 expected `enforced`, `observed`, `documented` or `inferred`, found `rumoured` «\"rumoured\"»
    error shape 6:5 missing key `asks` «{»
    error shape 6:5 missing key `evidence` «{»
    error shape 6:57 expected a string, found `1` «1»
    "#);
    insta::assert_snapshot!(lint(r#"{ "format": "1", "kind": "lock", "request": [], "matrices": {}, "packages": null }"#), @r#"
    error shape 1:13 expected a whole number, found the string "1" «\"1\"»
    error shape 1:45 expected an object, found an array «[»
    error shape 1:61 expected an array, found an object «{»
    error shape 1:77 expected an array, found `null` «null»
    "#);
}

#[test]
fn texts_that_cannot_be() {
    insta::assert_snapshot!(lint(lock(&format!(r#"{REQUEST}, "as_of": "2026-02-30""#), r#"{ "name": "toys", "as_of": "yesterday", "sha256": "ABC" }"#, "")), @"
    error date 2:66 expected a date such as `2026-11-20`, found `2026-02-30` «2026-02-30»
    error date 3:44 expected a date such as `2026-11-20`, found `yesterday` «yesterday»
    error shape 3:67 expected 64 lower-case hexadecimal digits, found `ABC` «ABC»
    ");
    insta::assert_snapshot!(lint(lock(r#""specs": ["robot@1", "arm", "robot@2"], "prefer": """#, "", "")), @"error duplicate-name 2:45 the package `robot` is asked for twice «robot@2»");
    insta::assert_snapshot!(lint(lock(REQUEST, "", &format!("{PACKAGE},\n    {PACKAGE}"))), @"error duplicate-package 5:16 the package `robot` is stated twice «robot»");
}

#[test]
fn a_matrix_that_is_not_loaded() {
    let catalog = catalog(&[("toys.json", &toys(r#""roles": []"#))], &[]);
    let text = lock(
        REQUEST,
        &format!("{},\n    {{ \"name\": \"tyos\", \"sha256\": \"{}\" }}", matrix(""), sha256(b"")),
        PACKAGE,
    );
    let file = LockFile::parse(Input { name: "toys.lock", bytes: text.as_bytes() }).unwrap();
    insta::assert_snapshot!(said(file.check_matrices(&catalog)), @"error unknown-name 4:16 no loaded matrix is named `tyos` (--matrix FILE loads the one that the lock was made from) «tyos»");
}

#[test]
fn a_lock_is_told_from_a_plan() {
    let plan = r#"{ "format_version": "1.0", "command": "plan", "steps": [] }"#;
    let check = plan.replace("plan", "check");
    assert_eq!(written(lock("", "", "").as_bytes()), Written::Lock);
    assert_eq!(
        written("\u{feff}{ \"kind\": \"l\\u006fck\", \"x\": [1] }".as_bytes()),
        Written::Lock
    );
    assert_eq!(written(plan.as_bytes()), Written::Plan);
    for other in [check.as_str(), "", "{", "[]", "\u{feff}", r#"{ "kind": null, "command": {} }"#] {
        assert_eq!(written(other.as_bytes()), Written::Unclear, "{other}");
    }
    assert_eq!(written(b"\xff{}"), Written::Unclear);
}
