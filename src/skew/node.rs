//! Releases that run together on one node: requirements, conflicts, and releases that should not be used.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Channel, Need, NeedKind, PackageIx, PackageKind, Rank, ReleaseId};
use crate::deployment::{Deployment, Node};
use crate::finding::{Check, Finding, Severity};

/// Checks each distinct set of packages once. What is found on several sets is said once, with the
/// nodes that it is about.
pub(super) fn nodes(catalog: &Catalog, deployment: &Deployment, findings: &mut Vec<Finding>) {
    let mut sets: BTreeMap<(Vec<ReleaseId>, &BTreeSet<PackageIx>), Vec<usize>> = BTreeMap::new();
    for (ix, node) in deployment.nodes.iter().enumerate() {
        sets.entry((node.releases().collect(), &node.untold)).or_default().push(ix);
    }
    let told = sets.keys().flat_map(|(releases, _)| releases).map(|&(package, _)| package);
    let untold = sets.keys().flat_map(|(_, untold)| *untold).copied();
    let stated: BTreeSet<PackageIx> = told.chain(untold).collect();
    let mut said: Vec<(Finding, Vec<usize>)> = Vec::new();
    for nodes in sets.values() {
        let Node { packages, untold, .. } = &deployment.nodes[nodes[0]];
        let look =
            InstalledSet { catalog, packages, stated: &stated, written: &deployment.written };
        for finding in look.findings(untold) {
            match said.iter_mut().find(|(known, _)| *known == finding) {
                Some((_, known)) => known.extend(nodes),
                None => said.push((finding, nodes.clone())),
            }
        }
    }
    for (mut finding, mut nodes) in said {
        nodes.sort_unstable();
        let first = &deployment.nodes[nodes[0]].name;
        finding.subject = match nodes.len() {
            1 => first.clone(),
            count => format!("{first} and {} more", count - 1),
        };
        findings.push(finding);
    }
}

/// Checks what runs together on one node. `untold` is what it runs in a version that nobody can tell, `stated` are the packages that the inventory speaks of at
/// all: what it never mentions is left out on purpose. The findings name no subject.
pub fn requirements(
    catalog: &Catalog,
    packages: &BTreeMap<PackageIx, Rank>,
    untold: &BTreeSet<PackageIx>,
    stated: &BTreeSet<PackageIx>,
) -> Vec<Finding> {
    let written = BTreeMap::new();
    InstalledSet { catalog, packages, stated, written: &written }.findings(untold)
}

/// A node that is looked at.
struct InstalledSet<'a> {
    catalog: &'a Catalog,
    packages: &'a BTreeMap<PackageIx, Rank>,
    stated: &'a BTreeSet<PackageIx>,
    /// The inventory's spelling of releases, where it is not the matrix's.
    written: &'a BTreeMap<ReleaseId, String>,
}

impl InstalledSet<'_> {
    fn findings(&self, untold: &BTreeSet<PackageIx>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (&package, &rank) in self.packages {
            release(self.catalog, (package, rank), &mut findings);
            for need in self.catalog.package(package).needs(rank) {
                findings.extend(if untold.contains(&need.target) {
                    Some(undecided(self.catalog, (package, rank), *need))
                } else {
                    self.unmet((package, rank), *need)
                });
            }
        }
        findings
    }
}

fn release(catalog: &Catalog, release: ReleaseId, findings: &mut Vec<Finding>) {
    let stated = catalog.package(release.0).release(release.1);
    let cite = stated.fact.map(|fact| catalog.cite_for(fact, Some(release)));
    let label = catalog.label(release);
    let mut push = |check, severity, message: String| {
        let mut finding = Finding::new(check, severity, "", message);
        finding.cites.extend(cite.clone());
        findings.push(finding);
    };
    if let Some(why) = &stated.withdrawn {
        push(Check::ReleaseWithdrawn, Severity::Warning, format!("{label} was withdrawn: {why}"));
    }
    if let Some(why) = &stated.unreadable {
        push(
            Check::RequirementUnknown,
            Severity::Warning,
            format!("what {label} accepts is not known: {why}"),
        );
    }
    if stated.channel == Channel::Development {
        push(
            Check::ReleaseUnknown,
            Severity::Warning,
            format!("{label} is a development build: its facts are not known"),
        );
    }
}

/// Says that a need cannot be decided, because nobody can tell the version of its target.
fn undecided(catalog: &Catalog, release: ReleaseId, need: Need) -> Finding {
    let asked = catalog.asked(catalog.constraint(need.constraint));
    let verb = match need.kind {
        NeedKind::Requires | NeedKind::Optional => "needs",
        NeedKind::Conflicts => "excludes",
    };
    let message =
        format!("{} {verb} {asked}; which version runs is not known", catalog.label(release));
    Finding::new(Check::RequirementUnknown, Severity::Warning, "", message)
        .citing(catalog.cite_for(need.fact, Some(release)))
}

impl InstalledSet<'_> {
    fn unmet(&self, release: ReleaseId, need: Need) -> Option<Finding> {
        let Self { catalog, packages, stated, written } = *self;
        let constraint = catalog.constraint(need.constraint);
        let target = catalog.package(constraint.target);
        let present = packages.get(&constraint.target).copied();
        let label = catalog.label(release);
        let (check, severity, message) = match (need.kind, present) {
            (NeedKind::Requires, None) => {
                let severity = match target.kind {
                    PackageKind::Core => Severity::Error,
                    PackageKind::Plugin if stated.contains(&constraint.target) => Severity::Warning,
                    // Inventories often leave out what an installer brings along, and what everything runs on.
                    PackageKind::Plugin
                    | PackageKind::Runtime
                    | PackageKind::Platform
                    | PackageKind::Bundle => Severity::Info,
                };
                let message = format!(
                    "{label} needs {} {}, and the node states none",
                    target.name, constraint.text
                );
                (Check::RequirementMissing, severity, message)
            }
            (NeedKind::Conflicts, Some(rank)) if constraint.allowed.contains(rank) => {
                let message = format!("{label} excludes {} {}", target.name, constraint.text);
                (Check::PackagesConflict, Severity::Error, message)
            }
            (NeedKind::Optional | NeedKind::Conflicts, None) | (NeedKind::Conflicts, Some(_)) => {
                return None;
            }
            (NeedKind::Requires | NeedKind::Optional, Some(rank)) => {
                if constraint.allowed.contains(rank) {
                    return None;
                }
                let version = match written.get(&(constraint.target, rank)) {
                    Some(text) => text.as_str(),
                    None => target.version(rank).text(),
                };
                if constraint.unknown.contains(rank) {
                    let message = format!(
                        "{label} needs {}; no fact says whether {} {version} has it",
                        constraint.text, target.name
                    );
                    (Check::RequirementUnknown, Severity::Warning, message)
                } else {
                    let needs = catalog.asked(constraint);
                    (
                        Check::RequirementUnmet,
                        Severity::Error,
                        format!("{label} needs {needs}, the node runs {version}"),
                    )
                }
            }
        };
        Some(
            Finding::new(check, severity, "", message)
                .citing(catalog.cite_for(need.fact, Some(release))),
        )
    }
}
