//! `observe` and `gate` where nobody answers, somebody strange does, or the question is wrong.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::run::{Run, golden, root, skew};

fn said(run: &Run) -> String {
    format!("{}{}exit status {}\n", run.stdout, run.stderr, run.status)
}

#[test]
fn what_cannot_be_asked_is_said() {
    let cases: [&[&str]; 8] = [
        &["observe", "http://a1:80"],
        &["observe", "valkey://me:secret@a1:6379"],
        &["observe", "valkey://a1:6379", "valkeys://a2:6379"],
        &["observe", "valkey://127.0.0.1:1"],
        &["observe", "valkey://127.0.0.1:1", "--ca", "ca.pem"],
        &["observe", "valkeys://127.0.0.1:1", "--ca", "README.md"],
        &["observe", "valkey://127.0.0.1:1", "--password-file", "no-such-file"],
        &["observe", "valkey://127.0.0.1:1", "--format", "csv"],
    ];
    let all = cases.map(|case| format!("$ skew {}\n{}", case.join(" "), said(&skew(case))));
    golden("live/observe-errors.txt", &all.join("\n"));
}

/// The plan of the example, in a file.
fn plan() -> String {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("gate-plan.json");
    let file = file.to_str().unwrap().to_owned();
    let run = skew(&[
        "plan",
        "examples/valkey-3x3.json",
        "--to",
        "valkey@9.1.2",
        "--format",
        "json",
        "--output",
        &file,
    ]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    file
}

#[test]
fn gates_that_cannot_be_asked_are_said() {
    let plan = plan();
    let cases: [&[&str]; 6] = [
        &["gate", &plan, "--step", "14", "--live"],
        &["gate", &plan, "--step", "2", "--live"],
        &["gate", &plan, "--step", "2", "--live", "--at", "a2"],
        &[
            "gate",
            &plan,
            "--step",
            "2",
            "--live",
            "--at",
            "a2=127.0.0.1:1",
            "--at",
            "a1=127.0.0.1:1",
        ],
        &["gate", &plan, "--step", "2", "--live", "--at", "a2=:1"],
        &["gate", "examples/valkey-3x3.json", "--step", "1", "--live"],
    ];
    let all = cases.map(|case| {
        let shown = case.join(" ").replace(&plan, "PLAN");
        format!("$ skew {shown}\n{}", said(&skew(case)).replace(&plan, "PLAN"))
    });
    golden("live/gate-errors.txt", &all.join("\n"));
}

/// A plan may be anybody's: what changes something is not sent.
#[test]
fn a_plan_cannot_have_anything_sent() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).ok();
        heard
    });
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("evil-plan.json");
    let text = r#"{ "format_version": "1.0", "command": "plan", "steps": [], "preflight": [
        { "name": "evil", "nodes": ["a"], "command": "FLUSHALL", "expect": "OK" } ] }"#;
    std::fs::write(&file, text).unwrap();
    let at = format!("a=127.0.0.1:{port}");
    let run = skew(&["gate", file.to_str().unwrap(), "--step", "1", "--live", "--at", &at]);
    assert_eq!(run.status, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("not sent"), "{}", run.stdout);
    assert_eq!(heard.join().unwrap(), b"", "nothing was sent");
}

/// Whoever answers garbage, or nothing at all, is reported.
#[test]
fn strange_servers_are_reported() {
    let answers: [&[u8]; 4] =
        [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$-5\r\n", b"", b"+\x1b[31m\r\n"];
    for answer in answers {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.read_exact(&mut [0; 4]).ok();
            stream.write_all(answer).ok();
        });
        let run = skew(&["observe", &format!("valkey://127.0.0.1:{port}"), "--timeout", "1"]);
        server.join().unwrap();
        assert!(
            !run.stderr.contains('\u{1b}') && !run.stderr.contains("panicked"),
            "{}",
            run.stderr
        );
        assert_ne!(run.status, 101, "{}", run.stderr);
    }
}

#[test]
fn help_says_where_passwords_come_from() {
    let run = skew(&["observe", "--help"]);
    assert!(run.stdout.contains("SKEW_VALKEY_PASSWORD"), "{}", run.stdout);
    assert!(root().join("docs/live.md").exists());
}
