//! What becomes of a group if the holder of its role fails between two steps.
//!
//! The holder's role then goes to one of the nodes that may take it, which one the product decides. Of
//! each state it is asked whether there is such a node, and whether the rest of the group could go on
//! with it. Nothing here forbids a state: a group with one replica has none while it restarts, however
//! one goes about it. It is said, so that the operator can hold the dangerous nodes back.

use std::collections::{BTreeMap, BTreeSet};

use super::fleet::Fleet;
use super::judgements::{Judgements, RoleRelease};
use super::state::State;
use crate::catalog::{RoleIx, Switch, Within};
use crate::finding::{Check, Finding, Severity};

/// Dangers that were seen so far, by what matters about them.
#[derive(Default)]
pub(super) struct Failover {
    /// Groups that have nobody to take over while a node restarts: the first step, by the group.
    alone: BTreeMap<usize, usize>,
    /// Takers that the rest could not go on with, and the first case.
    lost: BTreeMap<(RoleRelease, RoleRelease), Split>,
    /// The role that is handed over and the one that takes it.
    roles: Option<(RoleIx, RoleIx)>,
}

/// A taker that the rest of its group could not go on with.
struct Split {
    taker: usize,
    rest: usize,
    groups: BTreeSet<usize>,
    /// First and last step after which it is so.
    steps: (usize, usize),
}

impl Failover {
    /// Looks at a group whose node is about to restart in the step that comes after `steps`: somebody
    /// must be left to take over.
    pub(super) fn before_restart(
        &mut self,
        fleet: &Fleet<'_>,
        switch: Option<&Switch>,
        node: usize,
        steps: usize,
    ) {
        let Some(&Switch { from: holds, to: takes, .. }) = switch else { return };
        let group = fleet.node(node).group;
        if fleet.node(node).role != Some(takes) || self.alone.contains_key(&group) {
            return;
        }
        let classes = fleet.classes_of(group).iter();
        let count = |role| classes.clone().filter(|((is, _), _)| *is == role).map(|(_, n)| n).sum();
        let (holders, takers): (usize, usize) = (count(holds), count(takes));
        if holders > 0 && takers < 2 {
            self.alone.insert(group, steps);
            self.roles = Some((holds, takes));
        }
    }

    /// Looks at the state of a group after so many steps: could the rest go on with each taker?
    pub(super) fn after_step(
        &mut self,
        state: &mut State<'_>,
        switch: Option<&Switch>,
        group: usize,
        steps: usize,
    ) {
        let Some(&Switch { from: holds, to: takes, .. }) = switch else { return };
        let classes = state.fleet.classes_of(group);
        if !classes.keys().any(|(role, _)| *role == holds) {
            return;
        }
        let of_takers = classes.iter().filter(|((role, _), _)| *role == takes);
        let takers: Vec<_> = of_takers.map(|(&class, &many)| (class, many)).collect();
        let bad = splits(&mut state.judgements, holds, &takers);
        if !bad.is_empty() {
            self.roles = Some((holds, takes));
        }
        for pair in bad {
            self.note(&state.fleet, group, pair, steps);
        }
    }

    fn note(
        &mut self,
        fleet: &Fleet<'_>,
        group: usize,
        (taker, rest): (RoleRelease, RoleRelease),
        step: usize,
    ) {
        if let Some(split) = self.lost.get_mut(&(taker, rest)) {
            split.groups.insert(group);
            split.steps.1 = step;
            return;
        }
        let of = |class: RoleRelease, not: Option<usize>| {
            let mut members = fleet.group(group).iter().copied();
            members.find(|&node| Some(node) != not && fleet.class(node) == Some(class))
        };
        let Some(first) = of(taker, None) else { return };
        let Some(second) = of(rest, Some(first)) else { return };
        let groups = BTreeSet::from([group]);
        let split = Split { taker: first, rest: second, groups, steps: (step, step) };
        self.lost.insert((taker, rest), split);
    }

    /// Says what would go wrong if a holder failed.
    pub(super) fn findings(self, fleet: &Fleet<'_>) -> Vec<Finding> {
        let Some((holds, takes)) = self.roles else { return Vec::new() };
        let role = |role| fleet.catalog.role(role).name.as_str();
        let (holds, takes) = (role(holds), role(takes));
        let mut found: Vec<_> =
            self.lost.values().map(|split| split.finding(fleet, holds)).collect();
        let alone = self.alone.iter().min_by_key(|(group, step)| (**step, **group));
        if let Some((&group, &step)) = alone {
            let one = fleet.deployment.groups[group].as_str();
            let message = format!(
                "while step {} is made, {one} has no other {takes} to take over if its {holds} fails{}",
                step + 1,
                likewise(self.alone.len())
            );
            let finding = Finding::new(Check::PlanExposure, Severity::Warning, one, message);
            found.push(finding.hinting("one more node in the group would stand in meanwhile"));
        }
        found
    }
}

impl Split {
    fn finding(&self, fleet: &Fleet<'_>, holds: &str) -> Finding {
        let (first, last) = self.steps;
        let when = if first == last {
            format!("after step {first}")
        } else {
            format!("from step {first} to step {last}")
        };
        let groups = &fleet.deployment.groups;
        let one = self.groups.first().map_or("", |&group| groups[group].as_str());
        let (taker, rest) = (fleet.name(self.taker), fleet.name(self.rest));
        let message = format!(
            "{when}, if the {holds} of {one} fails and {taker} takes over, {rest} cannot go on with it{}",
            likewise(self.groups.len())
        );
        let finding = Finding::new(Check::PlanExposure, Severity::Warning, one, message);
        finding.hinting(format!("keep {taker} from being elected until then, and the time short"))
    }
}

/// Says in how many groups more something is so.
fn likewise(groups: usize) -> String {
    match groups {
        0 | 1 => String::new(),
        groups => format!(", and likewise in {} more groups", groups - 1),
    }
}

/// Returns the takers of a role, each with a class of the rest that could not go on with it.
fn splits(
    judgements: &mut Judgements<'_>,
    holds: RoleIx,
    takers: &[(RoleRelease, usize)],
) -> Vec<(RoleRelease, RoleRelease)> {
    let mut bad = Vec::new();
    for &(taker, many) in takers {
        let promoted = (holds, taker.1);
        for &(rest, _) in takers.iter().filter(|(rest, _)| *rest != taker || many > 1) {
            let meet = judgements.may_meet(Within::Group, promoted, rest)
                && judgements.may_meet(Within::Group, rest, promoted);
            if !meet {
                bad.push((taker, rest));
            }
        }
    }
    bad
}
