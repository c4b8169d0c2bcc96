//! Characters that no output holds as they are, and the two ways to write them.
//!
//! They control a terminal, break a line, turn the direction of writing or cannot be seen. Values hold
//! them raw; only writers ask this table.

use std::io;

/// True for C0 and C1 controls, DEL, and format characters that cannot be seen or turn the direction.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns a hidden character as people read it: `U+001B`.
pub(super) fn spell_out(c: char) -> Option<String> {
    is_hidden(c).then(|| format!("U+{:04X}", u32::from(c)))
}

/// Writes a part of a JSON string, hidden characters as `\uXXXX`.
pub(super) fn write_json<W: ?Sized + io::Write>(out: &mut W, text: &str) -> io::Result<()> {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~');
    if text.as_bytes().iter().all(is_plain) {
        return out.write_all(text.as_bytes());
    }
    let mut rest = text;
    while let Some((at, c)) = rest.char_indices().find(|&(_, c)| is_hidden(c)) {
        out.write_all(&rest.as_bytes()[..at])?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        rest = &rest[at + c.len_utf8()..];
    }
    out.write_all(rest.as_bytes())
}
