//! Support: what is expected, what is required, and what of a policy contradicts itself.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::run::{golden, skew, skew_with};

/// Writes a file that only one test reads.
fn file(name: &str, value: &Value) -> PathBuf {
    let path = std::env::temp_dir().join(format!("skew-{}-{name}.json", std::process::id()));
    fs::write(&path, format!("{value:#}")).unwrap();
    path
}

fn expected(day: &str, package: &str) -> Vec<String> {
    let run = skew(&["support", package, "--as-of", day, "--format", "json"]);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    let rows = answer["expected"].as_array().unwrap().iter();
    rows.map(|row| {
        let lines: Vec<_> =
            row["lines"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let (release, date) = (row["release"].as_str().unwrap(), row["date"].as_str().unwrap());
        let missed = row["missed"].as_str().map(|day| format!(" missed {day}")).unwrap_or_default();
        let lines = if lines.is_empty() { String::new() } else { format!(" {}", lines.join("+")) };
        format!("{release} {date}{lines}{missed}")
    })
    .collect()
}

/// Features on the first Tuesday of every second month, patches each Tuesday for what gets any; a release
/// with a day of its own needs no expectation.
#[test]
fn expected_releases_follow_the_published_rhythm() {
    assert_eq!(expected("2026-09-15", "kestra"), ["minor 2026-11-03", "patch 2026-09-15 1.3+2.0"]);
    assert_eq!(
        expected("2026-11-20", "kestra"),
        ["minor 2027-01-05 missed 2026-11-03", "patch 2026-11-24 1.3+2.0"]
    );
    // 1.2 was dated already, so only patches are a matter of expectation.
    assert_eq!(expected("2026-01-01", "kestra"), ["patch 2026-01-06 1.0+1.1"]);
    assert_eq!(expected("2026-11-20", "duckdb"), ["minor 2027-02-21"]);
    // 9.2.0 is announced, so no minor is predicted; before anything of 9.2 was out nobody knew.
    assert_eq!(expected("2026-11-20", "valkey"), ["major 2027-10-21 missed 2026-10-21"]);
    assert_eq!(expected("2026-09-01", "valkey"), ["major 2026-10-21", "minor 2027-05-19"]);
    assert!(expected("2026-11-20", "python").is_empty());
    assert!(expected("2026-11-20", "kestra@1.3").is_empty());
}

#[test]
fn expected_releases_are_marked_in_every_format() {
    let asked = ["support", "duckdb", "--as-of", "2026-11-20", "--within", "120"];
    let texts = ["human", "json", "markdown", "ics"].map(|format| {
        let run = skew(&[&asked[..], &["--format", format]].concat());
        format!("$ --format {format}\n{}{}", run.stdout, run.stderr)
    });
    golden("cli/support-expected.txt", &texts.join("\n").replace('\r', ""));
}

/// Phases and their ends on days around each change, one line per question.
#[test]
fn phases_on_the_day() {
    let asked = [
        ("valkey@8.1", "2026-11-20"),
        ("valkey@8.1", "2028-04-01"),
        ("valkey@8.1", "2030-04-01"),
        ("valkey@9.1", "2026-11-20"),
        ("valkey@9.1", "2029-06-01"),
        ("valkey@9.2", "2026-11-20"),
        ("kestra@1.0", "2026-09-09"),
        ("kestra@1.0", "2026-09-10"),
        ("kestra@1.1", "2026-01-12"),
        ("kestra@1.1", "2026-01-14"),
        ("kestra@2.0", "2026-11-20"),
        ("duckdb@1.4", "2026-11-17"),
        ("duckdb@1.4", "2026-11-18"),
        ("duckdb@1.5", "2026-11-20"),
        ("duckdb@2.0", "2026-11-20"),
        ("python@3.10", "2026-10-31"),
        ("python@3.10", "2026-11-20"),
        ("python@3.14", "2026-11-20"),
        ("java@21", "2026-11-20"),
        ("java@26", "2026-11-20"),
        ("dagster", "2026-11-20"),
        ("valkey@8.0.8", "2026-11-20"),
        ("kestra@1.1", "2025-10-01"),
        ("valkey@9.1.2", "2020-01-01"),
        ("valkey@8.1", "2025-04-01"),
    ];
    let lines = asked.map(|(spec, day)| {
        let run = skew(&["support", spec, "--as-of", day, "--format", "json"]);
        let answer: Value = serde_json::from_str(&run.stdout).unwrap();
        let row = &answer["rows"][0];
        let ends: Vec<_> = row["phases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|span| format!("{} {} ({})", span["phase"], span["until"], span["how"]))
            .collect();
        format!(
            "{spec} on {day}: {} newest {} left {}; {}\n",
            row["phase"],
            row["newest"],
            row["days_left"],
            ends.join(", ")
        )
    });
    golden("cli/phases.txt", &lines.concat().replace('"', ""));
}

fn deployment(version: &str) -> String {
    json!({ "format": 1, "name": "flows", "nodes": [
        { "name": "k1", "role": "standalone", "packages": { "kestra": version, "java": "25" } }] })
    .to_string()
}

/// Running past the end is a warning, and with the flag an error. A plan that ends there is refused with
/// the nearest that is supported; one that only passes through is told, and fails.
#[test]
fn support_can_be_required() {
    let ask = |arguments: &[&str], version: &str| {
        let run = skew_with(arguments, &deployment(version));
        let code = |line: &&str| line.contains("[support-") || line.contains("  instead");
        let said: Vec<_> = run.stdout.lines().filter(code).collect();
        format!("{} [{}]: {}\n", arguments.join(" "), run.status, said.join("; "))
    };
    let required = "--require-supported";
    let late = ["--as-of", "2027-03-20"];
    let day = ["--as-of", "2026-11-20"];
    let plan = |to: &'static str| ["plan", "-", "--to", to];
    let texts = [
        ask(&[&["check", "-"], &day[..]].concat(), "1.0.0"),
        ask(&[&["check", "-", required], &day[..]].concat(), "1.0.0"),
        ask(&[&["check", "-", required], &day[..]].concat(), "1.3.39"),
        ask(&[&plan("kestra@1.2.5"), &day[..]].concat(), "1.0.0"),
        ask(&[&plan("kestra@1.2.5"), &day[..], &[required]].concat(), "1.0.0"),
        ask(&[&plan("kestra@>=1.2"), &day[..], &[required]].concat(), "1.0.0"),
        ask(&[&plan("kestra@2.0.0"), &late[..]].concat(), "1.0.0"),
        ask(&[&plan("kestra@2.0.0"), &late[..], &[required]].concat(), "1.0.0"),
        ask(&[&plan("kestra@2.0.0"), &day[..], &[required]].concat(), "1.0.0"),
    ];
    golden("cli/require-supported.txt", &texts.concat());
}

/// A date that the policy does not give is a finding, unless a note says why.
#[test]
fn a_policy_that_contradicts_its_table_is_found() {
    let window = |line: &str, phase: &str, until: &str| json!({ "line": line, "phase": phase, "until": until });
    let noted = |mut window: Value| {
        window["note"] = json!("extended by the project");
        window
    };
    let matrix = json!({
        "format": 1, "name": "ours", "sources": { "us": { "title": "our rules", "evidence": "documented" } },
        "packages": [{ "name": "core", "kind": "core", "scheme": "semver", "source": "us", "releases": [
            { "version": "1.0.0", "date": "2020-01-31" }, { "version": "1.1.0", "date": "2021-01-01" },
            { "version": "2.0.0", "date": "2022-01-01" }, { "version": "2.1.0", "date": "2023-01-01" }] }],
        "lifecycle": [{ "package": "core", "line": "minor", "lts": ["2.0"], "source": "us",
          "rules": [
            { "phase": "active", "applies_to": "not-lts", "until": "superseded" },
            { "phase": "lts", "applies_to": "lts", "months": 13 },
            { "phase": "maintenance", "applies_to": "all", "years": 2 },
            { "phase": "extended-security", "applies_to": "latest-minor-of-major", "years": 5 }],
          "windows": [
            window("1.0", "active", "2021-01-01"),
            window("1.1", "active", "2022-06-01"),
            noted(window("1.0", "maintenance", "2025-01-01")),
            window("1.1", "maintenance", "2024-01-01"),
            window("1.1", "extended-security", "2026-01-02"),
            window("2.1", "extended-security", "2030-01-01"),
            window("2.0", "lts", "2023-02-01"),
            window("2.0", "holidays", "2023-02-01")] }] });
    let path = file("contradictions", &matrix);
    let run = skew(&["lint", path.to_str().unwrap(), "--format", "json"]);
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = answer["findings"].as_array().unwrap().iter();
    let (noted, found): (Vec<_>, Vec<_>) =
        findings.partition(|one| one["message"].as_str().unwrap().contains("1.0 says"));
    assert_eq!((noted.len(), &noted[0]["severity"]), (1, &json!("info")));
    let told = skew(&["lint", path.to_str().unwrap()]).stdout;
    assert!(told.contains("info[window-differs]: 1 window"), "{told}");
    let said = found.into_iter().map(|one| {
        assert_eq!((&one["code"], &one["severity"]), (&json!("window-differs"), &json!("warning")));
        assert!(one["line"].as_u64().unwrap() > 1);
        format!("{}\n", one["message"].as_str().unwrap())
    });
    insta::assert_snapshot!(said.collect::<String>(), @"
    the window of core 1.1 says that active ends on 2022-06-01; the policy (until the next line is out) gives 2022-01-01
    the window of core 1.1 says that maintenance ends on 2024-01-01; the policy (2 years from first release) gives 2023-01-01
    the window of core 1.1 says that extended-security ends on 2026-01-02; the policy (5 years from first release, latest minor of the major) gives 2026-01-01
    ");
    fs::remove_file(path).ok();
}

/// The declared core counts for nothing if something that a plugin needs asks for a newer one.
#[test]
fn a_core_that_is_declared_too_old_is_found() {
    let plugin = |name: &str, releases: Value| {
        json!({ "name": name, "kind": "plugin", "core": "core", "scheme": "semver", "ranges": "minimum",
                "source": "us", "releases": releases })
    };
    let mut packages = vec![
        json!({ "name": "core", "kind": "core", "scheme": "semver", "source": "us", "releases": [
            { "version": "1.0.0" }, { "version": "1.1.0" }, { "version": "1.2.0" }] }),
        plugin(
            "base",
            json!([{ "version": "1.0.0", "needs": { "core": "1.0.0" } },
                              { "version": "2.0.0", "needs": { "core": "1.2.0" } }]),
        ),
        plugin(
            "honest",
            json!([{ "version": "1.0.0", "needs": { "core": "1.2.0", "base": "2.0.0" } }]),
        ),
        plugin(
            "hopeless",
            json!([{ "version": "1.0.0", "needs": { "core": "=1.0.0", "base": "2.0.0" } }]),
        ),
    ];
    for ix in 0..9 {
        packages.push(plugin(
            &format!("hasty-{ix}"),
            json!([
            { "version": "1.0.0", "needs": { "core": "1.0.0", "base": "1.0.0" } },
            { "version": "1.1.0", "needs": { "core": "1.1.0", "base": "2.0.0" } }]),
        ));
    }
    let matrix = json!({
        "format": 1, "name": "ours", "sources": { "us": { "title": "our rules", "evidence": "documented" } },
        "packages": packages });
    let path = file("floors", &matrix);
    let run = skew(&["lint", path.to_str().unwrap()]);
    let text = run.stdout.replace(path.to_str().unwrap(), "ours.json");
    assert_eq!(run.status, 0);
    golden("cli/lint-floors.txt", &text);
    let diff = ["diff", "hasty-0@1.0.0", "1.1.0", "--core", "core@1.1", "--matrix"];
    golden("cli/diff-floor.txt", &skew(&[&diff[..], &[path.to_str().unwrap()]].concat()).stdout);
    fs::remove_file(path).ok();
}

/// A withdrawn release says why, history has no future, and what is announced is told with its day.
#[test]
fn announced_withdrawn_and_not_released() {
    let asked = [
        "valkey@8.0.8 --as-of 2026-11-20",
        "valkey@9.2 --as-of 2026-11-20",
        "valkey@9.2 --as-of 2026-11-20 --format ics",
        "kestra --as-of 2025-10-01",
        "valkey@9.1.2 --as-of 2020-01-01",
        "dagster --as-of 2026-11-20",
        "valkey@9.2 kestra@1.1 --as-of 2025-10-01 --format json",
    ];
    let texts = asked.map(|asked| {
        let arguments: Vec<_> = ["support"].into_iter().chain(asked.split(' ')).collect();
        let run = skew(&arguments);
        format!("$ skew support {asked}\n{}{}[{}]\n", run.stdout, run.stderr, run.status)
    });
    golden("cli/support-days.txt", &texts.join("\n").replace('\r', ""));
}

/// Every end that the shipped matrices state follows from the policy or says why not, and no plugin in them
/// declares a core that it does not work with.
#[test]
fn the_shipped_matrices_are_clean() {
    for name in ["valkey", "duckdb", "kestra", "dagster"] {
        let run = skew(&["lint", &format!("matrices/{name}.json")]);
        assert_eq!(run.status, 0);
        let clean = ["1 file: no problems\n", "1 file: no errors\n"];
        let last = run.stdout.lines().last().unwrap_or_default();
        assert!(clean.contains(&format!("{last}\n").as_str()), "{name}: {}", run.stdout);
        assert!(run.stdout.lines().count() <= 2, "{name}: {}", run.stdout);
    }
}
