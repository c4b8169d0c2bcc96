//! Which matrices a question needs, and loading them.
//!
//! The built-in matrices are text in the binary. Only those are parsed whose packages the question
//! names, so a question about one product costs nothing for the others.

use std::collections::BTreeSet;

use super::Failure;
use super::args::Common;
use super::files;
use super::names::split;
use crate::catalog::Catalog;
use crate::matrix::{self, Input, MATRIX_LIMIT, Peek, Problems, nearest, peek, sha256};
use crate::record::MatrixRecord;

/// The built-in matrices, in the order of the documentation.
const BUILT_IN: [(&str, &str); 4] = [
    ("valkey", include_str!("../../matrices/valkey.json")),
    ("duckdb", include_str!("../../matrices/duckdb.json")),
    ("kestra", include_str!("../../matrices/kestra.json")),
    ("dagster", include_str!("../../matrices/dagster.json")),
];

/// Package and matrix of every built-in package, one a line, sorted.
const INDEX: &str = include_str!("../../matrices/index.txt");

/// What a question is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'n> {
    /// Everything.
    All,
    /// These packages.
    Packages(&'n BTreeSet<&'n str>),
}

/// The matrix files of a question, as they were read.
pub(super) struct Files {
    built_in: BTreeSet<&'static str>,
    own: Vec<(String, Vec<u8>)>,
}

impl Files {
    /// Reads the user's own files and chooses the built-in ones.
    fn read(common: &Common, wanted: Wanted<'_>) -> Result<Self, Failure> {
        let mut own = Vec::new();
        for path in &common.matrix {
            own.push((files::name(path), files::read(path, MATRIX_LIMIT)?));
        }
        let peeks: Vec<Peek> = own.iter().map(|(_, bytes)| peek(bytes)).collect();
        Ok(Self { built_in: choose(wanted, &peeks), own })
    }

    /// Returns the files in the order in which they are loaded.
    fn inputs(&self) -> Vec<Input<'_>> {
        let built_in = BUILT_IN.iter().filter(|(name, _)| self.built_in.contains(name));
        let built_in = built_in.map(|&(name, text)| Input { name, bytes: text.as_bytes() });
        let own = self.own.iter().map(|(name, bytes)| Input { name, bytes });
        built_in.chain(own).collect()
    }

    /// Makes the catalog, with further versions of its packages.
    pub(super) fn load(&self, extras: &[(String, String)]) -> Result<Catalog, Failure> {
        let loaded = matrix::load(&self.inputs(), extras);
        if loaded.problems.has_errors() {
            return Err(Failure::of_files(loaded.problems));
        }
        Ok(loaded.catalog)
    }

    /// Returns what a lock says of the matrices. Only locks pay for the digests.
    pub(super) fn records(&self, catalog: &Catalog) -> Vec<MatrixRecord> {
        // The files were loaded without an error, so each has its entry.
        let stated = catalog.matrices().iter().zip(self.inputs());
        stated
            .map(|(matrix, input)| MatrixRecord {
                name: matrix.name.clone(),
                as_of: Some(matrix.as_of.clone()).filter(|day| !day.is_empty()),
                sha256: sha256(input.bytes),
            })
            .collect()
    }
}

/// Loads the matrices for a question. `extras` are versions that the question names.
pub(super) fn load(
    common: &Common,
    wanted: Wanted<'_>,
    extras: &[(String, String)],
) -> Result<Catalog, Failure> {
    Files::read(common, wanted)?.load(extras)
}

/// Chooses the built-in matrices: those that overlays extend, and those with packages that the user's
/// own matrices do not have.
fn choose(wanted: Wanted<'_>, peeks: &[Peek]) -> BTreeSet<&'static str> {
    let mut chosen: BTreeSet<&'static str> = BTreeSet::new();
    for base in peeks.iter().filter_map(|peek| peek.extends.as_deref()) {
        chosen.extend(BUILT_IN.iter().map(|(name, _)| *name).filter(|name| *name == base));
    }
    match wanted {
        Wanted::All if peeks.is_empty() => chosen.extend(BUILT_IN.iter().map(|(name, _)| *name)),
        Wanted::All => {}
        Wanted::Packages(names) => {
            let own = |name: &str| peeks.iter().any(|peek| peek.has(name));
            for name in names.iter().copied().filter(|name| !own(name)) {
                chosen.extend(matrix_of(name));
            }
        }
    }
    chosen
}

/// Returns the built-in matrix that has a package.
pub(super) fn matrix_of(package: &str) -> Option<&'static str> {
    let line = INDEX.lines().find(|line| line.split(' ').next() == Some(package))?;
    let matrix = line.split(' ').nth(1)?;
    BUILT_IN.iter().map(|(name, _)| *name).find(|name| *name == matrix)
}

/// Whether a built-in matrix has this name.
pub(super) fn is_matrix(name: &str) -> bool {
    BUILT_IN.iter().any(|(known, _)| *known == name)
}

/// Returns the built-in matrix with this name as an input.
pub(super) fn built_in(name: &str) -> Option<Input<'static>> {
    let &(name, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
    Some(Input { name, bytes: text.as_bytes() })
}

/// Returns the package name that is nearest to one that nobody knows.
pub(super) fn near(catalog: &Catalog, name: &str) -> Option<String> {
    let loaded = catalog.packages().map(|(_, package)| package.name.as_str());
    let known = INDEX.lines().filter_map(|line| line.split(' ').next());
    nearest(name, loaded.chain(known)).map(ToOwned::to_owned)
}

/// Loads what some SPECs are about, with the versions that they name.
pub(super) fn for_specs<'s>(
    common: &Common,
    specs: impl IntoIterator<Item = &'s str>,
) -> Result<Catalog, Failure> {
    Ok(for_lock(common, specs, [])?.0)
}

/// Loads what some SPECs and further packages are about, with the versions that the SPECs name.
/// Returns the files too, which a lock names.
pub(super) fn for_lock<'s>(
    common: &Common,
    specs: impl IntoIterator<Item = &'s str>,
    packages: impl IntoIterator<Item = &'s str>,
) -> Result<(Catalog, Files), Failure> {
    let specs: Vec<&str> = specs.into_iter().collect();
    let files = files_for(common, specs.iter().copied(), packages)?;
    Ok((files.load(&named(specs))?, files))
}

/// Reads the matrices that some SPECs and further packages are about.
pub(super) fn files_for<'s>(
    common: &Common,
    specs: impl IntoIterator<Item = &'s str>,
    packages: impl IntoIterator<Item = &'s str>,
) -> Result<Files, Failure> {
    let mut names: BTreeSet<&str> = specs.into_iter().map(|text| split(text).0).collect();
    names.extend(packages);
    Files::read(common, Wanted::Packages(&names))
}

/// Returns the packages and versions that SPECs name.
pub(super) fn named<'s>(specs: impl IntoIterator<Item = &'s str>) -> Vec<(String, String)> {
    let pairs = specs.into_iter().filter_map(|text| match split(text) {
        (name, Some(version)) => Some((name.to_owned(), version.to_owned())),
        (_, None) => None,
    });
    pairs.collect()
}

/// Loads all matrices, those of the user beside the built-in ones.
pub(super) fn everything(common: &Common) -> Result<Catalog, Failure> {
    let names = INDEX.lines().filter_map(|line| line.split(' ').next()).collect();
    load(common, Wanted::Packages(&names), &[])
}

/// Loads what a deployment and some SPECs are about.
pub(super) fn for_deployment(
    common: &Common,
    inventory: &matrix::Inventory<'_>,
    specs: &[String],
) -> Result<Catalog, Failure> {
    let mut names = inventory.packages();
    names.extend(specs.iter().map(|text| split(text).0));
    let mut extras: Vec<(String, String)> = inventory
        .versions()
        .into_iter()
        .map(|(name, version)| (name.to_owned(), version.to_owned()))
        .collect();
    for text in specs {
        if let (name, Some(version)) = split(text) {
            extras.push((name.to_owned(), version.to_owned()));
        }
    }
    load(common, Wanted::Packages(&names), &extras)
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::of_files(problems)
    }
}
