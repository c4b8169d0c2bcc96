//! Engines that are asked about: a release, a build between releases, or a commit.

use crate::catalog::{Catalog, PackageIx, Rank};

use super::era::Era;

/// An engine that may be asked to load a file.
#[derive(Debug, Clone)]
pub struct Host {
    /// Its name in answers.
    pub label: String,
    /// The name by which files are built for it: its version with a leading `v`, or of a development
    /// build the first ten digits of its commit. `None` if that commit is not known.
    pub identity: Option<String>,
    /// Its platform; `None` for the one that a file was built for.
    pub platform: Option<String>,
    /// True if it takes files without a valid signature.
    pub unsigned: bool,
    /// The package whose releases it is among.
    pub package: PackageIx,
    /// The releases whose rules it may follow, oldest first.
    pub(super) rules: Vec<Rank>,
    /// True if it is newer than all of them.
    pub(super) beyond: bool,
}

/// Number of digits of a commit that name a development build.
const COMMIT_DIGITS: usize = 10;

impl Host {
    /// Returns the engine of a release, listed or named by a user: one that is not listed lies between
    /// the releases around it.
    pub fn of_release(catalog: &Catalog, package: PackageIx, rank: Rank) -> Self {
        let stated = catalog.package(package);
        let text = stated.version(rank).text();
        let label = format!("v{}", text.strip_prefix('v').unwrap_or(text));
        // A development build calls itself by its commit, whatever its version.
        let identity = Some(label.clone()).filter(|label| !label.contains("-dev"));
        let listed = |rank: &Rank| stated.release(*rank).is_listed();
        let (rules, beyond) = if listed(&rank) {
            (vec![rank], false)
        } else {
            let before = stated.ranks().rev().find(|other| *other < rank && listed(other));
            let after = stated.ranks().find(|other| *other > rank && listed(other));
            (before.into_iter().chain(after).collect(), after.is_none())
        };
        Self { label, identity, platform: None, unsigned: false, package, rules, beyond }
    }

    /// Returns the development build of a commit, if `text` is one. It follows the rules of any release
    /// that reads footers.
    pub fn of_commit(catalog: &Catalog, package: PackageIx, text: &str) -> Option<Self> {
        let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let digits = text.get(..COMMIT_DIGITS)?;
        if text.len() > 40 || !text.as_bytes().iter().all(is_digit) {
            return None;
        }
        let stated = catalog.package(package);
        let reads = |rank: &Rank| {
            let release = stated.release(*rank);
            release.is_listed() && Era::of(release).is_some_and(|era| era != Era::Symbol)
        };
        Some(Self {
            label: digits.to_owned(),
            identity: Some(digits.to_owned()),
            platform: None,
            unsigned: false,
            package,
            rules: stated.ranks().filter(reads).collect(),
            beyond: false,
        })
    }

    /// Sets the platform, where it is known.
    #[must_use]
    pub fn on(mut self, platform: Option<&str>) -> Self {
        self.platform = platform.map(ToOwned::to_owned);
        self
    }

    /// Sets whether it takes files without a valid signature.
    #[must_use]
    pub fn unsigned(mut self, unsigned: bool) -> Self {
        self.unsigned = unsigned;
        self
    }
}

/// Returns every listed release of an engine, oldest first.
pub fn known_hosts(catalog: &Catalog, package: PackageIx) -> Vec<Host> {
    let stated = catalog.package(package);
    let listed = stated.ranks().filter(|&rank| stated.release(rank).is_listed());
    listed.map(|rank| Host::of_release(catalog, package, rank)).collect()
}
