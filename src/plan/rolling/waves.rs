//! From moves to waves: which steps are made at the same time.
//!
//! Moves that were found for bundles one by one are first put in a row: as long as it can be undone
//! everywhere, the bundle that is least far goes next. Each move then waits for the earlier ones of its
//! own bundle and for those of others that it does not commute with: an order of roles between them,
//! a pair of releases that must not meet, or the point of no return, which is passed as late as
//! possible. What waits for nothing goes in the next wave, as far as the limits let it: so many nodes
//! of a group, one zone, one voter, the canaries alone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::model::{KindIx, Model, Team};
use super::search::{Act, Move};
use crate::catalog::{Catalog, ReleaseId, Within};
use crate::deployment::Deployment;
use crate::limits::Limits;

/// A step of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Doing {
    /// A node gets other packages.
    Change {
        /// The node.
        node: usize,
        /// The release of the main package.
        to: ReleaseId,
    },
    /// Two nodes exchange their roles.
    Switch {
        /// The group.
        group: usize,
        /// The node that gives its role up.
        giver: usize,
        /// The node that takes it over.
        taker: usize,
    },
}

impl Doing {
    /// Whether a node is down meanwhile.
    pub(in crate::plan) fn restarts(self) -> bool {
        matches!(self, Self::Change { .. })
    }

    /// Returns the group that it is done in.
    pub(in crate::plan) fn group(self, deployment: &Deployment) -> usize {
        match self {
            Self::Change { node, .. } => deployment.nodes[node].group,
            Self::Switch { group, .. } => group,
        }
    }
}

/// Steps that belong together: one move, in every group of its bundle.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct Phase {
    /// The steps by group, first to make first.
    pub(in crate::plan) groups: Vec<(usize, Vec<Doing>)>,
    /// Positions of the phases that come first.
    pub(in crate::plan) needs: Vec<usize>,
}

/// Puts the moves of bundles that were searched apart in one row. `None` if each waits for another.
pub(super) fn merge(model: &Model<'_, '_>, plans: &[Vec<Act>]) -> Option<Vec<Act>> {
    let mut teams: Vec<Team> = model.bundles.iter().map(|bundle| bundle.team.clone()).collect();
    let mut next = vec![0; plans.len()];
    let mut row = Vec::new();
    let total: usize = plans.iter().map(Vec::len).sum();
    while row.len() < total {
        let open = (0..plans.len()).filter(|&plan| next[plan] < plans[plan].len());
        let ready = open.filter(|&plan| is_ready(model, &teams, plans[plan][next[plan]]));
        let plan =
            ready.min_by_key(|&plan| (plans[plan][next[plan]].is_final, next[plan], plan))?;
        let act = plans[plan][next[plan]];
        next[plan] += 1;
        teams[act.bundle] = act.what.after(&teams[act.bundle]);
        row.push(act);
    }
    Some(row)
}

/// Whether nobody of another bundle must change before a move.
fn is_ready(model: &Model<'_, '_>, teams: &[Team], act: Act) -> bool {
    let Move::Restart { from, to, .. } = act.what else {
        return true;
    };
    let (role, release) = (model.kinds[from].role, model.kinds[to].running);
    let others = teams.iter().enumerate().filter(|&(bundle, _)| bundle != act.bundle);
    others.flat_map(|(_, team)| team).all(|&(kind, _)| {
        model.within_group(model.kinds[kind].role, role)
            || release.is_none_or(|release| !model.goes_before(kind, role, release))
    })
}

/// Joins moves of like nodes that follow each other: any of them may come first.
pub(super) fn joined(row: &[Act]) -> Vec<Act> {
    let mut joined: Vec<Act> = Vec::new();
    for act in row {
        if let (
            Some(Act { bundle, is_final, what: Move::Restart { from: a, to: b, many } }),
            Move::Restart { from, to, many: more },
        ) = (joined.last_mut(), act.what)
            && (*bundle, *is_final, *a, *b) == (act.bundle, act.is_final, from, to)
        {
            *many += more;
            continue;
        }
        joined.push(*act);
    }
    joined
}

/// Names the nodes of moves and finds which moves wait for which.
pub(super) fn phases(model: &mut Model<'_, '_>, row: &[Act]) -> Vec<Phase> {
    let mut names = Names::new(model);
    let mut phases: Vec<Phase> = Vec::new();
    for (at, act) in row.iter().enumerate() {
        let groups = model.bundles[act.bundle].groups.clone();
        let groups = groups.into_iter().map(|group| (group, names.name(model, group, act.what)));
        let groups = groups.collect();
        let needs = (0..at).filter(|&before| waits_for(model, row[before], *act)).collect();
        phases.push(Phase { groups, needs });
    }
    phases
}

/// Whether a move must not be made together with an earlier one, nor before it.
fn waits_for(model: &mut Model<'_, '_>, earlier: Act, later: Act) -> bool {
    if earlier.bundle == later.bundle || earlier.is_final != later.is_final {
        return true;
    }
    if let (Move::Restart { from: a, .. }, Move::Restart { from: b, .. }) =
        (earlier.what, later.what)
    {
        let (a, b) = (model.kinds[a].role, model.kinds[b].role);
        if model.place(a) < model.place(b) && !model.within_group(a, b) {
            return true;
        }
    }
    if !model.wide {
        return false;
    }
    let classes = |what| match what {
        Move::Restart { from, to, .. } => vec![from, to],
        Move::Switch { giver, taker, given, taken } => vec![giver, taker, given, taken],
    };
    let (earlier, later) = (classes(earlier.what), classes(later.what));
    let pairs = earlier.iter().flat_map(|&a| later.iter().flat_map(move |&b| [(a, b), (b, a)]));
    let pairs: Vec<(KindIx, KindIx)> = pairs.collect();
    pairs.into_iter().any(|(from, to)| match (model.class(from), model.class(to)) {
        (Some(from), Some(to)) => !model.state.may_meet(Within::Deployment, from, to),
        (None, _) | (_, None) => false,
    })
}

/// Which nodes of each group are of which kind while moves are made.
struct Names(BTreeMap<(usize, KindIx), BTreeSet<usize>>);

impl Names {
    fn new(model: &Model<'_, '_>) -> Self {
        let mut nodes: BTreeMap<(usize, KindIx), BTreeSet<usize>> = BTreeMap::new();
        for bundle in &model.bundles {
            for &group in &bundle.groups {
                for &node in model.state.group(group) {
                    let mut kinds = bundle.team.iter().map(|&(kind, _)| kind);
                    let is = kinds.find(|&kind| model.starts_as(node, kind));
                    if let Some(kind) = is {
                        nodes.entry((group, kind)).or_default().insert(node);
                    }
                }
            }
        }
        Self(nodes)
    }

    fn turn(&mut self, group: usize, from: KindIx, to: KindIx) -> Option<usize> {
        let node = self.0.get_mut(&(group, from))?.pop_first()?;
        self.0.entry((group, to)).or_default().insert(node);
        Some(node)
    }

    /// Returns the steps that make a move in one group.
    fn name(&mut self, model: &Model<'_, '_>, group: usize, what: Move) -> Vec<Doing> {
        match what {
            Move::Restart { from, to, many } => {
                let release = model.kinds[to].running.unwrap_or(model.ground.goal);
                // Kinds that a node may return to do not exist: each move counts.
                let nodes = (0..many).filter_map(|_| self.turn(group, from, to));
                nodes.map(|node| Doing::Change { node, to: release }).collect()
            }
            Move::Switch { giver, taker, given, taken } => {
                let giver = self.turn(group, giver, given);
                let taker = self.turn(group, taker, taken);
                let both = giver.zip(taker);
                both.map(|(giver, taker)| Doing::Switch { group, giver, taker })
                    .into_iter()
                    .collect()
            }
        }
    }
}

/// Puts steps in waves.
pub(in crate::plan) fn waves(
    catalog: &Catalog,
    deployment: &Deployment,
    limits: &Limits,
    canaries: &mut usize,
    phases: &[Phase],
) -> Vec<Vec<Doing>> {
    let mut members = vec![0; deployment.groups.len()];
    deployment.nodes.iter().for_each(|node| members[node.group] += 1);
    let mut left: Vec<Vec<(usize, VecDeque<Doing>)>> = phases
        .iter()
        .map(|phase| {
            let groups = phase.groups.iter().filter(|(_, steps)| !steps.is_empty());
            groups.map(|(group, steps)| (*group, steps.iter().copied().collect())).collect()
        })
        .collect();
    let mut waves = Vec::new();
    let mut done: Vec<bool> = left.iter().map(Vec::is_empty).collect();
    while done.iter().any(|done| !done) {
        let mut wave = Wave::new(catalog, deployment, limits, &members, *canaries);
        for (at, phase) in phases.iter().enumerate() {
            if !done[at] && phase.needs.iter().all(|&before| done[before]) {
                left[at].iter_mut().for_each(|(group, steps)| wave.fill(*group, steps));
            }
        }
        for (at, groups) in left.iter_mut().enumerate() {
            groups.retain(|(_, steps)| !steps.is_empty());
            done[at] = groups.is_empty();
        }
        *canaries -= wave.restarts.min(*canaries);
        waves.push(wave.steps);
    }
    waves
}

/// A wave that is being filled.
struct Wave<'d> {
    catalog: &'d Catalog,
    deployment: &'d Deployment,
    limits: &'d Limits,
    members: &'d [usize],
    /// How many nodes may change before all others, 0 if that is over.
    canaries: usize,
    /// Groups of which something is done, and how many of their nodes are down.
    busy: BTreeMap<usize, usize>,
    /// The zone of the nodes that are down, if they have one.
    zone: Option<usize>,
    voter: bool,
    restarts: usize,
    steps: Vec<Doing>,
}

impl<'d> Wave<'d> {
    fn new(
        catalog: &'d Catalog,
        deployment: &'d Deployment,
        limits: &'d Limits,
        members: &'d [usize],
        canaries: usize,
    ) -> Self {
        Self {
            catalog,
            deployment,
            limits,
            members,
            canaries,
            busy: BTreeMap::new(),
            zone: None,
            voter: false,
            restarts: 0,
            steps: Vec::new(),
        }
    }

    /// Takes what there is room for of the steps of a group, any of which may come first.
    fn fill(&mut self, group: usize, steps: &mut VecDeque<Doing>) {
        let mut passed = VecDeque::new();
        while let Some(step) = steps.pop_front() {
            if !self.takes(group, step) {
                passed.push_back(step);
                if self.is_full(group) {
                    break;
                }
            }
        }
        while let Some(step) = passed.pop_back() {
            steps.push_front(step);
        }
    }

    /// Whether no further node of a group fits, whatever node it is.
    fn is_full(&self, group: usize) -> bool {
        let most = self.limits.max_unavailable.of(self.members[group]);
        self.busy.get(&group).is_some_and(|&down| down >= most)
            || (self.canaries > 0 && self.restarts >= self.canaries)
    }

    /// Takes a step of a group, if there is room for it.
    fn takes(&mut self, group: usize, step: Doing) -> bool {
        let fits = match step {
            Doing::Change { node, .. } => self.restart(group, node),
            Doing::Switch { .. } => !self.busy.contains_key(&group),
        };
        if fits {
            // A switch leaves no room for anything else in its group.
            let room = match step {
                Doing::Change { .. } => 1,
                Doing::Switch { .. } => usize::MAX,
            };
            let down = self.busy.entry(group).or_insert(0);
            *down = down.saturating_add(room);
            self.steps.push(step);
        }
        fits
    }

    fn restart(&mut self, group: usize, node: usize) -> bool {
        let stated = &self.deployment.nodes[node];
        let votes = stated.role.is_some_and(|role| self.catalog.role(role).quorum);
        // A node whose zone is not stated may be in any.
        let same_zone = self.zone.is_some() && self.zone == stated.zone;
        let zone_fits = !self.limits.per_zone || self.restarts == 0 || same_zone;
        if self.is_full(group) || (votes && self.voter) || !zone_fits {
            return false;
        }
        self.zone = stated.zone;
        self.voter |= votes;
        self.restarts += 1;
        true
    }
}
