//! What an inventory must say before it can be planned.

use std::collections::{BTreeMap, BTreeSet};

use super::products::runs;
use super::refusal::Refusal;
use crate::catalog::{Catalog, PackageIx, ReleaseId};
use crate::deployment::{Deployment, Node};
use crate::finding::{Check, Code, Finding, Severity};
use crate::skew::{Moment, check};

/// Refuses an inventory whose nodes could not be matched, and groups whose roles are not those that the
/// matrix asks for.
pub(super) fn refuse_broken(
    catalog: &Catalog,
    deployment: &Deployment,
    targets: &[ReleaseId],
) -> Result<(), Refusal> {
    let concerned = |node: &&Node| targets.iter().any(|&target| runs(catalog, node, target.0));
    let nodes: Vec<_> = deployment.nodes.iter().filter(concerned).collect();
    let names: BTreeSet<_> = nodes.iter().map(|node| node.name.as_str()).collect();
    let groups: BTreeSet<_> =
        nodes.iter().map(|node| deployment.groups[node.group].as_str()).collect();
    let mut reasons: Vec<Finding> = untold(catalog, &nodes, targets);
    for finding in check(catalog, deployment, Moment::Rolling) {
        let unmatched =
            finding.severity == Severity::Error && deployment.findings.contains(&finding);
        let subject = finding.subject.as_str();
        let unfit = match &finding.code {
            Code::Check(Check::GroupPrimary) => groups.contains(subject),
            Code::Check(Check::RoleMissing) => names.contains(subject),
            Code::Check(_) | Code::Rule(_) => false,
        };
        if unmatched || unfit {
            let severity = Severity::Error;
            reasons.push(Finding { severity, ..finding });
        }
    }
    Refusal::unless_empty(reasons)
}

/// Returns a refusal to move each node of which nobody can tell all versions: what does not fit with the change is
/// not known, nor from where the way leads.
fn untold(catalog: &Catalog, nodes: &[&Node], targets: &[ReleaseId]) -> Vec<Finding> {
    let mut found: BTreeMap<&BTreeSet<PackageIx>, Vec<&Node>> = BTreeMap::new();
    for node in nodes.iter().filter(|node| !node.untold.is_empty()) {
        found.entry(&node.untold).or_default().push(node);
    }
    let finding = |(packages, nodes): (&BTreeSet<PackageIx>, Vec<&Node>)| {
        let names = packages.iter().map(|&package| catalog.package(package).name.as_str());
        let goals = targets.iter().filter(|target| runs(catalog, nodes[0], target.0));
        let goals: Vec<_> = goals.map(|&target| catalog.label(target)).collect();
        let message = format!(
            "which version of {} runs is not known, so no way to {} can be planned",
            names.collect::<Vec<_>>().join(" and "),
            goals.join(" and ")
        );
        let subject = match nodes.len() {
            1 => nodes[0].name.clone(),
            count => format!("{} and {} more", nodes[0].name, count - 1),
        };
        Finding::new(Check::VersionUnknown, Severity::Error, subject, message)
            .hinting("ask the running system and write it into the deployment file")
    };
    found.into_iter().map(finding).collect()
}
