//! How long release lines are supported, as seen on one day.
//!
//! Owns the rows that `support` shows. They are made by [`crate::lifecycle`]; choosing words and
//! columns is left to the writers.

use jiff::civil::Date;

use crate::catalog::{PackageIx, Rank, Until};
use crate::finding::Cite;
use crate::version::{Line, Step};

/// Where a release line stands on the day asked about, first the phases in their usual order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Fixes and small additions are made.
    Active,
    /// Long-term support.
    Lts,
    /// Supported under a name of the matrix's own, which the phase's span holds.
    Supported,
    /// Fixes are made.
    Maintenance,
    /// Only security fixes are made.
    ExtendedSecurity,
    /// A newer line took its place, which ended its support.
    Superseded,
    /// All support has ended.
    EndOfLife,
    /// No stable release is out yet, but an earlier form of one is.
    PreRelease,
    /// Nothing of it is out yet.
    NotReleased,
    /// Every release was withdrawn.
    Withdrawn,
    /// No fact says.
    Unknown,
}

impl Phase {
    /// Returns the lower-case word used in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Lts => "lts",
            Self::Supported => "supported",
            Self::Maintenance => "maintenance",
            Self::ExtendedSecurity => "extended-security",
            Self::Superseded => "superseded",
            Self::EndOfLife => "end-of-life",
            Self::PreRelease => "pre-release",
            Self::NotReleased => "not-released",
            Self::Withdrawn => "withdrawn",
            Self::Unknown => "unknown",
        }
    }
}

/// How a phase ends, and how that is known. Last days are part of the phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// On a stated day or in a stated month.
    Stated(Until),
    /// On a day that follows from a rule of the policy.
    Computed {
        /// The last day.
        date: Date,
        /// The rule, such as `3 years from first release`.
        rule: String,
    },
    /// When the next line comes out: that line and its day, if they are known.
    Superseded {
        /// The first newer line and the day of its first stable release.
        by: Option<(Line, Date)>,
    },
    /// The phase runs, or will, and no end was announced.
    Open,
    /// Whether there is such a phase, or when it ends, is not known yet.
    NotKnown {
        /// Why, such as `decided once the next major is out`.
        reason: String,
        /// The last day that the policy would give.
        would_be: Option<Date>,
    },
}

/// One phase of a line's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseSpan {
    /// The name that the matrix gives it.
    pub phase: String,
    /// First day, if known.
    pub from: Option<Date>,
    /// How it ends.
    pub end: End,
    /// Where that is known from.
    pub source: String,
}

/// What is known of one release line on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportRow {
    /// The package.
    pub package: PackageIx,
    /// The line.
    pub line: Line,
    /// The one release of the line that the row is about, which was withdrawn; `None` for the whole line.
    pub release: Option<Rank>,
    /// Whether it is named as a line with long-term support.
    pub lts: bool,
    /// Day of its first stable release, which may be yet to come.
    pub released: Option<Date>,
    /// Its newest usable release that is out on the day. Of what is not released, the newest that there is.
    pub newest: Rank,
    /// Where it stands.
    pub phase: Phase,
    /// Its phases, in order of time.
    pub phases: Vec<PhaseSpan>,
    /// The last known end of all support; `None` if none is known or a phase is open.
    pub ends: Option<Until>,
    /// The end of the phase that runs; `None` if no phase runs or its end is not known.
    pub phase_ends: Option<Until>,
    /// Days from the day asked about to `phase_ends`.
    pub days_left: Option<i64>,
    /// What gives the dates: the source that states them or the rule they follow from.
    pub basis: String,
    /// The facts behind it, in order of the phases.
    pub cites: Vec<Cite>,
}

/// A release for which its project named a day, and which is not known to be out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The package.
    pub package: PackageIx,
    /// The version.
    pub version: String,
    /// Its line.
    pub line: Line,
    /// The day.
    pub day: Date,
    /// Where it is known from.
    pub cite: Cite,
}

/// A release that its project's rhythm lets expect; nobody announced it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The package.
    pub package: PackageIx,
    /// The size of the release.
    pub release: Step,
    /// The day.
    pub day: Date,
    /// For patches: the lines that get one.
    pub lines: Vec<Line>,
    /// The line or release that is counted from, and the day it came out.
    pub after: Option<(Line, Date)>,
    /// The last day that the rhythm gave before, for which no release is known.
    pub missed: Option<Date>,
    /// The rhythm in words.
    pub rule: String,
    /// Where it is known from.
    pub cite: Cite,
}

/// A stated date that the policy contradicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// Position of the window in its lifecycle.
    pub window: usize,
    /// What both say, as a sentence without a full stop.
    pub message: String,
    /// Whether the window says why.
    pub explained: bool,
}
