//! What becomes of a group if the holder of its role fails between two steps.
//!
//! The holder's role then goes to one of the nodes that may take it, which one the product decides. Of
//! each state it is asked whether there is such a node, and whether the rest of the group could go on
//! with it. Nothing here forbids a state: a group with one replica has none while it restarts, however
//! one goes about it. It is said, so that the operator can hold the dangerous nodes back.

use std::collections::{BTreeMap, BTreeSet};

use super::planner::Planner;
use super::state::Class;
use crate::catalog::{ReleaseId, RoleIx, Switch, Within};
use crate::finding::{Check, Finding, Severity};

/// What was seen so far, by what matters about it.
#[derive(Default)]
pub(super) struct Failures {
    /// Groups that have nobody to take over while a node restarts: the first step, by the group.
    alone: BTreeMap<usize, usize>,
    /// Takers that the rest could not go on with, and the group and the steps of the first case.
    lost: BTreeMap<(Class, Class), Case>,
    /// The role that is handed over and the one that takes it.
    roles: Option<(RoleIx, RoleIx)>,
}

struct Case {
    taker: usize,
    rest: usize,
    groups: BTreeSet<usize>,
    /// First and last step after which it is so.
    steps: (usize, usize),
}

impl Planner<'_> {
    /// Looks at a group whose node is about to restart: somebody must be left to take over.
    pub(super) fn look_at_restart(&mut self, node: usize, goal: ReleaseId) {
        let Some((holds, takes)) = self.roles_of_switch(goal) else { return };
        let nodes = &self.state.deployment.nodes;
        let group = nodes[node].group;
        if nodes[node].role != Some(takes) || self.failures.alone.contains_key(&group) {
            return;
        }
        let classes = self.state.running_with_counts(group);
        let count = |role| classes.iter().filter(|((is, _), _)| *is == role).map(|(_, n)| n).sum();
        let (holders, takers): (usize, usize) = (count(holds), count(takes));
        if holders > 0 && takers < 2 {
            self.failures.alone.insert(group, self.plan.steps.len());
            self.failures.roles = Some((holds, takes));
        }
    }

    /// Looks at the state of a group after a step: could the rest go on with each taker?
    pub(super) fn look_at_state(&mut self, group: usize, goal: ReleaseId) {
        let Some((holds, takes)) = self.roles_of_switch(goal) else { return };
        let classes = self.state.running_with_counts(group);
        if !classes.keys().any(|(role, _)| *role == holds) {
            return;
        }
        let takers: Vec<(Class, usize)> = classes
            .iter()
            .filter(|((role, _), _)| *role == takes)
            .map(|(&class, &many)| (class, many))
            .collect();
        let mut bad = Vec::new();
        for &(taker, many) in &takers {
            let promoted = (holds, taker.1);
            for &(rest, _) in takers.iter().filter(|(rest, _)| *rest != taker || many > 1) {
                let meet = self.state.may_meet(Within::Group, promoted, rest)
                    && self.state.may_meet(Within::Group, rest, promoted);
                if !meet {
                    bad.push((taker, rest));
                }
            }
        }
        let step = self.plan.steps.len();
        if !bad.is_empty() {
            self.failures.roles = Some((holds, takes));
        }
        for pair in bad {
            self.note_lost(group, pair, step);
        }
    }

    fn note_lost(&mut self, group: usize, (taker, rest): (Class, Class), step: usize) {
        if let Some(case) = self.failures.lost.get_mut(&(taker, rest)) {
            case.groups.insert(group);
            case.steps.1 = step;
            return;
        }
        let of = |class: Class, not: Option<usize>| {
            let mut members = self.state.group(group).iter().copied();
            members.find(|&node| Some(node) != not && self.state.class(node) == Some(class))
        };
        let Some(first) = of(taker, None) else { return };
        let Some(second) = of(rest, Some(first)) else { return };
        let groups = BTreeSet::from([group]);
        let case = Case { taker: first, rest: second, groups, steps: (step, step) };
        self.failures.lost.insert((taker, rest), case);
    }

    fn roles_of_switch(&self, goal: ReleaseId) -> Option<(RoleIx, RoleIx)> {
        self.switch_of(goal.0).map(|Switch { from, to, .. }| (*from, *to))
    }

    /// Says what would go wrong if a holder failed.
    pub(super) fn say_failures(&mut self) {
        let failures = std::mem::take(&mut self.failures);
        let Some((holds, takes)) = failures.roles else { return };
        let (holds, takes) = (&self.catalog.role(holds).name, &self.catalog.role(takes).name);
        let groups = &self.state.deployment.groups;
        let more = |count: usize| match count {
            0 | 1 => String::new(),
            count => format!(", and likewise in {} more groups", count - 1),
        };
        let mut found = Vec::new();
        for case in failures.lost.values() {
            let name = |node: usize| self.state.deployment.nodes[node].name.as_str();
            let (first, last) = case.steps;
            let when = if first == last {
                format!("after step {first}")
            } else {
                format!("from step {first} to step {last}")
            };
            let one = case.groups.first().map_or("", |&group| groups[group].as_str());
            let (taker, rest) = (name(case.taker), name(case.rest));
            let message = format!(
                "{when}, if the {holds} of {one} fails and {taker} takes over, {rest} cannot go on with it{}",
                more(case.groups.len())
            );
            let finding = Finding::new(Check::PlanExposure, Severity::Warning, one, message);
            let hint = format!("keep {taker} from being elected until then, and the time short");
            found.push(finding.hinting(hint));
        }
        if let Some((&group, &step)) =
            failures.alone.iter().min_by_key(|(group, step)| (**step, **group))
        {
            let one = groups[group].as_str();
            let message = format!(
                "while step {} is made, {one} has no other {takes} to take over if its {holds} fails{}",
                step + 1,
                more(failures.alone.len())
            );
            let finding = Finding::new(Check::PlanExposure, Severity::Warning, one, message);
            found.push(finding.hinting("one more node in the group would stand in meanwhile"));
        }
        self.plan.findings.extend(found);
    }
}
