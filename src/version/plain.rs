//! Versions that are numbers and nothing else, as nearly all releases are.
//!
//! All schemes order them alike, so they need none of the schemes' own types: reading one takes a pass
//! over its bytes, comparing two is comparing four numbers.

use std::cmp::Ordering;

use super::numbers::Numbers;
use super::scheme::Scheme;

/// One to four numbers of 32 bits. Trailing zeros count for the length, not for the order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain {
    place: PlainKey,
    len: u8,
    /// True if some number is written with zeros in front.
    padded: bool,
}

/// The order of plain versions.
///
/// Two numbers each, the earlier one in the upper half, so that comparing takes one step or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlainKey([u64; 2]);

impl Ord for PlainKey {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        // As one number each, they compare without a branch.
        let number = |[high, low]: [u64; 2]| u128::from(high) << 64 | u128::from(low);
        number(self.0).cmp(&number(other.0))
    }
}

impl PartialOrd for PlainKey {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PlainKey {
    fn new(parts: [u32; 4]) -> Self {
        let [a, b, c, d] = parts.map(u64::from);
        Self([a << 32 | b, c << 32 | d])
    }

    /// Returns a hash of 32 bits.
    pub(crate) fn hash(self) -> usize {
        // An odd number without a pattern; the upper bits of a product depend on all of the factors.
        const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
        let [high, low] = self.0;
        let mixed = (high.wrapping_mul(FACTOR) ^ low).wrapping_mul(FACTOR);
        usize::try_from(mixed >> 32).unwrap_or_default()
    }

    fn parts(self) -> [u64; 4] {
        let ([a, b], low) = (self.0, u64::from(u32::MAX));
        [a >> 32, a & low, b >> 32, b & low]
    }
}

impl Plain {
    /// Parses `1.2.3`; `None` for everything else, which is then read in full.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (plain, rest) = Self::read(text.as_bytes())?;
        rest.is_empty().then_some(plain)
    }

    /// Parses `1.2.3` up to the first byte that is no part of it, and returns what follows.
    pub(crate) fn read(text: &[u8]) -> Option<(Self, &[u8])> {
        let mut parts = [0_u32; 4];
        let (mut part, mut empty, mut padded) = (0_usize, true, false);
        let mut rest = text;
        while let [byte, after @ ..] = rest {
            let digit = byte.wrapping_sub(b'0');
            if digit <= 9 {
                padded |= !empty && parts[part] == 0;
                parts[part] = parts[part].checked_mul(10)?.checked_add(u32::from(digit))?;
                empty = false;
            } else if *byte == b'.' {
                if empty || part == 3 {
                    return None;
                }
                (part, empty) = (part + 1, true);
            } else {
                break;
            }
            rest = after;
        }
        let plain = Self { place: PlainKey::new(parts), len: u8::try_from(part + 1).ok()?, padded };
        (!empty).then_some((plain, rest))
    }

    /// Returns the numbers, if they are few and small enough.
    pub(super) fn new(numbers: Numbers) -> Option<Self> {
        let mut parts = [0; 4];
        for (part, number) in parts.iter_mut().zip(numbers.padded()) {
            *part = u32::try_from(number).ok()?;
        }
        let len = u8::try_from(numbers.len()).ok()?;
        Some(Self { place: PlainKey::new(parts), len, padded: false })
    }

    /// Returns whether this is a complete version of the scheme.
    pub(super) fn fits(self, scheme: Scheme) -> bool {
        match scheme {
            // SemVer alone refuses a number such as `01`.
            Scheme::Semver => self.len == 3 && !self.padded,
            Scheme::Duckdb => self.len == 3,
            Scheme::Calver => self.len == 3 && (1970..=9999).contains(&self.place.parts()[0]),
            Scheme::Pep440 | Scheme::Natural => self.len > 0,
            Scheme::Listed => false,
        }
    }

    #[inline]
    pub(super) fn place(self) -> PlainKey {
        self.place
    }

    /// Returns the first and the last place that a bound names: both are that of a complete version; of a
    /// release line, if it `may_be_line`, those of its first release and of any that it could have.
    pub(crate) fn places(self, scheme: Scheme, may_be_line: bool) -> Option<(PlainKey, PlainKey)> {
        let len = usize::from(self.len);
        if may_be_line && len < scheme.full_length() {
            let floor = Self { len: 3, padded: false, ..self };
            let mut last = self.numbers().padded().map(|number| u32::try_from(number).ok());
            last[len..].fill(Some(u32::MAX));
            let [Some(a), Some(b), Some(c), Some(d)] = last else { return None };
            return floor.fits(scheme).then(|| (self.place, PlainKey::new([a, b, c, d])));
        }
        self.fits(scheme).then_some((self.place, self.place))
    }

    pub(super) fn numbers(self) -> Numbers {
        Numbers::new(&self.place.parts()[..usize::from(self.len)])
    }
}
