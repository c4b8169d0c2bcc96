//! The parts of a version that order it.

use std::cmp::Ordering;
use std::str::FromStr as _;

use super::dotted::Dotted;
use super::error::VersionErrorKind;
use super::plain::Plain;
use super::scheme::Scheme;

/// Whose rules order a version. Those of different rules do not compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Semver,
    Pep440,
    Calver,
    Dotted,
}

/// The part of a version that orders it. [`VersionKey::Plain`] stands for the version with these numbers in each of the
/// other types.
#[derive(Debug, Clone)]
pub(super) enum VersionKey {
    Plain(Order, Plain),
    Semver(Box<semver::Version>),
    Pep440(pep440_rs::Version),
    Calver(Box<Dotted>),
    Dotted(Box<Dotted>),
    /// Position in the package's list.
    Listed(u32),
}

impl Scheme {
    pub(super) fn parse(self, text: &str) -> Result<VersionKey, VersionErrorKind> {
        let digits = match self {
            Self::Duckdb => text.strip_prefix('v').unwrap_or(text),
            Self::Semver | Self::Calver | Self::Pep440 | Self::Natural | Self::Listed => text,
        };
        match Plain::parse(digits).filter(|plain| plain.fits(self)) {
            Some(plain) => Ok(VersionKey::Plain(self.order(), plain)),
            None => self.parse_full(text, digits),
        }
    }

    /// Parses a version that is more than a few numbers, or says what is wrong with it.
    #[cold]
    fn parse_full(self, text: &str, digits: &str) -> Result<VersionKey, VersionErrorKind> {
        if text.is_empty() {
            return Err(VersionErrorKind::Empty);
        }
        match self {
            Self::Semver => semver::Version::parse(text)
                .map(|version| VersionKey::Semver(Box::new(version)))
                .map_err(|error| VersionErrorKind::Semver(error.to_string())),
            Self::Pep440 => pep440_rs::Version::from_str(text)
                .map(VersionKey::Pep440)
                .map_err(|error| VersionErrorKind::Pep440(error.to_string())),
            Self::Calver => parse_calver(text),
            Self::Duckdb => {
                Dotted::parse(digits, 3, 3).map(|dotted| VersionKey::Dotted(Box::new(dotted)))
            }
            Self::Natural => {
                Dotted::parse(text, 1, 4).map(|dotted| VersionKey::Dotted(Box::new(dotted)))
            }
            Self::Listed => Err(VersionErrorKind::NotListed),
        }
    }

    /// Returns by whose rules its versions compare.
    pub(super) fn order(self) -> Order {
        match self {
            Self::Semver => Order::Semver,
            Self::Pep440 => Order::Pep440,
            Self::Calver => Order::Calver,
            Self::Duckdb | Self::Natural | Self::Listed => Order::Dotted,
        }
    }
}

fn parse_calver(text: &str) -> Result<VersionKey, VersionErrorKind> {
    let dotted = Dotted::parse(text, 3, 3)?;
    match dotted.numbers.as_slice() {
        [1970..=9999, ..] => Ok(VersionKey::Calver(Box::new(dotted))),
        _ => Err(VersionErrorKind::NotAYear),
    }
}

impl VersionKey {
    pub(super) fn precedence(&self, other: &Self) -> Option<Ordering> {
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

    pub(super) fn pep440(&self) -> Option<pep440_rs::Version> {
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
fn plain_to_full(order: Order, plain: Plain, full: &VersionKey) -> Option<Ordering> {
    let numbers = plain.numbers();
    match (order, full) {
        (Order::Semver, VersionKey::Semver(full)) => {
            let [major, minor, patch, _] = numbers.padded();
            Some(semver::Version::new(major, minor, patch).cmp(full))
        }
        (Order::Pep440, VersionKey::Pep440(full)) => {
            Some(pep440_rs::Version::new(numbers.as_slice()).cmp(full))
        }
        (Order::Calver, VersionKey::Calver(full)) | (Order::Dotted, VersionKey::Dotted(full)) => {
            Some(Dotted::final_release(numbers).cmp(full))
        }
        (Order::Semver | Order::Pep440 | Order::Calver | Order::Dotted, _) => None,
    }
}
