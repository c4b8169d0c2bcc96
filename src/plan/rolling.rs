//! A rolling hop: block by block, group by group, a switch before the last role.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::NoPlan;
use super::planner::{Planner, edge_name};
use super::sets::Packages;
use super::undo::{self, Copies};
use crate::answer::path::{Hop, Note};
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
            if let Some(block) = joined.filter(|_| switches) {
                blocks[block].extend(roles);
                continue;
            }
            if switches {
                joined = Some(blocks.len());
            }
            blocks.push(roles.clone());
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
            // Groups go at the same time, but voters of one quorum do not, whatever their groups.
            let votes = |&node: &usize| {
                let role = self.state.deployment.nodes[node].role;
                role.is_some_and(|role| self.catalog.role(role).quorum)
            };
            let one_by_one = groups.values().flatten().any(votes);
            let start = self.wave;
            let mut end = start;
            for (group, nodes) in groups {
                self.wave = if one_by_one { end } else { start };
                self.group(hop, at, group, nodes, sets)?;
                end = end.max(self.wave);
            }
            self.wave = end;
        }
        Ok(())
    }

    /// Works one group of a block: role by role in their order, the holder of a role that is handed
    /// over last among its equals. If a node cannot go next, the first of its equals that can does.
    pub(super) fn group(
        &mut self,
        hop: &Hop,
        at: usize,
        group: usize,
        mut nodes: Vec<usize>,
        sets: &BTreeMap<Packages, Packages>,
    ) -> Result<(), NoPlan> {
        nodes.sort_by_key(|&node| (self.turn(hop, node), node));
        let mut nodes = VecDeque::from(nodes);
        while let Some(&first) = nodes.front() {
            let turn = self.turn(hop, first);
            self.switch_away(hop, at, group, first)?;
            let mut done = self.upgrade(hop, at, first, sets).map(|()| 0);
            for (other, &node) in nodes.iter().enumerate().skip(1) {
                if done.is_ok() || self.turn(hop, node) != turn {
                    break;
                }
                done = done.or_else(|none| {
                    self.upgrade(hop, at, node, sets).map_or(Err(none), |()| Ok(other))
                });
            }
            nodes.remove(done?);
            self.wave += 1;
        }
        Ok(())
    }

    /// Returns when a node's turn is: by the matrix's order of roles, then by whether its role is
    /// handed over.
    fn turn(&self, hop: &Hop, node: usize) -> (usize, bool) {
        let role = self.state.deployment.nodes[node].role;
        let given_up = self
            .upgrades(hop.to.0)
            .and_then(|upgrades| upgrades.switch.as_ref())
            .is_some_and(|switch| role == Some(switch.from));
        (self.place(hop.to.0, node), given_up)
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
            return Err(self.no_successor(hop, group, node, (switch.from, switch.to)));
        };
        self.pass(hop, Some(group));
        self.state.apply(&[Change::Switch { from: node, to: successor }]);
        let allowed_by = self.enter(
            &[node, successor],
            &format!("after the {} to {}", switch.name, self.name(successor)),
        )?;
        let action = Action::Switch { group, from_node: node, to_node: successor };
        let gates = self.gates("switch", hop.to.0, &[node, successor], hop.to);
        let back = format!("{} back to {}", switch.name, self.name(node));
        let rollback = Rollback::Possible(match self.past.get(&group) {
            Some(_) => format!("{back}, before it is upgraded and before anything new is used"),
            None => back,
        });
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

    /// Says that nobody can take a role over.
    fn no_successor(
        &self,
        hop: &Hop,
        group: usize,
        node: usize,
        (from, to): (RoleIx, RoleIx),
    ) -> NoPlan {
        let deployment = &self.state.deployment;
        let (name, group_name) = (self.name(node), &deployment.groups[group]);
        let (from, taker) = (&self.catalog.role(from).name, &self.catalog.role(to).name);
        let mut members = self.state.group(group).iter();
        let message = if members.any(|&other| deployment.nodes[other].role == Some(to)) {
            let target = self.catalog.label(hop.to);
            format!(
                "{name} cannot be restarted as {from}: no {taker} of the group {group_name} runs {target} before it, to take over"
            )
        } else {
            format!(
                "{name} cannot be restarted as {from}: the group {group_name} has no {taker} to take over"
            )
        };
        let finding = Finding::new(Check::NoPlan, Severity::Error, name, message);
        super::no_plan(
            finding.hinting(format!(
                "add a {taker} to the group, or accept that it is down meanwhile"
            )),
        )
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
        let before = self.state.deployment.nodes[node].packages.clone();
        let (action, from) = self.change(hop, node, sets);
        let when = format!("after {} runs {}", self.name(node), self.catalog.label(hop.to));
        let entered = self.enter(&[node], &when).and_then(|allowed_by| {
            self.starts(node, from, hop.to, Copies::FromOthers).map(|()| allowed_by)
        });
        let mut allowed_by = match entered {
            Ok(allowed_by) => allowed_by,
            Err(none) => {
                self.restore(node, &before);
                return Err(none);
            }
        };
        allowed_by.insert(edge_name(self.catalog, from, hop.to));
        let group = self.state.deployment.nodes[node].group;
        let old = undo::before(self.catalog, &action);
        let back = match self.past.get(&group) {
            Some(note) => Err(Box::new(note.clone())),
            None => undo::of_upgrade(&mut self.state, node, from, hop.to, &old),
        };
        let rollback = match back {
            Ok(how) => Rollback::Possible(how),
            Err(note) => {
                self.no_return(Note::clone(&note));
                Rollback::Impossible(note.message)
            }
        };
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
