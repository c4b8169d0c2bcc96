//! Releases that are not chosen unasked, and why.

use rustc_hash::FxHashSet;

use super::super::problem::{Request, Requirement};
use super::super::search::{StatementVerdict, judge};
use super::super::statement::{Statement, StatementScope};
use crate::answer::selection::Clash;
use crate::catalog::{Catalog, Channel, PackageIx, ReleaseId, ReleaseSet};
use crate::finding::Cite;
use crate::lifecycle::ended_reason;

const WITHDRAWN: &str = "withdrawn";
const NOT_STABLE: &str = "not stable";
const NOT_KNOWN: &str = "of unknown requirements";
const STRAY: &str = "without a core of its family";
const ENDED: &str = "past the end of its support";
const FIT: &str = "free to be chosen";

/// Says what keeps a release from being chosen unasked, as what it is.
pub(in super::super) fn state(
    request: &Request,
    catalog: &Catalog,
    (package, rank): ReleaseId,
) -> &'static str {
    let release = catalog.package(package).release(rank);
    let is_over = request.ended.get(&package).is_some_and(|ended| ended.contains(rank));
    match (&release.withdrawn, release.channel) {
        (Some(_), _) => WITHDRAWN,
        (None, Channel::Prerelease | Channel::Development) => NOT_STABLE,
        (None, Channel::Stable) if release.unreadable.is_some() => NOT_KNOWN,
        (None, Channel::Stable) if release.stray.is_some() => STRAY,
        (None, Channel::Stable) if is_over => ENDED,
        (None, Channel::Stable) => FIT,
    }
}

/// Says the same as a sentence about one release, with what is known about the reason, and where that
/// is known from.
fn sentence(request: &Request, catalog: &Catalog, id: ReleaseId) -> (String, Option<Cite>) {
    let (package, rank) = id;
    let stated = catalog.package(package);
    let release = stated.release(rank);
    let known = release.fact.map(|fact| catalog.cite_for(fact, Some(id)));
    let state = state(request, catalog, id);
    match state {
        WITHDRAWN => {
            let why = release.withdrawn.as_deref().unwrap_or_default();
            (format!("it was withdrawn: {why}"), known)
        }
        NOT_KNOWN => {
            let why = release.unreadable.as_deref().unwrap_or_default();
            (format!("what it needs is not known: {why}"), known)
        }
        STRAY => {
            let core = stated.core.map_or("core", |core| catalog.package(core).name.as_str());
            let family = release.stray.map(|fact| catalog.cite_for(fact, Some(id)));
            (format!("its family has no {core} of that number"), family.or(known))
        }
        ENDED => match request.day.and_then(|day| ended_reason(catalog, id, day)) {
            Some((reason, cite)) => (format!("it is {ENDED}: {reason}"), cite),
            None => (format!("it is {ENDED}"), known),
        },
        _ => (format!("it is {state}"), known),
    }
}

/// Says of each release that was named what keeps it from being chosen: of many, of the newest.
pub(super) fn each(catalog: &Catalog, request: &Request, named: &[ReleaseId]) -> String {
    const TOLD: usize = 3;
    let told = named.iter().rev().take(TOLD).map(|&release| {
        let (reason, _) = sentence(request, catalog, release);
        let reason = reason.strip_prefix("it ").unwrap_or(&reason);
        // Some reasons are about the release, some are sentences of their own.
        let is_apart = reason.starts_with("what") || reason.starts_with("its");
        let linked = if is_apart { ": " } else { " " };
        format!("{}{linked}{reason}", catalog.label(release))
    });
    let mut told: Vec<_> = told.collect();
    if let Some(more @ 1..) = named.len().checked_sub(TOLD) {
        told.push(format!("and {more} more that may not be chosen unasked"));
    }
    told.join("; ")
}

/// Names the release that would do if it could be chosen unasked.
pub(super) fn clash(
    catalog: &Catalog,
    request: &Request,
    kept: &[Statement],
    package: PackageIx,
    budget: &mut u64,
) -> Clash {
    let picked = would_do(catalog, request, kept, package, budget);
    let Some(release) = picked else {
        let name = &catalog.package(package).name;
        let text = format!("of {name}, {}", all(catalog, request, package));
        return Clash { text, cite: None };
    };
    let (reason, cite) = sentence(request, catalog, release);
    Clash { text: format!("{} would do, but {reason}", catalog.label(release)), cite }
}

/// Returns the newest release that would do if it could be chosen unasked; one that was withdrawn, or of
/// which is not known what it needs, only if there is no other.
fn would_do(
    catalog: &Catalog,
    request: &Request,
    kept: &[Statement],
    package: PackageIx,
    budget: &mut u64,
) -> Option<ReleaseId> {
    let better = ReleaseSet::filled(catalog.package(package).len(), |rank| {
        let state = state(request, catalog, (package, rank));
        [NOT_STABLE, ENDED, FIT].contains(&state)
    });
    let requirement =
        Requirement { releases: better, restricted: true, ..Requirement::any(catalog, package) };
    let mut request = request.clone();
    request.requirements.push(requirement);
    let without = kept.iter().copied().filter(|&other| other != Statement::Unasked(package));
    let any: FxHashSet<Statement> = without.collect();
    let mut narrow = any.clone();
    let at = request.requirements.len() - 1;
    narrow.extend([Statement::Requirement(at), Statement::Restriction(at)]);
    [narrow, any].into_iter().find_map(|scope| {
        match judge(catalog, &request, StatementScope::Only(scope), budget) {
            StatementVerdict::Possible(set) => {
                set.into_iter().find(|(picked, _)| *picked == package)
            }
            StatementVerdict::Contradiction(_) | StatementVerdict::OutOfBudget => None,
        }
    })
}

/// Says why none of a package's releases may be chosen unasked.
pub(super) fn all(catalog: &Catalog, request: &Request, package: PackageIx) -> String {
    let stated = catalog.package(package);
    let states: Vec<_> =
        stated.ranks().map(|rank| state(request, catalog, (package, rank))).collect();
    let kinds = [WITHDRAWN, NOT_STABLE, NOT_KNOWN, STRAY, ENDED];
    let counts = kinds.map(|kind| (states.iter().filter(|&&state| state == kind).count(), kind));
    let count = stated.len();
    let parts: Vec<_> = counts.into_iter().filter(|(part, _)| *part > 0).collect();
    match (count, parts.as_slice()) {
        (1, [(_, kind)]) => {
            format!("its only release, {}, is {kind}", stated.releases()[0].version)
        }
        (2, [(2, kind)]) => format!("both its releases are {}", plural(kind)),
        (_, [(all, kind)]) if *all == count => {
            format!("all its {count} releases are {}", plural(kind))
        }
        (_, parts) => {
            let parts: Vec<_> = parts
                .iter()
                .map(|(part, kind)| match part {
                    1 => format!("1 is {kind}"),
                    part => format!("{part} are {}", plural(kind)),
                })
                .collect();
            format!("none of its {count} releases may be chosen unasked: {}", parts.join(", "))
        }
    }
}

fn plural(kind: &str) -> String {
    kind.replace(" its ", " their ")
}
