//! Places in a text: from offsets to lines.

use std::ops::Range;

use crate::observation::{Origin, Place, Stated};

/// A text with its name, and where its lines begin.
pub(super) struct Lines<'a> {
    name: &'a str,
    text: &'a str,
    /// Number of line feeds before each block of the text.
    blocks: Vec<usize>,
}

/// The length of a block, in bytes.
const BLOCK: usize = 1 << 12;

impl<'a> Lines<'a> {
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        let mut before = 0;
        let count = |block: &[u8]| {
            let first = before;
            before += feeds(block);
            first
        };
        Self { name, text, blocks: text.as_bytes().chunks(BLOCK).map(count).collect() }
    }

    /// Returns the range of a part of the text. A part of another text is an empty range.
    pub(super) fn span(&self, part: &str) -> Range<usize> {
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        match start.checked_add(part.len()) {
            Some(end) if end <= self.text.len() => start..end,
            Some(_) | None => 0..0,
        }
    }

    /// Returns where a part of the text stands.
    pub(super) fn origin(&self, part: &str) -> Origin {
        let start = self.span(part).start;
        let block = start / BLOCK;
        let before = self.blocks.get(block).copied().unwrap_or_default();
        let line = before + feeds(&self.text.as_bytes()[block * BLOCK..start]) + 1;
        Origin { file: self.name.to_owned(), place: Place::Line(line) }
    }

    /// Returns a value that was read from a part of the text.
    pub(super) fn stated(&self, value: impl Into<String>, part: &str) -> Stated {
        Stated { text: value.into(), origin: self.origin(part) }
    }
}

/// Counts line feeds.
fn feeds(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

/// Returns the last part of a path.
pub(super) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns the last part of a path without its extension: a name for what a file speaks of.
pub(super) fn stem(path: &str) -> &str {
    let base = base_name(path);
    base.rsplit_once('.').map(|(stem, _)| stem).filter(|stem| !stem.is_empty()).unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        let text = "a\nbc\n\nd";
        let lines = Lines::new("f", text);
        let line = |part: &str| lines.origin(part).to_string();
        assert_eq!(line(&text[..1]), "f:1");
        assert_eq!(line(&text[2..4]), "f:2");
        assert_eq!(line(&text[6..]), "f:4");
        assert_eq!(line("elsewhere"), "f:1");
        let long = "x\n".repeat(BLOCK);
        let lines = Lines::new("f", &long);
        for at in [0, BLOCK - 2, BLOCK, BLOCK + 2, 2 * BLOCK - 2] {
            assert_eq!(lines.origin(&long[at..=at]).to_string(), format!("f:{}", at / 2 + 1));
        }
    }

    #[test]
    fn a_stem_is_a_name() {
        assert_eq!(stem("inventory/a1.prod.csv"), "a1.prod");
        assert_eq!(stem(".hidden"), ".hidden");
        assert_eq!(stem("a1"), "a1");
        assert_eq!(stem(""), "");
    }
}
