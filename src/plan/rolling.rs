//! A rolling hop: block by block, group by group, a switch before the last role.

use std::collections::{BTreeMap, BTreeSet};

use super::NoPlan;
use super::planner::{Planner, edge_name};
use super::sets::Packages;
use super::undo;
use crate::answer::path::Hop;
use crate::answer::plan::{Action, Rollback, Step};
use crate::catalog::{PackageIx, RoleIx};
use crate::deployment::Change;
use crate::finding::{Check, Finding, Severity};

impl Planner<'_> {
    /// Blocks of roles: those of a switch together, the others each by themselves; roles that the
    /// matrix does not order come last.
    pub(super) fn blocks(&self, package: PackageIx) -> Vec<Vec<RoleIx>> {
        let Some(upgrades) = self.upgrades(package) else {
            return vec![Vec::new()];
        };
        let mut blocks: Vec<Vec<RoleIx>> = Vec::new();
        let mut joined: Option<usize> = None;
        for roles in &upgrades.order {
            let switches = upgrades
                .switch
                .as_ref()
                .is_some_and(|switch| roles.contains(&switch.from) || roles.contains(&switch.to));
            match joined.filter(|_| switches) {
                Some(block) => blocks[block].extend(roles),
                None => {
                    if switches {
                        joined = Some(blocks.len());
                    }
                    blocks.push(roles.clone());
                }
            }
        }
        blocks.push(Vec::new());
        blocks
    }

    pub(super) fn rolling(
        &mut self,
        hop: &Hop,
        at: usize,
        moving: &[usize],
        sets: &BTreeMap<Packages, Packages>,
    ) -> Result<(), NoPlan> {
        let blocks = self.blocks(hop.to.0);
        let ordered: BTreeSet<RoleIx> = blocks.iter().flatten().copied().collect();
        for block in &blocks {
            let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for &node in moving {
                let stated = &self.state.deployment.nodes[node];
                let listed = stated.role.filter(|role| ordered.contains(role));
                let belongs = if block.is_empty() {
                    listed.is_none()
                } else {
                    listed.is_some_and(|role| block.contains(&role))
                };
                if belongs {
                    groups.entry(stated.group).or_default().push(node);
                }
            }
            let start = self.wave;
            let mut end = start;
            for (group, nodes) in groups {
                self.wave = start;
                self.group(hop, at, group, nodes, sets)?;
                end = end.max(self.wave);
            }
            self.wave = end;
        }
        Ok(())
    }

    /// Works one group of a block: everything but the holder of the switched role, then the switch,
    /// then the old holder.
    pub(super) fn group(
        &mut self,
        hop: &Hop,
        at: usize,
        group: usize,
        mut nodes: Vec<usize>,
        sets: &BTreeMap<Packages, Packages>,
    ) -> Result<(), NoPlan> {
        let upgrades = self.upgrades(hop.to.0);
        let position = |role: Option<RoleIx>| {
            let order = upgrades.map(|upgrades| upgrades.order.as_slice()).unwrap_or_default();
            order
                .iter()
                .position(|roles| role.is_some_and(|role| roles.contains(&role)))
                .unwrap_or(usize::MAX)
        };
        nodes.sort_by_key(|&node| (position(self.state.deployment.nodes[node].role), node));
        for node in nodes {
            self.switch_away(hop, at, group, node)?;
            self.upgrade(hop, at, node, sets)?;
            self.wave += 1;
        }
        Ok(())
    }

    /// Hands the role of a node over, if the matrix says that it must not be restarted in it.
    pub(super) fn switch_away(
        &mut self,
        hop: &Hop,
        at: usize,
        group: usize,
        node: usize,
    ) -> Result<(), NoPlan> {
        let Some(switch) = self.upgrades(hop.to.0).and_then(|upgrades| upgrades.switch.as_ref())
        else {
            return Ok(());
        };
        if self.state.deployment.nodes[node].role != Some(switch.from) {
            return Ok(());
        }
        let Some(successor) = self.successor(group, switch.to, hop) else {
            let name = self.state.deployment.nodes[node].name.clone();
            let message = format!(
                "{} of group {} has no {} on {} to hand over to",
                self.catalog.role(switch.from).name,
                self.state.deployment.groups[group],
                self.catalog.role(switch.to).name,
                self.catalog.label(hop.to)
            );
            return Err(super::no_plan(Finding::new(
                Check::NoPlan,
                Severity::Error,
                name,
                message,
            )));
        };
        self.pass(hop, Some(group));
        self.state.apply(&[Change::Switch { from: node, to: successor }]);
        let allowed_by = self.enter(
            &[node, successor],
            &format!("after the {} to {}", switch.name, self.name(successor)),
        )?;
        let action = Action::Switch { group, from_node: node, to_node: successor };
        let gates = self.gates("switch", hop.to.0, &[node, successor], hop.to);
        let rollback = Rollback::Possible(format!("{} back to {}", switch.name, self.name(node)));
        self.plan.steps.push(Step {
            action,
            hop: at,
            wave: self.wave,
            allowed_by,
            gates,
            rollback,
        });
        self.wave += 1;
        Ok(())
    }

    /// Returns the first node of the group in the taking role that has the hop's release.
    pub(super) fn successor(&self, group: usize, role: RoleIx, hop: &Hop) -> Option<usize> {
        let ready = |node: &usize| {
            let stated = &self.state.deployment.nodes[*node];
            stated.role == Some(role) && stated.running(hop.to.0) == Some(hop.to)
        };
        self.state.group(group).iter().copied().find(ready)
    }

    pub(super) fn upgrade(
        &mut self,
        hop: &Hop,
        at: usize,
        node: usize,
        sets: &BTreeMap<Packages, Packages>,
    ) -> Result<(), NoPlan> {
        let (action, from) = self.change(hop, node, sets);
        let mut allowed_by = self.enter(
            &[node],
            &format!("after {} runs {}", self.name(node), self.catalog.label(hop.to)),
        )?;
        allowed_by.insert(edge_name(self.catalog, from, hop.to));
        let group = self.state.deployment.nodes[node].group;
        let past = self.past.get(&group).cloned();
        let rollback = undo::of_upgrade(&mut self.state, node, from, hop.to, past.as_ref());
        let gates = self.gates("upgrade", hop.to.0, &[node], hop.to);
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
}
