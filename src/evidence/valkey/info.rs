//! `INFO` and `CLUSTER INFO`: lines of `key:value` under headings.

use super::text::AnswerLine;

/// The key and value of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    pub(super) value: &'a str,
    pub(super) line: usize,
}

/// The statements of a node about itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Info<'a> {
    entries: Vec<Entry<'a>>,
    /// Headings in lower case, such as `commandstats`.
    sections: Vec<String>,
}

impl<'a> Info<'a> {
    /// Reads the lines; other text among them has no effect.
    pub(super) fn read(lines: &[AnswerLine<'a>]) -> Self {
        let mut info = Self::default();
        for line in lines {
            let text = line.text.trim();
            if let Some(section) = text.strip_prefix("# ") {
                info.sections.push(section.to_ascii_lowercase());
            } else if let Some((key, value)) = text.split_once(':') {
                info.entries.push(Entry { key, value, line: line.number });
            }
        }
        info
    }

    pub(super) fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// Returns whether the answer has a section.
    pub(super) fn has(&self, section: &str) -> bool {
        self.sections.iter().any(|known| known.eq_ignore_ascii_case(section))
    }

    /// Returns the value of a key that is not empty.
    pub(super) fn get(&self, key: &str) -> Option<Entry<'a>> {
        let found = self.entries.iter().find(|entry| entry.key == key);
        found.copied().filter(|entry| !entry.value.is_empty())
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).map(|entry| entry.value)
    }

    /// Returns the entries whose key is a word and a number, such as `slave0`.
    pub(super) fn numbered(&self, word: &str) -> impl Iterator<Item = Entry<'a>> {
        self.entries.iter().copied().filter(move |entry| {
            let number = entry.key.strip_prefix(word);
            number.is_some_and(|digits| {
                !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
    }
}

/// Returns a part of a value such as `ip=127.0.0.1,port=7002`.
pub(super) fn part<'t>(value: &'t str, name: &str) -> Option<&'t str> {
    value.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

/// Returns name and text of every part of such a value.
pub(super) fn parts(value: &str) -> impl Iterator<Item = (&str, &str)> {
    value.split(',').filter_map(|part| part.split_once('='))
}
