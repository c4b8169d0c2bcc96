//! Tables: columns aligned, the last one wrapped to the terminal.

use unicode_width::UnicodeWidthStr;

use super::{MARKS, wrap};

/// A table without lines: two spaces between columns.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    /// Columns that hold numbers and are aligned to the right.
    right: Vec<usize>,
}

impl Table {
    /// Starts a table with its head.
    pub(super) fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|cell| super::dim(cell)).collect()], right: Vec::new() }
    }

    /// Aligns a column to the right.
    pub(super) fn right(mut self, column: usize) -> Self {
        self.right.push(column);
        self
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Prints the table, indented.
    pub(super) fn print(&self, indent: usize, width: usize) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                self.rows
                    .iter()
                    .filter_map(|row| row.get(column))
                    .map(|cell| shown(cell))
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let mut out = String::new();
        for row in &self.rows {
            out.push_str(&self.line(row, &widths, indent, width));
            out.push('\n');
        }
        out
    }

    fn line(&self, row: &[String], widths: &[usize], indent: usize, width: usize) -> String {
        let mut line = " ".repeat(indent);
        let mut used = indent;
        for (column, cell) in row.iter().enumerate() {
            let last = column + 1 == row.len();
            let pad = " ".repeat(widths[column].saturating_sub(shown(cell)));
            if column > 0 {
                line.push_str("  ");
                used += 2;
            }
            if self.right.contains(&column) {
                line.push_str(&pad);
                line.push_str(cell);
            } else if last {
                line.push_str(&wrap(cell, width.max(used + 20), used));
            } else {
                line.push_str(cell);
                line.push_str(&pad);
            }
            used += widths[column];
        }
        line.trim_end().to_owned()
    }
}

/// Returns the columns that a text takes, marks of colour not counted.
pub(super) fn shown(text: &str) -> usize {
    let plain: String = text.chars().filter(|c| MARKS.iter().all(|(mark, _)| mark != c)).collect();
    plain.width()
}
