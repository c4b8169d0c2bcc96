//! Package URLs: names of packages that say which ecosystem they are from.
//!
//! `pkg:TYPE/NAMESPACE/NAME@VERSION?QUALIFIERS#SUBPATH`, with `%` before two hexadecimal digits for what has
//! a meaning of its own. Owns reading one and the form in which two are compared. What stands in one is
//! never fetched from anywhere.

use std::fmt;

/// The longest text that is read, in bytes.
const LONGEST: usize = 4096;

/// A package URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageUrl {
    /// The ecosystem, in lower case.
    pub kind: String,
    /// Where in the ecosystem the name stands, such as a Maven group; parts are separated by `/`.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
    /// The version.
    pub version: Option<String>,
    /// Further keys and their values.
    pub qualifiers: Vec<(String, String)>,
}

/// Why a text is no package URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PurlError {
    /// It begins otherwise.
    #[error("expected a package URL, which begins with `pkg:`")]
    Scheme,
    /// The type is missing or has a character that types do not have.
    #[error("expected a type such as `pypi` after `pkg:`")]
    Kind,
    /// There is no name.
    #[error("expected a name after the type")]
    Name,
    /// A `%` is not followed by two hexadecimal digits, or what they say is not UTF-8.
    #[error("expected two hexadecimal digits of UTF-8 text after each `%`")]
    Escape,
    /// It is too long to be one.
    #[error("a package URL has at most {LONGEST} bytes")]
    Long,
}

impl PackageUrl {
    /// Reads a package URL.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, PurlError> {
        if text.len() > LONGEST {
            return Err(PurlError::Long);
        }
        let rest = text.strip_prefix("pkg:").ok_or(PurlError::Scheme)?;
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
        let (kind, path) = rest.trim_start_matches('/').split_once('/').ok_or(PurlError::Name)?;
        if !is_kind(kind) {
            return Err(PurlError::Kind);
        }
        // An `@` of a namespace, as npm has it, stands before a further `/`.
        let (path, version) = match path.rsplit_once('@') {
            Some((path, version)) if !version.contains('/') && !path.is_empty() => {
                (path, Some(version))
            }
            Some(_) | None => (path, None),
        };
        let mut parts = path.split('/').filter(|part| !part.is_empty()).map(decoded);
        let mut parts = parts.by_ref().collect::<Result<Vec<_>, _>>()?;
        let name = parts.pop().filter(|name| !name.is_empty()).ok_or(PurlError::Name)?;
        let version = version.filter(|version| !version.is_empty()).map(decoded).transpose()?;
        Ok(Self {
            kind: kind.to_ascii_lowercase(),
            namespace: Some(parts.join("/")).filter(|namespace| !namespace.is_empty()),
            name,
            version,
            qualifiers: self::qualifiers(qualifiers)?,
        })
    }

    /// Returns the value of a qualifier.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Returns the type, the namespace and the name as they are compared: what an ecosystem does not tell
    /// apart is the same text.
    pub fn key(&self) -> String {
        let path = match &self.namespace {
            Some(namespace) => format!("{namespace}/{}", self.name),
            None => self.name.clone(),
        };
        let path = match self.kind.as_str() {
            "pypi" => folded(&path),
            "docker" | "oci" | "deb" | "rpm" | "github" => path.to_lowercase(),
            _ => path,
        };
        format!("{}/{path}", self.kind)
    }
}

impl fmt::Display for PackageUrl {
    /// Without version and qualifiers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pkg:{}", self.key())
    }
}

/// Returns a Python name in the form in which all its spellings are alike.
fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            if !out.ends_with('-') {
                out.push('-');
            }
        } else {
            out.extend(c.to_lowercase());
        }
    }
    out
}

fn is_kind(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-'))
}

fn qualifiers(text: &str) -> Result<Vec<(String, String)>, PurlError> {
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| Ok((key.to_ascii_lowercase(), decoded(value)?)))
        .collect()
}

fn decoded(text: &str) -> Result<String, PurlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let (high, low) = (digit(), digit());
            let code = high.zip(low).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
            bytes.push(code.ok_or(PurlError::Escape)?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| PurlError::Escape)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> PackageUrl {
        PackageUrl::parse(text).expect("it is a package URL")
    }

    #[test]
    fn all_parts_are_read() {
        let purl =
            read("pkg:deb/debian/valkey-server@8.0.1%2Bdfsg1-1?arch=amd64&Distro=trixie#x/y");
        assert_eq!(purl.kind, "deb");
        assert_eq!(purl.namespace.as_deref(), Some("debian"));
        assert_eq!(purl.version.as_deref(), Some("8.0.1+dfsg1-1"));
        assert_eq!(purl.qualifier("distro"), Some("trixie"));
        assert_eq!(purl.key(), "deb/debian/valkey-server");
        let npm = read("pkg:npm/%40duckdb/node-api@1.5.5-r.1");
        assert_eq!(
            (npm.key().as_str(), npm.version.as_deref()),
            ("npm/@duckdb/node-api", Some("1.5.5-r.1"))
        );
        assert_eq!(read("pkg:npm/@duckdb/node-api").key(), "npm/@duckdb/node-api");
        assert_eq!(read("pkg://PyPI/Dagster_AWS@0.29.27").key(), "pypi/dagster-aws");
        assert_eq!(read("pkg:maven/io.kestra.plugin/plugin-aws").version, None);
    }

    #[test]
    fn what_is_none_is_refused() {
        let wrong = |text: &str| PackageUrl::parse(text).expect_err(text);
        assert_eq!(wrong("pypi/dagster"), PurlError::Scheme);
        assert_eq!(wrong("pkg:py pi/dagster"), PurlError::Kind);
        assert_eq!(wrong("pkg:pypi"), PurlError::Name);
        assert_eq!(wrong("pkg:pypi/"), PurlError::Name);
        assert_eq!(wrong("pkg:pypi/%4"), PurlError::Escape);
        assert_eq!(wrong("pkg:pypi/%ff"), PurlError::Escape);
        assert_eq!(wrong(&format!("pkg:pypi/{}", "x".repeat(5000))), PurlError::Long);
    }
}
