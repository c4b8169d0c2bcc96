//! Drawings of invented and shipped matrices.

use super::*;
use crate::graph::testing::{catalog, release, shipped};
use crate::report::{dot::dot, mermaid::mermaid};

const SMALL: &str = r#"
    "packages": [
      { "name": "app", "kind": "core", "scheme": "semver", "source": "s",
        "releases": [ { "version": "1.0.0" }, { "version": "1.0.4" }, { "version": "1.1.0" }, { "version": "2.0.0" },
                      { "version": "2.1.0-rc1" }, { "version": "2.0.1", "withdrawn": "bad" } ] },
      { "name": "plug", "kind": "plugin", "core": "app", "scheme": "semver", "source": "s",
        "releases": [ { "version": "0.1.0", "uses": { "abi": "1" }, "needs": { "java": ">=17" } },
                      { "version": "0.2.0", "uses": { "abi": "2" }, "needs": { "java": ">=21", "app": ">=1.0.2,<3" } } ] },
      { "name": "side", "kind": "plugin", "core": "app", "scheme": "semver", "source": "s",
        "releases": [ { "version": "3.0.0", "needs": { "plug": "^0.2.0", "app": "*" } } ] },
      { "name": "java", "kind": "runtime", "scheme": "natural", "source": "s",
        "releases": [ { "version": "17" }, { "version": "21" } ] } ],
    "interfaces": [ { "name": "abi", "title": "ABI", "levels": "number", "stability": "stable", "source": "s" } ],
    "offers": [ { "package": "app", "releases": "<1.1", "interface": "abi", "reads": ["1"], "source": "s" },
                { "package": "app", "releases": ">=1.1.0", "interface": "abi", "reads": ["..=2"], "writes": ["2"], "source": "s" } ],
    "upgrades": [ { "package": "app", "source": "s",
        "stops": [ { "name": "via-1.1", "from": "<1.1", "to": ">=2.0.0", "via": "1.1.*", "why": "w" } ],
        "risks": [ { "name": "slow", "from": "<2", "to": ">=2.0.0", "message": "m" } ],
        "irreversible": [ { "name": "files", "from": "<1.1", "to": ">=1.1.0", "why": "w" } ],
        "blocked": [ { "name": "back", "from": ">=2.0.0", "to": "<1.1", "why": "w" } ] } ]"#;

/// Prints a drawing, one line per node and edge.
fn outline(picture: &Picture) -> String {
    let one_line = |text: &str| text.replace('\n', " / ");
    let mut lines = vec![picture.title.clone()];
    lines.extend(
        picture.nodes.iter().map(|node| format!("[{}] {}", node.id, one_line(&node.label))),
    );
    for edge in &picture.edges {
        let (from, to) = (&picture.nodes[edge.from].id, &picture.nodes[edge.to].id);
        lines.push(format!("{from} -> {to} {:?} {}", edge.kind, one_line(&edge.label)));
    }
    lines.join("\n")
}

#[test]
fn the_whole_catalog_in_lines() {
    let picture = picture(&catalog(SMALL), None, Fold::Lines, DEFAULT_LIMIT);
    insta::assert_snapshot!(outline(&picture), @r#"
    invented
    [app@1.0] app 1.0 / 1.0.4
    [app@1.1] app 1.1 / 1.1.0
    [app@2.0] app 2.0 / 2.0.0
    [plug@0.1] plug 0.1 / 0.1.0
    [plug@0.2] plug 0.2 / 0.2.0
    [side@3.0] side 3.0 / 3.0.0
    [java@17] java 17
    [java@21] java 21
    [interface:abi] abi / stable
    app@1.0 -> app@1.1 Irreversible no way back: files
    app@1.0 -> app@2.0 Stop stop via-1.1 at 1.1.0
    app@1.0 -> interface:abi Offers 1
    app@1.1 -> app@2.0 Risk risk slow
    app@1.1 -> interface:abi Offers reads 1..2 / writes 2
    app@2.0 -> app@1.0 Blocked blocked back
    plug@0.1 -> app@1.0 Needs >=1.0.0
    plug@0.1 -> java@17 Needs >=17
    plug@0.1 -> interface:abi Uses 1
    plug@0.2 -> app@1.1 Needs >=1.0.2,<3
    plug@0.2 -> java@21 Needs >=21
    plug@0.2 -> interface:abi Uses 2
    side@3.0 -> app@1.0 Needs *
    side@3.0 -> plug@0.2 Needs ^0.2.0
    "#);
}

#[test]
fn patches_are_drawn_when_asked_for() {
    let catalog = catalog(SMALL);
    let app = catalog.find("app").unwrap();
    let picture = picture(&catalog, Some(&[(app, None)]), Fold::Patches, DEFAULT_LIMIT);
    let ids: Vec<_> = picture.nodes.iter().map(|node| node.id.as_str()).collect();
    assert_eq!(ids[..4], ["app@1.0.0", "app@1.0.4", "app@1.1.0", "app@2.0.0"]);
}

#[test]
fn around_a_plugin_come_its_core_its_needs_and_who_needs_it() {
    let catalog = catalog(SMALL);
    let (plug, rank) = release(&catalog, "plug@0.2.0");
    let only = ReleaseSet::filled(2, |other| other == rank);
    let drawn = picture(&catalog, Some(&[(plug, Some(only))]), Fold::Lines, DEFAULT_LIMIT);
    insta::assert_snapshot!(outline(&drawn), @r#"
    around plug
    [app@1.0] app 1.0 / 1.0.4
    [app@1.1] app 1.1 / 1.1.0
    [app@2.0] app 2.0 / 2.0.0
    [plug@0.2] plug 0.2 / 0.2.0
    [side@3.0] side 3.0 / 3.0.0
    [java@17] java 17
    [java@21] java 21
    [interface:abi] abi / stable
    app@1.0 -> app@1.1 Irreversible no way back: files
    app@1.0 -> app@2.0 Stop stop via-1.1 at 1.1.0
    app@1.0 -> interface:abi Offers 1
    app@1.1 -> app@2.0 Risk risk slow
    app@1.1 -> interface:abi Offers reads 1..2 / writes 2
    app@2.0 -> app@1.0 Blocked blocked back
    plug@0.2 -> app@1.1 Needs >=1.0.2,<3
    plug@0.2 -> java@21 Needs >=21
    plug@0.2 -> interface:abi Uses 2
    side@3.0 -> app@1.0 Needs *
    side@3.0 -> plug@0.2 Needs ^0.2.0
    "#);
    let java = catalog.find("java").unwrap();
    let around_java = picture(&catalog, Some(&[(java, None)]), Fold::Lines, DEFAULT_LIMIT);
    insta::assert_snapshot!(outline(&around_java), @r#"
    around java
    [plug@0.1] plug 0.1 / 0.1.0
    [plug@0.2] plug 0.2 / 0.2.0
    [java@17] java 17
    [java@21] java 21
    plug@0.1 -> java@17 Needs >=17
    plug@0.2 -> java@21 Needs >=21
    "#);
}

#[test]
fn a_candidate_is_drawn_when_named() {
    let catalog = catalog(SMALL);
    let (app, rank) = release(&catalog, "app@2.1.0-rc1");
    let only = ReleaseSet::filled(catalog.package(app).len(), |other| other == rank);
    let picture = picture(&catalog, Some(&[(app, Some(only))]), Fold::Lines, DEFAULT_LIMIT);
    assert_eq!(picture.nodes[0].label, "app 2.1\n2.1.0-rc1");
}

#[test]
fn a_limit_keeps_the_newest_and_says_how_many_are_missing() {
    let catalog = catalog(SMALL);
    for limit in 0..=10 {
        let picture = picture(&catalog, None, Fold::Lines, limit);
        let drawn = picture.nodes.iter().filter(|node| node.kind != NodeKind::More).count();
        assert_eq!(drawn, limit.min(9));
        assert!(picture.edges.iter().all(|edge| edge.from.max(edge.to) < drawn));
    }
    let picture = picture(&catalog, None, Fold::Lines, 4);
    insta::assert_snapshot!(outline(&picture), @r#"
    invented
    [app@1.1] app 1.1 / 1.1.0
    [app@2.0] app 2.0 / 2.0.0
    [java@21] java 21
    [interface:abi] abi / stable
    [more] 5 more not drawn
    app@1.1 -> app@2.0 Risk risk slow
    app@1.1 -> interface:abi Offers reads 1..2 / writes 2
    "#);
}

#[test]
fn shipped_matrices_are_drawn_within_the_limit() {
    for name in ["valkey", "kestra", "dagster", "duckdb"] {
        let catalog = shipped(name);
        for fold in [Fold::Lines, Fold::Patches] {
            let picture = picture(&catalog, None, fold, DEFAULT_LIMIT);
            assert!(picture.nodes.len() <= DEFAULT_LIMIT + 1, "{name}");
            let ids: BTreeSet<_> = picture.nodes.iter().map(|node| &node.id).collect();
            assert_eq!(ids.len(), picture.nodes.len(), "{name}");
            let cores = picture.nodes.iter().any(|node| node.kind == NodeKind::CoreLine);
            let plugins = picture.nodes.iter().any(|node| node.kind == NodeKind::PluginLine);
            assert!(cores && plugins, "{name}");
            assert!(dot(&picture).ends_with("}\n") && mermaid(&picture).contains("flowchart LR\n"));
        }
    }
}

#[test]
fn valkey_shows_minimum_cores_and_the_point_of_no_return() {
    let catalog = shipped("valkey");
    let valkey = catalog.find("valkey").unwrap();
    let drawn = picture(&catalog, Some(&[(valkey, None)]), Fold::Lines, DEFAULT_LIMIT);
    let outline = outline(&drawn);
    for line in [
        "[valkey@9.1] valkey 9.1 / 9.1.2",
        "valkey@8.1 -> valkey@9.0 Irreversible no way back: rdb-80",
        "valkey-search@1.1 -> valkey@9.0 Needs >=9.0.1",
        "valkey@9.0 -> interface:rdb-sync Offers reads 9..11, 80 / writes 80",
    ] {
        assert!(outline.lines().any(|other| other == line), "{line} is not in\n{outline}");
    }
}

#[test]
fn kestra_shows_its_stop() {
    let catalog = shipped("kestra");
    let kestra = catalog.find("kestra").unwrap();
    let drawn = picture(&catalog, Some(&[(kestra, None)]), Fold::Lines, DEFAULT_LIMIT);
    let outline = outline(&drawn);
    assert!(outline.contains("java@21"), "{outline}");
    assert!(outline.contains("kestra@1.2 -> kestra@2.0 Stop stop via-1.3 at 1.3.0 to 1.3.39"));
    assert!(outline.contains("kestra@1.3 -> kestra@2.0 Irreversible"));
}
