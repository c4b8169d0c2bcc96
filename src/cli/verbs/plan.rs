//! `plan`: in which steps?

use super::super::args::{Common, PlanQuestion};
use super::super::files::DeploymentFile;
use super::super::output::Printed;
use super::super::{Failure, spec, world};
use super::{day, finish};
use crate::answer::{Answer, Body};
use crate::deployment::Deployment;
use crate::finding::{Finding, Verdict};
use crate::lifecycle::required;
use crate::limits::Limits;
use crate::plan::{Goal, plan, supported_plan, unsupported};
use std::sync::Arc;

pub(super) fn run(common: &Common, question: &PlanQuestion) -> Result<Printed, Failure> {
    let today = day(question.as_of.as_of.as_deref())?;
    let file = DeploymentFile::read(&question.deployment)?;
    let inventory = file.parse()?;
    let catalog = world::for_deployment(common, &inventory, &question.to)?;
    let deployment = inventory.resolve(&catalog);
    let mut targets = Vec::new();
    for text in &question.to {
        targets.push(spec::requirement(&catalog, text)?);
    }
    let goal = Goal {
        targets,
        accepted_risks: question.accept_risk.iter().cloned().collect(),
        allow_downtime: question.allow_downtime,
        limits: limits(question, &deployment)?,
    };
    let made = if question.require_supported {
        supported_plan(&catalog, &deployment, &goal, today)
    } else {
        plan(&catalog, &deployment, &goal)
    };
    let (verdict, mut findings): (_, Vec<Finding>) = match &made {
        Ok(plan) => (Verdict::Compatible, plan.findings.clone()),
        Err(none) => (Verdict::Incompatible, none.reasons.clone()),
    };
    if let Ok(plan) = &made {
        let ends = unsupported(&catalog, plan, today);
        findings.extend(if question.require_supported { required(ends) } else { ends });
    }
    let body = Body::Plan {
        deployment: Arc::new(deployment),
        accepted_risks: question.accept_risk.clone(),
        plan: Box::new(made),
    };
    finish(
        common,
        Answer {
            catalog: Arc::new(catalog),
            command: "plan",
            verdict: Some(verdict),
            findings,
            body,
        },
    )
}

/// Returns the limits that were asked for. Those that the deployment gives no meaning are refused.
fn limits(question: &PlanQuestion, deployment: &Deployment) -> Result<Limits, Failure> {
    let nodes = deployment.nodes.len();
    if question.per_zone && deployment.nodes.iter().all(|node| node.zone.is_none()) {
        return Err(Failure::new("--per-zone: no node of the deployment states its zone")
            .hint("add `zone` to the nodes"));
    }
    if let Some(canary) = question.canary.filter(|canary| *canary >= nodes) {
        let count = if nodes == 1 { "1 node".to_owned() } else { format!("{nodes} nodes") };
        return Err(Failure::new(format!("--canary {canary}: the deployment has {count}"))
            .hint("somebody must be left to follow the first"));
    }
    let default = Limits::default();
    Ok(Limits {
        max_unavailable: question.max_unavailable.unwrap_or(default.max_unavailable),
        per_zone: question.per_zone,
        canary: question.canary.unwrap_or(default.canary),
    })
}
