//! Where the facts are silent: no listed release of a plugin is known to work with a release of its core, and
//! yet nobody can say that there is none.
//!
//! Owns the one answer that grids and steps share. A release that clearly does not work is no reason to be
//! silent, nor is one that would not be chosen unasked, such as a candidate or what was withdrawn.

use crate::catalog::{Catalog, Channel, Listing, NeedKind, PackageIx, Rank, ReleaseId, ReleaseSet};
use crate::resolve::Requirement;

/// Why nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// The requirements of a release on its core are not stated, or could not be read.
    Unread(Rank),
    /// True if the release of the core has what a release of the plugin asks for is not stated.
    Unstated(Rank),
    /// The list of the plugin's releases ends before this core.
    Beyond,
    /// The list begins after it.
    Before,
}

impl Silence {
    /// Says what is silent, as a sentence without a full stop.
    pub fn text(self, catalog: &Catalog, plugin: PackageIx, core: ReleaseId) -> String {
        let stated = catalog.package(plugin);
        let (name, label) = (&stated.name, catalog.label(core));
        match self {
            Self::Unread(rank) => {
                let why = stated.release(rank).unreadable.as_deref();
                let why = why.unwrap_or("its requirements are not known");
                format!("{}: {why}", catalog.label((plugin, rank)))
            }
            Self::Unstated(rank) => {
                let release = catalog.label((plugin, rank));
                format!("no fact says whether {label} has what {release} needs")
            }
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

/// Returns why nobody knows if some release of a plugin works with a release of the core, though none that is
/// listed is known to.
pub fn silence(
    catalog: &Catalog,
    plugin: &Requirement,
    core: PackageIx,
    at: Rank,
) -> Option<Silence> {
    // Where the list ends does not matter to who asks for one release of it.
    let listing = || listing(catalog, plugin.package, core, at).filter(|_| plugin.pinned.is_none());
    release(catalog, plugin, core, at).or_else(listing)
}

fn release(catalog: &Catalog, plugin: &Requirement, core: PackageIx, at: Rank) -> Option<Silence> {
    let package = catalog.package(plugin.package);
    let is_meant = |rank: &Rank| plugin.pinned.is_none_or(|pinned| pinned == *rank);
    package.ranks().rev().filter(is_meant).find_map(|rank| {
        let release = package.release(rank);
        let likely = release.channel == Channel::Stable && release.stray.is_none();
        let asked = plugin.pinned.is_some() || (likely && release.withdrawn.is_none());
        if release.unreadable.is_some() && asked {
            return Some(Silence::Unread(rank));
        }
        let needs = package.needs(rank).iter().filter(|need| need.target == core);
        let mut needs = needs.filter(|need| need.kind != NeedKind::Conflicts).peekable();
        let unstated =
            |set: &ReleaseSet, other: &ReleaseSet| set.contains(at) && !other.contains(at);
        let is_open = plugin.releases.contains(rank)
            && needs.peek().is_some()
            && needs.all(|need| {
                let constraint = catalog.constraint(need.constraint);
                unstated(&constraint.unknown, &constraint.allowed)
            });
        is_open.then_some(Silence::Unstated(rank))
    })
}

/// Says whether a release of the core lies outside of all that the list of the plugin's releases is about: after
/// its end where it is partial, before its beginning where it is said to leave older releases out.
fn listing(catalog: &Catalog, plugin: PackageIx, core: PackageIx, at: Rank) -> Option<Silence> {
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
