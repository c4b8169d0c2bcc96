//! `plan`: in which steps?

use std::sync::Arc;

use super::lookup::Lookup;
use crate::answer::{Answer, Body};
use crate::deployment::Deployment;
use crate::failure::Failure;
use crate::finding::Verdict;
use crate::knowledge::{KnowledgeBase, Topic};
use crate::lifecycle::required;
use crate::limits::Limits;
use crate::matrix::Inventory;
use crate::plan::{Goal, plan, supported_plan, unsupported};
use crate::query::PlanQuery;

pub(super) fn answer(base: &KnowledgeBase, query: &PlanQuery) -> Result<Answer, Failure> {
    let inventory = Inventory::parse(query.deployment.input())?;
    let catalog = base.load(&Topic::of_deployment(&inventory, &query.to))?;
    let deployment = inventory.resolve(&catalog);
    let lookup = Lookup { base, catalog: &catalog };
    lookup.risks(&query.accept_risks)?;
    let goal = Goal {
        targets: query.to.iter().map(|to| lookup.requirement(to)).collect::<Result<_, _>>()?,
        accepted_risks: query.accept_risks.iter().cloned().collect(),
        allow_downtime: query.allow_downtime,
        limits: limits(query, &deployment)?,
    };
    let made = if query.require_supported {
        supported_plan(&catalog, &deployment, &goal, query.day)
    } else {
        plan(&catalog, &deployment, &goal)
    };
    let (verdict, findings) = match &made {
        Ok(plan) => {
            let ends = unsupported(&catalog, plan, query.day);
            let ends = if query.require_supported { required(ends) } else { ends };
            (Verdict::Compatible, plan.findings.iter().cloned().chain(ends).collect())
        }
        Err(none) => (Verdict::of(&none.reasons), none.reasons.clone()),
    };
    let body = Body::Plan {
        deployment: Arc::new(deployment),
        accepted_risks: query.accept_risks.clone(),
        plan: Box::new(made),
    };
    Ok(Answer::new(catalog, "plan", Some(verdict), findings, body))
}

/// Returns the limits that were asked for. Those that the deployment gives no meaning are refused.
fn limits(query: &PlanQuery, deployment: &Deployment) -> Result<Limits, Failure> {
    let nodes = deployment.nodes.len();
    if query.per_zone && deployment.nodes.iter().all(|node| node.zone.is_none()) {
        return Err(Failure::new("--per-zone: no node of the deployment states its zone")
            .hint("add `zone` to the nodes"));
    }
    if query.canary > 0 && query.canary >= nodes {
        let count = if nodes == 1 { "1 node".to_owned() } else { format!("{nodes} nodes") };
        return Err(Failure::new(format!("--canary {}: the deployment has {count}", query.canary))
            .hint("somebody must be left to follow the first"));
    }
    let default = Limits::default();
    Ok(Limits {
        max_unavailable: query.max_unavailable.unwrap_or(default.max_unavailable),
        per_zone: query.per_zone,
        canary: query.canary,
    })
}
