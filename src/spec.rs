//! SPECs: `NAME`, `NAME@VERSION`, `NAME@RANGE`.
//!
//! The one place where such a text is cut. Which package and which releases it means is only known beside
//! a catalog.

use std::fmt;
use std::ops::Range;

/// A package, perhaps with a version or range of its releases, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spec {
    text: String,
    /// How many bytes of the text are the name.
    name: usize,
}

/// The part of a text that keeps it from being a SPEC.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected NAME, NAME@VERSION or NAME@RANGE, found `{text}`")]
pub struct SpecError {
    /// The whole text.
    pub text: String,
    /// The bytes where something else was expected.
    pub span: Range<usize>,
    /// The SPEC that was probably meant.
    pub meant: Option<String>,
}

/// Begins a version or range in other tools, where a SPEC has `@`.
const OPERATORS: [char; 8] = ['=', '<', '>', '~', '^', '!', ' ', ','];

impl Spec {
    /// Cuts a text at its first `@`.
    ///
    /// # Errors
    ///
    /// Refuses a text without a name, and one whose name holds an operator (`valkey=9.0.0`).
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        let name = text.find('@').unwrap_or(text.len());
        let operator = text[..name].find(OPERATORS);
        if name > 0 && operator.is_none() {
            return Ok(Self { text: text.to_owned(), name });
        }
        let start = operator.unwrap_or(0);
        let rest = text[start..].trim_start_matches([' ', ',']);
        let equal = rest.trim_start_matches('=');
        let version = if equal.starts_with(['<', '>', '~', '^', '!']) { rest } else { equal };
        let is_usual = start > 0 && name == text.len() && !version.is_empty();
        Err(SpecError {
            text: text.to_owned(),
            span: start..text.len() - version.len(),
            meant: is_usual.then(|| format!("{}@{version}", &text[..start])),
        })
    }

    /// Reads a text that may leave out the name, which is then that of another SPEC.
    ///
    /// # Errors
    ///
    /// Refuses what [`Spec::parse`] refuses.
    pub fn parse_beside(text: &str, other: &Self) -> Result<Self, SpecError> {
        if text.contains('@') { Self::parse(text) } else { Ok(Self::of(other.name(), text)) }
    }

    /// Makes a SPEC of a package's name and a version or range.
    pub fn of(name: &str, version: &str) -> Self {
        Self { text: format!("{name}@{version}"), name: name.len() }
    }

    /// Makes a SPEC of a package's name alone.
    pub fn named(name: &str) -> Self {
        Self { text: name.to_owned(), name: name.len() }
    }

    /// Returns the text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the package's name.
    pub fn name(&self) -> &str {
        &self.text[..self.name]
    }

    /// Returns the version or range, if one is given.
    pub fn version(&self) -> Option<&str> {
        self.text.get(self.name + 1..)
    }

    /// Returns the bytes of the text that are a part of the version or range: `offset` and `length` count
    /// from its beginning.
    pub fn span_of_version(&self, offset: usize, length: usize) -> Range<usize> {
        let start = (self.name + 1 + offset).min(self.text.len());
        start..(start + length).min(self.text.len())
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_is_cut_at_its_first_sign() {
        let spec = Spec::parse("a@>=1@2").expect("it has a name");
        assert_eq!((spec.name(), spec.version()), ("a", Some(">=1@2")));
        assert_eq!(&spec.text()[spec.span_of_version(2, 1)], "1");
        assert_eq!(Spec::parse("a").expect("it has a name").version(), None);
        assert_eq!(Spec::parse("a@").expect("it has a name").version(), Some(""));
    }

    #[test]
    fn usual_slips_are_understood() {
        let meant = |text: &str| Spec::parse(text).expect_err("it is no SPEC").meant;
        assert_eq!(meant("valkey=9.0.0").as_deref(), Some("valkey@9.0.0"));
        assert_eq!(meant("dagster==1.13.1").as_deref(), Some("dagster@1.13.1"));
        assert_eq!(meant("dagster>=1.12,<1.13").as_deref(), Some("dagster@>=1.12,<1.13"));
        assert_eq!(meant("kestra 1.3").as_deref(), Some("kestra@1.3"));
        assert_eq!(meant("@1.0"), None);
        assert_eq!(meant(""), None);
        assert_eq!(meant("kestra="), None);
    }

    #[test]
    fn a_version_alone_takes_the_name_of_another() {
        let from = Spec::parse("kestra@1.0.0").expect("it has a name");
        assert_eq!(Spec::parse_beside("2.0.0", &from), Spec::parse("kestra@2.0.0"));
        assert_eq!(Spec::parse_beside("b@2.0.0", &from), Spec::parse("b@2.0.0"));
    }
}
