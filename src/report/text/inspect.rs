//! Inspected files: what each is, and which releases take it.

use super::style::{Style, bad, doubtful, flat, good, strong, wrap};
use super::table::TextTable;
use crate::answer::inspect::{Inspected, Loading, runs};
use crate::finding::Verdict;
use crate::report::artifact::{self, Words};

pub(super) fn text(files: &[Inspected], style: Style) -> String {
    let blocks: Vec<_> = files.iter().map(|file| block(file, style)).collect();
    blocks.join("\n")
}

fn block(inspected: &Inspected, style: Style) -> String {
    let mut out = format!("{}\n", strong(&flat(&inspected.path)));
    let words = artifact::words(inspected);
    out.push_str(&format!("  {}\n", wrap(&words.sentence, style.width, 2)));
    if inspected.asked.is_empty() && inspected.known.is_empty() {
        return out;
    }
    let mut table = TextTable::new(&["outcome", words.column, "check"]);
    let own = !inspected.known.is_empty();
    let name = |engine: &Loading| {
        let place = if own { " (its folder)" } else { "" };
        format!("{}{place}", engine.engine)
    };
    for run in inspected.asked_runs() {
        match run {
            [engine] => {
                table.row(vec![outcome(&words, engine.verdict), name(engine), checks(engine)]);
            }
            run => table.row(row(&words, run)),
        }
    }
    for run in runs(&inspected.known) {
        table.row(row(&words, run));
    }
    out.push_str(&table.print(2, style.width));
    out
}

fn outcome(words: &Words, verdict: Verdict) -> String {
    let word = words.outcome(verdict);
    match verdict {
        Verdict::Compatible => good(word),
        Verdict::Unknown => doubtful(word),
        Verdict::Incompatible => bad(word),
    }
}

/// Names the checks that fired.
fn checks(loading: &Loading) -> String {
    let codes: Vec<_> = loading.findings.iter().map(|finding| finding.code.as_str()).collect();
    codes.join(", ")
}

/// Names the check that an engine reports.
fn first_check(loading: &Loading) -> &str {
    loading.findings.first().map_or("", |finding| finding.code.as_str())
}

fn row(words: &Words, run: &[Loading]) -> Vec<String> {
    let [first, .., last] = run else {
        let cells = |one: &Loading| {
            [outcome(words, one.verdict), one.engine.clone(), first_check(one).to_owned()]
        };
        return run.iter().flat_map(cells).collect();
    };
    let span = format!("{} to {}", first.engine, last.parts().1);
    vec![outcome(words, first.verdict), span, first_check(first).to_owned()]
}
