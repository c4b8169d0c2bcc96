//! Gates: what the matrix wants to be asked, of whom, and with which answer.
//!
//! A plan may ask more than the matrix, of more nodes and of all of them where the matrix passes some over. What
//! the matrix asks it must ask in the matrix's words.

use super::replay::Replay;
use crate::catalog::{Gate, GateTime, PackageIx, Probe, ReleaseId, Upgrades};
use crate::record::{GateRecord, StepRecord};

/// The nodes that a gate is about, and the release that they have then.
struct Asked<'a> {
    upgrades: &'a Upgrades,
    nodes: &'a [usize],
    to: Option<ReleaseId>,
}

impl Replay<'_> {
    /// The gates that the matrix asks for after this action must be in the plan. `nodes` are those that
    /// the step is about; a gate that names no roles is asked even if there are none.
    pub(super) fn gates(
        &mut self,
        number: usize,
        step: &StepRecord,
        nodes: &[usize],
        package: PackageIx,
    ) {
        // A node that is stopped for the step cannot be asked.
        if !nodes.is_empty() && nodes.iter().all(|node| self.stopped.contains(node)) {
            return;
        }
        self.wanted(number, &step.gates, package, &step.action, nodes);
    }

    /// Once everything runs again, what could not be asked of stopped nodes is asked.
    pub(super) fn late_gates(
        &mut self,
        number: usize,
        step: &StepRecord,
        package: Option<PackageIx>,
    ) {
        let nodes: Vec<_> = std::mem::take(&mut self.unasked).into_iter().collect();
        if let Some(package) = package.filter(|_| !nodes.is_empty()) {
            // What was asked when a node started need not be asked again.
            let before = &self.plan.steps[..number];
            let down = before.iter().rposition(|other| other.action == "stop").unwrap_or(0);
            let starts = before[down..].iter().filter(|other| other.action == step.action);
            let asked = starts.flat_map(|other| &other.gates).chain(&step.gates);
            let asked: Vec<_> = asked.cloned().collect();
            self.wanted(number, &asked, package, "upgrade", &nodes);
        }
    }

    /// What the matrix asks before the first step must be asked of the nodes that run what is to move.
    pub(super) fn preflight(&mut self) {
        let plan = self.plan;
        for (package, version) in &plan.targets {
            let found = self.catalog.find(package);
            let rank = |package| self.catalog.package(package).find(version);
            let Some(target) = found.and_then(|package| Some((package, rank(package)?))) else {
                continue;
            };
            let product = self.product(target.0);
            let nodes = self.runners(product);
            let is_there = |&node: &usize| self.state.nodes[node].running(target.0) == Some(target);
            let Some(upgrades) = self.catalog.upgrades(product) else { continue };
            if nodes.iter().all(is_there) {
                continue;
            }
            let asked = Asked { upgrades, nodes: &nodes, to: Some(target) };
            for why in self.objections(&plan.preflight, GateTime::Start.name(), &asked) {
                self.object(0, format!("before the first step, {why}"));
            }
        }
    }

    fn wanted(
        &mut self,
        number: usize,
        stated: &[GateRecord],
        package: PackageIx,
        action: &str,
        nodes: &[usize],
    ) {
        let Some(upgrades) = self.catalog.upgrades(package) else { return };
        let runs = |&node: &usize| self.of_product(&self.state.nodes[node], package);
        let asked = Asked { upgrades, nodes, to: nodes.last().and_then(runs) };
        for why in self.objections(stated, action, &asked) {
            self.object(number, why);
        }
    }

    /// Returns what is wrong with stated gates at some moment.
    fn objections(&self, stated: &[GateRecord], moment: &str, asked: &Asked<'_>) -> Vec<String> {
        let gates = asked.upgrades.gates.iter();
        let due = gates.filter(|gate| gate.after.iter().any(|after| after.name() == moment));
        due.filter_map(|gate| self.objection_to(stated, gate, asked)).collect()
    }

    /// Returns what is wrong with what is stated of one gate.
    fn objection_to(
        &self,
        stated: &[GateRecord],
        gate: &Gate,
        asked: &Asked<'_>,
    ) -> Option<String> {
        let plays = |node: &&usize| {
            let role = self.state.nodes[**node].role;
            gate.roles.is_empty() || role.is_some_and(|role| gate.roles.contains(&role))
        };
        let concerned: Vec<_> = asked.nodes.iter().filter(plays).copied().collect();
        if concerned.is_empty() && !(asked.nodes.is_empty() && gate.roles.is_empty()) {
            return None;
        }
        let named: Vec<_> = stated.iter().filter(|one| one.name == gate.name).collect();
        if named.is_empty() {
            return Some(format!("the gate {} is missing", gate.name));
        }
        let asks = |one: &&&GateRecord| self.asks(one, gate, asked, &concerned);
        let right: Vec<_> = named.iter().filter(asks).flat_map(|one| &one.nodes).collect();
        if !named.iter().any(|one| asks(&one)) {
            return Some(format!("the gate {} asks something else than the matrix", gate.name));
        }
        let spared = concerned.iter().map(|&node| &self.state.nodes[node].name);
        let spared: Vec<_> = spared.filter(|name| !right.contains(name)).cloned().collect();
        let (gate, names) = (&gate.name, spared.join(", "));
        (!spared.is_empty()).then(|| format!("the gate {gate} is not asked of {names}"))
    }

    /// Returns true if a stated gate has the words of the matrix, filled for one of the nodes.
    fn asks(&self, one: &GateRecord, gate: &Gate, asked: &Asked<'_>, nodes: &[usize]) -> bool {
        let same = |node: &str| {
            let filled = self.filled(&gate.probe, node, asked);
            let only_if = gate.only_if.as_ref().map(|probe| self.filled(probe, node, asked));
            one.probe == Some(filled) && (one.only_if.is_none() || one.only_if == only_if)
        };
        let mut names = nodes.iter().map(|&node| self.state.nodes[node].name.as_str());
        if nodes.is_empty() { same("") } else { names.any(same) }
    }

    /// Fills the placeholders of a question.
    fn filled(&self, probe: &Probe, node: &str, asked: &Asked<'_>) -> Probe {
        let last = asked.nodes.last().map_or("", |&node| self.state.nodes[node].name.as_str());
        let fill = |text: &str| {
            let text = text.replace("{node}", node).replace("{to_node}", last);
            let Some(to) = asked.to else { return text };
            text.replace("{to}", self.catalog.version(to))
                .replace("{package}", &self.catalog.package(to.0).name)
        };
        Probe {
            command: fill(&probe.command),
            field: probe.field.clone(),
            expect: probe.expect.fill(&fill),
        }
    }
}
