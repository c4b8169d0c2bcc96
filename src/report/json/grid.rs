//! Views of the grid.

use super::shared::{name, version};
use super::view::{view, word};
use crate::answer::grid::{Cell, Column, Grid, GridRow};
use crate::catalog::{Catalog, PackageIx};

word! { CellWord "What is known of it." "works" "never" "unknown" "out-of-budget" }

view! {
    /// A release of the core, or a release line.
    ColumnView<'a>(catalog: &'a Catalog, core: PackageIx, stated: &'a Column) {
        /// How it is headed.
        column: &'a str = &stated.head,
        /// Its releases, newest first.
        releases: Vec<&'a str> =
            stated.releases.iter().map(|&rank| catalog.version((core, rank))).collect(),
    }
}

view! {
    /// What a plugin has for a release of the core.
    CellView<'a>(catalog: &'a Catalog, packages: [PackageIx; 2], head: &'a Column, cell: &'a Cell)
    with { let (newest, works) = match *cell {
        Cell::Works { release, core, .. } => (Some(core), Some(release)),
        Cell::Never(_) | Cell::Silent(_) | Cell::OutOfBudget => {
            (head.releases.first().copied(), None)
        }
    }; } {
        column: &'a str = &head.head,
        /// The newest release of the core with which one works.
        core: Option<&'a str> = version(catalog, packages[0], newest),
        /// The newest release of the plugin that works.
        version: Option<&'a str> = version(catalog, packages[1], works),
        state: CellWord = CellWord(cell.state()),
        /// True if it was hardly meant for this core.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        suspect: bool = matches!(cell, Cell::Works { suspect: true, .. }),
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'a str> = cell.reason(),
    }
}

view! {
    /// A plugin.
    GridRowView<'a>(catalog: &'a Catalog, grid: &'a Grid, row: &'a GridRow)
    with { let packages = [grid.core, row.package]; } {
        package: &'a str = name(catalog, row.package),
        cells: Vec<CellView<'a>> = grid.columns.iter().zip(&row.cells)
            .map(|(column, cell)| CellView::new(catalog, packages, column, cell)).collect(),
    }
}

view! {
    /// Plugins by releases of their core.
    GridView<'a>(catalog: &'a Catalog, grid: &'a Grid) {
        core: &'a str = name(catalog, grid.core),
        columns: Vec<ColumnView<'a>> =
            grid.columns.iter().map(|it| ColumnView::new(catalog, grid.core, it)).collect(),
        rows: Vec<GridRowView<'a>> =
            grid.rows.iter().map(|row| GridRowView::new(catalog, grid, row)).collect(),
    }
}
