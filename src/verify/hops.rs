//! Checks that a node may go from one release to another: the product's policy, and the work on data that
//! belongs to it.

use super::edges;
use super::notes::{DoneWork, OwedWork};
use super::pair::objection;
use super::replay::Replay;
use crate::catalog::{
    MigrationTime, PackageIx, Procedure, Rank, RelationIx, ReleaseId, StepLimit, Stop, Upgrades,
    Use, Within,
};

impl Replay<'_> {
    /// A node in a role that is to be handed over must not be restarted in it, unless nothing runs.
    pub(super) fn may_restart(&mut self, number: usize, node: usize, package: PackageIx) {
        if !self.all_stopped(package) {
            self.keeps_role(number, node, Some(package), "restarted");
        }
    }

    /// Objects to a node that goes down in a role that is to be handed over first.
    pub(super) fn keeps_role(
        &mut self,
        number: usize,
        node: usize,
        package: Option<PackageIx>,
        what: &str,
    ) {
        let upgrades = package.and_then(|package| self.catalog.upgrades(package));
        let Some(switch) = upgrades.and_then(|upgrades| upgrades.switch.as_ref()) else { return };
        if self.state.nodes[node].role == Some(switch.from) {
            let message = format!(
                "{} is {what} as {} before its role was handed over",
                self.state.nodes[node].name,
                self.catalog.role(switch.from).name
            );
            self.object(number, message);
        }
    }

    /// The matrix's policy must allow the step. Notes the work on data that it requires.
    pub(super) fn allowed_hop(
        &mut self,
        number: usize,
        node: usize,
        from: ReleaseId,
        to: ReleaseId,
    ) {
        let Some(upgrades) = self.catalog.upgrades(to.0) else {
            if from.0 != to.0 {
                self.object(number, self.stranger(from, to));
            } else if !edges::is_stated_for_plugins(self.catalog, from, to) {
                self.doubt(number, from, to, "no matrix says how it is upgraded");
            }
            return;
        };
        if let Some(why) = edges::doubt(self.catalog, upgrades, from, to) {
            self.doubt(number, from, to, why);
        }
        let hop = format!("{} -> {}", self.catalog.label(from), self.catalog.label(to));
        let mut said = self.edge_objections(upgrades, from, to);
        said.extend(edges::objection(upgrades, from, to));
        said.extend(self.too_far(upgrades, node, from, to));
        if from.0 != to.0 && !upgrades.from_packages.contains(&from.0) {
            said.push(self.stranger(from, to));
        }
        let covering = upgrades.migrations.iter();
        let covering: Vec<_> =
            covering.filter(|migration| migration.scope.covers(from, to)).collect();
        let stops_all = upgrades.procedure(from, to).0 == Procedure::StopAll
            || covering.iter().any(|work| work.when == MigrationTime::Stopped);
        if stops_all && !self.all_stopped(to.0) {
            said.push("is made while nothing runs, but some nodes do".to_owned());
        }
        for why in said {
            self.object(number, format!("{hop} {why}"));
        }
        let owed = covering.iter().map(|migration| OwedWork {
            step: number,
            package: to.0,
            name: migration.name.clone(),
            when: migration.when,
        });
        self.owed.entry(node).or_default().extend(owed);
    }

    fn stranger(&self, from: ReleaseId, to: ReleaseId) -> String {
        let (new, old) = (self.catalog.label(to), self.catalog.label(from));
        format!("is no upgrade: {new} does not take the place of {old}")
    }

    /// Returns what the stated edges say against a step.
    fn edge_objections(&self, upgrades: &Upgrades, from: ReleaseId, to: ReleaseId) -> Vec<String> {
        let features = self.state.features;
        let mut said = Vec::new();
        for note in &upgrades.blocked {
            if note.counts(from, to, features) {
                said.push(format!("is blocked: {}", note.message));
            }
        }
        let through = |stop: &Stop, (package, rank): ReleaseId| {
            package == upgrades.package && stop.via.contains(rank)
        };
        for stop in &upgrades.stops {
            if stop.scope.covers(from, to) && !through(stop, from) && !through(stop, to) {
                said.push(format!("skips a required stop: {}", stop.message));
            }
        }
        for risk in &upgrades.risks {
            if risk.counts(from, to, features) && !self.plan.accepted_risks.contains(&risk.name) {
                let name = &risk.name;
                said.push(format!("carries the risk {name}, which was not accepted"));
            }
        }
        if from.0 == to.0 && to.1 < from.1 {
            let why = edges::downgrade(upgrades, from, to, features)
                .or_else(|| edges::lasting_work(upgrades, from, to));
            said.extend(why.map(|why| format!("is a way back: {why}")));
        }
        said
    }

    /// Says which limit a step of a node crosses. A limit that names roles binds nodes in them.
    fn too_far(
        &self,
        upgrades: &Upgrades,
        node: usize,
        from: ReleaseId,
        to: ReleaseId,
    ) -> Option<String> {
        if from.0 != to.0 {
            return None;
        }
        let package = self.catalog.package(to.0);
        let role = self.state.nodes[node].role;
        let binds = |limit: &&StepLimit| {
            limit.roles.is_empty() || role.is_some_and(|role| limit.roles.contains(&role))
        };
        upgrades.limits.iter().filter(binds).find_map(|limit| {
            let lines = package.lines(limit.unit);
            let place = |rank: Rank| {
                lines.iter().position(|line| *line == package.version(rank).line(limit.unit))
            };
            let crossed = place(from.1)?.abs_diff(place(to.1)?);
            (crossed > limit.count as usize).then(|| {
                format!(
                    "crosses {crossed} {} lines, {} are allowed",
                    limit.unit.name(),
                    limit.count
                )
            })
        })
    }

    /// Returns why a release on a node does not read the files that another one left.
    pub(super) fn unread(
        &self,
        node: usize,
        writer: ReleaseId,
        reader: ReleaseId,
    ) -> Option<String> {
        let role = self.state.nodes[node].role?;
        self.relations(Within::Node).into_iter().find_map(|relation| {
            let stated = self.catalog.relation(relation);
            let concerns = stated.from.contains(&role) && stated.to.contains(&role);
            concerns
                .then(|| objection(self.catalog, relation, writer, reader, self.state.features))
                .flatten()
        })
    }

    /// A node must be able to start on what it has, or be filled again by another one that runs.
    pub(super) fn can_start(&mut self, number: usize, node: usize, from: ReleaseId, to: ReleaseId) {
        if let Some(why) = self.unread(node, from, to)
            && (self.stopped.contains(&node) || !self.is_fed(node, to))
        {
            let name = self.state.nodes[node].name.clone();
            self.object(number, format!("{name} cannot start on its own files: {why}"));
        }
    }

    /// Returns true if some other running node of the group can give its data to a release on this node. One
    /// that changes in the same wave may be down just then.
    fn is_fed(&self, node: usize, release: ReleaseId) -> bool {
        self.feeders(node, release).any(|other| !self.busy.contains(&other))
    }

    /// Returns the nodes of a group that can give their data to a release on one of it.
    pub(super) fn feeders(
        &self,
        node: usize,
        release: ReleaseId,
    ) -> impl Iterator<Item = usize> + '_ {
        let group = self.state.nodes[node].group;
        let own = self.relations(Within::Group).into_iter();
        let own = own.filter(move |&relation| self.plays(relation, node, false).is_some());
        own.flat_map(move |relation| {
            let others = self.members[group].iter().copied().filter(move |&other| other != node);
            others.filter(move |&other| {
                self.plays(relation, other, true).is_some_and(|giving| {
                    let features = self.state.features;
                    objection(self.catalog, relation, giving, release, features).is_none()
                })
            })
        })
    }

    fn relations(&self, within: Within) -> Vec<RelationIx> {
        let all = (0..self.catalog.relations().len()).map(RelationIx::new);
        all.filter(|&ix| {
            let stated = self.catalog.relation(ix);
            stated.within == within && stated.usage == Use::Continuous
        })
        .collect()
    }

    /// A node that waits for work on data after its step must not go on before it is done.
    pub(super) fn goes_on(&mut self, number: usize, node: usize) {
        let owed = self.owed.get(&node).map_or(&[][..], Vec::as_slice);
        let waits = |owed: &&OwedWork| {
            let mut done = self.done.iter().filter(|done| done.name == owed.name);
            owed.when == MigrationTime::After && !done.any(|done| done.step > owed.step)
        };
        let open: Vec<String> = owed.iter().filter(waits).map(|owed| owed.name.clone()).collect();
        for name in open {
            let node = &self.state.nodes[node].name;
            let message = format!("{node} goes on before the migration {name} is done");
            self.object(number, message);
        }
    }

    /// Says which work on data is missing or comes at the wrong time.
    pub(super) fn unpaid(&mut self) {
        let mut all: Vec<_> = std::mem::take(&mut self.owed).into_values().flatten().collect();
        all.sort_by_key(|owed| owed.step);
        for owed in all {
            let next = self.starts.partition_point(|&start| start <= owed.step);
            let start = self.starts.get(next).copied();
            let in_time = |done: &DoneWork| match owed.when {
                MigrationTime::Before => done.step < owed.step,
                MigrationTime::After => done.step > owed.step,
                MigrationTime::Stopped => {
                    done.step > owed.step
                        && start.is_none_or(|start| done.step < start)
                        && done.stopped.contains(&owed.package)
                }
            };
            let mut done = self.done.iter().filter(|done| done.name == owed.name);
            if !done.any(in_time) {
                let when = match owed.when {
                    MigrationTime::Before => "before it",
                    MigrationTime::Stopped => "after it, while nothing runs",
                    MigrationTime::After => "after it",
                };
                let message = format!("the migration {} is missing {when}", owed.name);
                self.object(owed.step, message);
            }
        }
    }
}
