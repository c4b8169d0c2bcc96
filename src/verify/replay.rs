//! The replay: one step after the other over a copy of the deployment.

use std::collections::BTreeSet;

use super::pair::{keeps, node_objections, objection};
use crate::catalog::{
    Catalog, Downgrade, PackageIx, Rank, RelationIx, ReleaseId, RoleIx, Upgrades, Use, Within,
};
use crate::deployment::{Change, Deployment};
use crate::finding::{Check, Finding, Severity};
use crate::record::{PlanRecord, StepRecord};

/// A relation that does not work between two nodes.
type Broken = (RelationIx, usize, usize);

pub(super) struct Replay<'c> {
    catalog: &'c Catalog,
    plan: &'c PlanRecord,
    state: Deployment,
    stopped: BTreeSet<usize>,
    members: Vec<Vec<usize>>,
    /// What is broken before the first step.
    tolerated: BTreeSet<(RelationIx, Option<RoleIx>, ReleaseId, Option<RoleIx>, ReleaseId)>,
    findings: Vec<Finding>,
}

impl<'c> Replay<'c> {
    pub(super) fn new(catalog: &'c Catalog, deployment: &Deployment, plan: &'c PlanRecord) -> Self {
        let mut replay = Self {
            catalog,
            plan,
            state: deployment.clone(),
            stopped: BTreeSet::new(),
            members: deployment.members(),
            tolerated: BTreeSet::new(),
            findings: Vec::new(),
        };
        let everywhere: Vec<_> = (0..replay.state.nodes.len()).collect();
        let broken = replay.broken_around(&everywhere);
        replay.tolerated = broken.iter().filter_map(|(broken, _)| replay.key(*broken)).collect();
        replay
    }

    /// A broken relation by what matters about it: the relation, the roles and the releases.
    fn key(
        &self,
        (relation, from, to): Broken,
    ) -> Option<(RelationIx, Option<RoleIx>, ReleaseId, Option<RoleIx>, ReleaseId)> {
        let (a, b) = (self.running(relation, from)?, self.running(relation, to)?);
        Some((relation, self.state.nodes[from].role, a, self.state.nodes[to].role, b))
    }

    fn object(&mut self, number: usize, message: impl Into<String>) {
        let subject = format!("step {}", number + 1);
        self.findings.push(Finding::new(Check::PlanInvalid, Severity::Error, subject, message));
    }

    /// Replays one step.
    pub(super) fn step(&mut self, number: usize, step: &StepRecord) {
        match step.action.as_str() {
            "upgrade" | "install" => self.change(number, step),
            "switch" => self.switch(number, step),
            "stop" | "start" => self.stop_or_start(number, step),
            "migrate" => self.migrate(number, step),
            "finalize" => {}
            other => self.object(number, format!("unknown action `{}`", other.escape_debug())),
        }
    }

    fn node(&mut self, number: usize, name: Option<&String>) -> Option<usize> {
        let found = name.and_then(|name| self.state.find(name));
        if found.is_none() {
            let name = name.map_or("", String::as_str).escape_debug().to_string();
            self.object(number, format!("the deployment has no node `{name}`"));
        }
        found
    }

    fn release(&mut self, number: usize, package: &str, version: &str) -> Option<ReleaseId> {
        let found = self
            .catalog
            .find(package)
            .and_then(|ix| self.catalog.package(ix).find(version).map(|rank| (ix, rank)));
        if found.is_none() {
            let message = format!(
                "`{} {}` is no known release",
                package.escape_debug(),
                version.escape_debug()
            );
            self.object(number, message);
        }
        found
    }

    fn change(&mut self, number: usize, step: &StepRecord) {
        let Some(node) = self.node(number, step.node.as_ref()) else {
            return;
        };
        let (Some(package), Some(to)) = (&step.package, &step.to) else {
            self.object(number, "the step does not say what changes to what");
            return;
        };
        let Some(to) = self.release(number, package, to) else {
            return;
        };
        let source = step.from_package.as_ref().unwrap_or(package);
        let from = step.from.as_ref().and_then(|from| self.release(number, source, from));
        let running = from.and_then(|from| self.state.nodes[node].running(from.0));
        if running.is_none() || running != from {
            let runs = from
                .and_then(|from| self.state.nodes[node].running(from.0))
                .map_or_else(|| "something else".to_owned(), |running| self.catalog.label(running));
            let stated = step.from.as_deref().unwrap_or("nothing").escape_debug().to_string();
            let message = format!(
                "it starts from {} {stated}, but {} runs {runs}",
                source.escape_debug(),
                self.state.nodes[node].name
            );
            self.object(number, message);
        }
        if step.action == "upgrade" {
            self.may_restart(number, node, to.0);
            if let Some(from) = from {
                self.allowed_hop(number, from, to);
            }
        }
        self.apply_change(number, step, node, from, to);
        let objections = node_objections(self.catalog, &self.state.nodes[node]);
        for objection in objections {
            let name = self.state.nodes[node].name.clone();
            self.object(number, format!("on {name}, {objection}"));
        }
        self.after(number, step, &[node], to.0);
    }

    fn apply_change(
        &mut self,
        number: usize,
        step: &StepRecord,
        node: usize,
        from: Option<ReleaseId>,
        to: ReleaseId,
    ) {
        if let Some(from) = from.filter(|from| from.0 != to.0) {
            self.state.apply(&Change::Remove { node, package: from.0 });
        }
        self.state.apply(&Change::Set { node, release: to });
        for (package, before, after) in &step.with {
            let Some(after) = self.release(number, package, after) else {
                continue;
            };
            let running = self.state.nodes[node].running(after.0);
            let stated = before.as_ref().and_then(|before| self.release(number, package, before));
            if running != stated {
                let name = self.state.nodes[node].name.clone();
                self.object(
                    number,
                    format!(
                        "{name} does not run the {} that changes with it",
                        package.escape_debug()
                    ),
                );
            }
            self.state.apply(&Change::Set { node, release: after });
        }
    }

    /// A node in a role that is to be handed over must not be restarted in it.
    fn may_restart(&mut self, number: usize, node: usize, package: PackageIx) {
        let switch = self.catalog.upgrades(package).and_then(|upgrades| upgrades.switch.as_ref());
        let Some(switch) = switch else { return };
        if self.state.nodes[node].role == Some(switch.from) && !self.stopped.contains(&node) {
            let message = format!(
                "{} is restarted as {} before its role was handed over",
                self.state.nodes[node].name,
                self.catalog.role(switch.from).name
            );
            self.object(number, message);
        }
    }

    fn allowed_hop(&mut self, number: usize, from: ReleaseId, to: ReleaseId) {
        let Some(upgrades) = self.catalog.upgrades(to.0) else {
            return;
        };
        let features = self.state.features;
        let hop = format!("{} -> {}", self.catalog.label(from), self.catalog.label(to));
        let mut said = Vec::new();
        for note in upgrades.blocked.iter().filter(|note| note.counts(from, to, features)) {
            said.push(format!("{hop} is blocked: {}", note.message));
        }
        for stop in upgrades.stops.iter().filter(|stop| stop.scope.covers(from, to)) {
            let through =
                |(package, rank): ReleaseId| package == upgrades.package && stop.via.contains(rank);
            if !through(from) && !through(to) {
                said.push(format!("{hop} skips a required stop: {}", stop.message));
            }
        }
        for risk in upgrades.risks.iter().filter(|risk| risk.counts(from, to, features)) {
            if !self.plan.accepted_risks.contains(&risk.name) {
                said.push(format!("{hop} carries the risk {}, which was not accepted", risk.name));
            }
        }
        if from.0 == to.0 && to.1 < from.1 {
            said.extend(
                downgrade(upgrades, from, to, features)
                    .map(|why| format!("{hop} is a way back: {why}")),
            );
        }
        said.extend(self.too_far(upgrades, from, to).map(|why| format!("{hop} {why}")));
        said.into_iter().for_each(|message| self.object(number, message));
    }

    fn too_far(&self, upgrades: &Upgrades, from: ReleaseId, to: ReleaseId) -> Option<String> {
        if from.0 != to.0 {
            return None;
        }
        let package = self.catalog.package(to.0);
        upgrades.limits.iter().filter(|limit| limit.roles.is_empty()).find_map(|limit| {
            let lines = package.lines(limit.unit);
            let place = |rank: Rank| {
                lines.iter().position(|line| *line == package.version(rank).line(limit.unit))
            };
            let crossed = place(from.1)?.abs_diff(place(to.1)?);
            (crossed > limit.count as usize).then(|| {
                format!(
                    "crosses {crossed} {} lines, {} are allowed",
                    limit.unit.name(),
                    limit.count
                )
            })
        })
    }

    fn switch(&mut self, number: usize, step: &StepRecord) {
        let from = self.node(number, step.from_node.as_ref());
        let to = self.node(number, step.to_node.as_ref());
        let (Some(from), Some(to)) = (from, to) else {
            return;
        };
        let (giving, taking) = (self.state.nodes[from].clone(), self.state.nodes[to].clone());
        let group = &self.state.groups[giving.group];
        if giving.group != taking.group || step.group.as_ref().is_some_and(|stated| stated != group)
        {
            self.object(
                number,
                format!("{} and {} are not in the group of the switch", giving.name, taking.name),
            );
        }
        let stated = self.catalog.roles().iter().enumerate().find_map(|(ix, _)| {
            let role = RoleIx::new(ix);
            let package = self
                .catalog
                .role(role)
                .runs
                .iter()
                .copied()
                .find(|package| taking.running(*package).is_some())?;
            let switch = self.catalog.upgrades(package)?.switch.as_ref()?;
            (giving.role == Some(switch.from) && taking.role == Some(switch.to)).then_some(package)
        });
        match stated {
            Some(package) => {
                if self.stopped.contains(&to) {
                    self.object(
                        number,
                        format!("{} is stopped and cannot take a role over", taking.name),
                    );
                }
                self.state.apply(&Change::Switch { from, to });
                self.after(number, step, &[from, to], package);
            }
            None => {
                let message = format!(
                    "{} does not hold the role that {} is to take over",
                    giving.name, taking.name
                );
                self.object(number, message);
            }
        }
    }

    fn stop_or_start(&mut self, number: usize, step: &StepRecord) {
        let Some(node) = self.node(number, step.node.as_ref()) else {
            return;
        };
        let name = self.state.nodes[node].name.clone();
        let starts = step.action == "start";
        let changed = if starts { self.stopped.remove(&node) } else { self.stopped.insert(node) };
        if !changed {
            let state = if starts { "running" } else { "stopped" };
            self.object(number, format!("{name} is {state} already"));
        }
        let main = self.state.nodes[node]
            .releases()
            .find(|release| self.catalog.upgrades(release.0).is_some());
        if let Some((package, _)) = main {
            self.after(number, step, &[node], package);
        }
    }

    fn migrate(&mut self, number: usize, step: &StepRecord) {
        let name = step.name.as_deref().unwrap_or_default();
        let known =
            self.catalog.packages().filter_map(|(package, _)| self.catalog.upgrades(package));
        let mut all = known.flat_map(|upgrades| &upgrades.migrations);
        if !all.any(|migration| migration.name == name) {
            self.object(number, format!("no matrix has a migration `{}`", name.escape_debug()));
        }
    }

    /// Checks the state that a step leaves, its gates and its claims.
    fn after(&mut self, number: usize, step: &StepRecord, nodes: &[usize], package: PackageIx) {
        for (broken, why) in self.broken_around(nodes) {
            if self.key(broken).is_some_and(|key| self.tolerated.contains(&key)) {
                continue;
            }
            let (relation, from, to) = broken;
            let message = format!(
                "{} is broken from {} to {}: {why}",
                self.catalog.relation(relation).name,
                self.state.nodes[from].name,
                self.state.nodes[to].name
            );
            self.object(number, message);
        }
        self.gates(number, step, nodes, package);
        self.claims(number, step, nodes);
    }

    /// The gates that the matrix asks for after this action must be in the plan.
    fn gates(&mut self, number: usize, step: &StepRecord, nodes: &[usize], package: PackageIx) {
        let Some(upgrades) = self.catalog.upgrades(package) else {
            return;
        };
        // A node that is stopped for the step cannot be asked.
        if nodes.iter().all(|node| self.stopped.contains(node)) {
            return;
        }
        for gate in upgrades.gates.iter().filter(|gate| gate.after.contains(&step.action)) {
            let plays = |node: &usize| {
                self.state.nodes[*node].role.is_some_and(|role| gate.roles.contains(&role))
            };
            let concerned = gate.roles.is_empty() || nodes.iter().any(plays);
            if concerned && !step.gates.contains(&gate.name) {
                self.object(number, format!("the gate {} is missing", gate.name));
            }
        }
    }

    /// Each rule that a step claims must exist, be about its nodes, and hold.
    fn claims(&mut self, number: usize, step: &StepRecord, nodes: &[usize]) {
        for claim in &step.allowed_by {
            if claim.starts_with("upgrade:") {
                let stated = [(&step.from_package, &step.from), (&step.package, &step.to)];
                let package = |named: &Option<String>| {
                    named.as_ref().or(step.package.as_ref()).cloned().unwrap_or_default()
                };
                let texts: Vec<_> = stated
                    .iter()
                    .map(|(named, version)| {
                        format!("{}@{}", package(named), version.as_deref().unwrap_or_default())
                    })
                    .collect();
                if *claim != format!("upgrade:{}->{}", texts[0], texts[1]) {
                    self.object(
                        number,
                        format!("`{}` is not the upgrade of this step", claim.escape_debug()),
                    );
                }
                continue;
            }
            let relation =
                self.catalog.relations().iter().position(|relation| relation.name == *claim);
            let rule = self.catalog.skew_rules().iter().find(|rule| rule.code == *claim);
            if relation.is_none() && rule.is_none() {
                self.object(
                    number,
                    format!("`{}` is no rule of the matrices", claim.escape_debug()),
                );
            } else if !nodes.iter().any(|&node| self.concerns(claim, node)) {
                self.object(
                    number,
                    format!("`{}` says nothing about the nodes of this step", claim.escape_debug()),
                );
            }
        }
    }

    fn concerns(&self, claim: &str, node: usize) -> bool {
        let group = self.state.nodes[node].group;
        let involved = |relation: RelationIx, other: usize| {
            self.plays(relation, other, true).is_some()
                || self.plays(relation, other, false).is_some()
        };
        (0..self.catalog.relations().len()).map(RelationIx::new).any(|ix| {
            let relation = self.catalog.relation(ix);
            let named = relation.name == claim
                || self.catalog.skew_rules().iter().any(|rule| {
                    rule.relation == ix && rule.code == claim && self.rule_holds(rule, node)
                });
            named
                && (involved(ix, node)
                    || self.members[group].iter().any(|&other| involved(ix, other)))
        })
    }

    fn rule_holds(&self, rule: &crate::catalog::SkewRule, node: usize) -> bool {
        if rule.severity != Severity::Error || rule.applies == crate::catalog::Applies::Steady {
            return true;
        }
        let members = &self.members[self.state.nodes[node].group];
        let pairs = members.iter().flat_map(|&from| members.iter().map(move |&to| (from, to)));
        pairs.filter(|(from, to)| from != to).all(|(from, to)| {
            match (self.plays(rule.relation, from, true), self.plays(rule.relation, to, false)) {
                (Some(a), Some(b)) => keeps(self.catalog, rule, a, b),
                _ => true,
            }
        })
    }

    /// Returns the release with which a node takes a side of a relation.
    fn plays(&self, relation: RelationIx, node: usize, giving: bool) -> Option<ReleaseId> {
        if self.stopped.contains(&node) {
            return None;
        }
        let stated = self.catalog.relation(relation);
        let role = self.state.nodes[node].role?;
        let side = if giving { &stated.from } else { &stated.to };
        if !side.contains(&role) {
            return None;
        }
        self.running(relation, node)
    }

    fn running(&self, _relation: RelationIx, node: usize) -> Option<ReleaseId> {
        let role = self.state.nodes[node].role?;
        self.catalog
            .role(role)
            .runs
            .iter()
            .find_map(|&package| self.state.nodes[node].running(package))
    }

    /// Returns the relations around some nodes that do not work, and why.
    fn broken_around(&self, nodes: &[usize]) -> Vec<(Broken, String)> {
        let mut broken = Vec::new();
        for relation in (0..self.catalog.relations().len()).map(RelationIx::new) {
            let stated = self.catalog.relation(relation);
            if stated.usage == Use::OnDemand || stated.within == Within::Node {
                continue;
            }
            let mut answers: std::collections::BTreeMap<(ReleaseId, ReleaseId), Option<String>> =
                std::collections::BTreeMap::new();
            for (from, to) in self.pairs(stated.within, nodes) {
                let (Some(a), Some(b)) =
                    (self.plays(relation, from, true), self.plays(relation, to, false))
                else {
                    continue;
                };
                let answer = answers.entry((a, b)).or_insert_with(|| {
                    objection(self.catalog, relation, a, b, self.state.features)
                });
                if let Some(why) = answer {
                    broken.push(((relation, from, to), why.clone()));
                }
            }
        }
        broken
    }

    /// Returns the ordered pairs of distinct nodes in which one of `nodes` takes part.
    fn pairs(&self, within: Within, nodes: &[usize]) -> Vec<(usize, usize)> {
        let everywhere: Vec<usize> = (0..self.state.nodes.len()).collect();
        let groups: BTreeSet<usize> =
            nodes.iter().map(|&node| self.state.nodes[node].group).collect();
        match within {
            Within::Node => Vec::new(),
            Within::Group => groups
                .iter()
                .flat_map(|&group| all_pairs(&self.members[group], &self.members[group]))
                .collect(),
            Within::Deployment => {
                let others = representatives(&self.state, &everywhere);
                let own = representatives(&self.state, nodes);
                let mut pairs = all_pairs(&own, &others);
                pairs.extend(all_pairs(&others, &own));
                pairs
            }
        }
    }

    /// Checks the end: nothing stopped, every target reached.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        let last = self.plan.steps.len().saturating_sub(1);
        for node in self.stopped.clone() {
            let name = self.state.nodes[node].name.clone();
            self.object(last, format!("{name} is never started again"));
        }
        if self.plan.targets.is_empty() {
            self.object(last, "the plan names no target");
        }
        for (package, version) in self.plan.targets.clone() {
            let Some(target) = self.release(last, &package, &version) else {
                continue;
            };
            let sources: Vec<PackageIx> = std::iter::once(target.0)
                .chain(
                    self.catalog
                        .upgrades(target.0)
                        .iter()
                        .flat_map(|upgrades| upgrades.from_packages.iter().copied()),
                )
                .collect();
            let behind: Vec<String> = self
                .state
                .nodes
                .iter()
                .filter_map(|node| {
                    let running = sources.iter().find_map(|&source| node.running(source))?;
                    (running != target)
                        .then(|| format!("{} runs {}", node.name, self.catalog.label(running)))
                })
                .collect();
            for message in behind {
                self.object(
                    last,
                    format!("the target {package} {version} is not reached: {message}"),
                );
            }
        }
        self.findings
    }
}

/// One node of each kind (role and packages), two if there are several: enough to see every pair.
fn representatives(state: &Deployment, nodes: &[usize]) -> Vec<usize> {
    let mut seen: std::collections::BTreeMap<(Option<RoleIx>, Vec<ReleaseId>), usize> =
        std::collections::BTreeMap::new();
    let mut kept = Vec::new();
    for &node in nodes {
        let kind = (state.nodes[node].role, state.nodes[node].releases().collect());
        let count = seen.entry(kind).or_insert(0);
        *count += 1;
        if *count <= 2 {
            kept.push(node);
        }
    }
    kept
}

fn all_pairs(from: &[usize], to: &[usize]) -> Vec<(usize, usize)> {
    from.iter().flat_map(|&a| to.iter().map(move |&b| (a, b))).filter(|(a, b)| a != b).collect()
}

/// Why a way back is not allowed.
fn downgrade(
    upgrades: &Upgrades,
    from: ReleaseId,
    to: ReleaseId,
    features: crate::catalog::FeatureSet,
) -> Option<String> {
    if let Downgrade::Refused(why) = &upgrades.downgrade {
        return Some(why.clone());
    }
    upgrades
        .irreversible
        .iter()
        .find(|note| note.counts(to, from, features))
        .map(|note| note.message.clone())
}
