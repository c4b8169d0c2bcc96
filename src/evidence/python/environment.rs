//! Packages that are together in one place, and the certainty of their versions.

use std::collections::BTreeMap;

use super::names::normalized;
use crate::catalog::Catalog;
use crate::evidence::gather::{NodeNames, untold};
use crate::evidence::saved::Saved;
use crate::finding::{Check, Finding, Severity};
use crate::observation::{Observation, ObservedNode, Origin, Place, Stated, UNKNOWN_VERSION};
use crate::problem::shown;
use crate::version::Scheme;

/// Number of packages that a remark names before it counts the rest.
const NAMED: usize = 3;

/// One statement about a package.
pub(super) struct StatedPackage {
    /// Its name as written.
    pub(super) name: String,
    /// Its version, or why that cannot be told.
    pub(super) version: Result<String, String>,
    /// Why it may yet be another one, or not be there.
    pub(super) doubt: Option<Doubt>,
    /// Where it stands.
    pub(super) origin: Origin,
}

/// Why a version that is stated need not be what runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// It counts where a condition holds.
    Conditional,
    /// It was built from a folder or a repository and may be changed.
    FromSource,
}

impl Doubt {
    fn said(self, packages: &str) -> String {
        match self {
            Self::Conditional => {
                format!("taken though they count only where their marker holds: {packages}")
            }
            Self::FromSource => {
                format!(
                    "taken as released though installed from a folder or repository: {packages}"
                )
            }
        }
    }
}

/// Packages in one place.
pub(super) struct Environment {
    /// A name for the place.
    pub(super) name: String,
    /// The statements about its packages.
    pub(super) packages: Vec<StatedPackage>,
    /// The version of Python, where it is certain.
    pub(super) python: Option<Stated>,
}

/// Makes a node of each place, with those of its packages that a matrix knows, and apart from them the others.
pub(super) fn observation(
    saved: &Saved<'_>,
    environments: Vec<Environment>,
    mut remarks: Vec<Finding>,
) -> Observation {
    let mut nodes: Vec<ObservedNode> = Vec::new();
    let mut names = NodeNames::default();
    for environment in environments {
        let name = names.unique(&environment.name);
        let mut matching = Recognition { saved, node: &name, remarks: &mut remarks };
        let (mut packages, unknown) = matching.packages(environment.packages);
        packages.extend(environment.python.map(|stated| ("python".to_owned(), stated)));
        nodes.push(ObservedNode { name, packages, unknown, ..ObservedNode::default() });
    }
    Observation { nodes, remarks, ..Observation::default() }
}

/// Returns the package that a package index has under a name. One that a matrix numbers like Python
/// packages need not state it; of other products the index has clients and helpers, which are not them.
fn package_of(catalog: &Catalog, name: &str) -> Option<String> {
    let known = catalog.known_as(&format!("pypi/{name}"));
    let same = |package: &_| catalog.package(*package).numbering.scheme() == Scheme::Pep440;
    let package = known.or_else(|| catalog.find(name).filter(same))?;
    Some(catalog.package(package).name.clone())
}

type StatedByName = BTreeMap<String, Stated>;

/// Returns the version of what no matrix knows, as it is stated.
fn as_stated(statement: StatedPackage) -> Stated {
    let text = statement.version.unwrap_or_else(|_| UNKNOWN_VERSION.to_owned());
    Stated { text, origin: statement.origin }
}

struct Recognition<'a> {
    saved: &'a Saved<'a>,
    node: &'a str,
    remarks: &'a mut Vec<Finding>,
}

impl Recognition<'_> {
    /// Returns the packages that a matrix knows, and the others.
    fn packages(&mut self, statements: Vec<StatedPackage>) -> (StatedByName, StatedByName) {
        let mut known: BTreeMap<String, Vec<StatedPackage>> = BTreeMap::new();
        let mut unknown = BTreeMap::new();
        for statement in statements {
            let name = normalized(&statement.name);
            match package_of(self.saved.catalog, &name) {
                Some(package) => known.entry(package).or_default().push(statement),
                None => drop(unknown.entry(name).or_insert_with(|| as_stated(statement))),
            }
        }
        let mut doubts: BTreeMap<Doubt, Vec<String>> = BTreeMap::new();
        let mut packages = BTreeMap::new();
        for (name, statements) in known {
            let doubt = statements.iter().find_map(|statement| statement.doubt);
            let stated = self.version(&name, statements);
            if let Some(doubt) = doubt.filter(|_| stated.text != UNKNOWN_VERSION) {
                // Where it stands is said in the deployment file.
                doubts.entry(doubt).or_default().push(name.clone());
            }
            packages.insert(name, stated);
        }
        self.doubts(&doubts);
        self.unknown(&unknown.keys().cloned().collect::<Vec<_>>());
        (packages, unknown)
    }

    /// Returns the version of a package: the only one that is stated.
    fn version(&mut self, name: &str, statements: Vec<StatedPackage>) -> Stated {
        let mut versions: BTreeMap<&str, &Origin> = BTreeMap::new();
        for statement in &statements {
            if let Ok(version) = &statement.version {
                versions.entry(version).or_insert(&statement.origin);
            }
        }
        let unknown = statements.iter().find_map(|statement| {
            Some((statement.version.as_ref().err()?.clone(), statement.origin.clone()))
        });
        let why = if versions.len() > 1 {
            let each = versions.iter().map(|(text, origin)| format!("{} ({origin})", shown(text)));
            let all: Vec<_> = each.collect();
            let why = format!("several versions are stated: {}", all.join(", "));
            Some((why, statements[0].origin.clone()))
        } else {
            unknown.filter(|_| versions.is_empty())
        };
        if let Some((why, origin)) = why {
            if let Some(told) = self.saved.told.get(name) {
                return Stated { text: told.clone(), origin };
            }
            self.remarks.push(untold(&origin, name, &why));
            return Stated { text: UNKNOWN_VERSION.to_owned(), origin };
        }
        let found = statements.into_iter().find_map(|statement| {
            Some(Stated { text: statement.version.ok()?, origin: statement.origin })
        });
        // There is a version now, because of each package something is stated.
        let nowhere = || Origin { file: self.node.to_owned(), place: Place::Whole };
        found.unwrap_or_else(|| Stated { text: UNKNOWN_VERSION.to_owned(), origin: nowhere() })
    }

    fn doubts(&mut self, doubts: &BTreeMap<Doubt, Vec<String>>) {
        for (doubt, packages) in doubts {
            self.remark(Check::EntryAssumed, Severity::Info, doubt.said(&counted(packages)));
        }
    }

    fn unknown(&mut self, names: &[String]) {
        if !names.is_empty() {
            let message = format!("kept apart because no matrix knows them: {}", counted(names));
            self.remark(Check::EntryLeftOut, Severity::Info, message);
        }
    }

    fn remark(&mut self, check: Check, severity: Severity, message: String) {
        self.remarks.push(Finding::new(check, severity, self.node, message));
    }
}

/// Names the first of a list and counts the rest.
fn counted(names: &[String]) -> String {
    let first: Vec<_> = names.iter().take(NAMED).map(|name| shown(name)).collect();
    match names.len().checked_sub(NAMED) {
        Some(more @ 1..) => format!("{} and {more} more", first.join(", ")),
        Some(0) | None => first.join(", "),
    }
}
