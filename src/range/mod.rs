//! Constraint expressions: `>=1.2,<2 || 3.*`, `[1.0,2.0)`, `0.8.+`, `~=1.4`.
//!
//! Owns the grammar and what an expression means for one version; turning it into a set of a
//! package's releases is the catalog's business.
//!
//! One grammar serves every scheme, because its operators mean the same to their users everywhere,
//! with three rules that are worth knowing:
//!
//! - A text with fewer numbers than a complete version names a *release line*. Alone, or after `=`
//!   and `!=`, it stands for all of that line, pre-releases included; after `<=` and `>` for the
//!   line as a whole; after `>=` and `<` for its first final release.
//! - `<2.0.0` leaves out the pre-releases of 2.0.0, although they sort before it: whoever excludes a
//!   version excludes what leads up to it. PEP 440 says the same. What leads up to *another* release
//!   stays in: `<1.0.post1` admits `1.0rc1`, as Python's `packaging` does since its release 26.
//! - A package may read a bare version as a minimum ([`Bare::Minimum`]), as Kestra's plugins mean it.

mod error;
mod parse;
mod quick;
mod spans;
mod terms;
#[cfg(test)]
mod tests;

use crate::version::{Numbering, Version};

pub use error::{RangeError, RangeErrorKind};
pub(crate) use quick::Ladder;
pub use terms::Bare;
pub(crate) use terms::Terms;

use terms::Comparator;

/// A constraint on the versions of one package.
#[derive(Debug, Clone)]
pub struct Range {
    text: Box<str>,
    terms: Terms,
}

impl Range {
    /// Parses `text` as a constraint on a package numbered by `numbering`.
    ///
    /// # Errors
    ///
    /// The text is not a constraint; the error holds the byte offset of the part that is wrong.
    pub fn parse(text: &str, numbering: &Numbering, bare: Bare) -> Result<Self, RangeError> {
        let mut terms = Terms::default();
        terms.parse(text, numbering, bare)?;
        Ok(Self { text: text.into(), terms })
    }

    /// Returns the text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the range admits `version`.
    pub fn contains(&self, version: &Version) -> bool {
        self.terms.admit(version)
    }

    /// Returns the version below which the range admits nothing, as it is stated; `None` if it has no lower
    /// bound. The version itself need not be admitted.
    pub fn floor(&self) -> Option<Version> {
        let lower = |all: &[Comparator]| -> Option<Version> {
            let bounds = all.iter().filter_map(Comparator::floor);
            bounds.cloned().reduce(|a, b| if a.is_before(&b) { b } else { a })
        };
        let floors: Option<Vec<_>> = self.terms.alternatives().map(lower).collect();
        floors?.into_iter().reduce(|a, b| if b.is_before(&a) { b } else { a })
    }

    /// Returns true if there is no version from which on the range admits nothing.
    pub fn is_open_above(&self) -> bool {
        self.terms.alternatives().any(|all| !all.iter().any(Comparator::is_ceiling))
    }

    /// Whether a bound is a pre-release, so that whoever states the range means pre-releases too.
    pub fn names_prerelease(&self) -> bool {
        self.terms.names_prerelease()
    }

    /// Returns what the range says.
    pub(crate) fn terms(&self) -> &Terms {
        &self.terms
    }
}
