//! Why this release and no better one.
//!
//! What was decided before a package stands, so the question is: do all of these and a better release
//! of this package go together? They do not, or it would have been chosen; and why not is explained as
//! any impossible request.

use super::conflict;
use super::problem::{Domains, Origin, Prefer, Request, Requirement};
use super::wording;
use crate::answer::selection::{Selection, Why};
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseId, ReleaseSet};

/// Returns why a package of a set has the release that it has; `None` if it is not in the set. The set
/// must be the one that [`super::resolve`] finds for the request.
pub fn why(
    catalog: &Catalog,
    request: &Request,
    selection: &Selection,
    package: PackageIx,
) -> Option<Why> {
    let place = selection.picks.iter().position(|pick| pick.release.0 == package)?;
    let chosen = selection.picks[place].release;
    let better = better(catalog, request, chosen);
    let clashes = if better.is_empty() {
        Vec::new()
    } else {
        let before: Vec<ReleaseId> =
            selection.picks[..place].iter().map(|pick| pick.release).collect();
        let asked = asked(catalog, request, &before, (package, &better));
        let mut budget = request.budget;
        let kept = conflict::minimal(catalog, &asked, &mut budget);
        wording::clashes(catalog, &asked, &kept, &mut budget)
    };
    Some(Why { chosen, better, clashes, barred: barred(catalog, request, chosen) })
}

/// Returns what the request leaves of a package and prefers to a release, the best first.
fn better(catalog: &Catalog, request: &Request, (package, chosen): ReleaseId) -> Vec<ReleaseId> {
    let left = Domains::new(catalog, request).left(package);
    let order = super::preference::order_of(catalog, request, package);
    let before = order.into_iter().take_while(|&rank| rank != chosen);
    before.filter(|&rank| left.contains(rank)).map(|rank| (package, rank)).collect()
}

/// Asks for what was decided before, and for a better release.
fn asked(
    catalog: &Catalog,
    request: &Request,
    before: &[ReleaseId],
    (package, better): (PackageIx, &[ReleaseId]),
) -> Request {
    let mut asked = Request { prefer: Prefer::Newest, ..request.clone() };
    asked.requirements.retain(|requirement| requirement.package != package);
    for &release in before {
        // A requirement that leaves nothing but what was decided is said as it was made.
        let said = asked.requirements.iter().any(|requirement| {
            requirement.package == release.0
                && requirement.restricted
                && requirement.releases.count() == 1
        });
        if !said {
            let exactly = Requirement::exactly(catalog, release.0, release.1);
            asked.requirements.retain(|requirement| requirement.package != release.0);
            let text = catalog.label(release);
            asked.requirements.push(Requirement { text, origin: Origin::Decided, ..exactly });
        }
    }
    let mut releases = ReleaseSet::empty(catalog.package(package).len());
    for &(_, rank) in better {
        releases.insert(rank);
    }
    let name = &catalog.package(package).name;
    let text = match better {
        [only] => catalog.label(*only),
        [best, .., least] => {
            format!("{name} {} to {}", catalog.version(*least), catalog.version(*best))
        }
        [] => name.clone(),
    };
    asked.requirements.push(Requirement {
        package,
        named: releases.clone(),
        releases,
        pinned: None,
        restricted: true,
        text,
        origin: Origin::Better,
    });
    asked
}

/// Returns newer releases that are not chosen unasked, and why, the newest first.
fn barred(
    catalog: &Catalog,
    request: &Request,
    (package, chosen): ReleaseId,
) -> Vec<(ReleaseId, String)> {
    let open = Domains::new(catalog, request).open(package);
    let newer = catalog.package(package).ranks().rev().take_while(|&rank| rank > chosen);
    newer
        .filter(|&rank: &Rank| !open.contains(rank))
        .map(|rank| {
            let release = (package, rank);
            (release, wording::state(request, catalog, release).to_owned())
        })
        .collect()
}
