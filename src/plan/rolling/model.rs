//! A deployment as the search sees it: nodes that are alike have one profile, groups that are alike move
//! in step.
//!
//! Which of several like nodes goes first decides nothing, so a group is the count of its nodes of each
//! *profile* (role, packages, hops made so far), and groups with the same counts are one *bundle* whose
//! groups make the same moves side by side. A fleet then costs what its variety costs. What is lost:
//! like groups could in principle take turns, one far ahead of the others; for them to gain by it two
//! releases would have to clash in step that do not clash apart, such as a release with itself. A small
//! deployment is searched node by node, where nothing is lost.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::profiles::{Profile, ProfileIx, Profiles, Roster};
use super::waypoints::Waypoints;
use crate::catalog::{Catalog, ReleaseId, Upgrades, Use, Within};
use crate::plan::fleet::{Fleet, class};
use crate::plan::goal::Task;
use crate::plan::judgements::{Judgements, RoleRelease};
use crate::plan::products::policy;
use crate::plan::roles::RoleOrder;
use crate::plan::route::Leg;
use crate::plan::sets::{SetChange, SetsAfter, after_hop};
use crate::plan::state::State;
use crate::resolve::Requirement;

/// Groups that move in step.
#[derive(Debug, Clone)]
pub(super) struct Bundle {
    pub(super) groups: Vec<usize>,
    pub(super) roster: Roster,
}

/// The problem of a search: what there is, what it may do, and what must not be.
pub(super) struct Model<'a, 'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) waypoints: Waypoints<'c>,
    pub(super) fleet: &'a Fleet<'c>,
    pub(super) judgements: &'a mut Judgements<'c>,
    pub(super) policy: Option<&'c Upgrades>,
    pub(super) order: RoleOrder<'c>,
    requirements: &'a [Requirement],
    at_target: bool,
    pub(super) profiles: Profiles,
    after: BTreeMap<(usize, ReleaseId), Option<usize>>,
    /// True for profiles that could reach the end alone with so many hops.
    arriving: FxHashMap<(ProfileIx, usize), bool>,
    /// The changes for which there is no set of packages.
    pub(super) no_set: Vec<SetChange>,
    pub(super) bundles: Vec<Bundle>,
    /// Running classes of the groups that do not move, and how many nodes there are of each.
    pub(super) still: BTreeMap<RoleRelease, usize>,
    /// The profile of each node of a group that moves, at the start.
    starts: BTreeMap<usize, ProfileIx>,
    /// True if each node is looked at by itself.
    pub(super) single: bool,
    /// True if relations that reach over groups are looked at.
    pub(super) wide: bool,
}

/// So many nodes are searched one by one.
const FEW: usize = 6;

impl<'a, 'c> Model<'a, 'c> {
    /// Describes the nodes of a deployment, of which some go over waypoints to the end of a leg.
    pub(super) fn new(
        task: &'a Task<'c>,
        state: &'a mut State<'c>,
        leg: &Leg,
        waypoints: Waypoints<'c>,
    ) -> Self {
        let catalog = task.catalog;
        let policy = policy(catalog, leg.end.0);
        let mut relations = catalog.relations().iter();
        let wide = relations.any(|relation| {
            relation.within == Within::Deployment && relation.usage == Use::Continuous
        });
        let mut model = Self {
            catalog,
            waypoints,
            single: state.fleet.deployment.nodes.len() <= FEW,
            fleet: &state.fleet,
            judgements: &mut state.judgements,
            policy,
            order: RoleOrder::new(policy),
            requirements: &task.requirements,
            at_target: leg.at_target,
            profiles: Profiles::default(),
            after: BTreeMap::new(),
            arriving: FxHashMap::default(),
            no_set: Vec::new(),
            bundles: Vec::new(),
            still: BTreeMap::new(),
            starts: BTreeMap::new(),
            wide,
        };
        model.gather(&leg.moving);
        model
    }

    fn gather(&mut self, moving: &BTreeMap<usize, ReleaseId>) {
        let affected: BTreeSet<usize> =
            moving.keys().map(|&node| self.fleet.node(node).group).collect();
        let mut alike: BTreeMap<Roster, usize> = BTreeMap::new();
        for group in 0..self.fleet.deployment.groups.len() {
            let moves = affected.contains(&group);
            let roster = self.roster(group, moves, moving);
            if !moves {
                for (profile, count) in roster {
                    if let Some(class) = self.class(profile) {
                        *self.still.entry(class).or_insert(0) += count;
                    }
                }
            } else if let Some(&known) = alike.get(&roster).filter(|_| !self.single) {
                self.bundles[known].groups.push(group);
            } else {
                alike.insert(roster.clone(), self.bundles.len());
                self.bundles.push(Bundle { groups: vec![group], roster });
            }
        }
    }

    /// Counts the nodes of a group, and notes what each is if the group moves.
    fn roster(&mut self, group: usize, moves: bool, moving: &BTreeMap<usize, ReleaseId>) -> Roster {
        let mut counts: BTreeMap<ProfileIx, usize> = BTreeMap::new();
        let fleet = self.fleet;
        for &node in fleet.group(group) {
            let profile = self.profile_of(node, moving.get(&node).copied());
            *counts.entry(profile).or_insert(0) += 1;
            if moves {
                self.starts.insert(node, profile);
            }
        }
        counts.into_iter().collect()
    }

    fn profile_of(&mut self, node: usize, running: Option<ReleaseId>) -> ProfileIx {
        let stated = self.fleet.node(node);
        // A node that is at the end already may take a role over.
        let end = self.waypoints.end;
        let running = running.or_else(|| stated.running(end.0).filter(|&release| release == end));
        let packages = self.profiles.intern(&stated.packages);
        self.profiles.add(Profile { role: stated.role, packages, running, hops: 0 })
    }

    /// Returns whether a node had a profile before the first move.
    pub(super) fn starts_as(&self, node: usize, profile: ProfileIx) -> bool {
        self.starts.get(&node) == Some(&profile)
    }

    /// Returns what packages become, by the release that their main package becomes.
    pub(super) fn sets(&self) -> SetsAfter {
        let mut sets = SetsAfter::new();
        let packages = |at| self.profiles.packages(at).clone();
        for (&(before, to), &after) in &self.after {
            if let Some(after) = after {
                sets.entry(to).or_default().insert(packages(before), packages(after));
            }
        }
        sets
    }

    pub(super) fn class(&self, profile: ProfileIx) -> Option<RoleRelease> {
        let Profile { role, packages, .. } = self.profiles[profile];
        class(self.catalog, role, self.profiles.packages(packages))
    }

    /// Returns whether nodes of a profile have still to move.
    pub(super) fn waits(&self, profile: ProfileIx) -> bool {
        self.profiles[profile].running.is_some_and(|running| running != self.waypoints.end)
    }

    /// Returns whether nodes of a profile have to move and have not moved yet.
    pub(super) fn starts_waiting(&self, profile: ProfileIx) -> bool {
        self.profiles[profile].hops == 0 && self.waits(profile)
    }

    /// Returns the fewest hops that nodes of a profile need in any role that they may get.
    pub(super) fn nearest(&mut self, profile: Profile) -> Option<usize> {
        let running = profile.running?;
        let roles = self.order.ahead(profile.role).into_iter();
        roles.filter_map(|role| self.waypoints.distance(running, role)).min()
    }

    /// Returns whether a node of a profile could get to the end with so many hops if it were alone, in
    /// whatever roles: the steps are allowed and there are sets of packages.
    pub(super) fn arrives(&mut self, profile: ProfileIx, hops: usize) -> bool {
        let stated = self.profiles[profile];
        let Some(running) = stated.running.filter(|_| self.waits(profile)) else { return true };
        if let Some(&known) = self.arriving.get(&(profile, hops)) {
            return known;
        }
        let roles = self.order.ahead(stated.role);
        let mut found = false;
        for candidate in 0..self.waypoints.candidates.len() {
            let release = self.waypoints.candidates[candidate];
            let allowed = stated.hops < hops
                && roles.iter().any(|&role| self.waypoints.allows(running, release, role));
            if allowed && let Some(next) = self.moved(profile, running, release) {
                found = self.arrives(next, hops);
                if found {
                    break;
                }
            }
        }
        self.arriving.insert((profile, hops), found);
        found
    }

    /// Returns what nodes of a profile are after they moved to a release, if a set of packages fits it.
    pub(super) fn moved(
        &mut self,
        profile: ProfileIx,
        from: ReleaseId,
        to: ReleaseId,
    ) -> Option<ProfileIx> {
        let before = self.profiles[profile];
        let known = self.after.get(&(before.packages, to)).copied();
        let packages = known.unwrap_or_else(|| self.packages_after(before.packages, from, to))?;
        let hops = before.hops + 1;
        Some(self.profiles.add(Profile { packages, running: Some(to), hops, ..before }))
    }

    fn packages_after(&mut self, packages: usize, from: ReleaseId, to: ReleaseId) -> Option<usize> {
        let current = self.profiles.packages(packages).clone();
        let requirements = self.requirements.to_vec();
        let change = SetChange { current, from, to, requirements };
        let at_target = self.at_target && to == self.waypoints.end;
        let set = after_hop(self.catalog, &change, at_target);
        let next = set.map(|set| self.profiles.intern(&set));
        if next.is_none() {
            self.no_set.push(change);
        }
        self.after.insert((packages, to), next);
        next
    }
}
