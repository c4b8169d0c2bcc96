//! `check`: is what runs compatible?

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, PackageIx, ReleaseId};
use crate::deployment::{Deployment, Node};
use crate::evidence::formats::guess;
use crate::failure::Failure;
use crate::finding::{Check, Code, Finding, Verdict};
use crate::input::Input;
use crate::knowledge::{KnowledgeBase, Topic};
use crate::lifecycle::{required, support_finding};
use crate::matrix::Inventory;
use crate::query::CheckQuery;
use crate::skew::{Moment, check};
use crate::suspicion::suspicions;

/// How many days before the end of support it is spoken of.
const NOTICE: i64 = 90;

pub(super) fn answer(base: &KnowledgeBase, query: &CheckQuery) -> Result<Answer, Failure> {
    let inventory = Inventory::parse(query.deployment.input())
        .map_err(|problems| other_kind(query.deployment.input()).unwrap_or(problems.into()))?;
    let catalog = base.load(&Topic::of_deployment(&inventory, &[]))?;
    let deployment = inventory.resolve(&catalog);
    let moment = if query.rolling { Moment::Rolling } else { Moment::Steady };
    let mut findings = check(&catalog, &deployment, moment);
    findings.extend(support(&catalog, &deployment, query.day));
    if query.require_supported {
        findings = required(findings);
    }
    findings.extend(smelly(&catalog, &deployment));
    let subject = subject(&deployment);
    let body = Body::Findings { subject };
    Ok(Answer::new(catalog, "check", Some(Verdict::Compatible), findings, body))
}

/// Says that a file is an inventory of another kind, and which verb reads it.
fn other_kind(input: Input<'_>) -> Option<Failure> {
    let format = guess(&input)?;
    let (name, kind) = (input.name, format.name);
    let failure = Failure::new(format!("{name} looks like {kind} and is no deployment file"));
    Some(failure.hint(format!("`skew import {kind} {name}` makes one of it")))
}

/// Says what was checked, and how much no fact speaks of.
fn subject(deployment: &Deployment) -> String {
    let nodes = match deployment.nodes.len() {
        1 => format!("{}, 1 node", deployment.name),
        count => format!("{}, {count} nodes", deployment.name),
    };
    match deployment.unjudged {
        0 => nodes,
        1 => format!("{nodes}, 1 package not judged"),
        count => format!("{nodes}, {count} packages not judged"),
    }
}

/// Says what smells of the sets that run: members off their family or never published, and parts of years ago.
fn smelly(catalog: &Catalog, deployment: &Deployment) -> Vec<Finding> {
    let mut sets: BTreeMap<Vec<ReleaseId>, Vec<&str>> = BTreeMap::new();
    for node in &deployment.nodes {
        sets.entry(node.releases().collect()).or_default().push(&node.name);
    }
    let told = [
        Check::FamilyMismatch,
        Check::FamilyUnpublished,
        Check::PickOutdated,
        Check::RuntimeUntested,
    ];
    let mut findings = Vec::new();
    for (set, nodes) in sets {
        let runs: Vec<PackageIx> = set.iter().map(|(package, _)| *package).collect();
        let found = suspicions(catalog, &set, &runs).into_iter();
        for mut finding in found.filter(|one| told.iter().any(|it| one.code == Code::Check(*it))) {
            finding.subject = match nodes.len() {
                1 => nodes[0].to_owned(),
                count => format!("{} and {} more", nodes[0], count - 1),
            };
            findings.push(finding);
        }
    }
    findings
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
