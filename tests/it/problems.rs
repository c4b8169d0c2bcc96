//! What is said about wrong files: one smallest bad input per code, and the whole text of the answer.
//!
//! Each line reads `severity code line:column message (hint)`; the marked part of the file stands
//! behind it in `«»`, so that a wrong position shows.

mod hostile;
mod locks;
mod overlays;
mod promises;

use skew::matrix::{self, Input, Inventory, Problem, ProblemCode, Problems};

/// A matrix with a core and a plugin; each test adds the entries that it is about.
const BASE: &str = r#""format": 1, "name": "toys",
"sources": { "docs": { "title": "Docs", "evidence": "documented" } },
"packages": [
  { "name": "robot", "kind": "core", "scheme": "semver", "source": "docs",
    "releases": [{ "version": "1.0.0" }, { "version": "1.1.0" }, { "version": "2.0.0" }] },
  { "name": "arm", "kind": "plugin", "core": "robot", "scheme": "semver", "source": "docs",
    "releases": [{ "version": "0.1.0", "needs": { "robot": ">=1.0.0" } }] }
]"#;

/// Returns a matrix of the base and more top-level keys.
fn toys(more: &str) -> String {
    format!("{{ {BASE},\n{more}\n}}")
}

/// Returns a matrix with these packages.
fn packages(packages: &str) -> String {
    format!(
        r#"{{ "format": 1, "name": "toys", "sources": {{ "docs": {{ "title": "Docs", "evidence": "documented" }} }}, "packages": [
{packages}
] }}"#
    )
}

/// Returns the problems of one matrix.
fn lint(text: impl AsRef<[u8]>) -> String {
    lint_all(&[text.as_ref()])
}

/// Returns the problems of several matrices loaded together.
fn lint_all(texts: &[&[u8]]) -> String {
    let inputs: Vec<_> = texts.iter().map(|bytes| Input { name: "toys.json", bytes }).collect();
    print(&matrix::load(&inputs, &[]).problems)
}

/// Returns the problems of a deployment.
fn lint_deployment(text: &str) -> String {
    let input = Input { name: "prod.json", bytes: text.as_bytes() };
    Inventory::parse(input).map_or_else(|problems| print(&problems), |_| String::new())
}

fn print(problems: &Problems) -> String {
    let several = problems.files.len() > 1;
    let lines = problems.list.iter().map(|problem| {
        let file = if several { format!("{}: ", problem.file) } else { String::new() };
        format!("{file}{}", line(problem, &problems.files[problem.file].1))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn line(problem: &Problem, text: &str) -> String {
    let place = problem.span.as_ref().map_or_else(
        || "-".to_owned(),
        |span| {
            let before = &text[..span.start];
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            format!("{}:{column}", before.matches('\n').count() + 1)
        },
    );
    let marked = problem
        .span
        .as_ref()
        .map_or_else(String::new, |span| format!(" «{}»", text[span.clone()].escape_debug()));
    let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    let (severity, code) = (problem.severity, problem.code.name());
    format!("{severity} {code} {place} {}{hint}{marked}", spelled(&problem.message))
}

/// Returns a message without the control characters that it may quote, which writers spell out.
fn spelled(message: &str) -> String {
    let odd = |c: char| c.is_control() || c == '\u{feff}';
    message
        .chars()
        .map(|c| if odd(c) { c.escape_debug().to_string() } else { c.to_string() })
        .collect()
}

#[test]
fn the_base_is_sound() {
    insta::assert_snapshot!(lint(toys(r#""roles": []"#)), @"");
}

// The text itself.

#[test]
fn syntax() {
    insta::assert_snapshot!(lint("{ \"format\": 1,\n  \"name\": \"toys\",\n}"), @"error syntax 3:1 expected another entry after the comma, found the end of the list «}»");
    insta::assert_snapshot!(lint("{ \"format\": 1, \"name\": \"toys\""), @r#"error syntax 1:29 expected the end of an object, found the end of the file (the file looks cut off) «\"»"#);
    insta::assert_snapshot!(lint("{ \"format\": 1, \"name\": \"toys\" } x"), @"error syntax 1:33 expected the end of the file, found more «x»");
    insta::assert_snapshot!(lint("\u{feff}{ \"format\": 1 \"name\": \"toys\" }"), @r#"error syntax 1:15 expected `,` or `}` «\"»"#);
    insta::assert_snapshot!(lint("nonsense"), @"error syntax 1:1 expected a JSON object, which begins with `{`, found `n` «n»");
    insta::assert_snapshot!(lint(""), @"error syntax - expected a JSON object, found an empty file");
    insta::assert_snapshot!(lint(" \n "), @"error syntax - expected a JSON object, found an empty file");
    insta::assert_snapshot!(lint("\u{feff}"), @"error syntax - expected a JSON object, found an empty file");
}

#[test]
fn encoding() {
    insta::assert_snapshot!(lint(b"{ \"format\": 1,\n \"name\": \"t\xff\" }"), @"error encoding 2:12 expected UTF-8, found the byte 0xff «�»");
    insta::assert_snapshot!(lint(b"\xef\xbb\xbf{\n \"name\": \"t\xff\" }"), @"error encoding 2:12 expected UTF-8, found the byte 0xff «�»");
    insta::assert_snapshot!(lint(b"PK\x03\x04\x80"), @"error encoding 1:5 expected UTF-8, found the byte 0x80 «�»");
}

#[test]
fn shape() {
    insta::assert_snapshot!(lint("[]"), @"error shape 1:1 expected a JSON object, which begins with `{`, found `[` «[»");
    insta::assert_snapshot!(lint("{}"), @"
    error shape 1:1 missing key `format` «{»
    error shape 1:1 missing key `name` «{»
    ");
    insta::assert_snapshot!(lint("7"), @"error shape 1:1 expected a JSON object, which begins with `{`, found `7` «7»");
    insta::assert_snapshot!(lint(r#"{ "format": "1", "name": 7 }"#), @r#"
    error shape 1:13 expected a whole number, found the string "1" «\"1\"»
    error shape 1:26 expected a string, found `7` «7»
    "#);
    insta::assert_snapshot!(lint(r#"{ "format": 1, "name": "toys", "packages": {} }"#), @"error shape 1:44 expected an array, found an object «{»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "releases": "all" }"#)), @r#"error shape 2:32 expected an array, found the string "all" «\"all\"»"#);
    insta::assert_snapshot!(lint(packages(r#"{ "kind": "core", "scheme": "semver", "source": "docs" }"#)), @"error shape 2:1 missing key `name` «{»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "source": "docs" }"#)), @"error shape 2:12 the package `robot` has no `kind` «robot»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "kernel", "scheme": "semver", "source": "docs" }"#)), @r#"error shape 2:28 expected `core`, `plugin`, `runtime`, `platform` or `bundle`, found `kernel` «\"kernel\"»"#);
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "core", "scheme": "semver", "source": "docs",
  "releases": [{ "version": 1.0 }, { "date": "2026-01-01" }] }"#)), @"
    error shape 3:29 expected a string, found `1.0` «1.0»
    error shape 3:36 missing key `version` «{»
    ");
    insta::assert_snapshot!(lint(toys(r#""requirements": [{ "package": "arm" }]"#)), @"
    error shape 9:18 missing key `needs` «{»
    error shape 9:18 missing key `range` «{»
    ");
    insta::assert_snapshot!(lint(toys(r#""relations": [{ "name": "holds", "title": "t", "from": [], "to": [], "within": "group", "source": "docs",
  "exceptions": [{ "from": {}, "to": {}, "verdict": "perhaps", "breaks": "b" }] }]"#)), @r#"error shape 10:53 expected `compatible`, `unknown` or `incompatible`, found `perhaps` «\"perhaps\"»"#);
    insta::assert_snapshot!(lint(toys(r#""roles": [{ "name": "hand", "runs": ["robot"], "min": -1, "source": "docs" }]"#)), @"error shape 9:55 expected a whole number below 4294967296, found `-1` «-1»");
    insta::assert_snapshot!(lint(toys(r#""roles": [{ "name": "hand", "runs": ["robot"], "max": 99999999999, "source": "docs" }]"#)), @"error shape 9:55 expected a whole number below 4294967296, found `99999999999` «99999999999»");
}

#[test]
fn unknown_key() {
    insta::assert_snapshot!(lint(toys(r#""pacakges": []"#)), @"error unknown-key 9:2 unknown key `pacakges` (did you mean `packages`?) «pacakges»");
    insta::assert_snapshot!(lint(toys(r#""colour": "red""#)), @"error unknown-key 9:2 unknown key `colour` (the keys here are format, name, title, as_of, extends, sources, packages, requirements, features, contracts, relies, interfaces, offers, needs, roles, relations, skew, upgrades, families, lifecycle, trains) «colour»");
    insta::assert_snapshot!(lint(toys(r#""requirements": [{ "pakage": "arm", "needs": "robot", "range": "*", "source": "docs" }]"#)), @"error unknown-key 9:21 unknown key `pakage` (did you mean `package`?) «pakage»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "core", "scheme": "semver", "source": "docs",
  "releases": [{ "version": "1.0.0", "withdrwan": "bad" }] }"#)), @"error unknown-key 3:39 unknown key `withdrwan` (did you mean `withdrawn`?) «withdrwan»");
    insta::assert_snapshot!(lint(toys(r#""upgrades": [{ "package": "robot", "source": "docs",
  "risks": [{ "name": "r", "from": "*", "to": "*", "mesage": "m" }] }]"#)), @"error unknown-key 10:53 unknown key `mesage` (did you mean `message`?) «mesage»");
}

#[test]
fn duplicate_key() {
    insta::assert_snapshot!(lint(toys(r#""roles": [], "roles": []"#)), @"error duplicate-key 9:15 the key `roles` stands twice «roles»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "name": "robot", "kind": "core", "scheme": "semver", "source": "docs" }"#)), @"error duplicate-key 2:21 the key `name` stands twice «name»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "core", "scheme": "semver", "source": "docs", "releases": [
  { "version": "1.0.0" }, { "version": "1.1.0", "needs": { "robot": "*", "robot": "=1.0.0" } }] }"#)), @"error duplicate-key 3:75 the key `robot` stands twice «robot»");
    insta::assert_snapshot!(lint(r#"{ "format": 1, "name": "toys",
"sources": { "docs": { "title": "A", "evidence": "documented" },
             "docs": { "title": "B", "evidence": "documented" } } }"#), @"error duplicate-key 3:15 the source `docs` is stated twice «docs»");
    insta::assert_snapshot!(lint(toys(r#""features": [{ "name": "speech", "title": "t", "source": "docs", "since": { "robot": ">=1", "robot": ">=2" } }]"#)), @"error duplicate-key 9:94 the key `robot` stands twice «robot»");
}

#[test]
fn format() {
    insta::assert_snapshot!(lint(r#"{ "name": "toys",
  "format": 99 }"#), @"error format 2:13 expected format 1, found 99 (a newer release of skew may read this file) «99»");
    insta::assert_snapshot!(lint(r#"{ "format": 99, "name": "toys", "wheels": [], "packages": 7 }"#), @"error format 1:13 expected format 1, found 99 (a newer release of skew may read this file) «99»");
    insta::assert_snapshot!(lint_deployment(r#"{ "format": 99, "name": "prod", "nodes": [], "pods": [] }"#), @"error format 1:13 expected format 1, found 99 (a newer release of skew may read this file) «99»");
    insta::assert_snapshot!(lint(r#"{ "format": 123456789012345678901234567890, "name": "toys" }"#), @"error format 1:13 expected format 1, found 123456789012345678901234567890 (a newer release of skew may read this file) «123456789012345678901234567890»");
}

// Names.

#[test]
fn name() {
    insta::assert_snapshot!(lint(r#"{ "format": 1,
  "name": "to ys" }"#), @"error name 2:12 expected a matrix name of letters, digits, `-`, `_` and `.`, found `to ys` «to ys»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "ro\u0007bot", "kind": "core", "scheme": "semver", "source": "docs" }"#)), @r"error name 2:12 expected a package name of letters, digits, `-`, `_` and `.`, found `ro\u{7}bot` «ro\\u0007bot»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "", "kind": "core", "scheme": "semver", "source": "docs" }"#)), @"error name 2:12 expected a package name of letters, digits, `-`, `_` and `.`, found `` «»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "röbot", "kind": "core", "scheme": "semver", "source": "docs" }"#)), @"error name 2:12 expected a package name of letters, digits, `-`, `_` and `.`, found `röbot` «röbot»");
    insta::assert_snapshot!(lint_deployment(r#"{ "format": 1, "name": "prod", "nodes": [{ "name": "", "packages": {} }] }"#), @"error name 1:53 expected a node name, found an empty text «»");
}

#[test]
fn duplicate_package() {
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "core", "scheme": "semver", "source": "docs" },
{ "name": "robot", "kind": "core", "scheme": "semver", "source": "docs" }"#)), @"error duplicate-package 3:12 the package `robot` is stated twice «robot»");
    let other =
        packages(r#"{ "name": "robot", "kind": "core", "scheme": "semver", "source": "docs" }"#);
    insta::assert_snapshot!(lint_all(&[toys(r#""roles": []"#).as_bytes(), other.as_bytes()]), @r#"1: error duplicate-package 2:12 the package `robot` is stated twice (a file that adds to it needs `"extends": "toys"`) «robot»"#);
}

#[test]
fn duplicate_release() {
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "core", "scheme": "natural", "source": "docs",
  "releases": [{ "version": "1.0" }, { "version": "1.1" },
               { "version": "1.0.0" }] }"#)), @"error duplicate-release 4:30 the release `1.0.0` is stated twice, as `1.0` before «1.0.0»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "core", "scheme": "listed", "source": "docs",
  "releases": [{ "version": "old" }, { "version": "new" }, { "version": "old" }] }"#)), @"error duplicate-release 3:74 the release `old` is stated twice «old»");
}

#[test]
fn duplicate_name() {
    insta::assert_snapshot!(lint(toys(r#""features": [
  { "name": "speech", "title": "t", "source": "docs" },
  { "name": "speech", "title": "t", "source": "docs" }]"#)), @"error duplicate-name 11:14 the feature `speech` is stated twice «speech»");
    insta::assert_snapshot!(lint(toys(r#""roles": [
  { "name": "hand", "runs": ["robot"], "source": "docs" },
  { "name": "hand", "runs": ["robot"], "source": "docs" }]"#)), @"error duplicate-name 11:14 the role `hand` is stated twice «hand»");
    insta::assert_snapshot!(lint_deployment(r#"{ "format": 1, "name": "prod", "nodes": [
  { "name": "a", "packages": {} },
  { "name": "a", "packages": {} }] }"#), @"error duplicate-name 3:14 the node `a` is stated twice «a»");
    insta::assert_snapshot!(lint(toys(r#""requirements": [
  { "id": "one", "package": "arm", "needs": "robot", "range": "*", "source": "docs" },
  { "id": "one", "package": "arm", "needs": "robot", "range": "*", "source": "docs" }]"#)), @"error duplicate-name 11:12 the id `one` is stated twice «one»");
}

#[test]
fn known_as() {
    let toy = |urls: &str| {
        lint(packages(&format!(
            r#"{{ "name": "arm", "kind": "core", "scheme": "semver", "source": "docs", "known_as": [{urls}], "releases": [] }},
  {{ "name": "leg", "kind": "core", "scheme": "semver", "source": "docs", "known_as": ["pkg:pypi/leg"], "releases": [] }}"#
        )))
    };
    insta::assert_snapshot!(toy(r#""pypi/arm""#), @"error name 2:86 expected a package URL, which begins with `pkg:`, found `pypi/arm` «pypi/arm»");
    insta::assert_snapshot!(toy(r#""pkg:pypi/arm@1.0""#), @"error name 2:86 expected a package URL without version and qualifiers, found `pkg:pypi/arm@1.0` «pkg:pypi/arm@1.0»");
    insta::assert_snapshot!(toy(r#""pkg:pypi/%zz", "pkg:pypi""#), @"
    error name 2:86 expected two hexadecimal digits of UTF-8 text after each `%`, found `pkg:pypi/%zz` «pkg:pypi/%zz»
    error name 2:102 expected a name after the type, found `pkg:pypi` «pkg:pypi»
    ");
    insta::assert_snapshot!(toy(r#""pkg:PyPI/Leg""#), @"error duplicate-name 3:88 `pkg:pypi/leg` is `arm` already «pkg:pypi/leg»");
}

#[test]
fn unknown_package() {
    insta::assert_snapshot!(lint(toys(r#""requirements": [{ "package": "arm", "needs": "robto", "range": "*", "source": "docs" }]"#)), @"error unknown-package 9:48 no package is named `robto` (did you mean `robot`?) «robto»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "arm", "kind": "plugin", "core": "robot", "scheme": "semver", "source": "docs",
  "releases": [{ "version": "1.0.0", "needs": { "battery": ">=1" } }] }"#)), @"
    error unknown-package 2:45 no package is named `robot` «robot»
    error unknown-package 3:50 no package is named `battery` «battery»
    ");
}

#[test]
fn unknown_name() {
    let role = |more: &str| {
        toys(&format!(
            r#""roles": [{{ "name": "hand", "runs": ["robot"], "source": "docs" }}], {more}"#
        ))
    };
    insta::assert_snapshot!(lint(toys(r#""requirements": [{ "package": "arm", "needs": "robot", "range": "*", "source": "dosc" }]"#)), @"error unknown-name 9:81 no source is named `dosc` (did you mean `docs`?) «dosc»");
    insta::assert_snapshot!(lint(role(r#""relations": [{ "name": "holds", "title": "t", "from": ["hnad"], "to": ["foot"], "within": "group", "source": "docs" }]"#)), @"
    error unknown-name 9:126 no role is named `hnad` (did you mean `hand`?) «hnad»
    error unknown-name 9:142 no role is named `foot` «foot»
    ");
    insta::assert_snapshot!(lint(role(r#""features": [{ "name": "speech", "title": "t", "source": "docs" }],
"relations": [{ "name": "holds", "title": "t", "from": ["hand"], "to": ["hand"], "within": "group", "source": "docs",
  "exceptions": [{ "from": { "robot": "*" }, "to": { "robot": "*" }, "when": ["speach"], "verdict": "unknown", "breaks": "b" }] }]"#)), @"error unknown-name 11:80 no feature is named `speach` (did you mean `speech`?) «speach»");
    insta::assert_snapshot!(lint(toys(r#""offers": [{ "package": "robot", "interface": "socket", "reads": ["1"], "source": "docs" }]"#)), @"error unknown-name 9:48 no interface is named `socket` «socket»");
    insta::assert_snapshot!(lint(role(r#""relations": [{ "name": "holds", "title": "t", "from": ["hand"], "to": ["hand"], "within": "group", "source": "docs" }],
"skew": [{ "code": "TOY-1", "relation": "hold", "rule": "from <= to by major", "severity": "error", "message": "m", "source": "docs" }]"#)), @"error unknown-name 10:42 no relation is named `hold` (did you mean `holds`?) «hold»");
    insta::assert_snapshot!(lint(toys(r#""interfaces": [{ "name": "socket", "title": "t", "levels": "numbers", "stability": "stable", "contract": "core", "source": "docs" }]"#)), @"
    error unknown-name 9:61 expected `number` or a scheme other than `listed`, found `numbers` «numbers»
    error unknown-name 9:107 no contract is named `core` «core»
    ");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "core", "scheme": "semantic", "source": "docs" }"#)), @"error unknown-name 2:47 expected a scheme (semver, calver, pep440, duckdb, natural, listed), found `semantic` «semantic»");
    insta::assert_snapshot!(lint(toys(r#""extends": "tois""#)), @"error unknown-name 9:13 expected the name of a loaded matrix, found `tois` «tois»");
    insta::assert_snapshot!(lint(toys(r#""upgrades": [{ "package": "robot", "source": "docs",
  "gates": [{ "name": "g", "after": ["upgrad"], "command": "c", "expect": "e", "why": "w" }] }]"#)), @"error unknown-name 10:39 expected an action (start-of-plan, upgrade, install, switch, stop, start, migrate), found `upgrad` (did you mean `upgrade`?) «upgrad»");
    insta::assert_snapshot!(lint(toys(r#""lifecycle": [{ "package": "robot", "line": "major", "source": "docs", "windows": [{ "line": "1", "phase": "maintenence", "until": "2026-01-01" }] }]"#)), @"warning unknown-name 9:109 the phase `maintenence` is none of active, maintenance, extended-security, lts (did you mean `maintenance`?) «maintenence»");
    insta::assert_snapshot!(lint(toys(r#""interfaces": [{ "name": "socket", "title": "t", "levels": "number", "stability": "stable", "source": "docs" }],
"needs": [{ "package": "arm", "interface": "socket", "level": "1", "source": "docs" }]"#)), @"error unknown-name 10:64 no package offers the interface `socket` «1»");
}

// Values.

#[test]
fn version() {
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "core", "scheme": "semver", "source": "docs",
  "releases": [{ "version": "1.0" }, { "version": "one" }] }"#)), @"
    error version 3:30 expected a semver version such as `9.1.2`, found `1.0`: unexpected end of input while parsing minor version number «1.0»
    error version 3:52 expected a semver version such as `9.1.2`, found `one`: unexpected character 'o' while parsing major version number «one»
    ");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "core", "scheme": { "first": "natural", "at": "1.0", "then": "calver" }, "source": "docs" }"#)), @"error version 2:75 expected a calver version such as `2025.1.0`, found `1.0`: it has 2 numbers, expected 3 «1.0»");
    insta::assert_snapshot!(lint(toys(r#""lifecycle": [{ "package": "robot", "line": "major", "source": "docs", "lts": ["x"] }]"#)), @"error version 9:81 expected a release line such as `9.1`, found `x` «x»");
}

#[test]
fn range() {
    let needs = |range: &str| {
        toys(&format!(
            r#""requirements": [{{ "package": "arm", "needs": "robot", "range": "{range}", "source": "docs" }}]"#
        ))
    };
    insta::assert_snapshot!(lint(needs(">=1.0.0,<x")), @"error range 9:75 expected a constraint such as `>=1.2,<2`, found `x`: expected a semver version such as `9.1.2`: unexpected character 'x' while parsing major version number «x»");
    insta::assert_snapshot!(lint(needs(">= 1.0.0, > = 2")), @"error range 9:78 expected a constraint such as `>=1.2,<2`, found `= 2`: expected a semver version such as `9.1.2`: unexpected character '=' while parsing major version number (remove the space inside the operator) «= 2»");
    insta::assert_snapshot!(lint(needs("")), @"error range 9:66 expected a constraint such as `>=1.2,<2`, found ``: nothing is there «»");
    insta::assert_snapshot!(lint(needs(">=1.0.0,")), @"error range 9:74 expected a constraint such as `>=1.2,<2`, found ``: nothing is there «»");
    insta::assert_snapshot!(lint(needs("[1.0.0,2.0.0")), @"error range 9:66 expected a constraint such as `>=1.2,<2`, found `[1.0.0,2.0.0`: the interval is not closed «[1.0.0,2.0.0»");
    insta::assert_snapshot!(lint(needs(r">=1.0.0,\u003cx")), @r"error range 9:66 expected a constraint such as `>=1.2,<2`, found `x`: expected a semver version such as `9.1.2`: unexpected character 'x' while parsing major version number «>=1.0.0,\\u003cx»");
}

/// What is wrong in several places is said of each; that nothing matches is said once.
#[test]
fn the_same_range_stands_wrong_in_several_places() {
    let text = packages(
        r#"{ "name": "robot", "kind": "core", "scheme": "semver", "source": "docs", "releases": [{ "version": "1.0.0" }] },
{ "name": "arm", "kind": "plugin", "core": "robot", "scheme": "semver", "source": "docs", "releases": [
{ "version": "0.1.0", "needs": { "robot": "=>1" } },
{ "version": "0.2.0", "needs": { "robot": { "range": "=>1", "kind": "optional" } } },
{ "version": "0.3.0", "needs": { "robot": "\u003d>1" } },
{ "version": "0.4.0", "needs": { "robot": ">=3" } },
{ "version": "0.5.0", "needs": { "robot": ">=3" } }] }"#,
    );
    insta::assert_snapshot!(lint(&text), @r"
    error range 4:44 expected a constraint such as `>=1.2,<2`, found `=>`: unknown operator (the operators are `>=`, `>`, `<=`, `<`, `=`, `!=`, `^`, `~` and `~=`) «=>»
    error range 5:55 expected a constraint such as `>=1.2,<2`, found `=>`: unknown operator (the operators are `>=`, `>`, `<=`, `<`, `=`, `!=`, `^`, `~` and `~=`) «=>»
    error range 6:44 expected a constraint such as `>=1.2,<2`, found `=>`: unknown operator (the operators are `>=`, `>`, `<=`, `<`, `=`, `!=`, `^`, `~` and `~=`) «\\u003d>1»
    warning range-empty 7:44 the range `>=3` matches no release of robot «>=3»
    ");
    let loaded = matrix::load(&[Input { name: "toys.json", bytes: text.as_bytes() }], &[]);
    let arm = loaded.catalog.package(loaded.catalog.find("arm").unwrap());
    let kept: Vec<_> = arm.ranks().map(|rank| arm.needs(rank).len()).collect();
    assert_eq!(kept, [0, 0, 0, 1, 1]);
}

#[test]
fn range_empty() {
    insta::assert_snapshot!(lint(toys(r#""requirements": [{ "package": "arm", "needs": "robot", "range": ">=3", "source": "docs" }]"#)), @"warning range-empty 9:66 the range `>=3` matches no release of robot «>=3»");
    insta::assert_snapshot!(lint(toys(r#""requirements": [{ "package": "arm", "releases": "<0.1.0", "needs": "robot", "range": "*", "source": "docs" }]"#)), @"warning range-empty 9:51 the range `<0.1.0` matches no release of arm «<0.1.0»");
    insta::assert_snapshot!(lint(toys(r#""features": [{ "name": "speech", "title": "t", "since": { "robot": ">=3" }, "source": "docs" }]"#)), @"warning range-empty 9:69 the range `>=3` matches no release of robot «>=3»");
}

#[test]
fn level() {
    let reads = |levels: &str, reads: &str| {
        toys(&format!(
            r#""interfaces": [{{ "name": "socket", "title": "t", "levels": "{levels}", "stability": "stable", "source": "docs" }}],
"offers": [{{ "package": "robot", "interface": "socket", "reads": [{reads}], "source": "docs" }}]"#
        ))
    };
    insta::assert_snapshot!(lint(reads("number", r#""8O""#)), @"error level 10:68 expected a level number such as `80`, found `8O` «8O»");
    insta::assert_snapshot!(lint(reads("number", r#""67..=64""#)), @"error level 10:68 expected the lower level first, found `67..=64` «67..=64»");
    insta::assert_snapshot!(lint(reads("semver", r#""1.0""#)), @"error level 10:68 expected a semver version such as `9.1.2`, found `1.0`: unexpected end of input while parsing minor version number «1.0»");
    insta::assert_snapshot!(lint(reads("number", r#""self""#)), @"error level 10:68 `self` is no level of the interface: expected a level number such as `80`, found `1.0.0` «self»");
    insta::assert_snapshot!(lint(reads("number", r#""""#)), @"error level 10:68 expected a level such as `80` or `..=80`, found an empty text «»");
}

#[test]
fn date() {
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "core", "scheme": "semver", "source": "docs",
  "releases": [{ "version": "1.0.0", "date": "2026-13-01" }, { "version": "1.0.1", "date": "2026-02-30" },
               { "version": "1.0.2", "date": "01.02.2026" }, { "version": "1.0.3", "date": "2026-1-2" }] }"#)), @"
    error date 3:47 expected a date `YYYY-MM-DD`, found `2026-13-01` (`2026-01-13` exists: are month and day swapped?) «2026-13-01»
    error date 3:93 expected a date `YYYY-MM-DD`, found `2026-02-30` «2026-02-30»
    error date 4:47 expected a date `YYYY-MM-DD`, found `01.02.2026` «01.02.2026»
    error date 4:93 expected a date `YYYY-MM-DD`, found `2026-1-2` «2026-1-2»
    ");
    insta::assert_snapshot!(lint(toys(r#""as_of": "today""#)), @"error date 9:11 expected a date `YYYY-MM-DD`, found `today` «today»");
    insta::assert_snapshot!(lint(toys(r#""lifecycle": [{ "package": "robot", "line": "major", "source": "docs", "windows": [
  { "line": "1", "phase": "active", "from": "2026-05-01", "until": "2026-04" }] }]"#)), @"error date 10:69 the window ends on 2026-04 before it begins on 2026-05-01 «2026-04»");
}

#[test]
fn no_source() {
    insta::assert_snapshot!(lint(toys(r#""requirements": [{ "package": "arm", "needs": "robot", "range": "*" }]"#)), @"error no-source 9:32 expected a `source`, found none here nor to inherit «arm»");
    insta::assert_snapshot!(lint(packages(r#"{ "name": "robot", "kind": "core", "scheme": "semver", "releases": [{ "version": "1.0.0" }] }"#)), @"error no-source 2:12 expected a `source`, found none here nor to inherit «robot»");
}

#[test]
fn rule() {
    insta::assert_snapshot!(lint(toys(r#""roles": [{ "name": "hand", "runs": ["robot"], "source": "docs" }],
"relations": [{ "name": "holds", "title": "t", "from": ["hand"], "to": ["hand"], "within": "group", "source": "docs" }],
"skew": [{ "code": "TOY-1", "relation": "holds", "rule": "from < to", "severity": "error", "message": "m", "source": "docs" },
         { "code": "TOY-2", "relation": "holds", "rule": "from - to <= three minor", "severity": "error", "message": "m", "source": "docs" }]"#)), @"
    error rule 11:59 expected a rule such as `from <= to by major` or `from - to <= 3 minor`, found `from < to` «from < to»
    error rule 12:59 expected a rule such as `from <= to by major` or `from - to <= 3 minor`, found `from - to <= three minor` «from - to <= three minor»
    ");
    insta::assert_snapshot!(lint(toys(r#""families": [{ "name": "f", "core": "robot", "members": ["arm"], "maps": [{ "core": "1.x.y", "member": "0.{x+}.y" }], "source": "docs" }]"#)), @"error rule 9:105 expected a pattern such as `0.{x+16}.y`, found `0.{x+}.y` «0.{x+}.y»");
    insta::assert_snapshot!(lint(toys(r#""families": [{ "name": "f", "core": "robot", "members": ["arm"], "maps": [{ "core": "1.x", "member": "0.x.z" }], "source": "docs" }]"#)), @"error rule 9:103 `z` is not in the pattern of the core, `1.x` «0.x.z»");
    insta::assert_snapshot!(lint(toys(r#""lifecycle": [{ "package": "robot", "line": "major", "source": "docs", "rules": [{ "phase": "active", "applies_to": "all", "years": 1, "months": 2 }] }]"#)), @"error rule 9:94 expected one of `years`, `months` and `until` «active»");
}

#[test]
fn window_overlap() {
    insta::assert_snapshot!(lint(toys(r#""lifecycle": [{ "package": "robot", "line": "major", "source": "docs", "windows": [
  { "line": "1", "phase": "active", "from": "2026-01-01", "until": "2026-06" },
  { "line": "1", "phase": "active", "from": "2026-06-30", "until": "2026-12" },
  { "line": "2", "phase": "active", "from": "2026-06-30", "until": "2026-12" }] }]"#)), @"error window-overlap 11:14 two `active` windows of the line `1` overlap (an overlay that corrects a window names its id in `replaces`) «1»");
}

#[test]
fn offer_overlap() {
    insta::assert_snapshot!(lint(toys(r#""interfaces": [{ "name": "socket", "title": "t", "levels": "number", "stability": "stable", "source": "docs" }],
"offers": [{ "package": "robot", "releases": "<2", "interface": "socket", "reads": ["1"], "source": "docs" },
           { "package": "robot", "releases": ">=1.0.0", "interface": "socket", "reads": ["2"], "source": "docs" }]"#)), @"error offer-overlap 11:47 robot 1.1.0 already has an offer on `socket` (an overlay that corrects an offer names its id in `replaces`) «>=1.0.0»");
}

#[test]
fn limit() {
    let features: Vec<_> = (0..130)
        .map(|ix| format!(r#"{{ "name": "f{ix}", "title": "t", "source": "docs" }}"#))
        .collect();
    insta::assert_snapshot!(lint(toys(&format!("\"features\": [{}]", features.join(",\n")))), @"error limit 137:12 there are more than 128 features «f128»");
}

#[test]
fn replaces() {
    insta::assert_snapshot!(lint(toys(r#""requirements": [{ "package": "arm", "needs": "robot", "range": "*", "source": "docs", "replaces": ["old"] }]"#)), @"error replaces 9:102 `old` is not replaced: no earlier fact of the matrix has this id «old»");
    insta::assert_snapshot!(lint(toys(r#""upgrades": [{ "package": "robot", "source": "docs",
  "risks": [{ "name": "r", "from": "*", "to": "*", "message": "m", "replaces": ["old"] }] }]"#)), @"error replaces 10:82 `old` is not replaced: no earlier fact of the matrix has this id «old»");
    insta::assert_snapshot!(lint(toys(r#""roles": [{ "name": "hand", "runs": ["robot"], "source": "docs", "replaces": ["old"] }]"#)), @"error replaces 9:80 `old` is not replaced: packages, releases, features, contracts, interfaces, roles, relations and whole entries can only be added to «old»");
}

// Together.

#[test]
fn several_mistakes_show_at_once() {
    let text = r#"{ "format": 1, "name": "toys",
"sources": { "docs": { "title": "Docs", "evidence": "hearsay" } },
"packages": [
  { "name": "robot", "kind": "core", "scheme": "semver", "source": "docs",
    "releases": [{ "version": "1.0" }, { "version": "1.1.0", "date": "2026-13-01" }] },
  { "name": "arm", "kind": "plugin", "cor": "robot", "scheme": "semver",
    "releases": [{ "version": 1 }, { "version": "0.1.0", "neds": {} }] }
],
"requirements": [{ "package": "arm", "needs": "robot", "range": ">>1", "source": "docs" },
                 { "package": "robot", "needs": "robot", "range": "=>1", "source": "docs" }],
"roles": 3
}"#;
    insta::assert_snapshot!(lint(text), @r#"
    error shape 2:53 expected `enforced`, `observed`, `documented` or `inferred`, found `hearsay` «\"hearsay\"»
    error version 5:32 expected a semver version such as `9.1.2`, found `1.0`: unexpected end of input while parsing minor version number «1.0»
    error date 5:71 expected a date `YYYY-MM-DD`, found `2026-13-01` (`2026-01-13` exists: are month and day swapped?) «2026-13-01»
    error no-source 6:14 expected a `source`, found none here nor to inherit «arm»
    error unknown-key 6:39 unknown key `cor` (did you mean `core`?) «cor»
    error shape 7:31 expected a string, found `1` «1»
    error unknown-key 7:59 unknown key `neds` (did you mean `needs`?) «neds»
    error range 9:66 expected a constraint such as `>=1.2,<2`, found `>>`: unknown operator (the operators are `>=`, `>`, `<=`, `<`, `=`, `!=`, `^`, `~` and `~=`) «>>»
    error range 10:68 expected a constraint such as `>=1.2,<2`, found `=>`: unknown operator (the operators are `>=`, `>`, `<=`, `<`, `=`, `!=`, `^`, `~` and `~=`) «=>»
    error shape 11:10 expected an array, found `3` «3»
    "#);
}

#[test]
fn a_deployment_shows_all_mistakes_at_once() {
    let text = r#"{ "format": 1, "name": "prod", "feature": [],
  "nodes": [
    { "name": "a", "role": 1, "packages": { "robot": "1.0.0" } },
    { "name": "b", "package": { "robot": "1.0.0" } },
    { "name": "c", "packages": { "robot": 1 } },
    { "name": "d", "packages": { "robot": "1.0.0", "robot": "1.1.0" } },
    { "name": "d", "packages": ["robot"] }
  ] }"#;
    insta::assert_snapshot!(lint_deployment(text), @"
    error unknown-key 1:33 unknown key `feature` (did you mean `features`?) «feature»
    error shape 3:28 expected a string, found `1` «1»
    error unknown-key 4:21 unknown key `package` (did you mean `packages`?) «package»
    error shape 5:43 expected a string, found `1` «1»
    error duplicate-key 6:53 the key `robot` stands twice «robot»
    error shape 7:32 expected an object, found an array «[»
    ");
}

#[test]
fn a_plan_file_is_refused_with_its_place() {
    let lint = |text: &str| {
        let input = Input { name: "plan.json", bytes: text.as_bytes() };
        matrix::read_plan(input).map_or_else(|problems| print(&problems), |_| String::new())
    };
    insta::assert_snapshot!(lint(r#"{ "format_version": "1.0", "command": "plan", "steps": [] }"#), @"");
    insta::assert_snapshot!(lint(r#"{ "format_version": "1.0", "command": "check", "steps": [] }"#), @"error format 1:40 expected the output of `plan`, found that of `check` (a plan is what `skew plan --format json` writes) «check»");
    insta::assert_snapshot!(lint(r#"{ "format_version": "2.0", "command": "plan", "steps": [] }"#), @"error format 1:22 expected format version 1, found `2.0` (a plan is what `skew plan --format json` writes) «2.0»");
    insta::assert_snapshot!(lint("{ \"format_version\": \"1.0\", \"command\": \"plan\",\n  \"steps\": [{ \"node\": \"a\" }] }"), @"error shape 2:27 missing key `action` «}»");
    insta::assert_snapshot!(lint("{ \"format_version\": \"1.0\", \"command\": \"check\",\n  \"findings\": [] }"), @"error format 1:40 expected the output of `plan`, found that of `check` (a plan is what `skew plan --format json` writes) «check»");
    insta::assert_snapshot!(lint("{"), @"error syntax 1:1 expected the end of an object, found the end of the file (a plan is what `skew plan --format json` writes) «{»");
}

/// Every code has a test above. `unreadable` is the edge's; circles, archives, and what only the command `lint`
/// looks for, have tests of their own.
#[test]
fn every_code_is_tested() {
    let elsewhere = [
        ProblemCode::Unreadable,
        ProblemCode::Archive,
        ProblemCode::RequirementCycle,
        ProblemCode::WindowDiffers,
        ProblemCode::CoreUnderstated,
    ];
    let text = concat!(include_str!("problems.rs"), include_str!("problems/hostile.rs"));
    let missing: Vec<_> = ProblemCode::ALL
        .iter()
        .filter(|code| !elsewhere.contains(code))
        .map(|code| code.name())
        .filter(|name| {
            let shown = |severity| text.contains(&format!("{severity} {name} "));
            !shown("error") && !shown("warning")
        })
        .collect();
    assert_eq!(missing, Vec::<&str>::new(), "codes that no snapshot shows");
}

#[test]
fn trains() {
    let rows = [
        r#""merges": [{ "phases": ["calm"], "for": "patch", "into": "main" }]"#,
        r#""merges": [{ "phases": ["calms"], "for": "patch", "into": "main" }]"#,
        r#""merges": [{ "phases": ["calm"], "for": "patch", "into": "mian" }]"#,
        r#""merges": [{ "phases": ["calm"], "for": "patch", "into": "main", "refused": "never" }]"#,
        r#""merges": [{ "phases": ["calm"], "for": "tomorrow", "into": "main" }]"#,
        r#""targets": [{ "phases": ["calm"], "branches": [1] }]"#,
        r#""switches": [{ "from": 1, "to": 2, "phases": ["storm"], "when": "never" }]"#,
        r#""releases": [{ "release": "patch", "name": "x" }]"#,
        r#""phases": [{ "name": "calm", "title": "Again", "branches": [] }]"#,
    ];
    let train = |row: &&str| {
        lint(toys(
            &r#""trains": [{ "package": "robot", "source": "docs",
  "names": [{ "name": "main", "real": "main" }],
  "phases": [{ "name": "calm", "title": "Nothing is due", "branches": ["main"] }] },
  { "package": "robot", "source": "docs", ROW }]"#
                .replace("ROW", row),
        ))
    };
    let told: Vec<_> = rows.iter().map(train).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"

    error unknown-name 12:68 no phase is named `calms` (did you mean `calm`?) «calms»
    error unknown-name 12:101 no branch or release of the train is named `mian` (did you mean `main`?) «mian»
    error rule 12:120 expected either `into` or `refused` in every row «never»
    error shape 12:83 expected `patch`, `minor` or `next-minor`, found `tomorrow` «\"tomorrow\"»
    error rule 12:17 expected either `targets` or `refused` in every row «robot»
    error unknown-name 12:90 no phase is named `storm` «storm»
    error unknown-name 12:87 no branch or release of the train is named `x` «x»
    error duplicate-name 12:65 the phase `calm` is stated twice «calm»
    "#);
}
