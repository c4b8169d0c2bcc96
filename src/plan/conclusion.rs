//! The end of a plan: what to ask before the start, and what stays unsure.

use std::collections::BTreeSet;

use super::goal::Task;
use super::products::{policy, product, running};
use super::progress::Progress;
use super::{exposure, gates, service};
use crate::answer::plan::{GateAsk, Plan};
use crate::catalog::{PackageIx, ReleaseId};
use crate::deployment::Deployment;
use crate::finding::{Check, Finding, Severity};

/// Concludes a plan from a deployment that made this progress.
pub(super) fn conclude(
    task: &Task<'_>,
    deployment: &Deployment,
    progress: Progress<'_>,
    plan: &mut Plan,
) {
    plan.service = service::kept(task.catalog, deployment, plan);
    let inventory = deployment.findings.iter();
    let doubts = inventory.filter(|finding| finding.severity == Severity::Warning);
    plan.findings.extend(doubts.cloned());
    if !plan.steps.is_empty() {
        plan.restart = restarts(task);
        plan.preflight = preflight(task, deployment);
    }
    let notices = progress.state.notices;
    for (finding, probes) in exposure::all(task.catalog, notices.exposed.into_values()) {
        plan.findings.push(finding);
        plan.preflight.extend(probes);
    }
    plan.findings.extend(progress.failover.findings(&progress.state.fleet));
    plan.findings.extend(notices.unknown.into_values());
    plan.findings.extend(no_return(plan));
}

/// Returns how the products of the targets are restarted.
fn restarts(task: &Task<'_>) -> Vec<(PackageIx, String)> {
    let targets = task.targets.iter();
    let packages: BTreeSet<_> = targets.map(|target| product(task.catalog, target.0)).collect();
    let restart = |package| Some((package, task.catalog.upgrades(package)?.restart.clone()?));
    packages.into_iter().filter_map(restart).collect()
}

/// Returns what to ask before the first step, of the nodes in the roles that they have then.
fn preflight(task: &Task<'_>, deployment: &Deployment) -> Vec<GateAsk> {
    let all: Vec<_> = (0..deployment.nodes.len()).collect();
    let mut asked = BTreeSet::new();
    let moves = |target: ReleaseId| {
        let mut nodes = deployment.nodes.iter();
        nodes.any(|node| running(task.catalog, node, target.0).is_some_and(|it| it != target))
    };
    let mut asks = Vec::new();
    for &target in task.targets.iter().filter(|target| moves(**target)) {
        if asked.insert(product(task.catalog, target.0)) {
            let upgrades = policy(task.catalog, target.0);
            asks.extend(gates::after(task, deployment, "start-of-plan", upgrades, &all, target));
        }
    }
    asks
}

/// Says where the point of no return is.
fn no_return(plan: &Plan) -> Option<Finding> {
    let point = plan.point_of_no_return.as_ref()?;
    let moment = point.moment.as_ref().map(|moment| format!(" ({moment})")).unwrap_or_default();
    let step = point.step + 1;
    let message = format!("step {step} is the point of no return: {}{moment}", point.why);
    let subject = format!("step {step}");
    let finding = Finding::new(Check::EdgeIrreversible, Severity::Warning, subject, message);
    Some(finding.citing(point.cite.clone()))
}
