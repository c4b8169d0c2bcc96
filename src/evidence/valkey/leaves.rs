//! Nested answers as a flat list of texts.
//!
//! `valkey-cli` prints the same answer as bare lines to a file, with positions and quotes to a terminal
//! (`1) 1) "slots"`, in RESP3 `1# "slots" => ...`), and as JSON with `--json`. Bare lines have lost the
//! nesting, so a reader must do without it anyway; the other forms are brought to the same list.

use serde_json::Value;

use super::text::AnswerLine;

/// A text of an answer, and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) text: String,
    pub(super) line: usize,
}

/// Words that the terminal form has for what is not there.
const NOTHING: [&str; 5] =
    ["(empty array)", "(empty list or set)", "(empty hash)", "(empty set)", "(nil)"];

/// Returns the texts of an answer in order. Maps give key, value, key, value; an empty list gives one empty
/// text where the form shows it.
pub(super) fn leaves(lines: &[AnswerLine<'_>]) -> Vec<Leaf> {
    let Some(first) = lines.iter().find(|line| !line.text.trim().is_empty()) else {
        return Vec::new();
    };
    let start = first.text.trim_start();
    let mut found = Vec::new();
    if start.starts_with(['[', '{'])
        && let Some(value) = json(lines)
    {
        flatten(&value, first.number, &mut found);
    } else if position(start).is_some() {
        for line in lines {
            shown(line.text, line.number, &mut found);
        }
    } else {
        let bare = lines.iter();
        found.extend(bare.map(|line| Leaf { text: line.text.to_owned(), line: line.number }));
        // The line feed at the end of the file is not a text of the answer.
        while found.last().is_some_and(|leaf| leaf.text.is_empty()) {
            found.pop();
        }
    }
    found
}

/// Returns whether an answer is one list of texts, as far as its form shows.
pub(super) fn is_flat(lines: &[AnswerLine<'_>]) -> bool {
    let is_text = |value: &Value| !value.is_array() && !value.is_object();
    match lines.first().filter(|line| line.text.trim_start().starts_with('{')) {
        None => true,
        Some(_) => json(lines)
            .and_then(|value| value.as_object().map(|entries| entries.values().all(is_text)))
            .unwrap_or_default(),
    }
}

/// Reads the first JSON value of some lines. Its depth is limited by the parser.
fn json(lines: &[AnswerLine<'_>]) -> Option<Value> {
    let text: Vec<&str> = lines.iter().map(|line| line.text).collect();
    let text = text.join("\n");
    serde_json::Deserializer::from_str(&text).into_iter().next()?.ok()
}

fn flatten(value: &Value, line: usize, found: &mut Vec<Leaf>) {
    let mut put = |text: String| found.push(Leaf { text, line });
    match value {
        Value::Null => put(String::new()),
        Value::Bool(truth) => put(truth.to_string()),
        Value::Number(number) => put(number.to_string()),
        Value::String(text) => put(text.clone()),
        Value::Array(items) if items.is_empty() => put(String::new()),
        Value::Array(items) => items.iter().for_each(|item| flatten(item, line, found)),
        Value::Object(entries) => {
            for (key, value) in entries {
                found.push(Leaf { text: key.clone(), line });
                flatten(value, line, found);
            }
        }
    }
}

/// Returns what follows a position such as `12) ` or `3# `.
fn position(text: &str) -> Option<&str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..).filter(|_| digits > 0)?;
    let rest = rest.strip_prefix([')', '#', '~'])?;
    rest.strip_prefix(' ')
}

/// Reads a line of the form for terminals.
fn shown(line: &str, number: usize, found: &mut Vec<Leaf>) {
    let mut rest = line.trim();
    while !rest.is_empty() {
        if let Some(after) = position(rest) {
            rest = after.trim_start();
        } else if let Some((text, after)) = quoted(rest) {
            found.push(Leaf { text, line: number });
            rest = after.trim_start().strip_prefix("=>").unwrap_or_default().trim_start();
        } else {
            let text = if NOTHING.contains(&rest) { "" } else { rest };
            let text = text.strip_prefix("(integer) ").unwrap_or(text);
            found.push(Leaf { text: text.to_owned(), line: number });
            return;
        }
    }
}

/// Reads a text in quotes, with its escapes, and returns what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut read = String::new();
    let mut chars = inner.char_indices();
    while let Some((ix, c)) = chars.next() {
        match c {
            '"' => return Some((read, &inner[ix + 1..])),
            '\\' => match chars.next() {
                Some((_, 'n')) => read.push('\n'),
                Some((_, 'r')) => read.push('\r'),
                Some((_, 't')) => read.push('\t'),
                Some((_, other)) => read.push(other),
                None => return None,
            },
            other => read.push(other),
        }
    }
    None
}
