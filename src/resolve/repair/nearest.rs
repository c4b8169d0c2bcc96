//! What to ask for instead: the release that is nearest to what was asked, among those with a solution.
//!
//! A release is as far away as there are releases between it and what was asked that could be chosen as
//! well; of two that are equally far the newer one is nearer. Allowing more releases never takes a
//! solution away, so the nearest one is found by halving. If several requirements are changed, the first of
//! them gets its nearest release, then, given that, the second.

use std::cmp::Reverse;

use super::super::problem::Request;
use super::super::wording;
use super::asking::RepairSearch;
use super::change::{Changed, RequestChange, Standing};
use crate::answer::selection::Repair;
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseSet};
use crate::version::Step;

/// A repair, and the changes that it consists of.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    /// Each change, with the release that is asked for.
    #[cfg_attr(not(test), expect(dead_code, reason = "only tests look at the changes one by one"))]
    pub(super) changes: Vec<(RequestChange, Option<Rank>)>,
    /// Where it stands among the others.
    pub(super) rank: RepairPlace,
    pub(super) repair: Repair,
}

/// The worst kind of change, the largest step, and the requirements: the last ones first.
pub(super) type RepairPlace = (u8, Reverse<Step>, Reverse<Vec<usize>>);

/// Returns the repair that some changes come to; `None` if what is left out comes back because another
/// package needs it, or no steps are left.
pub(super) fn proposal(
    solver: &mut RepairSearch<'_>,
    changes: &[RequestChange],
) -> Option<Proposal> {
    let RepairSearch { catalog, request, .. } = *solver;
    let mut changes = changes.to_vec();
    changes.sort_by_key(|change| {
        (change.position(request), catalog.name_rank(change.package(request)))
    });
    let mut changed = least_odd(solver, &changes)?;
    for at in 0..changed.changes.len() {
        if !matches!(changed.changes[at].0, RequestChange::Without(_)) {
            solver.settle(&mut changed, at)?;
        }
    }
    let picks = solver.picks(&changed.pinned(catalog, request)?)?;
    let back = |change: &RequestChange| {
        let package = change.package(request);
        matches!(change, RequestChange::Without(_))
            && picks.iter().any(|pick| pick.release.0 == package)
    };
    if changes.iter().any(back) {
        return None;
    }
    let newest = solver.newest(&changed);
    let asked: Vec<(RequestChange, Option<Rank>)> =
        changed.changes.iter().map(|(change, releases)| (*change, releases.newest())).collect();
    let text = text(catalog, request, &asked, newest);
    let rank = place(catalog, request, &asked);
    Some(Proposal { changes: asked, rank, repair: Repair { text, picks } })
}

/// Leaves of the releases only those that may be chosen unasked, if they suffice; else also those that
/// are not stable; else all.
fn least_odd(solver: &mut RepairSearch<'_>, changes: &[RequestChange]) -> Option<Changed> {
    let RepairSearch { catalog, request, .. } = *solver;
    let open = Changed::open(catalog, request, changes);
    [Standing::Free, Standing::Unstable, Standing::Ended].into_iter().find_map(|worst| {
        let mut changed = open.clone();
        for (change, releases) in &mut changed.changes {
            let package = change.package(request);
            let fits = |rank| Standing::of(catalog, request, package, rank) <= Some(worst);
            *releases = ReleaseSet::filled(catalog.package(package).len(), |rank| {
                releases.contains(rank) && fits(rank)
            });
        }
        let (asked, _) = changed.request(catalog, request);
        solver.solve(&asked).map(|_| changed)
    })
}

impl RepairSearch<'_> {
    /// Leaves of one change's releases only the nearest that has a solution.
    fn settle(&mut self, changed: &mut Changed, at: usize) -> Option<()> {
        let (change, releases) = &changed.changes[at];
        let order = order(self.catalog, self.request, *change, releases);
        let place = self.shortest(changed, at, &order)?;
        changed.changes[at].1 = self.set(changed, at, &order[place..=place]);
        Some(())
    }

    /// Returns where, in an order of one change's releases, the first is with which there is a
    /// solution.
    fn shortest(&mut self, changed: &Changed, at: usize, order: &[Rank]) -> Option<usize> {
        let mut changed = changed.clone();
        // With so many of the order there is no solution, and with so many there is one.
        let (mut without, mut with) = (0, self.found(&mut changed, at, order)?);
        while with - without > 1 {
            let middle = usize::midpoint(without, with);
            match self.found(&mut changed, at, &order[..middle]) {
                Some(found) => with = found,
                None if self.left == 0 => return None,
                None => without = middle,
            }
        }
        Some(with - 1)
    }

    /// Returns how many of an order must be allowed for the set that is found with all of it.
    fn found(&mut self, changed: &mut Changed, at: usize, order: &[Rank]) -> Option<usize> {
        changed.changes[at].1 = self.set(changed, at, order);
        let (asked, _) = changed.request(self.catalog, self.request);
        let found = self.solve(&asked)?;
        let package = changed.changes[at].0.package(self.request);
        let (_, rank) = *found.iter().find(|(picked, _)| *picked == package)?;
        order.iter().position(|&other| other == rank).map(|place| place + 1)
    }

    /// Returns the newest release that would do, if a single requirement is changed and that is more than a patch
    /// newer than the nearest.
    fn newest(&mut self, changed: &Changed) -> Option<Rank> {
        let RepairSearch { catalog, request, .. } = *self;
        let [(change @ RequestChange::Replace(_), nearest)] = changed.changes.as_slice() else {
            return None;
        };
        let (package, nearest) = (change.package(request), nearest.newest()?);
        let stated = catalog.package(package);
        let asked = change.releases(catalog, request);
        let newer = stated.ranks().rev().take_while(|&rank| rank > nearest);
        let newer: Vec<Rank> = newer
            .filter(|&rank| {
                let standing = Standing::of(catalog, request, package, rank);
                asked.contains(rank) && standing == Some(Standing::Free)
            })
            .collect();
        let newest = newer[self.shortest(changed, 0, &newer)?];
        let step = stated.version(nearest).step_to(stated.version(newest));
        step.is_some_and(|step| step != Step::Patch).then_some(newest)
    }

    fn set(&self, changed: &Changed, at: usize, ranks: &[Rank]) -> ReleaseSet {
        let package = changed.changes[at].0.package(self.request);
        let mut set = ReleaseSet::empty(self.catalog.package(package).len());
        for &rank in ranks {
            set.insert(rank);
        }
        set
    }
}

/// Returns the releases of a change, the nearest to what was asked first.
fn order(
    catalog: &Catalog,
    request: &Request,
    change: RequestChange,
    releases: &ReleaseSet,
) -> Vec<Rank> {
    let package = change.package(request);
    let standing = |rank| Standing::of(catalog, request, package, rank);
    let asked = asked(catalog, request, change);
    // For each release, how many that may be chosen are not newer.
    let counts: Vec<usize> = catalog
        .package(package)
        .ranks()
        .scan(0, |count, rank| {
            *count += usize::from(standing(rank) == Some(Standing::Free));
            Some(*count)
        })
        .collect();
    let between = |one: Rank, other: Rank| match (one.min(other).ix(), one.max(other).ix()) {
        (low, high) if low < high => counts[high - 1] - counts[low],
        _ => 0,
    };
    let away = |rank: Rank| asked.iter().map(|asked| between(rank, asked)).min().unwrap_or(0);
    let mut order: Vec<Rank> = releases.iter().collect();
    order.sort_by_cached_key(|&rank| (standing(rank), away(rank), Reverse(rank)));
    order
}

/// Returns the releases that a change starts from: those that the requirement names, or may be chosen unasked.
fn asked(catalog: &Catalog, request: &Request, change: RequestChange) -> ReleaseSet {
    match change {
        RequestChange::Replace(at) | RequestChange::Without(at) => {
            let requirement = &request.requirements[at];
            let is_empty = requirement.releases.is_empty();
            if is_empty { requirement.named.clone() } else { requirement.releases.clone() }
        }
        RequestChange::Name(package) => {
            ReleaseSet::filled(catalog.package(package).len(), |rank| {
                Standing::of(catalog, request, package, rank) == Some(Standing::Free)
            })
        }
    }
}

/// Returns where a repair stands among others.
fn place(
    catalog: &Catalog,
    request: &Request,
    asked: &[(RequestChange, Option<Rank>)],
) -> RepairPlace {
    let kind = |&(change, rank): &(RequestChange, Option<Rank>)| {
        let package = change.package(request);
        match rank.and_then(|rank| Standing::of(catalog, request, package, rank)) {
            Some(Standing::Free) => 0,
            Some(Standing::Unstable) => 1,
            Some(Standing::Ended) => 3,
            None => 2,
        }
    };
    let step = |&(change, rank): &(RequestChange, Option<Rank>)| {
        let Some(rank) = rank else { return Step::Patch };
        let package = catalog.package(change.package(request));
        let from = self::asked(catalog, request, change);
        let near = from.iter().min_by_key(|asked| asked.ix().abs_diff(rank.ix()));
        let step = near.and_then(|near| package.version(near).step_to(package.version(rank)));
        step.unwrap_or(Step::Major)
    };
    let mut places: Vec<usize> = asked.iter().map(|(change, _)| change.position(request)).collect();
    places.sort_unstable();
    (
        asked.iter().map(kind).max().unwrap_or(0),
        asked.iter().map(|one| Reverse(step(one))).max().unwrap_or(Reverse(Step::Patch)),
        Reverse(places),
    )
}

/// Says what to change.
fn text(
    catalog: &Catalog,
    request: &Request,
    asked: &[(RequestChange, Option<Rank>)],
    newest: Option<Rank>,
) -> String {
    let mut replaced: Vec<String> = Vec::new();
    let mut left_out: Vec<&str> = Vec::new();
    for &(change, rank) in asked {
        match (change, rank) {
            (RequestChange::Replace(at), Some(rank)) => {
                replaced.push(instead(catalog, request, at, (rank, newest)));
            }
            (RequestChange::Name(package), Some(rank)) => {
                replaced.push(by_name(catalog, request, package, rank));
            }
            (RequestChange::Without(at), _) => left_out.push(&request.requirements[at].text),
            (RequestChange::Replace(_) | RequestChange::Name(_), None) => {}
        }
    }
    let replaced =
        (!replaced.is_empty()).then(|| format!("ask for {}", replaced.join(" and for ")));
    let left_out = (!left_out.is_empty()).then(|| format!("leave out {}", left_out.join(" and ")));
    let parts: Vec<_> = [replaced, left_out].into_iter().flatten().collect();
    parts.join(", and ")
}

fn instead(
    catalog: &Catalog,
    request: &Request,
    at: usize,
    (rank, newest): (Rank, Option<Rank>),
) -> String {
    let requirement = &request.requirements[at];
    let release = (requirement.package, rank);
    if !requirement.restricted {
        return by_name(catalog, request, requirement.package, rank);
    }
    let label = catalog.label(release);
    let aside = match Standing::of(catalog, request, requirement.package, rank) {
        Some(Standing::Unstable | Standing::Ended) => {
            format!(", which is {},", wording::state(request, catalog, release))
        }
        Some(Standing::Free) | None => newest.map_or_else(String::new, |newest| {
            let version = catalog.version((requirement.package, newest));
            format!(" (or {version}, the newest that fits)")
        }),
    };
    format!("{label}{aside} instead of {}", requirement.text)
}

fn by_name(catalog: &Catalog, request: &Request, package: PackageIx, rank: Rank) -> String {
    let release = (package, rank);
    let (name, version) = (&catalog.package(package).name, catalog.version(release));
    format!("{name}@{version} by name, which is {}", wording::state(request, catalog, release))
}
