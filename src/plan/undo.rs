//! Whether and how a step can be undone.

use super::state::State;
use crate::answer::path::{Hop, Note};
use crate::answer::plan::Rollback;
use crate::catalog::{RelationIx, ReleaseId, Use, Within};

/// How to take a node back from `to` to `from`. `past` is the irreversible note that already counts
/// for its group.
pub(super) fn of_upgrade(
    state: &mut State<'_>,
    node: usize,
    from: ReleaseId,
    to: ReleaseId,
    past: Option<&Note>,
) -> Rollback {
    if let Some(note) = past {
        return Rollback::Impossible(note.message.clone());
    }
    let version = state.catalog.label(from);
    if reads_own_files(state, to, from) {
        return Rollback::Possible(format!("restart it with {version}"));
    }
    match source_of_data(state, node, from) {
        Some(source) => Rollback::Possible(format!(
            "empty its data directory, start it with {version} and let it copy from {source}"
        )),
        None => Rollback::Impossible(format!(
            "{version} cannot read the files that {} writes",
            state.catalog.label(to)
        )),
    }
}

/// Whether a release can start on the files of another, as far as relations of a node with itself say.
pub(super) fn reads_own_files(state: &mut State<'_>, writer: ReleaseId, reader: ReleaseId) -> bool {
    let relations: Vec<_> = (0..state.catalog.relations().len())
        .map(RelationIx::new)
        .filter(|&relation| {
            let stated = state.catalog.relation(relation);
            let plays = |release: ReleaseId| {
                stated.from.iter().any(|&role| state.catalog.role(role).runs.contains(&release.0))
            };
            stated.within == Within::Node && plays(writer)
        })
        .collect();
    relations.into_iter().all(|relation| state.works(relation, writer, reader))
}

/// Returns the node from which a node could copy its data with an older release.
fn source_of_data(state: &mut State<'_>, node: usize, release: ReleaseId) -> Option<String> {
    let (role, _) = state.class(node)?;
    let group = state.deployment.nodes[node].group;
    let others: Vec<usize> =
        state.group(group).iter().copied().filter(|&other| other != node).collect();
    for relation in (0..state.catalog.relations().len()).map(RelationIx::new) {
        let stated = state.catalog.relation(relation);
        if stated.within != Within::Group
            || stated.usage != Use::Continuous
            || !stated.to.contains(&role)
        {
            continue;
        }
        for &other in &others {
            let Some((giving, running)) = state.class(other) else {
                continue;
            };
            if state.catalog.relation(relation).from.contains(&giving)
                && state.works(relation, running, release)
            {
                return Some(state.deployment.nodes[other].name.clone());
            }
        }
    }
    None
}

/// Returns the note that makes a hop irreversible.
pub(super) fn irreversible(hop: &Hop) -> Option<Note> {
    let migration = || {
        hop.migrations.iter().find(|migration| migration.irreversible).map(|migration| Note {
            name: migration.name.clone(),
            message: migration.message.clone(),
            url: None,
            moment: None,
            cite: migration.cite.clone(),
        })
    };
    hop.irreversible.first().cloned().or_else(migration)
}
