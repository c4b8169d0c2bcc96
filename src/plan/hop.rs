//! One hop after the other: the steps of each, in order, every state checked as it is entered.

use std::collections::{BTreeMap, BTreeSet};

use super::sets::{self, Packages};
use super::state::State;
use super::undo;
use super::{Goal, NoPlan, hops, sources};
use crate::answer::path::{Hop, MigrationNote};
use crate::answer::plan::{Action, GateAsk, Plan, PointOfNoReturn, Rollback, Step};
use crate::catalog::{
    Catalog, FeatureIx, Gate, MigrationTime, PackageIx, PackageKind, Probe, Procedure, ReleaseId,
    RoleIx, Upgrades,
};
use crate::deployment::{Change, Deployment};
use crate::finding::{Check, Cite, Finding, Severity};

/// Builds a plan target by target.
pub(super) struct Planner<'c> {
    catalog: &'c Catalog,
    goal: &'c Goal,
    state: State<'c>,
    plan: Plan,
    /// First wave of the block being worked.
    wave: usize,
    /// Per group, the irreversible note that counts for it by now.
    past: BTreeMap<usize, crate::answer::path::Note>,
}

impl<'c> Planner<'c> {
    pub(super) fn new(catalog: &'c Catalog, deployment: &Deployment, goal: &'c Goal) -> Self {
        Self {
            catalog,
            goal,
            state: State::new(catalog, deployment),
            plan: Plan::default(),
            wave: 0,
            past: BTreeMap::new(),
        }
    }

    /// Plans the way to one target.
    pub(super) fn toward(&mut self, target: ReleaseId) -> Result<(), NoPlan> {
        self.plan.targets.push(target);
        if self.catalog.package(target.0).kind == PackageKind::Plugin {
            return self.plugin(target);
        }
        while let Some(from) = self.farthest(target) {
            let path = hops(
                self.catalog,
                &self.state.deployment,
                self.goal,
                from,
                target,
            )?;
            let Some(mut hop) = path.into_iter().next() else {
                break;
            };
            if self.goal.allow_downtime {
                hop.procedure = Procedure::StopAll;
            }
            self.hop(hop)?;
        }
        Ok(())
    }

    /// Returns the release farthest from the target that a node still runs: one of another package
    /// first, then the oldest; if all are newer than the target, the newest.
    fn farthest(&self, target: ReleaseId) -> Option<ReleaseId> {
        let sources = sources(self.catalog, target.0);
        let running: BTreeSet<_> = self
            .state
            .deployment
            .nodes
            .iter()
            .filter_map(|node| sources.iter().find_map(|&package| node.running(package)))
            .filter(|&release| release != target)
            .collect();
        let foreign = running.iter().find(|release| release.0 != target.0);
        let own: Vec<_> = running
            .iter()
            .filter(|release| release.0 == target.0)
            .collect();
        let older = own.iter().find(|release| release.1 < target.1).copied();
        foreign.or(older).or_else(|| own.last().copied()).copied()
    }

    fn upgrades(&self, package: PackageIx) -> Option<&'c Upgrades> {
        self.catalog.upgrades(package)
    }

    /// Plans one hop.
    fn hop(&mut self, hop: Hop) -> Result<(), NoPlan> {
        let moving = self.moving(&hop);
        let sets = self.sets(&hop, &moving)?;
        let at = self.plan.hops.len();
        self.plan.hops.push(hop.clone());
        self.advise(&hop);
        self.migrate(&hop, MigrationTime::Before, at);
        match hop.procedure {
            Procedure::Rolling => self.rolling(&hop, at, &moving, &sets)?,
            Procedure::StopAll => self.stop_all(&hop, at, &moving, &sets)?,
        }
        self.migrate(&hop, MigrationTime::After, at);
        Ok(())
    }

    /// Returns the nodes that change in a hop: those on its starting release, and those on any release
    /// between it and the hop's target.
    fn moving(&self, hop: &Hop) -> Vec<usize> {
        let sources = sources(self.catalog, hop.to.0);
        let upward = hop.from.0 != hop.to.0 || hop.from.1 < hop.to.1;
        let moves = |release: ReleaseId| {
            if release.0 != hop.to.0 {
                release == hop.from
            } else if upward {
                release.1 < hop.to.1 && (hop.from.0 != hop.to.0 || release.1 >= hop.from.1)
            } else {
                release.1 > hop.to.1 && release.1 <= hop.from.1
            }
        };
        let nodes = self.state.deployment.nodes.iter().enumerate();
        nodes
            .filter(|(_, node)| {
                sources
                    .iter()
                    .find_map(|&package| node.running(package))
                    .is_some_and(moves)
            })
            .map(|(ix, _)| ix)
            .collect()
    }

    /// Returns what each moving node runs after the hop, deciding each distinct set once.
    fn sets(&self, hop: &Hop, moving: &[usize]) -> Result<BTreeMap<Packages, Packages>, NoPlan> {
        let mut sets = BTreeMap::new();
        for &node in moving {
            let packages = &self.state.deployment.nodes[node].packages;
            if !sets.contains_key(packages) {
                let from = self.running(node, hop);
                let after = sets::after(self.catalog, packages, from, hop.to, &self.goal.targets)
                    .map_err(|mut none| {
                    let name = self.state.deployment.nodes[node].name.clone();
                    none.reasons[0].subject = name;
                    none
                })?;
                sets.insert(packages.clone(), after);
            }
        }
        Ok(sets)
    }

    /// Returns the release that a node moves away from.
    fn running(&self, node: usize, hop: &Hop) -> ReleaseId {
        let node = &self.state.deployment.nodes[node];
        sources(self.catalog, hop.to.0)
            .iter()
            .find_map(|&package| node.running(package))
            .unwrap_or(hop.from)
    }

    fn advise(&mut self, hop: &Hop) {
        let subject = format!(
            "{} -> {}",
            self.catalog.label(hop.from),
            self.catalog.version(hop.to)
        );
        for note in &hop.advice {
            let finding = Finding::new(
                Check::EdgeAdvice,
                Severity::Info,
                subject.clone(),
                note.message.clone(),
            );
            self.plan.findings.push(finding.citing(note.cite.clone()));
        }
        for risk in &hop.risks {
            let message = format!("accepted risk {}: {}", risk.name, risk.message);
            let finding =
                Finding::new(Check::EdgeRisk, Severity::Warning, subject.clone(), message);
            self.plan.findings.push(finding.citing(risk.cite.clone()));
        }
    }

    fn migrate(&mut self, hop: &Hop, when: MigrationTime, at: usize) {
        for migration in hop
            .migrations
            .iter()
            .filter(|migration| migration.when == when)
        {
            self.migration(hop, migration, at);
        }
    }

    fn migration(&mut self, hop: &Hop, migration: &MigrationNote, at: usize) {
        let rollback = if migration.irreversible {
            Rollback::Impossible("restore the backup that was made before it".to_owned())
        } else {
            Rollback::Possible("nothing has to be undone".to_owned())
        };
        let action = Action::Migrate {
            name: migration.name.clone(),
            command: migration.command.clone(),
            message: migration.message.clone(),
        };
        if migration.irreversible {
            self.pass(hop, None);
        }
        let gates = self.gates("migrate", hop.to.0, &[], hop.to);
        self.plan.steps.push(Step {
            action,
            hop: at,
            wave: self.wave,
            allowed_by: BTreeSet::new(),
            gates,
            rollback,
        });
        self.wave += 1;
    }

    /// Notes that a group, or all, passes its point of no return with the step that comes next.
    fn pass(&mut self, hop: &Hop, group: Option<usize>) {
        let Some(note) = undo::irreversible(hop) else {
            return;
        };
        let groups: Vec<_> = group.map_or_else(
            || (0..self.state.deployment.groups.len()).collect(),
            |group| vec![group],
        );
        for group in groups {
            self.past.insert(group, note.clone());
        }
        if self.plan.point_of_no_return.is_none() {
            self.plan.point_of_no_return = Some(PointOfNoReturn {
                step: self.plan.steps.len(),
                why: note.message,
                moment: note.moment,
                cite: note.cite,
            });
        }
    }

    /// Blocks of roles: those of a switch together, the others each by themselves; roles that the
    /// matrix does not order come last.
    fn blocks(&self, package: PackageIx) -> Vec<Vec<RoleIx>> {
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

    fn rolling(
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
    fn group(
        &mut self,
        hop: &Hop,
        at: usize,
        group: usize,
        mut nodes: Vec<usize>,
        sets: &BTreeMap<Packages, Packages>,
    ) -> Result<(), NoPlan> {
        let upgrades = self.upgrades(hop.to.0);
        let position = |role: Option<RoleIx>| {
            let order = upgrades
                .map(|upgrades| upgrades.order.as_slice())
                .unwrap_or_default();
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
    fn switch_away(
        &mut self,
        hop: &Hop,
        at: usize,
        group: usize,
        node: usize,
    ) -> Result<(), NoPlan> {
        let Some(switch) = self
            .upgrades(hop.to.0)
            .and_then(|upgrades| upgrades.switch.as_ref())
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
        self.state.apply(&[Change::Switch {
            from: node,
            to: successor,
        }]);
        let allowed_by = self.enter(
            &[node, successor],
            &format!("after the {} to {}", switch.name, self.name(successor)),
        )?;
        let action = Action::Switch {
            group,
            from_node: node,
            to_node: successor,
        };
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
    fn successor(&self, group: usize, role: RoleIx, hop: &Hop) -> Option<usize> {
        let ready = |node: &usize| {
            let stated = &self.state.deployment.nodes[*node];
            stated.role == Some(role) && stated.running(hop.to.0) == Some(hop.to)
        };
        self.state.group(group).iter().copied().find(ready)
    }

    fn name(&self, node: usize) -> &str {
        &self.state.deployment.nodes[node].name
    }

    fn enter(&mut self, nodes: &[usize], when: &str) -> Result<BTreeSet<String>, NoPlan> {
        self.state.enter(nodes).map_err(|broken| {
            let reasons = broken
                .into_iter()
                .map(|finding| Finding {
                    message: format!("{when}: {}", finding.message),
                    ..finding
                })
                .collect();
            NoPlan {
                reasons,
                alternatives: Vec::new(),
            }
        })
    }

    fn upgrade(
        &mut self,
        hop: &Hop,
        at: usize,
        node: usize,
        sets: &BTreeMap<Packages, Packages>,
    ) -> Result<(), NoPlan> {
        let (action, from) = self.change(hop, node, sets);
        let mut allowed_by = self.enter(
            &[node],
            &format!(
                "after {} runs {}",
                self.name(node),
                self.catalog.label(hop.to)
            ),
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

    /// Changes a node's packages and returns the action that does it.
    fn change(
        &mut self,
        hop: &Hop,
        node: usize,
        sets: &BTreeMap<Packages, Packages>,
    ) -> (Action, ReleaseId) {
        let from = self.running(node, hop);
        let before = self.state.deployment.nodes[node].packages.clone();
        let after = &sets[&before];
        let mut changes = Vec::new();
        let mut with = Vec::new();
        if from.0 != hop.to.0 {
            changes.push(Change::Remove {
                node,
                package: from.0,
            });
        }
        for (&package, &rank) in after {
            if before.get(&package) != Some(&rank) {
                changes.push(Change::Set {
                    node,
                    release: (package, rank),
                });
                if package != hop.to.0 {
                    with.push((
                        before.get(&package).map(|&rank| (package, rank)),
                        (package, rank),
                    ));
                }
            }
        }
        self.state.apply(&changes);
        (
            Action::Upgrade {
                node,
                from,
                to: hop.to,
                with,
            },
            from,
        )
    }

    fn stop_all(
        &mut self,
        hop: &Hop,
        at: usize,
        moving: &[usize],
        sets: &BTreeMap<Packages, Packages>,
    ) -> Result<(), NoPlan> {
        let subject = format!(
            "{} -> {}",
            self.catalog.label(hop.from),
            self.catalog.version(hop.to)
        );
        let why = hop
            .procedure_why
            .as_ref()
            .map_or("as you allowed", |(why, _)| why.as_str());
        let mut finding = Finding::new(
            Check::EdgeAdvice,
            Severity::Warning,
            subject,
            format!("this hop stops every node: {why}"),
        );
        finding
            .cites
            .extend(hop.procedure_why.iter().map(|(_, cite)| cite.clone()));
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

    fn upgrade_stopped(
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
        let past = self
            .past
            .get(&self.state.deployment.nodes[node].group)
            .cloned();
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

    fn plain(
        &mut self,
        hop: &Hop,
        at: usize,
        action: Action,
        rollback: Rollback,
        check: &[usize],
    ) -> Result<(), NoPlan> {
        let allowed_by = self.enter(
            check,
            &format!(
                "after {} runs again",
                check.first().map_or("", |&node| self.name(node))
            ),
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
    fn in_order(&self, package: PackageIx, nodes: &[usize]) -> Vec<usize> {
        let order = self
            .upgrades(package)
            .map(|upgrades| upgrades.order.as_slice())
            .unwrap_or_default();
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

    /// Moves one plugin on every node that runs it, its core staying as it is.
    fn plugin(&mut self, target: ReleaseId) -> Result<(), NoPlan> {
        for node in 0..self.state.deployment.nodes.len() {
            let Some(from) = self.state.deployment.nodes[node]
                .running(target.0)
                .filter(|&from| from != target)
            else {
                continue;
            };
            self.state.apply(&[Change::Set {
                node,
                release: target,
            }]);
            let broken = crate::skew::requirements(
                self.catalog,
                &self.state.deployment.nodes[node].packages,
                self.name(node),
            );
            let reasons: Vec<_> = broken
                .into_iter()
                .filter(|finding| finding.severity == Severity::Error)
                .collect();
            if !reasons.is_empty() {
                return Err(NoPlan {
                    reasons,
                    alternatives: Vec::new(),
                });
            }
            let allowed_by = self.enter(
                &[node],
                &format!(
                    "after {} runs {}",
                    self.name(node),
                    self.catalog.label(target)
                ),
            )?;
            let rollback =
                Rollback::Possible(format!("install {} again", self.catalog.label(from)));
            let gates = self.gates("install", target.0, &[node], target);
            let action = Action::Install {
                node,
                from: Some(from),
                to: target,
            };
            self.plan.steps.push(Step {
                action,
                hop: self.plan.hops.len(),
                wave: self.wave,
                allowed_by,
                gates,
                rollback,
            });
            self.wave += 1;
        }
        Ok(())
    }

    /// Returns what to ask after an action, of the nodes whose role the gate is about.
    fn gates(
        &self,
        action: &str,
        package: PackageIx,
        nodes: &[usize],
        to: ReleaseId,
    ) -> Vec<GateAsk> {
        let Some(upgrades) = self.upgrades(package) else {
            return Vec::new();
        };
        let asked = upgrades
            .gates
            .iter()
            .filter(|gate| gate.after.iter().any(|after| after == action));
        asked.filter_map(|gate| self.ask(gate, nodes, to)).collect()
    }

    fn ask(&self, gate: &Gate, nodes: &[usize], to: ReleaseId) -> Option<GateAsk> {
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
                .replace("{node}", node)
                .replace(
                    "{to_node}",
                    nodes.last().map_or("", |&node| self.name(node)),
                )
        };
        let probe = Probe {
            command: fill(&gate.probe.command),
            field: gate.probe.field.clone(),
            expect: fill(&gate.probe.expect),
        };
        Some(GateAsk {
            name: gate.name.clone(),
            nodes: concerned,
            probe,
            why: gate.why.clone(),
        })
    }

    /// Ends the plan: what to ask first, what stays unsure.
    pub(super) fn finish(mut self) -> Plan {
        let packages: BTreeSet<PackageIx> = self.plan.hops.iter().map(|hop| hop.to.0).collect();
        for &package in &packages {
            let all: Vec<_> = (0..self.state.deployment.nodes.len()).collect();
            if let Some(target) = self
                .plan
                .targets
                .iter()
                .copied()
                .find(|target| target.0 == package)
            {
                let preflight = self.gates("start-of-plan", package, &all, target);
                self.plan.preflight.extend(preflight);
            }
            let restart = self
                .upgrades(package)
                .and_then(|upgrades| upgrades.restart.clone());
            self.plan
                .restart
                .extend(restart.map(|restart| (package, restart)));
        }
        self.exposures();
        let unknown = std::mem::take(&mut self.state.unknown);
        self.plan.findings.extend(unknown.into_values());
        self.irreversible();
        self.plan
    }

    /// Says which states depend on a feature not being used, and how to find out. Features that
    /// endanger the same pairs are said together.
    fn exposures(&mut self) {
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

    fn exposure(&mut self, pairs: &BTreeSet<String>, features: &[FeatureIx]) -> Finding {
        let stated: Vec<_> = features
            .iter()
            .map(|feature| &self.catalog.features()[feature.ix()])
            .collect();
        let names: Vec<_> = stated.iter().map(|feature| feature.name.as_str()).collect();
        let pairs: Vec<_> = pairs.iter().map(String::as_str).collect();
        let message = format!(
            "while versions are mixed, nobody may use {}: {} would break",
            names.join(", "),
            pairs.join(", ")
        );
        let mut finding = Finding::new(
            Check::PlanExposure,
            Severity::Info,
            pairs.join(", "),
            message,
        );
        for feature in stated {
            let cite = self.catalog.cite(feature.fact);
            if finding
                .cites
                .iter()
                .all(|known| known.source != cite.source)
            {
                finding.cites.push(Cite { note: None, ..cite });
            }
            if let Some(probe) = &feature.detect {
                self.plan.preflight.push(GateAsk {
                    name: format!("{}-not-in-use", feature.name),
                    nodes: Vec::new(),
                    probe: Probe {
                        expect: format!("not {}", probe.expect),
                        ..probe.clone()
                    },
                    why: format!("{} would break pairs of versions on the way", feature.name),
                });
            }
        }
        finding.hinting("the checks before the start tell which of them are in use")
    }

    fn irreversible(&mut self) {
        let Some(point) = &self.plan.point_of_no_return else {
            return;
        };
        let moment = point
            .moment
            .as_ref()
            .map(|moment| format!(" ({moment})"))
            .unwrap_or_default();
        let message = format!(
            "step {} is the point of no return: {}{moment}",
            point.step + 1,
            point.why
        );
        let finding = Finding::new(
            Check::EdgeIrreversible,
            Severity::Warning,
            format!("step {}", point.step + 1),
            message,
        );
        self.plan.findings.push(finding.citing(point.cite.clone()));
    }
}

/// Names an upgrade step as a rule that was checked.
fn edge_name(catalog: &Catalog, from: ReleaseId, to: ReleaseId) -> String {
    format!(
        "upgrade:{}->{}",
        catalog.label(from).replace(' ', "@"),
        catalog.label(to).replace(' ', "@")
    )
}
