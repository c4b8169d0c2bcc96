//! What to ask: gates between steps, checks before the start, and what stays unsure at the end.

use std::collections::{BTreeMap, BTreeSet};

use super::planner::Planner;
use super::{product, sources};
use crate::answer::plan::{Action, GateAsk, Plan};
use crate::catalog::{Expect, FeatureIx, Gate, PackageIx, Probe, ReleaseId};
use crate::deployment::Node;
use crate::finding::{Check, Cite, Finding, Severity};

/// What is watched on the nodes that go first.
const CANARY: &str = "errors, latency and memory as before, for as long as you need to trust it";

impl Planner<'_> {
    /// Returns what to ask after an action, of the nodes whose role the gate is about.
    pub(super) fn gates(
        &self,
        action: &str,
        package: PackageIx,
        nodes: &[usize],
        to: ReleaseId,
    ) -> Vec<GateAsk> {
        let Some(upgrades) = self.upgrades(package) else {
            return Vec::new();
        };
        let asked =
            upgrades.gates.iter().filter(|gate| gate.after.iter().any(|after| after == action));
        asked.filter_map(|gate| self.ask(gate, nodes, to)).collect()
    }

    /// Returns why a gate matters, with what its matrix notes about it.
    fn why(&self, gate: &Gate) -> String {
        match &self.catalog.fact(gate.fact).note {
            Some(note) => format!("{}; {note}", gate.why),
            None => gate.why.clone(),
        }
    }

    pub(super) fn ask(&self, gate: &Gate, nodes: &[usize], to: ReleaseId) -> Option<GateAsk> {
        let concerned: Vec<_> = nodes
            .iter()
            .copied()
            .filter(|&node| {
                let role = self.state.deployment.nodes[node].role;
                gate.roles.is_empty() || role.is_some_and(|role| gate.roles.contains(&role))
            })
            .collect();
        if concerned.is_empty() && !(nodes.is_empty() && gate.roles.is_empty()) {
            return None;
        }
        let node = concerned.first().map_or("", |&node| self.name(node));
        let fill = |text: &str| {
            text.replace("{to}", self.catalog.version(to))
                .replace("{package}", &self.catalog.package(to.0).name)
                .replace("{node}", node)
                .replace("{to_node}", nodes.last().map_or("", |&node| self.name(node)))
        };
        let filled = |probe: &Probe| Probe {
            command: fill(&probe.command),
            field: probe.field.clone(),
            expect: probe.expect.fill(&fill),
        };
        let others = self.others(&gate.probe.expect, &concerned);
        Some(GateAsk {
            name: gate.name.clone(),
            nodes: concerned,
            only_if: gate.only_if.as_ref().map(filled),
            probe: filled(&gate.probe),
            others,
            why: self.why(gate),
        })
    }

    /// Returns for each node the one that it is compared with: the first of the expected role in its group.
    fn others(&self, expect: &Expect, nodes: &[usize]) -> Vec<(usize, usize)> {
        let Some((role, _)) = expect.other() else { return Vec::new() };
        let all = &self.state.deployment.nodes;
        let plays =
            |node: &Node| node.role.is_some_and(|known| self.catalog.role(known).name == role);
        let other = |&node: &usize| {
            let mates = all.iter().position(|mate| mate.group == all[node].group && plays(mate));
            mates.map(|other| (node, other))
        };
        nodes.iter().filter_map(other).collect()
    }

    /// Asks to watch the nodes that changed before all others.
    pub(super) fn ask_to_watch(&mut self) {
        self.watched = true;
        let changed = self.plan.steps.iter().filter_map(|step| match step.action {
            Action::Upgrade { node, .. } | Action::Install { node, .. } => Some(node),
            Action::Switch { .. }
            | Action::Stop { .. }
            | Action::Start { .. }
            | Action::Migrate { .. } => None,
        });
        let nodes: BTreeSet<_> = changed.collect();
        let gate = GateAsk {
            name: "canary".to_owned(),
            nodes: nodes.into_iter().collect(),
            probe: Probe {
                command: "watch the nodes that changed".to_owned(),
                field: None,
                expect: Expect::ByHand(CANARY.to_owned()),
            },
            only_if: None,
            others: Vec::new(),
            why: "these nodes went first to show what the change does".to_owned(),
        };
        if let Some(last) = self.plan.steps.last_mut() {
            last.gates.push(gate);
        }
    }

    /// Notes what to ask before the first step, of the nodes in the roles that they have then.
    pub(super) fn ask_first(&mut self, targets: &[ReleaseId]) {
        let all: Vec<_> = (0..self.state.deployment.nodes.len()).collect();
        let mut asked = BTreeSet::new();
        for &target in targets {
            let product = product(self.catalog, target.0);
            let moves = self.state.deployment.nodes.iter().any(|node| {
                let mut sources = sources(self.catalog, target.0).into_iter();
                let running = sources.find_map(|package| node.running(package));
                running.is_some_and(|running| running != target)
            });
            if moves && asked.insert(product) {
                let preflight = self.gates("start-of-plan", product, &all, target);
                self.plan.preflight.extend(preflight);
            }
        }
    }

    /// Ends the plan: what stays unsure.
    pub(super) fn finish(mut self) -> Plan {
        let inventory = self.state.deployment.findings.iter();
        let doubts = inventory.filter(|finding| finding.severity == Severity::Warning);
        self.plan.findings.extend(doubts.cloned());
        let targets = self.plan.targets.iter().filter(|_| !self.plan.steps.is_empty());
        let packages: BTreeSet<PackageIx> =
            targets.map(|target| product(self.catalog, target.0)).collect();
        for &package in &packages {
            let restart = self.upgrades(package).and_then(|upgrades| upgrades.restart.clone());
            self.plan.restart.extend(restart.map(|restart| (package, restart)));
        }
        if self.plan.steps.is_empty() {
            self.plan.preflight.clear();
        }
        self.exposures();
        self.say_failures();
        let unknown = std::mem::take(&mut self.state.unknown);
        self.plan.findings.extend(unknown.into_values());
        self.irreversible();
        self.plan
    }

    /// Says which states depend on a feature not being used, and how to find out. Features that
    /// endanger the same pairs are said together.
    pub(super) fn exposures(&mut self) {
        let mut by_feature: BTreeMap<FeatureIx, BTreeSet<String>> = BTreeMap::new();
        for (pair, features) in self.state.exposed.values() {
            for &feature in features {
                by_feature.entry(feature).or_default().insert(pair.clone());
            }
        }
        let mut by_pairs: BTreeMap<BTreeSet<String>, Vec<FeatureIx>> = BTreeMap::new();
        for (feature, pairs) in by_feature {
            by_pairs.entry(pairs).or_default().push(feature);
        }
        for (pairs, features) in by_pairs {
            let finding = self.exposure(&pairs, &features);
            self.plan.findings.push(finding);
        }
    }

    pub(super) fn exposure(&mut self, pairs: &BTreeSet<String>, features: &[FeatureIx]) -> Finding {
        let stated: Vec<_> =
            features.iter().map(|feature| &self.catalog.features()[feature.ix()]).collect();
        let names: Vec<_> = stated.iter().map(|feature| feature.name.as_str()).collect();
        let pairs: Vec<_> = pairs.iter().map(String::as_str).collect();
        let message = format!(
            "while versions are mixed, nobody may use {}: {} would break",
            names.join(", "),
            pairs.join(", ")
        );
        let mut finding =
            Finding::new(Check::PlanExposure, Severity::Info, pairs.join(", "), message);
        for feature in stated {
            let cite = self.catalog.cite(feature.fact);
            if finding.cites.iter().all(|known| known.source != cite.source) {
                finding.cites.push(Cite { note: None, ..cite });
            }
            if let Some(probe) = &feature.detect {
                self.plan.preflight.push(GateAsk {
                    name: format!("{}-not-in-use", feature.name),
                    nodes: Vec::new(),
                    only_if: None,
                    probe: Probe {
                        expect: Expect::Not(Box::new(probe.expect.clone())),
                        ..probe.clone()
                    },
                    others: Vec::new(),
                    why: format!("{} would break pairs of versions on the way", feature.name),
                });
            }
        }
        finding.hinting("the checks before the start tell which of them are in use")
    }

    pub(super) fn irreversible(&mut self) {
        let Some(point) = &self.plan.point_of_no_return else {
            return;
        };
        let moment = point.moment.as_ref().map(|moment| format!(" ({moment})")).unwrap_or_default();
        let message =
            format!("step {} is the point of no return: {}{moment}", point.step + 1, point.why);
        let finding = Finding::new(
            Check::EdgeIrreversible,
            Severity::Warning,
            format!("step {}", point.step + 1),
            message,
        );
        self.plan.findings.push(finding.citing(point.cite.clone()));
    }
}
