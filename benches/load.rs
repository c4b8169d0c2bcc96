//! Loading matrices: text to catalog, beside `serde_json`'s typed parse of the same bytes into borrowed
//! structs, and beside its bare scan that keeps nothing. The shipped matrices, and big ones from a seed.
//! Run with `cargo bench --bench load`; a word after `--` picks matrices by name.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::de::IgnoredAny;
use skew::matrix::{Input, load};

#[path = "load/big.rs"]
mod big;
#[path = "load/mirror.rs"]
mod mirror;

/// How often each is timed: more often if it is short.
const RUNS: [usize; 2] = [101, 31];

const BIG: [big::Plan; 5] = [
    big::Plan { name: "big-100", scheme: "semver", plugins: 100, seed: 3, change: 20 },
    big::Plan { name: "big-200", scheme: "pep440", plugins: 200, seed: 5, change: 20 },
    big::Plan { name: "big-400", scheme: "natural", plugins: 400, seed: 7, change: 20 },
    big::Plan { name: "big-1000", scheme: "semver", plugins: 1000, seed: 11, change: 20 },
    // Hardly a need is stated twice.
    big::Plan { name: "odd-400", scheme: "semver", plugins: 400, seed: 13, change: 100 },
];

fn main() {
    println!(
        "{:<9} {:>10} {:>9} {:>13} {:>9} {:>13} {:>9} {:>10} {:>9} {:>6}",
        "matrix",
        "bytes",
        "load",
        "range",
        "typed",
        "range",
        "scan",
        "load/typed",
        "load/scan",
        "memory"
    );
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let picked = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(&**word));
    for name in ["valkey", "duckdb", "kestra", "dagster"].into_iter().filter(|name| picked(name)) {
        let path = format!("{}/matrices/{name}.json", env!("CARGO_MANIFEST_DIR"));
        measure(name, &std::fs::read(&path).expect("the matrix is there"), RUNS[0]);
    }
    for plan in BIG.iter().filter(|plan| picked(plan.name)) {
        measure(plan.name, big::matrix(plan).as_bytes(), RUNS[1]);
    }
}

fn measure(name: &str, bytes: &[u8], runs: usize) {
    let (mut loads, mut typed, mut scans) = (Vec::new(), Vec::new(), Vec::new());
    // They are timed in turn, so that a change of the machine's speed meets all.
    for _ in 0..runs {
        loads.push(time(|| {
            let loaded = load(&[Input { name, bytes }], &[]);
            assert!(!loaded.problems.has_errors(), "{:?}", loaded.problems.list);
        }));
        typed.push(time(|| {
            serde_json::from_slice::<mirror::Matrix<'_>>(bytes).expect("the matrix has that shape");
        }));
        scans.push(time(|| {
            serde_json::from_slice::<IgnoredAny>(bytes).expect("the matrix is JSON");
        }));
    }
    for times in [&mut loads, &mut typed, &mut scans] {
        times.sort_unstable();
    }
    let median = |times: &[Duration]| times[times.len() / 2];
    let ratio = |of: &[Duration]| median(&loads).as_secs_f64() / median(of).as_secs_f64();
    println!(
        "{name:<9} {:>10} {:>6} us {:>13} {:>6} us {:>13} {:>6} us {:>10.2} {:>9.1} {:>6}",
        bytes.len(),
        median(&loads).as_micros(),
        range(&loads),
        median(&typed).as_micros(),
        range(&typed),
        median(&scans).as_micros(),
        ratio(&typed),
        ratio(&scans),
        memory(bytes).unwrap_or_else(|| "-".to_owned())
    );
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Returns the shortest and the longest of sorted times.
fn range(times: &[Duration]) -> String {
    format!("{}-{}", times[0].as_micros(), times[times.len() - 1].as_micros())
}

/// Returns the peak memory of a process that reads the matrix and lists one package, in multiples of the
/// input, as GNU time tells it.
fn memory(bytes: &[u8]) -> Option<String> {
    let mut child = Command::new("/usr/bin/time")
        .args(["-f", "%M", env!("CARGO_BIN_EXE_skew"), "list", "p1", "--matrix", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(bytes).ok()?;
    let output = child.wait_with_output().ok()?;
    let text = String::from_utf8(output.stderr).ok()?;
    let kib: f64 = text.lines().last()?.trim().parse().ok()?;
    let input = f64::from(u32::try_from(bytes.len()).ok()?) / 1024.0;
    output.status.success().then(|| format!("{:.1}x", kib / input))
}
