//! The moves that are allowed at a position of the search.

use super::model::Model;
use super::profiles::{Profile, Roster, without};
use super::rules::{crosses, goes_before, is_final, starts};
use super::transition::Transition;
use crate::catalog::ReleaseId;

/// The rosters of the bundles that are searched together, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Position {
    pub(super) rosters: Vec<Roster>,
    /// True if the point of no return was passed.
    pub(super) past: bool,
}

/// Returns the restarts that the order of roles, the releases' facts and what nodes have on disk allow,
/// and whether each is final.
pub(super) fn restarts(
    model: &mut Model<'_, '_>,
    position: &Position,
    place: usize,
    hops: usize,
) -> Vec<(Transition, bool)> {
    let roster = &position.rosters[place];
    let mut found = Vec::new();
    for &(from, count) in roster {
        let profile = model.profiles[from];
        let Some(running) =
            profile.running.filter(|_| model.waits(from) && !model.order.leads(profile.role))
        else {
            continue;
        };
        for candidate in 0..model.waypoints.candidates.len() {
            let release = model.waypoints.candidates[candidate];
            if !model.waypoints.allows(running, release, profile.role) {
                continue;
            }
            let further = Profile { running: Some(release), ..profile };
            let rest =
                if release == model.waypoints.end { Some(0) } else { model.nearest(further) };
            if rest.is_none_or(|rest| profile.hops + 1 + rest > hops)
                || !is_in_turn(model, position, place, profile, release)
            {
                continue;
            }
            let others = without(roster, from);
            let Some(to) = model.moved(from, running, release) else { continue };
            if !starts(model, profile.role, running, release, &others) {
                continue;
            }
            let is_final = is_final(model, profile.role, running, release, &others)
                || !starts(model, profile.role, release, running, &others);
            for many in amounts(model, roster, profile, count) {
                found.push((Transition::Restart { from, to, many }, is_final));
            }
        }
    }
    found
}

/// Returns the numbers of nodes of a profile that may move at once: all, or first one where it can take a role over.
fn amounts(model: &Model<'_, '_>, roster: &Roster, profile: Profile, count: usize) -> Vec<usize> {
    if model.single {
        return vec![1];
    }
    let may_take = model.order.switches(profile.role)
        && roster.iter().any(|&(other, _)| model.order.leads(model.profiles[other].role));
    if may_take && count > 1 { vec![count, 1] } else { vec![count] }
}

/// Returns whether nobody of an earlier role must change first.
fn is_in_turn(
    model: &Model<'_, '_>,
    position: &Position,
    place: usize,
    profile: Profile,
    to: ReleaseId,
) -> bool {
    position.rosters.iter().enumerate().all(|(other, roster)| {
        roster.iter().all(|&(earlier, _)| {
            let role = model.profiles[earlier].role;
            (other != place && model.order.within_group(role, profile.role))
                || !goes_before(model, earlier, profile.role, to)
        })
    })
}

/// Returns the switches from a holder that has still to move to one that is ahead of it, and whether
/// each is final.
pub(super) fn switches(model: &mut Model<'_, '_>, roster: &Roster) -> Vec<(Transition, bool)> {
    let Some(switch) = model.order.switch() else {
        return Vec::new();
    };
    let (holds, takes) = (Some(switch.from), Some(switch.to));
    let mut found = Vec::new();
    for &(giver, _) in roster.iter().filter(|&&(profile, _)| model.profiles[profile].role == holds)
    {
        for &(taker, _) in
            roster.iter().filter(|&&(profile, _)| model.profiles[profile].role == takes)
        {
            let (gives, gets) = (model.profiles[giver], model.profiles[taker]);
            let (Some(from), Some(to)) = (gives.running, gets.running) else { continue };
            let ahead = model.waypoints.remaining(to) < model.waypoints.remaining(from);
            if !model.waits(giver) || !ahead {
                continue;
            }
            found.push((giver, taker, from, to));
        }
    }
    let mut moves = Vec::new();
    for (giver, taker, from, to) in found {
        let given = model.profiles.add(Profile { role: takes, ..model.profiles[giver] });
        let taken = model.profiles.add(Profile { role: holds, ..model.profiles[taker] });
        moves.push((Transition::Switch { giver, taker, given, taken }, crosses(model, from, to)));
    }
    moves
}
