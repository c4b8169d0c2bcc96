//! A deployment as the search sees it: nodes that are alike are one kind, groups that are alike move in
//! step.
//!
//! Which of several like nodes goes first decides nothing, so a group is the count of its nodes of each
//! *kind* (role, packages, hops made so far), and groups with the same counts are one *bundle* whose
//! groups make the same moves side by side. A fleet then costs what its variety costs. What is lost:
//! like groups could in principle take turns, one far ahead of the others; for them to gain by it two
//! releases would have to clash in step that do not clash apart, such as a release with itself. A small
//! deployment is searched node by node, where nothing is lost.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::super::product;
use super::super::sets::{self, Packages};
use super::super::state::{Class, State, class};
use super::super::undo;
use super::Sets;
use super::ground::Ground;
use crate::answer::plan::NoPlan;
use crate::catalog::{Catalog, PackageKind, ReleaseId, RoleIx, Switch, Upgrades, Use, Within};
use crate::resolve::Requirement;

/// Position of a kind.
pub(super) type KindIx = usize;

/// A group: its kinds and how many nodes it has of each, in the order of kinds.
pub(super) type Team = Vec<(KindIx, usize)>;

/// What nodes have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Kind {
    pub(super) role: Option<RoleIx>,
    /// Position of what it runs.
    pub(super) packages: usize,
    /// The release of the product that it runs; `None` if it takes no part in the way.
    pub(super) running: Option<ReleaseId>,
    /// How often it has moved.
    pub(super) hops: usize,
}

/// Groups that move in step.
#[derive(Debug, Clone)]
pub(super) struct Bundle {
    pub(super) groups: Vec<usize>,
    pub(super) team: Team,
}

/// The problem of a search: what there is, what it may do, and what must not be.
pub(super) struct Model<'a, 'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) ground: Ground<'c>,
    pub(super) state: &'a mut State<'c>,
    pub(super) upgrades: Option<&'c Upgrades>,
    requirements: Vec<Requirement>,
    /// Whether the goal is only a stop on the way, where requirements may still be out of reach.
    on_the_way: bool,
    pub(super) kinds: Vec<Kind>,
    kind_ix: FxHashMap<Kind, KindIx>,
    packages: Vec<Packages>,
    packages_ix: BTreeMap<Packages, usize>,
    after: BTreeMap<(usize, ReleaseId), Option<usize>>,
    /// Whether kinds could reach the goal alone with so many hops.
    arriving: FxHashMap<(KindIx, usize), bool>,
    /// The sets of packages that have no successor, and why.
    pub(super) no_set: Vec<(Packages, NoPlan)>,
    pub(super) bundles: Vec<Bundle>,
    /// Running classes of the groups that do not move, and how many nodes there are of each.
    still: BTreeMap<Class, usize>,
    /// What each node of a group that moves is at the start.
    starts: BTreeMap<usize, KindIx>,
    /// Whether each node is looked at by itself.
    pub(super) single: bool,
    /// Whether relations that reach over groups are looked at.
    pub(super) wide: bool,
}

/// So many nodes are searched one by one.
const FEW: usize = 6;

impl<'a, 'c> Model<'a, 'c> {
    /// Describes the nodes of a deployment of which those in `moving` go to the ground's goal.
    pub(super) fn new(
        ground: Ground<'c>,
        state: &'a mut State<'c>,
        requirements: Vec<Requirement>,
        on_the_way: bool,
        moving: &BTreeMap<usize, ReleaseId>,
    ) -> Self {
        let catalog = state.catalog;
        let mut model = Self {
            catalog,
            upgrades: catalog.upgrades(product(catalog, ground.goal.0)),
            ground,
            state,
            requirements,
            on_the_way,
            kinds: Vec::new(),
            kind_ix: FxHashMap::default(),
            packages: Vec::new(),
            packages_ix: BTreeMap::new(),
            after: BTreeMap::new(),
            arriving: FxHashMap::default(),
            no_set: Vec::new(),
            bundles: Vec::new(),
            still: BTreeMap::new(),
            starts: BTreeMap::new(),
            single: false,
            wide: false,
        };
        model.single = model.state.deployment.nodes.len() <= FEW;
        model.gather(moving);
        let mut relations = catalog.relations().iter();
        model.wide = relations.any(|relation| {
            relation.within == Within::Deployment && relation.usage == Use::Continuous
        });
        model
    }

    fn gather(&mut self, moving: &BTreeMap<usize, ReleaseId>) {
        let groups = self.state.deployment.groups.len();
        let affected: BTreeSet<usize> =
            moving.keys().map(|&node| self.state.deployment.nodes[node].group).collect();
        let mut alike: BTreeMap<Team, usize> = BTreeMap::new();
        for group in 0..groups {
            let mut counts: BTreeMap<KindIx, usize> = BTreeMap::new();
            for node in self.state.group(group).to_vec() {
                let kind = self.kind_of(node, moving.get(&node).copied());
                *counts.entry(kind).or_insert(0) += 1;
                if affected.contains(&group) {
                    self.starts.insert(node, kind);
                }
            }
            let team: Team = counts.into_iter().collect();
            if !affected.contains(&group) {
                for (kind, count) in team {
                    if let Some(class) = self.class(kind) {
                        *self.still.entry(class).or_insert(0) += count;
                    }
                }
            } else if let Some(&known) = alike.get(&team).filter(|_| !self.single) {
                self.bundles[known].groups.push(group);
            } else {
                alike.insert(team.clone(), self.bundles.len());
                self.bundles.push(Bundle { groups: vec![group], team });
            }
        }
    }

    fn kind_of(&mut self, node: usize, running: Option<ReleaseId>) -> KindIx {
        let stated = &self.state.deployment.nodes[node];
        let (role, packages) = (stated.role, stated.packages.clone());
        // A node that is at the goal already may take a role over.
        let goal = self.ground.goal;
        let running = running.or_else(|| stated.running(goal.0).filter(|&release| release == goal));
        let packages = self.intern(packages);
        self.kind(Kind { role, packages, running, hops: 0 })
    }

    fn intern(&mut self, packages: Packages) -> usize {
        if let Some(&known) = self.packages_ix.get(&packages) {
            return known;
        }
        self.packages_ix.insert(packages.clone(), self.packages.len());
        self.packages.push(packages);
        self.packages.len() - 1
    }

    pub(super) fn kind(&mut self, kind: Kind) -> KindIx {
        *self.kind_ix.entry(kind).or_insert_with(|| {
            self.kinds.push(kind);
            self.kinds.len() - 1
        })
    }

    /// Whether a node was of a kind before the first move.
    pub(super) fn starts_as(&self, node: usize, kind: KindIx) -> bool {
        self.starts.get(&node) == Some(&kind)
    }

    /// Returns what packages become, by the release that their main package becomes.
    pub(super) fn sets(&self) -> Sets {
        let mut sets = Sets::new();
        for (&(before, to), &after) in &self.after {
            if let Some(after) = after {
                let known = sets.entry(to).or_default();
                known.insert(self.packages[before].clone(), self.packages[after].clone());
            }
        }
        sets
    }

    pub(super) fn packages(&self, kind: KindIx) -> &Packages {
        &self.packages[self.kinds[kind].packages]
    }

    pub(super) fn class(&self, kind: KindIx) -> Option<Class> {
        class(self.catalog, self.kinds[kind].role, self.packages(kind))
    }

    /// Whether nodes of a kind have still to move.
    pub(super) fn waits(&self, kind: KindIx) -> bool {
        self.kinds[kind].running.is_some_and(|running| running != self.ground.goal)
    }

    /// Whether nodes of a kind have to move and have not moved yet.
    pub(super) fn starts_waiting(&self, kind: KindIx) -> bool {
        self.kinds[kind].hops == 0 && self.waits(kind)
    }

    /// Whether a node of a kind could get to the goal with so many hops if it were alone, in whatever
    /// roles: the steps are allowed and there are sets of packages.
    pub(super) fn arrives(&mut self, kind: KindIx, hops: usize) -> bool {
        let stated = self.kinds[kind];
        let Some(running) = stated.running.filter(|_| self.waits(kind)) else { return true };
        if let Some(&known) = self.arriving.get(&(kind, hops)) {
            return known;
        }
        let roles = self.roles_ahead(stated.role);
        let mut found = false;
        for candidate in 0..self.ground.candidates.len() {
            let release = self.ground.candidates[candidate];
            let allowed = stated.hops < hops
                && roles.iter().any(|&role| self.ground.allows(running, release, role));
            if allowed && let Some(next) = self.moved(kind, running, release) {
                found = self.arrives(next, hops);
                if found {
                    break;
                }
            }
        }
        self.arriving.insert((kind, hops), found);
        found
    }

    pub(super) fn switch(&self) -> Option<&'c Switch> {
        self.upgrades.and_then(|upgrades| upgrades.switch.as_ref())
    }

    /// Returns the roles that nodes in a role may get on their way, their own first.
    pub(super) fn roles_ahead(&self, role: Option<RoleIx>) -> Vec<Option<RoleIx>> {
        let mut roles = vec![role];
        if self.switches(role) {
            roles.extend(self.switch().into_iter().flat_map(|it| [Some(it.from), Some(it.to)]));
        }
        roles
    }

    /// Whether nodes in a role must not be restarted in it.
    pub(super) fn leads(&self, role: Option<RoleIx>) -> bool {
        self.switch().is_some_and(|switch| role == Some(switch.from))
    }

    /// Whether nodes in a role take part in switches.
    pub(super) fn switches(&self, role: Option<RoleIx>) -> bool {
        self.switch().is_some_and(|switch| role == Some(switch.from) || role == Some(switch.to))
    }

    /// Returns what nodes of a kind are after they moved to a release, if a set of packages fits it.
    pub(super) fn moved(&mut self, kind: KindIx, from: ReleaseId, to: ReleaseId) -> Option<KindIx> {
        let before = self.kinds[kind];
        let known = self.after.get(&(before.packages, to)).copied();
        let packages = known.unwrap_or_else(|| self.packages_after(before.packages, from, to))?;
        let hops = before.hops + 1;
        Some(self.kind(Kind { packages, running: Some(to), hops, ..before }))
    }

    fn packages_after(&mut self, packages: usize, from: ReleaseId, to: ReleaseId) -> Option<usize> {
        let current = self.packages[packages].clone();
        let is_target = !self.on_the_way && to == self.ground.goal;
        let set = sets::after_hop(self.catalog, &current, from, to, &self.requirements, is_target);
        let next = match set {
            Ok(set) => Some(self.intern(set)),
            Err(none) => {
                self.no_set.push((current, none));
                None
            }
        };
        self.after.insert((packages, to), next);
        next
    }

    /// Returns the place of a role in the matrix's order, first to change first.
    pub(super) fn place(&self, role: Option<RoleIx>) -> usize {
        let listed = |roles: &Vec<RoleIx>| role.is_some_and(|role| roles.contains(&role));
        self.upgrades
            .and_then(|upgrades| upgrades.order.iter().position(listed))
            .unwrap_or(usize::MAX)
    }

    /// Whether the order of two roles counts within a group only: they exchange places in switches, or
    /// stand beside roles that do.
    pub(super) fn within_group(&self, a: Option<RoleIx>, b: Option<RoleIx>) -> bool {
        let switched = |role: Option<RoleIx>| {
            self.upgrades.is_some_and(|upgrades| {
                let listed = |roles: &&Vec<RoleIx>| role.is_some_and(|role| roles.contains(&role));
                let mut own = upgrades.order.iter().filter(listed).flatten();
                self.switches(role) || own.any(|&beside| self.switches(Some(beside)))
            })
        };
        switched(a) && switched(b)
    }

    /// Whether a kind must change before nodes in a role may move to `to`.
    pub(super) fn goes_before(&self, kind: KindIx, role: Option<RoleIx>, to: ReleaseId) -> bool {
        let other = self.kinds[kind];
        self.waits(kind)
            && self.place(other.role) < self.place(role)
            && other
                .running
                .is_some_and(|running| self.ground.remaining(running) > self.ground.remaining(to))
    }

    /// Whether a node in a role comes up with `to` on what `from` left, or is filled again by one of
    /// the other kinds of its group.
    pub(super) fn starts(
        &mut self,
        role: Option<RoleIx>,
        from: ReleaseId,
        to: ReleaseId,
        others: &Team,
    ) -> bool {
        let is_plugin = self.catalog.package(to.0).kind == PackageKind::Plugin;
        let Some(role) = role.filter(|_| !is_plugin) else { return true };
        undo::reads_own(self.state, role, from, to) || {
            let givers: Vec<_> = others.iter().filter_map(|&(kind, _)| self.class(kind)).collect();
            givers.into_iter().any(|giver| undo::may_fill(self.state, giver, role, to))
        }
    }

    /// Whether every pair that talks in a group does so well.
    pub(super) fn team_is_valid(&mut self, team: &Team) -> bool {
        let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
        for &(kind, count) in team {
            if let Some(class) = self.class(kind) {
                *counts.entry(class).or_insert(0) += count;
            }
        }
        self.all_meet(Within::Group, &counts)
    }

    /// Whether every pair that talks over groups does so well, with these teams of the bundles.
    pub(super) fn all_are_valid<'t>(
        &mut self,
        teams: impl Iterator<Item = (usize, &'t Team)>,
    ) -> bool {
        if !self.wide {
            return true;
        }
        let mut counts = self.still.clone();
        for (groups, team) in teams {
            for &(kind, count) in team {
                if let Some(class) = self.class(kind) {
                    *counts.entry(class).or_insert(0) += count * groups;
                }
            }
        }
        self.all_meet(Within::Deployment, &counts)
    }

    fn all_meet(&mut self, within: Within, counts: &BTreeMap<Class, usize>) -> bool {
        counts.iter().all(|(&from, &many)| {
            counts
                .keys()
                .all(|&to| (from == to && many < 2) || self.state.may_meet(within, from, to))
        })
    }

    /// Whether relations that reach over groups work between all that may run at any time, so that
    /// bundles may be planned one by one.
    pub(super) fn is_independent(&mut self) -> bool {
        if !self.wide {
            return true;
        }
        let mut releases: BTreeSet<ReleaseId> = self.ground.candidates.iter().copied().collect();
        let mut roles: BTreeSet<Option<RoleIx>> = BTreeSet::new();
        let mut classes: BTreeSet<Class> = self.still.keys().copied().collect();
        for (kind, stated) in self.kinds.iter().enumerate() {
            releases.extend(stated.running);
            roles.insert(stated.role);
            classes.extend(self.class(kind));
        }
        for role in roles.into_iter().flatten() {
            let runs = &self.catalog.role(role).runs;
            let may_run = releases.iter().filter(|release| runs.contains(&release.0));
            classes.extend(may_run.map(|&release| (role, release)));
        }
        classes.iter().all(|&from| {
            classes.iter().all(|&to| self.state.may_meet(Within::Deployment, from, to))
        })
    }

    /// Whether the order of some roles counts in the whole deployment. Bundles that are planned one by one
    /// keep to it, but which of them should hop once more to let another wait is not weighed then.
    pub(super) fn order_reaches_over_groups(&self) -> bool {
        let roles: BTreeSet<Option<RoleIx>> = self.kinds.iter().map(|kind| kind.role).collect();
        roles.iter().any(|&a| {
            let later = |&&b: &&Option<RoleIx>| self.place(a) < self.place(b);
            roles.iter().filter(later).any(|&b| !self.within_group(a, b))
        })
    }

    /// Whether what nodes in a role write after they left `from` for `to` can no longer be given up, as
    /// the matrix says. `team` are the others of the group.
    ///
    /// Where roles are handed over, the holder's data count: as long as it is on the near side of the
    /// step, the others can be filled again from it.
    pub(super) fn is_final(
        &self,
        role: Option<RoleIx>,
        from: ReleaseId,
        to: ReleaseId,
        others: &Team,
    ) -> bool {
        if self.switch().is_none() || self.leads(role) {
            return self.crosses(from, to);
        }
        let holders = others.iter().map(|&(kind, _)| self.kinds[kind]);
        let mut holders = holders.filter(|kind| self.leads(kind.role));
        holders.any(|holder| holder.running.is_some_and(|running| self.crosses(from, running)))
    }

    /// Whether the matrix says that there is no way back over a step.
    pub(super) fn crosses(&self, from: ReleaseId, to: ReleaseId) -> bool {
        let features = self.state.deployment.features;
        self.upgrades.is_some_and(|upgrades| {
            upgrades.irreversible.iter().any(|note| note.counts(from, to, features))
        })
    }
}

/// Returns a team with some nodes of one kind turned into another.
pub(super) fn turned(team: &Team, from: KindIx, to: KindIx, many: usize) -> Team {
    let mut counts: BTreeMap<KindIx, usize> = team.iter().copied().collect();
    if let Some(count) = counts.get_mut(&from) {
        *count = count.saturating_sub(many);
    }
    *counts.entry(to).or_insert(0) += many;
    counts.retain(|_, count| *count > 0);
    counts.into_iter().collect()
}

/// Returns a team without one node of a kind.
pub(super) fn without(team: &Team, kind: KindIx) -> Team {
    let mut rest = team.clone();
    rest.iter_mut().filter(|entry| entry.0 == kind).for_each(|entry| entry.1 -= 1);
    rest.retain(|entry| entry.1 > 0);
    rest
}
