//! The text that a version was read from, kept without an allocation if it is short.

use std::fmt;

use super::numbers::Numbers;

/// Texts of up to this many bytes are kept in place. Nearly all versions fit.
const SHORT: usize = 14;

const DIGITS: &[u8; 10] = b"0123456789";

/// A text that does not change.
#[derive(Clone)]
pub(super) enum Label {
    /// The first `len` bytes.
    Short { len: u8, bytes: [u8; SHORT] },
    /// A longer text, behind a thin pointer so that short ones take no more room.
    Long(Box<Box<str>>),
}

impl Label {
    /// A version that was computed, not read, has no text.
    pub(super) const NONE: Self = Self::Short { len: 0, bytes: [0; SHORT] };

    /// Returns the text of dotted numbers after a mark. Formatting them the usual way takes longer than
    /// all else that is done with a release line.
    pub(super) fn of_numbers(mark: &str, numbers: Numbers) -> Self {
        let mut bytes = [0; SHORT];
        // From the last digit to the first.
        let mut at = SHORT;
        for (place, &number) in numbers.as_slice().iter().enumerate().rev() {
            let mut rest = number;
            loop {
                if at < mark.len() + 2 {
                    return Self::from(&*format!("{mark}{numbers}"));
                }
                at -= 1;
                bytes[at] = DIGITS[(rest % 10) as usize];
                rest /= 10;
                if rest == 0 {
                    break;
                }
            }
            if place > 0 {
                at -= 1;
                bytes[at] = b'.';
            }
        }
        at -= mark.len();
        bytes[at..at + mark.len()].copy_from_slice(mark.as_bytes());
        Self::from(std::str::from_utf8(&bytes[at..]).unwrap_or_default())
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            // What was put in was a text.
            Self::Short { len, bytes } => {
                std::str::from_utf8(&bytes[..usize::from(*len)]).unwrap_or_default()
            }
            Self::Long(text) => text,
        }
    }
}

impl From<&str> for Label {
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(len)) => {
                place.copy_from_slice(text.as_bytes());
                Self::Short { len, bytes }
            }
            _ => Self::Long(Box::new(text.into())),
        }
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}
