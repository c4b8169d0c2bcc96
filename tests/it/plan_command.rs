//! `plan` on the command line: its limits, its formats, and what becomes of long plans.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::run::{golden, skew, skew_with};

const DAY: [&str; 2] = ["--as-of", "2026-11-20"];

/// Returns a deployment of Valkey shards of a primary and replicas, named by a function of both numbers.
fn shards(count: usize, size: usize, name: impl Fn(usize, usize) -> String) -> String {
    let node = |shard: usize, ix: usize| -> Value {
        let role = if ix == 0 { "primary" } else { "replica" };
        json!({ "name": name(shard, ix), "role": role, "group": format!("shard-{shard}"),
                "packages": { "valkey": "8.1.1" } })
    };
    let nodes: Vec<Value> = (0..count)
        .flat_map(|shard| (0..size).map(move |ix| (shard, ix)))
        .map(|(a, b)| node(a, b))
        .collect();
    json!({ "format": 1, "name": "cache", "nodes": nodes }).to_string()
}

fn plain(shard: usize, ix: usize) -> String {
    format!("s{shard}n{ix}")
}

/// Runs `plan` on a deployment of Valkey.
fn plan(deployment: &str, more: &[&str]) -> crate::run::Run {
    let question = [&["plan", "-", "--to", "valkey@9.1.2"], &DAY[..], more].concat();
    skew_with(&question, deployment)
}

#[test]
fn limits_are_kept_and_stated() {
    let shown = |more: &[&str]| -> Value {
        let question =
            ["plan", "examples/valkey-3x3.json", "--to", "valkey@9.1.2", "--format", "json"];
        let run = skew(&[&question[..], &DAY, more].concat());
        assert_eq!(run.status, 0, "{}", run.stderr);
        serde_json::from_str::<Value>(&run.stdout).expect("JSON")["limits"].clone()
    };
    let stated = |most: Value, zone: bool, canary: usize| json!({ "max_unavailable": most, "per_zone": zone, "canary": canary });
    assert_eq!(shown(&[]), stated(json!(1), false, 0));
    assert_eq!(shown(&["--max-unavailable", "2"]), stated(json!(2), false, 0));
    assert_eq!(shown(&["--max-unavailable", "25%"]), stated(json!("25%"), false, 0));
    let all = ["--max-unavailable=50%", "--per-zone", "--canary", "2"];
    assert_eq!(shown(&all), stated(json!("50%"), true, 2));
}

#[test]
fn limits_without_meaning_are_refused() {
    let texts: Vec<String> = [
        &["--max-unavailable", "0"][..],
        &["--max-unavailable", "0%"],
        &["--max-unavailable", "101%"],
        &["--max-unavailable", "-1"],
        &["--max-unavailable", "1.5"],
        &["--max-unavailable", "many"],
        &["--max-unavailable", ""],
        &["--max-unavailable"],
        &["--canary", "0"],
        &["--canary", "one"],
        &["--canary", "4"],
        &["--per-zone"],
        &["--format", "dot"],
    ]
    .iter()
    .map(|more| {
        let run = plan(&shards(1, 4, plain), more);
        format!(
            "$ skew plan - --to valkey@9.1.2 {}\n{}{}[{}]\n",
            more.join(" "),
            run.stdout,
            run.stderr,
            run.status
        )
    })
    .collect();
    golden("cli/plan-errors.txt", &texts.join("\n"));
}

#[test]
fn a_plan_for_a_ticket_and_for_a_shell() {
    let deployment = shards(1, 2, plain);
    for format in ["markdown", "commands"] {
        let run = plan(&deployment, &["--format", format]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        golden(&format!("cli/plan-{format}.txt"), &run.stdout);
    }
}

#[test]
fn commands_of_other_products_come_from_their_matrix() {
    let commands = |file: &str, to: &str| {
        skew(&[&["plan", file, "--to", to, "--format", "commands"], &DAY[..]].concat())
    };
    let kestra = commands("examples/kestra.json", "kestra@2.0.0");
    assert_eq!(kestra.status, 0, "{}", kestra.stderr);
    assert!(kestra.stdout.contains("\nkestra migrate run"), "{}", kestra.stdout);
    assert!(kestra.stdout.contains("\ncurl -fsS http://"), "{}", kestra.stdout);
    let dagster = commands("examples/dagster.json", "dagster@1.13");
    assert!(dagster.stdout.contains("with dagster 1.13"), "{}", dagster.stdout);
    let duckdb = commands("examples/duckdb.json", "duckdb@v1.5.5");
    assert_eq!((duckdb.status, duckdb.stdout.as_str()), (2, ""));
    assert!(
        duckdb.stderr.contains("the matrix states no commands for duckdb"),
        "{}",
        duckdb.stderr
    );
    let other = skew(&["check", "examples/duckdb.json", "--format", "commands"]);
    assert_eq!(other.status, 2);
    assert!(other.stderr.contains("only a plan has commands"), "{}", other.stderr);
    let none = plan(&shards(1, 1, plain), &["--format", "commands"]);
    assert_eq!(none.status, 1, "{}", none.stderr);
    assert!(none.stdout.lines().all(|line| line.starts_with('#')), "{}", none.stdout);
}

#[test]
fn an_overlay_says_how_nodes_are_restarted() {
    let overlay = r#"{ "format": 1, "name": "mine", "extends": "valkey",
        "sources": { "us": { "title": "Our runbook", "evidence": "documented" } },
        "upgrades": [ { "package": "valkey", "source": "us", "restart": "ssh {node} restart-cache {to}",
                        "client": "redli -h {node} {command}" } ] }"#;
    let path = scratch("overlay").join("mine.json");
    std::fs::write(&path, overlay).expect("the overlay can be written");
    let path = path.to_string_lossy().into_owned();
    let run = plan(&shards(1, 2, plain), &["--format", "commands", "--matrix", &path]);
    assert!(
        run.stdout.contains("\nssh s0n1 restart-cache 9.1.2\n"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(run.stdout.contains("\nredli -h s0n1 PING\n"), "{}", run.stdout);
}

/// Returns an empty folder of a test.
fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// The commands are given to a shell, with programs that print the words they get.
#[test]
fn a_hostile_name_stays_one_word_in_a_shell() {
    let names = [
        "a b",
        "x;touch pwned",
        "$(touch pwned)",
        "`touch pwned`",
        "it's",
        "\"",
        "*",
        "{to}",
        "#",
        "&& touch pwned",
    ];
    let folder = scratch("shell");
    for program in ["valkey-cli", "systemctl"] {
        let path = folder.join(program);
        std::fs::write(
            &path,
            "#!/bin/sh\nfor word in \"$@\"; do printf '[%s]' \"$word\"; done\necho\n",
        )
        .expect("a program");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&path, mode).expect("it can be run");
    }
    for name in names {
        let run = plan(
            &shards(1, 2, |_, ix| format!("{name}{}", if ix == 0 { "-0" } else { "" })),
            &["--format", "commands"],
        );
        assert_eq!(run.status, 0, "{}", run.stderr);
        let done = Command::new("/bin/sh")
            .args(["-c", &run.stdout])
            .current_dir(&folder)
            .env("PATH", &folder)
            .output()
            .expect("a shell");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success() && done.stderr.is_empty(), "{name}: {done:?}");
        assert!(said.contains(&format!("[restart][valkey@{name}]")), "{name}: {said}");
        assert!(said.contains(&format!("[-h][{name}][CLUSTER][FAILOVER]")), "{name}: {said}");
        assert!(!folder.join("pwned").exists(), "{name}");
    }
}

#[test]
fn names_that_no_shell_should_see_are_refused() {
    for name in ["a\u{1b}[2J", "a\nreboot", "a\u{202e}b"] {
        let run = plan(&shards(1, 2, |_, ix| format!("{name}{ix}")), &["--format", "commands"]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{name:?}");
        assert!(run.stderr.contains("cannot be put safely into a shell command"), "{}", run.stderr);
        assert!(run.stderr.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", run.stderr);
    }
}

#[test]
fn long_plans_stay_readable() {
    let deployment = shards(100, 3, plain);
    let human = plan(&deployment, &[]);
    assert_eq!(human.status, 0, "{}", human.stderr);
    let lines = human.stdout.lines().count();
    assert!(lines < 160, "{lines} lines\n{}", human.stdout);
    assert!(human.stdout.contains("s0n1, s1n1, s2n1"), "{}", human.stdout);
    let markdown = plan(&deployment, &["--format", "markdown"]).stdout;
    let lines = markdown.lines().count();
    assert!(lines < 200, "{lines} lines\n{markdown}");
    let json = plan(&deployment, &["--format", "json"]).stdout;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["steps"].as_array().map(Vec::len), Some(400));
}

/// What the planner makes within limits, the judge accepts; and not if the file states tighter ones.
#[test]
fn plans_within_limits_are_accepted_by_the_judge() {
    let nodes = |shard: usize| {
        (0..4).map(move |ix| {
            let role = if ix == 0 { "primary" } else { "replica" };
            json!({ "name": plain(shard, ix), "role": role, "group": format!("shard-{shard}"),
                    "zone": format!("z{}", (shard + ix) % 3), "packages": { "valkey": "8.1.1" } })
        })
    };
    let voters = (0..3).map(|ix| {
        json!({ "name": format!("v{ix}"), "role": "sentinel", "group": "voters",
                "zone": format!("z{ix}"), "packages": { "valkey": "8.1.1" } })
    });
    let nodes: Vec<Value> = (0..3).flat_map(nodes).chain(voters).collect();
    let deployment = json!({ "format": 1, "name": "cache", "nodes": nodes }).to_string();
    let folder = scratch("limits");
    let path = folder.join("cache.json").to_string_lossy().into_owned();
    std::fs::write(&path, &deployment).expect("the deployment can be written");
    let limits: [&[&str]; 6] = [
        &[],
        &["--max-unavailable", "2"],
        &["--max-unavailable", "75%"],
        &["--per-zone", "--max-unavailable", "2"],
        &["--canary", "2"],
        &["--canary", "1", "--per-zone"],
    ];
    for more in limits {
        let made = plan(&deployment, &[more, &["--format", "json"]].concat());
        assert_eq!(made.status, 0, "{more:?}: {}", made.stderr);
        let judged = skew_with(&["verify", "-", "--against", &path], &made.stdout);
        assert_eq!(judged.status, 0, "{more:?}: {}", judged.stdout);
        if more == ["--max-unavailable", "2"] {
            let tight = made.stdout.replace("\"max_unavailable\": 2", "\"max_unavailable\": 1");
            let judged = skew_with(&["verify", "-", "--against", &path], &tight);
            assert!(judged.stdout.contains("are down at once, 1 may be"), "{}", judged.stdout);
        }
    }
}
