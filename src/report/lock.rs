//! The lock file: what was chosen, from which matrices, and why.
//!
//! Nothing in it depends on the day, the machine or the way to a file, so the same world gives the same
//! bytes and a lock that is written again shows a difference only if there is one. Keys are those of
//! `matrix/raw_lock`.

use super::json::{MatrixView, Pairs, pretty, view};
use crate::record::{ConstraintRecord, LockRecord, PackageRecord, RequestRecord};

/// The version of the file format.
const FORMAT: u64 = 1;

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
