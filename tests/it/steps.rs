//! Steps: what `diff` says of four products, of overlays that say more, and of questions that make no sense.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use skew::catalog::{Catalog, FeatureSet};
use skew::diff::{DiffRequest, NamedPlugin, diff};
use skew::version::Step;

use crate::run::{golden, root, skew};
use crate::scenarios::{missing_findings, text, texts};
use crate::support::release;

/// Reads the question of a case.
fn asked(catalog: &Catalog, case: &Value) -> DiffRequest {
    let exactly = |spec: &str| {
        let (name, version) = spec.split_once('@').expect("NAME@VERSION");
        release(catalog, name, version)
    };
    let with = texts(case, "with").into_iter().map(|spec| match spec.split_once('@') {
        Some(_) => {
            let (package, rank) = exactly(spec);
            NamedPlugin { package, installed: Some(rank) }
        }
        None => {
            NamedPlugin { package: catalog.find(spec).expect("a known plugin"), installed: None }
        }
    });
    DiffRequest {
        from: exactly(text(case, "from")),
        to: exactly(text(case, "to")),
        with: with.collect(),
        cores: None,
        features: FeatureSet::default(),
        as_of: "2026-11-20".parse().unwrap(),
    }
}

/// Asks what a step brings: its `step`, some of the `promises`, all of the `plugins` that are named with `with` as
/// `fate before after`, parts of what there is no way back from, and of what is found.
pub(crate) fn ask_diff(catalog: &Catalog, case: &Value) -> Vec<String> {
    let (made, findings) = diff(catalog, &asked(catalog, case));
    let expect = &case["expect"];
    let mut problems = Vec::new();
    let step = format!("{} {}", made.kind.size.name(), made.kind.direction.name());
    if step != text(expect, "step") {
        problems.push(format!("the step is a {step}"));
    }
    let promises: BTreeMap<&str, &str> = made
        .promises
        .iter()
        .map(|one| {
            let name = catalog.contracts()[one.contract].name.as_str();
            (name, one.promise.map_or("-", skew::catalog::Promise::name))
        })
        .collect();
    for (name, promise) in expect["promises"].as_object().into_iter().flatten() {
        if promises.get(name.as_str()).copied() != promise.as_str() {
            problems.push(format!("`{name}` is not {promise}: {promises:?}"));
        }
    }
    let version =
        |package, rank: Option<_>| rank.map_or("-", |rank| catalog.version((package, rank)));
    let plugins: BTreeMap<&str, String> = made
        .plugins
        .iter()
        .map(|step| {
            let [before, after] = [step.from, step.to].map(|rank| version(step.package, rank));
            let name = catalog.package(step.package).name.as_str();
            (name, format!("{} {before} {after}", step.fate.name()))
        })
        .collect();
    for (name, words) in expect["plugins"].as_object().into_iter().flatten() {
        if plugins.get(name.as_str()).map(String::as_str) != words.as_str() {
            problems.push(format!("{name} is not `{words}`: {:?}", plugins.get(name.as_str())));
        }
    }
    for part in texts(expect, "no_return") {
        if !made.no_return.iter().any(|point| point.why.contains(part)) {
            problems.push(format!("nothing says `{part}`: {:#?}", made.no_return));
        }
    }
    if texts(expect, "no_return").is_empty() && !made.no_return.is_empty() {
        problems.push(format!("there is a way back: {:#?}", made.no_return));
    }
    problems.extend(missing_findings(expect, &findings));
    problems
}

fn json(arguments: &[&str]) -> Value {
    let run = skew(&[arguments, &["--format", "json", "--as-of", "2026-11-20"]].concat());
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {}", run.stderr))
}

/// One step of each kind and product, the day given so that support stays what it is.
const ASKED: &str = "\
diff valkey@8.1.1 9.1.2 --with valkey-search@1.0.3 valkey-json
diff valkey@9.0.0 9.0.1
diff valkey@9.1.2 8.1.1
diff redis@7.2.4 valkey@8.1.1
diff duckdb@1.5.5 2.0.0 --with httpfs odbc_scanner
diff duckdb@1.5.4 1.5.5 --with httpfs odbc_scanner
diff kestra@1.0.0 2.0.0
diff kestra@1.2.0 1.3.0 --with plugin-aws plugin-git@1.2.4
diff dagster@1.12.1 1.12.2 --with dagster-aws dagster-polars
diff dagster@1.0.4 1.0.5 --with dagster-aws@0.16.4 dagster-graphql
diff plugin-docker@1.5.1 1.5.2 --core kestra@1.2
diff dagster-aws@0.28.1 0.29.27
diff kestra@2.0.0-rc9 2.0.0
diff valkey@9.1.2 9.1.2";

#[test]
fn steps_for_people() {
    let texts = ASKED.lines().map(|asked| {
        let arguments: Vec<_> = asked.split(' ').chain(["--as-of", "2026-11-20"]).collect();
        let run = skew(&arguments);
        format!("$ skew {asked}\n{}{}[{}]\n", run.stdout, run.stderr, run.status)
    });
    golden("cli/diff.txt", &texts.collect::<Vec<_>>().join("\n"));
}

#[test]
fn steps_for_programs_and_tickets() {
    let asked = ["diff", "duckdb@1.5.5", "2.0.0", "--with", "httpfs", "--as-of", "2026-11-20"];
    for (format, name) in [("json", "cli/diff.json"), ("markdown", "cli/diff.md")] {
        golden(name, &skew(&[&asked[..], &["--format", format]].concat()).stdout);
    }
    let asked = ["diff", "kestra@1.3.39", "2.0.0", "--as-of", "2026-11-20"];
    golden("cli/diff-all.md", &skew(&[&asked[..], &["--format", "markdown"]].concat()).stdout);
}

const WRONG: &str = "\
diff valkey 9.1.2
diff valkey@9.1.2 8.2.0
diff valkey@9.1.2 kestra@2.0.0
diff valkey@8.1.1 9.1.2 --with httpfs
diff valkey@8.1.1 9.1.2 --with valkey-jsom
diff valkey@8.1.1 9.1.2 --with valkey-json valkey-json@1.0.2
diff valkey@8.1.1 9.1.2 --core valkey@9.1
diff plugin-git@1.2.1 1.2.2 --core valkey@9.1
diff plugin-git@1.2.1 1.2.2 --with plugin-aws
diff plugin-git@1.2.1 1.2.2 --with plugin-aws --core kestra@1.3
diff valkey@8.1.1 9.1.2 --feature hash-field-ttk
diff valkey@8.1.1 9.1.2 --as-of yesterday
diff valkey@8.1.1 9.1.2 --format csv";

#[test]
fn questions_without_a_meaning() {
    let texts = WRONG.lines().map(|asked| {
        let run = skew(&asked.split(' ').collect::<Vec<_>>());
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{asked}");
        format!("$ skew {asked}\n{}", run.stderr)
    });
    golden("cli/diff-wrong.txt", &texts.collect::<Vec<_>>().join("\n"));
}

/// Every answer has every key, whatever the kind of step.
#[test]
fn keys_are_fixed() {
    let expected = "as_of command findings format_version from hops interfaces knowledge lines needs no_return \
                    oldest_core plugins promises step support to";
    for asked in [
        &["diff", "valkey@9.1.1", "9.1.2"][..],
        &["diff", "plugin-git@1.2.1", "1.2.2"],
        &["diff", "python@3.13.0", "3.14.0"],
        &["diff", "redis@7.2.4", "valkey@8.1.1"],
    ] {
        let answer = json(asked);
        let keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        let mut keys: Vec<_> = keys.into_iter().filter(|key| *key != "alternatives").collect();
        keys.sort_unstable();
        assert_eq!(keys.join(" "), expected, "{asked:?}");
    }
}

/// A step that only a plugin in the list cannot take ends with status 1, and a warning with --fail-on.
#[test]
fn the_exit_status_follows_the_findings() {
    let status = |more: &[&str]| {
        skew(&[&["diff", "duckdb@1.5.5", "2.0.0", "--as-of", "2026-11-20"], more].concat()).status
    };
    assert_eq!(status(&[]), 0);
    assert_eq!(status(&["--fail-on", "warning"]), 1);
    assert_eq!(status(&["--with", "odbc_scanner"]), 0);
    assert_eq!(status(&["--with", "httpfs", "--unknown", "deny"]), 0);
    // The list of community builds ends before 2.0, so nobody knows.
    assert_eq!(status(&["--with", "a5"]), 0);
    assert_eq!(status(&["--with", "a5", "--unknown", "deny"]), 1);
    let lost = ["diff", "dagster@1.0.4", "1.0.5", "--as-of", "2026-11-20", "--with", "dagster-aws"];
    assert_eq!(skew(&lost).status, 1);
}

/// An overlay says that one release uses experimental parts: the promise becomes weaker from there on.
#[test]
fn reliance_on_experimental_parts_weakens_the_promise() {
    let overlay = r#"{ "format": 1, "name": "ours", "extends": "dagster",
        "sources": { "us": { "title": "our tests", "evidence": "observed" } },
        "packages": [{ "name": "our-plugin", "kind": "plugin", "core": "dagster", "scheme": "semver",
          "source": "us", "releases": [
            { "version": "1.0.0", "needs": { "dagster": ">=1.10" } },
            { "version": "1.1.0", "needs": { "dagster": ">=1.10" } }] }],
        "relies": [
          { "package": "our-plugin", "contract": "ga", "source": "us" },
          { "package": "our-plugin", "releases": ">=1.1", "contract": "experimental", "source": "us",
            "note": "uses the pipes client" },
          { "package": "our-plugin", "releases": ">=1.1", "contract": "deprecated", "source": "us" }] }"#;
    let path = std::env::temp_dir().join(format!("skew-relies-{}.json", std::process::id()));
    fs::write(&path, overlay).unwrap();
    let matrix = path.to_str().unwrap();
    let ask = |plugin: &str, to: &str| {
        let answer = json(&["diff", "dagster@1.12.1", to, "--with", plugin, "--matrix", matrix]);
        let findings = answer["findings"].as_array().unwrap();
        let weak = findings.iter().filter(|finding| finding["code"] == "promise-weak");
        let weak: Vec<_> = weak.map(|finding| finding["message"].as_str().unwrap()).collect();
        (answer["plugins"][0]["promise"].clone(), weak.join("\n"))
    };
    assert_eq!(ask("our-plugin@1.0.0", "1.12.2"), ("kept".into(), String::new()));
    assert_eq!(ask("our-plugin@1.0.0", "1.13.0"), ("kept".into(), String::new()));
    insta::assert_snapshot!(ask("our-plugin@1.1.0", "1.12.2").1, @"our-plugin stays and relies on `experimental` (APIs marked experimental, the older name of preview and beta), which a patch step may break");
    insta::assert_snapshot!(ask("our-plugin@1.1.0", "1.13.0").1, @"
    our-plugin stays and relies on `deprecated` (APIs marked deprecated), which a minor step may break
    our-plugin stays and relies on `experimental` (APIs marked experimental, the older name of preview and beta), which a minor step may break
    ");
    fs::remove_file(path).ok();
}

/// A risk that nobody accepted is told, with the hops and without them.
#[test]
fn risks_on_the_way_are_told() {
    let matrix = r#"{ "format": 1, "name": "ours", "sources": { "us": { "title": "us", "evidence": "observed" } },
        "packages": [{ "name": "core", "kind": "core", "scheme": "semver", "source": "us",
          "releases": [{ "version": "1.0.0" }, { "version": "2.0.0" }] }],
        "upgrades": [{ "package": "core", "source": "us", "risks": [
          { "name": "lost-keys", "from": "<2", "to": ">=2", "message": "keys may be lost" }] }] }"#;
    let path = std::env::temp_dir().join(format!("skew-risk-{}.json", std::process::id()));
    fs::write(&path, matrix).unwrap();
    let asked = ["diff", "core@1.0.0", "2.0.0", "--matrix", path.to_str().unwrap()];
    let loud = skew(&asked).stdout;
    assert!(loud.contains("  risk           lost-keys: keys may be lost [observed: us]"), "{loud}");
    let quiet = skew(&[&asked[..], &["--quiet"]].concat()).stdout;
    assert!(
        quiet.contains("warning[edge-risk] core 1.0.0 -> 2.0.0\n  keys may be lost"),
        "{quiet}"
    );
    fs::remove_file(path).ok();
}

/// Two plugins that each have a release for the new core, but none that goes with the other's.
#[test]
fn plugins_that_do_not_go_together_are_told() {
    let plugin = |name: &str, base: &str| {
        format!(
            r#"{{ "name": "{name}", "kind": "plugin", "core": "core", "scheme": "semver", "source": "us", "releases": [
              {{ "version": "1.0.0", "needs": {{ "core": "<2" }} }},
              {{ "version": "2.0.0", "needs": {{ "core": ">=2", "base": "={base}" }} }}] }}"#
        )
    };
    let matrix = format!(
        r#"{{ "format": 1, "name": "ours", "sources": {{ "us": {{ "title": "us", "evidence": "observed" }} }},
        "packages": [{{ "name": "core", "kind": "core", "scheme": "semver", "source": "us",
          "releases": [{{ "version": "1.0.0" }}, {{ "version": "2.0.0" }}] }},
          {{ "name": "base", "kind": "plugin", "core": "core", "scheme": "semver", "source": "us", "releases": [
            {{ "version": "1.0.0", "needs": {{ "core": "*" }} }}, {{ "version": "1.1.0", "needs": {{ "core": "*" }} }}] }},
          {}, {}] }}"#,
        plugin("left", "1.0.0"),
        plugin("right", "1.1.0")
    );
    let path = std::env::temp_dir().join(format!("skew-clash-{}.json", std::process::id()));
    fs::write(&path, matrix).unwrap();
    let asked = [
        "diff",
        "core@1.0.0",
        "2.0.0",
        "--matrix",
        path.to_str().unwrap(),
        "--with",
        "left",
        "right",
    ];
    let run = skew(&asked);
    assert_eq!(run.status, 1, "{}{}", run.stdout, run.stderr);
    golden("cli/diff-clash.txt", &run.stdout);
    fs::remove_file(path).ok();
}

/// What a plugin has before and after is what the grid shows for the two cores, unless it stays as it is.
#[test]
fn plugins_are_those_of_the_grid() {
    let steps = [
        ("valkey", "8.1.1", "9.1.2"),
        ("valkey", "9.1.2", "7.2.7"),
        ("duckdb", "v1.4.4", "v1.5.5"),
        ("duckdb", "v1.5.5", "v2.0.0"),
        ("kestra", "1.0.0", "1.3.39"),
        ("kestra", "2.0.0", "1.2.5"),
        ("dagster", "1.12.1", "1.13.27"),
        ("dagster", "1.13.27", "1.13.28"),
    ];
    let mut kept = 0;
    for (core, from, to) in steps {
        let answer = json(&["diff", &format!("{core}@{from}"), to]);
        let column = |version: &str| -> BTreeMap<String, Value> {
            let run = skew(&[
                "grid",
                core,
                "--patches",
                "--core",
                &format!("={version}"),
                "--format",
                "json",
            ]);
            let grid: Value = serde_json::from_str(&run.stdout).unwrap();
            let rows = grid["rows"].as_array().unwrap().iter();
            let cell = |row: &Value| row["cells"][0].clone();
            rows.map(|row| (row["package"].as_str().unwrap().to_owned(), cell(row))).collect()
        };
        let (before, after) = (column(from), column(to));
        for plugin in answer["plugins"].as_array().unwrap() {
            let name = plugin["package"].as_str().unwrap();
            let doubtful = before[name]["suspect"] == true;
            let known = if doubtful { &Value::Null } else { &before[name]["version"] };
            assert_eq!(plugin["before"], *known, "{core} {from}: {plugin}");
            let stays = plugin["fate"] == "keeps";
            kept += usize::from(stays);
            let newest = &after[name]["version"];
            assert!(
                if stays { newest.is_string() } else { plugin["after"] == *newest },
                "{plugin}"
            );
            assert_eq!(plugin["open"] == true, after[name]["state"] == "unknown", "{plugin}");
        }
    }
    assert!(kept > 50, "{kept} stay");
}

/// Since 1.0 the minimum core rose in 17 patches of the nine plugins that were counted first. The shipped matrix
/// has all their releases, so the count can be made again, and made for every plugin.
#[test]
fn patches_that_raise_the_minimum_core_are_counted() {
    use skew::catalog::PackageKind;
    let text = fs::read_to_string(root().join("matrices/kestra.json")).unwrap();
    let catalog = crate::support::catalog(&[("kestra", &text)], &[]);
    let first = ["ai", "aws", "azure", "dbt", "gcp", "git", "jdbc", "kafka", "scripts"];
    let (mut counted, mut all) = (0, 0);
    for (package, stated) in catalog.packages() {
        if stated.kind != PackageKind::Plugin {
            continue;
        }
        let grown = |rank| {
            let release = stated.release(rank);
            release.is_choosable() && release.version.numbers().as_slice()[0] >= 1
        };
        let ranks: Vec<_> = stated.ranks().filter(|&rank| grown(rank)).collect();
        for pair in ranks.windows(2) {
            if stated.version(pair[0]).step_to(stated.version(pair[1])) != Some(Step::Patch) {
                continue;
            }
            let (from, to) = ((package, pair[0]), (package, pair[1]));
            let as_of = "2026-11-20".parse().unwrap();
            let features = FeatureSet::default();
            let asked = DiffRequest { from, to, with: Vec::new(), cores: None, features, as_of };
            let (_, findings) = diff(&catalog, &asked);
            if findings.iter().any(|finding| finding.code.as_str() == "core-raised") {
                all += 1;
                counted +=
                    usize::from(first.iter().any(|name| stated.name == format!("plugin-{name}")));
            }
        }
    }
    assert_eq!((counted, all), (17, 55));
}

/// Nothing is wider than the terminal but single words.
#[test]
fn every_line_fits_the_terminal() {
    for asked in [
        "valkey@8.1.8 9.1.2",
        "valkey@9.0.0 9.1.2",
        "valkey@9.1.2 7.2.5",
        "redis@7.0.15 valkey@9.1.2",
        "duckdb@1.2.0 2.0.0",
        "kestra@0.24.0 2.0.0",
        "dagster@0.15.2 1.13.27",
        "dagster-aws@0.28.0 0.29.27",
        "plugin-docker@1.5.1 1.5.2",
        "valkey@8.1.1 9.1.2 --with valkey-search@1.0.3 valkey-json",
        "duckdb@1.5.5 2.0.0 --with httpfs odbc_scanner",
    ] {
        let run = skew(&[&["diff"], &asked.split(' ').collect::<Vec<_>>()[..]].concat());
        assert!(run.stdout.len() > 100, "{asked}: {}", run.stderr);
        for line in run.stdout.lines().filter(|line| line.trim().contains(' ')) {
            let wide = line.chars().count();
            assert!(wide <= 80, "{asked}: {wide} columns: {line}");
        }
    }
}

/// A list that begins later than the core does not say that there was nothing.
#[test]
fn before_the_beginning_of_a_list_nothing_is_claimed() {
    let answer = json(&["diff", "dagster@0.15.2", "1.13.27"]);
    let plugins = answer["plugins"].as_array().unwrap();
    let fate = |name: &str| {
        let plugin = plugins.iter().find(|plugin| plugin["package"] == *name).unwrap();
        (plugin["fate"].clone(), plugin["before"].clone())
    };
    assert_eq!(fate("dagster-dbt"), ("works".into(), Value::Null));
    assert_eq!(fate("dagster-shared"), ("works".into(), Value::Null));
    assert_eq!(fate("dagster-dlt"), ("gains".into(), Value::Null));
    assert_eq!(fate("dagster-graphql"), ("moves".into(), "0.15.2".into()));
}

/// Support is promised for a whole major; which lines a library leaves shows all the same.
#[test]
fn minor_lines_are_told_where_support_is_for_the_major() {
    let answer = json(&["diff", "dagster-aws@0.28.0", "0.29.27"]);
    let lines: Vec<_> = answer["lines"].as_array().unwrap().iter().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!((&lines[0]["line"], &lines[0]["after"]), (&"1.12".into(), &Value::Null));
    assert_eq!(codes(&answer), "core-raised line-left");
    let asked = json(&["diff", "dagster-aws@0.28.0", "0.29.27", "--core", "dagster@1.13"]);
    assert_eq!(asked["lines"].as_array().unwrap().len(), 1);
}

fn codes(answer: &Value) -> String {
    let findings = answer["findings"].as_array().unwrap().iter();
    findings.map(|one| one["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[test]
fn steps_to_what_is_not_stable_or_was_withdrawn_are_told() {
    let codes = |asked: &[&str]| codes(&json(&[&["diff"], asked].concat()));
    assert!(codes(&["valkey@9.1.2", "9.2.0-rc1"]).contains("release-unstable"));
    assert!(!codes(&["valkey@9.2.0-rc1", "9.1.2"]).contains("release-unstable"));
    assert_eq!(codes(&["dagster@1.0.4", "1.0.5"]).matches("release-withdrawn").count(), 1);
}

/// An image with fixed contents is not something that a core loses.
#[test]
fn bundles_are_no_plugins() {
    let answer = json(&["diff", "valkey@9.1.0", "9.1.2"]);
    assert!(!answer["plugins"].to_string().contains("valkey-bundle"));
    assert_eq!(skew(&["grid", "valkey", "valkey-bundle"]).status, 2);
    assert_eq!(skew(&["resolve", "valkey-bundle@9.0.2"]).status, 0);
}
