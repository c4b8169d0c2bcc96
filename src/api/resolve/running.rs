//! What runs already, as `--installed` names it: a lock, or a deployment file.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::catalog::{Catalog, PackageIx, Rank};
use crate::deployment::Node;
use crate::failure::Failure;
use crate::finding::{Check, Finding, Severity};
use crate::input::File;
use crate::matrix::{Inventory, LockFile, Written, written};
use crate::observation::UNKNOWN_VERSION;
use crate::problem::shown;

/// How many releases of a package a note names before it counts the rest.
const NAMED: usize = 3;

/// What runs, in the words of the file.
pub(super) enum Running<'a> {
    Lock(Vec<(String, String)>),
    Nodes(Inventory<'a>),
}

impl<'a> Running<'a> {
    /// Reads a lock or a deployment file.
    pub(super) fn parse(file: &'a File) -> Result<Self, Failure> {
        match written(&file.bytes) {
            Written::Lock => {
                let packages = LockFile::parse(file.input())?.record().packages.into_iter();
                let pairs = packages.map(|package| (package.name, package.version));
                Ok(Self::Lock(pairs.collect()))
            }
            Written::Plan => Err(Failure::new(format!("{} is a plan, not what runs", file.name))
                .hint("--installed takes a lock or the deployment file that the plan is for")),
            Written::Unclear => Ok(Self::Nodes(Inventory::parse(file.input())?)),
        }
    }
}

/// What runs, as far as a catalog has it.
#[derive(Default)]
pub(super) struct Installed {
    /// One release per package.
    pub(super) releases: BTreeMap<PackageIx, Rank>,
    /// What is to be said about packages, if they matter to the answer.
    pub(super) notes: Vec<(PackageIx, Finding)>,
}

impl Installed {
    /// Whether nothing of the file concerns the catalog.
    pub(super) fn is_empty(&self) -> bool {
        self.releases.is_empty() && self.notes.is_empty()
    }
}

impl Running<'_> {
    /// Returns the distinct packages and versions of the file.
    pub(super) fn versions(&self) -> Vec<(String, String)> {
        match self {
            Self::Lock(pairs) => pairs.clone(),
            Self::Nodes(inventory) => {
                let pairs = inventory.versions().into_iter();
                pairs.map(|(name, version)| (name.to_owned(), version.to_owned())).collect()
            }
        }
    }

    /// Matches the file with a catalog. Packages that it does not have cannot matter.
    pub(super) fn on(&self, catalog: &Catalog) -> Installed {
        let mut installed = Installed::default();
        for (package, counts) in self.counts(catalog) {
            let mut counts: Vec<_> = counts.into_iter().collect();
            counts.sort_by_key(|&(rank, nodes)| Reverse((nodes, rank)));
            if let Some(&(rank, _)) = counts.first() {
                installed.releases.insert(package, rank);
            }
            if counts.len() > 1 {
                installed.notes.push((package, mixed(catalog, package, &counts)));
            }
        }
        installed.notes.extend(self.strangers(catalog));
        installed
    }

    /// Returns how many nodes run each release.
    fn counts(&self, catalog: &Catalog) -> BTreeMap<PackageIx, BTreeMap<Rank, usize>> {
        let mut counts: BTreeMap<PackageIx, BTreeMap<Rank, usize>> = BTreeMap::new();
        let mut add = |package, rank| {
            *counts.entry(package).or_default().entry(rank).or_default() += 1;
        };
        match self {
            Self::Lock(pairs) => {
                for (name, version) in pairs {
                    if let Some(package) = catalog.find(name)
                        && let Some(rank) = catalog.package(package).find(version)
                    {
                        add(package, rank);
                    }
                }
            }
            Self::Nodes(inventory) => {
                let deployment = inventory.resolve(catalog);
                for (package, rank) in deployment.nodes.iter().flat_map(Node::releases) {
                    add(package, rank);
                }
            }
        }
        counts
    }

    /// Says which versions of known packages cannot be placed.
    fn strangers(&self, catalog: &Catalog) -> Vec<(PackageIx, Finding)> {
        let stranger = |(name, version): (String, String)| {
            let package = catalog.find(&name)?;
            let rank = catalog.package(package).find(&version);
            if rank.is_some() {
                return None;
            }
            if version == UNKNOWN_VERSION {
                let message = format!("which version of {name} runs is not known");
                let finding = Finding::new(Check::VersionUnknown, Severity::Warning, name, message);
                return Some((package, finding));
            }
            let message = format!(
                "`{}` is no known release of {name}, so it does not count as what runs",
                shown(&version)
            );
            let finding = Finding::new(Check::ReleaseUnknown, Severity::Warning, name, message)
                .hinting("a matrix with `extends` adds a release");
            Some((package, finding))
        };
        self.versions().into_iter().filter_map(stranger).collect()
    }
}

/// Says which of several releases counts; they come with the number of their nodes, that one first.
fn mixed(catalog: &Catalog, package: PackageIx, counts: &[(Rank, usize)]) -> Finding {
    let name = &catalog.package(package).name;
    let one = |&(rank, nodes): &(Rank, usize)| {
        let word = if nodes == 1 { "node" } else { "nodes" };
        format!("{} ({nodes} {word})", catalog.version((package, rank)))
    };
    let mut parts: Vec<_> = counts.iter().take(NAMED).map(one).collect();
    if let Some(more @ 1..) = counts.len().checked_sub(NAMED) {
        parts.push(format!("{more} more"));
    }
    let message = format!(
        "nodes run different releases of {name}: {}; {} counts as what runs",
        parts.join(", "),
        catalog.version((package, counts[0].0))
    );
    Finding::new(Check::InstalledMixed, Severity::Info, name, message)
}
