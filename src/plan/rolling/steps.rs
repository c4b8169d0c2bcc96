//! The steps of a rolling way: what is done to a node by name, what was checked, how to go back.

use std::collections::{BTreeMap, BTreeSet};

use super::super::NoPlan;
use super::super::planner::{Planner, edge_name};
use super::super::product;
use super::super::undo::{self, Copies};
use super::Sets;
use super::waves::Doing;
use crate::answer::path::Note;
use crate::answer::plan::{Action, Rollback, Step};
use crate::catalog::{PackageIx, ReleaseId, RoleIx, Switch};
use crate::deployment::Change;
use crate::finding::{Check, Finding, Severity};
use crate::graph::{hop, may_step};
use crate::skew::requirements;

impl Planner<'_> {
    /// Makes a step of the way to a goal and writes it down.
    pub(super) fn make(
        &mut self,
        step: Doing,
        goal: ReleaseId,
        sets: &Sets,
        hops: &BTreeMap<ReleaseId, usize>,
    ) -> Result<(), NoPlan> {
        let at = |to: Option<ReleaseId>| to.and_then(|to| hops.get(&to).copied());
        match step {
            Doing::Change { node, to } => match at(Some(to)) {
                Some(at) => self.upgrade(at, node, to, sets),
                None => self.install(node, to, sets),
            },
            Doing::Switch { group, giver, taker } => {
                let to = self.state.deployment.nodes[taker].running(goal.0);
                let at = at(to).unwrap_or(self.plan.hops.len());
                self.hand_over(at, group, giver, taker, goal)
            }
        }
    }

    /// Makes a step without checks and without writing it down.
    pub(super) fn put(&mut self, step: Doing, sets: &Sets) {
        match step {
            Doing::Change { node, to } => {
                self.change(node, to, sets);
            }
            Doing::Switch { giver, taker, .. } => {
                self.state.apply(&[Change::Switch { from: giver, to: taker }]);
            }
        }
    }

    /// Returns the switch of the product that a package belongs to.
    pub(in crate::plan) fn switch_of(&self, package: PackageIx) -> Option<&Switch> {
        self.upgrades(product(self.catalog, package))?.switch.as_ref()
    }

    /// Returns what the matrix says against a way back over a step.
    fn crossing(&self, from: ReleaseId, to: ReleaseId) -> Option<Note> {
        let hop = hop(self.catalog, from, to, self.state.deployment.features);
        hop.irreversible.into_iter().next()
    }

    /// Returns what the matrix says against a way back, once nodes of a group write what `to` writes.
    fn final_note(&self, node: usize, from: ReleaseId, to: ReleaseId) -> Option<Note> {
        let Some(switch) = self.switch_of(to.0) else {
            return self.crossing(from, to);
        };
        let deployment = &self.state.deployment;
        let others = self.state.group(deployment.nodes[node].group).iter();
        let mut holders = others
            .filter(|&&other| other != node && deployment.nodes[other].role == Some(switch.from));
        holders.find_map(|&holder| self.crossing(from, deployment.nodes[holder].running(to.0)?))
    }

    fn upgrade(
        &mut self,
        at: usize,
        node: usize,
        to: ReleaseId,
        sets: &Sets,
    ) -> Result<(), NoPlan> {
        let before = self.state.deployment.nodes[node].packages.clone();
        let (action, from) = self.change(node, to, sets);
        let when = format!("after {} runs {}", self.name(node), self.catalog.label(to));
        let entered = self.enter(&[node], &when).and_then(|allowed_by| {
            self.starts(node, from, to, Copies::FromOthers).map(|()| allowed_by)
        });
        let mut allowed_by = match entered {
            Ok(allowed_by) => allowed_by,
            Err(none) => {
                self.restore(node, &before);
                return Err(none);
            }
        };
        allowed_by.insert(edge_name(self.catalog, from, to));
        let old = undo::before(self.catalog, &action);
        let group = self.state.deployment.nodes[node].group;
        let past = self.past.get(&group).cloned().or_else(|| self.final_note(node, from, to));
        let back = match past {
            Some(note) => Err(Box::new(note)),
            None => undo::of_upgrade(&mut self.state, node, from, to, &old),
        };
        let rollback = match back {
            Ok(how) => Rollback::Possible(how),
            Err(note) => {
                self.no_return(Note::clone(&note));
                Rollback::Impossible(note.message)
            }
        };
        let gates = self.gates("upgrade", to.0, &[node], to);
        self.push(Step { action, hop: at, wave: self.wave, allowed_by, gates, rollback });
        Ok(())
    }

    /// Changes a plugin of a node alone, and first what the new release needs beside it.
    fn install(&mut self, node: usize, to: ReleaseId, sets: &Sets) -> Result<(), NoPlan> {
        let before = self.state.deployment.nodes[node].packages.clone();
        let changed = sets[&to][&before].iter().map(|(&package, &rank)| (package, rank));
        let changed = changed.filter(|(package, rank)| before.get(package) != Some(rank));
        let (own, beside): (Vec<_>, Vec<_>) = changed.partition(|&(package, _)| package == to.0);
        for release in beside.into_iter().chain(own) {
            self.install_one(node, release)?;
        }
        Ok(())
    }

    fn install_one(&mut self, node: usize, to: ReleaseId) -> Result<(), NoPlan> {
        let from = self.state.deployment.nodes[node].running(to.0);
        self.state.apply(&[Change::Set { node, release: to }]);
        let packages = &self.state.deployment.nodes[node].packages;
        let broken = requirements(
            self.catalog,
            packages,
            &BTreeSet::new(),
            &packages.keys().copied().collect(),
        );
        let reasons: Vec<_> = broken
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| Finding { subject: self.name(node).to_owned(), ..finding })
            .collect();
        if !reasons.is_empty() {
            return Err(NoPlan { reasons, alternatives: Vec::new() });
        }
        let label = self.catalog.label(to);
        let when = format!("after {} runs {label}", self.name(node));
        let allowed_by = self.enter(&[node], &when)?;
        let rollback = Rollback::Possible(match from {
            Some(from) => format!("install {} again", self.catalog.label(from)),
            None => format!("remove {label}"),
        });
        let gates = self.gates("install", product(self.catalog, to.0), &[node], to);
        let action = Action::Install { node, from, to };
        let hop = self.plan.hops.len();
        self.push(Step { action, hop, wave: self.wave, allowed_by, gates, rollback });
        Ok(())
    }

    /// Hands a role over.
    fn hand_over(
        &mut self,
        at: usize,
        group: usize,
        giver: usize,
        taker: usize,
        goal: ReleaseId,
    ) -> Result<(), NoPlan> {
        let Some(to) = self.state.deployment.nodes[taker].running(goal.0) else {
            return Ok(());
        };
        let name = self.switch_of(to.0).map_or("switch", |switch| &switch.name).to_owned();
        let from = self.running(giver, to);
        let final_note = self.crossing(from, to);
        self.state.apply(&[Change::Switch { from: giver, to: taker }]);
        let when = format!("after the {name} to {}", self.name(taker));
        let allowed_by = match self.enter(&[giver, taker], &when) {
            Ok(allowed_by) => allowed_by,
            Err(none) => {
                self.state.apply(&[Change::Switch { from: taker, to: giver }]);
                return Err(none);
            }
        };
        let is_final = final_note.is_some() || self.past.contains_key(&group);
        if let Some(note) = final_note {
            self.no_return(note);
        }
        let action = Action::Switch { group, from_node: giver, to_node: taker };
        let gates = self.gates("switch", product(self.catalog, to.0), &[giver, taker], to);
        let back = format!("{name} back to {}", self.name(giver));
        let rollback = Rollback::Possible(if is_final {
            format!("{back}, before it is upgraded and before anything new is used")
        } else {
            back
        });
        self.push(Step { action, hop: at, wave: self.wave, allowed_by, gates, rollback });
        Ok(())
    }

    /// Returns why the next step cannot be made: in the group where it shows, then in others, by the
    /// matrix's order of roles.
    pub(super) fn refusal(
        &mut self,
        goal: ReleaseId,
        moving: &BTreeMap<usize, ReleaseId>,
        first: Option<usize>,
        sets: &Sets,
    ) -> Option<NoPlan> {
        let mut waiting: Vec<usize> = moving.keys().copied().collect();
        waiting.retain(|&node| self.running(node, goal) != goal);
        waiting.sort_by_key(|&node| {
            let stated = &self.state.deployment.nodes[node];
            let leads = self.switch_of(goal.0).is_some_and(|it| stated.role == Some(it.from));
            (Some(stated.group) != first, self.place(goal.0, node), leads, node)
        });
        for node in waiting {
            let role = self.state.deployment.nodes[node].role;
            let switch = self.switch_of(goal.0).map(|switch| (switch.from, switch.to));
            let refused = match switch.filter(|(from, _)| role == Some(*from)) {
                Some((from, to)) => self.refused_switch(node, from, to, goal),
                None => self.refused_change(node, goal, sets),
            };
            if refused.is_some() {
                return refused;
            }
        }
        None
    }

    /// Returns why a node cannot go on, to a release as near to the goal as its role may go at once.
    fn refused_change(&mut self, node: usize, goal: ReleaseId, sets: &Sets) -> Option<NoPlan> {
        let before = self.state.deployment.nodes[node].packages.clone();
        let role = self.state.deployment.nodes[node].role;
        let from = self.running(node, goal);
        let features = self.state.deployment.features;
        let known = sets.iter().filter(|(_, sets)| sets.contains_key(&before));
        let mut ahead: Vec<ReleaseId> = known
            .map(|(&to, _)| to)
            .filter(|&to| {
                may_step(self.catalog, from, to, role, features, &self.goal.accepted_risks)
            })
            .collect();
        ahead.sort_by_key(|to| to.1.ix().abs_diff(goal.1.ix()));
        ahead.into_iter().find_map(|to| {
            let hops = BTreeMap::from([(to, self.plan.hops.len())]);
            let refused = self.make(Doing::Change { node, to }, goal, sets, &hops).err();
            self.restore(node, &before);
            refused
        })
    }

    /// Returns why nobody can take a role over from a node.
    fn refused_switch(
        &mut self,
        node: usize,
        from: RoleIx,
        to: RoleIx,
        goal: ReleaseId,
    ) -> Option<NoPlan> {
        let group = self.state.deployment.nodes[node].group;
        let members = self.state.group(group).to_vec();
        let deployment = &self.state.deployment;
        let ahead = members.iter().copied().find(|&other| {
            let other = &deployment.nodes[other];
            other.role == Some(to) && other.running(goal.0) == Some(goal)
        });
        match ahead {
            Some(taker) => {
                let at = self.plan.hops.len();
                self.hand_over(at, group, node, taker, goal).err()
            }
            None => Some(self.no_successor(group, node, (from, to), goal)),
        }
    }

    /// Says that nobody can take a role over.
    fn no_successor(
        &self,
        group: usize,
        node: usize,
        (from, to): (RoleIx, RoleIx),
        goal: ReleaseId,
    ) -> NoPlan {
        let deployment = &self.state.deployment;
        let (name, group_name) = (self.name(node), &deployment.groups[group]);
        let (from, taker) = (&self.catalog.role(from).name, &self.catalog.role(to).name);
        let mut members = self.state.group(group).iter();
        let message = if members.any(|&other| deployment.nodes[other].role == Some(to)) {
            let target = self.catalog.label(goal);
            format!(
                "{name} cannot be restarted as {from}: no {taker} of the group {group_name} runs {target} before it, to take over"
            )
        } else {
            format!(
                "{name} cannot be restarted as {from}: the group {group_name} has no {taker} to take over"
            )
        };
        let finding = Finding::new(Check::NoPlan, Severity::Error, name, message);
        super::super::no_plan(
            finding.hinting(format!(
                "add a {taker} to the group, or accept that it is down meanwhile"
            )),
        )
    }

    fn push(&mut self, step: Step) {
        self.plan.steps.push(step);
    }
}
