//! Build and solve, all solvers in turn.

use crate::Options;
use crate::adapters::{self, Batsat, Pubgrub, Resolvo, Verdict};
use crate::cases::{Case, Family};
use crate::clock::{Series, deadline, rounds};
use crate::ours::{self, WAYS};
use crate::probe::{self, End};

const PEERS: [&str; 3] = ["pubgrub", "resolvo", "batsat"];

/// What was measured of a family.
#[derive(Default)]
struct Row {
    ours: [Series; WAYS.len()],
    peers: [Series; PEERS.len()],
    found: u32,
    impossible: u32,
    odd: Vec<String>,
}

/// Prints the table.
pub(crate) fn table(families: &[Family], options: &Options) {
    let ways: Vec<_> = WAYS.iter().map(|way| way.name).collect();
    let ratios: Vec<_> = PEERS.iter().map(|peer| format!("{peer} / skew")).collect();
    println!("\n## Build and solve\n");
    println!(
        "| instances | sets | {} | {} | {} | agree |",
        ways.join(" | "),
        PEERS.join(" | "),
        ratios.join(" | ")
    );
    println!("|{}", "---|".repeat(3 + ways.len() + 2 * PEERS.len()));
    for family in families {
        let mut row = Row::default();
        for case in family.cases(options.seeds) {
            measure(&mut row, &case, options);
        }
        print(&family.name, &row);
    }
}

fn print(name: &str, row: &Row) {
    let series = row.ours.iter().chain(&row.peers).map(Series::shown);
    let ratios = row.peers.iter().map(|peer| peer.ratio(&row.ours[0]));
    let agree = if row.odd.is_empty() { "yes".to_owned() } else { row.odd.join(", ") };
    let cells: Vec<_> = series.chain(ratios).chain([agree]).collect();
    let unknown = if row.found + row.impossible == 0 { "?" } else { "" };
    println!(
        "| {name} | {}{unknown} | {} |",
        match (row.found, row.impossible) {
            (found, 0) => format!("{found}"),
            (found, none) => format!("{found}, none for {none}"),
        },
        cells.join(" | ")
    );
}

fn measure(row: &mut Row, case: &Case, options: &Options) {
    let requests = WAYS.map(|way| (way.change)(case.request.clone()));
    // Nobody can stop a search of ours from outside, so it is tried in a process of its own.
    if !row.ours[0].is_stopped() && matches!(probe::ask("set", case, options.cap), End::Stopped) {
        for series in &mut row.ours {
            series.stop(options.cap);
        }
    }
    let pubgrub = Pubgrub::new(&case.instance);
    let resolvo = Resolvo::new(&case.instance);
    let batsat = Batsat::new(&case.instance);
    let mut verdicts: [Option<Verdict>; WAYS.len() + PEERS.len()] = std::array::from_fn(|_| None);
    rounds(options.time, || {
        for (at, request) in requests.iter().enumerate() {
            let series = &mut row.ours[at];
            if !series.is_stopped() {
                let mut answer = None;
                series.run_to_its_end(|| {
                    answer = ours::solve(&case.catalog, request);
                    answer.is_some()
                });
                verdicts[at] = answer.map(|answer| ours::read(case, &answer));
            }
        }
        for (at, series) in row.peers.iter_mut().enumerate().filter(|(_, s)| !s.is_stopped()) {
            let stop = deadline(options.cap);
            let mut verdict = Verdict::Stopped;
            series.run(|| {
                verdict = match at {
                    0 => pubgrub.solve(&stop),
                    1 => resolvo.solve(&stop),
                    _ => batsat.solve(&stop),
                };
                verdict != Verdict::Stopped
            });
            verdicts[WAYS.len() + at] = Some(verdict);
        }
    });
    compare(row, case, &verdicts);
}

/// Notes what the answer is, and who has another one than batsat, else pubgrub, else resolvo.
fn compare(row: &mut Row, case: &Case, verdicts: &[Option<Verdict>]) {
    let names = WAYS.iter().map(|way| way.name).chain(PEERS);
    let answers = names.zip(verdicts);
    let answers: Vec<_> = answers
        .filter_map(|(name, verdict)| Some((name, verdict.as_ref()?)))
        .filter(|(_, verdict)| **verdict != Verdict::Stopped)
        .collect();
    let Some(&(_, best)) = answers.last() else {
        return;
    };
    match best {
        Verdict::Found(_) => row.found += 1,
        Verdict::Open(_) | Verdict::Impossible | Verdict::Stopped => row.impossible += 1,
    }
    for (name, verdict) in answers {
        let required = |verdict| adapters::required(&case.instance, verdict);
        let word = if required(verdict) != required(best) {
            "no"
        } else if name != "resolvo" && verdict != best {
            "requirements only"
        } else {
            continue;
        };
        let odd = format!("{name}: {word}");
        if !row.odd.contains(&odd) {
            row.odd.push(odd);
        }
    }
}
