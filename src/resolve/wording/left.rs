//! What the requirements and the facts said so far leave of each package.

use super::super::problem::{self, Request};
use super::super::statement::Statement;
use crate::catalog::{Catalog, Need, NeedKind, PackageIx, Pin, Rank, ReleaseSet};

/// What is left.
pub(super) struct Left<'c> {
    pub(super) catalog: &'c Catalog,
    request: &'c Request,
    domains: Vec<(PackageIx, ReleaseSet)>,
    /// Packages that are known to be in the set.
    there: Vec<PackageIx>,
}

impl<'c> Left<'c> {
    /// Starts with what the requirements leave.
    pub(super) fn new(catalog: &'c Catalog, request: &'c Request, kept: &[Statement]) -> Self {
        let mut left = Self { catalog, request, domains: Vec::new(), there: Vec::new() };
        for (at, requirement) in request.requirements.iter().enumerate() {
            if kept.contains(&Statement::Restriction(at)) {
                match left.domains.iter_mut().find(|(package, _)| *package == requirement.package) {
                    Some((_, domain)) => domain.intersect_with(&requirement.releases),
                    None => left.domains.push((requirement.package, requirement.releases.clone())),
                }
            }
            if kept.contains(&Statement::Requirement(at)) {
                left.there.push(requirement.package);
            }
        }
        left
    }

    /// Returns what is left of a package so far. Releases that may not be chosen unasked are spoken of
    /// on their own.
    pub(super) fn of(&self, package: PackageIx) -> ReleaseSet {
        let known = self.domains.iter().find(|(other, _)| *other == package);
        known.map_or_else(
            || problem::open(self.catalog, self.request, package),
            |(_, domain)| domain.clone(),
        )
    }

    /// Whether anything was said that leaves fewer releases of a package.
    pub(super) fn is_narrowed(&self, package: PackageIx) -> bool {
        self.domains.iter().any(|(other, _)| *other == package)
    }

    /// Whether a package is known to be in the set.
    pub(super) fn is_there(&self, package: PackageIx) -> bool {
        self.there.contains(&package)
    }

    /// Returns who asks in a statement of fact, and of whom.
    pub(super) fn ends(&self, statement: Statement) -> Option<(PackageIx, PackageIx)> {
        match statement {
            Statement::Needs(package, target) => Some((package, target)),
            Statement::Pin(package) => Some((package, self.catalog.pins_of(package).first()?.core)),
            Statement::Requirement(_) | Statement::Restriction(_) | Statement::Unasked(_) => None,
        }
    }

    /// Returns the releases that go with what is left of the package of which they ask something.
    pub(super) fn fitting(&self, statement: Statement) -> ReleaseSet {
        let Some((package, target)) = self.ends(statement) else {
            return ReleaseSet::empty(0);
        };
        let wanted = self.of(target);
        let mut fitting = self.of(package);
        for rank in self.of(package).iter() {
            let asked = asked(self.catalog, statement, rank);
            let may_lack = !self.is_there(target) && !asked.requires;
            if !may_lack && asked.fits.is_some_and(|fits| !fits.meets(&wanted)) {
                fitting = without(&fitting, rank);
            }
        }
        fitting
    }

    /// Takes away what does not go with a fact, of both packages; but never all, for something must be
    /// left to speak of.
    pub(super) fn narrow(&mut self, statement: Statement) {
        let Some((package, target)) = self.ends(statement) else { return };
        if !self.is_there(package) {
            return;
        }
        let fitting = self.fitting(statement);
        let asking: Vec<_> =
            fitting.iter().map(|rank| asked(self.catalog, statement, rank)).collect();
        let len = self.catalog.package(target).len();
        let mut accepted = ReleaseSet::empty(len);
        for one in &asking {
            let fits = one.fits.clone().unwrap_or_else(|| ReleaseSet::full(len));
            accepted.union_with(&fits);
        }
        if !asking.is_empty() && asking.iter().all(|one| one.requires) && !self.is_there(target) {
            self.there.push(target);
        }
        accepted.intersect_with(&self.of(target));
        self.set(package, fitting);
        self.set(target, accepted);
    }

    fn set(&mut self, package: PackageIx, releases: ReleaseSet) {
        if !releases.is_empty() && releases != self.of(package) {
            self.domains.retain(|(other, _)| *other != package);
            self.domains.push((package, releases));
        }
    }
}

fn without(set: &ReleaseSet, rank: Rank) -> ReleaseSet {
    let mut only = set.clone();
    only.subtract(set);
    only.insert(rank);
    let mut rest = set.clone();
    rest.subtract(&only);
    rest
}

/// What one release asks of a package.
struct AskedOf {
    /// The releases with which it is content; `None` if it asks nothing.
    fits: Option<ReleaseSet>,
    /// Whether the package must be there.
    requires: bool,
}

fn asked(catalog: &Catalog, statement: Statement, rank: Rank) -> AskedOf {
    let mut asking = AskedOf { fits: None, requires: false };
    let mut narrow = |fits: ReleaseSet| match &mut asking.fits {
        Some(known) => known.intersect_with(&fits),
        None => asking.fits = Some(fits),
    };
    match statement {
        Statement::Needs(package, target) => {
            for need in needs(catalog, (package, rank), target) {
                narrow(fits(catalog, need));
                asking.requires |= need.kind == NeedKind::Requires;
            }
        }
        Statement::Pin(package) => {
            if let Some(pin) = pin(catalog, package, rank) {
                narrow(pin.cores.clone());
            }
        }
        Statement::Requirement(_) | Statement::Restriction(_) | Statement::Unasked(_) => {}
    }
    asking
}

/// Returns what a release asks of a package, in a fixed order.
pub(super) fn needs(
    catalog: &Catalog,
    (package, rank): (PackageIx, Rank),
    target: PackageIx,
) -> Vec<&Need> {
    let constraint = |need: &Need| catalog.constraint(need.constraint);
    let needs = catalog.package(package).needs(rank).iter();
    let mut needs: Vec<_> = needs.filter(|need| constraint(need).target == target).collect();
    // Not that of the file.
    needs.sort_by_key(|need| (need.kind, &constraint(need).text));
    needs
}

/// Returns what the family says of a release.
pub(super) fn pin(catalog: &Catalog, package: PackageIx, rank: Rank) -> Option<&Pin> {
    catalog.pins_of(package).iter().find(|pin| pin.release.1 == rank)
}

/// Returns the releases of its target with which a need is content.
pub(super) fn fits(catalog: &Catalog, need: &Need) -> ReleaseSet {
    let constraint = catalog.constraint(need.constraint);
    match need.kind {
        NeedKind::Requires | NeedKind::Optional => constraint.allowed.clone(),
        NeedKind::Conflicts => {
            let mut rest = ReleaseSet::full(catalog.package(constraint.target).len());
            rest.subtract(&constraint.allowed);
            rest
        }
    }
}
