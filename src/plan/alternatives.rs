//! Goals that could be asked for instead. Everything said here was planned, and leads somewhere.

use std::collections::BTreeSet;

use super::attempt::{attempt, leads};
use super::goal::Goal;
use super::products::sources;
use super::sample::sample;
use super::targets;
use crate::answer::path::Change;
use crate::catalog::{
    Catalog, FeatureIx, FeatureSet, PackageIx, PackageKind, Rank, ReleaseId, feature_set,
};
use crate::deployment::{Deployment, Node};
use crate::graph::upgrade_path;
use crate::resolve::Requirement;
use crate::version::Step;

/// The number of releases of one package that are tried.
const TRIED: usize = 20;

/// Returns goals that differ in one place and can be planned, least change first.
pub(super) fn all(catalog: &Catalog, deployment: &Deployment, goal: &Goal) -> Vec<String> {
    let sample = sample(deployment);
    let search = Alternatives { catalog, deployment: &sample, goal };
    let mut said = Vec::new();
    for target in &goal.targets {
        said.extend(search.along_the_path(target));
        said.extend(search.other_release(target));
        said.extend(search.with_core(target));
    }
    said.extend(search.without_plugins());
    said.extend(search.features());
    said.extend(search.downtime());
    let mut seen = BTreeSet::new();
    said.retain(|text| seen.insert(text.clone()));
    said
}

struct Alternatives<'c> {
    catalog: &'c Catalog,
    deployment: &'c Deployment,
    goal: &'c Goal,
}

impl Alternatives<'_> {
    fn works(&self, goal: &Goal) -> bool {
        leads(self.catalog, self.deployment, goal)
    }

    /// Returns the goal with another release of one package.
    fn instead(&self, (package, rank): ReleaseId) -> Goal {
        let mut goal = self.goal.clone();
        let other = Requirement::exactly(self.catalog, package, rank);
        let requirements = goal.targets.iter_mut();
        requirements
            .filter(|requirement| requirement.package == package)
            .for_each(|requirement| *requirement = other.clone());
        goal
    }

    fn can_choose(&self, (package, rank): ReleaseId) -> bool {
        self.catalog.package(package).release(rank).is_choosable()
    }

    /// Returns the release that a requirement stands for, and one that a node moves away from.
    fn ends(&self, requirement: &Requirement) -> Option<(ReleaseId, ReleaseId)> {
        let targets = targets::choose(self.catalog, self.deployment, self.goal).ok()?;
        let to = *targets.iter().find(|target| target.0 == requirement.package)?;
        let sources = sources(self.catalog, to.0);
        let running = self.deployment.nodes.iter().filter_map(|node| {
            let mut running = sources.iter().filter_map(|&source| node.running(source));
            running.find(|&running| running != to)
        });
        // The one that has the longest way: what another product runs, then the oldest.
        let from = running.min_by_key(|running| (running.0 == to.0, running.1))?;
        Some((from, to))
    }

    /// Returns what the version path to a target would need.
    fn along_the_path(&self, requirement: &Requirement) -> Vec<String> {
        let Some((from, to)) = self.ends(requirement) else {
            return Vec::new();
        };
        let features = self.deployment.features;
        let risks = &self.goal.accepted_risks;
        let path = upgrade_path(self.catalog, from, to, features, risks).err();
        let changes = path.into_iter().flat_map(|none| none.alternatives);
        changes.filter_map(|alternative| self.change(alternative.change)).collect()
    }

    fn change(&self, change: Change) -> Option<String> {
        match change {
            Change::AcceptRisks(names) => {
                let mut goal = self.goal.clone();
                goal.accepted_risks.extend(names.iter().cloned());
                let options: Vec<_> =
                    names.iter().map(|name| format!("--accept-risk {name}")).collect();
                let word = if names.len() == 1 { "risk" } else { "risks" };
                let text = format!("accept the {word} ({})", options.join(" "));
                self.works(&goal).then_some(text)
            }
            Change::GoOver(releases) => {
                let first = *releases.first()?;
                let label = self.catalog.label(first);
                let text = format!("go to {label} first, then plan on from there");
                self.works(&self.instead(first)).then_some(text)
            }
            Change::SettleFor((package, rank)) => {
                let stated = self.catalog.package(package);
                let line = stated.version(rank).line(Step::Minor);
                let ranks = stated.line_ranks(line, Step::Minor).rev().take(TRIED);
                self.first(ranks.map(|rank| (package, rank)))
            }
        }
    }

    /// Returns the first of some releases that can be reached.
    fn first(&self, releases: impl Iterator<Item = ReleaseId>) -> Option<String> {
        releases
            .filter(|&release| self.can_choose(release))
            .find(|&release| self.works(&self.instead(release)))
            .map(|release| format!("go to {}", self.catalog.label(release)))
    }

    /// Looks for another release that can be reached: a later one of the same line, the newest of a
    /// later line, or an earlier one that is still ahead.
    fn other_release(&self, requirement: &Requirement) -> Option<String> {
        let (from, (package, asked)) = self.ends(requirement)?;
        let stated = self.catalog.package(package);
        let line = stated.version(asked).line(Step::Minor);
        let same = stated.line_ranks(line, Step::Minor).rev();
        let same = same.filter(|&rank| rank > asked).take(TRIED);
        let mut later = newest_of_lines(self.catalog, package);
        later.retain(|&rank| stated.version(rank).line(Step::Minor) > line);
        later.reverse();
        let ahead = same.chain(later).map(|rank| (package, rank));
        self.first(ahead).or_else(|| {
            let passed = |rank: &Rank| *rank < asked && (from.0 != package || *rank > from.1);
            let before = stated.ranks().rev().filter(passed).take(TRIED);
            self.first(before.map(|rank| (package, rank)))
        })
    }

    /// Looks for a release of a plugin's core that makes the plugin possible.
    fn with_core(&self, requirement: &Requirement) -> Option<String> {
        let core = self.catalog.package(requirement.package).core?;
        if self.goal.targets.iter().any(|other| other.package == core) {
            return None;
        }
        let with = |rank: Rank| {
            let mut goal = self.goal.clone();
            goal.targets.push(Requirement::exactly(self.catalog, core, rank));
            goal
        };
        let rank = newest_of_lines(self.catalog, core)
            .into_iter()
            .find(|&rank| self.works(&with(rank)))?;
        let version = self.catalog.package(core).version(rank);
        let name = &self.catalog.package(core).name;
        Some(format!("upgrade its core as well (--to {name}@{version})"))
    }

    /// Looks for a feature that would help if it were out of use, or in use.
    fn features(&self) -> Vec<String> {
        let known = self.catalog.features().iter().enumerate();
        let running = self.deployment.nodes.iter();
        let available =
            running.flat_map(Node::releases).fold(FeatureSet::default(), |all, release| {
                all.union(self.catalog.available_features(release))
            });
        known
            .filter_map(|(ix, feature)| {
                let ix = FeatureIx::new(ix);
                let in_use = self.deployment.features.contains(ix);
                if !in_use && !available.contains(ix) {
                    return None;
                }
                let mut deployment = self.deployment.clone();
                deployment.features = if in_use {
                    feature_set(self.deployment.features.iter().filter(|&other| other != ix))
                } else {
                    let mut with = self.deployment.features;
                    with.insert(ix);
                    with
                };
                let state = if in_use { "out of use" } else { "in use" };
                attempt(self.catalog, &deployment, self.goal).ok()?;
                Some(format!("with the feature {} {state} ({})", feature.name, feature.title))
            })
            .collect()
    }

    /// Looks for plugins without which there is a plan: one, or else a smallest set by leaving back in
    /// what does no harm.
    fn without_plugins(&self) -> Vec<String> {
        let asked =
            |plugin: &PackageIx| self.goal.targets.iter().any(|target| target.package == *plugin);
        let running = self.deployment.nodes.iter().flat_map(Node::releases);
        let is_plugin = |plugin: &PackageIx| {
            self.catalog.package(*plugin).kind == PackageKind::Plugin && !asked(plugin)
        };
        let plugins: BTreeSet<PackageIx> =
            running.map(|(package, _)| package).filter(is_plugin).collect();
        let single: Vec<_> = plugins
            .iter()
            .filter(|&&plugin| self.works_without(&BTreeSet::from([plugin])))
            .map(|&plugin| self.removal(&BTreeSet::from([plugin])))
            .collect();
        if !single.is_empty() || plugins.len() < 2 || !self.works_without(&plugins) {
            return single;
        }
        let mut removed = plugins.clone();
        for plugin in plugins {
            removed.remove(&plugin);
            if !self.works_without(&removed) {
                removed.insert(plugin);
            }
        }
        vec![self.removal(&removed)]
    }

    fn works_without(&self, plugins: &BTreeSet<PackageIx>) -> bool {
        let mut deployment = self.deployment.clone();
        for node in &mut deployment.nodes {
            node.packages.retain(|package, _| !plugins.contains(package));
        }
        leads(self.catalog, &deployment, self.goal)
    }

    fn removal(&self, plugins: &BTreeSet<PackageIx>) -> String {
        let names = plugins.iter().map(|&plugin| self.catalog.package(plugin).name.as_str());
        let names: Vec<_> = names.collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => {
                format!("remove {} and {last}", rest.join(", "))
            }
            _ => format!("remove {}", names.concat()),
        }
    }

    fn downtime(&self) -> Option<String> {
        if self.goal.allow_downtime {
            return None;
        }
        let goal = Goal { allow_downtime: true, ..self.goal.clone() };
        let text = "stop every node first (--allow-downtime)";
        self.works(&goal).then(|| text.to_owned())
    }
}

/// Returns the newest release of each line that may be chosen, newest first.
fn newest_of_lines(catalog: &Catalog, package: PackageIx) -> Vec<Rank> {
    let package = catalog.package(package);
    let choosable = |rank: &Rank| package.release(*rank).is_choosable();
    let lines = package.lines(Step::Minor).into_iter().rev();
    lines.filter_map(|line| package.line_ranks(line, Step::Minor).rev().find(choosable)).collect()
}
