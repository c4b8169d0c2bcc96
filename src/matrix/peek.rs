//! A first look at a matrix file: what it extends and which packages it has.
//!
//! Lets the edge choose which built-in matrices belong to a question before anything is really read.

use serde::Deserialize;

/// What a matrix file says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Peek {
    /// The matrix that it is an overlay of.
    #[serde(default)]
    pub extends: Option<String>,
    #[serde(default)]
    packages: Vec<PeekedPackage>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct PeekedPackage {
    #[serde(default)]
    name: String,
}

impl Peek {
    /// Whether the file states a package.
    pub fn has(&self, package: &str) -> bool {
        self.packages.iter().any(|stated| stated.name == package)
    }
}

/// Looks into a file. One that does not parse says nothing; loading it will report why.
pub fn peek(bytes: &[u8]) -> Peek {
    serde_json::from_slice(bytes).unwrap_or_default()
}
