//! The releases that a SPEC asks for.

use crate::catalog::{Rank, ReleaseSet};

/// The releases that a SPEC asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SpecWanted {
    /// Any release.
    Any,
    /// One of these.
    Within {
        /// The releases.
        releases: ReleaseSet,
        /// The release whose version the words are.
        named: Option<Rank>,
        /// Whether a bound is a pre-release, so that pre-releases will do.
        early: bool,
    },
    /// Something that cannot be read; this has been said.
    Nonsense,
}

impl SpecWanted {
    pub(super) fn admits(&self, rank: Rank) -> bool {
        match self {
            Self::Any | Self::Nonsense => true,
            Self::Within { releases, .. } => releases.contains(rank),
        }
    }

    /// Returns true if the words are the release's version, so that the user chose it.
    pub(super) fn names(&self, rank: Rank) -> bool {
        match self {
            Self::Any | Self::Nonsense => false,
            Self::Within { releases, named, .. } => {
                *named == Some(rank) && releases.count() == 1 && releases.contains(rank)
            }
        }
    }

    /// Returns true if pre-releases will do. What cannot be read has been said.
    pub(super) fn is_early(&self) -> bool {
        match self {
            Self::Any => false,
            Self::Within { early, .. } => *early,
            Self::Nonsense => true,
        }
    }
}
