//! DuckDB's release train: every row of its published tables, real names, completeness of releases.

use serde_json::Value;

use crate::run::{golden, root, skew};

fn train(arguments: &[&str]) -> Value {
    let run = skew(&[&["train"], arguments, &["--format", "json"]].concat());
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {}", run.stderr))
}

/// Returns the arguments of a row of the table.
fn question<'q>(words: &[&'q str]) -> Vec<&'q str> {
    match *words {
        ["branches", phase] => vec!["phases", "duckdb", "--phase", phase],
        ["core", phase, change, release] => {
            vec!["merge", "duckdb", "--phase", phase, "--change", change, "--for", release]
        }
        ["merge", branches, phase, release, ref target @ ..] => {
            let asked = ["merge", "duckdb", "--extension", "--branches", branches];
            let target = target.iter().flat_map(|target| ["--target", target]);
            let rest = ["--phase", phase, "--for", release].into_iter().chain(target);
            asked.into_iter().chain(rest).collect()
        }
        ["target", branches, phase, branch] => {
            let asked = ["target", "duckdb", "--branches", branches];
            [&asked[..], &["--phase", phase, "--branch", branch]].concat()
        }
        ["ships", branches, release] => {
            vec!["ships", "duckdb", "--branches", branches, "--release", release]
        }
        ["switch", from, to, phase] => {
            vec!["switch", "duckdb", "--from", from, "--to", to, "--phase", phase]
        }
        _ => panic!("no such question: {words:?}"),
    }
}

/// Returns an answer as the table writes it.
fn answer(kind: &str, value: &Value) -> String {
    let words = |list: &Value| {
        let words: Vec<_> =
            list.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        words.join(" ")
    };
    if kind == "branches" {
        return words(&value["rows"][0]["branches"]);
    }
    let told = match (value["allowed"].as_bool(), kind) {
        (None, _) => "?".to_owned(),
        (Some(false), _) => "no".to_owned(),
        (Some(true), "target") => words(&value["target"]),
        (Some(true), "ships") => value["source"].as_str().unwrap().to_owned(),
        (Some(true), "switch") => switched(value),
        (Some(true), _) => value["branch"].as_str().unwrap().to_owned(),
    };
    let note = value["note"].as_str().unwrap_or_default();
    let note = note.split("; if main targets").next().unwrap_or_default();
    let marks = [("raised by hand", " #1"), ("uncommon", " #2"), ("contradicts itself", " !")];
    let said = marks.iter().filter(|(words, _)| note.contains(words));
    told + &said.map(|(_, mark)| *mark).collect::<String>()
}

fn switched(value: &Value) -> String {
    match value["actions"][0].as_str() {
        Some(action) => action.split(' ').take(2).collect::<Vec<_>>().join(" "),
        None => "by itself".to_owned(),
    }
}

#[test]
fn every_row_of_the_published_tables() {
    let path = root().join("tests/data/duckdb_release_cycle.txt");
    let table = std::fs::read_to_string(path).expect("the table exists");
    let rows: Vec<_> = table.lines().filter_map(|line| line.split_once(" = ")).collect();
    let rows: Vec<_> = rows.into_iter().filter(|(asked, _)| !asked.starts_with('#')).collect();
    assert_eq!(rows.len(), 83);
    let wrong: Vec<_> = rows
        .iter()
        .filter_map(|(asked, expected)| {
            let words: Vec<_> = asked.split(' ').collect();
            let real = answer(words[0], &train(&question(&words)));
            (real != *expected).then(|| format!("{asked} = {real}, expected {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn branches_have_real_names_at_a_release() {
    let merge = |at: &str, phase: &str, change: &str, release: &str| {
        let asked = ["merge", "duckdb", "--phase", phase, "--change", change, "--for", release];
        let value = train(&[&asked[..], &["--at", at]].concat());
        format!("{} {}", value["branch"].as_str().unwrap_or("-"), value["as_written"]["branch"])
    };
    assert_eq!(merge("v1.5.6", "mid-cycle", "fix", "patch"), "v1.5-variegata \"vx.y-codename\"");
    assert_eq!(
        merge("v1.5.6", "pre-release", "feature", "minor"),
        "v2.0-cyanoptera \"vx.<y+1>-codename\""
    );
    // Long-term support stands beside the newest line: on that day 1.4 has it, and in 2025-07 none did.
    for at in ["v1.4.5", "v1.5.6", "v2.0.0"] {
        assert_eq!(merge(at, "lts", "fix", "patch"), "v1.4-andium \"vx.y-codename\"");
    }
    assert_eq!(merge("v1.3.2", "lts", "fix", "patch"), "vx.y-codename \"vx.y-codename\"");
    // Neither the line nor its codename is known.
    assert_eq!(
        merge("v2.0.0", "pre-release", "feature", "next-minor"),
        "v2.2-codename \"vx.<y+2>-codename\""
    );
    let asked = ["target", "duckdb", "--phase", "mid-cycle", "--branches", "2"];
    let real = train(&[&asked[..], &["--branch", "v1.5-variegata", "--at", "v1.5.6"]].concat());
    assert_eq!(real["target"], serde_json::json!(["v1.5.6", "v1.5-variegata"]));
}

#[test]
fn a_release_is_compared_with_the_one_before() {
    let ready = |release: &str| {
        let value = train(&["ready", release]);
        let rows = value["rows"].as_array().unwrap().iter();
        let odd = rows.filter(|row| row["state"] != "built" || !row["moved"].is_null());
        let odd: Vec<_> = odd
            .map(|row| {
                format!("{} {} {}", row["package"], row["state"], row["moved"]).replace('"', "")
            })
            .collect();
        format!("{} {} [{}]", value["complete"], value["before"], odd.join(", ")).replace('"', "")
    };
    assert_eq!(ready("duckdb@v1.5.5"), "true v1.5.4 []");
    assert_eq!(
        ready("duckdb@v1.2.0"),
        "true v1.1.3 [core_functions built joined, fts built out-of-tree, \
         httpfs built out-of-tree, substrait left left]"
    );
    assert_eq!(ready("duckdb@v1.3.0"), "true v1.2.2 [arrow left left, encodings built joined]");
    // 1.4.5 has the higher number of an older line's patches, and came out later.
    assert_eq!(ready("duckdb@v1.5.0"), "true v1.4.4 [odbc_scanner built joined]");
    assert_eq!(ready("duckdb@v1.5.1"), "true v1.5.0 [lance built joined, test_utils built joined]");
    assert_eq!(ready("duckdb@v1.4.5"), "true v1.4.4 [lance built joined]");
    // Of the core extensions all are listed; what uses the stable interface loads without a build.
    let newest = ready("duckdb@v2.0.0");
    assert!(
        newest.starts_with("null v1.5.5 [") && newest.contains("odbc_scanner loads null"),
        "{newest}"
    );
    // Of those whose lists go on nothing is known, least that they left.
    assert!(
        newest.contains("glue built joined") && newest.contains("demo_capi unknown"),
        "{newest}"
    );
    assert!(!newest.contains("httpfs") && !newest.contains("parquet"), "{newest}");
    assert!(!newest.contains("left"), "{newest}");
}

/// Questions that are answered, and mistakes.
const ASKED: &str = "\
phases duckdb --at v1.5.6
merge duckdb --phase mid-cycle --change fix --for patch
merge duckdb --phase feature-freeze --change feature --for minor --at v1.5.6
merge duckdb --extension --branches 1 --phase pre-release --for patch
merge duckdb --extension --kind stable-api --phase mid-cycle --for patch
merge duckdb --extension --kind in-tree --phase mid-cycle --change fix --for patch
target duckdb --phase mid-cycle --branches 3 --branch main
ships duckdb --release patch --branches 1
switch duckdb --from 1 --to 2 --phase mid-cycle --at v1.4.5
switch duckdb --from 1 --to 2 --phase lts --at v1.5.6
switch duckdb --from 2 --to 3 --phase lts
phases duckdb --at v1.3.2 --phase lts
merge duckdb --phase lts --change fix --for patch --at v1.5.6
merge duckdb --extension --phase mid-cycle --branches 1 --for minor --target banana
merge duckdb --extension --phase mid-cycle --branches 1 --for minor --target vx.<y+1>-codename
merge duckdb --extension --phase mid-cycle --branches 1 --for minor --target v1.5.6 --at v1.5.6
merge duckdb --phase mid-cycle --change fix --for patch --target main
ready duckdb@v1.2.0
ready duckdb@v1.5.6
ready duckdb
phases valkey
phases duckdb --phase mid-cicle
merge duckdb --phase mid-cycle --for patch
merge duckdb --phase mid-cycle --change fix --for patch --branches 2
merge duckdb --extension --phase mid-cycle --for patch
ships duckdb --release patch --kind stable
phases duckdb@v1.5.6";

#[test]
fn answers_for_people_and_mistakes() {
    let texts = ASKED.lines().map(|asked| {
        let arguments: Vec<_> = ["train"].into_iter().chain(asked.split(' ')).collect();
        let run = skew(&arguments);
        format!("$ skew train {asked}\n{}{}[{}]\n", run.stdout, run.stderr, run.status)
    });
    golden("cli/train.txt", &texts.collect::<Vec<_>>().join("\n"));
}
