//! Which set of releases to run, or why there is none.

use crate::catalog::{PackageIx, ReleaseId};
use crate::finding::{Cite, Finding};

/// One release of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The release.
    pub release: ReleaseId,
    /// Whether the user asked for its package.
    pub requested: bool,
    /// The packages of the set that need it.
    pub needed_by: Vec<PackageIx>,
}

/// A valid set: cores, then what was asked for in that order, then what it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The releases.
    pub picks: Vec<Pick>,
    /// What is to be said about them.
    pub findings: Vec<Finding>,
}

/// One of the statements that cannot hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The statement, as a sentence without a full stop.
    pub text: String,
    /// Where it is known from; `None` for what the user asked.
    pub cite: Option<Cite>,
}

/// A change of the request that has a solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What to change.
    pub text: String,
    /// The set that it gives.
    pub picks: Vec<Pick>,
}

/// Why there is no set: dropping any one of the clashing statements would make one possible.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conflict {
    /// The statements.
    pub clashes: Vec<Clash>,
    /// What could be asked instead, smallest change first. Each was solved.
    pub repairs: Vec<Repair>,
    /// What is to be said about the request itself.
    pub findings: Vec<Finding>,
}

/// What a request for a set comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// The best set.
    Found(Selection),
    /// There is none.
    Impossible(Conflict),
    /// The search ran into its budget of steps.
    Unknown {
        /// Steps that were taken.
        steps: u64,
    },
}
