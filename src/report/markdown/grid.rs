//! The grid as a Markdown table.

use super::escape::escape;
use crate::answer::grid::Grid;
use crate::catalog::Catalog;
use crate::report::grid_words::{grid_cell, grid_reasons};

pub(super) fn grid(catalog: &Catalog, grid: &Grid, out: &mut String) {
    let core = catalog.package(grid.core);
    let heads = grid.columns.iter().map(|column| column.head.clone());
    line(std::iter::once(core.name.clone()).chain(heads), out);
    line(std::iter::repeat_n("---".to_owned(), grid.columns.len() + 1), out);
    for row in &grid.rows {
        let cells = (0..grid.columns.len()).map(|column| grid_cell(catalog, grid, row, column));
        let name = catalog.package(row.package).name.clone();
        line(std::iter::once(name).chain(cells), out);
    }
    out.push('\n');
    for (name, span, reason) in grid_reasons(catalog, grid) {
        let told = format!("{name} with {} {span}: {reason}", core.name);
        out.push_str(&format!("- {}\n", escape(&told)));
    }
}

fn line(cells: impl Iterator<Item = String>, out: &mut String) {
    let cells: Vec<_> = cells.map(|cell| escape(&cell)).collect();
    out.push_str(&format!("| {} |\n", cells.join(" | ")));
}
