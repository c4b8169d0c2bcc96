//! Versions and the schemes that order them.
//!
//! Owns parsing, printing and comparing one version. Which releases exist, and their ranks, is the
//! catalog's business. A [`Version`] keeps the text it was read from; order and equality follow the
//! scheme. Versions of different packages do not compare: [`Version`] has no `Ord`, and
//! [`Version::precedence`] answers `None` across schemes.

mod dotted;
mod label;
mod numbering;
mod numbers;
mod plain;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

pub use numbering::Numbering;
pub use numbers::Numbers;

use dotted::Dotted;
use label::Label;
pub(crate) use plain::{Place, Plain};

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
        let digits = match self {
            Self::Duckdb => text.strip_prefix('v').unwrap_or(text),
            Self::Semver | Self::Calver | Self::Pep440 | Self::Natural | Self::Listed => text,
        };
        match Plain::parse(digits).filter(|plain| plain.fits(self)) {
            Some(plain) => Ok(Key::Plain(self.order(), plain)),
            None => self.parse_full(text, digits),
        }
    }

    /// Parses a version that is more than a few numbers, or says what is wrong with it.
    #[cold]
    fn parse_full(self, text: &str, digits: &str) -> Result<Key, VersionErrorKind> {
        if text.is_empty() {
            return Err(VersionErrorKind::Empty);
        }
        match self {
            Self::Semver => semver::Version::parse(text)
                .map(|version| Key::Semver(Box::new(version)))
                .map_err(|error| VersionErrorKind::Semver(error.to_string())),
            Self::Pep440 => pep440_rs::Version::from_str(text)
                .map(Key::Pep440)
                .map_err(|error| VersionErrorKind::Pep440(error.to_string())),
            Self::Calver => parse_calver(text),
            Self::Duckdb => Dotted::parse(digits, 3, 3).map(|dotted| Key::Dotted(Box::new(dotted))),
            Self::Natural => Dotted::parse(text, 1, 4).map(|dotted| Key::Dotted(Box::new(dotted))),
            Self::Listed => Err(VersionErrorKind::NotListed),
        }
    }

    /// Returns by whose rules its versions compare.
    fn order(self) -> Order {
        match self {
            Self::Semver => Order::Semver,
            Self::Pep440 => Order::Pep440,
            Self::Calver => Order::Calver,
            Self::Duckdb | Self::Natural | Self::Listed => Order::Dotted,
        }
    }
}

fn parse_calver(text: &str) -> Result<Key, VersionErrorKind> {
    let dotted = Dotted::parse(text, 3, 3)?;
    match dotted.numbers.as_slice() {
        [1970..=9999, ..] => Ok(Key::Calver(Box::new(dotted))),
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
    text: Label,
    /// 0 before a change of scheme, 1 after it.
    era: u8,
    key: Key,
}

/// Whose rules order a version. Those of different rules do not compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Semver,
    Pep440,
    Calver,
    Dotted,
}

/// What a version compares by. [`Key::Plain`] stands for the version with these numbers in each of the
/// other types.
#[derive(Debug, Clone)]
enum Key {
    Plain(Order, Plain),
    Semver(Box<semver::Version>),
    Pep440(pep440_rs::Version),
    Calver(Box<Dotted>),
    Dotted(Box<Dotted>),
    /// Position in the package's list.
    Listed(u32),
}

impl Key {
    fn precedence(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Plain(order, a), Self::Plain(other, b)) => {
                (order == other).then(|| a.place().cmp(&b.place()))
            }
            (Self::Plain(order, plain), full) => plain_to_full(*order, *plain, full),
            (full, Self::Plain(order, plain)) => {
                plain_to_full(*order, *plain, full).map(Ordering::reverse)
            }
            (Self::Semver(a), Self::Semver(b)) => Some(a.cmp(b)),
            (Self::Pep440(a), Self::Pep440(b)) => Some(a.cmp(b)),
            (Self::Calver(a), Self::Calver(b)) | (Self::Dotted(a), Self::Dotted(b)) => {
                Some(a.cmp(b))
            }
            (Self::Listed(a), Self::Listed(b)) => Some(a.cmp(b)),
            (
                Self::Semver(_)
                | Self::Pep440(_)
                | Self::Calver(_)
                | Self::Dotted(_)
                | Self::Listed(_),
                _,
            ) => None,
        }
    }

    fn pep440(&self) -> Option<pep440_rs::Version> {
        match self {
            Self::Plain(Order::Pep440, plain) => {
                Some(pep440_rs::Version::new(plain.numbers().as_slice()))
            }
            Self::Pep440(version) => Some(version.clone()),
            Self::Plain(Order::Semver | Order::Calver | Order::Dotted, _)
            | Self::Semver(_)
            | Self::Calver(_)
            | Self::Dotted(_)
            | Self::Listed(_) => None,
        }
    }
}

/// Compares a version of numbers alone with one that is more.
fn plain_to_full(order: Order, plain: Plain, full: &Key) -> Option<Ordering> {
    let numbers = plain.numbers();
    match (order, full) {
        (Order::Semver, Key::Semver(full)) => {
            let [major, minor, patch, _] = numbers.padded();
            Some(semver::Version::new(major, minor, patch).cmp(full))
        }
        (Order::Pep440, Key::Pep440(full)) => {
            Some(pep440_rs::Version::new(numbers.as_slice()).cmp(full))
        }
        (Order::Calver, Key::Calver(full)) | (Order::Dotted, Key::Dotted(full)) => {
            Some(Dotted::final_release(numbers).cmp(full))
        }
        (Order::Semver | Order::Pep440 | Order::Calver | Order::Dotted, _) => None,
    }
}

impl Version {
    /// Returns the text that was read.
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// Compares by the rules of the scheme; `None` if the two are of different schemes.
    #[inline]
    pub fn precedence(&self, other: &Self) -> Option<Ordering> {
        if let (Key::Plain(order, a), Key::Plain(known, b)) = (&self.key, &other.key)
            && (order, self.era) == (known, other.era)
        {
            return Some(a.place().cmp(&b.place()));
        }
        self.precedence_in_full(other)
    }

    /// Whether this comes before the other in their scheme.
    pub fn is_before(&self, other: &Self) -> bool {
        self.precedence(other) == Some(Ordering::Less)
    }

    fn precedence_in_full(&self, other: &Self) -> Option<Ordering> {
        if self.era != other.era {
            return Some(self.era.cmp(&other.era));
        }
        self.key.precedence(&other.key)
    }

    /// Whether the version is numbers and nothing else. Of two such versions of a package, the order
    /// says everything: neither leads up to the other, follows it or is a build of it.
    pub(crate) fn is_plain(&self) -> bool {
        self.place().is_some()
    }

    /// Returns what a plain version compares by.
    pub(crate) fn place(&self) -> Option<Place> {
        match self.key {
            Key::Plain(_, plain) => Some(plain.place()),
            Key::Semver(_) | Key::Pep440(_) | Key::Calver(_) | Key::Dotted(_) | Key::Listed(_) => {
                None
            }
        }
    }

    /// Whether the scheme marks this version as coming before its release.
    pub fn is_prerelease(&self) -> bool {
        match &self.key {
            Key::Semver(version) => !version.pre.is_empty(),
            Key::Pep440(version) => version.any_prerelease(),
            Key::Calver(dotted) | Key::Dotted(dotted) => dotted.is_prerelease(),
            Key::Plain(..) | Key::Listed(_) => false,
        }
    }

    /// Returns the leading numbers, at most four; empty for listed names.
    pub fn numbers(&self) -> Numbers {
        match &self.key {
            Key::Plain(_, plain) => plain.numbers(),
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
        let calver = matches!(self.key, Key::Calver(_) | Key::Plain(Order::Calver, _));
        let keep = match step {
            Step::Patch => numbers.len(),
            Step::Minor => 2,
            Step::Major if calver || numbers.as_slice().first() == Some(&0) => 2,
            Step::Major => 1,
        };
        let era = u64::from(self.era).saturating_add(self.epoch());
        Line { era: u8::try_from(era).unwrap_or(u8::MAX), numbers: numbers.truncated(keep) }
    }

    /// Whether no change of the package's scheme lies between two of its versions.
    pub fn shares_scheme(&self, other: &Self) -> bool {
        self.era == other.era
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

    /// Returns both as PEP 440 versions, if they are that and this one is more than numbers.
    fn pep440_beside(&self, base: &Self) -> Option<(pep440_rs::Version, pep440_rs::Version)> {
        match &self.key {
            Key::Pep440(own) => Some((own.clone(), base.key.pep440()?)),
            Key::Plain(..) | Key::Semver(_) | Key::Calver(_) | Key::Dotted(_) | Key::Listed(_) => {
                None
            }
        }
    }

    /// Whether this is a local build of the release `base` (`1.0+local` of `1.0` in PEP 440).
    pub(crate) fn is_local_of(&self, base: &Self) -> bool {
        self.pep440_beside(base).is_some_and(|(own, base)| {
            !own.local().is_empty() && base.local().is_empty() && own.without_local() == base
        })
    }

    /// Whether this leads up to exactly the release `base`: `1.0-rc1` to `1.0`, and in PEP 440
    /// `1.0.post1.dev1` to `1.0.post1`, but `1.0rc1` not to `1.0.post1`.
    pub(crate) fn is_prerelease_of(&self, base: &Self) -> bool {
        if !self.is_prerelease() || base.is_prerelease() {
            return false;
        }
        match self.pep440_beside(base) {
            // What leads up to a release lies between its first development build and itself.
            Some((own, base)) => own < base && own >= base.with_dev(Some(0)),
            None => self.numbers() == base.numbers(),
        }
    }

    /// Whether this is a post-release of exactly `base`, which PEP 440's `>` leaves out.
    pub(crate) fn is_post_of(&self, base: &Self) -> bool {
        self.pep440_beside(base).is_some_and(|(own, base)| {
            own.is_post()
                && !base.is_post()
                && !base.is_dev()
                && own.epoch() == base.epoch()
                && own.only_release() == base.only_release()
                && own.pre() == base.pre()
        })
    }

    /// Returns the number before the `!` of a PEP 440 version; 0 in other schemes.
    pub(crate) fn epoch(&self) -> u64 {
        match &self.key {
            Key::Pep440(version) => version.epoch(),
            Key::Plain(..) | Key::Semver(_) | Key::Calver(_) | Key::Dotted(_) | Key::Listed(_) => 0,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
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
