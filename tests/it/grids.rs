//! The grid: every cell is what resolving says, formats agree, marks and reasons.

use serde_json::Value;

use crate::run::{golden, skew};

fn json(arguments: &[&str]) -> Value {
    let run = skew(&[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {}", run.stderr))
}

/// Each cell is asked about by itself; the plugin's newest release on any day is wanted.
#[test]
fn cells_are_what_resolving_says() {
    let asked: [&[&str]; 3] = [
        &["grid", "valkey", "--patches", "--core", ">=8.1"],
        &["grid", "kestra", "plugin-aws", "plugin-git", "--patches", "--core", ">=1.1"],
        &["grid", "duckdb", "httpfs", "iceberg", "--patches", "--core", ">=v1.5"],
    ];
    let mut cells = 0;
    for arguments in asked {
        let grid = json(arguments);
        for row in grid["rows"].as_array().unwrap() {
            for cell in row["cells"].as_array().unwrap() {
                cells += 1;
                assert_eq!(cell["version"], resolved(&grid["core"], row, cell), "{row}");
            }
        }
    }
    assert!(cells > 60, "{cells} cells");
}

/// Returns the release of a row's plugin that resolving chooses with the core of a cell.
fn resolved(core: &Value, row: &Value, cell: &Value) -> Value {
    let spec = format!("{}@{}", core.as_str().unwrap(), cell["core"].as_str().unwrap());
    let plugin = row["package"].as_str().unwrap();
    // A day before all ends.
    let answer = json(&["resolve", &spec, plugin, "--as-of", "2000-01-01"]);
    let picks = answer["selection"].as_array().cloned().unwrap_or_default();
    let pick = picks.into_iter().find(|pick| pick["package"] == *plugin);
    pick.map_or(Value::Null, |pick| pick["version"].clone())
}

#[test]
fn a_line_shows_the_newest_release_of_it_with_which_something_works() {
    let grid = json(&["grid", "duckdb", "httpfs", "--core", ">=v1.5,<v2.0"]);
    let cell = &grid["rows"][0]["cells"][0];
    assert_eq!(
        (&cell["column"], &cell["core"], &cell["version"]),
        (&"1.5".into(), &"v1.5.6".into(), &"v1.5.6".into())
    );
}

#[test]
fn what_has_ended_is_left_out_on_request() {
    let columns = |more: &[&str]| {
        let grid = json(&[&["grid", "valkey", "valkey-json"], more].concat());
        let heads = grid["columns"].as_array().unwrap().iter();
        heads.map(|head| head["column"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(columns(&[]), "9.1 9.0 8.1 8.0 7.2");
    assert_eq!(columns(&["--only-supported", "--as-of", "2027-10-01"]), "9.1 9.0 8.1 7.2");
}

const ASKED: &str = "\
grid valkey --why
grid duckdb httpfs odbc_scanner a5 --core >=v1.2
grid dagster dagster-aws dagster-graphql --core >=1.6
grid dagster dagster-aws dagster-graphql --core >=1.12 --patches --format csv
grid valkey --why --format markdown
grid duckdb httpfs --platform linux_amd64 --core 1.5
grid kestra kestra
grid kestra@1.0 --core 1.0
grid kestra plugin-awz
support valkey --format csv
graph valkey --format csv";

#[test]
fn grids_for_people_and_mistakes() {
    let texts = ASKED.lines().map(|asked| {
        let arguments: Vec<_> = asked.split(' ').collect();
        let run = skew(&arguments);
        format!("$ skew {asked}\n{}{}[{}]\n", run.stdout, run.stderr, run.status)
    });
    golden("cli/grid.txt", &texts.collect::<Vec<_>>().join("\n"));
}

/// The bytes do not depend on how many threads there are.
#[test]
fn threads_change_nothing() {
    use std::process::Command;
    let run = |threads: &str, format: &str| {
        let asked =
            ["grid", "dagster", "--patches", "--core", ">=1.10", "--why", "--format", format];
        let command = Command::new(env!("CARGO_BIN_EXE_skew"))
            .args(asked)
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        assert!(command.status.success());
        command.stdout
    };
    for format in ["json", "csv"] {
        let one = run("1", format);
        assert!(one.len() > 10_000);
        for threads in ["2", "3", "8"] {
            assert!(run(threads, format) == one, "{threads} threads");
        }
    }
}

/// A dash where every listed release is known not to work, a question mark where facts are silent, a tilde where
/// a release was hardly meant for the core.
#[test]
fn what_is_silent_is_told_from_what_is_not() {
    let row = |arguments: &[&str]| {
        let grid = json(arguments);
        grid["rows"][0]["cells"].as_array().unwrap().clone()
    };
    let search = row(&["grid", "valkey", "valkey-search", "--core", "<8.1"]);
    assert!(search.iter().all(|cell| cell["state"] == "never"), "{search:?}");
    let dbt = row(&["grid", "dagster", "dagster-dbt", "--core", "<1", "--why"]);
    assert_eq!(dbt[0]["state"], "unknown");
    let reason = dbt[0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("the list of dagster-dbt begins with 0.16.0"), "{reason}");
    let polars = row(&["grid", "dagster", "dagster-polars"]);
    let marks: Vec<bool> = polars.iter().map(|cell| cell["suspect"] == true).collect();
    let first = marks.iter().position(|&mark| mark).unwrap();
    assert!(first > 2 && marks[first..].iter().all(|&mark| mark), "{marks:?}");
}
