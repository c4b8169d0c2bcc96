//! Why a text is not a version.

use std::fmt;

use super::scheme::Scheme;

/// Why a text is not a version of its scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a {} version such as `{}`: {kind}", scheme.name(), scheme.example())]
pub struct VersionError {
    /// The scheme that was tried.
    pub scheme: Scheme,
    /// The mistake.
    pub kind: VersionErrorKind,
}

impl VersionError {
    /// Returns the message with the text that was found.
    pub fn about(&self, text: &str) -> String {
        let (name, example) = (self.scheme.name(), self.scheme.example());
        format!("expected a {name} version such as `{example}`, found `{text}`: {}", self.kind)
    }
}

/// The ways in which a text fails to be a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VersionErrorKind {
    /// Occurs for the empty text.
    #[error("the text is empty")]
    Empty,
    /// Occurs when a number is missing between dots.
    #[error("a number is missing")]
    MissingNumber,
    /// Occurs when a number does not fit 64 bits.
    #[error("a number is too large")]
    TooLarge,
    /// Occurs when there are too few or too many numbers.
    #[error("it has {found} numbers, expected {}", AllowedCount(*min, *max))]
    PartCount {
        /// Fewest numbers allowed.
        min: usize,
        /// Most numbers allowed.
        max: usize,
        /// Numbers in the text.
        found: usize,
    },
    /// Occurs when a qualifier holds something else than letters, digits and separators.
    #[error("unexpected character `{0}`")]
    BadCharacter(char),
    /// Occurs when a CalVer version does not start with a year.
    #[error("the first number is not a year")]
    NotAYear,
    /// Occurs when a listed package does not list the name.
    #[error("the package lists no such name")]
    NotListed,
    /// Occurs when the `semver` crate refuses the text.
    #[error("{0}")]
    Semver(String),
    /// Occurs when the `pep440_rs` crate refuses the text.
    #[error("{0}")]
    Pep440(String),
}

/// Prints an allowed count: `3`, or `1 to 4`.
struct AllowedCount(usize, usize);

impl fmt::Display for AllowedCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(min, max) if min == max => write!(f, "{min}"),
            Self(min, max) => write!(f, "{min} to {max}"),
        }
    }
}
