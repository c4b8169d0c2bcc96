//! All sets of a request: how many, and the best of them side by side.

use super::resolve;
use super::style::shown;
use super::style::{Style, bad, dim, good, wrap};
use super::table::TextTable;
use crate::answer::Answer;
use crate::answer::selection::{AllSets, Count, End, Selection, Sets, SetsOutcome};
use crate::catalog::{Catalog, PackageIx, Rank};
use crate::finding::Verdict;
use crate::report::compare::Compared;
use crate::report::words;

pub(super) fn text(answer: &Answer, sets: &AllSets, style: Style) -> String {
    match &sets.outcome {
        SetsOutcome::Found { count, best } => {
            let word = match answer.verdict {
                Some(Verdict::Incompatible) => format!("{}: ", bad("refused")),
                Some(Verdict::Compatible | Verdict::Unknown) | None => String::new(),
            };
            let head = word + &good(&words::sets(count));
            match best {
                None => format!("{head}\n{}", ended(count, style)),
                Some(best) => head + &listed(&answer.catalog, count, best, style),
            }
        }
        SetsOutcome::Undecided(undecided) => resolve::open(&answer.catalog, undecided, style),
        SetsOutcome::Impossible(conflict) => resolve::impossible(&answer.catalog, conflict, style),
        SetsOutcome::Unknown { steps } => resolve::unknown(*steps),
    }
}

/// Says why a count is none.
fn ended(count: &Count, style: Style) -> String {
    if count.exact {
        return String::new();
    }
    let text = "the count ended within its budget of steps; raise --budget to count on";
    format!("  {}\n", wrap(text, style.width, 2))
}

fn listed(catalog: &Catalog, count: &Count, best: &Sets, style: Style) -> String {
    let all = best.end == End::Complete;
    let mut out = match (all, best.sets.len()) {
        (true, _) => "\n\n".to_owned(),
        (false, 1) => "; the best one\n\n".to_owned(),
        (false, shown) => format!("; the best {shown}\n\n"),
    };
    match best.sets.as_slice() {
        [only] => out.push_str(&resolve::table(catalog, only, style)),
        several => out.push_str(&side_by_side(catalog, several, style)),
    }
    let mut hint = |text: &str| out.push_str(&format!("\n  {}\n", wrap(text, style.width, 2)));
    if best.end == End::Budget {
        hint("the search for more sets ended within its budget of steps; raise --budget");
    } else if !count.exact {
        hint("--count counts them all, as far as its budget of steps goes");
    }
    out
}

/// Prints sets in columns if there is room, and else in what each differs from the best.
fn side_by_side(catalog: &Catalog, sets: &[Selection], style: Style) -> String {
    let compared = Compared::new(sets);
    let columns = columns(catalog, &compared).print(2, usize::MAX);
    let is_wide = columns.lines().any(|line| shown(line) > style.width);
    let mut out =
        if is_wide { differences(catalog, &compared).print(2, style.width) } else { columns };
    let same: Vec<_> = compared.same.iter().map(|&release| catalog.label(release)).collect();
    if !same.is_empty() {
        let text = format!("in each of them: {}", same.join(", "));
        out.push_str(&format!("\n  {}\n", wrap(&text, style.width, 4)));
    }
    out
}

fn columns(catalog: &Catalog, compared: &Compared) -> TextTable {
    let names = compared.differing.iter().map(|&package| catalog.package(package).name.as_str());
    let head: Vec<&str> = std::iter::once("set").chain(names).collect();
    let mut table = TextTable::new(&head).right(0);
    for (at, row) in (1..).zip(&compared.rows) {
        let cells = row.iter().zip(&compared.differing);
        let cells = cells.map(|(rank, &package)| match rank {
            Some(rank) => catalog.version((package, *rank)).to_owned(),
            None => dim("-"),
        });
        table.row(std::iter::once(i32::to_string(&at)).chain(cells).collect());
    }
    table
}

fn differences(catalog: &Catalog, compared: &Compared) -> TextTable {
    let mut table = TextTable::new(&["set", "the best, then what differs from it"]).right(0);
    let Some(best) = compared.rows.first() else {
        return table;
    };
    let every: Vec<_> = best.iter().zip(&compared.differing).collect();
    let every = every.into_iter().filter_map(|(rank, &package)| label(catalog, package, *rank));
    table.row(vec!["1".to_owned(), every.collect::<Vec<_>>().join(", ")]);
    for (at, row) in (2..).zip(compared.rows.iter().skip(1)) {
        let cells = row.iter().zip(best).zip(&compared.differing);
        let changed = cells.filter(|((rank, best), _)| rank != best);
        let changed = changed.map(|((rank, _), &package)| {
            let without = || format!("no {}", catalog.package(package).name);
            label(catalog, package, *rank).unwrap_or_else(without)
        });
        let changed: Vec<_> = changed.collect();
        table.row(vec![i32::to_string(&at), changed.join(", ")]);
    }
    table
}

fn label(catalog: &Catalog, package: PackageIx, rank: Option<Rank>) -> Option<String> {
    rank.map(|rank| catalog.label((package, rank)))
}
