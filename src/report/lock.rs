//! The lock file: what was chosen, from which matrices, and why.
//!
//! Nothing in it depends on the day, the machine or the way to a file, so the same world gives the same
//! bytes and a lock that is written again shows a difference only if there is one. Keys are those of
//! `matrix/raw_lock`.

use super::json::{Pairs, pretty, view};
use crate::answer::selection::Pick;
use crate::catalog::{Catalog, PackageIx};
use crate::record::{ConstraintRecord, LockRecord, MatrixRecord, PackageRecord, RequestRecord};

/// The version of the file format.
const FORMAT: u64 = 1;

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

view! {
    /// The request.
    RequestView<'a>(request: &'a RequestRecord) {
        specs: &'a [String] = &request.specs,
        prefer: &'a str = &request.prefer,
        #[serde(skip_serializing_if = "Option::is_none")]
        as_of: Option<&'a str> = request.as_of.as_deref(),
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        installed: Pairs<'a> = request.installed.iter()
            .map(|(name, version)| (name.as_str(), version.as_str())).collect(),
    }
}

view! {
    /// A matrix that was used.
    MatrixView<'a>(matrix: &'a MatrixRecord) {
        name: &'a str = &matrix.name,
        #[serde(skip_serializing_if = "Option::is_none")]
        as_of: Option<&'a str> = matrix.as_of.as_deref(),
        sha256: &'a str = &matrix.sha256,
    }
}

view! {
    /// Why a package is in the set.
    ReasonView<'a>(package: &'a PackageRecord) {
        #[serde(skip_serializing_if = "Option::is_none")]
        asked: Option<&'a str> = package.asked.as_deref(),
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        needed_by: &'a [String] = &package.needed_by,
    }
}

view! {
    /// A constraint that the set puts on a package.
    ConstraintView<'a>(constraint: &'a ConstraintRecord) {
        package: &'a str = &constraint.package,
        kind: &'static str = constraint.kind.name(),
        asks: &'a str = &constraint.asks,
        #[serde(skip_serializing_if = "Option::is_none")]
        declared: Option<&'a str> = constraint.declared.as_deref(),
        evidence: &'static str = constraint.evidence.name(),
        source: &'a str = &constraint.source,
        #[serde(skip_serializing_if = "Option::is_none")]
        url: Option<&'a str> = constraint.url.as_deref(),
    }
}

view! {
    /// A package of the set.
    LockedView<'a>(package: &'a PackageRecord) {
        name: &'a str = &package.name,
        version: &'a str = &package.version,
        reason: ReasonView<'a> = ReasonView::new(package),
        #[serde(skip_serializing_if = "Vec::is_empty")]
        bound_by: Vec<ConstraintView<'a>> = package.bound_by.iter().map(ConstraintView::new).collect(),
    }
}

view! {
    /// A lock file.
    LockView<'a>(lock: &'a LockRecord) {
        format: u64 = FORMAT,
        kind: &'static str = "lock",
        request: RequestView<'a> = RequestView::new(&lock.request),
        matrices: Vec<MatrixView<'a>> = lock.matrices.iter().map(MatrixView::new).collect(),
        packages: Vec<LockedView<'a>> = lock.packages.iter().map(LockedView::new).collect(),
    }
}

/// Prints a lock, with a line feed at the end.
pub fn text(lock: &LockRecord) -> String {
    pretty(&LockView::new(lock))
}
