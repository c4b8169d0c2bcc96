//! What was seen of a system goes on counting once it is a file: what is wrong with a node, where it answers,
//! and whether it is in a cluster.

use super::real;
use crate::run::{golden, skew, skew_with};

const DAY: [&str; 2] = ["--as-of", "2026-11-20"];

/// Returns the deployment file of the real files that begin with a text.
fn imported(start: &str) -> String {
    let files = real(start);
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let run = skew(&[&["import", "valkey", "--name", start], files.as_slice()].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn a_drifted_replica_is_not_forgotten() {
    let drifted = imported("diverged");
    assert!(drifted.contains("\"remarks\":{\"replica-drifted\":"), "{drifted}");
    let plan: &[&str] = &["plan", "-", "--to", "valkey@9.1.2"];
    for question in [&["check", "-"], plan] {
        let run = skew_with(&[question, &DAY].concat(), &drifted);
        assert!(run.stdout.contains("warning[replica-drifted] 127.0.0.1:21002"), "{}", run.stdout);
    }
    let odd = drifted.replace("replica-drifted", "of-tomorrow");
    let run = skew_with(&[&["check", "-"][..], &DAY].concat(), &odd);
    assert!(run.stdout.contains("warning[entry-left-out] 127.0.0.1:21002"), "{}", run.stdout);
}

#[test]
fn commands_go_to_the_port_and_fit_the_system() {
    let plan: &[&str] = &["plan", "-", "--to", "valkey@9.1.2", "--format", "commands"];
    let sentinel = imported("sentineltopo");
    assert!(sentinel.contains("no-cluster"), "{sentinel}");
    let run = skew_with(&[plan, &DAY].concat(), &sentinel);
    golden("live/sentinel-commands.txt", &run.stdout);
    let cluster = imported("mixedcluster");
    assert!(!cluster.contains("no-cluster"), "{cluster}");
    let run = skew_with(&[plan, &DAY].concat(), &cluster);
    assert!(
        run.stdout.contains("\nvalkey-cli -h 127.0.0.1 -p 7004 CLUSTER FAILOVER\n"),
        "{}",
        run.stdout
    );
}
