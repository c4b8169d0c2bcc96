//! Support of release lines on a day.

use jiff::civil::Date;

use super::table::Table;
use super::{Style, bad, dim, doubtful, good};
use crate::answer::support::{Phase, SupportRow};
use crate::catalog::Catalog;
use crate::report::words::end;

pub(super) fn text(catalog: &Catalog, as_of: Date, rows: &[SupportRow], style: Style) -> String {
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
    let mut sources: Vec<_> =
        rows.iter().flat_map(|row| &row.cites).map(|cite| cite.source.clone()).collect();
    sources.sort();
    sources.dedup();
    for source in sources {
        out.push_str(&format!("  {}{source}\n", dim("source: ")));
    }
    out
}

fn phase(row: &SupportRow) -> String {
    let name = row.phase.name();
    match row.phase {
        Phase::Active | Phase::Lts | Phase::Supported | Phase::Maintenance => good(name),
        Phase::ExtendedSecurity | Phase::PreRelease | Phase::Unknown => doubtful(name),
        Phase::Superseded | Phase::EndOfLife | Phase::Withdrawn => bad(name),
    }
}
