//! One change of a request, and the request with several of them.

use super::super::problem::{Prefer, Request, Requirement};
use super::super::statement::Statement;
use crate::catalog::{Catalog, Channel, PackageIx, PackageKind, Rank, ReleaseSet};

/// One change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum RequestChange {
    /// The requirement at a position gets a release that it does not name.
    Replace(usize),
    /// A release of a package that nobody required is asked for by its name, because it is not chosen
    /// unasked.
    Name(PackageIx),
    /// The requirement at a position is left out.
    Without(usize),
}

impl RequestChange {
    /// Returns the package that is asked for otherwise, or not at all any more.
    pub(super) fn package(self, request: &Request) -> PackageIx {
        match self {
            Self::Replace(at) | Self::Without(at) => request.requirements[at].package,
            Self::Name(package) => package,
        }
    }

    /// Returns the position of the requirement; one past the last if there was none.
    pub(super) fn position(self, request: &Request) -> usize {
        match self {
            Self::Replace(at) | Self::Without(at) => at,
            Self::Name(_) => request.requirements.len(),
        }
    }

    /// Returns the releases that may be asked for instead: any that may be chosen, and those that are
    /// only chosen by their name, but none that was withdrawn. None, if a requirement is left out.
    pub(super) fn releases(self, catalog: &Catalog, request: &Request) -> ReleaseSet {
        let package = self.package(request);
        let fits = |standing| match self {
            Self::Replace(_) => true,
            Self::Name(_) => standing != Standing::Free,
            Self::Without(_) => false,
        };
        let mut releases = ReleaseSet::filled(catalog.package(package).len(), |rank| {
            Standing::of(catalog, request, package, rank).is_some_and(fits)
        });
        if let Self::Replace(at) = self {
            releases.subtract(&request.requirements[at].releases);
        }
        releases
    }

    /// Whether the change may be made at all. What a request is about cannot be left out.
    pub(super) fn is_allowed(self, catalog: &Catalog, request: &Request) -> bool {
        match self {
            // Another platform is another machine.
            Self::Replace(_) | Self::Name(_)
                if catalog.package(self.package(request)).kind == PackageKind::Platform =>
            {
                false
            }
            Self::Replace(_) | Self::Name(_) => !self.releases(catalog, request).is_empty(),
            Self::Without(_) => catalog.package(self.package(request)).kind != PackageKind::Core,
        }
    }

    /// Whether a statement of the request is no longer the same after the change.
    pub(super) fn touches(self, request: &Request, statement: Statement) -> bool {
        match statement {
            Statement::Requirement(at) | Statement::Restriction(at) => {
                matches!(self, Self::Replace(place) | Self::Without(place) if place == at)
            }
            Statement::Unasked(package) => self.package(request) == package,
            Statement::Needs(..) | Statement::Pin(_) => false,
        }
    }
}

/// How freely a release may be proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// It may be chosen unasked.
    Free,
    /// It is not stable.
    Unstable,
    /// Its support has ended.
    Ended,
}

impl Standing {
    /// Returns how a release stands; `None` if it is never proposed.
    pub(super) fn of(
        catalog: &Catalog,
        request: &Request,
        package: PackageIx,
        rank: Rank,
    ) -> Option<Self> {
        let release = catalog.package(package).release(rank);
        let is_over = request.ended.get(&package).is_some_and(|ended| ended.contains(rank));
        if request.installed.get(&package) == Some(&rank) {
            Some(Self::Free)
        } else if release.withdrawn.is_some()
            || release.unreadable.is_some()
            || release.stray.is_some()
        {
            None
        } else if is_over {
            Some(Self::Ended)
        } else if release.channel != Channel::Stable {
            Some(Self::Unstable)
        } else {
            Some(Self::Free)
        }
    }
}

/// Changes of a request, and the releases that each leaves to be chosen from.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub(super) changes: Vec<(RequestChange, ReleaseSet)>,
}

impl Changed {
    /// Makes changes that leave everything open that may be asked for.
    pub(super) fn open(catalog: &Catalog, request: &Request, changes: &[RequestChange]) -> Self {
        let open = |&change: &RequestChange| (change, change.releases(catalog, request));
        Self { changes: changes.iter().map(open).collect() }
    }

    /// Returns the changed request, asking only whether there is any set, and the position that each of
    /// its requirements had.
    pub(super) fn request(&self, catalog: &Catalog, request: &Request) -> (Request, Vec<usize>) {
        let mut changed = Request { prefer: Prefer::Newest, ..request.clone() };
        let mut places = Vec::new();
        changed.requirements.clear();
        for (at, requirement) in request.requirements.iter().enumerate() {
            let replaced =
                self.changes.iter().find(|(change, _)| *change == RequestChange::Replace(at));
            if let Some((_, releases)) = replaced {
                changed.requirements.push(among(requirement.clone(), releases));
                places.push(at);
            } else if self.changes.iter().all(|(change, _)| *change != RequestChange::Without(at)) {
                changed.requirements.push(requirement.clone());
                places.push(at);
            }
        }
        for (change, releases) in &self.changes {
            if let &RequestChange::Name(package) = change {
                changed.requirements.push(among(Requirement::any(catalog, package), releases));
                places.push(request.requirements.len());
            }
        }
        (changed, places)
    }

    /// Returns the changed request with the one release that is left for each change.
    pub(super) fn pinned(&self, catalog: &Catalog, request: &Request) -> Option<Request> {
        let (mut pinned, places) = self.request(catalog, request);
        pinned.prefer = request.prefer;
        for (change, releases) in &self.changes {
            if let RequestChange::Without(_) = change {
                continue;
            }
            let package = change.package(request);
            let place = change.position(request);
            let mut requirements = pinned.requirements.iter_mut().zip(&places);
            let (requirement, _) = requirements
                .find(|(requirement, at)| requirement.package == package && **at == place)?;
            *requirement = Requirement::exactly(catalog, package, releases.newest()?);
        }
        Some(pinned)
    }
}

/// Requirements for one of some releases.
fn among(requirement: Requirement, releases: &ReleaseSet) -> Requirement {
    Requirement { releases: releases.clone(), pinned: None, restricted: true, ..requirement }
}
