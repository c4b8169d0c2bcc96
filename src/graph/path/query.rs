//! What was asked of the search for a path, and by which rules it is answered.

use super::super::notes::rules_of;
use crate::catalog::{Catalog, FeatureSet, PackageIx, ReleaseId, Stop, Upgrades};

/// A question for a path between two releases.
#[derive(Clone, Copy)]
pub(super) struct PathQuery<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) from: ReleaseId,
    pub(super) to: ReleaseId,
    pub(super) features: FeatureSet,
}

/// The direction of a path: to newer releases or back to older ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PathDirection {
    Up,
    Down,
}

/// The route of a path: over releases of which package, in which direction, by which rules.
pub(super) struct Route<'c> {
    /// The package whose releases may lie on the way.
    pub(super) package: PackageIx,
    pub(super) direction: PathDirection,
    pub(super) rules: Option<&'c Upgrades>,
}

impl<'c> PathQuery<'c> {
    /// Returns the route; `None` if neither package takes the place of the other.
    pub(super) fn route(&self) -> Option<Route<'c>> {
        let (from, to) = (self.from, self.to);
        let rules = rules_of(self.catalog, from.0, to.0);
        let up = match rules {
            _ if from.0 == to.0 => to.1 > from.1,
            Some(rules) => rules.package == to.0,
            None => return None,
        };
        Some(if up {
            Route { package: to.0, direction: PathDirection::Up, rules }
        } else {
            Route { package: from.0, direction: PathDirection::Down, rules }
        })
    }

    /// Returns whether the release is one to stop at. Stops name releases of the package that has the rules.
    pub(super) fn is_via(&self, stop: &Stop, (package, rank): ReleaseId) -> bool {
        let owner = rules_of(self.catalog, self.from.0, self.to.0).map(|rules| rules.package);
        owner == Some(package) && stop.via.contains(rank)
    }

    /// Returns the name of a step in findings.
    pub(super) fn subject(&self, from: ReleaseId, to: ReleaseId) -> String {
        let end = if from.0 == to.0 {
            self.catalog.version(to).to_owned()
        } else {
            self.catalog.label(to)
        };
        format!("{} -> {end}", self.catalog.label(from))
    }
}
