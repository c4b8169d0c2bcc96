//! Comma-separated values: fields in quotes, quotes doubled in them, line breaks in them.

use std::borrow::Cow;

use crate::problem::{Problem, ProblemCode};

/// The bytes that may stand between fields.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The most fields of a row.
const MOST_FIELDS: usize = 1000;

/// A field as it reads, and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub(super) text: Cow<'a, str>,
    /// With its quotes.
    pub(super) part: &'a str,
}

/// A text whose rows are read one after the other; empty lines are passed over.
pub(super) struct Rows<'a> {
    text: &'a str,
    at: usize,
    separator: u8,
}

impl<'a> Rows<'a> {
    /// Begins to read a text. The first line says what stands between fields: what stands there most often.
    pub(super) fn new(text: &'a str) -> Self {
        let first = text.lines().next().unwrap_or_default();
        let count = |separator: &u8| first.bytes().filter(|byte| byte == separator).count();
        // Of equals the last one counts.
        let separator = SEPARATORS.iter().rev().copied().max_by_key(count).unwrap_or(b',');
        Self { text, at: 0, separator }
    }

    /// Reads the next row.
    pub(super) fn next_row(&mut self) -> Result<Option<Vec<Field<'a>>>, Problem> {
        while matches!(self.byte(), Some(b'\n' | b'\r')) {
            self.at += 1;
        }
        if self.byte().is_none() {
            return Ok(None);
        }
        let mut fields = Vec::new();
        loop {
            let start = self.at;
            fields.push(self.field()?);
            if fields.len() > MOST_FIELDS {
                let message = format!("a row has more than {MOST_FIELDS} fields");
                return Err(self.problem(start, self.at, message));
            }
            match self.byte() {
                Some(byte) if byte == self.separator => self.at += 1,
                Some(_) | None => return Ok(Some(fields)),
            }
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Reads up to a separator, the end of the line or of the text.
    fn field(&mut self) -> Result<Field<'a>, Problem> {
        let start = self.at;
        if self.byte() == Some(b'"') {
            return self.quoted(start);
        }
        let rest = &self.text[start..];
        let ends = |byte: u8| byte == self.separator || matches!(byte, b'\n' | b'\r');
        let length = rest.bytes().position(ends).unwrap_or(rest.len());
        self.at += length;
        let part = &rest[..length];
        Ok(Field { text: Cow::Borrowed(part), part })
    }

    fn quoted(&mut self, start: usize) -> Result<Field<'a>, Problem> {
        let mut doubled = false;
        self.at += 1;
        loop {
            let Some(length) = self.text[self.at..].find('"') else {
                let message = "expected a closing quote, found the end of the file".to_owned();
                return Err(self.problem(start, start + 1, message));
            };
            self.at += length + 1;
            if self.byte() != Some(b'"') {
                break;
            }
            doubled = true;
            self.at += 1;
        }
        match self.byte() {
            Some(byte) if byte != self.separator && !matches!(byte, b'\n' | b'\r') => {
                let message = "expected the end of the field after its closing quote".to_owned();
                return Err(self.problem(self.at - 1, self.at, message));
            }
            Some(_) | None => {}
        }
        let part = &self.text[start..self.at];
        let inner = &part[1..part.len() - 1];
        let text =
            if doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) };
        Ok(Field { text, part })
    }

    fn problem(&self, start: usize, end: usize, message: String) -> Problem {
        let end = end.min(self.text.len());
        Problem { span: Some(start..end), ..Problem::of_file(ProblemCode::Syntax, message) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str) -> Result<Vec<Vec<String>>, String> {
        let mut rows = Rows::new(text);
        let mut all = Vec::new();
        while let Some(row) = rows.next_row().map_err(|problem| problem.message)? {
            all.push(row.into_iter().map(|field| field.text.into_owned()).collect());
        }
        Ok(all)
    }

    #[test]
    fn rows_are_read() {
        let text = "a,b,c\r\n1,\"x, \"\"y\"\"\nz\",\n\n,,\"\"";
        let read = rows(text).expect("rows");
        assert_eq!(read, [["a", "b", "c"], ["1", "x, \"y\"\nz", ""], ["", "", ""]]);
        assert_eq!(rows("a;b\n1;2,5\n").expect("rows")[1], ["1", "2,5"]);
        assert_eq!(rows("a\n").expect("rows"), [["a"]]);
        assert_eq!(rows("").expect("no rows"), Vec::<Vec<String>>::new());
    }

    #[test]
    fn quotes_must_close() {
        let open = "expected a closing quote, found the end of the file";
        assert_eq!(rows("a,b\n1,\"x").expect_err("open"), open);
        let more = "expected the end of the field after its closing quote";
        assert_eq!(rows("\"a\"b,c").expect_err("more"), more);
    }

    proptest! {
        /// Fields that are written are read, whatever they hold.
        #[test]
        fn fields_come_back(
            table in proptest::collection::vec(
                proptest::collection::vec("[a-z\",;\n\r é]{0,6}", 3), 1..5)
        ) {
            let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",");
            let text = std::iter::once("x,y,z".to_owned()).chain(table.iter().map(line));
            let read = rows(&text.collect::<Vec<_>>().join("\n")).expect("rows");
            prop_assert_eq!(&read[1..], &table[..]);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[a,;\"\n\r\t|é]{0,40}") {
            rows(&text).ok();
        }
    }
}
