//! `verify`: is a plan right?

use std::path::Path;

use super::super::args::Common;
use super::super::files::{self, DeploymentFile};
use super::super::output::Answer;
use super::super::{Failure, world};
use super::finish;
use crate::finding::Verdict;
use crate::matrix::{Input, PLAN_LIMIT, read_plan};
use crate::report::{Body, Report};
use crate::verify::verify;

pub(super) fn run(common: &Common, plan: &Path, against: &Path) -> Result<Answer, Failure> {
    let plan_bytes = files::read(plan, PLAN_LIMIT)?;
    let plan_name = files::name(plan);
    let record = read_plan(Input { name: &plan_name, bytes: &plan_bytes })?;
    let file = DeploymentFile::read(against)?;
    let inventory = file.parse()?;
    let specs: Vec<String> = record
        .releases()
        .into_iter()
        .map(|(package, version)| format!("{package}@{version}"))
        .collect();
    let catalog = world::for_deployment(common, &inventory, &specs)?;
    let deployment = inventory.resolve(&catalog);
    let findings = verify(&catalog, &deployment, &record);
    let verdict = if findings.is_empty() { Verdict::Compatible } else { Verdict::Incompatible };
    let subject = format!("{} steps for {}", record.steps.len(), deployment.name);
    finish(
        common,
        Report {
            catalog: &catalog,
            command: "verify",
            verdict: Some(verdict),
            findings,
            body: Body::Findings { subject },
        },
    )
}
