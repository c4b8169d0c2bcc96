//! The note that an engine leaves beside a file that it installs: `fts.duckdb_extension.info`.
//!
//! The engine's own serialization: fields with a number of two bytes in ascending order, numbers and lengths
//! in groups of seven bits, the lowest first; `ffff` ends it, and what follows is not read. A field with
//! nothing in it is left out.

use crate::binary::{BadNote, InstallNote};

/// The longest text in it, in bytes.
const LONGEST: usize = 1 << 16;

const MODE: u16 = 100;
const VERSION: u16 = 103;
const REPOSITORY_TYPE: u16 = 105;
const NEWEST: u16 = 107;
const END: u16 = 0xffff;

/// Reads a note.
///
/// # Errors
///
/// Returns why an engine could not read it.
pub fn install_note(bytes: &[u8]) -> Result<InstallNote, BadNote> {
    if bytes.is_empty() {
        return Err(BadNote::Empty);
    }
    let mut rest = NoteBytes(bytes);
    let mut note = InstallNote { version: String::new() };
    let mut last = MODE - 1;
    loop {
        let field = u16::from_le_bytes([rest.byte()?, rest.byte()?]);
        match field {
            END if last >= MODE => return Ok(note),
            MODE | REPOSITORY_TYPE if field > last => drop(rest.number()?),
            VERSION if field > last => note.version = rest.text()?,
            MODE..=NEWEST if field > last && last >= MODE => drop(rest.text()?),
            _ => return Err(BadNote::Field(field)),
        }
        last = field;
    }
}

/// The bytes that were not read yet.
struct NoteBytes<'a>(&'a [u8]);

impl NoteBytes<'_> {
    fn byte(&mut self) -> Result<u8, BadNote> {
        let (&byte, rest) = self.0.split_first().ok_or(BadNote::Cut)?;
        self.0 = rest;
        Ok(byte)
    }

    fn number(&mut self) -> Result<usize, BadNote> {
        let mut number = 0;
        for shift in (0..28).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(BadNote::Cut)
    }

    fn text(&mut self) -> Result<String, BadNote> {
        let length = self.number()?;
        if length > LONGEST || length > self.0.len() {
            return Err(BadNote::Cut);
        }
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        Ok(String::from_utf8_lossy(text).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As DuckDB 1.5.5 wrote it, with a shorter path.
    const NOTE: &[u8] = b"d\x00\x02e\x00\x05/a.dbg\x00\x076814ec9\xff\xff";

    #[test]
    fn a_note_is_read() {
        let note = install_note(b"d\x00\x02e\x00\x04/a.dg\x00\x076814ec9\xff\xff").expect("a note");
        assert_eq!(note.version, "6814ec9");
        let of_repository =
            b"d\x00\x01f\x00\x01ug\x00\x02v1h\x00\x01ei\x00\x01j\x00\x01rk\x00\x01f\xff\xffmore";
        assert_eq!(install_note(of_repository).expect("a note").version, "v1");
        assert_eq!(install_note(b"d\x00\x02\xff\xff").expect("a note").version, "");
    }

    #[test]
    fn what_is_no_note_is_refused() {
        assert_eq!(install_note(b""), Err(BadNote::Empty));
        assert_eq!(install_note(&NOTE[..10]), Err(BadNote::Cut));
        assert_eq!(install_note(&[0xff; 40]), Err(BadNote::Field(0xffff)));
        assert_eq!(install_note(b"e\x00\x01ad\x00\x02\xff\xff"), Err(BadNote::Field(101)));
        assert_eq!(install_note(b"d\x00\x02d\x00\x02\xff\xff"), Err(BadNote::Field(100)));
        assert_eq!(install_note(b"d\x00\x02\xc8\x00\x02\xff\xff"), Err(BadNote::Field(200)));
        assert_eq!(install_note(b"d\x00\x02g\x00\xff\xff\xff\xff\xff"), Err(BadNote::Cut));
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            install_note(&bytes).ok();
        }

        #[test]
        fn damaged_notes(at in 0..NOTE.len(), byte in any::<u8>(), end in 0..=NOTE.len()) {
            let mut bytes = NOTE.to_vec();
            bytes[at] = byte;
            install_note(&bytes[..end]).ok();
        }
    }
}
