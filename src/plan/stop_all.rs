//! A hop that stops everything: stop, change, migrate, start.

use std::collections::{BTreeMap, BTreeSet};

use super::NoPlan;
use super::planner::{Planner, edge_name};
use super::sets::Packages;
use super::undo;
use crate::answer::path::Hop;
use crate::answer::plan::{Action, Rollback, Step};
use crate::catalog::{MigrationTime, PackageIx};
use crate::finding::{Check, Finding, Severity};

impl Planner<'_> {
    pub(super) fn stop_all(
        &mut self,
        hop: &Hop,
        at: usize,
        moving: &[usize],
        sets: &BTreeMap<Packages, Packages>,
    ) -> Result<(), NoPlan> {
        let subject =
            format!("{} -> {}", self.catalog.label(hop.from), self.catalog.version(hop.to));
        let why = hop.procedure_why.as_ref().map_or("as you allowed", |(why, _)| why.as_str());
        let mut finding = Finding::new(
            Check::EdgeAdvice,
            Severity::Warning,
            subject,
            format!("this hop stops every node: {why}"),
        );
        finding.cites.extend(hop.procedure_why.iter().map(|(_, cite)| cite.clone()));
        self.plan.findings.push(finding);
        let ordered = self.in_order(hop.to.0, moving);
        for &node in &ordered {
            self.state.set_stopped(node, true);
            self.plain(
                hop,
                at,
                Action::Stop { node },
                Rollback::Possible("start it again".to_owned()),
                &[],
            )?;
        }
        self.wave += 1;
        for &node in &ordered {
            self.upgrade_stopped(hop, at, node, sets)?;
        }
        self.wave += 1;
        self.migrate(hop, MigrationTime::Stopped, at);
        for (ix, &node) in ordered.iter().rev().enumerate() {
            if ix == 0 {
                self.pass(hop, None);
            }
            self.state.set_stopped(node, false);
            let rollback = match undo::irreversible(hop) {
                Some(note) => Rollback::Impossible(note.message),
                None => Rollback::Possible("stop it again".to_owned()),
            };
            self.plain(hop, at, Action::Start { node }, rollback, &[node])?;
        }
        self.wave += 1;
        Ok(())
    }

    pub(super) fn upgrade_stopped(
        &mut self,
        hop: &Hop,
        at: usize,
        node: usize,
        sets: &BTreeMap<Packages, Packages>,
    ) -> Result<(), NoPlan> {
        let (action, from) = self.change(hop, node, sets);
        if !undo::reads_own_files(&mut self.state, from, hop.to) {
            let message = format!(
                "{} cannot read the files of {}",
                self.catalog.label(hop.to),
                self.catalog.label(from)
            );
            return Err(super::no_plan(Finding::new(
                Check::NoPlan,
                Severity::Error,
                self.name(node),
                message,
            )));
        }
        let allowed_by = BTreeSet::from([edge_name(self.catalog, from, hop.to)]);
        let past = self.past.get(&self.state.deployment.nodes[node].group).cloned();
        let rollback = match past {
            Some(note) => Rollback::Impossible(note.message),
            None => Rollback::Possible(format!("install {} again", self.catalog.label(from))),
        };
        self.plan.steps.push(Step {
            action,
            hop: at,
            wave: self.wave,
            allowed_by,
            gates: Vec::new(),
            rollback,
        });
        Ok(())
    }

    pub(super) fn plain(
        &mut self,
        hop: &Hop,
        at: usize,
        action: Action,
        rollback: Rollback,
        check: &[usize],
    ) -> Result<(), NoPlan> {
        let allowed_by = self.enter(
            check,
            &format!("after {} runs again", check.first().map_or("", |&node| self.name(node))),
        )?;
        let gates = self.gates(action.name(), hop.to.0, check, hop.to);
        self.plan.steps.push(Step {
            action,
            hop: at,
            wave: self.wave,
            allowed_by,
            gates,
            rollback,
        });
        Ok(())
    }

    /// Returns nodes in the matrix's order of roles.
    pub(super) fn in_order(&self, package: PackageIx, nodes: &[usize]) -> Vec<usize> {
        let order =
            self.upgrades(package).map(|upgrades| upgrades.order.as_slice()).unwrap_or_default();
        let position = |node: &usize| {
            let role = self.state.deployment.nodes[*node].role;
            (
                order
                    .iter()
                    .position(|roles| role.is_some_and(|role| roles.contains(&role)))
                    .unwrap_or(usize::MAX),
                *node,
            )
        };
        let mut ordered = nodes.to_vec();
        ordered.sort_by_key(position);
        ordered
    }
}
