//! Loading each shipped matrix: text to catalog, beside the time that `serde_json` takes to scan the same
//! bytes without keeping anything. Run with `cargo bench --bench load`.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::time::{Duration, Instant};

use serde::de::IgnoredAny;
use skew::matrix::{Input, load};

const RUNS: usize = 101;

fn main() {
    println!(
        "{:<9} {:>9} {:>10} {:>10} {:>10} {:>7}",
        "matrix", "bytes", "load", "range", "scan", "ratio"
    );
    for name in ["valkey", "duckdb", "kestra", "dagster"] {
        let path = format!("{}/matrices/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let bytes = std::fs::read(&path).expect("the matrix is there");
        let (mut loads, mut scans) = (Vec::new(), Vec::new());
        // The two are timed in turn, so that a change of the machine's speed meets both.
        for _ in 0..RUNS {
            loads.push(time(|| {
                let loaded = load(&[Input { name, bytes: &bytes }], &[]);
                assert!(!loaded.problems.has_errors());
            }));
            scans.push(time(|| {
                serde_json::from_slice::<IgnoredAny>(&bytes).expect("the matrix is JSON");
            }));
        }
        let (load, scan) = (median(&mut loads), median(&mut scans));
        println!(
            "{name:<9} {:>9} {:>10} {:>10} {:>10} {:>7.1}",
            bytes.len(),
            shown(load),
            format!("{}-{}", loads[0].as_micros(), loads[RUNS - 1].as_micros()),
            shown(scan),
            load.as_secs_f64() / scan.as_secs_f64()
        );
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn shown(time: Duration) -> String {
    format!("{} us", time.as_micros())
}
