//! Places in a text: from offsets to lines.

use std::ops::Range;

use crate::sighting::{Origin, Place, Stated};

/// A text with its name, and where its lines begin.
pub(super) struct Lines<'a> {
    name: &'a str,
    text: &'a str,
    /// Offsets of line feeds.
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, ends: text.match_indices('\n').map(|(at, _)| at).collect() }
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
        let line = self.ends.partition_point(|end| *end < start) + 1;
        Origin { file: self.name.to_owned(), place: Place::Line(line) }
    }

    #[allow(dead_code, reason = "for the readers of texts")]
    /// Returns a value that was read from a part of the text.
    pub(super) fn stated(&self, value: impl Into<String>, part: &str) -> Stated {
        Stated { text: value.into(), origin: self.origin(part) }
    }
}

/// Returns the last part of a path.
pub(super) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[allow(dead_code, reason = "for readers that name a node after a file")]
/// Returns the last part of a path without what follows the first full stop after its start: a name for
/// what a file speaks of.
pub(super) fn stem(path: &str) -> &str {
    let base = base_name(path);
    let start = base.len() - base.trim_start_matches('.').len();
    match base[start..].find('.') {
        Some(at) => &base[..start + at],
        None => base,
    }
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
    }

    #[test]
    fn a_stem_is_a_name() {
        assert_eq!(stem("inventory/a1.prod.csv"), "a1");
        assert_eq!(stem(".hidden.json"), ".hidden");
        assert_eq!(stem("a1"), "a1");
        assert_eq!(stem(""), "");
    }
}
