//! `verify`: is a plan or a lock right?

use std::path::Path;
use std::sync::Arc;

use super::super::args::Common;
use super::super::files::{self, DeploymentFile};
use super::super::names::split;
use super::super::output::Printed;
use super::super::{Failure, world};
use super::{finish, verdict_of};
use crate::answer::{Answer, Body};
use crate::finding::Verdict;
use crate::matrix::{Input, LockFile, PLAN_LIMIT, Written, read_plan, written};
use crate::verify::{verify, verify_lock};

pub(super) fn run(
    common: &Common,
    path: &Path,
    against: Option<&Path>,
) -> Result<Printed, Failure> {
    let bytes = files::read(path, PLAN_LIMIT)?;
    let name = files::name(path);
    let input = Input { name: &name, bytes: &bytes };
    match (written(&bytes), against) {
        (Written::Lock | Written::Unclear, None) => lock(common, input),
        (Written::Plan | Written::Unclear, Some(against)) => plan(common, input, against),
        (Written::Lock, Some(_)) => {
            Err(Failure::new(format!("{name} is a lock, which belongs to no deployment"))
                .hint("leave out --against; `skew check` judges a deployment"))
        }
        (Written::Plan, None) => Err(Failure::new(format!(
            "{name} is a plan, which is judged with the deployment that it was made for"
        ))
        .hint("add --against DEPLOYMENT")),
    }
}

fn plan(common: &Common, input: Input<'_>, against: &Path) -> Result<Printed, Failure> {
    let record = read_plan(input)?;
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
        Answer {
            catalog: Arc::new(catalog),
            command: "verify",
            verdict: Some(verdict),
            findings,
            body: Body::Findings { subject },
        },
    )
}

fn lock(common: &Common, input: Input<'_>) -> Result<Printed, Failure> {
    let file = LockFile::parse(input)?;
    let record = file.record();
    // The same versions are added to the matrices as when the lock was made.
    let running =
        record.request.installed.iter().map(|(name, version)| format!("{name}@{version}"));
    let specs: Vec<String> = record.request.specs.iter().cloned().chain(running).collect();
    let names = record.packages.iter().map(|package| package.name.as_str());
    let (catalog, files) = world::for_lock(common, specs.iter().map(String::as_str), names)?;
    file.check_matrices(&catalog)?;
    let findings = verify_lock(&catalog, &record, &files.records(&catalog));
    let count = record.packages.len();
    let packages = if count == 1 { "package" } else { "packages" };
    let asked: Vec<_> = record.request.specs.iter().map(|spec| split(spec).0).collect();
    let subject = format!("{count} {packages} for {}", asked.join(", "));
    finish(
        common,
        Answer {
            catalog: Arc::new(catalog),
            command: "verify",
            verdict: Some(verdict_of(&findings)),
            findings,
            body: Body::Findings { subject },
        },
    )
}
