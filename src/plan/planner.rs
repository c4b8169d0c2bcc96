//! One hop after the other: which nodes move, to what, and what is said and migrated around it.
//!
//! Owns the plan under construction. The steps within a hop are made by `rolling` and `stop_all`, the
//! questions between steps by `asks`.

use std::collections::{BTreeMap, BTreeSet};

use super::failures::Failures;
use super::rolling::{Sets, is_plain};
use super::sets::{self, Packages};
use super::state::State;
use super::undo::{self, Copies, Start};
use super::{Goal, NoPlan, hops, sources};
use crate::answer::path::{Hop, MigrationNote, Note};
use crate::answer::plan::{Action, Plan, PointOfNoReturn, Rollback, Step};
use crate::catalog::{
    Catalog, MigrationTime, PackageIx, PackageKind, Procedure, ReleaseId, Upgrades,
};
use crate::deployment::{Change, Deployment, Node};
use crate::finding::{Check, Finding, Severity};
use crate::resolve::Requirement;
use crate::skew::requirements;

/// Builds a plan target by target.
pub(super) struct Planner<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) goal: &'c Goal,
    /// What is to run in the end, each requirement cut down to one release.
    pub(super) targets: Vec<Requirement>,
    pub(super) state: State<'c>,
    pub(super) plan: Plan,
    /// The wave that comes next.
    pub(super) wave: usize,
    /// How many nodes have still to change before all others may.
    pub(super) canaries: usize,
    /// Whether it was asked to watch them, or nobody is to be watched.
    pub(super) watched: bool,
    /// What becomes of groups whose holder fails on the way.
    pub(super) failures: Failures,
    /// Per group, the irreversible note that counts for it by now.
    pub(super) past: BTreeMap<usize, Note>,
}

impl<'c> Planner<'c> {
    pub(super) fn new(
        catalog: &'c Catalog,
        deployment: &Deployment,
        goal: &'c Goal,
        targets: &[ReleaseId],
    ) -> Self {
        let exactly = |&(package, rank): &ReleaseId| Requirement::exactly(catalog, package, rank);
        Self {
            catalog,
            goal,
            targets: targets.iter().map(exactly).collect(),
            state: State::new(catalog, deployment),
            plan: Plan { limits: goal.limits, ..Plan::default() },
            wave: 0,
            failures: Failures::default(),
            canaries: goal.limits.canary,
            watched: goal.limits.canary == 0,
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
            let mut path = hops(self.catalog, &self.state.deployment, self.goal, from, target)?;
            if self.goal.allow_downtime {
                for hop in &mut path {
                    hop.procedure = Procedure::StopAll;
                }
            }
            let plain = path.iter().take_while(|hop| is_plain(hop)).count();
            match path.get(plain.saturating_sub(1)) {
                Some(last) if plain > 0 => {
                    let wanted: Vec<_> = path[..plain].iter().rev().map(|hop| hop.to).collect();
                    let moving = self.joining(from, last.to);
                    self.roll(last.to, &wanted, &moving, None)?;
                }
                Some(_) => self.hop(path.swap_remove(0))?,
                None => break,
            }
        }
        Ok(())
    }

    /// Returns the nodes that move when those on `from` go to `to` by plain hops, and what they run:
    /// all that can get there in the same direction without any work on data.
    fn joining(&self, from: ReleaseId, to: ReleaseId) -> BTreeMap<usize, ReleaseId> {
        self.beside(from, to, |running| {
            let path = hops(self.catalog, &self.state.deployment, self.goal, running, to);
            path.is_ok_and(|path| path.iter().all(is_plain))
        })
    }

    /// Returns the nodes on `from`, and those on other releases that `joins` lets go to `to` with them,
    /// each with what it runs. Only at the end of the way may some come from one side and some from the
    /// other.
    fn beside(
        &self,
        from: ReleaseId,
        to: ReleaseId,
        mut joins: impl FnMut(ReleaseId) -> bool,
    ) -> BTreeMap<usize, ReleaseId> {
        let sources = sources(self.catalog, to.0);
        let back = |from: ReleaseId| from.0 == to.0 && from.1 > to.1;
        let is_last = self.plan.targets.last() == Some(&to);
        let mut asked: BTreeMap<ReleaseId, bool> = BTreeMap::from([(from, true)]);
        let mut moving = BTreeMap::new();
        for (ix, node) in self.state.deployment.nodes.iter().enumerate() {
            let running = sources.iter().find_map(|&package| node.running(package));
            let Some(running) = running.filter(|&running| running != to) else {
                continue;
            };
            let along = is_last || back(running) == back(from);
            if *asked.entry(running).or_insert_with(|| along && joins(running)) {
                moving.insert(ix, running);
            }
        }
        moving
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

    /// Plans one hop that all take part in: it stops everything, or work on data or a required stop goes
    /// with it.
    pub(super) fn hop(&mut self, mut hop: Hop) -> Result<(), NoPlan> {
        let running = self.moving(&mut hop);
        let moving: Vec<usize> = running.keys().copied().collect();
        let sets = self.sets(&hop, &moving)?;
        stop_for_migrations(&mut hop);
        let at = self.plan.hops.len();
        self.plan.hops.push(hop.clone());
        self.advise(&hop);
        self.migrate(&hop, MigrationTime::Before, at);
        match hop.procedure {
            Procedure::Rolling => self.roll(hop.to, &[], &running, Some(at))?,
            Procedure::StopAll => {
                self.refuse_cut_off(hop.to, &running)?;
                let after = moving.iter().map(|&node| {
                    (node, &sets[&hop.to][&self.state.deployment.nodes[node].packages])
                });
                let doubts = self.doubts(after.collect());
                self.plan.findings.extend(doubts);
                self.stop_all(&hop, at, &moving, &sets)?;
            }
        }
        self.migrate(&hop, MigrationTime::After, at);
        Ok(())
    }

    /// Returns the nodes that change in a hop, and what they run: those on its starting release, and those
    /// on any other that may go to the hop's target at once. What is to be said about their way joins
    /// the hop.
    fn moving(&self, hop: &mut Hop) -> BTreeMap<usize, ReleaseId> {
        self.beside(hop.from, hop.to, |running| {
            let path = hops(self.catalog, &self.state.deployment, self.goal, running, hop.to);
            let Ok(Ok([own])) = path.map(<[Hop; 1]>::try_from) else {
                return false;
            };
            absorb(hop, own);
            true
        })
    }

    /// Returns what each moving node runs after the hop, deciding each distinct set once.
    pub(super) fn sets(&self, hop: &Hop, moving: &[usize]) -> Result<Sets, NoPlan> {
        let mut sets = BTreeMap::new();
        for &node in moving {
            let packages = &self.state.deployment.nodes[node].packages;
            if !sets.contains_key(packages) {
                let from = self.running(node, hop.to);
                let is_target = self.plan.targets.contains(&hop.to);
                let (catalog, targets) = (self.catalog, &self.targets);
                let set = sets::after_hop(catalog, packages, from, hop.to, targets, is_target);
                let set = set.map_err(|none| self.about(none, node))?;
                sets.insert(packages.clone(), set);
            }
        }
        Ok(BTreeMap::from([(hop.to, sets)]))
    }

    /// Says of which node a refusal is.
    pub(super) fn about(&self, mut none: NoPlan, node: usize) -> NoPlan {
        for reason in &mut none.reasons {
            self.name(node).clone_into(&mut reason.subject);
        }
        none
    }

    /// Returns what is doubtful about the packages that nodes run after a hop.
    pub(super) fn doubts(&self, after: BTreeMap<usize, &Packages>) -> Vec<Finding> {
        let mut alike: BTreeMap<&Packages, Vec<usize>> = BTreeMap::new();
        for (node, after) in after {
            alike.entry(after).or_default().push(node);
        }
        let mut doubts: Vec<(Finding, Vec<usize>)> = Vec::new();
        for (after, nodes) in alike {
            let stated: BTreeSet<_> = after.keys().copied().collect();
            let found = requirements(self.catalog, after, &BTreeSet::new(), &stated);
            for finding in found.into_iter().filter(|finding| finding.severity >= Severity::Warning)
            {
                match doubts.iter_mut().find(|(known, _)| *known == finding) {
                    Some((_, known)) => known.extend(&nodes),
                    None => doubts.push((finding, nodes.clone())),
                }
            }
        }
        let named = doubts.into_iter().map(|(mut finding, nodes)| {
            self.name(nodes[0]).clone_into(&mut finding.subject);
            if nodes.len() > 1 {
                finding.subject = format!("{} and {} more", finding.subject, nodes.len() - 1);
            }
            finding
        });
        named.filter(|finding| !self.plan.findings.contains(finding)).collect()
    }

    /// Returns the release that a node moves away from when it goes to `to`.
    pub(super) fn running(&self, node: usize, to: ReleaseId) -> ReleaseId {
        let node = &self.state.deployment.nodes[node];
        sources(self.catalog, to.0).iter().find_map(|&package| node.running(package)).unwrap_or(to)
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
            Rollback::Possible("nothing is known that must be undone".to_owned())
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
        self.no_return(note);
    }

    /// Notes that the step that comes next cannot be undone.
    pub(super) fn no_return(&mut self, note: Note) {
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

    /// Refuses a release that cannot start on what the one before left on the node, and says where the
    /// node must be filled again.
    pub(super) fn starts(
        &mut self,
        node: usize,
        from: ReleaseId,
        to: ReleaseId,
        copies: Copies,
    ) -> Result<(), NoPlan> {
        let label = self.catalog.label(to);
        let name = self.name(node).to_owned();
        match undo::start(&mut self.state, node, from, to, copies) {
            Start::AsItIs => Ok(()),
            Start::Filled(source) => {
                let message = format!(
                    "{name} cannot start on its files with {label}: empty its data directory first, it copies from {source}"
                );
                let finding = Finding::new(Check::RelationRisk, Severity::Warning, name, message);
                self.plan.findings.push(finding);
                Ok(())
            }
            Start::Never(mut reasons) => {
                for reason in &mut reasons {
                    reason.message = format!("when {name} starts with {label}: {}", reason.message);
                }
                Err(NoPlan { reasons, alternatives: Vec::new() })
            }
        }
    }

    /// Gives a node its packages back.
    pub(super) fn restore(&mut self, node: usize, packages: &Packages) {
        let now = &self.state.deployment.nodes[node].packages;
        let added = now.keys().filter(|package| !packages.contains_key(package));
        let mut changes: Vec<_> = added.map(|&package| Change::Remove { node, package }).collect();
        let before = packages.iter();
        changes
            .extend(before.map(|(&package, &rank)| Change::Set { node, release: (package, rank) }));
        self.state.apply(&changes);
    }

    /// Changes a node's packages and returns the action that does it, and what its main package was.
    pub(super) fn change(
        &mut self,
        node: usize,
        to: ReleaseId,
        sets: &Sets,
    ) -> (Action, ReleaseId) {
        let from = self.running(node, to);
        let before = self.state.deployment.nodes[node].packages.clone();
        let after = &sets[&to][&before];
        let mut changes = Vec::new();
        let mut with = Vec::new();
        if from.0 != to.0 {
            changes.push(Change::Remove { node, package: from.0 });
        }
        for (&package, &rank) in after {
            if before.get(&package) != Some(&rank) {
                changes.push(Change::Set { node, release: (package, rank) });
                if package != to.0 {
                    with.push((before.get(&package).map(|&rank| (package, rank)), (package, rank)));
                }
            }
        }
        self.state.apply(&changes);
        (Action::Upgrade { node, from, to, with }, from)
    }

    /// Moves one plugin on every node that runs it, its core staying as it is.
    pub(super) fn plugin(&mut self, target: ReleaseId) -> Result<(), NoPlan> {
        let running = |(ix, node): (usize, &Node)| Some((ix, node.running(target.0)?));
        let nodes = self.state.deployment.nodes.iter().enumerate();
        let moving = nodes.filter_map(running).filter(|(_, running)| *running != target).collect();
        self.roll(target, &[], &moving, None)
    }
}

/// Work that is done while nothing runs makes a hop one that stops everything.
fn stop_for_migrations(hop: &mut Hop) {
    let stopped = hop.migrations.iter().find(|migration| migration.when == MigrationTime::Stopped);
    if let Some(migration) = stopped.filter(|_| hop.procedure == Procedure::Rolling) {
        let why = format!("{} is done while nothing runs", migration.name);
        hop.procedure_why = Some((why, migration.cite.clone()));
        hop.procedure = Procedure::StopAll;
    }
}

/// Adds what is known of another way to the same release.
pub(super) fn absorb(hop: &mut Hop, own: Hop) {
    if own.procedure > hop.procedure {
        (hop.procedure, hop.procedure_why) = (own.procedure, own.procedure_why);
    }
    add_notes(&mut hop.risks, own.risks);
    add_notes(&mut hop.irreversible, own.irreversible);
    add_notes(&mut hop.advice, own.advice);
    add_notes(&mut hop.stops, own.stops);
    for migration in own.migrations {
        if hop.migrations.iter().all(|known| known.name != migration.name) {
            hop.migrations.push(migration);
        }
    }
}

/// Adds the notes that are not there yet.
fn add_notes(notes: &mut Vec<Note>, more: Vec<Note>) {
    for note in more {
        if notes.iter().all(|known| known.name != note.name) {
            notes.push(note);
        }
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
