//! What may happen at the same time while a deployment changes.
//!
//! Owns the limits that a plan is asked to keep, that its file states, and that the judge holds it to.

use std::fmt;

/// How many nodes of one group may be down at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// So many.
    Nodes(usize),
    /// So many of a hundred, at least one node.
    Percent(usize),
}

impl Share {
    /// Reads `2` or `25%`; `None` if it is neither, or nothing at all.
    pub fn parse(text: &str) -> Option<Self> {
        let share = match text.strip_suffix('%') {
            Some(percent) => Self::Percent(percent.parse().ok().filter(|percent| *percent <= 100)?),
            None => Self::Nodes(text.parse().ok()?),
        };
        (share != Self::Nodes(0) && share != Self::Percent(0)).then_some(share)
    }

    /// Returns how many nodes that is in a group of `members` nodes, at least one.
    pub fn of(self, members: usize) -> usize {
        let nodes = match self {
            Self::Nodes(nodes) => nodes,
            Self::Percent(percent) => members.saturating_mul(percent) / 100,
        };
        nodes.max(1)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nodes(nodes) => write!(f, "{nodes}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

/// What may happen at the same time. Stopping everything is beyond these limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many nodes of a group may be down at once.
    pub max_unavailable: Share,
    /// Whether nodes of different zones are never down at once.
    pub per_zone: bool,
    /// How many nodes change alone, before all others.
    pub canary: usize,
}

impl Default for Limits {
    /// One node of a group at once, zones and all groups side by side, nobody first.
    fn default() -> Self {
        Self { max_unavailable: Share::Nodes(1), per_zone: false, canary: 0 }
    }
}
