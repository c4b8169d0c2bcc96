//! What is asked of a plan.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, ReleaseId};
use crate::limits::Limits;
use crate::resolve::Requirement;

/// The goal of a plan, and what may be done to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// Requirements for what runs in the end; the newest release that fits is taken.
    pub targets: Vec<Requirement>,
    /// Names of risks that are accepted.
    pub accepted_risks: BTreeSet<String>,
    /// True if everything may be stopped although the product could roll.
    pub allow_downtime: bool,
    /// The limits on what happens at the same time.
    pub limits: Limits,
}

/// A goal whose targets are chosen: what every stage of a plan is about.
pub(super) struct Task<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) goal: &'c Goal,
    /// The releases to reach, in the order in which they are.
    pub(super) targets: Vec<ReleaseId>,
    /// The same as requirements for sets of packages.
    pub(super) requirements: Vec<Requirement>,
}

impl<'c> Task<'c> {
    pub(super) fn new(catalog: &'c Catalog, goal: &'c Goal, targets: Vec<ReleaseId>) -> Self {
        let exactly = |&(package, rank): &ReleaseId| Requirement::exactly(catalog, package, rank);
        let requirements = targets.iter().map(exactly).collect();
        Self { catalog, goal, targets, requirements }
    }
}
