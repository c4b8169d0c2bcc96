//! Cases in files: matrices, a question, the expected answer.
//!
//! Each file of `tests/scenarios` and `tests/data` that has an `ask` is one case, or a table of
//! `cases` that share what stands beside them. `matrices` names shipped ones, `matrix` is one given
//! in place. A new kind of question is one more arm of [`ask`].

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use skew::answer::selection::{Conflict, Resolution, Selection};
use skew::catalog::{Catalog, FeatureSet};
use skew::finding::{Cite, Finding};
use skew::resolve::{Prefer, Request, resolve};
use skew::skew::{Moment, judge};
use skew::suspicion::suspicions;

use crate::support::{catalog, release, request};

#[test]
fn scenarios_are_answered_as_expected() {
    let mut cache = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in files() {
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string();
        let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        if file.get("ask").is_none() && file.get("cases").is_none() {
            continue;
        }
        for (at, case) in cases(&file).into_iter().enumerate() {
            count += 1;
            let listed = cache.entry((universe(&case), Vec::new())).or_insert_with_key(load);
            let key = (universe(&case), unlisted(listed, &case));
            let catalog = cache.entry(key).or_insert_with_key(load);
            for problem in ask(catalog, &case) {
                wrong.push(format!("{name}, case {}: {problem}", at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 100, "only {count} cases were found");
}

/// Returns what is wrong with the answer to one question.
fn ask(catalog: &Catalog, case: &Value) -> Vec<String> {
    match text(case, "ask") {
        "resolve" => ask_resolve(catalog, case),
        "pair" => ask_pair(catalog, case),
        "diff" => crate::steps::ask_diff(catalog, case),
        other => vec![format!("nobody knows how to ask `{other}`")],
    }
}

fn ask_resolve(catalog: &Catalog, case: &Value) -> Vec<String> {
    let installed = case.get("installed").and_then(Value::as_object);
    let installed = installed
        .into_iter()
        .flatten()
        .map(|(name, version)| (name.as_str(), version.as_str().expect("a version is a text")));
    let mut request = request(catalog, texts(case, "want"), installed);
    if case.get("prefer").is_some_and(|prefer| prefer == "oldest") {
        request.prefer = Prefer::Oldest;
    }
    // About 25 milliseconds: a question about a few packages must not take a search worth the name.
    request.budget = 100_000;
    let expect = &case["expect"];
    match resolve(catalog, &request) {
        Resolution::Found(selection) => {
            let mut problems = check_set(catalog, expect, &selection);
            problems.extend(check_suspicions(catalog, &request, expect, &selection));
            problems
        }
        Resolution::Impossible(conflict) => check_conflict(expect, &conflict),
        Resolution::Undecided(open) => {
            let missing: Vec<_> = open.missing.iter().map(|missing| &*missing.text).collect();
            check_missing(expect, &missing)
        }
        Resolution::Unknown { steps } => vec![format!("no answer after {steps} steps")],
    }
}

/// Checks an answer that is not known: `missing` has a part of each fact that is missing.
fn check_missing(expect: &Value, missing: &[&str]) -> Vec<String> {
    let wanted = texts(expect, "missing");
    let told = wanted.len() == missing.len()
        && wanted.iter().all(|part| missing.iter().any(|text| text.contains(part)));
    if told { Vec::new() } else { vec![format!("not known: {missing:#?}")] }
}

/// Checks a set: `set` is all of it, `includes` a part, `findings` words of what is said about it.
fn check_set(catalog: &Catalog, expect: &Value, selection: &Selection) -> Vec<String> {
    let set: BTreeMap<_, _> = selection
        .picks
        .iter()
        .map(|pick| (catalog.package(pick.release.0).name.as_str(), catalog.version(pick.release)))
        .collect();
    let mut problems = Vec::new();
    if expect.get("set").or(expect.get("includes")).is_none() {
        problems.push(format!("a set was found: {set:?}"));
    }
    let wanted = |key: &str| expect.get(key).and_then(Value::as_object).into_iter().flatten();
    for (name, version) in wanted("set").chain(wanted("includes")) {
        let got = set.get(name.as_str());
        if got.copied() != version.as_str() {
            problems.push(format!("{name} is {got:?}, expected {version}"));
        }
    }
    let size = wanted("set").count();
    if expect.get("set").is_some() && set.len() != size {
        problems.push(format!("the set has {} packages, expected {size}: {set:?}", set.len()));
    }
    problems.extend(missing_findings(expect, &selection.findings));
    problems
}

/// Checks what is suspicious about a set, if `suspicions` says: all of it, as `severity code subject`.
/// `smells` are parts of what is said and hinted.
fn check_suspicions(
    catalog: &Catalog,
    request: &Request,
    expect: &Value,
    selection: &Selection,
) -> Vec<String> {
    let chosen: Vec<_> = selection.picks.iter().map(|pick| pick.release).collect();
    let pinned = request.requirements.iter().filter(|requirement| requirement.pinned.is_some());
    let asked: Vec<_> = pinned
        .map(|requirement| requirement.package)
        .chain(request.installed.keys().copied())
        .collect();
    let found = suspicions(catalog, &chosen, &asked);
    let said: Vec<_> = found
        .iter()
        .map(|one| format!("{} {} {}", one.severity.name(), one.code.as_str(), one.subject))
        .collect();
    let mut problems = Vec::new();
    if expect.get("suspicions").is_some() && said != texts(expect, "suspicions") {
        problems.push(format!("the suspicions are {said:#?}"));
    }
    let words: Vec<_> = found
        .iter()
        .map(|one| format!("{} | {}", one.message, one.hint.as_deref().unwrap_or("-")))
        .collect();
    for part in texts(expect, "smells") {
        if !words.iter().any(|text| text.contains(part)) {
            problems.push(format!("nothing says `{part}` in {words:#?}"));
        }
    }
    for one in found.iter().filter(|one| one.cites.is_empty() || one.hint.is_none()) {
        problems.push(format!("`{}` has no source or no hint", one.message));
    }
    problems
}

/// Checks why there is no set: the exact `clashes` and `repairs`, and some of the `sources`.
fn check_conflict(expect: &Value, conflict: &Conflict) -> Vec<String> {
    let mut problems = Vec::new();
    if expect.get("clashes").is_none() {
        problems.push("no set was found".to_owned());
    }
    let clashes: Vec<_> = conflict.clashes.iter().map(|clash| clash.text.as_str()).collect();
    let repairs: Vec<_> = conflict.repairs.iter().map(|repair| repair.text.as_str()).collect();
    for (key, got) in [("clashes", clashes), ("repairs", repairs)] {
        if expect.get(key).is_some() && got != texts(expect, key) {
            problems.push(format!("the {key} are {got:#?}"));
        }
    }
    let cites: Vec<_> = conflict.clashes.iter().filter_map(|clash| clash.cite.as_ref()).collect();
    problems.extend(missing_sources(expect, &cites));
    problems.extend(missing_findings(expect, &conflict.findings));
    problems
}

fn ask_pair(catalog: &Catalog, case: &Value) -> Vec<String> {
    let exactly = |key: &str| {
        let (name, version) = text(case, key).split_once('@').expect("NAME@VERSION");
        release(catalog, name, version)
    };
    let (from, to) = (exactly("from"), exactly("to"));
    let name = text(case, "relation");
    let relation =
        catalog.find_relation(name, from.0).unwrap_or_else(|| panic!("no relation {name}"));
    let mut features = FeatureSet::default();
    for name in texts(case, "features") {
        features.insert(catalog.feature(name).unwrap_or_else(|| panic!("no feature {name}")));
    }
    let judgement = judge(catalog, relation, from, to, features, Moment::Steady);
    let expect = &case["expect"];
    let mut problems = Vec::new();
    if judgement.verdict.name() != text(expect, "verdict") {
        let said: Vec<_> = judgement.findings.iter().map(|finding| &finding.message).collect();
        problems.push(format!(
            "{name} {} -> {} is {}: {said:?}",
            catalog.label(from),
            catalog.label(to),
            judgement.verdict
        ));
    }
    let cites: Vec<_> = judgement.findings.iter().flat_map(|finding| &finding.cites).collect();
    problems.extend(missing_sources(expect, &cites));
    problems.extend(missing_findings(expect, &judgement.findings));
    problems
}

fn missing_sources(expect: &Value, cites: &[&Cite]) -> Vec<String> {
    texts(expect, "sources")
        .into_iter()
        .filter(|words| !cites.iter().any(|cite| cite.source.contains(words)))
        .map(|words| format!("no source is `{words}`: {cites:?}"))
        .collect()
}

pub(crate) fn missing_findings(expect: &Value, findings: &[Finding]) -> Vec<String> {
    let said: Vec<_> = findings
        .iter()
        .map(|finding| format!("{}: {}", finding.code.as_str(), finding.message))
        .collect();
    texts(expect, "findings")
        .into_iter()
        .filter(|words| !said.iter().any(|said| said.contains(words)))
        .map(|words| format!("no finding says `{words}`: {said:?}"))
        .collect()
}

/// Returns the case of a file, or each row of its table with what all rows share.
fn cases(file: &Value) -> Vec<Value> {
    let Some(rows) = file.get("cases").and_then(Value::as_array) else {
        return vec![file.clone()];
    };
    let row = |row: &Value| {
        let mut case = file.clone();
        let fields = case.as_object_mut().expect("a scenario is an object");
        fields.remove("cases");
        fields.extend(row.as_object().expect("a case is an object").clone());
        case
    };
    rows.iter().map(row).collect()
}

/// Returns the text of each matrix of a case, by name.
fn universe(case: &Value) -> Vec<(String, String)> {
    let shipped = texts(case, "matrices").into_iter().map(|name| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("matrices/{name}.json"));
        (name.to_owned(), fs::read_to_string(path).expect("a shipped matrix can be read"))
    });
    let given = case.get("matrix").map(|matrix| ("given".to_owned(), matrix.to_string()));
    shipped.chain(given).collect()
}

/// Returns the versions that a case names and its matrices do not list.
fn unlisted(catalog: &Catalog, case: &Value) -> Vec<(String, String)> {
    let pairs = ["from", "to"].into_iter().filter_map(|key| case.get(key)?.as_str());
    let specs = texts(case, "want")
        .into_iter()
        .chain(texts(case, "with"))
        .chain(pairs)
        .filter_map(|spec| spec.split_once('@'));
    specs
        .filter(|(name, version)| {
            let package = catalog.package(catalog.find(name).expect("a case names known packages"));
            package.numbering.parse(version).is_ok() && package.find(version).is_none()
        })
        .map(|(name, version)| (name.to_owned(), version.to_owned()))
        .collect()
}

type Named = Vec<(String, String)>;

fn load((universe, named): &(Named, Named)) -> Catalog {
    let files: Vec<_> =
        universe.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    catalog(&files, named)
}

pub(crate) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("expected a text `{key}` in {value}"))
}

pub(crate) fn texts<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    let list = value.get(key).and_then(Value::as_array);
    list.into_iter().flatten().map(|one| one.as_str().expect("a list of texts")).collect()
}

fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["tests/scenarios", "tests/data"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let entries = fs::read_dir(folder).expect("the folder of cases is there");
        let entries = entries.map(|entry| entry.expect("its entries can be read").path());
        files.extend(entries.filter(|path| path.extension().is_some_and(|end| end == "json")));
    }
    files.sort();
    files
}
