//! The grid for people: pages of columns that fit the terminal.

use super::style::shown;
use super::style::{Style, bad, dim, doubtful, good, wrap};
use super::table::TextTable;
use crate::answer::grid::{Cell, Grid};
use crate::catalog::Catalog;
use crate::report::grid_words::{grid_cell, grid_reasons};

pub(super) fn text(catalog: &Catalog, grid: &Grid, style: Style) -> String {
    let core = &catalog.package(grid.core).name;
    if grid.columns.is_empty() || grid.rows.is_empty() {
        return format!("{core}: nothing to show\n");
    }
    let mut out = format!("newest releases that work with {core}\n");
    for page in pages(catalog, grid, style.width) {
        out.push('\n');
        out.push_str(&table(catalog, grid, page).print(2, style.width));
    }
    out.push_str(&legend(grid, style.width));
    for (name, span, reason) in grid_reasons(catalog, grid) {
        let head = format!("{name} with {core} {span}: ");
        out.push_str(&format!("  {}\n", wrap(&format!("{head}{reason}"), style.width, 4)));
    }
    out
}

/// Returns the columns of each page.
fn pages(catalog: &Catalog, grid: &Grid, width: usize) -> Vec<std::ops::Range<usize>> {
    let names = grid.rows.iter().map(|row| shown(&catalog.package(row.package).name));
    let first = 2 + names.max().unwrap_or(0).max(shown("plugin"));
    let cell = |column: usize| {
        let cells = grid.rows.iter().map(|row| shown(&grid_cell(catalog, grid, row, column)));
        2 + cells.max().unwrap_or(0).max(shown(&grid.columns[column].head))
    };
    let (mut pages, mut start, mut used) = (Vec::new(), 0, first);
    for column in 0..grid.columns.len() {
        let wide = cell(column);
        if column > start && used + wide > width {
            pages.push(start..column);
            (start, used) = (column, first);
        }
        used += wide;
    }
    pages.push(start..grid.columns.len());
    pages
}

fn table(catalog: &Catalog, grid: &Grid, page: std::ops::Range<usize>) -> TextTable {
    let heads = grid.columns[page.clone()].iter().map(|column| column.head.as_str());
    let head: Vec<_> = std::iter::once("plugin").chain(heads).collect();
    let mut table = TextTable::new(&head);
    for row in &grid.rows {
        let mut cells = vec![catalog.package(row.package).name.clone()];
        cells.extend(page.clone().map(|column| {
            let text = grid_cell(catalog, grid, row, column);
            match &row.cells[column] {
                Cell::Works { suspect: false, .. } => good(&text),
                Cell::Never(_) => bad(&text),
                Cell::Works { suspect: true, .. } | Cell::Silent(_) | Cell::OutOfBudget => {
                    doubtful(&text)
                }
            }
        }));
        table.row(cells);
    }
    table
}

/// Explains the marks that occur.
fn legend(grid: &Grid, width: usize) -> String {
    let has = |mark: &str| {
        let rows = grid.rows.iter();
        rows.flat_map(|row| row.cells.iter().zip(&grid.columns)).any(|(cell, column)| match cell {
            Cell::Works { core, suspect, .. } => match mark {
                "*" => column.releases.first() != Some(core),
                "~" => *suspect,
                _ => false,
            },
            Cell::Never(_) => mark == "-",
            Cell::Silent(_) => mark == "?",
            Cell::OutOfBudget => mark == "!",
        })
    };
    let marks = [
        ("*", "only with an older release of the line"),
        ("~", "hardly meant for it: off its family, or years apart and not bound to it"),
        ("-", "no listed release works"),
        ("?", "no fact says"),
        ("!", "not found out within the budget"),
    ];
    let told = marks.iter().filter(|(mark, _)| has(mark));
    let told: Vec<_> = told.map(|(mark, text)| format!("{mark} {text}")).collect();
    if told.is_empty() {
        return String::new();
    }
    format!("  {}\n", dim(&wrap(&told.join("; "), width, 2)))
}
