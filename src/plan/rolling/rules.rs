//! What must hold for a move: the order of roles, pairs that meet, data that can be read.

use std::collections::{BTreeMap, BTreeSet};

use super::model::Model;
use super::profiles::{ProfileIx, Roster};
use crate::catalog::{PackageKind, ReleaseId, RoleIx, Within};
use crate::plan::judgements::RoleRelease;
use crate::plan::way_back;

/// Returns whether a profile must change before nodes in a role may move to `to`.
pub(super) fn goes_before(
    model: &Model<'_, '_>,
    profile: ProfileIx,
    role: Option<RoleIx>,
    to: ReleaseId,
) -> bool {
    let other = model.profiles[profile];
    model.waits(profile)
        && model.order.place(other.role) < model.order.place(role)
        && other.running.is_some_and(|running| {
            model.waypoints.remaining(running) > model.waypoints.remaining(to)
        })
}

/// Returns whether a node in a role comes up with `to` on what `from` left, or is filled again by one of
/// the other profiles of its group.
pub(super) fn starts(
    model: &mut Model<'_, '_>,
    role: Option<RoleIx>,
    from: ReleaseId,
    to: ReleaseId,
    others: &Roster,
) -> bool {
    let is_plugin = model.catalog.package(to.0).kind == PackageKind::Plugin;
    let Some(role) = role.filter(|_| !is_plugin) else { return true };
    way_back::reads_own(model.judgements, role, from, to) || {
        let givers: Vec<_> =
            others.iter().filter_map(|&(profile, _)| model.class(profile)).collect();
        givers.into_iter().any(|giver| way_back::may_fill(model.judgements, giver, role, to))
    }
}

/// Returns whether every pair that talks in a group does so well.
pub(super) fn roster_is_valid(model: &mut Model<'_, '_>, roster: &Roster) -> bool {
    let mut counts: BTreeMap<RoleRelease, usize> = BTreeMap::new();
    for &(profile, count) in roster {
        if let Some(class) = model.class(profile) {
            *counts.entry(class).or_insert(0) += count;
        }
    }
    all_meet(model, Within::Group, &counts)
}

/// Returns whether every pair that talks over groups does so well, with these rosters of the bundles.
pub(super) fn all_are_valid<'t>(
    model: &mut Model<'_, '_>,
    rosters: impl Iterator<Item = (usize, &'t Roster)>,
) -> bool {
    if !model.wide {
        return true;
    }
    let mut counts = model.still.clone();
    for (groups, roster) in rosters {
        for &(profile, count) in roster {
            if let Some(class) = model.class(profile) {
                *counts.entry(class).or_insert(0) += count * groups;
            }
        }
    }
    all_meet(model, Within::Deployment, &counts)
}

/// Returns whether relations that reach over groups work between all that may run at any time, so that
/// bundles may be planned one by one.
pub(super) fn is_independent(model: &mut Model<'_, '_>) -> bool {
    if !model.wide {
        return true;
    }
    let mut releases: BTreeSet<ReleaseId> = model.waypoints.candidates.iter().copied().collect();
    let mut roles: BTreeSet<Option<RoleIx>> = BTreeSet::new();
    let mut classes: BTreeSet<RoleRelease> = model.still.keys().copied().collect();
    for (profile, stated) in model.profiles.list().iter().enumerate() {
        releases.extend(stated.running);
        roles.insert(stated.role);
        classes.extend(model.class(profile));
    }
    for role in roles.into_iter().flatten() {
        let runs = &model.catalog.role(role).runs;
        let may_run = releases.iter().filter(|release| runs.contains(&release.0));
        classes.extend(may_run.map(|&release| (role, release)));
    }
    classes.iter().all(|&from| {
        classes.iter().all(|&to| model.judgements.may_meet(Within::Deployment, from, to))
    })
}

/// Returns whether the order of some roles counts in the whole deployment. Bundles that are planned one by one
/// keep to it, but which of them should hop once more to let another wait is not weighed then.
pub(super) fn order_reaches_over_groups(model: &Model<'_, '_>) -> bool {
    let roles: BTreeSet<Option<RoleIx>> =
        model.profiles.list().iter().map(|profile| profile.role).collect();
    roles.iter().any(|&a| {
        let later = |&&b: &&Option<RoleIx>| model.order.place(a) < model.order.place(b);
        roles.iter().filter(later).any(|&b| !model.order.within_group(a, b))
    })
}

/// Returns whether what nodes in a role write after they left `from` for `to` can no longer be given up, as
/// the matrix says. `roster` are the others of the group.
///
/// Where roles are handed over, the holder's data count: as long as it is on the near side of the
/// step, the others can be filled again from it.
pub(super) fn is_final(
    model: &Model<'_, '_>,
    role: Option<RoleIx>,
    from: ReleaseId,
    to: ReleaseId,
    others: &Roster,
) -> bool {
    if model.order.switch().is_none() || model.order.leads(role) {
        return crosses(model, from, to);
    }
    let holders = others.iter().map(|&(profile, _)| model.profiles[profile]);
    let mut holders = holders.filter(|profile| model.order.leads(profile.role));
    holders.any(|holder| holder.running.is_some_and(|running| crosses(model, from, running)))
}

/// Returns whether the matrix says that there is no way back over a step.
pub(super) fn crosses(model: &Model<'_, '_>, from: ReleaseId, to: ReleaseId) -> bool {
    let features = model.judgements.features;
    model.policy.is_some_and(|upgrades| {
        upgrades.irreversible.iter().any(|note| note.counts(from, to, features))
            || upgrades.refuses_return(from, to)
    })
}

fn all_meet(
    model: &mut Model<'_, '_>,
    within: Within,
    counts: &BTreeMap<RoleRelease, usize>,
) -> bool {
    counts.iter().all(|(&from, &many)| {
        counts
            .keys()
            .all(|&to| (from == to && many < 2) || model.judgements.may_meet(within, from, to))
    })
}
