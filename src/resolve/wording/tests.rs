//! What conflicts and repairs read like: one small matrix, and one that hides two plugins among many.

use jiff::civil::date;

use super::super::problem::Request;
use super::super::tests::{catalog, requirement};
use super::super::{Resolution, resolve};
use crate::answer::selection::Conflict;
use crate::catalog::Catalog;

/// A core of seven releases, and plugins that are each about one kind of sentence.
const SMALL: &str = r#"{ "format": 1, "name": "small", "as_of": "2026-01-01",
  "sources": { "s": { "title": "notes", "evidence": "documented" } },
  "packages": [
    { "name": "core", "kind": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "date": "2020-01-01" }, { "version": "1.1.0", "date": "2021-01-01" },
      { "version": "1.2.0", "date": "2022-01-01", "withdrawn": "it ate data" },
      { "version": "2.0.0", "date": "2025-01-01" }, { "version": "2.1.0", "date": "2025-06-01" },
      { "version": "3.0.0-rc1" }, { "version": "3.0.0-rc2" } ] },
    { "name": "same", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": "*" } },
      { "version": "1.4.0", "needs": { "core": ">=2.0" } }, { "version": "1.5.0", "needs": { "core": ">=2.0" } },
      { "version": "1.6.0", "needs": { "core": ">=2.0" } } ] },
    { "name": "pins", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": "==1.0.0" } }, { "version": "1.1.0", "needs": { "core": "==1.1.0" } },
      { "version": "2.0.0", "needs": { "core": "==2.0.0" } } ] },
    { "name": "duo", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": "==1.0.0" } }, { "version": "1.1.0", "needs": { "core": "==1.1.0" } } ] },
    { "name": "two", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": ">=2" } }, { "version": "2.0.0", "needs": { "core": ">=2" } } ] },
    { "name": "next", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": ">2.1.0" } } ] },
    { "name": "early", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": ">=3.0.0-rc1" } } ] },
    { "name": "bad", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": "=1.2.0" } } ] },
    { "name": "far", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": ">=9" } } ] },
    { "name": "old", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": "<2" } } ] },
    { "name": "shy", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": "*", "old": { "range": "*", "kind": "conflicts" } } } ] },
    { "name": "a", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": "*", "b": "=1.0.0" } },
      { "version": "2.0.0", "needs": { "core": "*", "b": "=2.0.0" } } ] },
    { "name": "b", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": "*", "c": "=1.0.0" } },
      { "version": "2.0.0", "needs": { "core": "*", "c": "=2.0.0" } } ] },
    { "name": "c", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [
      { "version": "1.0.0", "needs": { "core": "*", "a": "=2.0.0" } },
      { "version": "2.0.0", "needs": { "core": "*", "a": "=1.0.0" } } ] }
  ],
  "lifecycle": [ { "package": "core", "line": "major", "source": "s", "windows": [
    { "line": "1", "phase": "maintenance", "from": "2020-01-01", "until": "2024-01-01" } ] } ] }"#;

fn conflict(catalog: &Catalog, request: &Request) -> Conflict {
    match resolve(catalog, request) {
        Resolution::Impossible(conflict) => conflict,
        other @ (Resolution::Found(_) | Resolution::Undecided(_) | Resolution::Unknown { .. }) => {
            panic!("there is an answer: {other:?}")
        }
    }
}

/// Returns the facts, without what was asked for, and the repairs.
fn said(conflict: &Conflict) -> (Vec<&str>, Vec<&str>) {
    let facts = conflict.clashes.iter().map(|clash| clash.text.as_str());
    let repairs = conflict.repairs.iter().map(|repair| repair.text.as_str());
    (facts.filter(|text| !text.starts_with("you asked for ")).collect(), repairs.collect())
}

fn asked(catalog: &Catalog, specs: &[&str]) -> Request {
    Request::newest(specs.iter().map(|spec| requirement(catalog, spec)).collect())
}

/// What is asked, what is said but for that, and what is offered; nothing said means a set is found.
const CASES: &[(&[&str], &[&str], &[&str])] = &[
    (
        &["core@1.1.0", "same@1.4.0"],
        &["same 1.4.0 needs core >=2.0"],
        &[
            "ask for same 1.0.0 instead of same@1.4.0",
            "ask for core 2.0.0 (or 2.1.0, the newest that fits) instead of core@1.1.0",
            "leave out same@1.4.0",
        ],
    ),
    (&["core@1.1.0", "same@>=1.4"], &["every release of same since 1.4.0 needs core >=2.0"], &[]),
    (&["core@1.1.0", "two"], &["both 1.0.0 and 2.0.0 of two need core >=2"], &[]),
    (
        &["core@2.1.0", "pins"],
        &["no release of pins goes with core 2.1.0; the nearest, 2.0.0, needs core 2.0.0"],
        &["ask for core 2.0.0 instead of core@2.1.0", "leave out pins"],
    ),
    (
        &["core@2.1.0", "duo"],
        &["neither 1.0.0 nor 1.1.0 of duo goes with core 2.1.0; 1.1.0 needs core 1.1.0"],
        &[],
    ),
    (
        &["core@2.1.0", "pins@1.1.0"],
        &["pins 1.1.0 needs core 1.1.0, and no other release of pins goes with core 2.1.0 either"],
        &[],
    ),
    (
        &["next"],
        &["next 1.0.0 needs core >2.1.0", "core 3.0.0-rc2 would do, but it is not stable"],
        &["ask for core@3.0.0-rc2 by name, which is not stable"],
    ),
    (
        &["core", "bad"],
        &["bad 1.0.0 needs core 1.2.0", "core 1.2.0 would do, but it was withdrawn: it ate data"],
        &["leave out bad"],
    ),
    (&["far"], &["far 1.0.0 needs core >=9, which no known release is"], &[]),
    (&["old", "shy"], &["shy 1.0.0 excludes old"], &["leave out shy", "leave out old"]),
    (&["pins", "core@>=1.1", "old"], &[], &[]),
    // A need that names a pre-release admits it.
    (&["early"], &[], &[]),
];

#[test]
fn each_kind_of_conflict_is_a_sentence() {
    let catalog = catalog(SMALL);
    for (specs, facts, repairs) in CASES {
        let request = asked(&catalog, specs);
        if facts.is_empty() {
            assert!(matches!(resolve(&catalog, &request), Resolution::Found(_)), "{specs:?}");
            continue;
        }
        let conflict = conflict(&catalog, &request);
        let (said, offered) = said(&conflict);
        assert_eq!(said, *facts, "{specs:?}");
        assert!(repairs.is_empty() || offered == *repairs, "{specs:?}: {offered:#?}");
        let sources = conflict.clashes.iter().filter(|clash| clash.cite.is_some()).count();
        assert_eq!(sources, facts.len(), "every fact has its source: {specs:?}");
    }
}

#[test]
fn a_circle_that_never_closes_is_told_link_by_link() {
    let catalog = catalog(SMALL);
    let conflict = conflict(&catalog, &asked(&catalog, &["a", "same"]));
    let (facts, repairs) = said(&conflict);
    assert_eq!(
        facts,
        [
            "a 1.0.0 needs b 1.0.0; 2.0.0 needs b 2.0.0",
            "b 1.0.0 needs c 1.0.0; 2.0.0 needs c 2.0.0",
            "c 1.0.0 needs a 2.0.0; 2.0.0 needs a 1.0.0",
        ]
    );
    assert_eq!(repairs, ["leave out a"]);
}

#[test]
fn what_has_ended_is_offered_last_and_by_name() {
    let catalog = catalog(SMALL);
    let mut request = asked(&catalog, &["same", "old"]);
    request.on(&catalog, date(2026, 1, 1));
    let conflict = conflict(&catalog, &request);
    let (facts, repairs) = said(&conflict);
    assert_eq!(facts[0], "old 1.0.0 needs core <2");
    assert!(
        facts[1].starts_with("core 1.1.0 would do, but it is past the end of its support: "),
        "{facts:?}"
    );
    assert_eq!(facts.len(), 2);
    assert_eq!(
        repairs,
        ["leave out old", "ask for core@1.1.0 by name, which is past the end of its support",]
    );
}

/// Two hundred plugins that all go with everything, but two of them.
fn crowd() -> Catalog {
    let plugin = |at: usize| {
        let core = match at {
            70 => "<2",
            140 => ">=2",
            _ => "*",
        };
        let releases = |release: usize| {
            let next = (at + 1) % 200;
            format!(
                r#"{{ "version": "1.{release}.0", "needs": {{ "core": "{core}", "p{next:03}": {{ "range": "*", "kind": "optional" }} }} }}"#
            )
        };
        let releases: Vec<_> = (0..8).map(releases).collect();
        format!(
            r#"{{ "name": "p{at:03}", "kind": "plugin", "core": "core", "scheme": "semver", "source": "s", "releases": [ {} ] }}"#,
            releases.join(", ")
        )
    };
    let plugins: Vec<_> = (0..200).map(plugin).collect();
    let cores: Vec<_> =
        (0..40).map(|at| format!(r#"{{ "version": "{}.{}.0" }}"#, 1 + at / 20, at % 20)).collect();
    catalog(&format!(
        r#"{{ "format": 1, "name": "crowd", "as_of": "2026-01-01",
             "sources": {{ "s": {{ "title": "notes", "evidence": "documented" }} }},
             "packages": [ {{ "name": "core", "kind": "core", "scheme": "semver", "source": "s",
               "releases": [ {} ] }}, {} ] }}"#,
        cores.join(", "),
        plugins.join(", ")
    ))
}

#[test]
fn two_plugins_among_two_hundred_are_told_in_two_facts() {
    let catalog = crowd();
    let names: Vec<String> = (0..200).map(|at| format!("p{at:03}")).collect();
    let specs: Vec<&str> = names.iter().map(String::as_str).collect();
    let conflict = conflict(&catalog, &asked(&catalog, &specs));
    let texts: Vec<_> = conflict.clashes.iter().map(|clash| clash.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "you asked for p070",
            "you asked for p140",
            "every release of p070 needs core <2",
            "every release of p140 needs core >=2",
        ]
    );
    let (_, repairs) = said(&conflict);
    assert_eq!(repairs, ["leave out p140", "leave out p070"]);
    assert!(conflict.repairs.iter().all(|repair| repair.picks.len() == 200));
}
