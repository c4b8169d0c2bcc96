//! A whole deployment: relations between its nodes, and what runs on each of them.

use std::collections::BTreeMap;

use super::pair::judge;
use crate::catalog::{
    Catalog, Channel, FeatureIx, Need, NeedKind, PackageIx, PackageKind, Rank, Relation,
    RelationIx, ReleaseId, Role, RoleIx, Use, Within,
};
use crate::deployment::{Deployment, Node};
use crate::finding::{Check, Finding, Severity};

/// Whether a state is meant to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It is.
    Steady,
    /// An upgrade is under way.
    Rolling,
}

/// Checks everything that runs: relations, requirements, roles. Findings about the inventory itself
/// come first, then relations, then nodes.
pub fn check(catalog: &Catalog, deployment: &Deployment, moment: Moment) -> Vec<Finding> {
    let mut findings = deployment.findings.clone();
    let classes = Classes::of(catalog, deployment);
    features(catalog, deployment, &mut findings);
    roles(catalog, deployment, &mut findings);
    for relation in (0..catalog.relations().len()).map(RelationIx::new) {
        relations(
            catalog,
            deployment,
            &classes,
            relation,
            moment,
            &mut findings,
        );
    }
    nodes(catalog, deployment, &mut findings);
    group_plugins(catalog, deployment, &mut findings);
    findings
}

/// A role and a release: nodes that agree in both answer every relation alike.
type Class = (RoleIx, ReleaseId);

/// The classes of each group, and which groups have the same ones.
struct Classes {
    /// For each distinct list of classes: the groups that have it.
    groups: BTreeMap<Vec<Class>, Vec<usize>>,
    /// A node of each class in each group, to name in findings.
    examples: BTreeMap<(usize, Class), usize>,
    /// How many nodes of each class there are in each group.
    counts: BTreeMap<(usize, Class), usize>,
}

impl Classes {
    fn of(catalog: &Catalog, deployment: &Deployment) -> Self {
        let mut examples = BTreeMap::new();
        let mut counts = BTreeMap::new();
        let mut lists: Vec<Vec<Class>> = vec![Vec::new(); deployment.groups.len()];
        for (ix, node) in deployment.nodes.iter().enumerate() {
            let Some(class) = class_of(catalog, node) else {
                continue;
            };
            let count = counts.entry((node.group, class)).or_insert(0);
            *count += 1;
            if *count == 1 {
                examples.insert((node.group, class), ix);
                lists[node.group].push(class);
            }
        }
        let mut groups: BTreeMap<Vec<Class>, Vec<usize>> = BTreeMap::new();
        for (group, mut list) in lists.into_iter().enumerate() {
            list.sort_unstable();
            groups.entry(list).or_default().push(group);
        }
        Self {
            groups,
            examples,
            counts,
        }
    }
}

fn class_of(catalog: &Catalog, node: &Node) -> Option<Class> {
    let role = node.role?;
    let running = catalog
        .role(role)
        .runs
        .iter()
        .find_map(|&package| node.running(package))?;
    Some((role, running))
}

fn relations(
    catalog: &Catalog,
    deployment: &Deployment,
    classes: &Classes,
    relation: RelationIx,
    moment: Moment,
    findings: &mut Vec<Finding>,
) {
    let stated = catalog.relation(relation);
    match stated.within {
        // What a node reads of its own earlier release is a question about steps, not about a state.
        Within::Node => {}
        Within::Group => {
            for (list, groups) in &classes.groups {
                let one = groups[0];
                for (from, to) in pairs(stated, list, |class| classes.counts[&(one, class)]) {
                    let names = |class| {
                        deployment.nodes[classes.examples[&(one, class)]]
                            .name
                            .clone()
                    };
                    let more = if groups.len() > 1 {
                        format!(" and likewise in {} more groups", groups.len() - 1)
                    } else {
                        String::new()
                    };
                    let subject = format!("{} -> {}{more}", names(from), names(to));
                    said(
                        catalog,
                        deployment,
                        relation,
                        (from, to),
                        moment,
                        &subject,
                        findings,
                    );
                }
            }
        }
        Within::Deployment => {
            let mut all: BTreeMap<Class, (usize, usize)> = BTreeMap::new();
            for (&(group, class), &count) in &classes.counts {
                all.entry(class)
                    .or_insert((classes.examples[&(group, class)], 0))
                    .1 += count;
            }
            let list: Vec<_> = all.keys().copied().collect();
            for (from, to) in pairs(stated, &list, |class| all[&class].1) {
                let names = |class| deployment.nodes[all[&class].0].name.clone();
                let subject = format!("{} -> {}", names(from), names(to));
                said(
                    catalog,
                    deployment,
                    relation,
                    (from, to),
                    moment,
                    &subject,
                    findings,
                );
            }
        }
    }
}

/// Returns the ordered pairs of classes that the relation is between. A class is a pair with itself
/// only if it has two nodes.
fn pairs(
    relation: &Relation,
    list: &[Class],
    count: impl Fn(Class) -> usize,
) -> Vec<(Class, Class)> {
    let mut pairs = Vec::new();
    for &from in list.iter().filter(|(role, _)| relation.from.contains(role)) {
        for &to in list.iter().filter(|(role, _)| relation.to.contains(role)) {
            if from != to || count(from) > 1 {
                pairs.push((from, to));
            }
        }
    }
    pairs
}

fn said(
    catalog: &Catalog,
    deployment: &Deployment,
    relation: RelationIx,
    (from, to): (Class, Class),
    moment: Moment,
    subject: &str,
    findings: &mut Vec<Finding>,
) {
    let stated = catalog.relation(relation);
    for mut finding in judge(catalog, relation, from.1, to.1, deployment.features, moment).findings
    {
        if stated.usage == Use::OnDemand && finding.severity == Severity::Error {
            finding.severity = Severity::Warning;
        }
        finding.message = format!("{}: {}: {}", stated.name, finding.subject, finding.message);
        subject.clone_into(&mut finding.subject);
        findings.push(finding);
    }
}

/// Says which stated features no running release has.
fn features(catalog: &Catalog, deployment: &Deployment, findings: &mut Vec<Finding>) {
    let mut releases: Vec<ReleaseId> = deployment.nodes.iter().flat_map(Node::releases).collect();
    releases.sort_unstable();
    releases.dedup();
    let available = releases
        .iter()
        .fold(crate::catalog::FeatureSet::default(), |all, &release| {
            all.union(catalog.available_features(release))
        });
    for feature in deployment
        .features
        .iter()
        .filter(|&feature| !available.contains(feature))
    {
        let stated = &catalog.features()[FeatureIx::ix(feature)];
        if stated.since.is_empty() {
            continue;
        }
        let message = format!("no running release has the feature {}", stated.name);
        let finding = Finding::new(
            Check::FeatureAbsent,
            Severity::Info,
            stated.name.clone(),
            message,
        );
        findings.push(finding.citing(catalog.cite(stated.fact)));
    }
}

/// Says which groups have too many or too few nodes of a role.
fn roles(catalog: &Catalog, deployment: &Deployment, findings: &mut Vec<Finding>) {
    let bounded: Vec<(RoleIx, &Role)> = catalog
        .roles()
        .iter()
        .enumerate()
        .filter(|(_, role)| role.min.is_some() || role.max.is_some())
        .map(|(ix, role)| (RoleIx::new(ix), role))
        .collect();
    for (group, members) in deployment.members().iter().enumerate() {
        for &(ix, role) in &bounded {
            let related = |node: &usize| {
                deployment.nodes[*node]
                    .role
                    .is_some_and(|other| catalog.role(other).runs == role.runs)
            };
            let voting = |node: &usize| {
                deployment.nodes[*node]
                    .role
                    .is_some_and(|other| catalog.role(other).quorum)
            };
            // A group of voters alone, such as sentinels, has none of the roles that hold data.
            if !members.iter().any(|node| related(node) && !voting(node)) {
                continue;
            }
            let count = members
                .iter()
                .filter(|&&node| deployment.nodes[node].role == Some(ix))
                .count();
            let wrong = if role.min.is_some_and(|min| count < min as usize) {
                "needs at least"
            } else if role.max.is_some_and(|max| count > max as usize) {
                "may have at most"
            } else {
                continue;
            };
            let bound = if wrong == "needs at least" {
                role.min
            } else {
                role.max
            };
            let subject = deployment.groups[group].clone();
            let message = format!(
                "the group has {count} nodes of the role {}, it {wrong} {}",
                role.name,
                bound.unwrap_or(0)
            );
            let finding = Finding::new(Check::GroupPrimary, Severity::Error, subject, message);
            findings.push(finding.citing(catalog.cite(role.fact)));
        }
    }
}

/// Checks each distinct set of packages once, and names the nodes that run it.
fn nodes(catalog: &Catalog, deployment: &Deployment, findings: &mut Vec<Finding>) {
    let mut sets: BTreeMap<Vec<ReleaseId>, Vec<usize>> = BTreeMap::new();
    for (ix, node) in deployment.nodes.iter().enumerate() {
        sets.entry(node.releases().collect()).or_default().push(ix);
    }
    for nodes in sets.values() {
        let first = &deployment.nodes[nodes[0]];
        let subject = match nodes.len() {
            1 => first.name.clone(),
            count => format!("{} and {} more", first.name, count - 1),
        };
        findings.extend(requirements(catalog, &first.packages, &subject));
    }
}

/// Checks what runs together on one node: requirements, conflicts, withdrawn releases.
pub fn requirements(
    catalog: &Catalog,
    packages: &BTreeMap<PackageIx, Rank>,
    subject: &str,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (&package, &rank) in packages {
        release(catalog, (package, rank), subject, &mut findings);
        for need in catalog.package(package).needs(rank) {
            findings.extend(unmet(catalog, packages, (package, rank), *need, subject));
        }
    }
    findings
}

fn release(catalog: &Catalog, release: ReleaseId, subject: &str, findings: &mut Vec<Finding>) {
    let stated = catalog.package(release.0).release(release.1);
    let cite = stated
        .fact
        .map(|fact| catalog.cite_for(fact, Some(release)));
    let label = catalog.label(release);
    let mut push = |check, severity, message: String| {
        let mut finding = Finding::new(check, severity, subject, message);
        finding.cites.extend(cite.clone());
        findings.push(finding);
    };
    if let Some(why) = &stated.withdrawn {
        push(
            Check::ReleaseWithdrawn,
            Severity::Warning,
            format!("{label} was withdrawn: {why}"),
        );
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

fn unmet(
    catalog: &Catalog,
    packages: &BTreeMap<PackageIx, Rank>,
    release: ReleaseId,
    need: Need,
    subject: &str,
) -> Option<Finding> {
    let constraint = catalog.constraint(need.constraint);
    let target = catalog.package(constraint.target);
    let present = packages.get(&constraint.target).copied();
    let label = catalog.label(release);
    let (check, severity, message) = match (need.kind, present) {
        (NeedKind::Optional | NeedKind::Conflicts, None) => return None,
        (NeedKind::Requires, None) => {
            let severity = match target.kind {
                PackageKind::Core => Severity::Error,
                // Inventories often leave out what an installer brings along, and what everything runs on.
                PackageKind::Plugin => Severity::Warning,
                PackageKind::Runtime | PackageKind::Platform => Severity::Info,
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
        (NeedKind::Conflicts, Some(_)) => return None,
        (NeedKind::Requires | NeedKind::Optional, Some(rank)) => {
            if constraint.allowed.contains(rank) {
                return None;
            }
            let version = target.version(rank);
            if constraint.unknown.contains(rank) {
                let message = format!(
                    "{label} needs {}; no fact says whether {} {version} has it",
                    constraint.text, target.name
                );
                (Check::RequirementUnknown, Severity::Warning, message)
            } else {
                let needs = need_text(&target.name, &constraint.text);
                (
                    Check::RequirementUnmet,
                    Severity::Error,
                    format!("{label} needs {needs}, the node runs {version}"),
                )
            }
        }
    };
    Some(
        Finding::new(check, severity, subject, message)
            .citing(catalog.cite_for(need.fact, Some(release))),
    )
}

/// Prints `valkey >=9.0.1`, or `c-api 1.2.0 of duckdb` for an interface.
fn need_text(target: &str, constraint: &str) -> String {
    if constraint.starts_with(|c: char| c.is_ascii_alphabetic()) && constraint.contains(' ') {
        format!("{constraint} of {target}")
    } else {
        format!("{target} {constraint}")
    }
}

/// Says where nodes of one group, which stand in for each other, run different plugins.
fn group_plugins(catalog: &Catalog, deployment: &Deployment, findings: &mut Vec<Finding>) {
    let stands_in: Vec<RoleIx> = catalog
        .relations()
        .iter()
        .filter(|relation| relation.within == Within::Group && relation.usage == Use::Continuous)
        .flat_map(|relation| relation.from.iter().chain(&relation.to).copied())
        .collect();
    for (group, members) in deployment.members().iter().enumerate() {
        let mut sets: BTreeMap<Vec<ReleaseId>, Vec<&str>> = BTreeMap::new();
        for node in members.iter().map(|&node| &deployment.nodes[node]) {
            if node.role.is_some_and(|role| stands_in.contains(&role)) {
                let plugins = node
                    .releases()
                    .filter(|(package, _)| catalog.package(*package).kind == PackageKind::Plugin);
                sets.entry(plugins.collect()).or_default().push(&node.name);
            }
        }
        if sets.len() < 2 {
            continue;
        }
        let texts: Vec<_> = sets
            .iter()
            .map(|(plugins, nodes)| {
                let plugins: Vec<_> = plugins
                    .iter()
                    .map(|&plugin| catalog.label(plugin))
                    .collect();
                let plugins = if plugins.is_empty() {
                    "none".to_owned()
                } else {
                    plugins.join(" + ")
                };
                format!("{}: {plugins}", nodes.join(", "))
            })
            .collect();
        let message = format!(
            "nodes that stand in for each other run different plugins ({})",
            texts.join("; ")
        );
        findings.push(Finding::new(
            Check::GroupPlugins,
            Severity::Warning,
            deployment.groups[group].clone(),
            message,
        ));
    }
}
