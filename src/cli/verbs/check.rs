//! `check`: is what I run compatible?

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::super::args::{AsOf, Common};
use super::super::files::DeploymentFile;
use super::super::output::Printed;
use super::super::{Failure, world};
use super::{day, finish, verdict_of};
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, ReleaseId};
use crate::deployment::{Deployment, Node};
use crate::finding::Finding;
use crate::lifecycle::{required, support_finding};
use crate::skew::{Moment, check};
use jiff::civil::Date;

/// How many days before the end of support `check` speaks of it.
const NOTICE: i64 = 90;

/// How to judge.
pub(super) struct Asked {
    /// As a state in the middle of an upgrade.
    pub(super) rolling: bool,
    /// Running past the end of support is an error.
    pub(super) require_supported: bool,
}

pub(super) fn run(
    common: &Common,
    path: &Path,
    asked: &Asked,
    as_of: &AsOf,
) -> Result<Printed, Failure> {
    let today = day(as_of.as_of.as_deref())?;
    let file = DeploymentFile::read(path)?;
    let inventory = file.parse()?;
    let catalog = world::for_deployment(common, &inventory, &[])?;
    let deployment = inventory.resolve(&catalog);
    let moment = if asked.rolling { Moment::Rolling } else { Moment::Steady };
    let mut findings = check(&catalog, &deployment, moment);
    let ends = support(&catalog, &deployment, today);
    findings.extend(ends);
    if asked.require_supported {
        findings = required(findings);
    }
    let verdict = Some(verdict_of(&findings));
    let subject = match deployment.nodes.len() {
        1 => format!("{}, 1 node", deployment.name),
        count => format!("{}, {count} nodes", deployment.name),
    };
    finish(
        common,
        Answer {
            catalog: Arc::new(catalog),
            command: "check",
            verdict,
            findings,
            body: Body::Findings { subject },
        },
    )
}

/// Says what runs past, or nears, the end of its support.
fn support(catalog: &Catalog, deployment: &Deployment, today: Date) -> Vec<Finding> {
    let running: BTreeSet<ReleaseId> = deployment.nodes.iter().flat_map(Node::releases).collect();
    running
        .into_iter()
        .filter_map(|release| {
            support_finding(catalog, release, today, NOTICE, &deployment.label(catalog, release))
        })
        .collect()
}
