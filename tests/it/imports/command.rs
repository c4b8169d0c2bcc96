//! The command: files in, a deployment file out.

use crate::run::{golden, skew, skew_with};

/// Shows a run with all that it prints.
fn shown(arguments: &[&str], input: &str) -> String {
    let run = skew_with(arguments, input);
    format!("$ skew {}\n{}{}exit {}\n", arguments.join(" "), run.stdout, run.stderr, run.status)
}

#[test]
fn a_plugin_folder_becomes_a_deployment() {
    let listing = "io_kestra_plugin__plugin-aws__2_8_2.jar\nREADME\n./plugin-git-3.0.0.jar\n\
                   io_kestra_plugin__plugin-other__1_0_0.jar\nodd.jar\n";
    let texts = [
        shown(&["import", "kestra-plugins", "-"], listing),
        shown(&["import", "auto", "-", "--name", "flows", "-q"], listing),
        shown(&["import", "kestra-plugins", "-"], "nothing here\n"),
        shown(&["import", "auto", "Cargo.toml"], ""),
        shown(&["import", "kestra-plugins", "no-such.jar"], ""),
        shown(&["import", "kestra-plugins", "src"], ""),
        shown(&["import", "kestra-plugins", "-", "--format", "csv"], listing),
    ];
    golden("import/kestra-plugins.txt", &texts.join("\n"));
}

const DAY: [&str; 2] = ["--as-of", "2026-11-20"];

/// Shows what a file becomes, and what other commands say of that.
fn used(format: &str, files: &[&str], then: &[&[&str]]) -> String {
    let arguments = [&["import", format], files].concat();
    let mut texts = vec![shown(&arguments, "")];
    let made = skew(&arguments).stdout;
    texts.extend(then.iter().map(|more| shown(&[*more, &DAY].concat(), &made)));
    texts.join("\n")
}

const CHECK: &[&str] = &["check", "-"];

#[test]
fn pods_become_a_deployment() {
    let cache = used("kubernetes", &["tests/data/import/kubernetes/cache.json"], &[CHECK]);
    let plan: &[&str] = &["plan", "-", "--to", "kestra@2.0.0"];
    let flows = used("kubernetes", &["tests/data/import/kubernetes/flows.json"], &[CHECK, plan]);
    golden("import/kubernetes.txt", &[cache, flows].join("\n"));
}

#[test]
fn bills_of_materials_become_a_deployment() {
    let dagster = "tests/data/import/sbom/dagster.cdx.json";
    let plan: &[&str] = &["plan", "-", "--to", "dagster@1.13.27"];
    let valkey = "tests/data/import/sbom/valkey.spdx.json";
    let third = "tests/data/import/sbom/valkey.spdx3.json";
    let texts = [
        used("cyclonedx", &[dagster, "--role", "code-location"], &[CHECK, plan]),
        used("spdx", &[valkey, third], &[CHECK]),
    ];
    golden("import/sbom.txt", &texts.join("\n"));
}

#[test]
fn the_vendors_set_can_be_checked() {
    let file = "tests/data/import/kestra/1.3.9.json";
    let told = ["--with", "kestra@1.3.9"];
    let texts = [
        used("kestra-compatibility", &[file], &[CHECK]),
        used("kestra-compatibility", &[file, told[0], told[1]], &[CHECK]),
        shown(&["import", "kestra-compatibility", file, "--with", "kestra"], ""),
        shown(&["import", "kestra-compatibility", file, "--with", "kestar@1.3.9"], ""),
    ];
    golden("import/kestra-compatibility.txt", &texts.join("\n"));
}

/// What nine engines print, as CSV and as JSON lines, gives the same nodes.
#[test]
fn extensions_of_every_engine_are_read() {
    let engines = ["1.1.0", "1.1.3", "1.2.2", "1.3.2", "1.4.3", "1.4.4", "1.5.5", "1.5.6", "2.0.0"];
    let path = |engine: &str, kind: &str| format!("tests/data/import/duckdb/v{engine}.{kind}");
    let packages = |file: &str| {
        let run = skew(&["import", "auto", file]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        let made: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        made["nodes"][0]["packages"].clone()
    };
    for engine in engines {
        let of_csv = packages(&path(engine, "csv"));
        assert_eq!(of_csv, packages(&path(engine, "jsonl")), "{engine}");
        let told = if ["1.1.0", "1.3.2"].contains(&engine) {
            "unknown".to_owned()
        } else {
            format!("v{engine}")
        };
        assert_eq!(of_csv["duckdb"], told.as_str());
    }
    let (old, new) = (path("1.1.0", "csv"), path("1.5.5", "csv"));
    let plan: &[&str] = &["plan", "-", "--to", "duckdb@2.0.0"];
    let texts = [
        used("duckdb-extensions", &[&old], &[CHECK]),
        used("duckdb-extensions", &[&old, "--with", "duckdb@v1.1.0"], &[CHECK]),
        used("duckdb-extensions", &[&new], &[CHECK, plan]),
        used("duckdb-extensions", &["tests/data/import/duckdb/mixed.csv"], &[CHECK]),
    ];
    golden("import/duckdb-extensions.txt", &texts.join("\n"));
}

#[test]
fn the_exit_status_follows_the_remarks() {
    let listing = "plugin-git-3.0.0.jar\n";
    let status = |more: &[&str]| {
        skew_with(&[&["import", "kestra-plugins", "-"], more].concat(), listing).status
    };
    assert_eq!(status(&[]), 0);
    assert_eq!(status(&["--fail-on", "warning"]), 1);
    assert_eq!(status(&["--unknown", "deny"]), 1);
    assert_eq!(status(&["--unknown", "allow", "--fail-on", "warning"]), 0);
    assert_eq!(skew(&["import", "no-such-format", "-"]).status, 2);
}
