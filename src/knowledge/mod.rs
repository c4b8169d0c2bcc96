//! The knowledge base: matrices to answer questions from.
//!
//! It holds the files of one's own and knows the built-in ones. Of these a question loads only those whose
//! packages it names, so that a question about one product costs nothing for the others. A catalog that was
//! made for one question serves all later ones about the same matrices, unless these name versions that no
//! matrix lists: such a version takes a place of its own among the releases.

mod built_in;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::catalog::Catalog;
use crate::failure::Failure;
use crate::input::{File, Input};
use crate::matrix::{self, Inventory, Peek, nearest, peek, sha256};
use crate::record::MatrixRecord;
use crate::spec::Spec;

pub use built_in::{BuiltIn, index};

/// Matrices to answer questions from: the built-in ones and one's own. It never changes.
#[derive(Debug, Default)]
pub struct KnowledgeBase {
    own: Vec<Own>,
    /// The catalogs that were made, by the built-in matrices in them.
    made: Mutex<Vec<(BTreeSet<&'static str>, Arc<Catalog>)>>,
}

/// A matrix file of one's own.
#[derive(Debug)]
struct Own {
    file: File,
    peek: Peek,
    sha256: String,
}

/// The packages that a question is about, with the versions that it names.
#[derive(Debug, Clone, Default)]
pub struct Topic {
    packages: BTreeSet<String>,
    versions: Vec<(String, String)>,
    everything: bool,
}

impl Topic {
    /// Returns the topic of SPECs.
    pub fn of_specs<'s>(specs: impl IntoIterator<Item = &'s Spec>) -> Self {
        let mut topic = Self::default();
        topic.add_specs(specs);
        topic
    }

    /// Returns the topic of a deployment and of SPECs beside it.
    pub fn of_deployment(inventory: &Inventory<'_>, specs: &[Spec]) -> Self {
        let own = |(name, version): (&str, &str)| (name.to_owned(), version.to_owned());
        let mut topic = Self {
            packages: inventory.packages().into_iter().map(str::to_owned).collect(),
            versions: inventory.versions().into_iter().map(own).collect(),
            everything: false,
        };
        topic.add_specs(specs);
        topic
    }

    /// Returns the topic of who asks about nothing in particular: the matrices of one's own, or else all
    /// built-in ones.
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Returns the topic of every package that is known.
    pub fn all_packages() -> Self {
        Self { packages: index().map(|(name, _)| name.to_owned()).collect(), ..Self::default() }
    }

    /// Adds SPECs.
    pub fn add_specs<'s>(&mut self, specs: impl IntoIterator<Item = &'s Spec>) {
        for spec in specs {
            self.packages.insert(spec.name().to_owned());
            let version = spec.version().map(|version| (spec.name(), version));
            self.versions.extend(version.map(|(name, text)| (name.to_owned(), text.to_owned())));
        }
    }

    /// Adds packages by name.
    pub fn add_packages<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        self.packages.extend(names.into_iter().map(str::to_owned));
    }

    /// Adds versions of packages, which are not asked about by themselves.
    pub fn add_versions(&mut self, versions: impl IntoIterator<Item = (String, String)>) {
        self.versions.extend(versions);
    }
}

impl KnowledgeBase {
    /// Returns a knowledge base of matrix files beside the built-in ones. One with `extends` adds to the
    /// matrix that it names, built in or given before it. What is wrong with a file is told when a question
    /// needs it.
    pub fn new(files: impl IntoIterator<Item = File>) -> Self {
        let own = files.into_iter().map(|file| Own {
            peek: peek(&file.bytes),
            sha256: sha256(&file.bytes),
            file,
        });
        Self { own: own.collect(), made: Mutex::default() }
    }

    /// Returns the facts about a topic.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the files.
    pub fn load(&self, topic: &Topic) -> Result<Arc<Catalog>, Failure> {
        let chosen = self.choose(topic);
        let has_all = |catalog: &Catalog| has_all(catalog, &topic.versions);
        let known = self.made(&chosen);
        if let Some(catalog) = known.as_ref().filter(|catalog| has_all(catalog)) {
            return Ok(Arc::clone(catalog));
        }
        let loaded = matrix::load(&self.inputs(&chosen), &topic.versions);
        if loaded.problems.has_errors() {
            return Err(loaded.problems.into());
        }
        let catalog = Arc::new(loaded.catalog);
        if known.is_none() && has_all(&catalog) {
            self.keep(chosen, &catalog);
        }
        Ok(catalog)
    }

    /// Returns of each matrix in a catalog its name, the day of its facts and the digest of its file.
    pub fn records(&self, catalog: &Catalog) -> Vec<MatrixRecord> {
        let matrices = catalog.matrices();
        let first_own = matrices.len().saturating_sub(self.own.len());
        let digest = |at: usize, name: &str| match at.checked_sub(first_own) {
            Some(own) => self.own.get(own).map(|own| own.sha256.clone()).unwrap_or_default(),
            None => BuiltIn::named(name).map(|it| it.sha256().to_owned()).unwrap_or_default(),
        };
        let records = matrices.iter().enumerate().map(|(at, matrix)| MatrixRecord {
            name: matrix.name.clone(),
            as_of: Some(matrix.as_of.clone()).filter(|day| !day.is_empty()),
            sha256: digest(at, &matrix.name),
        });
        records.collect()
    }

    /// Returns true if a matrix has this name.
    pub fn has_matrix(&self, catalog: &Catalog, name: &str) -> bool {
        BuiltIn::named(name).is_some() || catalog.matrices().iter().any(|one| one.name == name)
    }

    /// Returns the known name of a package that is nearest to one that nobody knows.
    pub fn near(&self, catalog: &Catalog, name: &str) -> Option<String> {
        let loaded = catalog.packages().map(|(_, package)| package.name.as_str());
        nearest(name, loaded.chain(index().map(|(name, _)| name))).map(ToOwned::to_owned)
    }

    /// Returns the files of some built-in matrices and those of one's own, as they are loaded.
    fn inputs(&self, chosen: &BTreeSet<&'static str>) -> Vec<Input<'_>> {
        let built_in = BuiltIn::ALL.into_iter().filter(|it| chosen.contains(it.name));
        let built_in = built_in.map(|it| -> Input<'_> { it.input() });
        built_in.chain(self.own.iter().map(|own| own.file.input())).collect()
    }

    /// Chooses the built-in matrices of a topic: those that overlays extend, and those with packages that
    /// one's own matrices do not have.
    fn choose(&self, topic: &Topic) -> BTreeSet<&'static str> {
        let extended = self.own.iter().filter_map(|own| own.peek.extends.as_deref());
        let mut chosen: BTreeSet<&'static str> =
            extended.filter_map(BuiltIn::named).map(|it| it.name).collect();
        if topic.everything && self.own.is_empty() {
            chosen.extend(BuiltIn::ALL.map(|it| it.name));
        }
        let own = |name: &str| self.own.iter().any(|own| own.peek.has(name));
        let foreign = topic.packages.iter().filter(|name| !own(name));
        chosen.extend(foreign.filter_map(|name| BuiltIn::with_package(name)).map(|it| it.name));
        chosen
    }

    fn made(&self, chosen: &BTreeSet<&'static str>) -> Option<Arc<Catalog>> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.iter().find(|(known, _)| known == chosen).map(|(_, catalog)| Arc::clone(catalog))
    }

    fn keep(&self, chosen: BTreeSet<&'static str>, catalog: &Arc<Catalog>) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made.iter().all(|(known, _)| *known != chosen) {
            made.push((chosen, Arc::clone(catalog)));
        }
    }
}

/// Returns true if none of some versions has, or would get, a place of its own among the listed releases.
fn has_all(catalog: &Catalog, versions: &[(String, String)]) -> bool {
    versions.iter().all(|(name, version)| {
        let Some(package) = catalog.find(name) else { return true };
        let stated = catalog.package(package);
        match stated.find(version) {
            Some(rank) => stated.release(rank).is_listed(),
            None => !stated.would_place(version),
        }
    })
}
