//! The leading numbers of a version, at most four, without an allocation.

use std::fmt;

use super::error::VersionErrorKind;

/// Up to four dotted numbers. Trailing zeros count: `1.0` and `1.0.0` differ as lines but
/// [`Numbers::padded`] makes them equal as versions.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    parts: [u64; 4],
    len: u8,
}

impl Numbers {
    /// Takes the first four of `parts`.
    pub fn new(parts: &[u64]) -> Self {
        let mut kept = [0; 4];
        let len = parts.len().min(4);
        kept[..len].copy_from_slice(&parts[..len]);
        Self { parts: kept, len: u8::try_from(len).unwrap_or(4) }
    }

    /// Parses `1.2.3`.
    pub(super) fn parse(text: &str) -> Result<Self, VersionErrorKind> {
        let mut parts = [0; 4];
        let mut found = 0;
        for part in text.split('.') {
            if part.is_empty() {
                return Err(VersionErrorKind::MissingNumber);
            }
            if let Some(bad) = part.chars().find(|c| !c.is_ascii_digit()) {
                return Err(VersionErrorKind::BadCharacter(bad));
            }
            let number = part.parse().map_err(|_| VersionErrorKind::TooLarge)?;
            if let Some(place) = parts.get_mut(found) {
                *place = number;
            }
            found += 1;
        }
        match parts.get(..found) {
            Some(parts) => Ok(Self::new(parts)),
            None => Err(VersionErrorKind::PartCount { min: 1, max: 4, found }),
        }
    }

    /// Returns the numbers.
    pub fn as_slice(&self) -> &[u64] {
        &self.parts[..self.len()]
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        usize::from(self.len)
    }

    /// Returns whether there are none, as for listed names.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns all four, missing ones as zero.
    pub fn padded(&self) -> [u64; 4] {
        self.parts
    }

    /// Returns the first `len` numbers, with missing ones as zero.
    #[must_use]
    pub fn truncated(&self, len: usize) -> Self {
        Self::new(&self.parts[..len.min(4)])
    }
}

impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Eq for Numbers {}

impl PartialOrd for Numbers {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Numbers {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.parts.cmp(&other.parts)
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (ix, part) in self.as_slice().iter().enumerate() {
            if ix > 0 {
                f.write_str(".")?;
            }
            part.fmt(f)?;
        }
        Ok(())
    }
}
