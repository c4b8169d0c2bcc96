//! Release trains: the phases of a project's release cycle, and what each branch is for.
//!
//! Owns the tables that a project publishes, as rows. Branches and releases carry the names that the
//! project's own document gives them (`vx.y-codename`); what they are called for a real version
//! follows from a [`TrainName`]. Looking rows up is left to [`crate::train`].

use super::{FactIx, PackageIx, ReleaseSet};
use crate::word::words;

words! {
    /// A release that a change can be for, seen from the newest one.
    pub enum TrainRelease {
        /// The next patch of the newest release.
        Patch "patch",
        /// The next minor release.
        Minor "minor",
        /// The minor release after the next.
        NextMinor "next-minor",
    }
}

words! {
    /// The nature of a change.
    pub enum TrainChange {
        /// A correction.
        Fix "fix",
        /// Something new.
        Feature "feature",
    }
}

/// A branch or release by the name that the project's document gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainName {
    /// The name, such as `vx.<y+1>-codename`.
    pub name: String,
    /// How many release lines it is ahead of that of the newest release.
    pub ahead: usize,
    /// The real name with placeholders: `{version}`, `{line}`, `{next-patch}`, or an attribute of the
    /// line's releases in lower case, such as `{codename}`.
    pub real: String,
}

/// A phase of the cycle.
#[derive(Debug, Clone)]
pub struct TrainPhase {
    /// Its name.
    pub name: String,
    /// Other names of it.
    pub alias: Vec<String>,
    /// What it is, in one sentence.
    pub title: String,
    /// The active branches.
    pub branches: Vec<String>,
    /// Whether it stands beside the cycle, and its branches are those of the lines with long-term support.
    pub long_term: bool,
    /// What a reader must know about it.
    pub note: Option<String>,
    /// Where it is known from.
    pub fact: FactIx,
}

words! {
    /// The way in which the cycle of a kind of extensions hangs on that of the product.
    pub enum TrainCycle {
        /// They live in the product's source tree.
        InTree "in-tree",
        /// They have a cycle of their own.
        Own "own",
        /// Their branches follow those of the product.
        Branches "branches",
    }
}

/// A kind of extensions.
#[derive(Debug, Clone)]
pub struct TrainKind {
    /// Its name.
    pub name: String,
    /// What its cycle hangs on.
    pub cycle: TrainCycle,
    /// What that means.
    pub why: String,
    /// Where it is known from.
    pub fact: FactIx,
}

/// What a row of a table answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrainOutcome {
    /// Yes: these branches, releases or sources.
    These(Vec<String>),
    /// No, and why.
    Refused(String),
}

/// Where a change is merged.
#[derive(Debug, Clone)]
pub struct MergeRow {
    /// The phases it is about.
    pub phases: Vec<String>,
    /// How many active branches the extension has; empty for the product itself.
    pub branches: Vec<u32>,
    /// The changes it is about; empty for all.
    pub changes: Vec<TrainChange>,
    /// The release that the change is for.
    pub release: TrainRelease,
    /// What `main` of the extension targets; empty for anything.
    pub targets: Vec<String>,
    /// The branch, or why not.
    pub outcome: TrainOutcome,
    /// What a reader must know about it.
    pub note: Option<String>,
    /// Where it is known from.
    pub fact: FactIx,
}

/// What a branch of an extension targets.
#[derive(Debug, Clone)]
pub struct TargetRow {
    /// The phases it is about.
    pub phases: Vec<String>,
    /// How many active branches the extension has.
    pub branches: Vec<u32>,
    /// The branch; `None` for any.
    pub branch: Option<String>,
    /// The branches and releases of the product, or why not.
    pub outcome: TrainOutcome,
    /// What a reader must know about it.
    pub note: Option<String>,
    /// Where it is known from.
    pub fact: FactIx,
}

/// Which commit of an extension a release of the product ships.
#[derive(Debug, Clone)]
pub struct ShipRow {
    /// The release.
    pub release: TrainRelease,
    /// How many active branches the extension has.
    pub branches: Vec<u32>,
    /// The branch, or a sentence.
    pub source: String,
    /// What a reader must know about it.
    pub note: Option<String>,
    /// Where it is known from.
    pub fact: FactIx,
}

/// A change of the number of active branches.
#[derive(Debug, Clone)]
pub struct SwitchRow {
    /// How many there are.
    pub from: u32,
    /// How many there will be.
    pub to: u32,
    /// When it may happen; empty for any phase.
    pub phases: Vec<String>,
    /// When that is, in words.
    pub when: String,
    /// What for.
    pub reasons: Vec<String>,
    /// What to do; empty if it happens by itself.
    pub actions: Vec<String>,
    /// What a reader must know about it.
    pub note: Option<String>,
    /// Where it is known from.
    pub fact: FactIx,
}

/// Which extensions every release should come with.
#[derive(Debug, Clone)]
pub struct TrainSet {
    /// The attribute that releases of such extensions carry.
    pub attribute: String,
    /// Its value for those that live in the product's source tree.
    pub in_tree: String,
    /// The releases of the product whose whole list of extensions is known.
    pub listed: ReleaseSet,
    /// Where it is known from.
    pub fact: FactIx,
}

/// The release train of a product.
#[derive(Debug, Clone)]
pub struct Train {
    /// The product.
    pub package: PackageIx,
    /// What branches and releases are called.
    pub names: Vec<TrainName>,
    /// The names of the releases that a change can be for.
    pub releases: Vec<(TrainRelease, String)>,
    /// The phases, in their order.
    pub phases: Vec<TrainPhase>,
    /// The kinds of extensions; the first is taken if nobody says.
    pub kinds: Vec<TrainKind>,
    /// Where changes are merged.
    pub merges: Vec<MergeRow>,
    /// What extensions target.
    pub targets: Vec<TargetRow>,
    /// Which commits ship.
    pub ships: Vec<ShipRow>,
    /// How the number of branches changes.
    pub switches: Vec<SwitchRow>,
    /// What a release should come with.
    pub set: Option<TrainSet>,
    /// Where it is known from.
    pub fact: FactIx,
}

impl Train {
    /// Returns the phase with a name, or another name.
    pub fn phase(&self, name: &str) -> Option<&TrainPhase> {
        self.phases
            .iter()
            .find(|phase| phase.name == name || phase.alias.iter().any(|alias| alias == name))
    }

    /// Returns the branch or release with a name.
    pub fn named(&self, name: &str) -> Option<&TrainName> {
        self.names.iter().find(|known| known.name == name)
    }
}
