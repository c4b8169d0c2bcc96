//! What a request and the catalog state, cut into pieces that can be left out one by one.
//!
//! An explanation names a few of these pieces. Which of them hold is a [`Scope`]: all of them when a
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

/// Which statements hold.
#[derive(Debug, Clone)]
pub(super) enum Scope {
    /// All of them.
    All,
    /// All of them, and those that lead to a contradiction are wanted.
    Traced,
    /// These alone, and those of them that lead to a contradiction are wanted.
    Only(FxHashSet<Statement>),
}

impl Scope {
    pub(super) fn holds(&self, statement: Statement) -> bool {
        match self {
            Self::All | Self::Traced => true,
            Self::Only(statements) => statements.contains(&statement),
        }
    }

    /// Whether it must be kept apart which statement takes which value away.
    pub(super) fn is_traced(&self) -> bool {
        !matches!(self, Self::All)
    }
}
