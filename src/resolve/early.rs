//! Pre-releases that stated needs ask for by a bound.
//!
//! As in PEP 440, a range admits pre-releases if one of its bounds is one. Such a pre-release may be chosen unasked, but
//! only beside a release whose need names it, and only where no set does without it.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::problem::{Request, open};
use crate::catalog::{Catalog, Channel, Constraint, NeedKind, PackageIx, ReleaseId, ReleaseSet};
use crate::range::{Bare, Range};

/// Returns the request with the pre-releases allowed that the needs of some release name, if there are any.
pub(super) fn admitting(catalog: &Catalog, request: &Request) -> Option<Request> {
    if !request.early.is_empty() {
        return None;
    }
    let mut early: BTreeMap<PackageIx, ReleaseSet> = BTreeMap::new();
    let mut known = FxHashSet::default();
    let required = request.requirements.iter().map(|requirement| requirement.package);
    let mut reached: Vec<PackageIx> = required.filter(|&package| known.insert(package)).collect();
    let mut seen = FxHashSet::default();
    while let Some(package) = reached.pop() {
        let stated = catalog.package(package);
        for need in stated.ranks().flat_map(|rank| stated.needs(rank)) {
            if known.insert(need.target) {
                reached.push(need.target);
            }
            if need.kind != NeedKind::Conflicts && seen.insert(need.constraint) {
                let named = named(catalog, catalog.constraint(need.constraint));
                if !named.is_empty() {
                    early.entry(need.target).or_insert_with(ReleaseSet::none).union_with(&named);
                }
            }
        }
    }
    for (&package, releases) in &mut early {
        releases.subtract(&open(catalog, request, package));
    }
    early.retain(|_, releases| !releases.is_empty());
    (!early.is_empty()).then(|| Request { early, ..request.clone() })
}

/// Whether every release of a set that is there only because some need names it is named by a release of the set.
pub(super) fn is_backed(catalog: &Catalog, request: &Request, chosen: &[ReleaseId]) -> bool {
    let is_early = |&(package, rank): &ReleaseId| {
        request.early.get(&package).is_some_and(|early| early.contains(rank))
    };
    let names = |&(package, rank): &ReleaseId, (target, early): ReleaseId| {
        let needs = catalog.package(package).needs(rank).iter();
        let mut needs =
            needs.filter(|need| need.target == target && need.kind != NeedKind::Conflicts);
        needs.any(|need| named(catalog, catalog.constraint(need.constraint)).contains(early))
    };
    request.early.is_empty()
        || chosen
            .iter()
            .filter(|release| is_early(release))
            .all(|&early| chosen.iter().any(|release| names(release, early)))
}

/// Returns the pre-releases that a constraint admits because it names one.
fn named(catalog: &Catalog, constraint: &Constraint) -> ReleaseSet {
    let target = catalog.package(constraint.target);
    let is_plain = constraint.interface.is_some()
        || !constraint.text.contains(|c: char| c.is_ascii_alphabetic());
    let range = Range::parse(&constraint.text, &target.numbering, Bare::Exact);
    if is_plain || !range.is_ok_and(|range| range.names_prerelease()) {
        return ReleaseSet::none();
    }
    ReleaseSet::filled(target.len(), |rank| {
        let release = target.release(rank);
        constraint.allowed.contains(rank)
            && release.channel == Channel::Prerelease
            && release.withdrawn.is_none()
    })
}
