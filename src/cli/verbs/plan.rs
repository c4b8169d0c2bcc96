//! `plan`: in which steps?

use std::path::Path;

use super::super::args::{AsOf, Common};
use super::super::files::DeploymentFile;
use super::super::output::Answer;
use super::super::{Failure, spec, world};
use super::{day, finish};
use crate::finding::{Finding, Verdict};
use crate::lifecycle::support_finding;
use crate::limits::Limits;
use crate::plan::{Goal, plan};
use crate::report::{Body, Report};

pub(super) fn run(
    common: &Common,
    path: &Path,
    to: &[String],
    risks: &[String],
    allow_downtime: bool,
    as_of: &AsOf,
) -> Result<Answer, Failure> {
    let today = day(as_of.as_of.as_deref())?;
    let file = DeploymentFile::read(path)?;
    let inventory = file.parse()?;
    let catalog = world::for_deployment(common, &inventory, to)?;
    let deployment = inventory.resolve(&catalog);
    let mut targets = Vec::new();
    for text in to {
        targets.push(spec::wish(&catalog, text)?);
    }
    let goal = Goal {
        targets,
        accepted_risks: risks.iter().cloned().collect(),
        allow_downtime,
        limits: Limits::default(),
    };
    let made = plan(&catalog, &deployment, &goal);
    let (verdict, mut findings): (_, Vec<Finding>) = match &made {
        Ok(plan) => (Verdict::Compatible, plan.findings.clone()),
        Err(none) => (Verdict::Incompatible, none.reasons.clone()),
    };
    if let Ok(plan) = &made {
        let ends = plan.targets.iter().filter_map(|&target| {
            support_finding(&catalog, target, today, 0, &catalog.label(target))
        });
        findings.extend(ends);
    }
    let body = Body::Plan {
        deployment: &deployment,
        accepted_risks: risks.to_vec(),
        plan: Box::new(made),
    };
    finish(
        common,
        Report { catalog: &catalog, command: "plan", verdict: Some(verdict), findings, body },
    )
}
