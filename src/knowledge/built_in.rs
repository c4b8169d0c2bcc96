//! The matrices that come with the library, as text.

use crate::input::Input;

/// A matrix that comes with the library.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// Its name.
    pub name: &'static str,
    /// The text of its file.
    pub text: &'static str,
}

impl BuiltIn {
    /// Every one, in the order of the documentation.
    pub const ALL: [Self; 4] = [
        Self { name: "valkey", text: include_str!("../../matrices/valkey.json") },
        Self { name: "duckdb", text: include_str!("../../matrices/duckdb.json") },
        Self { name: "kestra", text: include_str!("../../matrices/kestra.json") },
        Self { name: "dagster", text: include_str!("../../matrices/dagster.json") },
    ];

    /// Returns the one with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name == name)
    }

    /// Returns the one that has a package.
    pub fn with_package(package: &str) -> Option<Self> {
        let (_, matrix) = index().find(|(name, _)| *name == package)?;
        Self::named(matrix)
    }

    /// Returns its file.
    pub fn input(self) -> Input<'static> {
        Input { name: self.name, bytes: self.text.as_bytes() }
    }

    /// Returns SHA-256 of its file, which a test keeps true.
    pub fn sha256(self) -> &'static str {
        let mut lines = DIGESTS.lines().filter_map(|line| line.split_once(' '));
        lines.find(|(name, _)| *name == self.name).map_or("", |(_, digest)| digest)
    }
}

/// Package and matrix of every built-in package, one a line, sorted.
const INDEX: &str = include_str!("../../matrices/index.txt");

/// Name and SHA-256 of every built-in matrix, one a line. To compute them would take longer than many a
/// question.
const DIGESTS: &str = include_str!("../../matrices/digests.txt");

/// Returns the name and the matrix of every built-in package, sorted by name.
pub fn index() -> impl Iterator<Item = (&'static str, &'static str)> {
    INDEX.lines().filter_map(|line| line.split_once(' '))
}
