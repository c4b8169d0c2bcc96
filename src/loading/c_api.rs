//! Versions of the C API, as engines read them in a footer.

use std::fmt;

use crate::catalog::{Interface, LevelSpan};

/// A version of the C API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ApiVersion([u64; 3]);

impl ApiVersion {
    /// Reads `v1.2.3`. As in engines a number may have spaces around it, a plus before it, leading zeros
    /// or an exponent, and a full stop may follow the last one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let numbers = text.strip_prefix('v')?;
        let mut parts = numbers.strip_suffix('.').unwrap_or(numbers).split('.').map(number);
        let version = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(Self(version))
    }

    /// Reads the level of an interface, such as `1.2.0`.
    fn of_level(text: &str) -> Option<Self> {
        Self::parse(&format!("v{}", text.strip_prefix('v').unwrap_or(text)))
    }

    pub(super) fn major(self) -> u64 {
        self.0[0]
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "v{major}.{minor}.{patch}")
    }
}

/// Reads one number the way an engine casts a text to a number.
fn number(text: &str) -> Option<u64> {
    let text = text.trim_matches(' ');
    let text = text.strip_prefix('+').unwrap_or(text);
    let (digits, zeros) = match text.split_once(['e', 'E']) {
        Some((digits, zeros)) => (plain(digits)?, u32::try_from(plain(zeros)?).ok()?),
        None => (plain(text)?, 0),
    };
    digits.checked_mul(10_u64.checked_pow(zeros)?)
}

fn plain(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The C API versions that an engine takes, from the first to the last of one span.
#[derive(Debug, Clone, Copy)]
pub(super) struct ApiSpan {
    low: Option<ApiVersion>,
    high: Option<ApiVersion>,
}

impl ApiSpan {
    /// Reads a span of levels. `None` if a level is no version.
    pub(super) fn of(interface: &Interface, span: &LevelSpan) -> Option<Self> {
        // The lowest and the highest position stand for no bound at all.
        let low = match span.low {
            0 => None,
            low => Some(ApiVersion::of_level(interface.level(low))?),
        };
        let high = match span.high {
            u32::MAX => None,
            high => Some(ApiVersion::of_level(interface.level(high))?),
        };
        Some(Self { low, high })
    }

    pub(super) fn contains(self, version: ApiVersion) -> bool {
        self.low.is_none_or(|low| low <= version) && self.high.is_none_or(|high| version <= high)
    }
}

impl fmt::Display for ApiSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Some(low), Some(high)) => write!(f, "{low} to {high}"),
            (Some(low), None) => write!(f, "{low} and higher"),
            (None, Some(high)) => write!(f, "{high} and lower"),
            (None, None) => write!(f, "any version"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ApiVersion;

    /// The readings of engines from 1.2.2 to 2.0.0 were seen to read.
    #[test]
    fn versions_are_read_as_engines_read_them() {
        for text in ["v1.2.0", "v01.2.0", "v1.2.0 ", "v1.+2.0", "v1.2e0.0", "v1.2.0.", "v 1.2.0"] {
            assert_eq!(ApiVersion::parse(text), Some(ApiVersion([1, 2, 0])), "{text}");
        }
        let huge = "v1.2.99999999999999999999999";
        for text in ["v1.2", "1.2.0", "v1.2.0-rc1", "v1.-2.0", "", "v", "v1.2.0.0", huge, "v1..0"] {
            assert_eq!(ApiVersion::parse(text), None, "{text}");
        }
    }
}
