//! `sets`, and what `resolve` may be asked about a set: preferences, what runs, the day, reasons.

use std::sync::Arc;

use serde_json::{Value, json};
use skew::answer::selection::{Resolution, Resolved, Selection};
use skew::answer::{Answer, Body};
use skew::finding::Verdict;
use skew::report::markdown;
use skew::report::text::{Style, text};

use crate::run::{golden, skew, skew_with};
use crate::support::catalog;

const DAY: [&str; 2] = ["--as-of", "2026-11-20"];

/// Core 1 is past its end, core 2 has long-term support, core 3 is the newest. The plugin of core 3 was withdrawn at
/// its newest release, and `lib` is
/// only needed.
fn toys() -> String {
    json!({
        "format": 1, "name": "toys", "as_of": "2026-11-20",
        "sources": { "s": { "title": "Toys", "evidence": "documented" } },
        "packages": [
            { "name": "core", "kind": "core", "scheme": "semver", "source": "s", "releases": [
                { "version": "1.0.0", "date": "2020-01-01", "needs": { "lib": "<2" } },
                { "version": "2.0.0", "date": "2025-01-01", "needs": { "lib": ">=1" } },
                { "version": "3.0.0", "date": "2026-01-01", "needs": { "lib": ">=1" } } ] },
            { "name": "plugin", "kind": "plugin", "scheme": "semver", "source": "s", "releases": [
                { "version": "1.0.0", "needs": { "core": "<2" } },
                { "version": "1.1.0", "needs": { "core": "<2" } },
                { "version": "2.0.0", "needs": { "core": ">=2" } },
                { "version": "2.1.0", "needs": { "core": ">=2" }, "withdrawn": "it loses toys" } ] },
            { "name": "lib", "kind": "plugin", "scheme": "semver", "source": "s", "releases": [
                { "version": "1.0.0" }, { "version": "2.0.0" }, { "version": "2.1.0-rc.1" } ] },
            { "name": "host", "kind": "runtime", "scheme": "semver", "source": "s", "releases": [
                { "version": "1.0.0", "date": "2025-01-01" }, { "version": "2.0.0", "date": "2015-01-01" } ] } ],
        "lifecycle": [ { "package": "core", "line": "major", "lts": ["2"], "source": "s",
            "rules": [ { "phase": "maintenance", "applies_to": "all", "years": 3 } ] },
          { "package": "host", "line": "major", "source": "s",
            "rules": [ { "phase": "maintenance", "applies_to": "all", "years": 3 } ] } ]
    })
    .to_string()
}

/// Asks about the toys.
fn ask(arguments: &[&str]) -> (i32, Value) {
    let arguments = [arguments, &["--matrix", "-", "--format", "json"], &DAY].concat();
    let run = skew_with(&arguments, &toys());
    (run.status, serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr)))
}

/// Returns the selection as `name version`, in order.
fn set(selection: &Value) -> Vec<String> {
    let picks = selection.as_array().expect("a selection is a list").iter();
    let text = |pick: &Value, key: &str| pick[key].as_str().expect("a text").to_owned();
    picks.map(|pick| format!("{} {}", text(pick, "package"), text(pick, "version"))).collect()
}

fn resolved(arguments: &[&str]) -> Vec<String> {
    let (status, answer) = ask(&[&["resolve"], arguments].concat());
    assert_eq!(status, 0, "{answer:#}");
    set(&answer["selection"])
}

fn codes(answer: &Value) -> Vec<&str> {
    let findings = answer["findings"].as_array().expect("findings are a list");
    findings.iter().map(|finding| finding["code"].as_str().expect("a code")).collect()
}

/// A file that only the test has, with what runs.
fn running(name: &str, nodes: &[&[(&str, &str)]]) -> String {
    let packages = |node: &[(&str, &str)]| -> Value {
        node.iter().map(|&(name, version)| (name.to_owned(), json!(version))).collect()
    };
    let nodes: Vec<Value> = (1..)
        .zip(nodes)
        .map(|(at, node)| json!({ "name": format!("n{at}"), "packages": packages(node) }))
        .collect();
    let file = json!({ "format": 1, "name": name, "nodes": nodes });
    let path = format!("{}/{name}.json", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&path, file.to_string()).expect("the file can be written");
    path
}

#[test]
fn a_list_is_in_the_order_of_preference_and_counted() {
    let (status, answer) = ask(&["sets", "core", "plugin"]);
    assert_eq!((status, &answer["count"], &answer["exact"]), (0, &json!("4"), &json!(true)));
    let sets: Vec<_> = answer["sets"].as_array().unwrap().iter().map(set).collect();
    assert_eq!(
        sets,
        [
            ["core 3.0.0", "plugin 2.0.0", "lib 2.0.0"],
            ["core 3.0.0", "plugin 2.0.0", "lib 1.0.0"],
            ["core 2.0.0", "plugin 2.0.0", "lib 2.0.0"],
            ["core 2.0.0", "plugin 2.0.0", "lib 1.0.0"],
        ]
    );
    let (_, limited) = ask(&["sets", "core", "plugin", "--limit", "2"]);
    assert_eq!(limited["sets"].as_array().unwrap()[..], answer["sets"].as_array().unwrap()[..2]);
    assert_eq!(limited["count"], "4");
    let (_, oldest) = ask(&["sets", "core", "plugin", "--prefer", "oldest", "--limit", "1"]);
    assert_eq!(set(&oldest["sets"][0]), ["core 2.0.0", "plugin 2.0.0", "lib 1.0.0"]);
    let (_, counted) = ask(&["sets", "core", "plugin", "--count"]);
    assert_eq!((&counted["count"], counted.get("sets")), (&json!("4"), None));
}

/// The first set of `sets` is the one of `resolve`, on the shipped matrices too.
#[test]
fn the_first_set_is_that_of_resolve() {
    for specs in [
        &["kestra@1.3.39", "plugin-aws", "plugin-git"][..],
        &["dagster@1.12", "dagster-aws", "dagster-k8s"],
        &["duckdb", "httpfs"],
    ] {
        let ask = |verb, more: &[&str]| {
            let arguments = [&[verb], specs, &DAY, &["--format", "json"], more].concat();
            serde_json::from_str::<Value>(&skew(&arguments).stdout).expect("the answer is JSON")
        };
        let (one, all) = (ask("resolve", &[]), ask("sets", &["--limit", "1"]));
        assert_eq!(one["selection"], all["sets"][0], "{specs:?}");
    }
}

#[test]
fn no_set_gives_the_conflict_of_resolve() {
    let (status, sets) = ask(&["sets", "core@3.0.0", "plugin@1.0.0"]);
    let (_, one) = ask(&["resolve", "core@3.0.0", "plugin@1.0.0"]);
    assert_eq!((status, &sets["count"], &sets["exact"]), (1, &json!("0"), &json!(true)));
    assert!(!sets["conflict"].as_array().unwrap().is_empty());
    assert_eq!((&sets["conflict"], &sets["repairs"]), (&one["conflict"], &one["repairs"]));
}

#[test]
fn a_count_past_its_budget_says_at_least() {
    let question = ["sets", "kestra", "plugin-aws", "plugin-dbt", "plugin-git", "plugin-jdbc"];
    let short = ["--count", "--budget", "30"];
    let run = skew(&[&question[..], &short, &DAY].concat());
    assert_eq!(run.status, 0, "{}", run.stdout);
    assert!(run.stdout.starts_with("at least "), "{}", run.stdout);
    assert!(run.stdout.contains("raise --budget"), "{}", run.stdout);
    let number = |more: &[&str]| {
        let arguments = [&question[..], &["--format", "json"], &DAY, more].concat();
        let answer: Value = serde_json::from_str(&skew(&arguments).stdout).expect("JSON");
        let count: u128 = answer["count"].as_str().expect("a text").parse().expect("a number");
        (count, answer["exact"].as_bool().expect("a truth value"))
    };
    let (bound, real) = (number(&short), number(&["--count"]));
    assert!(!bound.1 && real.1 && bound.0 < real.0, "{bound:?} {real:?}");
    let run = skew(&[&question[..], &["--budget", "1"], &DAY].concat());
    assert_eq!(run.status, 3);
    assert!(run.stdout.starts_with("unknown: no answer within 1 step\n"), "{}", run.stdout);
}

/// Every printed line fits, whether there is room for columns or not.
#[test]
fn lists_fit_the_terminal() {
    let few = ["sets", "kestra@1.3.39", "plugin-git", "--limit", "12"];
    let many = ["sets", "dagster@1.13", "dagster-aws", "dagster-k8s", "dagster-celery"];
    let limited = ["dagster-postgres", "python@3.14.7", "--limit", "4"];
    let texts = [
        skew(&[&few[..], &DAY].concat()).stdout,
        skew(&[&many[..], &limited, &DAY].concat()).stdout,
        skew(&[&few[..], &["--format", "markdown"], &DAY].concat()).stdout,
    ];
    for text in &texts[..2] {
        assert!(text.lines().all(|line| line.len() <= 80 || line.contains("://")), "{text}");
    }
    golden("cli/sets.txt", &texts.join("\n----------------\n\n"));
}

#[test]
fn what_is_past_its_end_is_chosen_by_name_only() {
    assert_eq!(resolved(&["core"]), ["core 3.0.0", "lib 2.0.0"]);
    assert_eq!(resolved(&["core", "--prefer", "oldest"]), ["core 2.0.0", "lib 1.0.0"]);
    let (status, named) = ask(&["resolve", "core@1.0.0"]);
    assert_eq!((status, codes(&named)), (0, vec!["support-ended"]));
    // A plugin that was named brings the core that it needs.
    let (status, brought) = ask(&["resolve", "plugin@1.0.0"]);
    assert_eq!((status, codes(&brought)), (0, vec!["support-ended"]));
    assert_eq!(set(&brought["selection"]), ["plugin 1.0.0", "core 1.0.0", "lib 1.0.0"]);
    // Only what it really needs: there is a platform that is still supported.
    let (_, brought) = ask(&["resolve", "plugin@1.0.0", "host"]);
    assert!(set(&brought["selection"]).contains(&"host 1.0.0".to_owned()), "{brought:#}");
    // A range of several releases is no name.
    let (status, refused) = ask(&["resolve", "core", "plugin@<2"]);
    assert_eq!(status, 1, "{refused:#}");
    // What is past its end is the last thing to ask for.
    let repairs = refused["repairs"].as_array().expect("there are repairs");
    let repair = repairs.last().expect("there is a repair");
    let change = repair["change"].as_str().expect("a repair says what to change");
    assert!(change.starts_with("ask for core@1.0.0 by name"), "{change}");
    assert!(change.contains("past the end of its support"), "{change}");
    assert_eq!(set(&repair["selection"]), ["core 1.0.0", "plugin 1.1.0", "lib 1.0.0"]);
    // Before its end the same release is like any other.
    let early = ["resolve", "plugin@1.0.0", "--matrix", "-", "--as-of", "2022-01-01"];
    assert!(!skew_with(&early, &toys()).stdout.contains("support-ended"));
}

#[test]
fn long_term_support_is_preferred_and_missed_with_a_warning() {
    assert_eq!(resolved(&["core", "--prefer", "lts"]), ["core 2.0.0", "lib 2.0.0"]);
    let (status, answer) = ask(&["resolve", "core@>=3", "--prefer", "lts"]);
    assert_eq!((status, codes(&answer)), (0, vec!["lts-missed"]));
    let (_, answer) = ask(&["resolve", "core@>=3"]);
    assert_eq!(codes(&answer), Vec::<&str>::new());
}

#[test]
fn the_fewest_changes_keep_what_runs() {
    let path = running("few", &[&[("core", "2.0.0"), ("plugin", "2.1.0"), ("lib", "1.0.0")]]);
    let keep = ["--prefer", "installed", "--installed", &path];
    let kept = resolved(&[&["core", "plugin"], &keep[..]].concat());
    assert_eq!(kept, ["core 2.0.0", "plugin 2.1.0", "lib 1.0.0"]);
    let moved = resolved(&[&["core@3.0.0", "plugin"], &keep[..]].concat());
    assert_eq!(moved, ["core 3.0.0", "plugin 2.1.0", "lib 1.0.0"]);
}

/// What runs may be chosen though it was withdrawn, and what nobody asked for stays; but who asks for
/// the newest gets it.
#[test]
fn what_runs_is_not_preferred_unasked() {
    let path = running("newest", &[&[("core", "2.0.0"), ("plugin", "2.0.0"), ("lib", "1.0.0")]]);
    let newest = resolved(&["core", "plugin", "--installed", &path]);
    assert_eq!(newest, ["core 3.0.0", "plugin 2.0.0", "lib 1.0.0"]);
    let path = running("state", &[&[("plugin", "2.1.0"), ("lib", "2.1.0-rc.1")]]);
    let allowed = resolved(&["core", "plugin@>=2", "--installed", &path]);
    assert_eq!(allowed, ["core 3.0.0", "plugin 2.1.0", "lib 2.1.0-rc.1"]);
    let outside = resolved(&["core", "plugin@<2.1", "--installed", &path]);
    assert_eq!(outside[1], "plugin 2.0.0");
    // A core that has ended may stay: it is the only one for this plugin.
    let path = running("over", &[&[("core", "1.0.0")]]);
    let over = resolved(&["core", "plugin@<2", "--installed", &path]);
    assert_eq!(over[0], "core 1.0.0");
}

#[test]
fn of_several_releases_most_nodes_decide() {
    let old: &[(&str, &str)] = &[("core", "2.0.0"), ("lib", "1.0.0")];
    let new: &[(&str, &str)] = &[("core", "3.0.0"), ("lib", "1.0.0")];
    let keep = |path: &str| {
        let (status, answer) =
            ask(&["resolve", "core", "--prefer", "installed", "--installed", path]);
        assert_eq!(status, 0);
        assert_eq!(codes(&answer), ["installed-mixed"]);
        let message = answer["findings"][0]["message"].as_str().unwrap().to_owned();
        (set(&answer["selection"])[0].clone(), message)
    };
    let (core, message) = keep(&running("most", &[old, old, new]));
    assert_eq!(core, "core 2.0.0");
    assert_eq!(
        message,
        "nodes run different releases of core: 2.0.0 (2 nodes), 3.0.0 (1 node); 2.0.0 counts as what runs"
    );
    assert_eq!(keep(&running("tie", &[old, new])).0, "core 3.0.0");
}

#[test]
fn what_cannot_be_placed_does_not_run() {
    let path = running("strange", &[&[("core", "2.5.0"), ("lib", "1.0.0"), ("toaster", "1")]]);
    let (status, answer) = ask(&["resolve", "core", "--installed", &path]);
    assert_eq!((status, codes(&answer)), (3, vec!["release-unknown"]));
    assert_eq!(set(&answer["selection"]), ["core 3.0.0", "lib 1.0.0"]);
}

#[test]
fn a_lock_serves_as_what_runs_and_states_it() {
    let path = running("locked", &[&[("core", "2.0.0"), ("lib", "1.0.0")]]);
    let lock = format!("{}/sets-lock.json", env!("CARGO_TARGET_TMPDIR"));
    let arguments = ["core", "--prefer", "installed", "--installed", &path, "--lock", &lock];
    assert_eq!(resolved(&arguments), ["core 2.0.0", "lib 1.0.0"]);
    let text = std::fs::read_to_string(&lock).expect("the lock was written");
    let written: Value = serde_json::from_str(&text).expect("a lock is JSON");
    assert_eq!(
        written["request"],
        json!({ "specs": ["core"], "prefer": "installed", "as_of": "2026-11-20",
                "installed": { "core": "2.0.0", "lib": "1.0.0" } })
    );
    let judged = skew_with(&["verify", &lock, "--matrix", "-"], &toys());
    assert_eq!(judged.status, 0, "{}{}", judged.stdout, judged.stderr);
    // The lock in place of the deployment gives the same set and the same bytes.
    let again = ["core", "--prefer", "installed", "--installed", &lock, "--lock", &lock];
    resolved(&again);
    assert_eq!(std::fs::read_to_string(&lock).expect("the lock was written"), text);
}

/// A lock does not change from day to day, so only a day that was named is in it.
#[test]
fn a_day_that_nobody_named_is_not_in_the_lock() {
    let lock = format!("{}/undated-lock.json", env!("CARGO_TARGET_TMPDIR"));
    let question = ["resolve", "widget-server", "--matrix", "examples/widgets.json", "--lock"];
    assert_eq!(skew(&[&question[..], &[&lock]].concat()).status, 0);
    let text = std::fs::read_to_string(&lock).expect("the lock was written");
    let written: Value = serde_json::from_str(&text).expect("a lock is JSON");
    assert_eq!(written["request"], json!({ "specs": ["widget-server"], "prefer": "newest" }));
}

#[test]
fn a_plan_is_not_what_runs() {
    let plan = ["plan", "examples/valkey-3x3.json", "--to", "valkey@9.1.2", "--format", "json"];
    let plan = skew(&[&plan[..], &DAY].concat()).stdout;
    let run = skew_with(&["resolve", "valkey", "--installed", "-"], &plan);
    assert_eq!(run.status, 2);
    assert!(run.stderr.starts_with("error: <standard input> is a plan, not what runs\n"));
}

#[test]
fn a_choice_is_explained() {
    let (_, answer) = ask(&["resolve", "core@<3", "plugin", "--why", "core", "--why", "plugin"]);
    let [core, plugin] = answer["why"].as_array().unwrap().as_slice() else { panic!("{answer:#}") };
    assert_eq!((&core["package"], &core["version"]), (&json!("core"), &json!("2.0.0")));
    assert_eq!(core["remark"], "you asked for core@<3, and it is the newest of these");
    assert_eq!(
        plugin["barred"],
        json!([{ "version": "2.1.0", "state": "withdrawn" }]),
        "{answer:#}"
    );
    let (_, answer) = ask(&["resolve", "plugin@1.0.0", "--why", "lib"]);
    let lib = &answer["why"][0];
    assert_eq!((&lib["better"], lib.get("remark")), (&json!(["2.0.0"]), None), "{answer:#}");
    assert!(!lib["because"].as_array().unwrap().is_empty());
    let path = running("why", &[&[("core", "2.0.0"), ("lib", "1.0.0")]]);
    let keep = ["--prefer", "installed", "--installed", &path, "--why", "core"];
    let (_, answer) = ask(&[&["resolve", "core"], &keep[..]].concat());
    assert_eq!(
        answer["why"][0]["remark"],
        "it runs already, and the fewest changes were asked for"
    );
}

/// Whatever makes a verdict of no, the first words say no as well.
#[test]
fn the_headline_agrees_with_the_verdict() {
    let catalog = Arc::new(catalog(&[("toys", &toys())], &[]));
    let style = Style { color: false, width: 80, quiet: false };
    for (verdict, head) in [(Verdict::Compatible, "found"), (Verdict::Incompatible, "refused")] {
        let resolved = Resolved {
            as_of: jiff::civil::date(2026, 11, 20),
            resolution: Resolution::Found(Selection::default()),
            whys: Vec::new(),
            moves: Vec::new(),
            lock: None,
        };
        let body = Body::Resolution(resolved);
        let catalog = Arc::clone(&catalog);
        let report = Answer::new(catalog, "resolve", Some(verdict), Vec::new(), body);
        assert!(text(&report, style).starts_with(&format!("set {head}")));
        assert!(markdown::markdown(&report).contains(&format!("Set {head}")));
    }
}

#[test]
fn a_ticket_gets_the_set_the_reasons_and_the_conflict() {
    let ask = |arguments: &[&str]| {
        let more = ["--matrix", "-", "--format", "markdown"];
        skew_with(&[&["resolve"], arguments, &more, &DAY].concat(), &toys()).stdout
    };
    let found = ask(&["core", "plugin", "--why", "plugin", "--why", "lib"]);
    let refused = ask(&["core@3.0.0", "plugin@1.0.0"]);
    golden("cli/resolve-markdown.txt", &format!("{found}\n----------------\n\n{refused}"));
}
