//! Support of release lines on a day.

use jiff::civil::Date;

use super::style::{Style, bad, dim, doubtful, good};
use super::table::TextTable;
use crate::answer::support::{Announced, Expected, Phase, SupportRow};
use crate::catalog::Catalog;
use crate::finding::Cite;
use crate::report::words::{end, rhythm};

pub(super) fn text(
    catalog: &Catalog,
    as_of: Date,
    rows: &[SupportRow],
    (announced, expected): (&[Announced], &[Expected]),
    style: Style,
) -> String {
    let mut sources = Sources::default();
    let mut out = format!("support on {as_of}\n\n");
    let mut table =
        TextTable::new(&["line", "phase", "released", "newest", "days left", "ends"]).right(4);
    for row in rows {
        let package = &catalog.package(row.package).name;
        let name = match row.release {
            Some(rank) => catalog.label((row.package, rank)),
            None => format!("{package} {}", row.line),
        };
        let mut ends: Vec<_> = row
            .phases
            .iter()
            .map(|span| match end(&span.end) {
                (Some(until), how) if how == "stated" => format!("{} {until}", span.phase),
                (Some(until), how) => format!("{} {until} ({how})", span.phase),
                (None, how) => format!("{}: {how}", span.phase),
            })
            .collect();
        if ends.is_empty() {
            ends.push(row.basis.clone());
        }
        let mine =
            announced.iter().filter(|one| (one.package, one.line) == (row.package, row.line));
        ends.extend(mine.map(|one| format!("{} is announced for {}", one.version, one.day)));
        let is_out = row.phase != Phase::NotReleased;
        let newest = if is_out { catalog.version((row.package, row.newest)) } else { "-" };
        table.row(vec![
            name,
            phase(row),
            row.released.map_or_else(|| "-".to_owned(), |date| date.to_string()),
            newest.to_owned(),
            row.days_left.map_or_else(|| "-".to_owned(), |days| days.to_string()),
            format!("{} {}", ends.join("; "), sources.mark(&row.cites)),
        ]);
    }
    out.push_str(&table.print(2, style.width));
    out.push_str(&planned(catalog, as_of, announced, &mut sources, style));
    out.push_str(&coming(catalog, expected, &mut sources, style));
    for (ix, source) in sources.0.iter().enumerate() {
        out.push_str(&format!("  {}{source}\n", dim(&format!("[{}] ", ix + 1))));
    }
    out
}

/// The sources that rows name, in the order in which they are first named.
#[derive(Default)]
struct Sources(Vec<String>);

impl Sources {
    /// Returns the numbers of sources, as `[1,3]`.
    fn mark<'c>(&mut self, cites: impl IntoIterator<Item = &'c Cite>) -> String {
        let mut numbers: Vec<usize> = Vec::new();
        for cite in cites {
            let found = self.0.iter().position(|known| *known == cite.source);
            let ix = found.unwrap_or_else(|| {
                self.0.push(cite.source.clone());
                self.0.len() - 1
            });
            if !numbers.contains(&(ix + 1)) {
                numbers.push(ix + 1);
            }
        }
        let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
        if numbers.is_empty() { "-".to_owned() } else { format!("[{}]", numbers.join(",")) }
    }
}

/// Prints what was announced; nothing if that is nothing.
fn planned(
    catalog: &Catalog,
    as_of: Date,
    announced: &[Announced],
    sources: &mut Sources,
    style: Style,
) -> String {
    if announced.is_empty() {
        return String::new();
    }
    let mut table = TextTable::new(&["announced", "day", "source", "state"]);
    for one in announced {
        let late = one.day < as_of;
        let state = if late { "the day is past; it is not known to be out" } else { "to come" };
        table.row(vec![
            format!("{} {}", catalog.package(one.package).name, one.version),
            doubtful(&one.day.to_string()),
            sources.mark([&one.cite]),
            state.to_owned(),
        ]);
    }
    format!("\n{}", table.print(2, style.width))
}

/// Prints what is expected; nothing if that is nothing.
fn coming(catalog: &Catalog, expected: &[Expected], sources: &mut Sources, style: Style) -> String {
    if expected.is_empty() {
        return "\n".to_owned();
    }
    let mut table =
        TextTable::new(&["expected", "day", "source", "by which rhythm; not announced"]);
    for one in expected {
        let package = &catalog.package(one.package).name;
        table.row(vec![
            format!("{package} {} release", one.release.name()),
            doubtful(&one.day.to_string()),
            sources.mark([&one.cite]),
            rhythm(one),
        ]);
    }
    format!("\n{}\n", table.print(2, style.width))
}

fn phase(row: &SupportRow) -> String {
    let name = row.phase.name();
    match row.phase {
        Phase::Active | Phase::Lts | Phase::Supported | Phase::Maintenance => good(name),
        Phase::ExtendedSecurity | Phase::PreRelease | Phase::NotReleased | Phase::Unknown => {
            doubtful(name)
        }
        Phase::Superseded | Phase::EndOfLife | Phase::Withdrawn => bad(name),
    }
}
