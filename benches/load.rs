//! Loading matrices: text to catalog, beside `serde_json`'s typed parse of the same bytes into borrowed
//! structs, and beside its bare scan that keeps nothing. The shipped matrices, and big ones from a seed.
//! Run with `cargo bench --bench load`; a word after `--` picks matrices by name.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::process::Command;
use std::time::{Duration, Instant};

use serde::de::IgnoredAny;
use skew::matrix::{Input, load};

#[path = "load/big.rs"]
mod big;
#[path = "load/mirror.rs"]
mod mirror;

/// How many processes of each kind there are, and how often one of them does its work.
const ROUNDS: usize = 9;
const RUNS: usize = 7;

/// What is timed.
const KINDS: [&str; 3] = ["load", "typed", "scan"];

const SHIPPED: [&str; 4] = ["valkey", "duckdb", "kestra", "dagster"];

const BIG: [big::Plan; 5] = [
    big::Plan { name: "big-100", scheme: "semver", plugins: 100, seed: 3, change: 20 },
    big::Plan { name: "big-200", scheme: "pep440", plugins: 200, seed: 5, change: 20 },
    big::Plan { name: "big-400", scheme: "natural", plugins: 400, seed: 7, change: 20 },
    big::Plan { name: "big-1000", scheme: "semver", plugins: 1000, seed: 11, change: 20 },
    // No release takes over what the one before needs; a third of all needs are stated once only.
    big::Plan { name: "odd-400", scheme: "semver", plugins: 400, seed: 13, change: 100 },
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [child, kind, name] = &words[..]
        && child == "--times"
    {
        return print_times(kind, &bytes(name));
    }
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
    let picked = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(&**word));
    let names = SHIPPED.into_iter().chain(BIG.iter().map(|plan| plan.name));
    names.filter(|name| picked(name)).for_each(measure);
}

/// Returns the text of a shipped or a generated matrix.
fn bytes(name: &str) -> Vec<u8> {
    if let Some(plan) = BIG.iter().find(|plan| plan.name == name) {
        return big::matrix(plan).into_bytes();
    }
    let path = format!("{}/matrices/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("the matrix is there")
}

fn measure(name: &str) {
    let mut times: [Vec<u64>; 3] = Default::default();
    // They are timed in turn, so that a change of the machine's speed meets all, and in processes of their
    // own, because the heap that one leaves behind slows another down.
    for _ in 0..ROUNDS {
        for (kind, times) in KINDS.iter().zip(&mut times) {
            times.extend(times_in_child(kind, name));
        }
    }
    for times in &mut times {
        times.sort_unstable();
    }
    let [load, typed, scan] = &times;
    let bytes = bytes(name);
    println!(
        "{name:<9} {:>10} {:>6} us {:>13} {:>6} us {:>13} {:>6} us {:>10.2} {:>9.1} {:>6}",
        bytes.len(),
        median(load),
        range(load),
        median(typed),
        range(typed),
        median(scan),
        ratio(load, typed),
        ratio(load, scan),
        memory(name, &bytes).unwrap_or_else(|| "-".to_owned())
    );
}

/// Prints how many microseconds each run takes but the first.
fn print_times(kind: &str, bytes: &[u8]) {
    let work = || match kind {
        "load" => {
            let loaded = load(&[Input { name: "measured", bytes }], &[]);
            assert!(!loaded.problems.has_errors(), "{:?}", loaded.problems.list);
        }
        "typed" => drop(
            serde_json::from_slice::<mirror::Matrix<'_>>(bytes).expect("the matrix has that shape"),
        ),
        _ => {
            serde_json::from_slice::<IgnoredAny>(bytes).expect("the matrix is JSON");
        }
    };
    work();
    for _ in 0..RUNS {
        let start = Instant::now();
        work();
        println!("{}", start.elapsed().as_micros());
    }
}

fn times_in_child(kind: &str, name: &str) -> Vec<u64> {
    let own = std::env::current_exe().expect("the benchmark is a file");
    let output = Command::new(own).args(["--times", kind, name]).output().expect("it runs again");
    let text = String::from_utf8(output.stdout).expect("it prints numbers");
    text.lines().map(|line| line.parse().expect("it prints numbers")).collect()
}

fn median(sorted: &[u64]) -> u64 {
    sorted[sorted.len() / 2]
}

fn ratio(of: &[u64], to: &[u64]) -> f64 {
    let seconds = |times| Duration::from_micros(median(times)).as_secs_f64();
    seconds(of) / seconds(to)
}

/// Returns the shortest and the longest of sorted times.
fn range(sorted: &[u64]) -> String {
    format!("{}-{}", sorted[0], sorted[sorted.len() - 1])
}

/// Returns the peak memory of a process that reads a big matrix and lists one package, in multiples of the
/// input, as GNU time tells it.
fn memory(name: &str, bytes: &[u8]) -> Option<String> {
    if SHIPPED.contains(&name) {
        return None;
    }
    let path = std::env::temp_dir().join(format!("skew-bench-{name}.json"));
    std::fs::write(&path, bytes).ok()?;
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%M", env!("CARGO_BIN_EXE_skew"), "list", "p1", "--matrix"])
        .arg(&path)
        .output();
    std::fs::remove_file(&path).ok()?;
    let output = output.ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stderr).ok()?;
    let kib: f64 = text.lines().last()?.trim().parse().ok()?;
    let input = f64::from(u32::try_from(bytes.len()).ok()?) / 1024.0;
    Some(format!("{:.1}x", kib / input))
}
