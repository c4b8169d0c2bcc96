//! One hop after the other: which nodes move, to what, and what is said and migrated around it.
//!
//! Owns the plan under construction. The steps within a hop are made by `rolling` and `stop_all`, the
//! questions between steps by `asks`.

use std::collections::{BTreeMap, BTreeSet};

use super::sets::{self, Packages};
use super::state::State;
use super::undo;
use super::{Goal, NoPlan, hops, sources};
use crate::answer::path::{Hop, MigrationNote};
use crate::answer::plan::{Action, Plan, PointOfNoReturn, Rollback, Step};
use crate::catalog::{
    Catalog, MigrationTime, PackageIx, PackageKind, Procedure, ReleaseId, Upgrades,
};
use crate::deployment::{Change, Deployment};
use crate::finding::{Check, Finding, Severity};
use crate::skew::requirements;

/// Builds a plan target by target.
pub(super) struct Planner<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) goal: &'c Goal,
    pub(super) state: State<'c>,
    pub(super) plan: Plan,
    /// First wave of the block being worked.
    pub(super) wave: usize,
    /// Per group, the irreversible note that counts for it by now.
    pub(super) past: BTreeMap<usize, crate::answer::path::Note>,
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
            let path = hops(self.catalog, &self.state.deployment, self.goal, from, target)?;
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
    pub(super) fn farthest(&self, target: ReleaseId) -> Option<ReleaseId> {
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
        let own: Vec<_> = running.iter().filter(|release| release.0 == target.0).collect();
        let older = own.iter().find(|release| release.1 < target.1).copied();
        foreign.or(older).or_else(|| own.last().copied()).copied()
    }

    pub(super) fn upgrades(&self, package: PackageIx) -> Option<&'c Upgrades> {
        self.catalog.upgrades(package)
    }

    /// Plans one hop.
    pub(super) fn hop(&mut self, hop: Hop) -> Result<(), NoPlan> {
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
    pub(super) fn moving(&self, hop: &Hop) -> Vec<usize> {
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
                sources.iter().find_map(|&package| node.running(package)).is_some_and(moves)
            })
            .map(|(ix, _)| ix)
            .collect()
    }

    /// Returns what each moving node runs after the hop, deciding each distinct set once.
    pub(super) fn sets(
        &self,
        hop: &Hop,
        moving: &[usize],
    ) -> Result<BTreeMap<Packages, Packages>, NoPlan> {
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
    pub(super) fn running(&self, node: usize, hop: &Hop) -> ReleaseId {
        let node = &self.state.deployment.nodes[node];
        sources(self.catalog, hop.to.0)
            .iter()
            .find_map(|&package| node.running(package))
            .unwrap_or(hop.from)
    }

    pub(super) fn advise(&mut self, hop: &Hop) {
        let subject =
            format!("{} -> {}", self.catalog.label(hop.from), self.catalog.version(hop.to));
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

    pub(super) fn migrate(&mut self, hop: &Hop, when: MigrationTime, at: usize) {
        for migration in hop.migrations.iter().filter(|migration| migration.when == when) {
            self.migration(hop, migration, at);
        }
    }

    pub(super) fn migration(&mut self, hop: &Hop, migration: &MigrationNote, at: usize) {
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
    pub(super) fn pass(&mut self, hop: &Hop, group: Option<usize>) {
        let Some(note) = undo::irreversible(hop) else {
            return;
        };
        let groups: Vec<_> = group
            .map_or_else(|| (0..self.state.deployment.groups.len()).collect(), |group| vec![group]);
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

    pub(super) fn name(&self, node: usize) -> &str {
        &self.state.deployment.nodes[node].name
    }

    pub(super) fn enter(
        &mut self,
        nodes: &[usize],
        when: &str,
    ) -> Result<BTreeSet<String>, NoPlan> {
        self.state.enter(nodes).map_err(|broken| {
            let reasons = broken
                .into_iter()
                .map(|finding| Finding {
                    message: format!("{when}: {}", finding.message),
                    ..finding
                })
                .collect();
            NoPlan { reasons, alternatives: Vec::new() }
        })
    }

    /// Changes a node's packages and returns the action that does it.
    pub(super) fn change(
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
            changes.push(Change::Remove { node, package: from.0 });
        }
        for (&package, &rank) in after {
            if before.get(&package) != Some(&rank) {
                changes.push(Change::Set { node, release: (package, rank) });
                if package != hop.to.0 {
                    with.push((before.get(&package).map(|&rank| (package, rank)), (package, rank)));
                }
            }
        }
        self.state.apply(&changes);
        (Action::Upgrade { node, from, to: hop.to, with }, from)
    }

    /// Moves one plugin on every node that runs it, its core staying as it is.
    pub(super) fn plugin(&mut self, target: ReleaseId) -> Result<(), NoPlan> {
        for node in 0..self.state.deployment.nodes.len() {
            let Some(from) =
                self.state.deployment.nodes[node].running(target.0).filter(|&from| from != target)
            else {
                continue;
            };
            self.state.apply(&[Change::Set { node, release: target }]);
            let packages = &self.state.deployment.nodes[node].packages;
            let broken = requirements(self.catalog, packages, &packages.keys().copied().collect());
            let reasons: Vec<_> =
                broken.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
            if !reasons.is_empty() {
                return Err(NoPlan { reasons, alternatives: Vec::new() });
            }
            let allowed_by = self.enter(
                &[node],
                &format!("after {} runs {}", self.name(node), self.catalog.label(target)),
            )?;
            let rollback =
                Rollback::Possible(format!("install {} again", self.catalog.label(from)));
            let gates = self.gates("install", target.0, &[node], target);
            let action = Action::Install { node, from: Some(from), to: target };
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
}

/// Names an upgrade step as a rule that was checked.
pub(super) fn edge_name(catalog: &Catalog, from: ReleaseId, to: ReleaseId) -> String {
    format!(
        "upgrade:{}->{}",
        catalog.label(from).replace(' ', "@"),
        catalog.label(to).replace(' ', "@")
    )
}
