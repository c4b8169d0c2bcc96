//! The command itself: each verb, each exit status, help, standard input, the index of packages.

use serde_json::Value;
use skew::knowledge::BuiltIn;
use skew::matrix::sha256;

use crate::run::{golden, root, skew, skew_with, updating};

fn json(arguments: &[&str]) -> (i32, Value) {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--format", "json"]);
    let run = skew(&arguments);
    (run.status, serde_json::from_str(&run.stdout).expect("the answer is JSON"))
}

const DAY: [&str; 2] = ["--as-of", "2026-11-20"];

#[test]
fn exit_status_says_fine_no_or_no_answer() {
    assert_eq!(skew(&["pair", "replicates", "valkey@8.1.1", "valkey@9.0.0"]).status, 0);
    assert_eq!(skew(&["pair", "replicates", "valkey@9.0.0", "valkey@8.1.1"]).status, 1);
    assert_eq!(skew(&["pair", "replicates", "valkey@9.0.0", "valkey@8.2.0"]).status, 2);
    assert_eq!(skew(&["pair"]).status, 2);
    assert_eq!(skew(&["check", "no-such-file.json"]).status, 2);
    assert_eq!(skew(&["--help"]).status, 0);
}

#[test]
fn a_threshold_and_unknowns_decide_the_exit_status() {
    let minor = ["pair", "replicates", "valkey@8.1.1", "valkey@8.0.1"];
    assert_eq!(skew(&minor).status, 0);
    assert_eq!(skew(&[&minor[..], &["--fail-on", "warning"]].concat()).status, 1);
    let unknown = ["pair", "replicates", "valkey@255.255.255", "valkey@9.1.2"];
    assert_eq!(skew(&unknown).status, 3);
    assert_eq!(skew(&[&unknown[..], &["--unknown", "deny"]].concat()).status, 1);
    assert_eq!(skew(&[&unknown[..], &["--unknown", "allow"]].concat()).status, 0);
    let silent = skew(&[&unknown[..], &["--unknown", "allow"]].concat());
    assert!(!silent.stdout.contains("relation-unknown"), "{}", silent.stdout);
}

/// No requirement forbids these sets; the first is one that nobody named.
#[test]
fn a_set_off_its_family_is_refused_unless_it_was_named() {
    let (status, answer) =
        json(&["resolve", "dagster@1.13.27", "dagster-graphql@<0.11", DAY[0], DAY[1]]);
    assert_eq!((status, answer["verdict"].as_str()), (1, Some("incompatible")));
    let coherent = answer["repairs"][0]["change"].as_str();
    assert_eq!(coherent, Some("ask for dagster-graphql 1.13.27 instead of dagster-graphql@<0.11"));
    let (status, answer) =
        json(&["resolve", "dagster@1.13.27", "dagster-graphql@0.10.9", DAY[0], DAY[1]]);
    assert_eq!((status, answer["verdict"].as_str()), (0, Some("compatible")));
    assert_eq!(answer["findings"][0]["code"], "family-mismatch");
    assert_eq!(answer["findings"][0]["severity"], "warning");
}

/// A product, a release that runs, a version to reach, a deployment, a plugin, a relation.
const PRODUCTS: [[&str; 6]; 4] = [
    ["valkey", "valkey@8.1.1", "9.1.2", "examples/valkey-3x3.json", "valkey-search", "replicates"],
    ["duckdb", "duckdb@1.4.4", "1.5.5", "examples/duckdb.json", "httpfs", "shares-database-file"],
    ["kestra", "kestra@1.0.0", "2.0.0", "examples/kestra.json", "plugin-aws", "shares-database"],
    ["dagster", "dagster@1.12.22", "1.13.27", "examples/dagster.json", "dagster-aws", "serves"],
];

#[test]
fn every_verb_answers_on_all_four_matrices() {
    for [product, from, to, deployment, plugin, relation] in PRODUCTS {
        let target = format!("{product}@{to}");
        let matrix = format!("matrices/{product}.json");
        let fine: [&[&str]; 10] = [
            &["list", product],
            &["list", plugin],
            &["lint", &matrix],
            &["pair", relation, from, from],
            &["check", deployment, DAY[0], DAY[1]],
            &["resolve", product, plugin, DAY[0], DAY[1]],
            &["sets", product, plugin, DAY[0], DAY[1]],
            &["path", from, to],
            &["plan", deployment, "--to", &target, DAY[0], DAY[1]],
            &["support", product, DAY[0], DAY[1]],
        ];
        fine.into_iter().for_each(answers);
    }
}

/// Runs a question that has a good answer, for people and for programs.
fn answers(arguments: &[&str]) {
    let run = skew(arguments);
    assert_eq!(run.status, 0, "{arguments:?}\n{}{}", run.stdout, run.stderr);
    let (status, value) = json(arguments);
    assert_eq!(status, 0, "{arguments:?}");
    assert_eq!(value["format_version"], "1.0");
    assert_eq!(value["command"], arguments[0]);
}

#[test]
fn every_product_can_be_drawn() {
    for [product, ..] in PRODUCTS {
        for format in ["dot", "mermaid", "json"] {
            let run = skew(&["graph", product, "--format", format]);
            assert_eq!(run.status, 0, "graph {product} as {format}");
            assert!(run.stdout.contains(product));
        }
    }
}

#[test]
fn a_plan_is_accepted_by_the_judge_and_a_broken_one_is_not() {
    let deployment = "examples/valkey-3x3.json";
    let plan =
        skew(&["plan", deployment, "--to", "valkey@9.1.2", "--format", "json", DAY[0], DAY[1]])
            .stdout;
    assert_eq!(skew_with(&["verify", "-", "--against", deployment], &plan).status, 0);
    let broken = plan.replace("\"node\": \"a2\"", "\"node\": \"a1\"");
    let run = skew_with(&["verify", "-", "--against", deployment], &broken);
    assert_eq!(run.status, 1, "{}", run.stdout);
    assert!(run.stdout.contains("plan-invalid"));
    let other =
        skew(&["pair", "replicates", "valkey@8.1.1", "valkey@9.0.0", "--format", "json"]).stdout;
    let run = skew_with(&["verify", "-", "--against", deployment], &other);
    assert_eq!(run.status, 2, "{}", run.stderr);
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let question = [
        "plan",
        "examples/kestra.json",
        "--to",
        "kestra@2.0.0",
        "--format",
        "json",
        DAY[0],
        DAY[1],
    ];
    assert_eq!(skew(&question).stdout, skew(&question).stdout);
}

#[test]
fn names_that_nobody_knows_get_a_hint() {
    let texts: Vec<String> = [
        &["resolve", "valky"][..],
        &["resolve", "valkey@9.1.20"],
        &["resolve", "valkey@=>9"],
        &["resolve", "valkey", "valkey@9.1"],
        &["resolve", "kestra", "plugin-aws", "--why", "plugin-awz", DAY[0], DAY[1]],
        &["resolve", "kestra", "plugin-aws", "--why", "plugin-git", DAY[0], DAY[1]],
        &["resolve", "kestra", "plugin-aws", "--why", "plugin-gti", DAY[0], DAY[1]],
        &["resolve", "kestra", "--prefer", "installed"],
        &["resolve", "kestra", "--as-of", "2026-02-30"],
        &["resolve", "kestra", "--installed", "no-such-file.json"],
        &["resolve", "kestra", "--installed", "examples/valkey-3x3.json"],
        &["sets", "kestra", "--count", "--limit", "3"],
        &["sets", "kestra", "--limit", "0"],
        &["sets", "kestra", "--prefer", "installed"],
        &["pair", "replicats", "valkey@9.1.2", "valkey@9.1.2"],
        &["pair", "replicates", "valkey@9.1.2", "valkey@9.1.2", "--feature", "hash-feld-ttl"],
        &["support", "valkey", "--as-of", "2026-13-01"],
        &["support", "valkey", "--within", "soon"],
        &["check", "examples"],
        &["check", "no-such-file.json"],
        &["plan", "examples/valkey-3x3.json", "--to", "kestra@2.0.0"],
        &["check", "examples/valkey-3x3.json", "--format", "dot"],
    ]
    .iter()
    .map(|arguments| {
        let run = skew(arguments);
        format!("$ skew {}\n{}{}[{}]\n", arguments.join(" "), run.stdout, run.stderr, run.status)
    })
    .collect();
    golden("cli/errors.txt", &texts.join("\n"));
}

#[test]
fn help_texts() {
    let verbs = [
        "check",
        "pair",
        "resolve",
        "sets",
        "grid",
        "path",
        "plan",
        "verify",
        "inspect",
        "import",
        "support",
        "train",
        "list",
        "lint",
        "graph",
        "schema",
        "completions",
    ];
    let mut texts = vec![skew(&["--help"]).stdout];
    texts.extend(verbs.iter().map(|verb| skew(&[verb, "--help"]).stdout));
    let trains = ["phases", "merge", "target", "ships", "switch", "ready"];
    texts.extend(trains.iter().map(|verb| skew(&["train", verb, "--help"]).stdout));
    golden("cli/help.txt", &texts.join("\n----------------\n\n"));
}

#[test]
fn hostile_names_do_not_reach_the_terminal() {
    let deployment = r#"{ "format": 1, "name": "\u001b[31mred", "nodes": [
        { "name": "a\u001b]0;x\u0007", "role": "\u202egnp", "packages": { "valkey": "\u001b[2J" } } ] }"#;
    for format in ["human", "markdown"] {
        let run = skew_with(&["check", "-", "--format", format], deployment);
        let text = run.stdout + &run.stderr;
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert!(!text.contains('\u{202e}'));
    }
}

#[test]
fn lint_finds_requirements_that_go_in_a_circle() {
    let matrix = r#"{ "format": 1, "name": "circle",
        "sources": { "s": { "title": "S", "evidence": "documented" } },
        "packages": [
          { "name": "a", "kind": "core", "scheme": "semver", "source": "s",
            "releases": [ { "version": "1.0.0", "needs": { "b": "=1.0.0" } }, { "version": "2.0.0" } ] },
          { "name": "b", "kind": "core", "scheme": "semver", "source": "s",
            "releases": [ { "version": "1.0.0", "needs": { "a": "=2.0.0" } }, { "version": "1.1.0", "needs": { "a": "=2.0.0" } } ] } ] }"#;
    let run = skew_with(&["lint", "-"], matrix);
    assert_eq!(run.status, 1, "{}", run.stdout);
    golden("cli/lint-circle.txt", &run.stdout);
}

#[test]
fn completions_and_schemas_are_printed() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(skew(&["completions", shell]).stdout.contains("skew"));
    }
    for name in ["matrix", "deployment", "plan", "lock", "answer"] {
        let text = skew(&["schema", name]).stdout;
        assert!(
            serde_json::from_str::<Value>(&text).is_ok_and(|schema| schema.is_object()),
            "{name}"
        );
    }
}

/// `matrices/digests.txt` holds the digests of the built-in matrices, which every answer names.
#[test]
fn digests_of_built_in_matrices_are_current() {
    let digest = |it: BuiltIn| format!("{} {}\n", it.name, sha256(it.text.as_bytes()));
    let text: String = BuiltIn::ALL.map(digest).concat();
    let path = root().join("matrices/digests.txt");
    if updating() {
        std::fs::write(&path, &text).expect("the folder is there");
    }
    let stored = std::fs::read_to_string(&path).expect("the file is there");
    assert_eq!(stored, text, "SKEW_UPDATE=1 writes the digests anew");
}

/// `matrices/index.txt` tells which matrix has a package, so that only that one is read.
#[test]
fn the_index_of_packages_is_current() {
    let mut lines = Vec::new();
    for matrix in ["valkey", "duckdb", "kestra", "dagster"] {
        let text = std::fs::read_to_string(root().join(format!("matrices/{matrix}.json")))
            .expect("the matrix exists");
        let value: Value = serde_json::from_str(&text).expect("the matrix is JSON");
        for package in value["packages"].as_array().expect("packages are a list") {
            lines.push(format!("{} {matrix}\n", package["name"].as_str().expect("names are text")));
        }
    }
    lines.sort();
    let index = lines.concat();
    let path = root().join("matrices/index.txt");
    if updating() {
        std::fs::write(&path, &index).expect("the index can be written");
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap_or_default(),
        index,
        "SKEW_UPDATE=1 rewrites the index"
    );
}

#[test]
fn the_ends_of_support_are_a_calendar() {
    let asked = ["valkey@9.1", "valkey@8.1", "duckdb@1.5", "kestra@1.3"];
    let run = skew(&[&["support"], &asked[..], &DAY, &["--format", "ics"]].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.lines().count() == run.stdout.matches("\r\n").count());
    let mut text = run.stdout.replace("\r\n", "\n");
    for other in ["grid", "graph", "list"] {
        let run = skew(&[other, "valkey", "--format", "ics"]);
        text.push_str(&format!(
            "\n$ skew {other} valkey --format ics\n{}[{}]\n",
            run.stderr, run.status
        ));
    }
    golden("cli/support-ics.txt", &text);
}

#[test]
fn formats_that_an_answer_does_not_have_are_refused() {
    let matrix = root().join("matrices/valkey.json");
    let matrix = matrix.to_str().unwrap();
    for verb in [&["lint", matrix][..], &["schema", "matrix"], &["completions", "bash"]] {
        for format in ["csv", "ics", "commands", "dot", "mermaid"] {
            let run = skew(&[verb, &["--format", format]].concat());
            assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{verb:?} {format}");
        }
    }
    assert_eq!(skew(&["schema", "matrix", "--format", "json"]).status, 0);
    let run = skew(&["completions", "bash", "--format", "json"]);
    assert!(run.stderr.contains("`completions` has one format only"), "{}", run.stderr);
}

#[test]
fn a_version_is_told_as_the_deployment_states_it() {
    let deployment = r#"{ "format": 1, "name": "old", "nodes": [
        { "name": "a", "packages": { "dagster": "1.13.27", "python": "3.9" } }] }"#;
    let run = skew_with(&["check", "-", "--as-of", "2026-11-20"], deployment);
    assert!(run.stdout.contains("the node runs 3.9\n"), "{}", run.stdout);
    assert!(run.stdout.contains("[support-ended] python 3.9\n"), "{}", run.stdout);
}

/// What was typed may come from a file.
#[test]
fn mistakes_of_the_command_line_reach_no_terminal_as_commands() {
    let run = skew(&["check", "a.json", "--format", "x\u{1b}[2J\u{202e}"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("x<U+202E>"), "{}", run.stderr);
}
