//! What a step from one release to another brings.
//!
//! Owns what `diff` shows: the size of the step, what is promised for it, what changes and what becomes of
//! the plugins. It is made by [`crate::diff`]; words, folding and tables are left to the writers.

use super::path::{NoPath, PathAnswer};
use super::support::SupportRow;
use crate::catalog::{InterfaceIx, PackageIx, Promise, Rank, ReleaseId};
use crate::finding::Cite;
use crate::version::Line;

/// How large a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Both ends are one release.
    None,
    /// Between a pre-release and another build of the same numbers.
    Prerelease,
    /// Mends.
    Patch,
    /// Adds.
    Minor,
    /// May change anything.
    Major,
    /// The package began to number its releases in another way in between.
    Scheme,
    /// Another package takes the place of the first.
    Package,
    /// The releases are mere names.
    Names,
}

impl Size {
    /// Returns the word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Prerelease => "prerelease",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Scheme => "scheme",
            Self::Package => "package",
            Self::Names => "names",
        }
    }
}

/// Whether a step leads to a newer release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To a newer one.
    Up,
    /// To an older one.
    Down,
    /// Nowhere.
    Level,
}

impl Direction {
    /// Returns the word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "upgrade",
            Self::Down => "downgrade",
            Self::Level => "none",
        }
    }
}

/// What kind of step it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// How large it is.
    pub size: Size,
    /// Where it leads.
    pub direction: Direction,
    /// By which rule the size was found, in a few words.
    pub rule: &'static str,
}

/// What is promised of one thing for this step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promised {
    /// Position in [`crate::catalog::Catalog::contracts`].
    pub contract: usize,
    /// What the step may do; `None` if the contract does not say.
    pub promise: Option<Promise>,
    /// Where it is known from.
    pub cite: Cite,
}

/// The levels that a release reads or writes on an interface, before and after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    /// Before, as they are stated.
    pub before: Vec<String>,
    /// After.
    pub after: Vec<String>,
    /// Levels that fall away, lowest first.
    pub lost: Vec<String>,
    /// Levels that are new.
    pub gained: Vec<String>,
}

/// How an interface changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Only the newer end is stated to offer it.
    New,
    /// Only the older end is stated to offer it.
    Gone,
    /// Levels are added, none falls away.
    Wider,
    /// Levels fall away, none is added.
    Narrower,
    /// Levels fall away and others are added.
    Moved,
}

impl Change {
    /// Returns the word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Gone => "gone",
            Self::Wider => "wider",
            Self::Narrower => "narrower",
            Self::Moved => "moved",
        }
    }
}

/// An interface whose levels change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceChange {
    /// The interface.
    pub interface: InterfaceIx,
    /// How it changes.
    pub change: Change,
    /// What is accepted.
    pub reads: Levels,
    /// What is produced.
    pub writes: Levels,
    /// Where that is known from, the newer end first.
    pub cites: Vec<Cite>,
}

/// What the two releases ask of another package, where that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedChange {
    /// The package that is asked for.
    pub package: PackageIx,
    /// What the first release asks, if anything.
    pub before: Option<String>,
    /// What the second one asks.
    pub after: Option<String>,
    /// Where the second, or else the first, is known from.
    pub cite: Cite,
}

/// The oldest core that two releases of a plugin go with; `None` where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floors {
    /// The core.
    pub core: PackageIx,
    /// By their own requirements, as these state it: the version need not be listed.
    pub declared: (Option<String>, Option<String>),
    /// Whether the second one is newer than the first.
    pub declared_raised: bool,
    /// With everything that they need.
    pub effective: (Option<Rank>, Option<Rank>),
}

/// Whether a release line of the core keeps the plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFit {
    /// The line.
    pub line: Line,
    /// Whether it is one with long-term support.
    pub lts: bool,
    /// Its newest release with which the first release of the plugin works.
    pub before: Option<Rank>,
    /// Its newest release with which the second one works.
    pub after: Option<Rank>,
    /// Whether nobody knows where nothing is known to work, before and after.
    pub unknown: (bool, bool),
}

/// What becomes of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// No listed release works with the new core.
    Loses,
    /// It is bound to exactly the old core and must be built anew.
    Rebuild,
    /// Another release is needed.
    Moves,
    /// It is not known whether some release works.
    Unknown,
    /// The same release keeps working.
    Keeps,
    /// Something works with the new core, and of the old one nobody knows.
    Works,
    /// Nothing worked with the old core, and something does with the new one.
    Gains,
    /// No listed release works with either.
    Absent,
}

impl Fate {
    /// Returns the word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loses => "loses",
            Self::Rebuild => "rebuild",
            Self::Moves => "moves",
            Self::Unknown => "unknown",
            Self::Keeps => "keeps",
            Self::Works => "works",
            Self::Gains => "gains",
            Self::Absent => "absent",
        }
    }
}

/// What binds a plugin release to its core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binding {
    /// A level of an interface.
    Interface(InterfaceIx),
    /// A range of releases.
    Range,
    /// Nothing of its own.
    Nothing,
}

/// A plugin beside both releases of its core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginStep {
    /// The plugin.
    pub package: PackageIx,
    /// Its release with the first core: what is installed, or the newest that works.
    pub from: Option<Rank>,
    /// Its release with the second core.
    pub to: Option<Rank>,
    /// Whether nobody knows if there is one, though none is listed.
    pub open: bool,
    /// What becomes of it.
    pub fate: Fate,
    /// What binds it: the release after the step, or else the one before.
    pub binding: Binding,
    /// The contracts that it rests on.
    pub contracts: Vec<usize>,
    /// The weakest promise of these for this step.
    pub promise: Option<Promise>,
    /// Why it cannot stay as it is, as a sentence without a full stop.
    pub reason: Option<String>,
}

/// Why there is no way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointOfNoReturn {
    /// The hop that has none.
    pub hop: (ReleaseId, ReleaseId),
    /// Why, as a sentence without a full stop.
    pub why: String,
    /// From which moment on, where a matrix says.
    pub moment: Option<String>,
    /// Where it is known from.
    pub cites: Vec<Cite>,
}

/// What a step brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// Where it starts.
    pub from: ReleaseId,
    /// Where it leads.
    pub to: ReleaseId,
    /// What kind of step it is.
    pub kind: Kind,
    /// What is promised for it.
    pub promises: Vec<Promised>,
    /// The interfaces that change.
    pub interfaces: Vec<InterfaceChange>,
    /// What is asked of other packages, where that changes.
    pub needs: Vec<NeedChange>,
    /// Of a plugin: the oldest core before and after.
    pub floors: Option<Floors>,
    /// Of a plugin: the release lines of the core that it works with.
    pub lines: Vec<LineFit>,
    /// Of a core: its plugins, those with the hardest fate first.
    pub plugins: Vec<PluginStep>,
    /// The support of both lines on the day.
    pub support: (Option<SupportRow>, Option<SupportRow>),
    /// The way there, all risks accepted; `None` if the package is not upgraded by rules.
    pub path: Option<Result<PathAnswer, NoPath>>,
    /// Where there is no way back.
    pub no_return: Vec<PointOfNoReturn>,
}
