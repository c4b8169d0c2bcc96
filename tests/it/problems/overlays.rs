//! What a later file may add to an earlier one, and what it may not.

use skew::catalog::Catalog;
use skew::matrix::{self, Input, Loaded};

use super::{BASE, lint_all};

/// The toys with an interface, a role, an upgrade and facts that have ids.
fn base() -> String {
    format!(
        r#"{{ {BASE},
"interfaces": [{{ "name": "socket", "title": "t", "levels": "number", "stability": "stable", "source": "docs" }}],
"offers": [{{ "id": "old-socket", "package": "robot", "releases": "<2", "interface": "socket", "reads": ["1"], "source": "docs" }},
           {{ "package": "robot", "releases": ">=2", "interface": "socket", "reads": ["2"], "source": "docs" }}],
"requirements": [{{ "id": "arm-robot", "package": "arm", "needs": "robot", "range": "<2", "source": "docs" }}],
"roles": [{{ "id": "hand-role", "name": "hand", "runs": ["robot"], "source": "docs" }}],
"relations": [{{ "name": "holds", "title": "t", "from": ["hand"], "to": ["hand"], "within": "group", "source": "docs",
  "exceptions": [{{ "id": "slip", "from": {{ "robot": "*" }}, "to": {{ "robot": "*" }}, "verdict": "incompatible", "breaks": "it slips" }}] }}],
"skew": [{{ "id": "toy-skew", "code": "TOY-1", "relation": "holds", "rule": "from <= to by major", "severity": "error", "message": "m", "source": "docs" }}],
"upgrades": [{{ "package": "robot", "source": "docs",
  "risks": [{{ "id": "fall", "name": "falls", "from": "<2", "to": ">=2", "message": "it falls" }}] }}],
"lifecycle": [{{ "package": "robot", "line": "major", "source": "docs",
  "windows": [{{ "id": "one-ends", "line": "1", "phase": "active", "until": "2026-01" }}] }}]
}}"#
    )
}

/// Returns an overlay of the toys.
fn overlay(more: &str) -> String {
    format!(
        r#"{{ "format": 1, "name": "ours", "extends": "toys",
"sources": {{ "ticket": {{ "title": "Our ticket", "evidence": "observed" }} }},
{more} }}"#
    )
}

fn load(overlay: &str) -> Loaded {
    let base = base();
    let inputs = [("toys.json", base.as_str()), ("ours.json", overlay)];
    let inputs = inputs.map(|(name, text)| Input { name, bytes: text.as_bytes() });
    matrix::load(&inputs, &[])
}

/// Returns the catalog of the toys with a sound overlay.
#[track_caller]
fn with(more: &str) -> Catalog {
    let loaded = load(&overlay(more));
    assert_eq!(loaded.problems.list, [], "the overlay is sound");
    loaded.catalog
}

/// Returns the problems of the toys with an overlay.
fn problems(more: &str) -> String {
    lint_all(&[base().as_bytes(), overlay(more).as_bytes()])
}

/// Returns what a release needs, and who says so.
fn needs(catalog: &Catalog, package: &str, version: &str) -> Vec<String> {
    let package = catalog.find(package).unwrap();
    let rank = catalog.package(package).find(version).unwrap();
    let needs = catalog.package(package).needs(rank).iter();
    needs
        .map(|need| {
            let constraint = catalog.constraint(need.constraint);
            let target = &catalog.package(constraint.target).name;
            format!("{target} {} ({})", constraint.text, catalog.cite(need.fact).source)
        })
        .collect()
}

#[test]
fn an_overlay_may_withdraw_a_release() {
    let catalog = with(
        r#""packages": [{ "name": "robot", "source": "ticket", "releases": [{ "version": "1.1.0", "withdrawn": "it bites" }] }]"#,
    );
    let package = catalog.package(catalog.find("robot").unwrap());
    let release = package.release(package.find("1.1.0").unwrap());
    assert_eq!(release.withdrawn.as_deref(), Some("it bites"));
    assert_eq!(catalog.cite(release.fact.unwrap()).source, "Our ticket");
    assert_eq!(package.len(), 3, "no release is added");
}

#[test]
fn an_overlay_may_add_a_release() {
    let catalog = with(
        r#""packages": [{ "name": "robot", "source": "ticket", "releases": [{ "version": "1.0.1" }] }]"#,
    );
    let package = catalog.package(catalog.find("robot").unwrap());
    let versions: Vec<_> =
        package.releases().iter().map(|release| release.version.text()).collect();
    assert_eq!(versions, ["1.0.0", "1.0.1", "1.1.0", "2.0.0"]);
}

#[test]
fn an_overlay_may_add_a_requirement() {
    let catalog = with(
        r#""requirements": [{ "package": "arm", "needs": "robot", "range": "!=1.1.0", "source": "ticket" }]"#,
    );
    insta::assert_snapshot!(needs(&catalog, "arm", "0.1.0").join("\n"), @"
    robot >=1.0.0 (Docs)
    robot <2 (Docs)
    robot !=1.1.0 (Our ticket)
    ");
}

#[test]
fn an_overlay_may_add_a_risk() {
    let catalog = with(
        r#""upgrades": [{ "package": "robot", "source": "ticket", "risks": [{ "name": "rust", "from": "1.0.0", "to": "1.1.0", "message": "it rusts" }] }]"#,
    );
    let upgrades = catalog.upgrades(catalog.find("robot").unwrap()).unwrap();
    let names: Vec<_> = upgrades.risks.iter().map(|risk| &risk.name).collect();
    assert_eq!(names, ["falls", "rust"]);
}

#[test]
fn an_overlay_may_replace_a_fact_by_its_id() {
    let catalog = with(
        r#""requirements": [{ "package": "arm", "needs": "robot", "range": "<3", "source": "ticket", "replaces": ["arm-robot"] }],
"offers": [{ "package": "robot", "releases": "<2", "interface": "socket", "reads": ["..=2"], "source": "ticket", "replaces": ["old-socket"] }],
"skew": [{ "code": "TOY-1", "relation": "holds", "rule": "from = to by major", "severity": "warning", "message": "m", "source": "ticket", "replaces": ["toy-skew"] }],
"upgrades": [{ "package": "robot", "source": "ticket", "advice": [{ "name": "falls", "from": "<2", "to": ">=2", "message": "it no longer falls", "replaces": ["fall"] }] }],
"lifecycle": [{ "package": "robot", "line": "major", "source": "ticket", "windows": [{ "line": "1", "phase": "active", "until": "2027-01", "replaces": ["one-ends"] }] }]"#,
    );
    insta::assert_snapshot!(needs(&catalog, "arm", "0.1.0").join("\n"), @"
    robot >=1.0.0 (Docs)
    robot <3 (Our ticket)
    ");
    let rules: Vec<_> = catalog.skew_rules().iter().map(|rule| &rule.text).collect();
    assert_eq!(rules, ["from = to by major"]);
    let robot = catalog.find("robot").unwrap();
    assert!(catalog.upgrades(robot).unwrap().risks.is_empty());
    assert_eq!(catalog.lifecycle(robot).unwrap().windows.len(), 1);
}

#[test]
fn an_overlay_may_replace_an_announced_release() {
    let announced = |name: &str, version: &str, keys: &str| {
        format!(
            r#"{{ "$schema": "../schemas/matrix.json", "format": 1, "name": "{name}", {keys}
"lifecycle": [{{ "package": "robot", "line": "major", "source": "docs",
  "announced": [{{ "version": "{version}", "date": "2027-01-15", {} }}] }}] }}"#,
            if name == "toys" { r#""id": "three""# } else { r#""replaces": ["three"]"# }
        )
    };
    let sources = r#""sources": { "docs": { "title": "Docs", "evidence": "documented" } },"#;
    let robot = r#""packages": [{ "name": "robot", "kind": "core", "scheme": "semver", "source": "docs", "releases": [{ "version": "1.0.0" }] }],"#;
    let texts = [
        announced("toys", "3.0.0", &format!("{sources} {robot}")),
        announced("ours", "3.1.0", &format!("{sources} \"extends\": \"toys\",")),
    ];
    let inputs = texts.each_ref().map(|text| Input { name: "toys.json", bytes: text.as_bytes() });
    let loaded = matrix::load(&inputs, &[]);
    assert!(loaded.problems.list.is_empty(), "{:?}", loaded.problems.list);
    let robot = loaded.catalog.find("robot").unwrap();
    let announced = &loaded.catalog.lifecycle(robot).unwrap().announced;
    let versions: Vec<_> = announced.iter().map(|one| one.version.to_string()).collect();
    assert_eq!(versions, ["3.1.0"]);
}

#[test]
fn an_overlay_may_replace_an_overlay() {
    let first = overlay(
        r#""requirements": [{ "id": "arm-robot", "package": "arm", "needs": "robot", "range": "<3", "source": "ticket", "replaces": ["arm-robot"] }]"#,
    );
    let second = first.replace("<3", "<4").replace("\"ours\"", "\"yours\"");
    let texts = [base(), first, second];
    let inputs = texts.each_ref().map(|text| Input { name: "toys.json", bytes: text.as_bytes() });
    let loaded = matrix::load(&inputs, &[]);
    assert_eq!(
        loaded.problems.list.iter().map(|problem| &problem.message).collect::<Vec<_>>(),
        ["the range `<4` matches no release"; 0]
    );
    insta::assert_snapshot!(needs(&loaded.catalog, "arm", "0.1.0").join("\n"), @"
    robot >=1.0.0 (Docs)
    robot <4 (Our ticket)
    ");
}

/// Ids belong to a matrix: another matrix that has the same id keeps its fact.
#[test]
fn an_overlay_replaces_in_its_own_matrix_only() {
    let other = base()
        .replace("\"toys\"", "\"dolls\"")
        .replace("\"robot\"", "\"doll\"")
        .replace("\"arm\"", "\"leg\"")
        .replace("TOY-1", "DOLL-1");
    let overlay = overlay(
        r#""requirements": [{ "package": "arm", "needs": "robot", "range": "<3", "source": "ticket", "replaces": ["arm-robot"] }]"#,
    );
    let texts = [base(), other, overlay];
    let inputs = texts.each_ref().map(|text| Input { name: "toys.json", bytes: text.as_bytes() });
    let loaded = matrix::load(&inputs, &[]);
    assert!(!loaded.problems.has_errors(), "{:?}", loaded.problems.list);
    insta::assert_snapshot!(needs(&loaded.catalog, "leg", "0.1.0").join("\n"), @"
    doll >=1.0.0 (Docs)
    doll <2 (Docs)
    ");
    insta::assert_snapshot!(needs(&loaded.catalog, "arm", "0.1.0").join("\n"), @"
    robot >=1.0.0 (Docs)
    robot <3 (Our ticket)
    ");
}

#[test]
fn an_overlay_cannot_make_compatible_what_is_forbidden() {
    insta::assert_snapshot!(problems(r#""offers": [{ "package": "robot", "releases": "<2", "interface": "socket", "reads": ["..=2"], "source": "ticket" }]"#), @"1: error offer-overlap 3:47 robot 1.1.0 already has an offer on `socket` (an overlay that corrects an offer names its id in `replaces`) «<2»");
    insta::assert_snapshot!(problems(r#""lifecycle": [{ "package": "robot", "line": "major", "source": "ticket", "windows": [{ "line": "1", "phase": "active", "until": "2027-01" }] }]"#), @"1: error window-overlap 3:97 two `active` windows of the line `1` overlap (an overlay that corrects a window names its id in `replaces`) «1»");
    insta::assert_snapshot!(problems(r#""skew": [{ "code": "TOY-1", "relation": "holds", "rule": "from - to <= 9 major", "severity": "info", "message": "m", "source": "ticket" }]"#), @"1: error duplicate-name 3:21 the skew rule `TOY-1` is stated twice «TOY-1»");
    insta::assert_snapshot!(problems(r#""roles": [{ "name": "hand", "runs": ["arm"], "source": "ticket" }]"#), @"1: error duplicate-name 3:22 the role `hand` is stated twice «hand»");
    insta::assert_snapshot!(problems(r#""packages": [{ "name": "robot", "source": "ticket", "scheme": "natural", "listing": "partial" }]"#), @"
    1: error duplicate-package 3:25 an overlay cannot change the `listing` of the package `robot` «robot»
    1: error duplicate-package 3:25 an overlay cannot change the `scheme` of the package `robot` «robot»
    ");
}

#[test]
fn an_overlay_cannot_replace_what_others_hang_on() {
    insta::assert_snapshot!(problems(r#""requirements": [{ "package": "arm", "needs": "robot", "range": "*", "source": "ticket", "replaces": ["hand-role", "arm-robt"] }]"#), @"
    1: error replaces 3:104 `hand-role` is not replaced: packages, releases, features, contracts, interfaces, roles, relations and whole entries can only be added to «hand-role»
    1: error replaces 3:117 `arm-robt` is not replaced: no earlier fact of the matrix has this id «arm-robt»
    ");
}

#[test]
fn an_added_requirement_only_forbids_more() {
    let catalog = with(
        r#""requirements": [{ "package": "arm", "needs": "robot", "range": "*", "source": "ticket" }]"#,
    );
    assert_eq!(needs(&catalog, "arm", "0.1.0").len(), 3, "the others still hold");
}

#[test]
fn a_file_that_extends_nothing_does_not_add() {
    let text = overlay(r#""roles": []"#).replace("\"toys\"", "\"bricks\"");
    insta::assert_snapshot!(lint_all(&[base().as_bytes(), text.as_bytes()]), @"1: error unknown-name 1:44 expected the name of a loaded matrix, found `bricks` «bricks»");
    insta::assert_snapshot!(lint_all(&[overlay(r#""roles": []"#).as_bytes(), base().as_bytes()]), @"0: error unknown-name 1:44 expected the name of a loaded matrix, found `toys` «toys»");
}
