//! Support of release lines on a day.

use jiff::civil::Date;

use super::table::Table;
use super::{Style, bad, dim, doubtful, good};
use crate::answer::support::{Expected, Phase, SupportRow};
use crate::catalog::Catalog;
use crate::report::words::{end, rhythm};

pub(super) fn text(
    catalog: &Catalog,
    as_of: Date,
    rows: &[SupportRow],
    expected: &[Expected],
    style: Style,
) -> String {
    let mut out = format!("support on {as_of}\n\n");
    let mut table =
        Table::new(&["line", "phase", "released", "newest", "days left", "ends"]).right(4);
    for row in rows {
        let name = format!("{} {}", catalog.package(row.package).name, row.line);
        let ends: Vec<_> = row
            .phases
            .iter()
            .map(|span| match end(&span.end) {
                (Some(until), how) if how == "stated" => format!("{} {until}", span.phase),
                (Some(until), how) => format!("{} {until} ({how})", span.phase),
                (None, how) => format!("{}: {how}", span.phase),
            })
            .collect();
        table.row(vec![
            name,
            phase(row),
            row.released.map_or_else(|| "-".to_owned(), |date| date.to_string()),
            catalog.version((row.package, row.newest)).to_owned(),
            row.days_left.map_or_else(|| "-".to_owned(), |days| days.to_string()),
            if ends.is_empty() { "-".to_owned() } else { ends.join("; ") },
        ]);
    }
    out.push_str(&table.print(2, style.width));
    out.push_str(&coming(catalog, expected, style));
    let cites = rows.iter().flat_map(|row| &row.cites).chain(expected.iter().map(|one| &one.cite));
    let mut sources: Vec<_> = cites.map(|cite| cite.source.clone()).collect();
    sources.sort();
    sources.dedup();
    for source in sources {
        out.push_str(&format!("  {}{source}\n", dim("source: ")));
    }
    out
}

/// Prints what is expected; nothing if that is nothing.
fn coming(catalog: &Catalog, expected: &[Expected], style: Style) -> String {
    if expected.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["expected", "day", "by which rhythm; nothing is announced"]);
    for one in expected {
        let package = &catalog.package(one.package).name;
        table.row(vec![
            format!("{package} {} release", one.release.name()),
            doubtful(&one.day.to_string()),
            rhythm(one),
        ]);
    }
    format!("\n{}\n", table.print(2, style.width))
}

fn phase(row: &SupportRow) -> String {
    let name = row.phase.name();
    match row.phase {
        Phase::Active | Phase::Lts | Phase::Supported | Phase::Maintenance => good(name),
        Phase::ExtendedSecurity | Phase::PreRelease | Phase::Unknown => doubtful(name),
        Phase::Superseded | Phase::EndOfLife | Phase::Withdrawn => bad(name),
    }
}
