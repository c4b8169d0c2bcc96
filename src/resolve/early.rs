//! Pre-releases that stated needs ask for by a bound.
//!
//! As in PEP 440, a range admits pre-releases if one of its bounds is one. Such a pre-release may be chosen unasked, but
//! only where no set does without it.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::problem::Request;
use crate::catalog::{Catalog, Channel, Constraint, NeedKind, PackageIx, ReleaseSet};
use crate::range::{Bare, Range};

/// Returns the request with the pre-releases allowed that the needs of some release name, if there are any.
pub fn admitting(catalog: &Catalog, request: &Request) -> Option<Request> {
    if !request.early.is_empty() {
        return None;
    }
    let mut early: BTreeMap<PackageIx, ReleaseSet> = BTreeMap::new();
    let mut known = FxHashSet::default();
    let required = request.requirements.iter().map(|requirement| requirement.package);
    let mut open: Vec<PackageIx> = required.filter(|&package| known.insert(package)).collect();
    let mut seen = FxHashSet::default();
    while let Some(package) = open.pop() {
        let stated = catalog.package(package);
        for need in stated.ranks().flat_map(|rank| stated.needs(rank)) {
            if known.insert(need.target) {
                open.push(need.target);
            }
            if need.kind != NeedKind::Conflicts && seen.insert(need.constraint) {
                let named = named(catalog, catalog.constraint(need.constraint));
                if !named.is_empty() {
                    early.entry(need.target).or_insert_with(ReleaseSet::none).union_with(&named);
                }
            }
        }
    }
    (!early.is_empty()).then(|| Request { early, ..request.clone() })
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
