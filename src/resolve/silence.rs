//! Where the list of a plugin is silent: it ends before a release of its core, or begins after it, so that nobody can
//! say whether there is a release for it.

use crate::catalog::{Catalog, Listing, PackageIx, Rank, ReleaseId, ReleaseSet};

/// Why nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// The list of the plugin's releases ends before this core.
    Beyond,
    /// The list begins after it.
    Before,
}

impl Silence {
    /// Says what is silent, as a sentence without a full stop.
    pub(super) fn text(self, catalog: &Catalog, plugin: PackageIx, core: ReleaseId) -> String {
        let stated = catalog.package(plugin);
        let (name, label) = (&stated.name, catalog.label(core));
        match self {
            Self::Beyond => format!("the list of {name} ends before {label}"),
            Self::Before => match &stated.listed_from {
                Some(first) => {
                    format!("the list of {name} begins with {first}, which is for a later core")
                }
                None => format!("the list of {name} begins after {label}"),
            },
        }
    }
}

/// Says whether a release of the core lies outside of all that the list of the plugin's releases is about: after
/// its end where it is partial, before its beginning where it is said to leave older releases out.
pub(super) fn listing(
    catalog: &Catalog,
    plugin: PackageIx,
    core: PackageIx,
    at: Rank,
) -> Option<Silence> {
    let package = catalog.package(plugin);
    let served = |rank| {
        let needs = package.needs(rank).iter().filter(|need| need.target == core);
        needs.map(|need| &catalog.constraint(need.constraint).allowed)
    };
    let later = |set: &ReleaseSet| set.iter().any(|rank| rank >= at);
    if package.listing == Listing::Partial && !package.ranks().flat_map(served).any(later) {
        return Some(Silence::Beyond);
    }
    let first = package.listed_from.as_ref()?;
    let within = |rank: &Rank| !package.version(*rank).is_before(first);
    let earlier = |set: &ReleaseSet| set.oldest().is_some_and(|rank| rank <= at);
    let is_known = package.ranks().filter(within).flat_map(served).any(earlier);
    (!is_known).then_some(Silence::Before)
}
