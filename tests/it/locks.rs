//! Locks: what `resolve` finds passes the judge, and what is broken on purpose does not.

mod command;

use std::sync::Arc;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use skew::answer::selection::{Pick, Resolution};
use skew::answer::{Answer, Body};
use skew::api::lock_record;
use skew::catalog::{Catalog, Channel, PackageKind, ReleaseId};
use skew::finding::{Check, Code, Finding, Severity, Verdict};
use skew::matrix::{Input, LockFile, sha256};
use skew::range::{Bare, Range};
use skew::record::{LockRecord, MatrixRecord, RequestRecord};
use skew::report::lock;
use skew::report::text::{Style, text};
use skew::resolve::{Request, Requirement, resolve};
use skew::verify::verify_lock;

use crate::resolver::{is_valid, names_early, requires};
use crate::run::{golden, root};
use crate::strategies::{Scenario, config, scenario};
use crate::support::{catalog, labels, request};

type Set = Vec<ReleaseId>;

/// Returns what a lock says of one matrix file.
fn matrix(catalog: &Catalog, text: &str) -> Vec<MatrixRecord> {
    let stated = &catalog.matrices()[0];
    vec![MatrixRecord {
        name: stated.name.clone(),
        as_of: Some(stated.as_of.clone()).filter(|day| !day.is_empty()),
        sha256: sha256(text.as_bytes()),
    }]
}

/// Returns what a lock says of a request.
fn asked(want: &[String], installed: &[(String, String)]) -> RequestRecord {
    RequestRecord {
        specs: want.to_vec(),
        prefer: "newest".to_owned(),
        as_of: None,
        installed: installed.to_vec(),
    }
}

/// Returns the set that is found, if there is one.
fn found(catalog: &Catalog, request: &Request) -> Option<Vec<Pick>> {
    match resolve(catalog, request) {
        Resolution::Found(selection) => Some(selection.picks),
        Resolution::Undecided(_) | Resolution::Impossible(_) => None,
        Resolution::Unknown { steps } => panic!("out of budget after {steps} steps"),
    }
}

/// Reads a lock that was printed.
fn read(text: &str) -> LockRecord {
    let input = Input { name: "lock", bytes: text.as_bytes() };
    LockFile::parse(input).unwrap_or_else(|problems| panic!("{problems:?}\n{text}")).record()
}

/// The verdict of the command on findings.
fn verdict(findings: &[Finding]) -> Verdict {
    let unknown = Code::Check(Check::RequirementUnknown);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        Verdict::Incompatible
    } else if findings.iter().any(|finding| finding.code == unknown) {
        Verdict::Unknown
    } else {
        Verdict::Compatible
    }
}

fn said(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| {
        format!(
            "{} {} {}: {}",
            finding.severity,
            finding.code.as_str(),
            finding.subject,
            finding.message
        )
    };
    findings.iter().map(line).collect()
}

// Scenarios.

#[test]
fn scenarios_are_judged_as_expected() {
    let path = root().join("tests/scenarios/lock/broken.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for case in file["cases"].as_array().expect("a table of cases") {
        let name = case["name"].as_str().expect("a case has a name");
        let expect = &case["expect"];
        let (catalog, findings) = judge_case(&file, case);
        let codes: Vec<_> = findings
            .iter()
            .map(|finding| format!("{} {}", finding.severity, finding.code.as_str()))
            .collect();
        let verdict = verdict(&findings);
        if codes != texts(&expect["findings"]) || verdict.name() != expect["verdict"] {
            wrong.push(format!("{name}: {verdict}\n  {}", said(&findings).join("\n  ")));
        }
        let about = format!("{}\n\n", case["about"].as_str().expect("a case says why it is here"));
        golden(&format!("lock/{name}.txt"), &(about + &print(&catalog, verdict, findings)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Locks, breaks and judges.
fn judge_case(file: &Value, case: &Value) -> (Catalog, Vec<Finding>) {
    let want = texts(case.get("want").unwrap_or(&file["want"]));
    let installed: Vec<(String, String)> = case["installed"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, version)| (name.clone(), version.as_str().expect("a version").to_owned()))
        .collect();
    let before = file["matrix"].to_string();
    let locked = lock_of(&before, &want, &installed);
    let mut written: Value = serde_json::from_str(&locked).unwrap();
    for edit in case["edits"].as_array().into_iter().flatten() {
        change(&mut written, edit);
    }
    let mut world = file["matrix"].clone();
    for edit in case["world"].as_array().into_iter().flatten() {
        change(&mut world, edit);
    }
    let after = world.to_string();
    let catalog = catalog(&[("toys.json", &after)], &[]);
    let findings = verify_lock(&catalog, &read(&written.to_string()), &matrix(&catalog, &after));
    (catalog, findings)
}

/// Resolves a request and prints the lock.
fn lock_of(text: &str, want: &[String], installed: &[(String, String)]) -> String {
    let catalog = catalog(&[("toys.json", text)], &[]);
    let running = installed.iter().map(|(name, version)| (name.as_str(), version.as_str()));
    let request = request(&catalog, want.iter().map(String::as_str), running);
    let picks = found(&catalog, &request).unwrap_or_else(|| panic!("no set for {want:?}"));
    lock::text(&lock_record(&catalog, &picks, asked(want, installed), matrix(&catalog, text)))
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list");
    list.iter().map(|one| one.as_str().expect("a list of texts").to_owned()).collect()
}

/// Sets, adds or removes what `at` points to. Packages of a lock are pointed to by name.
fn change(value: &mut Value, edit: &Value) {
    let at = edit["at"].as_str().expect("an edit has a place");
    let (parent, last) = at.rsplit_once('/').expect("a place begins with `/`");
    let mut place = value;
    for part in parent.split('/').skip(1) {
        place = match place {
            Value::Array(list) => {
                let ix = position(list, part);
                &mut list[ix]
            }
            Value::Object(object) => object.entry(part).or_insert_with(|| Value::Array(Vec::new())),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                panic!("no place {at}")
            }
        };
    }
    let removed = edit.get("to").is_none();
    match place {
        Value::Object(object) if removed => drop(object.shift_remove(last).expect("it is there")),
        Value::Object(object) => drop(object.insert(last.to_owned(), edit["to"].clone())),
        Value::Array(list) if removed => drop(list.remove(position(list, last))),
        Value::Array(list) => match position(list, last) {
            end if end == list.len() => list.push(edit["to"].clone()),
            ix => list[ix] = edit["to"].clone(),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            panic!("no place {at}")
        }
    }
}

/// Returns a place in a list: a number, the name of an entry, or `-` for the end.
fn position(list: &[Value], part: &str) -> usize {
    let named = list.iter().position(|one| one["name"] == part);
    let end = (part == "-").then_some(list.len());
    named.or(end).or(part.parse().ok()).unwrap_or_else(|| panic!("no entry `{part}`"))
}

fn print(catalog: &Catalog, verdict: Verdict, findings: Vec<Finding>) -> String {
    let subject = "the lock".to_owned();
    let body = Body::Findings { subject };
    let catalog = Arc::new(catalog.clone());
    let report = Answer::new(catalog, "verify", Some(verdict), findings, body);
    text(&report, Style { color: false, width: 80, quiet: false })
}

// Random scenarios.

/// A scenario with everything that a lock is made from.
struct Made {
    text: String,
    catalog: Catalog,
    request: Request,
    picks: Vec<Pick>,
    asked: RequestRecord,
}

impl Made {
    /// Resolves a scenario, if it has a set.
    fn of(scenario: &Scenario) -> Option<Self> {
        let text = scenario.matrix.to_string();
        let catalog = catalog(&[("random.json", &text)], &[]);
        let want = scenario.want.iter().map(String::as_str);
        let running =
            scenario.installed.iter().map(|(name, version)| (name.as_str(), version.as_str()));
        let request = request(&catalog, want, running);
        let picks = found(&catalog, &request)?;
        let asked = asked(&scenario.want, &scenario.installed);
        Some(Self { text, catalog, request, picks, asked })
    }

    /// Writes a set down with reasons that are true of it, as an honest tool would.
    fn record(&self, set: &Set) -> LockRecord {
        let pick = |&release: &ReleaseId| Pick {
            release,
            requested: self
                .request
                .requirements
                .iter()
                .any(|requirement| requirement.package == release.0),
            needed_by: set
                .iter()
                .filter(|&&other| requires(&self.catalog, other).contains(&release.0))
                .map(|other| other.0)
                .collect(),
        };
        let picks: Vec<_> = set.iter().map(pick).collect();
        let matrices = matrix(&self.catalog, &self.text);
        lock_record(&self.catalog, &picks, self.asked.clone(), matrices)
    }

    fn judge(&self, record: &LockRecord) -> Vec<Finding> {
        verify_lock(&self.catalog, record, &matrix(&self.catalog, &self.text))
    }

    fn set(&self) -> Set {
        self.picks.iter().map(|pick| pick.release).collect()
    }

    /// What a set comes to, by the naive checker.
    fn expected(&self, set: &Set) -> Verdict {
        let unknown = |&(package, rank): &ReleaseId| {
            self.catalog.package(package).release(rank).unreadable.is_some()
        };
        // What ran stays without being needed.
        let running: Vec<_> = self.request.installed.keys().copied().collect();
        let valid = is_valid(&self.catalog, &self.request.requirements, &running, set);
        if !valid || !set.iter().all(|&release| self.may_be_taken(set, release)) {
            Verdict::Incompatible
        } else if set.iter().any(unknown) {
            Verdict::Unknown
        } else {
            Verdict::Compatible
        }
    }

    /// Whether a release is what was asked for, and for use or the user's own choice, or a pre-release that a bound
    /// admits, of the SPEC or of a need.
    fn may_be_taken(&self, set: &Set, (package, rank): ReleaseId) -> bool {
        let stated = self.catalog.package(package);
        let asks = |spec: &&String| spec.split('@').next() == Some(stated.name.as_str());
        let spec = self.asked.specs.iter().find(asks);
        let wanted = spec.and_then(|spec| spec.split_once('@')).map(|(_, range)| range);
        let range = wanted.map(|range| {
            let range = Range::parse(range, &stated.numbering, Bare::Exact);
            stated.select(&range.expect("the range of a test is one"))
        });
        if range.as_ref().is_some_and(|range| !range.contains(rank)) {
            return false;
        }
        let release = stated.release(rank);
        let by_name =
            wanted.is_some_and(|range| range.strip_prefix('=') == Some(release.version.text()));
        let chosen = by_name || self.request.installed.get(&package) == Some(&rank);
        let early = wanted.is_some_and(|range| range.contains("-rc"))
            || names_early(&self.catalog, set, (package, rank));
        let finished = release.channel == Channel::Stable;
        chosen || release.withdrawn.is_none() && (finished || early)
    }

    /// Every set in which one release is another, is missing, or has come in.
    fn mutants(&self) -> Vec<Set> {
        let set = self.set();
        let mut mutants = Vec::new();
        for at in 0..set.len() {
            let mut without = set.clone();
            let (package, rank) = without.remove(at);
            mutants.push(without);
            for other in self.catalog.package(package).ranks().filter(|&other| other != rank) {
                let mut changed = set.clone();
                changed[at].1 = other;
                mutants.push(changed);
            }
        }
        for (package, stated) in self.catalog.packages() {
            if set.iter().all(|(other, _)| *other != package) {
                let with = |rank| set.iter().copied().chain([(package, rank)]).collect();
                mutants.extend(stated.ranks().map(with));
            }
        }
        mutants
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_found_set_passes_the_judge(scenario in scenario()) {
        if let Some(made) = Made::of(&scenario) {
            let text = lock::text(&lock_record(
                &made.catalog, &made.picks, made.asked.clone(), matrix(&made.catalog, &made.text),
            ));
            let findings = made.judge(&read(&text));
            prop_assert!(verdict(&findings) != Verdict::Incompatible, "{text}{:#?}", said(&findings));
            // What is said is that the user's own choice was withdrawn or states no requirement.
            let expected = [Check::ReleaseWithdrawn, Check::RequirementUnknown].map(Code::Check);
            let odd = findings.iter().find(|finding| !expected.contains(&finding.code));
            prop_assert!(odd.is_none(), "{text}{odd:?}");
        }
    }

    #[test]
    fn a_lock_reads_back_as_it_was_written(scenario in scenario()) {
        if let Some(made) = Made::of(&scenario) {
            let record = made.record(&made.set());
            let text = lock::text(&record);
            prop_assert_eq!(&read(&text), &record);
            prop_assert_eq!(lock::text(&made.record(&made.set())), text);
        }
    }

    /// The resolver's own reasons are those that the naive checker finds.
    #[test]
    fn reasons_are_those_of_the_naive_checker(scenario in scenario()) {
        if let Some(made) = Made::of(&scenario) {
            let matrices = matrix(&made.catalog, &made.text);
            let own = lock_record(&made.catalog, &made.picks, made.asked.clone(), matrices);
            prop_assert_eq!(own, made.record(&made.set()));
        }
    }

    /// Sets are written down with true reasons, so that only what is wrong with the set can be found.
    #[test]
    fn the_judge_agrees_with_the_naive_checker_on_every_other_set(scenario in scenario()) {
        if let Some(made) = Made::of(&scenario) {
            for set in made.mutants() {
                let findings = made.judge(&made.record(&set));
                prop_assert_eq!(
                    verdict(&findings), made.expected(&set),
                    "{:?}\n{:#?}", labels(&made.catalog, &set), said(&findings)
                );
            }
        }
    }

    /// An edit by hand leaves the reasons as they were.
    #[test]
    fn an_edited_version_that_breaks_the_set_is_refused(scenario in scenario()) {
        if let Some(made) = Made::of(&scenario) {
            let record = made.record(&made.set());
            for (at, release) in made.set().into_iter().enumerate() {
                for other in made.catalog.package(release.0).ranks() {
                    let mut set = made.set();
                    set[at].1 = other;
                    let mut edited = record.clone();
                    edited.packages[at].version = made.catalog.version(set[at]).to_owned();
                    // Verdicts grow worse from left to right.
                    prop_assert!(
                        verdict(&made.judge(&edited)) >= made.expected(&set),
                        "{:?}", labels(&made.catalog, &set)
                    );
                }
            }
        }
    }
}

/// The properties above say nothing if all mutants are wrong, or hardly any.
#[test]
fn mutants_are_of_all_kinds() {
    let mut runner = TestRunner::deterministic();
    let mut counts = [0; 3];
    let mut made = 0;
    for _ in 0..2000 {
        let scenario = scenario().new_tree(&mut runner).unwrap().current();
        let Some(one) = Made::of(&scenario) else { continue };
        made += 1;
        for set in one.mutants() {
            counts[one.expected(&set) as usize] += 1;
        }
    }
    let [right, unknown, wrong] = counts;
    assert!(made > 500 && right > 500 && unknown > 50 && wrong > 5000, "{made} {counts:?}");
}

// Shipped matrices.

#[test]
fn every_plugin_of_the_shipped_matrices_can_be_locked() {
    let mut locked = 0;
    for name in ["valkey", "duckdb", "kestra", "dagster"] {
        let text = std::fs::read_to_string(root().join(format!("matrices/{name}.json"))).unwrap();
        let catalog = catalog(&[(name, &text)], &[]);
        let plugins = catalog.packages().filter(|(_, one)| one.kind == PackageKind::Plugin);
        for (package, stated) in plugins {
            let request = Request::newest(vec![Requirement::any(&catalog, package)]);
            let Some(picks) = found(&catalog, &request) else { continue };
            let want = asked(std::slice::from_ref(&stated.name), &[]);
            let record = lock_record(&catalog, &picks, want, matrix(&catalog, &text));
            let findings =
                verify_lock(&catalog, &read(&lock::text(&record)), &matrix(&catalog, &text));
            assert!(findings.is_empty(), "{}: {:#?}", stated.name, said(&findings));
            locked += 1;
        }
    }
    assert!(locked > 100, "only {locked} plugins could be locked");
}
