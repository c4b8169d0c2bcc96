//! Which packages take the place of which, and whose upgrade policy counts.

use crate::catalog::{Catalog, PackageIx, ReleaseId, Upgrades};
use crate::deployment::Node;

/// Returns the packages that a target can take the place of, itself first.
pub(super) fn sources(catalog: &Catalog, package: PackageIx) -> Vec<PackageIx> {
    let replaced = catalog.upgrades(package).into_iter();
    let replaced = replaced.flat_map(|upgrades| upgrades.from_packages.iter().copied());
    std::iter::once(package).chain(replaced).collect()
}

/// Returns the package whose policy a change of a package falls under: its own, or that of its core.
pub(super) fn product(catalog: &Catalog, package: PackageIx) -> PackageIx {
    match catalog.upgrades(package) {
        Some(_) => package,
        None => catalog.package(package).core.unwrap_or(package),
    }
}

/// Returns the policy that a change of a package falls under.
pub(super) fn policy(catalog: &Catalog, package: PackageIx) -> Option<&Upgrades> {
    catalog.upgrades(product(catalog, package))
}

/// Returns what a node runs of a package, or of what the package takes the place of.
pub(super) fn running(catalog: &Catalog, node: &Node, package: PackageIx) -> Option<ReleaseId> {
    sources(catalog, package).into_iter().find_map(|source| node.running(source))
}

/// Returns the release that a node moves away from when it goes to `to`.
pub(super) fn moves_from(catalog: &Catalog, node: &Node, to: ReleaseId) -> ReleaseId {
    running(catalog, node, to.0).unwrap_or(to)
}

/// Returns whether a node runs a package or something that it can take the place of, in whatever version.
pub(super) fn runs(catalog: &Catalog, node: &Node, package: PackageIx) -> bool {
    sources(catalog, package)
        .iter()
        .any(|source| node.packages.contains_key(source) || node.untold.contains(source))
}
