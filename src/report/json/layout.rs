//! The form of JSON: two spaces a level, hidden characters escaped, rows on a line each.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::report::escape::write_json;

/// The key of the outermost object whose elements take one line each: a large plan has a hundred thousand.
const ROWS: &str = "steps";

/// The layout of an answer.
#[derive(Default)]
struct Layout {
    depth: usize,
    /// True if what was begun last holds something.
    filled: bool,
    /// True while a key of the outermost object is written.
    on_key: bool,
    /// True behind the key [`ROWS`].
    in_rows: bool,
}

impl Layout {
    /// Returns true inside of a row.
    fn is_flat(&self) -> bool {
        self.in_rows && self.depth > 2
    }

    fn part<W: ?Sized + io::Write>(&self, out: &mut W, first: bool) -> io::Result<()> {
        match (self.is_flat(), first) {
            (true, true) => Ok(()),
            (true, false) => out.write_all(b", "),
            (false, true) => self.line(out),
            (false, false) => out.write_all(b",").and_then(|()| self.line(out)),
        }
    }

    fn line<W: ?Sized + io::Write>(&self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| out.write_all(b"  "))
    }

    fn begin<W: ?Sized + io::Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(bracket)
    }

    fn end<W: ?Sized + io::Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        let flat = self.is_flat();
        self.depth -= 1;
        if self.filled && !flat {
            self.line(out)?;
        }
        self.filled = true;
        out.write_all(bracket)
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.part(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.on_key = self.depth == 1;
        self.part(out, first)
    }

    fn end_object_key<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.on_key = false;
        Ok(())
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if self.on_key {
            self.in_rows = fragment == ROWS;
        }
        write_json(out, fragment)
    }
}

/// The layout of one line without spaces.
struct Compact;

impl Formatter for Compact {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_json(out, fragment)
    }
}

/// Writes a value with a line feed at the end.
///
/// # Errors
///
/// Returns what kept the bytes from being written.
pub(super) fn write_pretty(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Layout::default()))?;
    out.write_all(b"\n")
}

/// Prints a value with a line feed at the end.
pub fn pretty(value: &impl Serialize) -> String {
    text(|out| write_pretty(value, out))
}

/// Prints a value in one line without spaces.
pub fn compact(value: &impl Serialize) -> String {
    text(|out| Ok(value.serialize(&mut Serializer::with_formatter(out, Compact))?))
}

/// Returns what is written; a list of bytes takes everything, and JSON is text.
pub(super) fn text(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}
