//! The set that is looked at.

use crate::catalog::{Catalog, PackageIx, Rank, ReleaseId};

/// The set that is looked at.
pub(super) struct Picks<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) releases: &'a [ReleaseId],
    pub(super) asked: &'a [PackageIx],
}

impl Picks<'_> {
    pub(super) fn rank_of(&self, package: PackageIx) -> Option<Rank> {
        self.releases.iter().find(|(chosen, _)| *chosen == package).map(|(_, rank)| *rank)
    }

    /// Returns a version in the spelling of a request, `dagster-aws@0.29.27`.
    pub(super) fn spec(&self, (package, rank): ReleaseId) -> String {
        let stated = self.catalog.package(package);
        format!("{}@{}", stated.name, stated.version(rank))
    }
}
