//! The grid as JSON.

use serde_json::{Map, Value, json};

use crate::answer::grid::{Cell, Column, Grid, GridRow};
use crate::catalog::Catalog;

pub(super) fn grid(catalog: &Catalog, grid: &Grid, object: &mut Map<String, Value>) {
    let core = catalog.package(grid.core);
    object.insert("core".to_owned(), json!(core.name));
    let columns = grid.columns.iter();
    let columns = columns.map(|column| {
        let releases = column.releases.iter().map(|&rank| core.version(rank).text());
        json!({ "column": column.head, "releases": releases.collect::<Vec<_>>() })
    });
    object.insert("columns".to_owned(), columns.collect());
    let rows = grid.rows.iter().map(|row| self::row(catalog, grid, row));
    object.insert("rows".to_owned(), rows.collect());
}

fn row(catalog: &Catalog, grid: &Grid, row: &GridRow) -> Value {
    let cells = grid.columns.iter().zip(&row.cells);
    let cells: Vec<Value> =
        cells.map(|(column, cell)| self::cell(catalog, grid, row, column, cell)).collect();
    json!({ "package": catalog.package(row.package).name, "cells": cells })
}

fn cell(catalog: &Catalog, grid: &Grid, row: &GridRow, column: &Column, cell: &Cell) -> Value {
    let (core, version) = match *cell {
        Cell::Works { release, core, .. } => {
            (Some(core), Some(catalog.version((row.package, release))))
        }
        Cell::Never(_) | Cell::Silent(_) | Cell::OutOfBudget => {
            (column.releases.first().copied(), None)
        }
    };
    let core = core.map(|rank| catalog.version((grid.core, rank)));
    let mut object = Map::new();
    object.insert("column".to_owned(), json!(column.head));
    object.insert("core".to_owned(), json!(core));
    object.insert("version".to_owned(), json!(version));
    object.insert("state".to_owned(), json!(cell.state()));
    if let Cell::Works { suspect: true, .. } = cell {
        object.insert("suspect".to_owned(), json!(true));
    }
    if let Some(reason) = cell.reason() {
        object.insert("reason".to_owned(), json!(reason));
    }
    Value::Object(object)
}
