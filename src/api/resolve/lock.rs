//! A set written down, with what was asked for and what binds each release.

use crate::answer::selection::Pick;
use crate::catalog::{Catalog, PackageIx};
use crate::record::{ConstraintRecord, LockRecord, MatrixRecord, PackageRecord, RequestRecord};

/// Writes a set down: each release with the SPEC that asks for it, the packages that need it and
/// everything that the set asks of it.
pub fn record(
    catalog: &Catalog,
    picks: &[Pick],
    request: RequestRecord,
    matrices: Vec<MatrixRecord>,
) -> LockRecord {
    let packages = picks.iter().map(|pick| package(catalog, picks, &request.specs, pick)).collect();
    LockRecord { request, matrices, packages }
}

fn package(catalog: &Catalog, picks: &[Pick], specs: &[String], pick: &Pick) -> PackageRecord {
    let name = |package: PackageIx| catalog.package(package).name.clone();
    let own = name(pick.release.0);
    let asks = |spec: &&String| spec.split('@').next() == Some(own.as_str());
    let mut bound_by = Vec::new();
    for constraint in constraints(catalog, picks, pick.release.0) {
        if !bound_by.contains(&constraint) {
            bound_by.push(constraint);
        }
    }
    PackageRecord {
        asked: specs.iter().find(asks).filter(|_| pick.requested).cloned(),
        needed_by: pick.needed_by.iter().map(|&package| name(package)).collect(),
        version: catalog.version(pick.release).to_owned(),
        name: own,
        bound_by,
    }
}

/// Returns what the releases of a set ask of one package of it.
fn constraints<'c>(
    catalog: &'c Catalog,
    picks: &'c [Pick],
    target: PackageIx,
) -> impl Iterator<Item = ConstraintRecord> + 'c {
    picks.iter().flat_map(move |pick| {
        let (package, rank) = pick.release;
        let needs = catalog.package(package).needs(rank).iter();
        needs.filter_map(move |need| {
            let constraint = catalog.constraint(need.constraint);
            let cite = catalog.cite_for(need.fact, Some(pick.release));
            (constraint.target == target).then(|| ConstraintRecord {
                package: catalog.package(package).name.clone(),
                kind: need.kind,
                asks: catalog.asked(constraint),
                declared: constraint.declared.clone(),
                evidence: cite.evidence,
                source: cite.source,
                url: cite.url,
            })
        })
    })
}
