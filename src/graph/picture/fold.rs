//! Folding releases into nodes.

use crate::answer::graph::{Node, NodeKind};
use crate::catalog::{
    Catalog, Channel, Package, PackageIx, PackageKind, Rank, Release, ReleaseSet,
};
use crate::version::Step;

/// The releases that become one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fold {
    /// A release line, such as 9.1.
    Lines,
    /// A release.
    Patches,
}

/// Releases of one package that are drawn as one node.
pub(super) struct ReleaseGroup {
    pub(super) package: PackageIx,
    /// The line's number or the release's version.
    pub(super) name: String,
    /// Its releases, oldest first; there is at least one.
    pub(super) ranks: Vec<Rank>,
    /// True if it is a line of releases.
    line: bool,
}

impl ReleaseGroup {
    /// Returns the release that stands for the others.
    pub(super) fn newest(&self) -> Rank {
        *self.ranks.last().expect("a group is made of its first release")
    }

    /// Returns whether some release of the group is in the set.
    pub(super) fn meets(&self, set: &ReleaseSet) -> bool {
        self.ranks.iter().any(|&rank| set.contains(rank))
    }

    pub(super) fn node(&self, catalog: &Catalog) -> Node {
        let package = catalog.package(self.package);
        let newest = package.version(self.newest()).text();
        let label = if self.line && newest != self.name {
            format!("{} {}\n{newest}", package.name, self.name)
        } else {
            format!("{} {newest}", package.name)
        };
        let kind = match package.kind {
            PackageKind::Core => NodeKind::CoreLine,
            PackageKind::Plugin | PackageKind::Bundle => NodeKind::PluginLine,
            PackageKind::Runtime | PackageKind::Platform => NodeKind::RuntimeLine,
        };
        Node { id: format!("{}@{}", package.name, self.name), label, kind }
    }
}

/// Returns the groups of a package's releases, oldest first.
pub(super) fn groups(
    catalog: &Catalog,
    package: PackageIx,
    only: Option<&ReleaseSet>,
    fold: Fold,
) -> Vec<ReleaseGroup> {
    let stated = catalog.package(package);
    let drawn = |rank: &Rank| match only {
        Some(set) => set.contains(*rank),
        None => is_usual(stated.release(*rank)),
    };
    let line = match fold {
        Fold::Lines => Some(line_step(stated)),
        Fold::Patches => None,
    };
    let mut groups: Vec<ReleaseGroup> = Vec::new();
    for rank in stated.ranks().filter(drawn) {
        let (name, is_line) = group_name(stated, rank, line);
        match groups.last_mut() {
            Some(last) if is_line && last.line && last.name == name => last.ranks.push(rank),
            Some(_) | None => {
                groups.push(ReleaseGroup { package, name, ranks: vec![rank], line: is_line });
            }
        }
    }
    groups
}

/// Returns whether a release is drawn without being asked for. Unlike for choosing, its needs may be unknown.
fn is_usual(release: &Release) -> bool {
    release.channel == Channel::Stable && release.withdrawn.is_none()
}

/// Returns the name of a release's group, and whether the group is a line. Opaque names have no lines.
fn group_name(package: &Package, rank: Rank, line: Option<Step>) -> (String, bool) {
    let version = package.version(rank);
    match line.filter(|_| !version.numbers().is_empty()) {
        Some(step) => (version.line(step).to_string(), true),
        None => (version.text().to_owned(), false),
    }
}

/// Returns the step that makes a line of a package: the first two numbers, or one where some release has no more.
fn line_step(package: &Package) -> Step {
    let releases = package.releases();
    if releases.iter().any(|release| release.version.numbers().len() == 1) {
        Step::Major
    } else {
        Step::Minor
    }
}
