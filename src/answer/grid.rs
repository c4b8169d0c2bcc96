//! Which releases of plugins work with which releases of a core.
//!
//! Owns the table that `grid` shows. It is made by [`crate::grid`]; pages, columns and words are left
//! to the writers.

use crate::catalog::{PackageIx, Rank};

/// A table of plugins by releases of their core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The core.
    pub core: PackageIx,
    /// Its releases, newest first.
    pub columns: Vec<Column>,
    /// The plugins, in the order asked for or by name.
    pub rows: Vec<GridRow>,
}

/// A release of the core, or a release line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The releases, newest first.
    pub releases: Vec<Rank>,
    /// How it is headed: the release line, or the version.
    pub head: String,
}

/// A plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRow {
    /// The plugin.
    pub package: PackageIx,
    /// One cell per column.
    pub cells: Vec<Cell>,
}

/// What a plugin has for a release of the core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// The newest release that works, with everything that it needs.
    Works {
        /// The release of the plugin.
        release: Rank,
        /// The newest release of the column with which one works.
        core: Rank,
        /// Whether it was hardly meant for this core, though nothing that is stated forbids it.
        suspect: bool,
    },
    /// No listed release works; why, if that was asked for.
    Never(Option<String>),
    /// No listed release is known to work, but the facts do not say of all that might; what is known, if that
    /// was asked for.
    Silent(Option<String>),
    /// The search ran into its budget of steps.
    OutOfBudget,
}

impl Cell {
    /// Returns why nothing works, if that was asked for.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Never(reason) | Self::Silent(reason) => reason.as_deref(),
            Self::Works { .. } | Self::OutOfBudget => None,
        }
    }

    /// Returns the word used in output.
    pub fn state(&self) -> &'static str {
        match self {
            Self::Works { .. } => "works",
            Self::Never(_) => "never",
            Self::Silent(_) => "unknown",
            Self::OutOfBudget => "out-of-budget",
        }
    }
}
