//! Answers about release trains.
//!
//! Owns what `train` shows. Branches and releases carry the name of the project's document and, where
//! a real release was named, the name that it has for that one.

use crate::catalog::{FactIx, PackageIx, Rank, ReleaseId};
use crate::finding::Cite;

/// A branch, a release or a source of truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainWord {
    /// As the project's document writes it.
    pub written: String,
    /// What it is called for the release that was named.
    pub real: Option<String>,
}

impl TrainWord {
    /// Returns the name to show: the real one where it is known.
    pub fn shown(&self) -> &str {
        self.real.as_deref().unwrap_or(&self.written)
    }
}

/// What kind of answer a question wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainAsks {
    /// Whether something may be done.
    May,
    /// Which branch, release or commit it is.
    Which,
}

/// The answer to a question about branches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainAnswer {
    /// The product.
    pub package: PackageIx,
    /// The release whose branches are named, if one was.
    pub at: Option<Rank>,
    /// What was asked, in a few words.
    pub question: String,
    /// What kind of answer that wants.
    pub asks: TrainAsks,
    /// Whether it is allowed; `None` if nothing is said about it.
    pub allowed: Option<bool>,
    /// The branch of the change, of the extension, or to be made.
    pub branch: Option<TrainWord>,
    /// What is targeted: releases or branches of the product, any of which will do.
    pub target: Vec<TrainWord>,
    /// The source of truth of what ships.
    pub source: Option<TrainWord>,
    /// What to do, in order.
    pub actions: Vec<String>,
    /// What else a reader must know.
    pub notes: Vec<String>,
    /// Why, or why not.
    pub reason: Option<String>,
    /// Where it is known from.
    pub cites: Vec<Cite>,
}

/// A phase and its active branches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseRow {
    /// Its name.
    pub name: String,
    /// Other names of it.
    pub alias: Vec<String>,
    /// What it is.
    pub title: String,
    /// The active branches.
    pub branches: Vec<TrainWord>,
    /// What a reader must know about it.
    pub note: Option<String>,
    /// Where it is known from.
    pub cite: Cite,
}

/// The phases of a train.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainPhases {
    /// The product.
    pub package: PackageIx,
    /// The release whose branches are named, if one was.
    pub at: Option<Rank>,
    /// The phases, in their order.
    pub rows: Vec<PhaseRow>,
}

/// Whether a release has an extension, first what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readiness {
    /// There is a build for it.
    Built,
    /// It has none, and loads an older build on a stable interface.
    Loads,
    /// It has none, and older builds do not load in it.
    Held,
    /// It has none, and its whole list is known: the extension is no longer in the set.
    Left,
    /// It has none, and builds may exist that are not listed.
    Unknown,
}

impl Readiness {
    /// Returns the word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Built => "built",
            Self::Loads => "loads",
            Self::Held => "held",
            Self::Left => "left",
            Self::Unknown => "unknown",
        }
    }
}

/// What changed for an extension since the release before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// It is new in the set.
    Joined,
    /// It is no longer in the set.
    Left,
    /// It went out of the product's source tree.
    OutOfTree,
    /// It came into the product's source tree.
    InTree,
}

impl Move {
    /// Returns the word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Left => "left",
            Self::OutOfTree => "out-of-tree",
            Self::InTree => "in-tree",
        }
    }
}

/// One extension of the set that every release should come with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyRow {
    /// The extension.
    pub package: PackageIx,
    /// Whether the release has it.
    pub state: Readiness,
    /// The build that was looked at: that for the release, or the newest before it.
    pub build: Option<Rank>,
    /// The interface that the build uses: its name and how stable it is.
    pub interface: Option<(String, &'static str)>,
    /// What changed since the release before.
    pub moved: Option<Move>,
    /// Where the build is known from.
    pub fact: Option<FactIx>,
}

/// Whether a release comes with the complete set of extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyAnswer {
    /// The release.
    pub release: ReleaseId,
    /// The release before that is no younger, and of which builds are known.
    pub before: Option<Rank>,
    /// Whether it is complete; `None` if that is not known.
    pub complete: Option<bool>,
    /// The extensions by name.
    pub rows: Vec<ReadyRow>,
}

/// The answer to a question about a release train.
#[derive(Debug)]
pub enum TrainReport {
    /// Its phases.
    Phases(TrainPhases),
    /// A question about branches.
    Answer(Box<TrainAnswer>),
    /// Whether a release is complete.
    Ready(ReadyAnswer),
}
