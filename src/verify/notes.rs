//! Notes of a replay on its way: open claims, work on data, pairs that do not work.

use crate::catalog::{MigrationTime, PackageIx, RelationIx, ReleaseId, RoleIx, Within};

/// A claim of a step that did not hold right after it, with the step's nodes.
pub(super) struct OpenClaim {
    pub(super) number: usize,
    pub(super) text: String,
    pub(super) nodes: Vec<usize>,
}

/// Work on data that a step requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwedWork {
    /// The step.
    pub(super) step: usize,
    /// The product.
    pub(super) package: PackageIx,
    /// The migration's name.
    pub(super) name: String,
    /// When it runs.
    pub(super) when: MigrationTime,
}

/// Work on data that the plan does.
#[derive(Debug, Clone)]
pub(super) struct DoneWork {
    /// The step.
    pub(super) step: usize,
    /// The migration's name.
    pub(super) name: String,
    /// The products of which nothing runs then.
    pub(super) stopped: Vec<PackageIx>,
}

/// A relation that does not work between two nodes.
pub(super) type Broken = (RelationIx, usize, usize);

/// A broken relation by what matters about it: the relation, the roles and the releases.
pub(super) type BrokenKey = (RelationIx, Option<RoleIx>, ReleaseId, Option<RoleIx>, ReleaseId);

/// Pairs of nodes that may talk: of one group, and of the deployment.
pub(super) struct Around {
    pub(super) group: Vec<(usize, usize)>,
    pub(super) deployment: Vec<(usize, usize)>,
}

impl Around {
    /// Returns the pairs for relations of some reach. What a node has with itself is no pair.
    pub(super) fn pairs(&self, within: Within) -> &[(usize, usize)] {
        match within {
            Within::Node => &[],
            Within::Group => &self.group,
            Within::Deployment => &self.deployment,
        }
    }
}

/// Where the data of a node come from that goes back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DataBack {
    /// From its own files, or from a node of its group.
    OwnOrOthers,
    /// From its own files: nothing else runs.
    Own,
}
