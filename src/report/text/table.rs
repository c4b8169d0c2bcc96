//! Tables: columns aligned, folded where the terminal is too narrow.

use super::style::{MARKS, shown, wrap};

/// A table without lines: two spaces between columns.
pub(super) struct TextTable {
    rows: Vec<Vec<String>>,
    /// Columns that hold numbers and are aligned to the right.
    right: Vec<usize>,
}

impl TextTable {
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
        let widths = self.fitted(width.saturating_sub(indent));
        let mut out = String::new();
        for row in &self.rows {
            let cells: Vec<Vec<String>> =
                row.iter().zip(&widths).map(|(cell, &width)| folded(cell, width)).collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            for line in 0..height {
                out.push_str(&self.line(&cells, line, &widths, indent));
                out.push('\n');
            }
        }
        out
    }

    /// Returns how wide each column is printed: as wide as its cells, if the terminal allows. Else the last
    /// one is folded; if that is not enough, the widest ones are. No column gets narrower than its words.
    fn fitted(&self, width: usize) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let most = |column: usize, of: &dyn Fn(&str) -> usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| of(cell)).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..columns).map(|column| most(column, &shown)).collect();
        let word = |cell: &str| cell.split(' ').map(shown).max().unwrap_or(0);
        let least: Vec<usize> = (0..columns)
            .map(|column| if self.right.contains(&column) { 0 } else { most(column, &word) })
            .collect();
        let room = width.saturating_sub(2 * columns.saturating_sub(1));
        let Some((last, before)) = widths.split_last_mut() else { return widths };
        let rest = room.saturating_sub(before.iter().sum());
        if rest >= LAST.min(*last) {
            *last = rest.min(*last);
            return widths;
        }
        let foldable = |widths: &[usize]| {
            let wide = (0..columns).filter(|&column| !self.right.contains(&column));
            wide.filter(|&column| widths[column] > least[column]).max_by_key(|&at| widths[at])
        };
        while widths.iter().sum::<usize>() > room {
            let Some(column) = foldable(&widths) else { break };
            widths[column] -= 1;
        }
        widths
    }

    fn line(&self, cells: &[Vec<String>], at: usize, widths: &[usize], indent: usize) -> String {
        let mut line = " ".repeat(indent);
        for (column, cell) in cells.iter().enumerate() {
            let text = cell.get(at).map_or("", String::as_str);
            let pad = " ".repeat(widths[column].saturating_sub(shown(text)));
            if column > 0 {
                line.push_str("  ");
            }
            if self.right.contains(&column) {
                line.push_str(&pad);
                line.push_str(text);
            } else {
                line.push_str(text);
                line.push_str(&pad);
            }
        }
        line.trim_end().to_owned()
    }
}

/// The columns that the last column keeps before others are folded too.
const LAST: usize = 18;

/// Folds a cell to lines. A mark around all of it is put around each line, so that nothing beside it is coloured.
fn folded(cell: &str, width: usize) -> Vec<String> {
    let reset = MARKS[0].0;
    let whole = cell.strip_suffix(reset).and_then(|rest| {
        let mark = rest.chars().next()?;
        let text = &rest[mark.len_utf8()..];
        let plain = !text.chars().any(|c| MARKS.iter().any(|(known, _)| *known == c));
        (plain && MARKS.iter().any(|(known, _)| *known == mark)).then_some((mark, text))
    });
    match whole {
        Some((mark, text)) => {
            wrap(text, width, 0).split('\n').map(|line| format!("{mark}{line}{reset}")).collect()
        }
        None => wrap(cell, width, 0).split('\n').map(ToOwned::to_owned).collect(),
    }
}
