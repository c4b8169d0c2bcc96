//! Plans for fleets, in this process: what a plan takes beside a check of the same deployment, which looks at
//! every node once. Run with `cargo bench --bench plan`.
//!
//! The fleets: Valkey shards of three from one release; shards whose nodes run patches at random, so that
//! few are alike; workers of one pool that all stand in one group.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use skew::catalog::Catalog;
use skew::deployment::Deployment;
use skew::limits::{Limits, Share};
use skew::matrix::{Input, Inventory, load};
use skew::plan::{Goal, plan};
use skew::resolve::Requirement;
use skew::skew::{Moment, check};

const RUNS: usize = 7;

fn main() {
    println!(
        "{:<34} {:>8} {:>9} {:>7} {:>11} {:>11} {:>12} {:>9}",
        "fleet", "nodes", "steps", "waves", "check", "plan", "plan / check", "per step"
    );
    let one = Limits::default();
    let tenth = Limits { max_unavailable: Share::Percent(10), ..one };
    for shards in [33, 333, 3_333, 33_333] {
        row("shards alike", &shards_of(shards, &["8.1.1"]), "valkey", "9.1.2", one);
    }
    for shards in [33, 333, 3_333] {
        let patches = ["8.1.1", "8.1.3", "8.1.6", "8.0.2", "8.0.5"];
        row("shards of mixed patches", &shards_of(shards, &patches), "valkey", "9.1.2", one);
    }
    for workers in [100, 10_000, 100_000] {
        row("workers, one at a time", &workers_of(workers), "dagster", "1.13.27", one);
        row("workers, a tenth at a time", &workers_of(workers), "dagster", "1.13.27", tenth);
    }
}

/// Numbers that look random and are the same every time.
fn draw(seed: usize) -> usize {
    let mixed = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from((mixed ^ (mixed >> 29)) >> 40).unwrap_or(0)
}

fn shards_of(shards: usize, releases: &[&str]) -> String {
    let mut nodes = Vec::new();
    for shard in 0..shards {
        for place in 0..3 {
            let role = if place == 0 { "primary" } else { "replica" };
            let release = releases[draw(shard * 3 + place) % releases.len()];
            nodes.push(format!(
                "{{\"name\":\"s{shard}n{place}\",\"role\":\"{role}\",\"group\":\"s{shard}\",\"zone\":\"z{place}\",\"packages\":{{\"valkey\":\"{release}\"}}}}"
            ));
        }
    }
    format!("{{\"format\":1,\"name\":\"fleet\",\"nodes\":[{}]}}", nodes.join(","))
}

fn workers_of(workers: usize) -> String {
    let node = |at: usize| {
        let role = if at == 0 { "host" } else { "code-location" };
        format!(
            "{{\"name\":\"w{at}\",\"role\":\"{role}\",\"group\":\"pool\",\"packages\":{{\"dagster\":\"1.12.22\",\"python\":\"3.12.4\"}}}}"
        )
    };
    let nodes: Vec<_> = (0..workers).map(node).collect();
    format!("{{\"format\":1,\"name\":\"pool\",\"nodes\":[{}]}}", nodes.join(","))
}

fn row(name: &str, inventory: &str, product: &str, version: &str, limits: Limits) {
    let (catalog, deployment) = read(inventory, product, version);
    let package = catalog.find(product).expect("the product is known");
    let rank = catalog.package(package).find(version).expect("the release is known");
    let goal = Goal {
        targets: vec![Requirement::exactly(&catalog, package, rank)],
        accepted_risks: BTreeSet::new(),
        allow_downtime: false,
        limits,
    };
    let made = plan(&catalog, &deployment, &goal).expect("there is a plan");
    let runs = if deployment.nodes.len() > 5_000 { 3 } else { RUNS };
    let looks = median(runs, || check(&catalog, &deployment, Moment::Rolling).len());
    let plans =
        median(runs, || plan(&catalog, &deployment, &goal).map_or(0, |plan| plan.steps.len()));
    let ratio = plans.as_secs_f64() / looks.as_secs_f64();
    let steps = made.steps.len();
    println!(
        "{name:<34} {:>8} {steps:>9} {:>7} {:>8.2} ms {:>8.1} ms {ratio:>12.1} {:>6.1} us",
        deployment.nodes.len(),
        made.waves(),
        looks.as_secs_f64() * 1e3,
        plans.as_secs_f64() * 1e3,
        plans.as_secs_f64() * 1e6 / f64::from(u32::try_from(steps).expect("so many steps")),
    );
}

fn read(inventory: &str, product: &str, version: &str) -> (Catalog, Deployment) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("matrices/{product}.json"));
    let matrix = std::fs::read(path).expect("the matrix is there");
    let inventory = Inventory::parse(Input { name: "fleet", bytes: inventory.as_bytes() })
        .expect("the fleet is well formed");
    let own = |(name, version): (&str, &str)| (name.to_owned(), version.to_owned());
    let mut extras: Vec<_> = inventory.versions().into_iter().map(own).collect();
    extras.push((product.to_owned(), version.to_owned()));
    let loaded = load(&[Input { name: product, bytes: &matrix }], &extras);
    assert!(!loaded.problems.has_errors());
    let deployment = inventory.resolve(&loaded.catalog);
    (loaded.catalog, deployment)
}

fn median(runs: usize, mut one: impl FnMut() -> usize) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(one());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[runs / 2]
}
