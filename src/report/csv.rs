//! Comma-separated values, for spreadsheets: the grid, one line per plugin.
//!
//! Fields are quoted as RFC 4180 says, and control characters spelled out. A field that a spreadsheet
//! would take for a formula gets an apostrophe in front; a lone `-` is none.

use super::grid_words::grid_cell;
use super::text::clean;
use crate::answer::grid::Grid;
use crate::answer::{Answer, Body};
use crate::catalog::Catalog;

/// Prints a report as comma-separated values; `None` if it is no table.
pub fn csv(answer: &Answer) -> Option<String> {
    let Body::Grid(grid) = &answer.body else { return None };
    Some(table(&answer.catalog, grid))
}

fn table(catalog: &Catalog, grid: &Grid) -> String {
    let core = catalog.package(grid.core);
    let heads = grid.columns.iter().map(|column| column.head.clone());
    let mut out = line(std::iter::once(core.name.clone()).chain(heads));
    for row in &grid.rows {
        let cells = (0..grid.columns.len()).map(|column| grid_cell(catalog, grid, row, column));
        let name = catalog.package(row.package).name.clone();
        out.push_str(&line(std::iter::once(name).chain(cells)));
    }
    out
}

fn line(fields: impl Iterator<Item = String>) -> String {
    let fields: Vec<_> = fields.map(|text| field(&text)).collect();
    fields.join(",") + "\r\n"
}

fn field(text: &str) -> String {
    let text = clean(text);
    let formula = text.len() > 1 && text.starts_with(['=', '+', '-', '@']);
    let text = if formula { format!("'{text}") } else { text.into_owned() };
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_are_quoted_and_harmless() {
        assert_eq!(field("1.2.3"), "1.2.3");
        assert_eq!(field("-"), "-");
        assert_eq!(field("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(field("=1+1"), "'=1+1");
        assert_eq!(field("a\r\nb"), "a<U+000D><U+000A>b");
    }
}
