//! The releases that a SPEC asks for.

use crate::catalog::{Rank, ReleaseSet};

/// The releases that a SPEC asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SpecWanted {
    /// Any release.
    Any,
    /// One of these.
    Within(ReleaseSet),
    /// Something that cannot be read; this has been said.
    Nonsense,
}

impl SpecWanted {
    pub(super) fn admits(&self, rank: Rank) -> bool {
        match self {
            Self::Any | Self::Nonsense => true,
            Self::Within(releases) => releases.contains(rank),
        }
    }

    /// Returns true if the release is the only one that will do, so that the user chose it.
    pub(super) fn names(&self, rank: Rank) -> bool {
        match self {
            Self::Any | Self::Nonsense => false,
            Self::Within(releases) => releases.count() == 1 && releases.contains(rank),
        }
    }
}
