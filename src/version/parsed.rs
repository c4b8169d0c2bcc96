//! A version that was read, and its release lines.

use std::cmp::Ordering;
use std::fmt;

use super::key::{Order, VersionKey};
use super::label::Label;
use super::numbers::Numbers;
use super::plain::PlainKey;
use super::scheme::Step;

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
    pub(super) text: Label,
    /// 0 before a change of scheme, 1 after it.
    pub(super) era: u8,
    pub(super) key: VersionKey,
}

impl Version {
    /// Returns the text that was read.
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// Compares by the rules of the scheme; `None` if the two are of different schemes.
    #[inline]
    pub fn precedence(&self, other: &Self) -> Option<Ordering> {
        if let (VersionKey::Plain(order, a), VersionKey::Plain(known, b)) = (&self.key, &other.key)
            && (order, self.era) == (known, other.era)
        {
            return Some(a.place().cmp(&b.place()));
        }
        self.precedence_in_full(other)
    }

    /// Returns whether this comes before the other in their scheme.
    pub fn is_before(&self, other: &Self) -> bool {
        self.precedence(other) == Some(Ordering::Less)
    }

    fn precedence_in_full(&self, other: &Self) -> Option<Ordering> {
        if self.era != other.era {
            return Some(self.era.cmp(&other.era));
        }
        self.key.precedence(&other.key)
    }

    /// Returns whether the version is numbers and nothing else. Of two such versions of a package, the order
    /// says everything: neither leads up to the other, follows it or is a build of it.
    pub(crate) fn is_plain(&self) -> bool {
        self.place().is_some()
    }

    /// Returns what a plain version compares by.
    pub(crate) fn place(&self) -> Option<PlainKey> {
        match self.key {
            VersionKey::Plain(_, plain) => Some(plain.place()),
            VersionKey::Semver(_)
            | VersionKey::Pep440(_)
            | VersionKey::Calver(_)
            | VersionKey::Dotted(_)
            | VersionKey::Listed(_) => None,
        }
    }

    /// Returns whether the scheme marks this version as coming before its release.
    pub fn is_prerelease(&self) -> bool {
        match &self.key {
            VersionKey::Semver(version) => !version.pre.is_empty(),
            VersionKey::Pep440(version) => version.any_prerelease(),
            VersionKey::Calver(dotted) | VersionKey::Dotted(dotted) => dotted.is_prerelease(),
            VersionKey::Plain(..) | VersionKey::Listed(_) => false,
        }
    }

    /// Returns the leading numbers, at most four; empty for listed names.
    pub fn numbers(&self) -> Numbers {
        match &self.key {
            VersionKey::Plain(_, plain) => plain.numbers(),
            VersionKey::Semver(v) => Numbers::new(&[v.major, v.minor, v.patch]),
            VersionKey::Pep440(version) => Numbers::new(version.release()),
            VersionKey::Calver(dotted) | VersionKey::Dotted(dotted) => dotted.numbers,
            VersionKey::Listed(_) => Numbers::new(&[]),
        }
    }

    /// Returns the release line at the given step: of 9.1.2 the minor line is 9.1 and the major
    /// line 9; of 0.8.5 both are 0.8; of the CalVer 2025.1.3 both are 2025.1.
    pub fn line(&self, step: Step) -> Line {
        let numbers = self.numbers();
        let calver =
            matches!(self.key, VersionKey::Calver(_) | VersionKey::Plain(Order::Calver, _));
        let keep = match step {
            Step::Patch => numbers.len(),
            Step::Minor => 2,
            Step::Major if calver || numbers.as_slice().first() == Some(&0) => 2,
            Step::Major => 1,
        };
        let era = u64::from(self.era).saturating_add(self.epoch());
        Line { era: u8::try_from(era).unwrap_or(u8::MAX), numbers: numbers.truncated(keep) }
    }

    /// Returns whether no change of the package's scheme lies between two of its versions.
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
            VersionKey::Pep440(own) => Some((own.clone(), base.key.pep440()?)),
            VersionKey::Plain(..)
            | VersionKey::Semver(_)
            | VersionKey::Calver(_)
            | VersionKey::Dotted(_)
            | VersionKey::Listed(_) => None,
        }
    }

    /// Returns whether this is a local build of the release `base` (`1.0+local` of `1.0` in PEP 440).
    pub(crate) fn is_local_of(&self, base: &Self) -> bool {
        self.pep440_beside(base).is_some_and(|(own, base)| {
            !own.local().is_empty() && base.local().is_empty() && own.without_local() == base
        })
    }

    /// Returns whether this leads up to exactly the release `base`: `1.0-rc1` to `1.0`, and in PEP 440
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

    /// Returns whether this is a post-release of exactly `base`, which PEP 440's `>` leaves out.
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
            VersionKey::Pep440(version) => version.epoch(),
            VersionKey::Plain(..)
            | VersionKey::Semver(_)
            | VersionKey::Calver(_)
            | VersionKey::Dotted(_)
            | VersionKey::Listed(_) => 0,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}
