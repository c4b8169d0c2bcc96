//! Waves: steps at the same time, how much of a deployment is down in one, and who goes first.
//!
//! Steps of one wave are done side by side, so any of them may come first, and its nodes may be down
//! together. The replay does them in the order of the list; here stands what the list alone does not
//! show.
//!
//! **Down** is a node that restarts (`upgrade`, `install`) or that is stopped. What belongs to stopping
//! everything is outside of the limits: a stop after which nothing of the product runs before any of it
//! starts again, and changes of stopped nodes. Work on data and a switch are no restarts.
//!
//! **Zones.** A node that states no zone may be in any, so with `per_zone` it goes alone.
//!
//! **Canaries** are the first nodes that change. If everything is stopped before the first change there
//! are none: all nodes change alike.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::replay::Replay;
use crate::catalog::{RelationIx, RoleIx, Use, Within};
use crate::deployment::Node;
use crate::record::{PlanRecord, StepRecord};

/// The gate that asks to watch the canaries.
const CANARY: &str = "canary";

/// Returns the steps of each wave: neighbours that state the same number. A step without one is alone.
pub(super) fn waves(plan: &PlanRecord) -> Vec<Range<usize>> {
    let mut waves: Vec<Range<usize>> = Vec::new();
    for (number, step) in plan.steps.iter().enumerate() {
        let before = number.checked_sub(1).and_then(|before| plan.steps[before].wave);
        match waves.last_mut() {
            Some(last) if step.wave.is_some() && before == step.wave => last.end = number + 1,
            _ => waves.push(number..number + 1),
        }
    }
    waves
}

/// Returns true if a step changes what a node runs.
fn changes(step: &StepRecord) -> bool {
    matches!(step.action.as_str(), "upgrade" | "install")
}

/// A node before and after its step.
struct Passage {
    number: usize,
    before: Option<Node>,
    after: Option<Node>,
}

impl Replay<'_> {
    /// Replays the steps of a wave.
    pub(super) fn wave(&mut self, steps: Range<usize>) {
        self.numbered(steps.start);
        self.apart(steps.clone());
        self.within_limits(steps.clone());
        for number in steps.clone() {
            self.turns(number);
        }
        self.busy = steps.clone().flat_map(|number| self.touched(number)).collect();
        self.alone = steps.len() == 1;
        let mut passages = Vec::new();
        for number in steps {
            let nodes = if self.alone { Vec::new() } else { self.touched(number) };
            let before: Vec<_> = nodes.iter().map(|&node| self.now(node)).collect();
            self.step(number, &self.plan.steps[number]);
            let both = nodes.into_iter().zip(before);
            let passed =
                both.map(|(node, before)| Passage { number, before, after: self.now(node) });
            passages.extend(passed);
        }
        self.any_order(&passages);
        self.late_claims();
    }

    /// Returns a node as it is, if it runs.
    fn now(&self, node: usize) -> Option<Node> {
        (!self.stopped.contains(&node)).then(|| self.state.nodes[node].clone())
    }

    /// Returns the nodes that a step names and the deployment has.
    fn touched(&self, number: usize) -> Vec<usize> {
        let step = &self.plan.steps[number];
        let named = [&step.node, &step.from_node, &step.to_node];
        named.into_iter().flatten().filter_map(|name| self.names.get(name).copied()).collect()
    }

    /// The numbers of waves never fall, and all steps have one or none has.
    fn numbered(&mut self, number: usize) {
        let Some(before) = number.checked_sub(1).map(|before| &self.plan.steps[before]) else {
            return;
        };
        match (before.wave, self.plan.steps[number].wave) {
            (Some(earlier), Some(wave)) if wave < earlier => {
                self.object(number, format!("wave {wave} comes after wave {earlier}"));
            }
            (Some(_), None) | (None, Some(_)) => {
                self.object(number, "some steps state their wave and others do not");
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
    }

    /// Steps of one wave do not meddle with each other: each has nodes of its own, a switch has its group
    /// to itself, and work on data is done alone.
    fn apart(&mut self, steps: Range<usize>) {
        if steps.len() == 1 {
            return;
        }
        let mut nodes: BTreeMap<usize, usize> = BTreeMap::new();
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for number in steps.clone() {
            for node in self.touched(number) {
                let group = self.state.nodes[node].group;
                groups.entry(group).or_default().push(number);
                if let Some(other) = nodes.insert(node, number) {
                    let name = self.state.nodes[node].name.clone();
                    let other = other + 1;
                    self.object(number, format!("{name} is in step {other} of the same wave too"));
                }
            }
        }
        for (group, numbers) in groups {
            let switches = |number: &&usize| self.plan.steps[**number].action == "switch";
            let switch = numbers.iter().find(switches).copied();
            let other = switch.and_then(|own| numbers.iter().copied().find(|&other| other != own));
            if let Some((switch, other)) = switch.zip(other) {
                let group = self.state.groups[group].clone();
                let other = other + 1;
                let message =
                    format!("the group {group} switches while step {other} is done in it");
                self.object(switch, message);
            }
        }
        for number in steps {
            if self.plan.steps[number].action == "migrate" {
                self.object(number, "work on data is not done beside other steps");
            }
        }
    }

    /// Returns the node that a step takes down, unless it is part of stopping everything.
    fn takes_down(&self, number: usize) -> Option<usize> {
        let step = &self.plan.steps[number];
        let stops = step.action == "stop" && !self.pauses.contains(&number);
        let node = *self.names.get(step.node.as_ref()?)?;
        (stops || changes(step) && !self.stopped.contains(&node)).then_some(node)
    }

    /// No more is down in a wave than the limits allow.
    fn within_limits(&mut self, steps: Range<usize>) {
        let down: Vec<(usize, usize)> =
            steps.filter_map(|number| Some((number, self.takes_down(number)?))).collect();
        if down.is_empty() {
            return;
        }
        self.members_down(&down);
        self.voters_down(&down);
        if self.plan.limits.per_zone {
            self.zones_down(&down);
        }
    }

    fn members_down(&mut self, down: &[(usize, usize)]) {
        let mut groups: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for node in down.iter().map(|(_, node)| node).chain(&self.stopped) {
            groups.entry(self.state.nodes[*node].group).or_default().insert(*node);
        }
        for &(number, node) in down {
            let Some(away) = groups.remove(&self.state.nodes[node].group) else { continue };
            let members = self.members[self.state.nodes[node].group].len();
            let most = self.plan.limits.max_unavailable.of(members);
            if away.len() > most {
                let group = &self.state.groups[self.state.nodes[node].group];
                let message = format!(
                    "{} nodes of the group {group} are down at once, {most} may be",
                    away.len()
                );
                self.object(number, message);
            }
        }
    }

    fn voters_down(&mut self, down: &[(usize, usize)]) {
        let votes = |node: &usize| {
            let role: Option<RoleIx> = self.state.nodes[*node].role;
            role.is_some_and(|role| self.catalog.role(role).quorum)
        };
        let Some(&(number, _)) = down.iter().find(|(_, node)| votes(node)) else { return };
        let nodes = down.iter().map(|(_, node)| node).chain(&self.stopped);
        let voters: BTreeSet<usize> = nodes.copied().filter(votes).collect();
        if voters.len() > 1 {
            let count = voters.len();
            self.object(number, format!("{count} nodes that vote are down at once, 1 may be"));
        }
    }

    fn zones_down(&mut self, down: &[(usize, usize)]) {
        let place = |node: usize| match self.state.nodes[node].zone {
            Some(zone) => (Some(zone), None),
            None => (None, Some(node)),
        };
        let nodes = down.iter().map(|&(_, node)| node).chain(self.stopped.iter().copied());
        let zones: BTreeSet<_> = nodes.map(place).collect();
        if zones.len() > 1 {
            let names: Vec<&str> = zones
                .iter()
                .take(2)
                .map(|zone| match *zone {
                    (Some(zone), _) => self.state.zones[zone].as_str(),
                    (None, node) => node.map_or("", |node| self.state.nodes[node].name.as_str()),
                })
                .collect();
            let message =
                format!("nodes of {} zones are down at once: {}", zones.len(), names.join(", "));
            self.object(down[0].0, message);
        }
    }

    /// Judges the states in which a step of the list is done and one before it in the same wave is not.
    /// The others the replay sees.
    fn any_order(&mut self, passages: &[Passage]) {
        let relations = (0..self.catalog.relations().len()).map(RelationIx::new);
        let all: Vec<&Passage> = passages.iter().collect();
        let mut groups: BTreeMap<usize, Vec<&Passage>> = BTreeMap::new();
        for passage in passages {
            let node = passage.before.as_ref().or(passage.after.as_ref());
            groups.entry(node.map_or(usize::MAX, |node| node.group)).or_default().push(passage);
        }
        for relation in relations {
            let stated = self.catalog.relation(relation);
            match (stated.usage, stated.within) {
                (Use::OnDemand, _) | (_, Within::Node) => {}
                (Use::Continuous, Within::Deployment) => self.crossed(relation, &all),
                (Use::Continuous, Within::Group) => {
                    for passages in groups.values() {
                        self.crossed(relation, passages);
                    }
                }
            }
        }
    }

    /// Judges one relation between nodes that have changed and nodes that have not.
    fn crossed(&mut self, relation: RelationIx, passages: &[&Passage]) {
        for giving in [true, false] {
            // The first step of each kind that is not done, the last of each kind that is.
            let mut undone = BTreeMap::new();
            let mut done = BTreeMap::new();
            for passage in passages {
                let role = |node: &Node| node.role;
                if let Some(node) = &passage.before
                    && let Some(release) = self.side(relation, node, giving)
                {
                    undone.entry((release, role(node))).or_insert((passage.number, node));
                }
                if let Some(node) = &passage.after
                    && let Some(release) = self.side(relation, node, !giving)
                {
                    done.insert((release, role(node)), (passage.number, node));
                }
            }
            for (&(a, _), &(first, early)) in &undone {
                for (&(b, _), &(last, late)) in &done {
                    if first < last {
                        let (from, to) = if giving { (a, b) } else { (b, a) };
                        let nodes = if giving { (early, late) } else { (late, early) };
                        let why = self.objection(relation, from, to);
                        self.broken_across(relation, (first, last), nodes, why);
                    }
                }
            }
        }
    }

    fn broken_across(
        &mut self,
        relation: RelationIx,
        (first, last): (usize, usize),
        (from, to): (&Node, &Node),
        why: Option<String>,
    ) {
        let Some(why) = why else { return };
        if self.key_of(relation, from, to).is_some_and(|key| self.tolerated.contains(&key)) {
            return;
        }
        let message = format!(
            "{} is broken from {} to {} if it is done before step {} of the same wave: {why}",
            self.catalog.relation(relation).name,
            from.name,
            to.name,
            first + 1
        );
        self.object(last, message);
    }

    /// The first nodes that change do so before all others, and are watched before the others follow.
    pub(super) fn canaries(&mut self) {
        let count = self.plan.limits.canary;
        if count == 0 {
            return;
        }
        let changing = |number: &usize| changes(&self.plan.steps[*number]);
        let steps: Vec<usize> = (0..self.plan.steps.len()).filter(changing).collect();
        let Some(&first) = steps.first() else { return };
        if self.pauses.iter().next().is_some_and(|&pause| pause < first) {
            return;
        }
        let mut chosen: BTreeSet<&String> = BTreeSet::new();
        let (mut last, mut next) = (first, None);
        for &number in &steps {
            let Some(node) = &self.plan.steps[number].node else { continue };
            if chosen.len() == count && !chosen.contains(node) {
                next = Some(number);
                break;
            }
            chosen.insert(node);
            last = number;
        }
        let Some(next) = next else { return };
        let wave = |number: usize| self.plan.steps[number].wave;
        if wave(last).is_some() && wave(last) == wave(next) {
            let message =
                format!("it changes beside step {}, which is one of the first {count}", last + 1);
            self.object(next, message);
        }
        let watched = |step: &StepRecord| step.gates.iter().any(|gate| gate.name == CANARY);
        if !self.plan.steps[last..next].iter().any(watched) {
            let message =
                format!("the gate {CANARY} is missing after the first {count} that change");
            self.object(last, message);
        }
    }
}
