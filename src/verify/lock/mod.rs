//! What is wrong with a lock.
//!
//! Every statement of the lock is looked up in the catalog by itself: that the matrices are those it was
//! made from, that each release is there, that each SPEC is granted ([`asked`]), that the releases accept
//! each other and none is there for nothing ([`needs`]), and that the reasons are those that the catalog
//! gives ([`reasons`]). Ranges are read again, so nothing depends on how the set was found.

mod asked;
mod needs;
mod reasons;
mod state;
mod wanted;

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::finding::Finding;
use crate::record::{LockRecord, MatrixRecord};

use state::LockJudge;

/// Judges a lock.
pub(super) fn judge(catalog: &Catalog, lock: &LockRecord, loaded: &[MatrixRecord]) -> Vec<Finding> {
    let mut judge = LockJudge {
        catalog,
        lock,
        members: BTreeMap::new(),
        asked: BTreeMap::new(),
        changed: false,
        findings: Vec::new(),
    };
    judge.matrices(loaded);
    judge.place();
    judge.specs();
    judge.releases();
    judge.needs();
    judge.foundation();
    judge.reasons();
    judge.findings
}
