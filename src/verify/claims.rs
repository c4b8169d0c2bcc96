//! Statements of a step about itself: the rules that are said to hold after it.

use super::notes::{Around, OpenClaim};
use super::pair::{is_covered, keeps, objection};
use super::replay::Replay;
use crate::catalog::{PackageIx, RelationIx, ReleaseId};
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
