//! The way of nodes that change one after the other, while the rest serves.
//!
//! The search knows *what* is best, as moves of kinds of nodes; the schedule knows *when*, as waves;
//! the steps say it of nodes by name, with what was checked, what to ask and how to go back. Each room
//! has one of these: `ground` the releases and the steps between them, `model` the kinds, `search`,
//! `waves`, `steps`.

mod ground;
mod model;
mod search;
mod steps;
mod waves;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use self::ground::is_plain;
use self::ground::{Ground, beside};
use self::model::Model;
use self::search::{Act, Outcome};
pub(super) use self::waves::{Doing, Phase, waves};
use super::NoPlan;
use super::planner::{Planner, absorb};
use super::sets::Packages;
use crate::answer::path::Hop;
use crate::catalog::{PackageKind, ReleaseId, RoleIx};
use crate::finding::{Check, Finding, Severity};
use crate::graph::{hop, may_step};

/// Which packages each set becomes when its main package becomes a release.
pub(super) type Sets = BTreeMap<ReleaseId, BTreeMap<Packages, Packages>>;

/// So many hops more than the fewest are tried if there is no way with fewer.
const DETOURS: usize = 3;

/// How a leg of the way goes.
struct Course {
    phases: Vec<Phase>,
    sets: Sets,
}

/// Why there is no course.
enum Dead {
    /// These nodes are cut off from the goal by limits of their role.
    CutOff(Option<RoleIx>, ReleaseId),
    /// For these packages there is no set that fits, and why.
    NoSet(Vec<(Packages, NoPlan)>),
    /// Nothing can be done after these steps; the group where it shows.
    Stuck(Vec<Phase>, Sets, Option<usize>),
    /// The search gave up.
    GaveUp,
}

impl Planner<'_> {
    /// Moves nodes to `goal`, over the releases in `wanted` or others between where that is better.
    /// `known` is what is known of the hop if there may be one only.
    pub(super) fn roll(
        &mut self,
        goal: ReleaseId,
        wanted: &[ReleaseId],
        moving: &BTreeMap<usize, ReleaseId>,
        known: Option<usize>,
    ) -> Result<(), NoPlan> {
        let is_plugin = self.catalog.package(goal.0).kind == PackageKind::Plugin;
        let one_hop = known.is_some() || is_plugin;
        let course = match self.course(goal, wanted, moving, one_hop) {
            Ok(course) => course,
            Err(dead) => return Err(self.explain(dead, goal, moving)),
        };
        let hops = if is_plugin { BTreeMap::new() } else { self.hops_of(&course, moving, known) };
        let mut to_watch = self.canaries;
        let waves = waves(
            self.catalog,
            &self.state.deployment,
            &self.plan.limits,
            &mut self.canaries,
            &course.phases,
        );
        let mut left: usize = waves.iter().flatten().filter(|step| step.restarts()).count();
        for wave in waves {
            for step in wave {
                if let Doing::Change { node, .. } = step {
                    self.look_at_restart(node, goal);
                }
                self.make(step, goal, &course.sets, &hops)?;
                self.look_at_state(step.group(&self.state.deployment), goal);
                if step.restarts() {
                    left -= 1;
                    to_watch = to_watch.saturating_sub(1);
                    if to_watch == 0 && left > 0 && !self.watched {
                        self.ask_to_watch();
                    }
                }
            }
            self.wave += 1;
        }
        Ok(())
    }

    /// Looks for a course with the fewest hops for which there is one.
    fn course(
        &mut self,
        goal: ReleaseId,
        wanted: &[ReleaseId],
        moving: &BTreeMap<usize, ReleaseId>,
        one_hop: bool,
    ) -> Result<Course, Dead> {
        let direct = self.course_on(goal, None, moving, one_hop);
        match direct {
            Err(_) if !one_hop => {
                let wide = self.course_on(goal, Some(wanted), moving, false);
                // What is in the way of the straight course says most, unless there is none.
                if matches!(direct, Err(Dead::CutOff(..))) { wide } else { wide.or(direct) }
            }
            done => done,
        }
    }

    /// Looks for a course to the goal at once, or over releases between.
    fn course_on(
        &mut self,
        goal: ReleaseId,
        wanted: Option<&[ReleaseId]>,
        moving: &BTreeMap<usize, ReleaseId>,
        one_hop: bool,
    ) -> Result<Course, Dead> {
        let features = self.state.deployment.features;
        let risks = &self.goal.accepted_risks;
        let mut ground = Ground::new(self.catalog, features, risks, goal, one_hop);
        if let Some(wanted) = wanted {
            let starts: BTreeSet<_> = moving.values().copied().collect();
            let nodes = moving.keys().map(|&node| &self.state.deployment.nodes[node].packages);
            ground.widen(&starts, wanted, &beside(nodes));
        }
        let on_the_way = !self.plan.targets.contains(&goal);
        let mut model =
            Model::new(ground, &mut self.state, self.targets.clone(), on_the_way, moving);
        let fewest = model.fewest_hops()?;
        let most = match wanted {
            Some(_) if !one_hop => fewest + DETOURS,
            _ => fewest,
        };
        let mut dead = Dead::GaveUp;
        for hops in fewest..=most {
            match model.best(hops) {
                Ok(row) => {
                    let phases = waves::phases(&mut model, &row);
                    return Ok(Course { phases, sets: model.sets() });
                }
                Err(Dead::GaveUp) => break,
                Err(reason) if hops == fewest => dead = reason,
                Err(_) => {}
            }
        }
        Err(dead)
    }
}

impl Model<'_, '_> {
    /// Returns how many hops some node needs at least.
    fn fewest_hops(&mut self) -> Result<usize, Dead> {
        let mut fewest = 0;
        for kind in 0..self.kinds.len() {
            if !self.waits(kind) {
                continue;
            }
            let stated = self.kinds[kind];
            let (role, running) = (stated.role, stated.running.unwrap_or(self.ground.goal));
            let distance = search::nearest(self, stated).ok_or(Dead::CutOff(role, running))?;
            fewest = fewest.max(distance);
        }
        Ok(fewest)
    }

    /// Returns the best moves of all bundles in one row.
    fn best(&mut self, hops: usize) -> Result<Vec<Act>, Dead> {
        // A node that could not even go alone makes every search end in vain, after long.
        let waiting: Vec<_> =
            (0..self.kinds.len()).filter(|&kind| self.starts_waiting(kind)).collect();
        if !waiting.into_iter().all(|kind| self.arrives(kind, hops)) {
            return Err(self.dead_end(&[], &[]));
        }
        let all: Vec<usize> = (0..self.bundles.len()).collect();
        let parts: Vec<Vec<usize>> =
            if self.is_independent() && !(self.single && self.order_reaches_over_groups()) {
                all.into_iter().map(|bundle| vec![bundle]).collect()
            } else {
                vec![all]
            };
        let mut plans = Vec::new();
        for part in parts {
            match search::search(self, &part, hops) {
                Outcome::Found(row) => plans.push(waves::joined(&row)),
                Outcome::GaveUp => return Err(Dead::GaveUp),
                Outcome::Stuck(row) => return Err(self.dead_end(&row, &part)),
            }
        }
        match plans.len() {
            1 => Ok(plans.remove(0)),
            _ => waves::merge(self, &plans).ok_or(Dead::GaveUp),
        }
    }

    fn dead_end(&mut self, row: &[Act], part: &[usize]) -> Dead {
        if !self.no_set.is_empty() {
            // Those whose turn did not come are asked too, so that the first node is named.
            for kind in 0..self.kinds.len() {
                if let Some(running) = self.kinds[kind].running.filter(|_| self.waits(kind)) {
                    self.moved(kind, running, self.ground.goal);
                }
            }
            return Dead::NoSet(std::mem::take(&mut self.no_set));
        }
        let phases = waves::phases(self, row);
        let bundle = match part {
            [one] => Some(*one),
            _ => row.last().map(|act| act.bundle),
        };
        let group = bundle.and_then(|bundle| self.bundles[bundle].groups.first().copied());
        Dead::Stuck(phases, self.sets(), group)
    }
}

impl Planner<'_> {
    /// Says why there is no course. The steps up to the dead end are made, so the plan is of no use
    /// afterwards.
    fn explain(
        &mut self,
        dead: Dead,
        goal: ReleaseId,
        moving: &BTreeMap<usize, ReleaseId>,
    ) -> NoPlan {
        let (phases, sets, group) = match dead {
            Dead::NoSet(refused) => {
                let of = |&node: &usize| {
                    let packages = &self.state.deployment.nodes[node].packages;
                    let found = refused.iter().find(|(of, _)| of == packages);
                    found.map(|(_, none)| self.about(none.clone(), node))
                };
                return moving.keys().find_map(of).unwrap_or_else(|| self.no_order(goal));
            }
            Dead::CutOff(role, from) => return self.cut_off(goal, moving, role, from),
            Dead::Stuck(phases, sets, group) => (phases, sets, group),
            Dead::GaveUp => return self.gave_up(goal),
        };
        for phase in phases {
            for step in phase.groups.into_iter().flat_map(|(_, steps)| steps) {
                self.put(step, &sets);
            }
        }
        self.refusal(goal, moving, group, &sets).unwrap_or_else(|| self.no_order(goal))
    }

    /// Refuses a hop that some role's limits do not allow, for nodes that take it all together.
    pub(super) fn refuse_cut_off(
        &self,
        goal: ReleaseId,
        moving: &BTreeMap<usize, ReleaseId>,
    ) -> Result<(), NoPlan> {
        let nodes = &self.state.deployment.nodes;
        let kinds: BTreeSet<_> =
            moving.iter().map(|(&node, &running)| (nodes[node].role, running)).collect();
        let (features, risks) = (self.state.deployment.features, &self.goal.accepted_risks);
        let kept = |&&(role, from): &&(Option<RoleIx>, ReleaseId)| {
            !may_step(self.catalog, from, goal, role, features, risks)
        };
        match kinds.iter().find(kept) {
            Some(&(role, from)) => Err(self.cut_off(goal, moving, role, from)),
            None => Ok(()),
        }
    }

    /// Says that a role's limits keep a node from the goal.
    fn cut_off(
        &self,
        goal: ReleaseId,
        moving: &BTreeMap<usize, ReleaseId>,
        role: Option<RoleIx>,
        from: ReleaseId,
    ) -> NoPlan {
        let nodes = &self.state.deployment.nodes;
        let is =
            |&(&node, &running): &(&usize, &ReleaseId)| running == from && nodes[node].role == role;
        let name = moving.iter().find(is).map_or("", |(&node, _)| nodes[node].name.as_str());
        let role = role.map_or("", |role| self.catalog.role(role).name.as_str());
        let message = format!(
            "{name} cannot get from {} to {}: what binds the role {role} allows no hops that lead there",
            self.catalog.label(from),
            self.catalog.label(goal)
        );
        super::no_plan(Finding::new(Check::NoPlan, Severity::Error, name, message))
    }

    /// Says that nobody knows whether there is an order of steps.
    fn gave_up(&self, goal: ReleaseId) -> NoPlan {
        let label = self.catalog.label(goal);
        let message = format!(
            "the search for an order of steps to {label} gave up: groups differ too much to try all orders, so there may be one"
        );
        let finding = Finding::new(Check::NoPlan, Severity::Error, label, message);
        super::no_plan(finding.hinting("plan some of the groups first, or a release between"))
    }

    /// Says that there is no order of steps.
    fn no_order(&self, goal: ReleaseId) -> NoPlan {
        let label = self.catalog.label(goal);
        let message =
            format!("there is no order of steps to {label} in which every state is valid");
        super::no_plan(Finding::new(Check::NoPlan, Severity::Error, label, message))
    }

    /// Returns which steps belong to which hop, by the release they lead to, after the hops were noted.
    fn hops_of(
        &mut self,
        course: &Course,
        moving: &BTreeMap<usize, ReleaseId>,
        known: Option<usize>,
    ) -> BTreeMap<ReleaseId, usize> {
        let mut running = moving.clone();
        let mut found: Vec<Hop> = Vec::new();
        let mut edges = BTreeSet::new();
        let mut after: BTreeMap<usize, &Packages> = BTreeMap::new();
        let steps = course.phases.iter().flat_map(|phase| &phase.groups).flat_map(|(_, it)| it);
        for step in steps {
            let Doing::Change { node, to } = *step else { continue };
            let Some(from) = running.insert(node, to) else { continue };
            let before = after.get(&node).copied();
            let before = before.unwrap_or(&self.state.deployment.nodes[node].packages);
            after.insert(node, &course.sets[&to][before]);
            if !edges.insert((from, to)) {
                continue;
            }
            let own = hop(self.catalog, from, to, self.state.deployment.features);
            match found.iter_mut().find(|hop| hop.to == to) {
                Some(hop) => absorb(hop, own),
                None => found.push(own),
            }
        }
        let doubts = self.doubts(after);
        let first = self.plan.hops.len();
        let mut hops: BTreeMap<ReleaseId, usize> = BTreeMap::new();
        for (at, hop) in found.into_iter().enumerate() {
            let place = known.unwrap_or(first + at);
            hops.insert(hop.to, place);
            if known.is_none() {
                self.plan.hops.push(hop.clone());
                self.advise(&hop);
            }
        }
        for doubt in doubts {
            if !self.plan.findings.contains(&doubt) {
                self.plan.findings.push(doubt);
            }
        }
        hops
    }
}
