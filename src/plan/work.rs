//! The work on data that belongs to a hop.

use super::goal::Task;
use super::progress::Progress;
use super::segment::Segment;
use super::steps;
use crate::answer::path::Hop;
use crate::catalog::MigrationTime;

/// Does the work on data that belongs to some time of a hop, a wave each.
pub(super) fn work(
    task: &Task<'_>,
    progress: &mut Progress<'_>,
    hop: &Hop,
    when: MigrationTime,
    segment: &mut Segment,
) {
    for migration in hop.migrations.iter().filter(|migration| migration.when == when) {
        let deployment = &progress.state.fleet.deployment;
        let step = steps::migrate(task, deployment, hop, migration);
        if step.closes.is_some() {
            progress.closed.clone_from(&step.closes);
        }
        segment.push(0, step);
        segment.wave += 1;
    }
}
