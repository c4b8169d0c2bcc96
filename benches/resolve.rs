//! The resolver beside pubgrub, resolvo and batsat, in one run. Run with
//!
//! ```text
//! cargo bench --bench resolve -- [WORD...] [--only solve|cores|text] [--seeds N] [--seconds S] [--cap S]
//! ```
//!
//! A `WORD` picks the families whose name holds it; all words must. `--only` picks one of the three
//! tables, `--seeds` says how many instances of each generated family there are (3), `--seconds` how
//! long one instance is measured (2), and `--cap` after how long a solver is stopped (10).
//!
//! - **solve**: build and solve, from a loaded catalog. What a peer's caller has at hand before the
//!   question is made before the clock starts: pubgrub's ranges, resolvo's tables. The clauses for
//!   batsat are part of its time.
//! - **cores**: one answer for each release of the core.
//! - **text**: from the text to the answer, beside a parse of the same bytes into typed, borrowed
//!   structs, for inputs of a megabyte and more; and peak memory of a process that does just that.
//!
//! All solvers are run in turn on each instance, so that a change of the machine's speed meets all of
//! them, and what a run waits for a processor is taken off. A figure is the median over all runs of all instances, with the range beside it. A ratio is
//! that of the medians; one with `>` is at least that, because the solver was stopped. What is printed
//! is a table in Markdown.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "resolve/cases.rs"]
mod cases;
#[path = "resolve/clock.rs"]
mod clock;
#[path = "resolve/cores.rs"]
mod cores;
#[path = "resolve/ours.rs"]
mod ours;
#[path = "resolve/probe.rs"]
mod probe;
#[path = "resolve/solve.rs"]
mod solve;
#[path = "resolve/typed.rs"]
mod typed;

#[path = "../tests/it/peers/adapters.rs"]
mod adapters;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/it/instances.rs"]
mod instances;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/it/support.rs"]
mod support;

use std::time::Duration;

/// What to measure and for how long.
struct Options {
    words: Vec<String>,
    only: Option<String>,
    seeds: u64,
    /// How long the runs of one instance may take together.
    time: Duration,
    /// When a solver is stopped.
    cap: Duration,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut options = Self {
            words: Vec::new(),
            only: None,
            seeds: 3,
            time: Duration::from_secs(2),
            cap: Duration::from_secs(10),
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().expect("the option has a value");
            let seconds = |text: String| Duration::from_secs_f64(text.parse().expect("seconds"));
            match argument.as_str() {
                "--only" => options.only = Some(value()),
                "--seeds" => options.seeds = value().parse().expect("a number of seeds"),
                "--seconds" => options.time = seconds(value()),
                "--cap" => options.cap = seconds(value()),
                // Cargo says so to every benchmark.
                "--bench" => {}
                word => options.words.push(word.to_owned()),
            }
        }
        options
    }

    fn wants(&self, table: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == table)
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.next_if(|first| first == probe::FLAG).is_some() {
        return probe::answer(arguments);
    }
    let options = Options::read(arguments);
    let picked =
        |family: &cases::Family| options.words.iter().all(|word| family.name.contains(word));
    let families: Vec<_> = cases::families().into_iter().filter(picked).collect();
    if options.wants("solve") {
        solve::table(&families, &options);
    }
    if options.wants("cores") {
        cores::table(&families, &options);
    }
    if options.wants("text") {
        typed::table(&families, &options);
    }
}
