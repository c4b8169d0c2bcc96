//! The change of a node's packages.

use crate::answer::plan::Action;
use crate::catalog::ReleaseId;
use crate::deployment::Change;
use crate::finding::{Check, Finding, Severity};
use crate::plan::fleet::Fleet;
use crate::plan::products::moves_from;
use crate::plan::refusal::Refusal;
use crate::plan::sets::SetsAfter;
use crate::plan::state::State;
use crate::plan::way_back::{self, DataSource, StartMode};

/// Changes a node's packages and returns the action that does it, and what its main package was.
pub(in crate::plan) fn change(
    fleet: &mut Fleet<'_>,
    node: usize,
    to: ReleaseId,
    sets: &SetsAfter,
) -> (Action, ReleaseId) {
    let from = moves_from(fleet.catalog, fleet.node(node), to);
    let before = &fleet.node(node).packages;
    let mut changes = Vec::new();
    let mut with = Vec::new();
    if from.0 != to.0 {
        changes.push(Change::Remove { node, package: from.0 });
    }
    for (&package, &rank) in &sets[&to][before] {
        let old = before.get(&package).copied();
        if old != Some(rank) {
            changes.push(Change::Set { node, release: (package, rank) });
            if package != to.0 {
                with.push((old.map(|old| (package, old)), (package, rank)));
            }
        }
    }
    fleet.apply(&changes);
    (Action::Upgrade { node, from, to, with }, from)
}

/// Refuses a release that cannot start on what the one before left on the node, and says where the
/// node must be filled again.
pub(super) fn starts(
    state: &mut State<'_>,
    node: usize,
    from: ReleaseId,
    to: ReleaseId,
    source: DataSource,
) -> Result<Option<Finding>, Refusal> {
    let mode = way_back::start(state, node, from, to, source);
    let (label, name) = (state.fleet.catalog.label(to), state.fleet.name(node));
    match mode {
        StartMode::AsItIs => Ok(None),
        StartMode::Filled(source) => {
            let message = format!(
                "{name} cannot start on its files with {label}: empty its data directory first, it copies from {source}"
            );
            Ok(Some(Finding::new(Check::RelationRisk, Severity::Warning, name, message)))
        }
        StartMode::Never(mut reasons) => {
            for reason in &mut reasons {
                reason.message = format!("when {name} starts with {label}: {}", reason.message);
            }
            Err(Refusal::Said(reasons))
        }
    }
}
