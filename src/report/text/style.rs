//! How text is printed in a terminal: colour, control characters, widths.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

use crate::finding::Verdict;
use crate::report::escape::spell_out;

/// A style of printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// True if colour is used.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// True if what is only good to know is left out.
    pub quiet: bool,
}

/// Marks of colours: private characters that [`Style::paint`] replaces or drops.
pub(super) const MARKS: [(char, &str); 6] = [
    ('\u{f0000}', "\u{1b}[0m"),
    ('\u{f0001}', "\u{1b}[1m"),
    ('\u{f0002}', "\u{1b}[31m"),
    ('\u{f0003}', "\u{1b}[33m"),
    ('\u{f0004}', "\u{1b}[32m"),
    ('\u{f0005}', "\u{1b}[2m"),
];

fn marked(mark: usize, text: &str) -> String {
    format!("{}{text}{}", MARKS[mark].0, MARKS[0].0)
}

/// Marks something that must not be overlooked in a table or a head line.
pub(super) fn strong(text: &str) -> String {
    marked(1, text)
}

pub(super) fn bad(text: &str) -> String {
    marked(2, text)
}

pub(super) fn doubtful(text: &str) -> String {
    marked(3, text)
}

pub(super) fn good(text: &str) -> String {
    marked(4, text)
}

pub(super) fn dim(text: &str) -> String {
    marked(5, text)
}

pub(super) fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Compatible => good(verdict.name()),
        Verdict::Unknown => doubtful(verdict.name()),
        Verdict::Incompatible => bad(verdict.name()),
    }
}

impl Style {
    /// Spells control characters out and turns marks into colour, or drops them.
    pub(super) fn paint(self, text: &str) -> String {
        let mut painted = String::with_capacity(text.len());
        for c in text.chars() {
            if let Some((_, sequence)) = MARKS.iter().find(|(mark, _)| *mark == c) {
                if self.color {
                    painted.push_str(sequence);
                }
            } else if c == '\n' {
                painted.push(c);
            } else if let Some(spelled) = spell_out(c) {
                painted.push_str(&format!("<{spelled}>"));
            } else {
                painted.push(c);
            }
        }
        painted
    }
}

/// Spells out control characters of a text that is printed by itself.
pub fn clean(text: &str) -> Cow<'_, str> {
    let odd = |c: char| spell_out(c).is_some() || MARKS.iter().any(|(mark, _)| *mark == c);
    if !text.chars().any(odd) {
        return Cow::Borrowed(text);
    }
    let style = Style { color: false, width: 80, quiet: false };
    Cow::Owned(style.paint(&flat(text)))
}

/// Keeps a value on its line.
pub(super) fn flat(text: &str) -> Cow<'_, str> {
    if text.contains('\n') { text.replace('\n', "<U+000A>").into() } else { text.into() }
}

/// Wraps the words of a value to a width, with an indent for every line but the first.
pub(super) fn wrap(text: &str, width: usize, indent: usize) -> String {
    let text = flat(text);
    let mut lines = String::new();
    let mut used = indent;
    for word in text.split(' ') {
        let length = shown(word);
        if used > indent && used + 1 + length > width {
            lines.push('\n');
            lines.push_str(&" ".repeat(indent));
            used = indent;
        } else if used > indent {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += length;
    }
    lines
}

/// Returns the columns that a text takes once it is painted: marks of colour count for nothing, and what is
/// spelled out for all of its letters.
pub(super) fn shown(text: &str) -> usize {
    let width = |c: char| match spell_out(c) {
        _ if MARKS.iter().any(|(mark, _)| *mark == c) => 0,
        Some(spelled) if c != '\n' => spelled.len() + 2,
        Some(_) | None => c.width().unwrap_or(0),
    };
    text.chars().map(width).sum()
}
