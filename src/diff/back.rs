//! Where there is no way back.
//!
//! Two things tell: what the upgrade rules call irreversible, and the files on disk, which the older release
//! must be able to read.

use crate::answer::diff::{Direction, Kind, PointOfNoReturn};
use crate::answer::path::{Hop, NoPath, PathAnswer};
use crate::catalog::{Catalog, RelationIx, ReleaseId, Within};
use crate::finding::{Severity, Verdict};
use crate::skew::{Moment, judge};

use super::request::DiffRequest;

/// Returns the points after which there is no way back, in order of the way.
pub(super) fn no_return(
    catalog: &Catalog,
    asked: &DiffRequest,
    path: Option<&Result<PathAnswer, NoPath>>,
    kind: &Kind,
) -> Vec<PointOfNoReturn> {
    let hops = path.and_then(|path| path.as_ref().ok()).map(|path| path.hops.as_slice());
    let mut found: Vec<_> = hops.unwrap_or_default().iter().flat_map(on_hop).collect();
    if kind.direction == Direction::Up {
        found.extend(files(catalog, asked));
    }
    found
}

fn on_hop(hop: &Hop) -> Vec<PointOfNoReturn> {
    let ends = (hop.from, hop.to);
    let notes = hop.irreversible.iter().map(|note| PointOfNoReturn {
        hop: ends,
        why: note.message.clone(),
        moment: note.moment.clone(),
        cites: vec![note.cite.clone()],
    });
    let migrations = hop.migrations.iter().filter(|migration| migration.irreversible);
    let migrations = migrations.map(|migration| PointOfNoReturn {
        hop: ends,
        why: format!("the migration `{}` cannot be undone: {}", migration.name, migration.message),
        moment: None,
        cites: vec![migration.cite.clone()],
    });
    notes.chain(migrations).collect()
}

/// Returns what the older release does not read of what the newer one leaves behind on a node.
fn files(catalog: &Catalog, asked: &DiffRequest) -> Vec<PointOfNoReturn> {
    let relations = (0..catalog.relations().len()).map(RelationIx::new);
    let own = relations.filter(|&relation| is_own(catalog, relation, asked.to));
    let mut points = Vec::new();
    for relation in own {
        let back = judge(catalog, relation, asked.to, asked.from, asked.features, Moment::Steady);
        if back.verdict != Verdict::Incompatible {
            continue;
        }
        let broken = back.findings.into_iter().filter(|one| one.severity == Severity::Error);
        points.extend(broken.map(|one| PointOfNoReturn {
            hop: (asked.from, asked.to),
            why: one.message,
            moment: None,
            cites: one.cites,
        }));
    }
    points
}

/// Returns whether a relation is between a node and its own earlier release.
fn is_own(catalog: &Catalog, relation: RelationIx, release: ReleaseId) -> bool {
    let stated = catalog.relation(relation);
    let runs = stated.from.iter().any(|&role| catalog.role(role).runs.contains(&release.0));
    stated.within == Within::Node && runs
}
