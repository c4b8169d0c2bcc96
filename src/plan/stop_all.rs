//! A hop that stops everything: stop, change, migrate, start.

use std::collections::{BTreeMap, BTreeSet};

use super::NoPlan;
use super::planner::{Planner, edge_name};
use super::rolling::Sets;
use super::undo::{self, Copies, Start};
use crate::answer::path::Hop;
use crate::answer::plan::{Action, Rollback, Step};
use crate::catalog::{MigrationTime, PackageIx, ReleaseId, RoleIx};
use crate::finding::{Check, Finding, Severity};

impl Planner<'_> {
    pub(super) fn stop_all(
        &mut self,
        hop: &Hop,
        at: usize,
        moving: &[usize],
        sets: &Sets,
    ) -> Result<(), NoPlan> {
        let subject =
            format!("{} -> {}", self.catalog.label(hop.from), self.catalog.version(hop.to));
        let why = hop.procedure_why.as_ref().map_or("as you allowed", |(why, _)| why.as_str());
        let product = &self.catalog.package(hop.to.0).name;
        let mut finding = Finding::new(
            Check::EdgeAdvice,
            Severity::Warning,
            subject,
            format!("this hop stops every node of {product}: {why}"),
        );
        finding.cites.extend(hop.procedure_why.iter().map(|(_, cite)| cite.clone()));
        self.plan.findings.push(finding);
        let ordered = self.in_order(hop.to.0, moving);
        // Nodes that are at the target already are stopped too: the hop is made while nothing runs.
        let all = self.in_order(hop.to.0, &self.concerned(hop));
        for (ix, &node) in all.iter().enumerate() {
            self.next_place(hop, ix.checked_sub(1).map(|before| all[before]), node);
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
        let mut before = BTreeMap::new();
        for &node in &ordered {
            before.insert(node, self.running(node, hop.to));
            self.upgrade_stopped(hop, at, node, sets)?;
        }
        self.wave += 1;
        self.migrate(hop, MigrationTime::Stopped, at);
        let back: Vec<_> = all.into_iter().rev().collect();
        for (ix, &node) in back.iter().enumerate() {
            if ix == 0 {
                self.pass(hop, None);
            }
            self.next_place(hop, ix.checked_sub(1).map(|before| back[before]), node);
            self.state.set_stopped(node, false);
            let rollback = self.back_from_start(hop, node, before.get(&node).copied());
            self.plain(hop, at, Action::Start { node }, rollback, &[node])?;
        }
        self.ask_all(hop, &ordered);
        self.wave += 1;
        Ok(())
    }

    /// Tells how a node's start is undone: it may write what its release before cannot read.
    fn back_from_start(&mut self, hop: &Hop, node: usize, before: Option<ReleaseId>) -> Rollback {
        if let Some(note) = undo::irreversible(hop) {
            return Rollback::Impossible(note.message);
        }
        let back = before.map(|before| {
            let start = undo::start(&mut self.state, node, hop.to, before, Copies::FromNobody);
            (before, start)
        });
        match back {
            Some((before, Start::Never(reasons))) => {
                let note = undo::unreadable(&self.state, before, hop.to, reasons);
                self.no_return(note.clone());
                Rollback::Impossible(note.message)
            }
            Some((_, Start::AsItIs | Start::Filled(_))) | None => {
                Rollback::Possible("stop it again".to_owned())
            }
        }
    }

    /// Begins a wave if a node's place in the order of roles is not that of the node before it.
    fn next_place(&mut self, hop: &Hop, before: Option<usize>, node: usize) {
        let place = |node| self.place(hop.to.0, node);
        if before.is_some_and(|before| place(before) != place(node)) {
            self.wave += 1;
        }
    }

    /// Asks what is asked after upgrades once everything runs again: a stopped node cannot answer,
    /// and a product that is half started does not look healthy.
    fn ask_all(&mut self, hop: &Hop, upgraded: &[usize]) {
        let asked = self.gates("upgrade", hop.to.0, upgraded, hop.to);
        if let Some(last) = self.plan.steps.last_mut() {
            for gate in asked {
                if last.gates.iter().all(|known| known.name != gate.name) {
                    last.gates.push(gate);
                }
            }
        }
    }

    /// Returns the nodes that run the product of a hop, in whatever release.
    pub(super) fn concerned(&self, hop: &Hop) -> Vec<usize> {
        let sources = super::sources(self.catalog, hop.to.0);
        let nodes = self.state.deployment.nodes.iter().enumerate();
        nodes
            .filter(|(_, node)| sources.iter().any(|package| node.packages.contains_key(package)))
            .map(|(ix, _)| ix)
            .collect()
    }

    pub(super) fn upgrade_stopped(
        &mut self,
        hop: &Hop,
        at: usize,
        node: usize,
        sets: &Sets,
    ) -> Result<(), NoPlan> {
        let (action, from) = self.change(node, hop.to, sets);
        self.starts(node, from, hop.to, Copies::FromNobody)?;
        let allowed_by = BTreeSet::from([edge_name(self.catalog, from, hop.to)]);
        let past = self.past.get(&self.state.deployment.nodes[node].group).cloned();
        let before = undo::before(self.catalog, &action);
        let again = || Rollback::Possible(format!("install {before} again"));
        let rollback = past.map_or_else(again, |note| Rollback::Impossible(note.message));
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
        let mut ordered = nodes.to_vec();
        ordered.sort_by_key(|&node| (self.place(package, node), node));
        ordered
    }

    /// Returns the place of a node's role in the matrix's order.
    pub(super) fn place(&self, package: PackageIx, node: usize) -> usize {
        let role = self.state.deployment.nodes[node].role;
        let listed = |roles: &Vec<RoleIx>| role.is_some_and(|role| roles.contains(&role));
        self.upgrades(package)
            .and_then(|upgrades| upgrades.order.iter().position(listed))
            .unwrap_or(usize::MAX)
    }
}
