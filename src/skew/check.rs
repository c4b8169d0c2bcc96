//! A whole deployment: relations between its nodes, and what runs on each of them.

use std::collections::{BTreeMap, BTreeSet};

use super::moment::Moment;
use super::node::nodes;
use super::pair::judge;
use crate::catalog::{
    Catalog, FeatureIx, PackageIx, PackageKind, Relation, RelationIx, ReleaseId, Role, RoleIx,
    SkewBound, Use, Within,
};
use crate::deployment::{Deployment, Node};
use crate::finding::{Check, Code, Finding, Severity};

/// Checks everything that runs: relations, requirements, roles. Findings about the inventory itself
/// come first, then relations, then nodes.
pub fn check(catalog: &Catalog, deployment: &Deployment, moment: Moment) -> Vec<Finding> {
    let mut findings = deployment.findings.clone();
    let classes = Classes::of(catalog, deployment);
    features(catalog, deployment, &mut findings);
    roles(catalog, deployment, &mut findings);
    for relation in (0..catalog.relations().len()).map(RelationIx::new) {
        relations(catalog, deployment, &classes, relation, moment, &mut findings);
    }
    nodes(catalog, deployment, &mut findings);
    group_plugins(catalog, deployment, &mut findings);
    findings
}

/// A role and a release: nodes that agree in both answer every relation alike.
type NodeClass = (RoleIx, ReleaseId);

/// The classes of each group, and which groups have the same ones.
struct Classes {
    /// For each distinct list of classes: the groups that have it.
    groups: BTreeMap<Vec<NodeClass>, Vec<usize>>,
    /// The first two nodes of each class in each group, to name in findings.
    examples: BTreeMap<(usize, NodeClass), (usize, usize)>,
    /// Number of nodes of each class in each group.
    counts: BTreeMap<(usize, NodeClass), usize>,
}

impl Classes {
    fn of(catalog: &Catalog, deployment: &Deployment) -> Self {
        let mut examples = BTreeMap::new();
        let mut counts = BTreeMap::new();
        let mut lists: Vec<Vec<NodeClass>> = vec![Vec::new(); deployment.groups.len()];
        for (ix, node) in deployment.nodes.iter().enumerate() {
            let Some(class) = class_of(catalog, node) else {
                continue;
            };
            let count = counts.entry((node.group, class)).or_insert(0);
            *count += 1;
            if *count == 1 {
                examples.insert((node.group, class), (ix, ix));
                lists[node.group].push(class);
            } else if *count == 2 {
                examples.entry((node.group, class)).and_modify(|(_, second)| *second = ix);
            }
        }
        let mut groups: BTreeMap<Vec<NodeClass>, Vec<usize>> = BTreeMap::new();
        for (group, mut list) in lists.into_iter().enumerate() {
            list.sort_unstable();
            groups.entry(list).or_default().push(group);
        }
        Self { groups, examples, counts }
    }
}

impl Classes {
    /// Returns the first two nodes and the number of nodes of each class in the whole deployment.
    fn everywhere(&self) -> BTreeMap<NodeClass, ((usize, usize), usize)> {
        let mut all: BTreeMap<NodeClass, ((usize, usize), usize)> = BTreeMap::new();
        for (&(group, class), &count) in &self.counts {
            let examples = self.examples[&(group, class)];
            let known = all.entry(class).or_insert((examples, 0));
            if known.1 == 1 {
                known.0.1 = examples.0;
            }
            known.1 += count;
        }
        all
    }
}

/// Names a pair by example nodes; a class that is paired with itself by two of its nodes.
fn pair_name(
    deployment: &Deployment,
    same: bool,
    from: (usize, usize),
    to: (usize, usize),
) -> String {
    let second = if same { to.1 } else { to.0 };
    format!("{} -> {}", deployment.nodes[from.0].name, deployment.nodes[second].name)
}

fn class_of(catalog: &Catalog, node: &Node) -> Option<NodeClass> {
    let role = node.role?;
    let running = catalog.role(role).runs.iter().find_map(|&package| node.running(package))?;
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
        // What a node reads of its own earlier release is a question about steps, not about a state. What runs
        // beside each other is one about this state.
        Within::Node => node_pairs(catalog, deployment, relation, moment, findings),
        Within::Group => {
            for (list, groups) in &classes.groups {
                let one = groups[0];
                let more = match groups.len() {
                    1 => String::new(),
                    count => format!(" and likewise in {} more groups", count - 1),
                };
                for (from, to) in pairs(stated, list, |class| classes.counts[&(one, class)]) {
                    let examples = |class| classes.examples[&(one, class)];
                    let name = pair_name(deployment, from == to, examples(from), examples(to));
                    let subject = format!("{name}{more}");
                    said(catalog, deployment, relation, (from, to), moment, &subject, findings);
                }
            }
        }
        Within::Deployment => {
            let all = classes.everywhere();
            let list: Vec<_> = all.keys().copied().collect();
            for (from, to) in pairs(stated, &list, |class| all[&class].1) {
                let subject = pair_name(deployment, from == to, all[&from].0, all[&to].0);
                said(catalog, deployment, relation, (from, to), moment, &subject, findings);
            }
        }
    }
}

/// Judges what runs together on each node: every two packages of the relation's roles, each distinct pair once.
fn node_pairs(
    catalog: &Catalog,
    deployment: &Deployment,
    relation: RelationIx,
    moment: Moment,
    findings: &mut Vec<Finding>,
) {
    let stated = catalog.relation(relation);
    let mut pairs: BTreeMap<(ReleaseId, ReleaseId), Vec<usize>> = BTreeMap::new();
    for (ix, node) in deployment.nodes.iter().enumerate() {
        let Some(role) = node.role else { continue };
        let runs = |roles: &[RoleIx]| {
            let plays = roles.contains(&role);
            let packages = catalog.role(role).runs.iter().filter(move |_| plays);
            packages.filter_map(|&package| node.running(package)).collect::<Vec<_>>()
        };
        for from in runs(&stated.from) {
            for to in runs(&stated.to).into_iter().filter(|to| to.0 != from.0) {
                pairs.entry((from, to)).or_default().push(ix);
            }
        }
    }
    for ((from, to), nodes) in pairs {
        for mut finding in judge(catalog, relation, from, to, deployment.features, moment).findings
        {
            finding.message = format!("{}: {}: {}", stated.name, finding.subject, finding.message);
            finding.subject = match nodes.len() {
                1 => deployment.nodes[nodes[0]].name.clone(),
                count => format!("{} and {} more", deployment.nodes[nodes[0]].name, count - 1),
            };
            findings.push(finding);
        }
    }
}

/// Returns the ordered pairs of classes that the relation is between. A class is a pair with itself
/// only if it has two nodes.
fn pairs(
    relation: &Relation,
    list: &[NodeClass],
    count: impl Fn(NodeClass) -> usize,
) -> Vec<(NodeClass, NodeClass)> {
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
    (from, to): (NodeClass, NodeClass),
    moment: Moment,
    subject: &str,
    findings: &mut Vec<Finding>,
) {
    let stated = catalog.relation(relation);
    // What one release cannot do at all is no matter of skew.
    if stated.usage == Use::OnDemand && from.1 == to.1 {
        return;
    }
    for mut finding in judge(catalog, relation, from.1, to.1, deployment.features, moment).findings
    {
        if to < from && is_said_once(catalog, stated, &finding) {
            continue;
        }
        if stated.usage == Use::OnDemand && finding.severity == Severity::Error {
            finding.severity = Severity::Warning;
        }
        finding.message = format!("{}: {}: {}", stated.name, finding.subject, finding.message);
        subject.clone_into(&mut finding.subject);
        findings.push(finding);
    }
}

/// Returns whether a finding says the same in both directions: two sides that play the same roles are not in
/// one line.
fn is_said_once(catalog: &Catalog, relation: &Relation, finding: &Finding) -> bool {
    let Code::Rule(code) = &finding.code else { return false };
    let rule = catalog.skew_rules().iter().find(|rule| rule.code == *code);
    relation.from == relation.to && rule.is_some_and(|rule| rule.bound == SkewBound::Same)
}

/// Says which stated features no running release has.
fn features(catalog: &Catalog, deployment: &Deployment, findings: &mut Vec<Finding>) {
    let mut releases: Vec<ReleaseId> = deployment.nodes.iter().flat_map(Node::releases).collect();
    releases.sort_unstable();
    releases.dedup();
    let available = releases.iter().fold(crate::catalog::FeatureSet::default(), |all, &release| {
        all.union(catalog.available_features(release))
    });
    for feature in deployment.features.iter().filter(|&feature| !available.contains(feature)) {
        let stated = &catalog.features()[FeatureIx::ix(feature)];
        if stated.since.is_empty() {
            continue;
        }
        let message = format!("no running release has the feature {}", stated.name);
        let finding =
            Finding::new(Check::FeatureAbsent, Severity::Info, stated.name.clone(), message);
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
    let mut found: BTreeMap<(RoleIx, usize), Vec<usize>> = BTreeMap::new();
    for (group, members) in deployment.members().iter().enumerate() {
        for &(ix, role) in &bounded {
            // A group of voters or of routers alone has none of the roles that stand in for each other.
            let needs = |node: &usize| {
                deployment.nodes[*node].role.is_some_and(|other| needs_role(catalog, other, ix))
            };
            let count =
                members.iter().filter(|&&node| deployment.nodes[node].role == Some(ix)).count();
            if members.iter().any(needs) && bound(role, count).is_some() {
                found.entry((ix, count)).or_default().push(group);
            }
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(_, groups)| groups[0]);
    for ((ix, count), groups) in found {
        let role = catalog.role(ix);
        let Some((wrong, wanted)) = bound(role, count) else { continue };
        let name = &role.name;
        let nodes = if count == 1 { "node" } else { "nodes" };
        let message =
            format!("the group has {count} {nodes} of the role {name}, it {wrong} {wanted}");
        let subject = group_names(deployment, &groups);
        let finding = Finding::new(Check::GroupPrimary, Severity::Error, subject, message);
        findings.push(finding.citing(catalog.cite(role.fact)));
    }
}

/// Returns true if a group with a node of one role is to have another: it is that one, or a relation within groups
/// ties it to that one all the time.
fn needs_role(catalog: &Catalog, one: RoleIx, other: RoleIx) -> bool {
    let ties = |relation: &Relation| {
        relation.within == Within::Group
            && relation.usage == Use::Continuous
            && ((relation.from.contains(&one) && relation.to.contains(&other))
                || (relation.from.contains(&other) && relation.to.contains(&one)))
    };
    one == other || catalog.relations().iter().any(ties)
}

/// Says which bound of a role a number of nodes breaks, if it does.
fn bound(role: &Role, count: usize) -> Option<(&'static str, u32)> {
    let few = role.min.filter(|min| count < *min as usize).map(|min| ("needs at least", min));
    let many = role.max.filter(|max| count > *max as usize).map(|max| ("may have at most", max));
    few.or(many)
}

/// Names the first of some groups and counts the others.
fn group_names(deployment: &Deployment, groups: &[usize]) -> String {
    let first = &deployment.groups[groups[0]];
    match groups.len() {
        1 => first.clone(),
        count => format!("{first} and likewise {} more groups", count - 1),
    }
}

/// Says where nodes of one group, which stand in for each other, run different plugins. Nodes of one
/// role do, and nodes of roles that change places in a switch.
fn group_plugins(catalog: &Catalog, deployment: &Deployment, findings: &mut Vec<Finding>) {
    let grouped: BTreeSet<RoleIx> = catalog
        .relations()
        .iter()
        .filter(|relation| relation.within == Within::Group && relation.usage == Use::Continuous)
        .flat_map(|relation| relation.from.iter().chain(&relation.to).copied())
        .collect();
    let mut stands: BTreeMap<RoleIx, RoleIx> = BTreeMap::new();
    let mut found: BTreeMap<Vec<Vec<ReleaseId>>, (PluginSets<'_>, Vec<usize>)> = BTreeMap::new();
    for (group, members) in deployment.members().iter().enumerate() {
        let mut sets: BTreeMap<RoleIx, PluginSets<'_>> = BTreeMap::new();
        for node in members.iter().map(|&node| &deployment.nodes[node]) {
            let Some(role) = node.role.filter(|role| grouped.contains(role)) else {
                continue;
            };
            let plugins = node
                .releases()
                .filter(|(package, _)| catalog.package(*package).kind == PackageKind::Plugin);
            let role = *stands.entry(role).or_insert_with(|| stand_in(catalog, role));
            let sets = sets.entry(role).or_default();
            sets.entry(plugins.collect()).or_default().push(&node.name);
        }
        for sets in sets.into_values().filter(|sets| sets.len() > 1) {
            let kind = sets.keys().cloned().collect();
            found.entry(kind).or_insert_with(|| (sets, Vec::new())).1.push(group);
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by_key(|(_, groups)| groups[0]);
    for (sets, groups) in found {
        let message = format!(
            "nodes that stand in for each other run different plugins ({})",
            plugin_sets(catalog, &sets)
        );
        let subject = group_names(deployment, &groups);
        findings.push(Finding::new(Check::GroupPlugins, Severity::Warning, subject, message));
    }
}

/// The nodes that run each set of plugins.
type PluginSets<'d> = BTreeMap<Vec<ReleaseId>, Vec<&'d str>>;

/// Returns the role that stands for all roles with which this one changes places.
fn stand_in(catalog: &Catalog, role: RoleIx) -> RoleIx {
    let switches =
        catalog.packages().filter_map(|(package, _)| catalog.upgrades(package)?.switch.as_ref());
    switches.filter(|switch| switch.to == role).map(|switch| switch.from).next().unwrap_or(role)
}

/// Names the nodes of each set of plugins, the first few of many. A plugin that others of the group
/// have is named as missing.
fn plugin_sets(catalog: &Catalog, sets: &PluginSets<'_>) -> String {
    let all: BTreeSet<PackageIx> = sets.keys().flatten().map(|(plugin, _)| *plugin).collect();
    let texts: Vec<_> = sets
        .iter()
        .map(|(plugins, nodes)| {
            let has = |package: PackageIx| plugins.iter().any(|plugin| plugin.0 == package);
            let own = plugins.iter().map(|&plugin| catalog.label(plugin));
            let lacks = all.iter().filter(|&&package| !has(package));
            let lacks = lacks.map(|&package| format!("no {}", catalog.package(package).name));
            let parts: Vec<String> = own.chain(lacks).collect();
            format!("{}: {}", some(nodes), parts.join(" + "))
        })
        .collect();
    texts.join("; ")
}

/// Names the first few of many nodes.
fn some(nodes: &[&str]) -> String {
    const SHOWN: usize = 4;
    match nodes.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{} and {more} more", nodes[..SHOWN].join(", ")),
        _ => nodes.join(", "),
    }
}
