//! The change of a plugin alone.

use std::collections::BTreeSet;

use super::upgrade::doubted;
use crate::answer::plan::{Action, Rollback};
use crate::catalog::ReleaseId;
use crate::deployment::Change;
use crate::finding::{Finding, Severity};
use crate::graph::hop;
use crate::plan::gates;
use crate::plan::goal::Task;
use crate::plan::products::policy;
use crate::plan::refusal::Refusal;
use crate::plan::segment::CheckedStep;
use crate::plan::sets::SetsAfter;
use crate::plan::state::State;
use crate::skew::requirements;

/// Changes a plugin of a node alone, and first what the new release needs beside it.
pub(in crate::plan) fn install(
    task: &Task<'_>,
    state: &mut State<'_>,
    node: usize,
    to: ReleaseId,
    sets: &SetsAfter,
) -> Result<Vec<CheckedStep>, Refusal> {
    let before = &state.fleet.node(node).packages;
    let changed = sets[&to][before].iter().map(|(&package, &rank)| (package, rank));
    let changed = changed.filter(|(package, rank)| before.get(package) != Some(rank));
    let (own, beside): (Vec<_>, Vec<_>) = changed.partition(|&(package, _)| package == to.0);
    beside.into_iter().chain(own).map(|release| install_one(task, state, node, release)).collect()
}

fn install_one(
    task: &Task<'_>,
    state: &mut State<'_>,
    node: usize,
    to: ReleaseId,
) -> Result<CheckedStep, Refusal> {
    let (catalog, label) = (task.catalog, task.catalog.label(to));
    let from = state.fleet.node(node).running(to.0);
    state.fleet.apply(&[Change::Set { node, release: to }]);
    Refusal::unless_empty(broken(state, node))?;
    let when = format!("after {} runs {label}", state.fleet.name(node));
    let allowed_by = state.enter(&[node], &when)?;
    let rollback = match from {
        Some(from) => {
            let back = hop(catalog, from, to, state.fleet.deployment.features).back;
            doubted(back, format!("install {} again", catalog.label(from)))
        }
        None => Rollback::Possible(format!("remove {label}")),
    };
    let policy = policy(catalog, to.0);
    let gates = gates::after(task, &state.fleet.deployment, "install", policy, &[node], to);
    let action = Action::Install { node, from, to };
    Ok(CheckedStep { action, allowed_by, gates, rollback, closes: None, warning: None })
}

/// Returns the requirements of a node's packages that do not hold.
fn broken(state: &State<'_>, node: usize) -> Vec<Finding> {
    let packages = &state.fleet.node(node).packages;
    let stated = packages.keys().copied().collect();
    let found = requirements(state.fleet.catalog, packages, &BTreeSet::new(), &stated).into_iter();
    let errors = found.filter(|finding| finding.severity == Severity::Error);
    let name = state.fleet.name(node);
    errors.map(|finding| Finding { subject: name.to_owned(), ..finding }).collect()
}
