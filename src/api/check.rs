//! `check`: is what runs compatible?

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, ReleaseId};
use crate::deployment::{Deployment, Node};
use crate::failure::Failure;
use crate::finding::{Finding, Verdict};
use crate::knowledge::{KnowledgeBase, Topic};
use crate::lifecycle::{required, support_finding};
use crate::matrix::Inventory;
use crate::query::CheckQuery;
use crate::skew::{Moment, check};

/// How many days before the end of support it is spoken of.
const NOTICE: i64 = 90;

pub(super) fn answer(base: &KnowledgeBase, query: &CheckQuery) -> Result<Answer, Failure> {
    let inventory = Inventory::parse(query.deployment.input())?;
    let catalog = base.load(&Topic::of_deployment(&inventory, &[]))?;
    let deployment = inventory.resolve(&catalog);
    let moment = if query.rolling { Moment::Rolling } else { Moment::Steady };
    let mut findings = check(&catalog, &deployment, moment);
    findings.extend(support(&catalog, &deployment, query.day));
    if query.require_supported {
        findings = required(findings);
    }
    let subject = match deployment.nodes.len() {
        1 => format!("{}, 1 node", deployment.name),
        count => format!("{}, {count} nodes", deployment.name),
    };
    let body = Body::Findings { subject };
    Ok(Answer::new(catalog, "check", Some(Verdict::Compatible), findings, body))
}

/// Says what runs past, or nears, the end of its support.
fn support(catalog: &Catalog, deployment: &Deployment, day: Date) -> Vec<Finding> {
    let running: BTreeSet<ReleaseId> = deployment.nodes.iter().flat_map(Node::releases).collect();
    running
        .into_iter()
        .filter_map(|release| {
            support_finding(catalog, release, day, NOTICE, &deployment.label(catalog, release))
        })
        .collect()
}
