//! The texts of `serde_json`'s errors in the words of this program, and their places.
//!
//! Owns the translation only: which part of a file an error is about is decided by whoever tried to
//! parse that part.

use std::ops::Range;

use crate::problem::{Problem, ProblemCode, shown};

/// What the parser of a value found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// The object has no such key; these are the ones it may have.
    UnknownKey { key: String, known: Vec<String> },
    /// The object lacks a key.
    MissingKey(String),
    /// A word is none of those allowed.
    UnknownWord { word: String, known: Vec<String> },
    /// Anything else, ready to print.
    Other(String),
}

/// Returns what an error says.
pub(crate) fn read(error: &serde_json::Error) -> Wrong {
    let text = bare(error);
    let (head, expected) = text.split_once("expected").unwrap_or((&text, ""));
    let known = || quoted(expected).map(ToOwned::to_owned).collect();
    if head.starts_with("unknown field") {
        let key = quoted(head).next().unwrap_or_default().to_owned();
        return Wrong::UnknownKey { key, known: known() };
    }
    if head.starts_with("unknown variant") {
        let word = head
            .strip_prefix("unknown variant `")
            .and_then(|rest| rest.strip_suffix("`, "))
            .unwrap_or_default()
            .to_owned();
        return Wrong::UnknownWord { word, known: known() };
    }
    if let Some(key) = text.strip_prefix("missing field `") {
        return Wrong::MissingKey(key.trim_end_matches('`').to_owned());
    }
    Wrong::Other(sentence(&text))
}

/// Returns an error as one sentence, without its place.
pub(crate) fn plain(error: &serde_json::Error) -> String {
    match read(error) {
        Wrong::UnknownKey { key, .. } => format!("unknown key `{}`", shown(&key)),
        Wrong::MissingKey(key) => format!("missing key `{key}`"),
        Wrong::UnknownWord { word, known } => unknown_word(&word, &known),
        Wrong::Other(text) => text,
    }
}

/// Returns the sentence on a word that is none of those allowed.
pub(crate) fn unknown_word(word: &str, known: &[String]) -> String {
    let known: Vec<_> = known.iter().map(|word| format!("`{word}`")).collect();
    let list = match known.as_slice() {
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
        [] => "a known word".to_owned(),
    };
    format!("expected {list}, found `{}`", shown(word))
}

/// Returns the byte offset of an error in the text it counts in, on a character boundary.
pub(crate) fn offset_in(text: &str, error: &serde_json::Error) -> usize {
    let line_start: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let offset = (line_start + error.column().saturating_sub(1)).min(text.len());
    (0..=offset).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Returns the problem that an error is, in the first file.
pub(crate) fn problem(text: &str, error: &serde_json::Error) -> Problem {
    let code = if error.is_data() { ProblemCode::Shape } else { ProblemCode::Syntax };
    let span = Some(character_at(text, offset_in(text, error)));
    Problem { span, ..Problem::of_file(code, plain(error)) }
}

/// Returns the range of the character at an offset; empty at the end of the text.
pub(crate) fn character_at(text: &str, start: usize) -> Range<usize> {
    let end = (start + 1..=text.len()).find(|&at| text.is_char_boundary(at));
    start..end.unwrap_or(start)
}

/// Returns an error's text without its place.
fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text).to_owned()
}

/// Puts `expected` first and names things as JSON does.
fn sentence(text: &str) -> String {
    let rest = text.strip_prefix("invalid type: ").or_else(|| text.strip_prefix("invalid value: "));
    if let Some((found, expected)) = rest.and_then(|rest| rest.rsplit_once(", expected ")) {
        return format!("expected {}, found {}", wanted(expected), found_thing(found));
    }
    let known = match text {
        "expected ident" | "expected value" => "expected a JSON value",
        "trailing characters" => "expected the end of the file, found more",
        "trailing comma" => "expected another entry after the comma, found the end of the list",
        "EOF while parsing a value" => "expected a value, found the end of the file",
        "EOF while parsing a string" => "expected the end of a string, found the end of the file",
        "EOF while parsing an object" => "expected the end of an object, found the end of the file",
        "EOF while parsing a list" => "expected the end of an array, found the end of the file",
        other => other,
    };
    known.to_owned()
}

fn wanted(expected: &str) -> &str {
    match expected {
        "a sequence" => "an array",
        "u64" => "a whole number",
        "u32" => "a whole number below 4294967296",
        "u16" => "a whole number below 65536",
        "a boolean" => "`true` or `false`",
        "string or map" => "a string",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

fn found_thing(found: &str) -> String {
    match found {
        "sequence" => "an array".to_owned(),
        "map" => "an object".to_owned(),
        "null" => "`null`".to_owned(),
        _ => {
            let found = shown(found);
            ["integer ", "floating point ", "boolean "]
                .iter()
                .find_map(|kind| found.strip_prefix(kind))
                .map_or_else(|| found.replacen("string ", "the string ", 1), ToOwned::to_owned)
        }
    }
}

/// Returns the words in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says<T: serde::de::DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
        plain(&serde_json::from_str::<T>(text).unwrap_err())
    }

    #[test]
    fn json_is_named_as_json_does() {
        insta::assert_snapshot!(says::<u64>("-1"), @"expected a whole number, found `-1`");
        insta::assert_snapshot!(says::<u64>("1.5"), @"expected a whole number, found `1.5`");
        insta::assert_snapshot!(says::<u64>("null"), @"expected a whole number, found `null`");
        insta::assert_snapshot!(says::<bool>("[]"), @"expected `true` or `false`, found an array");
        insta::assert_snapshot!(says::<String>("{}"), @"expected a string, found an object");
        insta::assert_snapshot!(says::<Vec<u8>>(r#""a\"b\u0007""#), @r#"expected an array, found the string "a\"b\u{7}""#);
        insta::assert_snapshot!(says::<String>("\"a\nb\""), @r"control character (\u0000-\u001F) found while parsing a string");
        insta::assert_snapshot!(says::<String>("\"a"), @"expected the end of a string, found the end of the file");
        insta::assert_snapshot!(says::<u64>("1 2"), @"expected the end of the file, found more");
    }
}
