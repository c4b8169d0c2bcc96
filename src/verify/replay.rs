//! The replay: one step after the other over a copy of the deployment.

use std::collections::{BTreeMap, BTreeSet};

use super::census::Census;
use super::notes::{BrokenKey, DataBack, DoneWork, OpenClaim, OwedWork};
use super::pair::node_objections;
use super::pauses::pauses;
use crate::catalog::{Catalog, NeedKind, PackageIx, PackageKind, RelationIx, ReleaseId, RoleIx};
use crate::deployment::{Change, Deployment, Node};
use crate::finding::{Check, Finding, Severity};
use crate::record::{PlanRecord, StepRecord};

pub(super) struct Replay<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) plan: &'c PlanRecord,
    pub(super) state: Deployment,
    pub(super) census: Census,
    /// Positions of the nodes by name.
    pub(super) names: BTreeMap<String, usize>,
    pub(super) stopped: BTreeSet<usize>,
    pub(super) members: Vec<Vec<usize>>,
    /// What is broken before the first step.
    pub(super) tolerated: BTreeSet<BrokenKey>,
    /// What speaks against pairs of releases, as far as they were asked about.
    pub(super) judged: BTreeMap<(RelationIx, ReleaseId, ReleaseId), Option<String>>,
    /// What runs before the first step.
    pub(super) start: BTreeSet<ReleaseId>,
    /// Packages that a node needs and does not state before the first step.
    unstated: Vec<BTreeSet<PackageIx>>,
    /// Stops that are part of stopping everything.
    pub(super) pauses: BTreeSet<usize>,
    /// The nodes that the present wave is about.
    pub(super) busy: BTreeSet<usize>,
    /// Whether the present step is a wave by itself.
    pub(super) alone: bool,
    /// Claims to look at again when the wave is done.
    pub(super) claims: Vec<OpenClaim>,
    /// Work on data that steps so far require, by node.
    pub(super) owed: BTreeMap<usize, Vec<OwedWork>>,
    /// Work on data so far.
    pub(super) done: Vec<DoneWork>,
    /// The steps that start a node.
    pub(super) starts: Vec<usize>,
    /// Nodes that were changed while they were stopped and not asked since.
    pub(super) unasked: BTreeSet<usize>,
    /// What nodes ran when they were stopped.
    pub(super) ran: BTreeMap<usize, ReleaseId>,
    /// The first step that cannot be undone.
    pub(super) no_return: Option<usize>,
    findings: Vec<Finding>,
}

impl<'c> Replay<'c> {
    pub(super) fn new(catalog: &'c Catalog, deployment: &Deployment, plan: &'c PlanRecord) -> Self {
        let nodes = &deployment.nodes;
        let name = |(ix, node): (usize, &Node)| (node.name.clone(), ix);
        let names = nodes.iter().enumerate().map(name).collect();
        let products: Vec<_> = nodes.iter().map(|node| product_on(catalog, node)).collect();
        let mut replay = Self {
            catalog,
            plan,
            state: deployment.clone(),
            census: Census::of(nodes, deployment.groups.len()),
            pauses: pauses(plan, &products, &names),
            names,
            stopped: BTreeSet::new(),
            members: deployment.members(),
            tolerated: BTreeSet::new(),
            judged: BTreeMap::new(),
            start: nodes.iter().flat_map(Node::releases).collect(),
            unstated: nodes.iter().map(|node| missing(catalog, node)).collect(),
            busy: BTreeSet::new(),
            alone: true,
            claims: Vec::new(),
            owed: BTreeMap::new(),
            done: Vec::new(),
            starts: Vec::new(),
            unasked: BTreeSet::new(),
            ran: BTreeMap::new(),
            no_return: None,
            findings: Vec::new(),
        };
        let broken = replay.broken_around(&replay.everywhere());
        replay.tolerated = broken.iter().filter_map(|(broken, _)| replay.key(*broken)).collect();
        replay
    }

    pub(super) fn object(&mut self, number: usize, message: impl Into<String>) {
        let subject = format!("step {}", number + 1);
        self.findings.push(Finding::new(Check::PlanInvalid, Severity::Error, subject, message));
    }

    /// Says that nobody knows whether a step may be taken.
    pub(super) fn doubt(&mut self, number: usize, from: ReleaseId, to: ReleaseId, why: &str) {
        let subject = format!("step {}", number + 1);
        let (old, new) = (self.catalog.label(from), self.catalog.label(to));
        let message = format!("{old} -> {new}: {why}");
        self.findings.push(Finding::new(Check::HopUnknown, Severity::Warning, subject, message));
    }

    /// Replays one step.
    pub(super) fn step(&mut self, number: usize, step: &StepRecord) {
        match step.action.as_str() {
            "upgrade" | "install" => self.change(number, step),
            "switch" => self.switch(number, step),
            "stop" | "start" => self.stop_or_start(number, step),
            "migrate" => self.migrate(number, step),
            "finalize" => {}
            other => self.object(number, format!("unknown action `{other}`")),
        }
    }

    fn node(&mut self, number: usize, name: Option<&String>) -> Option<usize> {
        let found = name.and_then(|name| self.names.get(name).copied());
        if found.is_none() {
            let name = name.map_or("", String::as_str);
            self.object(number, format!("the deployment has no node `{name}`"));
        }
        found
    }

    /// Finds a release. One that is inside of a complete list and not in it does not exist.
    fn release(&mut self, number: usize, package: &str, version: &str) -> Option<ReleaseId> {
        let found = self.catalog.find(package).and_then(|ix| {
            let stated = self.catalog.package(ix);
            Some((ix, stated.find(version)?))
        });
        if found.is_none() {
            let message = format!("`{package} {version}` is no known release");
            self.object(number, message);
        }
        found
    }

    fn change(&mut self, number: usize, step: &StepRecord) {
        let Some(node) = self.node(number, step.node.as_ref()) else {
            return;
        };
        let (Some(package), Some(to)) = (&step.package, &step.to) else {
            self.object(number, "the step does not say what changes to what");
            return;
        };
        let Some(to) = self.release(number, package, to) else {
            return;
        };
        let from = self.source(number, step, node, to);
        // Whatever the step is called: what has a policy is changed by it.
        self.may_restart(number, node, self.product(to.0));
        if let Some(from) = from {
            self.goes_on(number, node);
            self.allowed_hop(number, node, from, to);
            self.can_start(number, node, from, to);
        }
        self.apply_change(number, step, node, from, to);
        if let Some(from) = from.filter(|_| !self.stopped.contains(&node)) {
            self.way_back(number, step, node, [from, to], DataBack::OwnOrOthers);
        }
        if self.stopped.contains(&node) {
            self.unasked.insert(node);
        }
        self.fits(number, node);
        self.after(number, step, &[node], Some(self.product(to.0)));
    }

    /// Returns what a node runs before a step, and objects if the step says otherwise.
    fn source(
        &mut self,
        number: usize,
        step: &StepRecord,
        node: usize,
        to: ReleaseId,
    ) -> Option<ReleaseId> {
        let package = step.package.as_deref().unwrap_or_default();
        let source = step.from_package.as_deref().unwrap_or(package);
        let from = step.from.as_ref().and_then(|from| self.release(number, source, from));
        let installs = step.action == "install" && step.from.is_none();
        let runs = self.catalog.find(source);
        let runs = runs.and_then(|source| self.state.nodes[node].running(source));
        if from != runs || (from.is_none() && !installs) {
            let stated = match &step.from {
                Some(version) => format!("{source} {version}"),
                None => format!("no {source}"),
            };
            let runs =
                runs.map_or_else(|| format!("no {source}"), |running| self.catalog.label(running));
            let name = &self.state.nodes[node].name;
            let message = format!("it starts from {stated}, but {name} runs {runs}");
            self.object(number, message);
        } else if from == Some(to) {
            self.object(number, "it changes nothing");
        }
        from
    }

    /// Returns the package whose policy a change of a package falls under.
    pub(super) fn product(&self, package: PackageIx) -> PackageIx {
        let core = self.catalog.package(package).core;
        match self.catalog.upgrades(package) {
            Some(_) => package,
            None => core.unwrap_or(package),
        }
    }

    fn apply_change(
        &mut self,
        number: usize,
        step: &StepRecord,
        node: usize,
        from: Option<ReleaseId>,
        to: ReleaseId,
    ) {
        if let Some(from) = from.filter(|from| from.0 != to.0) {
            self.apply(node, &Change::Remove { node, package: from.0 });
        }
        self.apply(node, &Change::Set { node, release: to });
        for (package, before, after) in &step.with {
            let Some(after) = self.release(number, package, after) else {
                continue;
            };
            let running = self.state.nodes[node].running(after.0);
            let stated = before.as_ref().and_then(|before| self.release(number, package, before));
            let name = self.state.nodes[node].name.clone();
            if running != stated {
                let message = format!("{name} does not run the {package} that changes with it");
                self.object(number, message);
            }
            if after.0 == to.0 || self.catalog.upgrades(after.0).is_some() {
                let message = format!("{package} has steps of its own, it cannot change beside");
                self.object(number, message);
            }
            self.apply(node, &Change::Set { node, release: after });
        }
    }

    /// The packages of a node must accept each other, and nothing may be missing that was there.
    fn fits(&mut self, number: usize, node: usize) {
        let stated = &self.state.nodes[node];
        let mut said = node_objections(self.catalog, stated);
        let missing = missing(self.catalog, stated);
        let lacks = missing.difference(&self.unstated[node]);
        said.extend(lacks.map(|&package| {
            let name = &self.catalog.package(package).name;
            format!("what runs now needs {name}, which is not there")
        }));
        let name = stated.name.clone();
        for objection in said {
            self.object(number, format!("on {name}, {objection}"));
        }
    }

    fn switch(&mut self, number: usize, step: &StepRecord) {
        let from = self.node(number, step.from_node.as_ref());
        let to = self.node(number, step.to_node.as_ref());
        let (Some(from), Some(to)) = (from, to) else {
            return;
        };
        let (giving, taking) = (self.state.nodes[from].clone(), self.state.nodes[to].clone());
        let group = &self.state.groups[giving.group];
        if giving.group != taking.group || step.group.as_ref().is_some_and(|stated| stated != group)
        {
            self.object(
                number,
                format!("{} and {} are not in the group of the switch", giving.name, taking.name),
            );
        }
        let stated = self.catalog.roles().iter().enumerate().find_map(|(ix, _)| {
            let role = RoleIx::new(ix);
            let package = self
                .catalog
                .role(role)
                .runs
                .iter()
                .copied()
                .find(|package| taking.running(*package).is_some())?;
            let switch = self.catalog.upgrades(package)?.switch.as_ref()?;
            (giving.role == Some(switch.from) && taking.role == Some(switch.to)).then_some(package)
        });
        let Some(package) = stated else {
            let message = format!(
                "{} does not hold the role that {} is to take over",
                giving.name, taking.name
            );
            self.object(number, message);
            return;
        };
        if self.stopped.contains(&to) {
            let message = format!("{} is stopped and cannot take a role over", taking.name);
            self.object(number, message);
        }
        self.alter(&[from, to], |replay| replay.state.apply(&Change::Switch { from, to }));
        self.after(number, step, &[from, to], Some(package));
    }

    fn stop_or_start(&mut self, number: usize, step: &StepRecord) {
        let Some(node) = self.node(number, step.node.as_ref()) else {
            return;
        };
        let name = self.state.nodes[node].name.clone();
        let starts = step.action == "start";
        if starts {
            self.starts.push(number);
        }
        if starts != self.stopped.contains(&node) {
            let state = if starts { "running" } else { "stopped" };
            self.object(number, format!("{name} is {state} already"));
        }
        let package = product_on(self.catalog, &self.state.nodes[node]);
        if !starts && !self.pauses.contains(&number) {
            self.keeps_role(number, node, package, "stopped");
        }
        self.alter(&[node], |replay| {
            let _ = if starts { replay.stopped.remove(&node) } else { replay.stopped.insert(node) };
        });
        if let Some(package) = package {
            self.runs_again(number, step, node, package);
        }
        self.after(number, step, &[node], package);
        if starts && self.stopped.is_empty() {
            self.late_gates(number, step, package);
        }
    }

    /// Notes what a node runs that is stopped, and looks at one that is started.
    fn runs_again(&mut self, number: usize, step: &StepRecord, node: usize, package: PackageIx) {
        let runs = self.of_product(&self.state.nodes[node], package);
        if step.action == "stop" {
            self.ran.extend(runs.map(|runs| (node, runs)));
            return;
        }
        self.starts_beside(number, node, package);
        let before = self.ran.remove(&node);
        if let (Some(before), Some(runs)) = (before.filter(|&it| Some(it) != runs), runs) {
            self.way_back(number, step, node, [before, runs], DataBack::Own);
        }
    }

    fn migrate(&mut self, number: usize, step: &StepRecord) {
        let name = step.name.as_deref().unwrap_or_default();
        let known =
            self.catalog.packages().filter_map(|(package, _)| self.catalog.upgrades(package));
        let with = known.filter(|upgrades| {
            let mut all = upgrades.migrations.iter();
            all.any(|migration| migration.name == name)
        });
        let products: Vec<_> = with.map(|upgrades| upgrades.package).collect();
        let Some(&product) = products.first() else {
            let message = format!("no matrix has a migration `{name}`");
            self.object(number, message);
            return;
        };
        let rules = self.catalog.upgrades(product);
        self.work(number, step, rules.map_or(&[][..], |rules| &rules.migrations));
        let stopped = products.into_iter().filter(|&product| self.all_stopped(product)).collect();
        self.done.push(DoneWork { step: number, name: name.to_owned(), stopped });
        self.gates(number, step, &[], product);
        self.claims(number, step, &[]);
    }

    /// Checks the end: nothing stopped, every target reached.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        let last = self.plan.steps.len().saturating_sub(1);
        self.canaries();
        self.unpaid();
        self.point_of_no_return();
        for node in self.stopped.clone() {
            let name = self.state.nodes[node].name.clone();
            self.object(last, format!("{name} is never started again"));
        }
        if self.plan.targets.is_empty() {
            self.object(last, "the plan names no target");
        }
        for (package, version) in self.plan.targets.clone() {
            let Some(target) = self.release(last, &package, &version) else {
                continue;
            };
            let runners = self.runners(target.0);
            if runners.is_empty() {
                self.object(last, format!("no node runs the target {package}"));
            }
            let behind: Vec<String> = runners
                .into_iter()
                .map(|node| &self.state.nodes[node])
                .filter(|node| node.running(target.0) != Some(target))
                .map(|node| {
                    let name = &node.name;
                    match node.running(target.0) {
                        Some(running) => format!("{name} runs {}", self.catalog.label(running)),
                        None => format!("{name} runs no {package}"),
                    }
                })
                .collect();
            for message in behind {
                self.object(
                    last,
                    format!("the target {package} {version} is not reached: {message}"),
                );
            }
        }
        self.findings
    }
}

/// Returns the package of a node that has a policy, or that one with a policy takes the place of.
fn product_on(catalog: &Catalog, node: &Node) -> Option<PackageIx> {
    let runs = |package: &PackageIx| node.packages.contains_key(package);
    let mut products = catalog.packages().filter_map(|(package, _)| catalog.upgrades(package));
    let product = products
        .find(|upgrades| runs(&upgrades.package) || upgrades.from_packages.iter().any(runs));
    product.map(|upgrades| upgrades.package)
}

/// Returns the parts of the product that something on a node requires and the node does not have.
fn missing(catalog: &Catalog, node: &Node) -> BTreeSet<PackageIx> {
    node.releases()
        .flat_map(|(package, rank)| catalog.package(package).needs(rank))
        .filter(|need| need.kind == NeedKind::Requires)
        .map(|need| need.target)
        .filter(|target| !node.packages.contains_key(target))
        .filter(|&target| match catalog.package(target).kind {
            PackageKind::Core | PackageKind::Plugin => true,
            PackageKind::Runtime | PackageKind::Platform | PackageKind::Bundle => false,
        })
        .collect()
}
