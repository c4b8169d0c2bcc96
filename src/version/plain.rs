//! Versions that are numbers and nothing else, as nearly all releases are.
//!
//! All schemes order them alike, so they need none of the schemes' own types: reading one takes a pass
//! over its bytes, comparing two is comparing four numbers.

use std::cmp::Ordering;

use super::{Numbers, Scheme};

/// One to four numbers of 32 bits. Trailing zeros count for the length, not for the order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain {
    /// Two numbers each, the earlier one in the upper half, so that comparing takes one step or two.
    pairs: [u64; 2],
    len: u8,
    /// Whether some number is written with zeros in front.
    padded: bool,
}

impl Plain {
    /// Parses `1.2.3`; `None` for everything else, which is then read in full.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = [0_u32; 4];
        let (mut part, mut empty, mut padded) = (0_usize, true, false);
        for byte in text.bytes() {
            if byte == b'.' {
                if empty || part == 3 {
                    return None;
                }
                (part, empty) = (part + 1, true);
            } else {
                let digit = byte.wrapping_sub(b'0');
                if digit > 9 {
                    return None;
                }
                padded |= !empty && parts[part] == 0;
                parts[part] = parts[part].checked_mul(10)?.checked_add(u32::from(digit))?;
                empty = false;
            }
        }
        (!empty).then_some(Self { pairs: pairs(parts), len: u8::try_from(part + 1).ok()?, padded })
    }

    /// Returns the numbers, if they are few and small enough.
    pub(super) fn new(numbers: Numbers) -> Option<Self> {
        let mut parts = [0; 4];
        for (part, number) in parts.iter_mut().zip(numbers.padded()) {
            *part = u32::try_from(number).ok()?;
        }
        Some(Self { pairs: pairs(parts), len: u8::try_from(numbers.len()).ok()?, padded: false })
    }

    /// Whether this is a complete version of the scheme.
    pub(super) fn fits(self, scheme: Scheme) -> bool {
        match scheme {
            // SemVer alone refuses a number such as `01`.
            Scheme::Semver => self.len == 3 && !self.padded,
            Scheme::Duckdb => self.len == 3,
            Scheme::Calver => self.len == 3 && (1970..=9999).contains(&(self.pairs[0] >> 32)),
            Scheme::Pep440 | Scheme::Natural => self.len > 0,
            Scheme::Listed => false,
        }
    }

    #[inline]
    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.pairs.cmp(&other.pairs)
    }

    pub(super) fn numbers(self) -> Numbers {
        let [a, b] = self.pairs;
        let (low, len) = (u64::from(u32::MAX), usize::from(self.len));
        Numbers::new(&[a >> 32, a & low, b >> 32, b & low][..len])
    }
}

fn pairs(parts: [u32; 4]) -> [u64; 2] {
    let [a, b, c, d] = parts.map(u64::from);
    [a << 32 | b, c << 32 | d]
}
