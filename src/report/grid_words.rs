//! Words of the grid that its formats share.

use crate::answer::grid::{Cell, Grid, GridRow};
use crate::catalog::Catalog;

/// Returns what stands in a cell of a grid.
pub(super) fn grid_cell(catalog: &Catalog, grid: &Grid, row: &GridRow, column: usize) -> String {
    match row.cells[column] {
        Cell::Works { release, core, suspect } => {
            let is_newest = grid.columns[column].releases.first() == Some(&core);
            let mark = if is_newest { "" } else { "*" };
            let doubt = if suspect { "~" } else { "" };
            format!("{}{mark}{doubt}", catalog.version((row.package, release)))
        }
        Cell::Never(_) => "-".to_owned(),
        Cell::Silent(_) => "?".to_owned(),
        Cell::OutOfBudget => "!".to_owned(),
    }
}

/// Returns the reasons in a grid: the plugin, the releases of the core side by side that share the
/// reason, and the reason.
pub(super) fn grid_reasons<'g>(
    catalog: &'g Catalog,
    grid: &'g Grid,
) -> Vec<(&'g str, String, &'g str)> {
    let version = |column: usize| grid.columns[column].head.as_str();
    let mut told = Vec::new();
    for row in &grid.rows {
        let name = catalog.package(row.package).name.as_str();
        let mut first = 0;
        for run in row.cells.chunk_by(|a, b| a == b) {
            let last = first + run.len() - 1;
            if let Some(reason) = run[0].reason() {
                let span = if first == last {
                    version(first).to_owned()
                } else {
                    format!("{} to {}", version(last), version(first))
                };
                told.push((name, span, reason));
            }
            first = last + 1;
        }
    }
    told
}
