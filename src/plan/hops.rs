//! Hops between releases, as they are taken by several nodes together.

use std::collections::BTreeSet;

use super::goal::Task;
use super::products::sources;
use super::refusal::Refusal;
use crate::answer::path::{Hop, Note};
use crate::catalog::{MigrationTime, Procedure, ReleaseId, RoleIx};
use crate::deployment::{Deployment, Node};
use crate::graph::upgrade_path_of;

/// Returns the hops between two releases. If everything is to be stopped all nodes go together, within the
/// limits of all their roles.
pub(super) fn between(
    task: &Task<'_>,
    deployment: &Deployment,
    from: ReleaseId,
    to: ReleaseId,
) -> Result<Vec<Hop>, Refusal> {
    let goal = task.goal;
    let sources = sources(task.catalog, to.0);
    let runs = |node: &&Node| sources.iter().any(|source| node.packages.contains_key(source));
    let together = deployment.nodes.iter().filter(|_| goal.allow_downtime).filter(runs);
    let roles: BTreeSet<RoleIx> = together.filter_map(|node| node.role).collect();
    let roles: Vec<_> = roles.into_iter().collect();
    let (features, risks) = (deployment.features, &goal.accepted_risks);
    match upgrade_path_of(task.catalog, from, to, &roles, features, risks) {
        Ok(path) => Ok(path.hops),
        Err(none) => Err(Refusal::Said(none.reasons)),
    }
}

/// Returns whether a hop is made node by node with nothing around it that all take part in.
pub(super) fn is_plain(hop: &Hop) -> bool {
    hop.procedure == Procedure::Rolling && hop.migrations.is_empty() && hop.stops.is_empty()
}

/// Makes a hop stop everything if work on data is done while nothing runs.
pub(super) fn stop_for_migrations(hop: &mut Hop) {
    let stopped = hop.migrations.iter().find(|migration| migration.when == MigrationTime::Stopped);
    if let Some(migration) = stopped.filter(|_| hop.procedure == Procedure::Rolling) {
        let why = format!("{} is done while nothing runs", migration.name);
        hop.procedure_why = Some((why, migration.cite.clone()));
        hop.procedure = Procedure::StopAll;
    }
}

/// Adds what is known of another way to the same release.
pub(super) fn absorb(hop: &mut Hop, own: Hop) {
    if own.procedure > hop.procedure {
        (hop.procedure, hop.procedure_why) = (own.procedure, own.procedure_why);
    }
    add_notes(&mut hop.risks, own.risks);
    add_notes(&mut hop.irreversible, own.irreversible);
    add_notes(&mut hop.advice, own.advice);
    add_notes(&mut hop.stops, own.stops);
    for migration in own.migrations {
        if hop.migrations.iter().all(|known| known.name != migration.name) {
            hop.migrations.push(migration);
        }
    }
}

/// Adds the notes that are not there yet.
fn add_notes(notes: &mut Vec<Note>, more: Vec<Note>) {
    for note in more {
        if notes.iter().all(|known| known.name != note.name) {
            notes.push(note);
        }
    }
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
