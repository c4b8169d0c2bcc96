//! What one leg of a plan hands to the next.

use std::collections::BTreeSet;

use super::failover::Failover;
use super::state::State;
use crate::answer::path::Note;
use crate::catalog::Catalog;
use crate::deployment::Deployment;

/// The progress of a plan.
pub(super) struct Progress<'c> {
    pub(super) state: State<'c>,
    /// The number of nodes that have still to change before all others may.
    pub(super) canaries: usize,
    /// True if it was asked to watch them, or nobody is to be watched.
    pub(super) watched: bool,
    /// The nodes whose packages changed.
    pub(super) changed: BTreeSet<usize>,
    /// The number of steps that were planned.
    pub(super) steps: usize,
    /// The note that closed the way back for everybody.
    pub(super) closed: Option<Note>,
    /// The fate of groups whose holder fails on the way.
    pub(super) failover: Failover,
}

impl<'c> Progress<'c> {
    pub(super) fn new(catalog: &'c Catalog, deployment: &Deployment, canaries: usize) -> Self {
        Self {
            state: State::new(catalog, deployment),
            canaries,
            watched: canaries == 0,
            changed: BTreeSet::new(),
            steps: 0,
            closed: None,
            failover: Failover::default(),
        }
    }
}
