//! Repairs against trying every change of one requirement and every two changes.

use proptest::prelude::*;

use super::super::conflict::minimal;
use super::super::problem::{Request, Requirement};
use super::super::search::{SearchOutcome, search};
use super::super::tests::{config, read, scenario};
use super::change::RequestChange;
use super::{Proposal, proposals};
use crate::catalog::{Catalog, Channel, PackageIx, PackageKind, Rank, ReleaseId, ReleaseSet};

/// Returns the repairs of a request, `None` if it has a solution.
fn repairs(catalog: &Catalog, request: &Request) -> Option<Vec<Proposal>> {
    if solve(catalog, request).is_some() {
        return None;
    }
    let kept = minimal(catalog, request, &mut Request::BUDGET.clone());
    Some(proposals(catalog, request, &kept, &mut Request::BUDGET.clone()))
}

fn solve(catalog: &Catalog, request: &Request) -> Option<Vec<ReleaseId>> {
    match search(catalog, request, &mut Request::BUDGET.clone()) {
        SearchOutcome::Found(chosen) => Some(chosen),
        SearchOutcome::Impossible => None,
        SearchOutcome::OutOfBudget => panic!("out of budget"),
    }
}

/// Asks for one release beside, or instead of, what was asked; or leaves a requirement out.
type Made = (RequestChange, Option<Rank>);

/// Returns a request with changes.
fn made(catalog: &Catalog, request: &Request, changes: &[Made]) -> Request {
    let mut made = request.clone();
    for &(change, rank) in changes {
        match (change, rank) {
            (RequestChange::Replace(at), Some(rank)) => {
                made.requirements[at] =
                    Requirement::exactly(catalog, request.requirements[at].package, rank);
            }
            (RequestChange::Name(package), Some(rank)) => {
                made.requirements.push(Requirement::exactly(catalog, package, rank));
            }
            (RequestChange::Replace(_) | RequestChange::Name(_) | RequestChange::Without(_), _) => {
            }
        }
    }
    let left_out =
        |at: usize| changes.iter().any(|(change, _)| *change == RequestChange::Without(at));
    let mut at = 0;
    made.requirements.retain(|_| {
        at += 1;
        !left_out(at - 1)
    });
    made
}

/// How odd it is to ask for a release, `None` if that is never proposed.
fn oddity(catalog: &Catalog, request: &Request, (package, rank): ReleaseId) -> Option<u32> {
    let release = catalog.package(package).release(rank);
    if request.installed.get(&package) == Some(&rank) {
        return Some(0);
    }
    if release.withdrawn.is_some() || release.unreadable.is_some() || release.stray.is_some() {
        return None;
    }
    if request.ended.get(&package).is_some_and(|ended| ended.contains(rank)) {
        return Some(2);
    }
    Some(u32::from(release.channel != Channel::Stable))
}

/// Every single change that may be made.
fn singles(catalog: &Catalog, request: &Request) -> Vec<Made> {
    let mut all = Vec::new();
    for (at, requirement) in request.requirements.iter().enumerate() {
        for rank in catalog.package(requirement.package).ranks() {
            let odd = oddity(catalog, request, (requirement.package, rank));
            if odd.is_some() && !requirement.releases.contains(rank) {
                all.push((RequestChange::Replace(at), Some(rank)));
            }
        }
        if catalog.package(requirement.package).kind != PackageKind::Core {
            all.push((RequestChange::Without(at), None));
        }
    }
    let mut packages: Vec<_> = catalog.packages().collect();
    packages.sort_by_key(|(_, stated)| &stated.name);
    for (package, stated) in packages {
        for rank in stated.ranks() {
            let unrequired =
                request.requirements.iter().all(|requirement| requirement.package != package);
            if unrequired && oddity(catalog, request, (package, rank)) > Some(0) {
                all.push((RequestChange::Name(package), Some(rank)));
            }
        }
    }
    all
}

/// Every set of changes of the smallest size that has a solution, of at most two changes.
fn smallest(catalog: &Catalog, request: &Request) -> Vec<Vec<Made>> {
    let singles = singles(catalog, request);
    let works = |changes: &Vec<Made>| {
        let made = made(catalog, request, changes);
        let left_out = changes.iter().filter(|(_, rank)| rank.is_none()).count();
        let Some(set) = solve(catalog, &made).filter(|_| left_out < request.requirements.len())
        else {
            return false;
        };
        // What comes back was not left out, and what is not there did not have to be named.
        changes.iter().all(|(change, _)| {
            let package = change.package(request);
            let there = set.iter().any(|(picked, _)| *picked == package);
            there != matches!(change, RequestChange::Without(_))
        })
    };
    let one: Vec<_> = singles.iter().map(|&one| vec![one]).filter(works).collect();
    if !one.is_empty() {
        return one;
    }
    let mut two = Vec::new();
    for (at, &one) in singles.iter().enumerate() {
        for &other in &singles[at + 1..] {
            if one.0.package(request) != other.0.package(request) {
                two.push(vec![one, other]);
            }
        }
    }
    two.retain(works);
    two
}

/// How far a release is from what was asked: odder ones last, then by the releases between.
fn away(
    catalog: &Catalog,
    request: &Request,
    (change, rank): Made,
) -> (Option<u32>, usize, std::cmp::Reverse<usize>) {
    let package = change.package(request);
    let Some(rank) = rank else { return (None, 0, std::cmp::Reverse(0)) };
    let stated = catalog.package(package);
    let free = |rank: &Rank| oddity(catalog, request, (package, *rank)) == Some(0);
    let asked: Vec<Rank> = match change {
        RequestChange::Replace(at) | RequestChange::Without(at) => {
            let requirement = &request.requirements[at];
            // Where nothing that is named may be chosen, what was meant is near to it all the same.
            let is_empty = requirement.releases.is_empty();
            let meant = if is_empty { &requirement.named } else { &requirement.releases };
            meant.iter().collect()
        }
        RequestChange::Name(_) => stated.ranks().filter(free).collect(),
    };
    let between = |from: &Rank| {
        let inside = |at: &Rank| (*from.min(&rank) < *at) && (*at < *from.max(&rank));
        stated.ranks().filter(inside).filter(free).count()
    };
    let far = asked.iter().map(between).min().unwrap_or(0);
    (oddity(catalog, request, (package, rank)), far, std::cmp::Reverse(rank.ix()))
}

fn kinds(changes: &[Made]) -> Vec<RequestChange> {
    let mut kinds: Vec<_> = changes.iter().map(|(change, _)| *change).collect();
    kinds.sort_unstable();
    kinds
}

/// Ends the support of a package's oldest releases.
fn end(catalog: &Catalog, request: &mut Request, package: usize, count: u8) {
    let package = PackageIx::new(package);
    let stated = catalog.package(package);
    let over = ReleaseSet::filled(stated.len(), |rank| rank.ix() <= usize::from(count % 4));
    let requirements =
        request.requirements.iter_mut().filter(|requirement| requirement.package == package);
    for requirement in requirements.filter(|requirement| !requirement.restricted) {
        requirement.releases.subtract(&over);
    }
    request.ended.insert(package, over);
}

fn is_without(change: &RequestChange) -> bool {
    matches!(change, RequestChange::Without(_))
}

fn same(one: &[usize], other: &[usize]) -> bool {
    one.iter().all(|place| other.contains(place)) && other.iter().all(|place| one.contains(place))
}

fn names(set: &[RequestChange]) -> Vec<RequestChange> {
    set.iter().copied().filter(|change| matches!(change, RequestChange::Name(_))).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn repairs_are_the_smallest_changes_with_the_nearest_releases(
        scenario in scenario(),
        over: Option<(prop::sample::Index, u8)>,
    ) {
        let (catalog, mut request) = read(&scenario);
        if let Some((package, count)) = over {
            end(&catalog, &mut request, package.index(catalog.packages().len()), count);
        }
        let Some(found) = repairs(&catalog, &request) else { return Ok(()) };
        let all = smallest(&catalog, &request);
        let Some(size) = all.first().map(Vec::len) else {
            prop_assert!(found.iter().all(|one| one.changes.len() > 2), "{found:?} {scenario:?}");
            return Ok(());
        };
        // As many as there are, up to the limit; each once.
        let mut expected: Vec<_> = all.iter().map(|changes| kinds(changes)).collect();
        expected.sort_unstable();
        expected.dedup();
        if size == 2 {
            // Leaving one out beside replacing another is no news where both can be replaced.
            let places = |set: &[RequestChange]| set.iter().map(|one| one.position(&request)).collect::<Vec<_>>();
            let both: Vec<_> = expected.iter().filter(|set| !set.iter().any(is_without)).cloned().collect();
            expected.retain(|set| {
                let out = set.iter().filter(|one| is_without(one)).count();
                out != 1 || !both.iter().any(|other| same(&places(other), &places(set)) && names(other) == names(set))
            });
        }
        let mut got: Vec<_> = found.iter().map(|one| kinds(&one.changes)).collect();
        got.sort_unstable();
        prop_assert!(got.iter().all(|kinds| kinds.len() == size), "{got:?} {size} {scenario:?}");
        prop_assert!(got.iter().all(|kinds| expected.contains(kinds)), "{got:?} {expected:?} {scenario:?}");
        prop_assert_eq!(got.len(), expected.len().min(super::SHOWN), "{:?} {:?} {:?}", got, expected, scenario);
        for one in &found {
            let same = all.iter().filter(|changes| kinds(changes) == kinds(&one.changes));
            let mut near: Vec<Vec<_>> = same
                .map(|changes| changes.iter().map(|&made| away(&catalog, &request, made)).collect())
                .collect();
            near.sort_unstable();
            near.sort_by_key(|set| set.iter().map(|one| one.0).max());
            let got: Vec<_> = one.changes.iter().map(|&made| away(&catalog, &request, made)).collect();
            prop_assert_eq!(Some(&got), near.first(), "{:?} {:?}", &one.repair.text, scenario);
            let solved = solve(&catalog, &made(&catalog, &request, &one.changes)).unwrap();
            let picked: Vec<_> = one.repair.picks.iter().map(|pick| pick.release).collect();
            prop_assert_eq!(solved, picked, "{}", one.repair.text);
        }
    }
}
