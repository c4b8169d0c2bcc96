//! Versions and the schemes that order them.
//!
//! Owns parsing, printing and comparing one version. Which releases exist, and their ranks, is the
//! catalog's business. A [`Version`] keeps the text it was read from; order and equality follow the
//! scheme. Versions of different packages do not compare: [`Version`] has no `Ord`, and
//! [`Version::precedence`] answers `None` across schemes.

mod dotted;
mod numbering;
mod numbers;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

pub use numbering::Numbering;
pub use numbers::Numbers;

use dotted::Dotted;

/// A rule set for reading and ordering versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Strict three-part SemVer 2.0, ordered as the `semver` crate orders it.
    Semver,
    /// `YEAR.NUMBER.PATCH`; year and number together are the breaking part.
    Calver,
    /// Python's PEP 440.
    Pep440,
    /// `vX.Y.Z`, with `-dev` and `-alphaN` builds; the leading `v` may be left out when reading.
    Duckdb,
    /// One to four dotted numbers and an optional qualifier whose digits compare as numbers.
    Natural,
    /// Opaque names, ordered as the package lists them.
    Listed,
}

impl Scheme {
    /// Every scheme, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::Semver, Self::Calver, Self::Pep440, Self::Duckdb, Self::Natural, Self::Listed];

    /// Returns the name used in matrix files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Semver => "semver",
            Self::Calver => "calver",
            Self::Pep440 => "pep440",
            Self::Duckdb => "duckdb",
            Self::Natural => "natural",
            Self::Listed => "listed",
        }
    }

    /// Returns the scheme with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// Returns a version as an example in messages.
    pub fn example(self) -> &'static str {
        match self {
            Self::Semver => "9.1.2",
            Self::Calver => "2025.1.0",
            Self::Pep440 => "1.13.27",
            Self::Duckdb => "v1.5.6",
            Self::Natural => "2.0.0-rc9",
            Self::Listed => "linux_amd64",
        }
    }

    /// Numbers of a complete version; fewer name a release line.
    fn full_length(self) -> usize {
        match self {
            Self::Semver | Self::Calver | Self::Duckdb | Self::Natural | Self::Pep440 => 3,
            Self::Listed => 0,
        }
    }

    fn parse(self, text: &str) -> Result<Key, VersionErrorKind> {
        if text.is_empty() {
            return Err(VersionErrorKind::Empty);
        }
        match self {
            Self::Semver => semver::Version::parse(text)
                .map(Key::Semver)
                .map_err(|error| VersionErrorKind::Semver(error.to_string())),
            Self::Pep440 => pep440_rs::Version::from_str(text)
                .map(Key::Pep440)
                .map_err(|error| VersionErrorKind::Pep440(error.to_string())),
            Self::Calver => parse_calver(text),
            Self::Duckdb => {
                Dotted::parse(text.strip_prefix('v').unwrap_or(text), 3, 3).map(Key::Dotted)
            }
            Self::Natural => Dotted::parse(text, 1, 4).map(Key::Dotted),
            Self::Listed => Err(VersionErrorKind::NotListed),
        }
    }
}

fn parse_calver(text: &str) -> Result<Key, VersionErrorKind> {
    let dotted = Dotted::parse(text, 3, 3)?;
    match dotted.numbers.as_slice() {
        [1970..=9999, ..] => Ok(Key::Calver(dotted)),
        _ => Err(VersionErrorKind::NotAYear),
    }
}

/// The size of a version step, and the unit in which skew is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// May change anything that is not declared private. In 0.y.z the minor number plays this part.
    Major,
    /// Adds without taking away.
    Minor,
    /// Mends.
    Patch,
}

impl Step {
    /// Returns the lower-case word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Patch => "patch",
        }
    }

    /// Returns the step with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Major, Self::Minor, Self::Patch].into_iter().find(|step| step.name() == name)
    }
}

/// A release line: the leading numbers that all its releases share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Counts changes of scheme and PEP 440's epochs, after which numbers may begin anew.
    era: u8,
    numbers: Numbers,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.numbers.fmt(f)
    }
}

/// A version and the text it was read from.
#[derive(Debug, Clone)]
pub struct Version {
    text: Box<str>,
    /// 0 before a change of scheme, 1 after it.
    era: u8,
    key: Key,
}

#[derive(Debug, Clone)]
enum Key {
    Semver(semver::Version),
    Pep440(pep440_rs::Version),
    Calver(Dotted),
    Dotted(Dotted),
    /// Position in the package's list.
    Listed(u32),
}

impl Version {
    /// Returns the text that was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Compares by the rules of the scheme; `None` if the two are of different schemes.
    pub fn precedence(&self, other: &Self) -> Option<Ordering> {
        if self.era != other.era {
            return Some(self.era.cmp(&other.era));
        }
        match (&self.key, &other.key) {
            (Key::Semver(a), Key::Semver(b)) => Some(a.cmp(b)),
            (Key::Pep440(a), Key::Pep440(b)) => Some(a.cmp(b)),
            (Key::Calver(a), Key::Calver(b)) | (Key::Dotted(a), Key::Dotted(b)) => Some(a.cmp(b)),
            (Key::Listed(a), Key::Listed(b)) => Some(a.cmp(b)),
            (
                Key::Semver(_) | Key::Pep440(_) | Key::Calver(_) | Key::Dotted(_) | Key::Listed(_),
                _,
            ) => None,
        }
    }

    /// Whether the scheme marks this version as coming before its release.
    pub fn is_prerelease(&self) -> bool {
        match &self.key {
            Key::Semver(version) => !version.pre.is_empty(),
            Key::Pep440(version) => version.any_prerelease(),
            Key::Calver(dotted) | Key::Dotted(dotted) => dotted.is_prerelease(),
            Key::Listed(_) => false,
        }
    }

    /// Returns the leading numbers, at most four; empty for listed names.
    pub fn numbers(&self) -> Numbers {
        match &self.key {
            Key::Semver(v) => Numbers::new(&[v.major, v.minor, v.patch]),
            Key::Pep440(version) => Numbers::new(version.release()),
            Key::Calver(dotted) | Key::Dotted(dotted) => dotted.numbers,
            Key::Listed(_) => Numbers::new(&[]),
        }
    }

    /// Returns the release line at the given step: of 9.1.2 the minor line is 9.1 and the major
    /// line 9; of 0.8.5 both are 0.8; of the CalVer 2025.1.3 both are 2025.1.
    pub fn line(&self, step: Step) -> Line {
        let numbers = self.numbers();
        let keep = match step {
            Step::Patch => numbers.len(),
            Step::Minor => 2,
            Step::Major => match (&self.key, numbers.as_slice()) {
                (Key::Calver(_), _) | (_, [0, ..]) => 2,
                (Key::Semver(_) | Key::Pep440(_) | Key::Dotted(_) | Key::Listed(_), _) => 1,
            },
        };
        let era = u64::from(self.era).saturating_add(self.epoch());
        Line { era: u8::try_from(era).unwrap_or(u8::MAX), numbers: numbers.truncated(keep) }
    }

    /// Returns the size of the step between two versions, `None` if they are equal or do not compare.
    pub fn step_to(&self, other: &Self) -> Option<Step> {
        match self.precedence(other)? {
            Ordering::Equal => None,
            Ordering::Less | Ordering::Greater => [Step::Major, Step::Minor]
                .into_iter()
                .find(|&step| self.line(step) != other.line(step))
                .or(Some(Step::Patch)),
        }
    }

    /// Whether this is a local build of the release `base` (`1.0+local` of `1.0` in PEP 440).
    pub(crate) fn is_local_of(&self, base: &Self) -> bool {
        match (&self.key, &base.key) {
            (Key::Pep440(version), Key::Pep440(base)) => {
                !version.local().is_empty()
                    && base.local().is_empty()
                    && version.clone().without_local() == *base
            }
            (
                Key::Semver(_) | Key::Pep440(_) | Key::Calver(_) | Key::Dotted(_) | Key::Listed(_),
                _,
            ) => false,
        }
    }

    /// Whether this leads up to exactly the release `base`: `1.0-rc1` to `1.0`, and in PEP 440
    /// `1.0.post1.dev1` to `1.0.post1`, but `1.0rc1` not to `1.0.post1`.
    pub(crate) fn is_prerelease_of(&self, base: &Self) -> bool {
        if !self.is_prerelease() || base.is_prerelease() {
            return false;
        }
        match (&self.key, &base.key) {
            // What leads up to a release lies between its first development build and itself.
            (Key::Pep440(own), Key::Pep440(base)) => {
                own < base && *own >= base.clone().with_dev(Some(0))
            }
            (
                Key::Semver(_) | Key::Pep440(_) | Key::Calver(_) | Key::Dotted(_) | Key::Listed(_),
                _,
            ) => self.numbers() == base.numbers(),
        }
    }

    /// Whether this is a post-release of exactly `base`, which PEP 440's `>` leaves out.
    pub(crate) fn is_post_of(&self, base: &Self) -> bool {
        match (&self.key, &base.key) {
            (Key::Pep440(own), Key::Pep440(base)) => {
                own.is_post()
                    && !base.is_post()
                    && !base.is_dev()
                    && own.epoch() == base.epoch()
                    && own.only_release() == base.only_release()
                    && own.pre() == base.pre()
            }
            (
                Key::Semver(_) | Key::Pep440(_) | Key::Calver(_) | Key::Dotted(_) | Key::Listed(_),
                _,
            ) => false,
        }
    }

    /// Returns the number before the `!` of a PEP 440 version; 0 in other schemes.
    pub(crate) fn epoch(&self) -> u64 {
        match &self.key {
            Key::Pep440(version) => version.epoch(),
            Key::Semver(_) | Key::Calver(_) | Key::Dotted(_) | Key::Listed(_) => 0,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// Why a text is not a version of its scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a {} version such as `{}`: {kind}", scheme.name(), scheme.example())]
pub struct VersionError {
    /// The scheme that was tried.
    pub scheme: Scheme,
    /// What is wrong.
    pub kind: VersionErrorKind,
}

impl VersionError {
    /// Returns the message with the text that was found.
    pub fn about(&self, text: &str) -> String {
        let (name, example) = (self.scheme.name(), self.scheme.example());
        let found = text.escape_debug();
        format!("expected a {name} version such as `{example}`, found `{found}`: {}", self.kind)
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
    #[error("it has {found} numbers, expected {}", Count(*min, *max))]
    PartCount {
        /// Fewest numbers allowed.
        min: usize,
        /// Most numbers allowed.
        max: usize,
        /// Numbers in the text.
        found: usize,
    },
    /// Occurs when a qualifier holds something else than letters, digits and separators.
    #[error("unexpected character `{}`", .0.escape_default())]
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
struct Count(usize, usize);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(min, max) if min == max => write!(f, "{min}"),
            Self(min, max) => write!(f, "{min} to {max}"),
        }
    }
}

#[cfg(test)]
mod tests;
