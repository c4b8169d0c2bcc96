//! A version that nobody can tell is no wrong version: it is said, what depends on it is unknown, and a
//! plan does not move what it does not know.

use crate::run::{golden, skew_with};

const DEPLOYMENT: &str = r#"{ "format": 1, "name": "flows", "nodes": [
  { "name": "w1", "role": "worker", "packages": { "kestra": "unknown", "plugin-aws": "2.8.2" } },
  { "name": "w2", "role": "worker", "packages": { "kestra": "unknown", "plugin-aws": "2.8.2" } },
  { "name": "ui", "role": "webserver", "packages": { "kestra": "1.3.39" } } ] }"#;

const DAY: [&str; 2] = ["--as-of", "2026-11-20"];

#[test]
fn it_is_said_and_nothing_is_guessed() {
    let mut texts = Vec::new();
    let questions: [&[&str]; 4] = [
        &["check", "-"],
        &["check", "-", "--unknown", "allow"],
        &["plan", "-", "--to", "kestra@2.0.0"],
        &["plan", "-", "--to", "plugin-aws"],
    ];
    for question in questions {
        let run = skew_with(&[question, &DAY].concat(), DEPLOYMENT);
        texts.push(format!("$ skew {}\n{}exit {}\n", question.join(" "), run.stdout, run.status));
    }
    golden("import/untold.txt", &texts.join("\n"));
}

#[test]
fn it_counts_as_unknown() {
    let check =
        |more: &[&str]| skew_with(&[&["check", "-"], &DAY[..], more].concat(), DEPLOYMENT).status;
    assert_eq!(check(&[]), 3);
    assert_eq!(check(&["--unknown", "allow"]), 0);
    assert_eq!(check(&["--unknown", "deny"]), 1);
}

/// What the rest of the deployment does is not held up by it.
#[test]
fn what_is_known_can_be_planned() {
    let deployment = r#"{ "format": 1, "name": "both", "nodes": [
      { "name": "s1", "role": "sentinel", "group": "cache", "packages": { "valkey": "unknown" } },
      { "name": "ui", "role": "webserver", "packages": { "kestra": "1.3.39" } } ] }"#;
    let run = skew_with(&["plan", "-", "--to", "kestra@2.0.0", DAY[0], DAY[1]], deployment);
    assert!(run.stdout.contains("point of no return"), "{}", run.stdout);
}

#[test]
fn it_does_not_count_as_installed() {
    let arguments = ["resolve", "kestra", "plugin-aws", "--installed", "-", DAY[0], DAY[1]];
    let deployment = DEPLOYMENT.replace("1.3.39", "unknown");
    let run = skew_with(&arguments, &deployment);
    assert!(run.stdout.contains("which version of kestra runs is not known"), "{}", run.stdout);
}
