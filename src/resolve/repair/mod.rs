//! What could be asked instead of an impossible request.
//!
//! A repair changes as few requirements as possible: it lets a package have another release, leaves one out,
//! or asks by its name for a release that is not chosen unasked. Which changes these are is found by
//! [`tree`], and what is asked for instead by [`nearest`]. Every repair was solved as it is
//! proposed, and its set is the one that the changed request gives.
//!
//! The order: replacing before leaving out, with releases that are not stable between the two and those
//! past the end of their support last; of equal ones the smaller step, patch before minor before
//! major; of equal steps the requirement that matters least.

mod asking;
mod change;
mod nearest;
mod tree;

use std::collections::BTreeSet;

use super::problem::Request;
use super::statement::Statement;
use crate::answer::selection::Repair;
use crate::catalog::Catalog;

use asking::RepairSearch;
use change::RequestChange;
use nearest::Proposal;

/// No more repairs than this are proposed.
const SHOWN: usize = 8;

/// No more steps than this are spent on repairs, whatever the budget: about a second.
const MOST: u64 = 4_000_000;

/// Returns what could be asked instead, the best first. As few requirements are changed as possible, unless
/// finding out how few takes too many steps: then what is proposed is one change of several requirements, none
/// of which could stay as it is beside the others.
pub(super) fn repairs(
    catalog: &Catalog,
    request: &Request,
    kept: &[Statement],
    budget: &mut u64,
) -> Vec<Repair> {
    let proposals = proposals(catalog, request, kept, budget);
    proposals.into_iter().map(|proposal| proposal.repair).collect()
}

/// Returns the repairs with the changes that they consist of.
fn proposals(
    catalog: &Catalog,
    request: &Request,
    kept: &[Statement],
    budget: &mut u64,
) -> Vec<Proposal> {
    let allowance = (*budget).min(MOST);
    let mut solver = RepairSearch { catalog, request, left: allowance };
    let mut changes = tree::smallest(&mut solver, kept);
    drop_half_measures(&mut changes);
    let proposed = changes.iter().filter_map(|changes| nearest::proposal(&mut solver, changes));
    let mut proposals: Vec<_> = proposed.collect();
    *budget -= allowance - solver.left;
    // Of what is equal in every respect, the text decides, not the order of a file.
    proposals.sort_by(|one, other| {
        (&one.rank, &one.repair.text).cmp(&(&other.rank, &other.repair.text))
    });
    proposals.truncate(SHOWN);
    proposals
}

/// Takes out what leaves a requirement out and replaces another, if the same is had by leaving fewer out.
fn drop_half_measures(sets: &mut Vec<Vec<RequestChange>>) {
    let left_out = |set: &[RequestChange]| -> Vec<RequestChange> {
        set.iter().copied().filter(|change| matches!(change, RequestChange::Without(_))).collect()
    };
    let requirements = |set: &[RequestChange]| -> BTreeSet<RequestChange> {
        set.iter()
            .map(|&change| match change {
                RequestChange::Without(at) => RequestChange::Replace(at),
                RequestChange::Replace(_) | RequestChange::Name(_) => change,
            })
            .collect()
    };
    let all = sets.clone();
    sets.retain(|set| {
        let out = left_out(set);
        let better = |other: &Vec<RequestChange>| {
            let fewer = left_out(other);
            fewer.len() < out.len()
                && fewer.iter().all(|change| out.contains(change))
                && requirements(other) == requirements(set)
        };
        out.len() == set.len() || !all.iter().any(better)
    });
}

#[cfg(test)]
mod tests;
