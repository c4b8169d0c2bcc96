//! The numbering of one package's releases: a scheme, or two with the version at which it changed.
//!
//! Owns the choice of scheme for a text. A text belongs to the later scheme if it parses there and
//! is not before the change; everything after the change is newer than everything before it.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use super::error::{VersionError, VersionErrorKind};
use super::key::VersionKey;
use super::label::Label;
use super::numbers::Numbers;
use super::parsed::Version;
use super::plain::Plain;
use super::scheme::Scheme;

/// The scheme or schemes of a package.
#[derive(Debug, Clone)]
pub struct Numbering {
    first: Scheme,
    then: Option<SchemeChange>,
    /// Names of a listed package with their places, oldest first.
    names: FxHashMap<Box<str>, u32>,
}

#[derive(Debug, Clone)]
struct SchemeChange {
    scheme: Scheme,
    at: Box<VersionKey>,
}

impl Numbering {
    /// Returns the numbering of a package that keeps one scheme.
    pub fn new(scheme: Scheme) -> Self {
        Self { first: scheme, then: None, names: FxHashMap::default() }
    }

    /// Returns the numbering of a package whose releases are `names`, oldest first.
    pub fn listed(names: impl IntoIterator<Item = Box<str>>) -> Self {
        let mut places = FxHashMap::default();
        for (name, place) in names.into_iter().zip(0..) {
            places.entry(name).or_insert(place);
        }
        Self { first: Scheme::Listed, then: None, names: places }
    }

    /// Returns the numbering of a package that changed from `first` to `then` at the version `at`.
    ///
    /// # Errors
    ///
    /// `at` is not a version of `then`.
    pub fn changed(first: Scheme, at: &str, then: Scheme) -> Result<Self, VersionError> {
        let key = then.parse(at).map_err(|kind| VersionError { scheme: then, kind })?;
        let change = SchemeChange { scheme: then, at: Box::new(key) };
        Ok(Self { first, then: Some(change), names: FxHashMap::default() })
    }

    /// Returns the scheme of the newest releases.
    pub fn scheme(&self) -> Scheme {
        self.then.as_ref().map_or(self.first, |change| change.scheme)
    }

    /// Parses a complete version.
    ///
    /// # Errors
    ///
    /// The text is no version of the scheme, or of neither scheme of a package that changed.
    pub fn parse(&self, text: &str) -> Result<Version, VersionError> {
        if self.first == Scheme::Listed {
            return self.parse_listed(text);
        }
        if let Some(version) = self.then.as_ref().and_then(|change| change.parse(text)) {
            return Ok(version);
        }
        let key =
            self.first.parse(text).map_err(|kind| VersionError { scheme: self.first, kind })?;
        Ok(Version { text: text.into(), era: 0, key })
    }

    fn parse_listed(&self, text: &str) -> Result<Version, VersionError> {
        match self.names.get(text) {
            Some(&ix) => Ok(Version { text: text.into(), era: 0, key: VersionKey::Listed(ix) }),
            None => Err(VersionError { scheme: Scheme::Listed, kind: VersionErrorKind::NotListed }),
        }
    }

    /// Parses a release line such as `9.1`: numbers only, fewer than a complete version has.
    /// Returns the numbers and the oldest final release that the line could hold (`9.1.0`).
    pub(crate) fn parse_line(&self, text: &str) -> Option<(Numbers, Version)> {
        let digits = match self.scheme() {
            Scheme::Duckdb => text.strip_prefix('v').unwrap_or(text),
            Scheme::Listed => return None,
            Scheme::Semver | Scheme::Calver | Scheme::Pep440 | Scheme::Natural => text,
        };
        let numbers = match Plain::parse(digits) {
            Some(plain) => plain.numbers(),
            None => Numbers::parse(digits).ok()?,
        };
        if numbers.len() >= self.scheme().full_length() {
            return None;
        }
        Some((numbers, self.floor(numbers, 0)?))
    }

    /// Returns the version made of `numbers`, padded with zeros. Only PEP 440 knows an epoch.
    pub(crate) fn floor(&self, numbers: Numbers, epoch: u64) -> Option<Version> {
        let scheme = self.scheme();
        let padded = numbers.truncated(numbers.len().max(scheme.full_length()));
        if self.then.is_none() && epoch == 0 {
            let plain = Plain::new(padded).filter(|plain| plain.fits(scheme));
            if let Some(plain) = plain {
                let key = VersionKey::Plain(scheme.order(), plain);
                let mark = if scheme == Scheme::Duckdb { "v" } else { "" };
                return Some(Version { text: Label::of_numbers(mark, padded), era: 0, key });
            }
        }
        let mut text = padded.to_string();
        if scheme == Scheme::Duckdb {
            text.insert(0, 'v');
        }
        if scheme == Scheme::Pep440 && epoch > 0 {
            text = format!("{epoch}!{text}");
        }
        self.parse(&text).ok()
    }

    /// Returns whether one scheme of numbers orders all releases, so that what is plain among them is ordered
    /// by its numbers alone.
    pub(crate) fn is_uniform(&self) -> bool {
        self.then.is_none() && self.first != Scheme::Listed
    }
}

impl SchemeChange {
    fn parse(&self, text: &str) -> Option<Version> {
        let key = self.scheme.parse(text).ok()?;
        let version = Version { text: text.into(), era: 1, key };
        let at = Version { text: Label::NONE, era: 1, key: (*self.at).clone() };
        (version.precedence(&at)? != Ordering::Less).then_some(version)
    }
}
