//! The library as a product: one function that answers what the command line answers, as values and as
//! text.

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use serde_json::{Value, json};
use skew::answer::{Answer, Body, Policy, Status, UnknownPolicy};
use skew::api::ask;
use skew::failure::Failure;
use skew::finding::{Check, Finding, Severity, Verdict};
use skew::input::{File, Input};
use skew::knowledge::KnowledgeBase;
use skew::problem::Problems;
use skew::query::{Query, QueryFile};
use skew::report::json;
use skew::spec::{Spec, SpecError};

use crate::run::{root, skew, skew_with};

/// A file of the project as it stands in a document.
fn file(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join(path)).expect("the file is there");
    json!({ "name": path, "text": text })
}

const DAY: &str = "2026-11-20";

/// One query of each kind, with the command line that asks the same.
fn questions() -> Vec<(Value, Vec<&'static str>)> {
    let valkey = || file("examples/valkey-3x3.json");
    vec![
        (
            json!({ "check": { "deployment": valkey(), "day": DAY } }),
            vec!["check", "examples/valkey-3x3.json", "--as-of", DAY],
        ),
        (
            json!({ "pair": { "relation": "replicates", "from": "valkey@9.0.0", "to": "valkey@8.1.1" } }),
            vec!["pair", "replicates", "valkey@9.0.0", "valkey@8.1.1"],
        ),
        (
            json!({ "resolve": { "specs": ["kestra@1.3.39", "plugin-aws"], "day": DAY, "why": ["plugin-aws"] } }),
            vec!["resolve", "kestra@1.3.39", "plugin-aws", "--why", "plugin-aws", "--as-of", DAY],
        ),
        (
            json!({ "sets": { "specs": ["dagster@1.13", "dagster-aws"], "day": DAY, "extent": { "best": 2 } } }),
            vec!["sets", "dagster@1.13", "dagster-aws", "--limit", "2", "--as-of", DAY],
        ),
        (
            json!({ "grid": { "core": "duckdb@>=1.4", "plugins": ["httpfs"], "why": true, "day": DAY } }),
            vec!["grid", "duckdb@>=1.4", "httpfs", "--why", "--as-of", DAY],
        ),
        (
            json!({ "diff": { "from": "valkey@8.1.8", "to": "valkey@9.1.2", "day": DAY } }),
            vec!["diff", "valkey@8.1.8", "9.1.2", "--as-of", DAY],
        ),
        (
            json!({ "path": { "from": "kestra@1.0.0", "to": "kestra@2.0.0" } }),
            vec!["path", "kestra@1.0.0", "2.0.0"],
        ),
    ]
}

/// Those about files, trains and what is known.
fn more_questions() -> Vec<(Value, Vec<&'static str>)> {
    let valkey = || file("examples/valkey-3x3.json");
    vec![
        (
            json!({ "plan": { "deployment": valkey(), "to": ["valkey@9.1.2"], "max_unavailable": "25%", "day": DAY } }),
            vec![
                "plan",
                "examples/valkey-3x3.json",
                "--to",
                "valkey@9.1.2",
                "--max-unavailable",
                "25%",
                "--as-of",
                DAY,
            ],
        ),
        (
            json!({ "verify": { "file": file("examples/widgets-lock.json") } }),
            vec!["verify", "examples/widgets-lock.json", "--matrix", "examples/widgets.json"],
        ),
        (
            json!({ "train": { "product": "duckdb@v1.5.5", "question": "ready" } }),
            vec!["train", "ready", "duckdb@v1.5.5"],
        ),
        (
            json!({ "support": { "specs": ["valkey@9.1"], "day": DAY } }),
            vec!["support", "valkey@9.1", "--as-of", DAY],
        ),
        (json!({ "list": { "name": "valkey" } }), vec!["list", "valkey"]),
        (
            json!({ "lint": { "files": [file("examples/widgets.json")] } }),
            vec!["lint", "examples/widgets.json"],
        ),
        (json!({ "graph": { "around": "valkey@9.1" } }), vec!["graph", "valkey@9.1"]),
    ]
}

fn document(query: &Value, arguments: &[&str]) -> Value {
    let own = arguments.iter().position(|word| *word == "--matrix");
    let matrices: Vec<_> = own.map(|at| file(arguments[at + 1])).into_iter().collect();
    json!({ "matrices": matrices, "query": query })
}

#[test]
fn the_library_answers_what_the_command_line_answers() {
    for (query, arguments) in questions().into_iter().chain(more_questions()) {
        let text = document(&query, &arguments).to_string();
        let asked = QueryFile::parse(Input { name: "query", bytes: text.as_bytes() });
        let asked = asked.unwrap_or_else(|problems| panic!("{problems}"));
        let base = KnowledgeBase::new(asked.matrices.clone());
        let answer = ask(&base, &asked.query).unwrap_or_else(|failure| panic!("{failure}"));
        let run = skew(&[&arguments[..], &["--format", "json"]].concat());
        assert_eq!(json::json(&answer), run.stdout, "{arguments:?}");
        assert_eq!(i32::from(answer.status(Policy::default()).code()), run.status, "{arguments:?}");
        assert_eq!(asked.query.name(), arguments[0]);
        // A base that was asked before says the same.
        let again = ask(&base, &asked.query).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(json::json(&again), run.stdout, "{arguments:?}");
    }
}

#[test]
fn an_answer_can_be_asked_again() {
    for (query, arguments) in questions().into_iter().chain(more_questions()) {
        let first = skew_with(&["query", "-"], &document(&query, &arguments).to_string());
        assert!(first.status != 2, "{}", first.stderr);
        let second = skew_with(&["query", "-"], &first.stdout);
        assert_eq!(first.stdout, second.stdout, "{arguments:?}");
        assert_eq!(first.status, second.status);
    }
}

#[test]
fn documents_are_those_of_the_schema() {
    let schema = std::fs::read_to_string(root().join("schemas/query.json")).expect("it is there");
    let schema: Value = serde_json::from_str(&schema).expect("a schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema is one");
    for (query, arguments) in questions().into_iter().chain(more_questions()) {
        let document = document(&query, &arguments);
        let errors: Vec<_> = validator.iter_errors(&document).map(|one| one.to_string()).collect();
        assert!(errors.is_empty(), "{arguments:?}: {errors:?}");
    }
    assert!(!validator.is_valid(&json!({ "query": { "pair": { "from": "a" } } })));
    assert!(!validator.is_valid(&json!({ "query": { "sing": {} } })));
}

#[test]
fn mistakes_of_a_document_have_a_place() {
    let run = skew_with(&["query", "-"], "{\n  \"query\": { \"path\": { \"from\": 1 } }\n}\n");
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("<standard input>:2:"), "{}", run.stderr);
    let run =
        skew_with(&["query", "-"], "{\"query\": {\"path\": {\"from\": \"a\", \"tu\": \"b\"}}}");
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("tu"), "{}", run.stderr);
}

#[test]
fn public_values_can_be_shared_and_errors_are_errors() {
    fn shared<T: Send + Sync + 'static>() {}
    fn error<T: std::error::Error + Send + Sync + 'static>() {}
    shared::<KnowledgeBase>();
    shared::<Query>();
    shared::<Answer>();
    error::<Failure>();
    error::<Problems>();
    error::<SpecError>();
}

#[test]
fn one_base_serves_many_threads() {
    let base = KnowledgeBase::default();
    let query = |spec: &str| {
        let value = json!({ "list": { "name": spec } });
        serde_json::from_value::<Query>(value).expect("it is a query")
    };
    let names = ["valkey", "duckdb", "kestra", "dagster", "valkey", "kestra"];
    std::thread::scope(|scope| {
        for name in names {
            let base = &base;
            scope.spawn(move || {
                let alone = ask(&KnowledgeBase::default(), &query(name)).expect("it is known");
                let shared = ask(base, &query(name)).expect("it is known");
                assert_eq!(json::json(&alone), json::json(&shared));
            });
        }
    });
}

#[test]
fn a_base_tells_its_matrices() {
    let own = File::new("mine.json", std::fs::read(root().join("examples/widgets.json")).unwrap());
    let digest = skew::matrix::sha256(&own.bytes);
    let base = KnowledgeBase::new([own]);
    let query = serde_json::from_value(json!({ "list": {} })).expect("it is a query");
    let answer = ask(&base, &query).expect("everything is known");
    let named: Vec<_> = answer.knowledge.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(named, ["widgets"]);
    assert_eq!(answer.knowledge[0].sha256, digest);
    let both = serde_json::from_value(json!({ "support": { "specs": ["valkey"], "day": DAY } }));
    let answer = ask(&base, &both.expect("it is a query")).expect("valkey is known");
    assert_eq!(answer.knowledge[0].name, "valkey");
    assert!(answer.knowledge.iter().all(|one| one.sha256.len() == 64));
}

/// The verdict and the exit status are one function of the findings and the policy.
#[test]
fn the_exit_status_is_a_function_of_the_answer() {
    use UnknownPolicy::{Allow, Deny, Tell};
    let finding = |check, severity| Finding::new(check, severity, "a", "b");
    let unknown = finding(Check::RelationUnknown, Severity::Warning);
    let warning = finding(Check::SupportEnding, Severity::Warning);
    let error = finding(Check::RelationBroken, Severity::Error);
    let status = |findings: &[&Finding], unknown, fail_on| {
        let findings: Vec<_> = findings.iter().map(|&one| one.clone()).collect();
        let body = Body::Findings { subject: String::new() };
        let verdict = Some(Verdict::Compatible);
        let answer = Answer::new(std::sync::Arc::default(), "check", verdict, findings, body);
        assert_eq!(answer.verdict, Some(Verdict::of(&answer.findings)));
        answer.status(Policy { unknown, fail_on })
    };
    let cases: [(&[&Finding], UnknownPolicy, Severity, Status); 9] = [
        (&[], Tell, Severity::Error, Status::Yes),
        (&[&unknown], Tell, Severity::Error, Status::Unknown),
        (&[&unknown], Allow, Severity::Error, Status::Yes),
        (&[&unknown], Deny, Severity::Error, Status::No),
        (&[&unknown], Tell, Severity::Warning, Status::Unknown),
        (&[&unknown, &warning], Tell, Severity::Warning, Status::No),
        (&[&warning], Tell, Severity::Error, Status::Yes),
        (&[&unknown, &error], Allow, Severity::Error, Status::No),
        (&[&error], Tell, Severity::Error, Status::No),
    ];
    for (findings, policy, fail_on, expected) in cases {
        assert_eq!(status(findings, policy, fail_on), expected, "{findings:?} {policy:?}");
    }
    assert_eq!([Status::Yes, Status::No, Status::Unknown].map(Status::code), [0, 1, 3]);
}

#[test]
fn the_programs_of_the_guide_run() {
    let folder = Path::new(env!("CARGO_BIN_EXE_skew")).parent().expect("it lies somewhere");
    let expected = [
        ("resolve_own_matrix", 0, "widget-server 2.0.0"),
        ("check_deployment", 0, "prod-cache"),
        ("plan_and_verify", 0, "planned and verified"),
    ];
    for (name, status, says) in expected {
        let program =
            folder.join("examples").join(name).with_extension(std::env::consts::EXE_EXTENSION);
        let output =
            Command::new(&program).output().unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(says), "{name}: {text}{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(status), "{name}: {text}");
    }
}

proptest! {
    #![proptest_config(crate::strategies::config())]

    /// Whatever stands in a file, a document brings it back.
    #[test]
    fn files_survive_a_document(bytes in prop::collection::vec(any::<u8>(), 0..40), name in ".{0,8}") {
        let file = File { name, bytes };
        let query = json!({ "lint": { "files": [serde_json::to_value(&file).unwrap()] } });
        let read: Query = serde_json::from_value(query).unwrap();
        let Query::Lint(lint) = read else { panic!("it is a lint") };
        prop_assert_eq!(&lint.files, &[file]);
    }

    /// No text makes the reader of SPECs panic, and what is read prints as it was.
    #[test]
    fn specs_print_as_they_were(text in "[a-z@=<>~ ,é\\u{202e}]{0,12}") {
        match Spec::parse(&text) {
            Ok(spec) => prop_assert_eq!(spec.to_string(), text),
            Err(error) => {
                prop_assert!(text.get(error.span.clone()).is_some());
                if let Some(meant) = error.meant {
                    prop_assert!(Spec::parse(&meant).is_ok());
                }
            }
        }
    }
}
