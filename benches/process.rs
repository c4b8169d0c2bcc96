//! Whole processes of `skew`: wall time, and peak memory where `/usr/bin/time` can tell it. Run with
//! `cargo bench --bench process`. `skew --version` is the floor: starting a process that does nothing.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 51;

fn main() {
    let questions: [&[&str]; 9] = [
        &["--version"],
        &["pair", "replicates", "valkey@9.0.0", "valkey@8.1.1"],
        &["resolve", "valkey@8.1.1", "valkey-search"],
        &["resolve", "duckdb@1.5.5", "iceberg"],
        &["resolve", "kestra@1.3.39", "plugin-aws", "plugin-git"],
        &["resolve", "dagster@1.13.27", "dagster-aws", "dagster-dbt"],
        &["resolve", "dagster@1.13.28", "dagster-aws"],
        &["plan", "examples/valkey-3x3.json", "--to", "valkey@9.1.2"],
        &["plan", "examples/kestra.json", "--to", "kestra@2.0.0"],
    ];
    println!("{:<58} {:>9} {:>13} {:>9}", "question", "median", "range", "memory");
    for question in questions {
        let mut times: Vec<Duration> = (0..RUNS).map(|_| time(question)).collect();
        times.sort_unstable();
        let range = format!("{}-{}", shown(times[0]), shown(times[RUNS - 1]));
        let memory = memory(question).map_or_else(|| "-".to_owned(), |kib| format!("{kib} KiB"));
        println!(
            "{:<58} {:>6} ms {range:>13} {memory:>9}",
            question.join(" "),
            shown(times[RUNS / 2])
        );
    }
}

fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdout(Stdio::null()).stdin(Stdio::null());
    command
}

fn time(question: &[&str]) -> Duration {
    let mut command = command(env!("CARGO_BIN_EXE_skew"));
    command.args(question).stderr(Stdio::null());
    let start = Instant::now();
    command.status().expect("the command runs");
    start.elapsed()
}

/// Returns the peak memory of one run in KiB, as GNU time tells it.
fn memory(question: &[&str]) -> Option<u64> {
    let mut command = command("/usr/bin/time");
    let output =
        command.args(["-f", "%M", env!("CARGO_BIN_EXE_skew")]).args(question).output().ok()?;
    String::from_utf8(output.stderr).ok()?.lines().last()?.trim().parse().ok()
}

fn shown(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}
