//! Moves of nodes that are alike.

use super::profiles::{ProfileIx, Roster, turned};

/// Something done to some nodes of every group of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transition {
    /// Nodes of a profile are restarted with another release.
    Restart {
        from: ProfileIx,
        to: ProfileIx,
        /// The number of nodes in each group.
        many: usize,
    },
    /// A role is handed over: what giver and taker are before, and after.
    Switch { giver: ProfileIx, taker: ProfileIx, given: ProfileIx, taken: ProfileIx },
}

impl Transition {
    /// Returns what a roster is after the move.
    pub(super) fn after(self, roster: &Roster) -> Roster {
        match self {
            Self::Restart { from, to, many } => turned(roster, from, to, many),
            Self::Switch { giver, taker, given, taken } => {
                turned(&turned(roster, giver, given, 1), taker, taken, 1)
            }
        }
    }
}

/// A move of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Act {
    /// Position of the bundle.
    pub(super) bundle: usize,
    pub(super) what: Transition,
    /// True if it is the point of no return or comes after it.
    pub(super) is_final: bool,
}
