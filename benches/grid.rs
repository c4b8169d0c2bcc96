//! The grid of all of Dagster's libraries by all releases of the core, resolved, in this process. Run with
//! `cargo bench --bench grid`.
//!
//! One thread, two, and as many as the machine has take turns in one run, so that what else the machine does
//! meets all of them. Beside it stands the same question asked cell by cell, which shares nothing between cells.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::path::Path;
use std::time::{Duration, Instant};

use skew::answer::grid::{Cell, Grid};
use skew::answer::selection::SetOutcome;
use skew::catalog::{Catalog, PackageKind};
use skew::grid::{Columns, GridRequest, Reasons, grid};
use skew::matrix::{Input, load};
use skew::resolve::{Request, Requirement, find};

const RUNS: usize = 201;

fn main() {
    let most = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    println!(
        "{:<9} {:>13} {:>7} {:>22} {:>22} {:>7} {:>8} {:>12}",
        "core",
        "cells",
        "works",
        "1 thread",
        format!("{most} threads"),
        "medians",
        "fastest",
        "cell by cell"
    );
    // Each matrix is named after its core.
    for name in ["dagster", "kestra", "duckdb", "valkey"] {
        row(name, most);
    }
}

fn row(matrix: &str, most: usize) {
    let catalog = read(matrix);
    let core = catalog.find(matrix).expect("the core is known");
    let any = Requirement::any(&catalog, core);
    let releases = skew::catalog::ReleaseSet::full(catalog.package(core).len());
    let asked = GridRequest {
        core: Requirement { releases, restricted: true, ..any },
        plugins: Vec::new(),
        beside: Vec::new(),
        columns: Columns::Releases,
        supported_on: None,
        reasons: Reasons::None,
    };
    let pools = [1, most].map(|threads| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be made")
    });
    let mut times: [Vec<Duration>; 2] = [Vec::new(), Vec::new()];
    let mut made = None;
    for _ in 0..RUNS {
        for (pool, times) in pools.iter().zip(&mut times) {
            let start = Instant::now();
            let table = pool.install(|| grid(&catalog, &asked));
            times.push(start.elapsed());
            assert_eq!(*made.get_or_insert_with(|| table.clone()), table, "same cells");
        }
    }
    let start = Instant::now();
    let works = cell_by_cell(&catalog, core);
    let alone = start.elapsed();
    let made = made.expect("there was a run");
    assert_eq!(works, working(&made), "both ways agree");
    let [one, many] = times.map(|mut times| {
        times.sort_unstable();
        times
    });
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let shown = |times: &[Duration]| {
        let [least, middle, last] = [0, RUNS / 2, RUNS - 1].map(|at| ms(times[at]));
        format!("{middle:.1} ({least:.1} - {last:.1}) ms")
    };
    println!(
        "{matrix:<9} {:>13} {works:>7} {:>22} {:>22} {:>7.2} {:>8.2} {:>9.1} ms",
        format!("{} x {}", made.rows.len(), made.columns.len()),
        shown(&one),
        shown(&many),
        ms(one[RUNS / 2]) / ms(many[RUNS / 2]),
        ms(one[0]) / ms(many[0]),
        ms(alone),
    );
}

fn working(grid: &Grid) -> usize {
    let cells = grid.rows.iter().flat_map(|row| &row.cells);
    cells.filter(|cell| matches!(cell, Cell::Works { .. })).count()
}

/// Counts the cells with a release, each a request of its own.
fn cell_by_cell(catalog: &Catalog, core: skew::catalog::PackageIx) -> usize {
    let plugins = catalog
        .packages()
        .filter(|(_, package)| package.kind == PackageKind::Plugin && package.core == Some(core));
    let works = |plugin, rank| {
        let requirements =
            vec![Requirement::exactly(catalog, core, rank), Requirement::any(catalog, plugin)];
        matches!(find(catalog, &Request::newest(requirements)), SetOutcome::Set(_))
    };
    let ranks = || catalog.package(core).ranks();
    plugins.map(|(plugin, _)| ranks().filter(|&rank| works(plugin, rank)).count()).sum()
}

fn read(matrix: &str) -> Catalog {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("matrices/{matrix}.json"));
    let bytes = std::fs::read(path).expect("the matrix is there");
    let loaded = load(&[Input { name: matrix, bytes: &bytes }], &[]);
    assert!(!loaded.problems.has_errors());
    loaded.catalog
}
