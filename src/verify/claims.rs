//! Statements of a step about itself: its gates, and the rules that are said to hold after it.

use super::notes::{Around, OpenClaim};
use super::pair::{is_covered, keeps, objection};
use super::replay::Replay;
use crate::catalog::{Gate, PackageIx, RelationIx, ReleaseId, Upgrades};
use crate::record::StepRecord;

impl Replay<'_> {
    /// Checks the state that a step leaves, its gates and its claims.
    pub(super) fn after(
        &mut self,
        number: usize,
        step: &StepRecord,
        nodes: &[usize],
        package: Option<PackageIx>,
    ) {
        let around = self.around(nodes);
        for (broken, why) in self.broken_around(&around) {
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
        if let Some(package) = package {
            self.gates(number, step, nodes, package);
        }
        self.claims(number, step, nodes);
    }

    /// The gates that the matrix asks for after this action must be in the plan. `nodes` are those that
    /// the step is about; a gate that names no roles is asked even if there are none.
    pub(super) fn gates(
        &mut self,
        number: usize,
        step: &StepRecord,
        nodes: &[usize],
        package: PackageIx,
    ) {
        let Some(upgrades) = self.catalog.upgrades(package) else {
            return;
        };
        // A node that is stopped for the step cannot be asked.
        if !nodes.is_empty() && nodes.iter().all(|node| self.stopped.contains(node)) {
            return;
        }
        self.missing_gates(number, step, upgrades, &step.action, nodes);
    }

    /// Once everything runs again, what could not be asked of stopped nodes is asked.
    pub(super) fn late_gates(
        &mut self,
        number: usize,
        step: &StepRecord,
        package: Option<PackageIx>,
    ) {
        let nodes: Vec<_> = std::mem::take(&mut self.unasked).into_iter().collect();
        let upgrades = package.and_then(|package| self.catalog.upgrades(package));
        if let Some(upgrades) = upgrades.filter(|_| !nodes.is_empty()) {
            self.missing_gates(number, step, upgrades, "upgrade", &nodes);
        }
    }

    fn missing_gates(
        &mut self,
        number: usize,
        step: &StepRecord,
        upgrades: &Upgrades,
        action: &str,
        nodes: &[usize],
    ) {
        let plays = |gate: &Gate, node: &usize| {
            self.state.nodes[*node].role.is_some_and(|role| gate.roles.contains(&role))
        };
        let missing: Vec<_> = upgrades
            .gates
            .iter()
            .filter(|gate| gate.after.iter().any(|after| after == action))
            .filter(|gate| gate.roles.is_empty() || nodes.iter().any(|node| plays(gate, node)))
            .filter(|gate| step.gates.iter().all(|asked| asked.name != gate.name))
            .map(|gate| format!("the gate {} is missing", gate.name))
            .collect();
        for message in missing {
            self.object(number, message);
        }
    }

    /// Each rule that a step claims must exist, be about its nodes, and hold: after the step, or once its
    /// wave is done.
    pub(super) fn claims(&mut self, number: usize, step: &StepRecord, nodes: &[usize]) {
        let around = self.around(nodes);
        for claim in &step.allowed_by {
            let (wrong, may_come) = if claim.starts_with("upgrade:") {
                ((*claim != edge_claim(step)).then_some("is not the upgrade of this step"), false)
            } else {
                (self.wrong_claim(claim, &around), !self.alone)
            };
            match wrong {
                Some(_) if may_come => {
                    let (text, nodes) = (claim.clone(), nodes.to_vec());
                    self.claims.push(OpenClaim { number, text, nodes });
                }
                Some(wrong) => self.object(number, format!("`{claim}` {wrong}")),
                None => {}
            }
        }
    }

    /// Looks again at claims that did not hold in the middle of their wave.
    pub(super) fn late_claims(&mut self) {
        for OpenClaim { number, text, nodes } in std::mem::take(&mut self.claims) {
            if let Some(wrong) = self.wrong_claim(&text, &self.around(&nodes)) {
                self.object(number, format!("`{text}` {wrong}"));
            }
        }
    }

    /// Returns what is wrong with the claim that a relation or a rule holds around some nodes.
    fn wrong_claim(&self, claim: &str, around: &Around) -> Option<&'static str> {
        let relations = || (0..self.catalog.relations().len()).map(RelationIx::new);
        let named: Vec<_> =
            relations().filter(|&ix| self.catalog.relation(ix).name == claim).collect();
        let mut rules = self.catalog.skew_rules().iter();
        let rule = rules.find(|rule| rule.code == claim);
        if named.is_empty() && rule.is_none() {
            return Some("is no rule of the matrices");
        }
        let mut pairs: Vec<_> =
            named.iter().flat_map(|&relation| self.met(relation, around)).collect();
        let features = self.state.features;
        let mut holds = pairs.iter().all(|&(relation, from, to)| {
            objection(self.catalog, relation, from, to, features).is_none()
                && is_covered(self.catalog, relation, from, to, features)
        });
        if let Some(rule) = rule {
            let met = self.met(rule.relation, around);
            holds &= met.iter().all(|&(_, from, to)| keeps(self.catalog, rule, from, to));
            pairs.extend(met);
        }
        if pairs.is_empty() {
            return Some("says nothing about the nodes of this step");
        }
        (!holds).then_some("does not hold after this step")
    }

    /// Returns the pairs of releases that meet in a relation around some nodes.
    fn met(
        &self,
        relation: RelationIx,
        around: &Around,
    ) -> Vec<(RelationIx, ReleaseId, ReleaseId)> {
        let within = self.catalog.relation(relation).within;
        around
            .pairs(within)
            .iter()
            .filter_map(|&(from, to)| {
                let (from, to) =
                    (self.plays(relation, from, true)?, self.plays(relation, to, false)?);
                Some((relation, from, to))
            })
            .collect()
    }
}

/// Returns the name of the upgrade that a step makes.
fn edge_claim(step: &StepRecord) -> String {
    let package = step.package.as_deref().unwrap_or_default();
    let source = step.from_package.as_deref().unwrap_or(package);
    let (from, to) =
        (step.from.as_deref().unwrap_or_default(), step.to.as_deref().unwrap_or_default());
    format!("upgrade:{source}@{from}->{package}@{to}")
}
