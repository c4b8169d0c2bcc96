//! Which set of releases to run, or why there is none.

use jiff::civil::Date;

use crate::catalog::{PackageIx, Rank, ReleaseId};
use crate::finding::{Cite, Finding};
use crate::record::LockRecord;

/// One release of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The release.
    pub release: ReleaseId,
    /// Whether the user asked for its package.
    pub requested: bool,
    /// The packages of the set that need it.
    pub needed_by: Vec<PackageIx>,
}

/// A valid set: cores, then what was asked for in that order, then what it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The releases.
    pub picks: Vec<Pick>,
    /// What is to be said about them.
    pub findings: Vec<Finding>,
}

/// One of the statements that cannot hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The statement, as a sentence without a full stop.
    pub text: String,
    /// Where it is known from; `None` for what the user asked.
    pub cite: Option<Cite>,
}

/// A change of the request that has a solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What to change.
    pub text: String,
    /// The set that it gives.
    pub picks: Vec<Pick>,
}

/// Why there is no set: dropping any one of the clashing statements would make one possible.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conflict {
    /// The statements.
    pub clashes: Vec<Clash>,
    /// What could be asked instead, smallest change first. Each was solved.
    pub repairs: Vec<Repair>,
    /// What is to be said about the request itself.
    pub findings: Vec<Finding>,
}

/// A fact that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The package that it would be about.
    pub package: PackageIx,
    /// What is not known, as a sentence without a full stop.
    pub text: String,
}

/// A set that works only if facts that nobody states say so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undecided {
    /// The set, as far as its releases are known.
    pub picks: Vec<Pick>,
    /// The facts that are missing.
    pub missing: Vec<Missing>,
    /// What could be asked instead, smallest change first. Each is known to work.
    pub repairs: Vec<Repair>,
    /// What is to be said about the request itself.
    pub findings: Vec<Finding>,
}

/// What a request for a set comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// The best set.
    Found(Selection),
    /// No set is known to work, and facts do not exclude every one.
    Undecided(Undecided),
    /// There is none.
    Impossible(Conflict),
    /// The search ran into its budget of steps.
    Unknown {
        /// Steps that were taken.
        steps: u64,
    },
}

/// How many sets a request has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The number, in decimal digits.
    pub number: String,
    /// Whether this is the number, and not only a number that it is not below.
    pub exact: bool,
}

/// Why a list of sets ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// There is no other set.
    Complete,
    /// No more were asked for.
    Limit,
    /// The search ran into its budget of steps.
    Budget,
}

/// The best sets, the best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sets {
    /// The sets.
    pub sets: Vec<Selection>,
    /// Why there are no more.
    pub end: End,
}

/// The answer for one release of a core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreAnswer {
    /// The release of the core.
    pub core: ReleaseId,
    /// What the request comes to with it.
    pub outcome: SetOutcome,
}

/// What a request comes to, without reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetOutcome {
    /// The best set, in the order in which it is decided.
    Set(Vec<ReleaseId>),
    /// No set is known to work, but this one is not excluded by facts.
    Open(Vec<ReleaseId>),
    /// There is none.
    Impossible,
    /// The search ran into its budget of steps.
    Unknown,
}

/// Why one package of a set has the release that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The release that was chosen.
    pub chosen: ReleaseId,
    /// The releases that the request would have preferred, the best first.
    pub better: Vec<ReleaseId>,
    /// Why none of these goes with what was decided before: statements that clash.
    pub clashes: Vec<Clash>,
    /// Newer releases that are not chosen unasked, and why: withdrawn, not stable, past their end.
    pub barred: Vec<(ReleaseId, String)>,
}

/// Why a release of a set, with what the clash alone does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What was found out.
    pub why: Why,
    /// Why there is no clash, as a sentence without a full stop; `None` where there is one.
    pub remark: Option<String>,
}

/// What becomes of one package where something runs already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The package.
    pub package: PackageIx,
    /// The release that runs.
    pub from: Option<Rank>,
    /// The release of the set.
    pub to: Option<Rank>,
}

impl Move {
    /// Returns the word used in output.
    pub fn word(self) -> &'static str {
        match (self.from, self.to) {
            (None, _) => "new",
            (Some(_), None) => "gone",
            (Some(from), Some(to)) if from == to => "kept",
            (Some(from), Some(to)) if from < to => "up",
            (Some(_), Some(_)) => "down",
        }
    }
}

/// The answer to a request for one set, with what was asked about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The day that was judged by.
    pub as_of: Date,
    /// The set, or why there is none.
    pub resolution: Resolution,
    /// Why packages of the set have their releases.
    pub whys: Vec<Explained>,
    /// What becomes of what runs, with what is new; empty if nobody said what runs, or if there is no set.
    pub moves: Vec<Move>,
    /// The set as it is written down, if there is one.
    pub lock: Option<LockRecord>,
}

/// The answer to a request for all sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllSets {
    /// The day that was judged by.
    pub as_of: Date,
    /// What was found.
    pub outcome: SetsOutcome,
}

/// Which sets a request has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetsOutcome {
    /// There are sets.
    Found {
        /// How many.
        count: Count,
        /// The best of them; `None` if only their number was asked for.
        best: Option<Sets>,
    },
    /// No set is known to work, and facts do not exclude every one.
    Undecided(Undecided),
    /// There is none.
    Impossible(Conflict),
    /// The search ran into its budget of steps.
    Unknown {
        /// Steps that were taken.
        steps: u64,
    },
}
