//! Work on data.

use std::collections::BTreeSet;

use super::upgrade::doubted;
use crate::answer::path::{Hop, MigrationNote};
use crate::answer::plan::{Action, Rollback};
use crate::deployment::Deployment;
use crate::plan::gates;
use crate::plan::goal::Task;
use crate::plan::hops::irreversible;
use crate::plan::segment::CheckedStep;

/// Does some work on data that belongs to a hop.
pub(in crate::plan) fn migrate(
    task: &Task<'_>,
    deployment: &Deployment,
    hop: &Hop,
    migration: &MigrationNote,
) -> CheckedStep {
    let rollback = if migration.irreversible {
        Rollback::Impossible("restore the backup that was made before it".to_owned())
    } else {
        doubted(hop.back.clone(), "nothing is known that must be undone".to_owned())
    };
    let action = Action::Migrate {
        name: migration.name.clone(),
        command: migration.command.clone(),
        message: migration.message.clone(),
    };
    let upgrades = task.catalog.upgrades(hop.to.0);
    CheckedStep {
        action,
        allowed_by: BTreeSet::new(),
        gates: gates::after(task, deployment, "migrate", upgrades, &[], hop.to),
        rollback,
        closes: irreversible(hop).filter(|_| migration.irreversible),
        warning: None,
    }
}
