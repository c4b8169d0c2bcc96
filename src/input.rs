//! Bytes to read, and what to call them in messages.
//!
//! Owns what all readers of texts share: the limit of a file's size, its encoding, and the texts that
//! problems point into.

use crate::problem::{Collector, Problem, ProblemCode, Problems};

/// May stand before the text of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A file to read: its name for messages, and its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What to call it in messages.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// A file in memory: its name for messages, and its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// The name for messages; a path with `/` between folders where readers look at it.
    pub name: String,
    /// The content.
    pub bytes: Vec<u8>,
}

impl File {
    /// Makes a file.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }

    /// Returns the file as readers take it.
    pub fn input(&self) -> Input<'_> {
        Input { name: &self.name, bytes: &self.bytes }
    }
}

/// Returns the bytes as text without a byte order mark, or what keeps them from being text: they are
/// more than `limit`, or not UTF-8.
pub(crate) fn text_of(bytes: &[u8], limit: usize) -> Result<&str, Problem> {
    if bytes.len() > limit {
        let message = format!("the file has more than {limit} bytes ({} MiB)", limit >> 20);
        return Err(Problem::of_file(ProblemCode::TooLarge, message));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)),
        Err(wrong) => {
            let offset = wrong.valid_up_to();
            let message = format!("expected UTF-8, found the byte 0x{:02x}", bytes[offset]);
            // In the text that is shown, a replacement character stands at the byte's place.
            let unmarked = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
            let start = offset.saturating_sub(bytes.len() - unmarked.len());
            let span = Some(start..start + char::REPLACEMENT_CHARACTER.len_utf8());
            Err(Problem { span, ..Problem::of_file(ProblemCode::Encoding, message) })
        }
    }
}

/// Returns problems with the texts that they point into, which are kept only if there are any.
pub(crate) fn described(inputs: &[Input<'_>], list: Vec<Problem>) -> Problems {
    let files = match list.as_slice() {
        [] => Vec::new(),
        [..] => inputs.iter().map(named_text).collect(),
    };
    Problems { files, list }
}

/// Returns a value that was made of files, unless a problem was met in them.
pub(crate) fn unless_met<T>(
    value: T,
    inputs: &[Input<'_>],
    problems: Collector,
) -> Result<T, Problems> {
    match problems.met() {
        0 => Ok(value),
        _ => Err(described(inputs, problems.into_sorted())),
    }
}

fn named_text(input: &Input<'_>) -> (String, String) {
    let text = String::from_utf8_lossy(input.bytes);
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text);
    (input.name.to_owned(), text.to_owned())
}
