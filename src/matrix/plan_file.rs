//! Plan files, as `plan --format json` writes them.
//!
//! Owns the part of the file that the judge looks at. Other keys are left alone, so that a plan may
//! be annotated.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::diagnose::parse_simple;
use super::file::check_text;
use super::text::Text;
use crate::catalog::{Expect, Probe};
use crate::finding::Severity;
use crate::input::{Input, described};
use crate::limits::{Limits, Share};
use crate::problem::{Problem, ProblemCode, Problems, shown};
use crate::record::{GateRecord, PlanRecord, StepRecord};

/// The largest plan file that is read, in bytes: 256 MiB.
pub const PLAN_LIMIT: usize = 256 << 20;

/// What to do if a file is no plan.
const HINT: &str = "a plan is what `skew plan --format json` writes";

/// What every output of this program begins with.
#[derive(Debug, Deserialize)]
struct PlanHeader<'a> {
    #[serde(borrow)]
    format_version: Text<'a>,
    #[serde(borrow)]
    command: Text<'a>,
}

/// An upgrade plan.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct PlanFile {
    /// Version of the output format.
    #[serde(rename = "format_version")]
    _format_version: String,
    /// `plan`.
    #[serde(rename = "command")]
    _command: String,
    /// What must run in the end.
    #[serde(default)]
    targets: Vec<Target>,
    /// Names of risks that were accepted.
    #[serde(default)]
    accepted_risks: Vec<String>,
    /// What may happen at the same time.
    #[serde(default)]
    limits: LimitsFile,
    /// What must hold before the first step.
    #[serde(default)]
    preflight: Vec<GateFile>,
    /// The step from which there is no way back.
    point_of_no_return: Option<NoReturnFile>,
    /// The steps in order.
    steps: Vec<StepFile>,
    /// The schema of this file, for editors.
    #[serde(rename = "$schema")]
    _schema: Option<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct NoReturnFile {
    /// Its number.
    step: usize,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RollbackFile {
    /// Whether the step can be undone; `null` if nobody knows.
    possible: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Target {
    /// The package.
    package: String,
    /// Its version.
    version: String,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct LimitsFile {
    /// How many nodes of a group may be down at once: a number, or a share such as `25%`.
    max_unavailable: Option<ShareFile>,
    /// Whether nodes of different zones are never down at once.
    #[serde(default)]
    per_zone: bool,
    /// How many nodes change alone, before all others.
    #[serde(default)]
    canary: usize,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
enum ShareFile {
    /// So many nodes.
    Nodes(usize),
    /// A share of the group's nodes, such as `25%`.
    Percent(String),
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct StepFile {
    /// `upgrade`, `install`, `switch`, `stop`, `start` or `migrate`.
    action: String,
    /// Steps with the same number are done at the same time.
    wave: Option<usize>,
    /// The node it is done to.
    node: Option<String>,
    /// The package that changes.
    package: Option<String>,
    /// The version before.
    from: Option<String>,
    /// The version after.
    to: Option<String>,
    /// The package that is replaced, if it is another one.
    from_package: Option<String>,
    /// Packages that change in the same restart.
    #[serde(default)]
    with: Vec<WithFile>,
    /// The group of a switch.
    group: Option<String>,
    /// The node that gives its role up.
    from_node: Option<String>,
    /// The node that takes it over.
    to_node: Option<String>,
    /// The migration's name.
    name: Option<String>,
    /// What the migration runs.
    command: Option<String>,
    /// How the step is undone.
    rollback: Option<RollbackFile>,
    /// Relations and rules that hold afterwards.
    #[serde(default)]
    allowed_by: Vec<String>,
    /// What must hold before the next step.
    #[serde(default)]
    gates: Vec<GateFile>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct WithFile {
    /// The package.
    package: String,
    /// The version before.
    from: Option<String>,
    /// The version after.
    to: String,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct GateFile {
    /// The gate's name.
    name: String,
    /// The nodes to ask; all if left out.
    #[serde(default)]
    nodes: Vec<String>,
    /// What to run.
    command: Option<String>,
    /// Which part of the answer to look at.
    field: Option<String>,
    /// What it must be.
    expect: Option<String>,
    /// Whether people decide.
    #[serde(default)]
    by_hand: bool,
    /// It is asked only of nodes that give this answer.
    only_if: Option<ProbeFile>,
    /// Nodes, and the node that each is compared with.
    #[serde(default)]
    others: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ProbeFile {
    /// What to run.
    command: String,
    /// Which part of the answer to look at.
    field: Option<String>,
    /// What it must be.
    expect: String,
}

/// Reads a plan file.
///
/// # Errors
///
/// Returns what is wrong with the file's shape.
pub fn read_plan(input: Input<'_>) -> Result<PlanRecord, Problems> {
    let refuse = |problem: Problem| described(&[input], vec![problem]);
    let text = check_text(input.bytes, PLAN_LIMIT).map_err(refuse)?;
    check_header(text).map_err(|problem| {
        refuse(Problem { hint: problem.hint.or_else(|| Some(HINT.to_owned())), ..problem })
    })?;
    let file: PlanFile = parse_simple(text).map_err(refuse)?;
    Ok(PlanRecord {
        targets: file.targets.into_iter().map(|target| (target.package, target.version)).collect(),
        accepted_risks: file.accepted_risks,
        limits: limits(&file.limits).map_err(refuse)?,
        preflight: gates(file.preflight).map_err(refuse)?,
        no_return: file.point_of_no_return.map(|point| point.step),
        steps: file.steps.into_iter().map(record).collect::<Result<_, _>>().map_err(refuse)?,
    })
}

/// Checks that the file is the output of `plan` before its parts are missed one by one.
fn check_header(text: &str) -> Result<(), Problem> {
    let header: PlanHeader<'_> = parse_simple(text)?;
    let (span, message) = if &*header.command != "plan" {
        let found = shown(&header.command);
        let message = format!("expected the output of `plan`, found that of `{found}`");
        (header.command.span(text), message)
    } else if !header.format_version.starts_with("1.") {
        let found = shown(&header.format_version);
        let message = format!("expected format version 1, found `{found}`");
        (header.format_version.span(text), message)
    } else {
        return Ok(());
    };
    Err(Problem {
        code: ProblemCode::Format,
        severity: Severity::Error,
        file: 0,
        span,
        message,
        hint: None,
    })
}

/// Lowers the stated limits. What is left out has the default.
fn limits(file: &LimitsFile) -> Result<Limits, Problem> {
    let max_unavailable = match &file.max_unavailable {
        None => Limits::default().max_unavailable,
        Some(ShareFile::Nodes(nodes)) => Share::Nodes(*nodes),
        Some(ShareFile::Percent(text)) => Share::parse(text).ok_or_else(|| Problem {
            code: ProblemCode::Format,
            severity: Severity::Error,
            file: 0,
            span: None,
            message: format!("expected a share such as `25%`, found `{}`", shown(text)),
            hint: None,
        })?,
    };
    Ok(Limits { max_unavailable, per_zone: file.per_zone, canary: file.canary })
}

fn record(step: StepFile) -> Result<StepRecord, Problem> {
    Ok(StepRecord {
        action: step.action,
        wave: step.wave,
        node: step.node,
        package: step.package,
        from: step.from,
        to: step.to,
        from_package: step.from_package,
        with: step.with.into_iter().map(|with| (with.package, with.from, with.to)).collect(),
        group: step.group,
        from_node: step.from_node,
        to_node: step.to_node,
        name: step.name,
        command: step.command,
        undoable: step.rollback.and_then(|rollback| rollback.possible),
        allowed_by: step.allowed_by,
        gates: gates(step.gates)?,
    })
}

fn gates(files: Vec<GateFile>) -> Result<Vec<GateRecord>, Problem> {
    files.into_iter().map(gate).collect()
}

fn gate(file: GateFile) -> Result<GateRecord, Problem> {
    let probe = match (file.command, file.expect) {
        (Some(command), Some(expect)) => {
            let expect =
                if file.by_hand { Expect::ByHand(expect) } else { wanted(&file.name, &expect)? };
            Some(Probe { command, field: file.field, expect })
        }
        (Some(_), None) | (None, _) => None,
    };
    let only_if = file.only_if.map(|condition| {
        let expect = wanted(&file.name, &condition.expect)?;
        Ok(Probe { command: condition.command, field: condition.field, expect })
    });
    let only_if = only_if.transpose()?;
    Ok(GateRecord { name: file.name, nodes: file.nodes, only_if, probe, others: file.others })
}

fn wanted(gate: &str, text: &str) -> Result<Expect, Problem> {
    Expect::parse(text).map_err(|error| {
        let message = format!("the gate `{}`: {error}", shown(gate));
        let hint = error.hint.map(ToOwned::to_owned);
        Problem { hint, ..Problem::of_file(ProblemCode::Rule, message) }
    })
}
