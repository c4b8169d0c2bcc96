//! Moves as steps of single nodes.

use crate::catalog::ReleaseId;
use crate::deployment::Deployment;
use crate::plan::steps::Handover;

/// A step of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeStep {
    /// A node gets other packages.
    Change {
        /// The node.
        node: usize,
        /// The release of the main package.
        to: ReleaseId,
    },
    /// Two nodes exchange their roles.
    Switch(Handover),
}

impl NodeStep {
    /// Returns whether a node is down meanwhile.
    pub(super) fn restarts(self) -> bool {
        matches!(self, Self::Change { .. })
    }

    /// Returns the group that it is done in.
    pub(super) fn group(self, deployment: &Deployment) -> usize {
        match self {
            Self::Change { node, .. } => deployment.nodes[node].group,
            Self::Switch(Handover { group, .. }) => group,
        }
    }
}

/// Steps that belong together: one move, in every group of its bundle.
#[derive(Debug, Clone, Default)]
pub(super) struct Batch {
    /// The steps by group, first to make first.
    pub(super) groups: Vec<(usize, Vec<NodeStep>)>,
    /// Positions of the batches that come first.
    pub(super) needs: Vec<usize>,
}
