//! What a request and the catalog state, cut into pieces that can be left out one by one.
//!
//! An explanation names a few of these pieces. Which of them hold is a [`StatementScope`]: all of them when a
//! set is wanted, only some when it is to be found out which of them matter.

use rustc_hash::FxHashSet;

use crate::catalog::PackageIx;

/// One piece of what is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Statement {
    /// A requirement as a whole, by its position: its package must be there.
    Requirement(usize),
    /// That a requirement, by its position, names releases.
    Restriction(usize),
    /// That of a package only those releases are chosen that may be chosen unasked.
    Unasked(PackageIx),
    /// What all releases of the first package ask of the second.
    Needs(PackageIx, PackageIx),
    /// That releases of a package are chosen only beside the core that their family gives them.
    Pin(PackageIx),
}

impl Statement {
    /// Returns the statement and what it says nothing without: a requirement that does not hold names
    /// nothing.
    pub(super) fn named(self) -> impl Iterator<Item = Self> {
        let requirement = match self {
            Self::Restriction(at) => Some(Self::Requirement(at)),
            Self::Requirement(_) | Self::Unasked(_) | Self::Needs(..) | Self::Pin(_) => None,
        };
        std::iter::once(self).chain(requirement)
    }
}

/// The statements that hold.
#[derive(Debug, Clone)]
pub(super) enum StatementScope {
    /// All of them.
    All,
    /// All of them, and those that lead to a contradiction are wanted.
    Traced,
    /// These alone, and those of them that lead to a contradiction are wanted.
    Only(FxHashSet<Statement>),
}

impl StatementScope {
    pub(super) fn holds(&self, statement: Statement) -> bool {
        match self {
            Self::All | Self::Traced => true,
            Self::Only(statements) => statements.contains(&statement),
        }
    }

    /// Returns true if it must be kept apart which statement takes which value away.
    pub(super) fn is_traced(&self) -> bool {
        !matches!(self, Self::All)
    }
}
