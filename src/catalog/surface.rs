//! Interfaces with their levels, and the relations in which they matter.
//!
//! All levels that a matrix mentions for an interface are sorted once; engines see positions in
//! that order. What a release writes and reads are lists of level spans with feature conditions.

use super::{
    Expect, FactIx, FeatureIx, FeatureSet, InterfaceIx, PackageIx, Rank, RelationIx, ReleaseSet,
    RoleIx,
};
use crate::finding::{Bites, Severity, Verdict};
use crate::version::Step;
use crate::word::words;

words! {
    /// The degree to which an interface's levels may be relied on.
    pub enum Stability {
        /// Old levels keep working.
        Stable "stable",
        /// Exactly one level works.
        Unstable "unstable",
        /// Released with the core, in lockstep.
        InTree "in-tree",
        /// May change in any release.
        Experimental "experimental",
    }
}

/// A span of levels that counts while a condition on features holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelSpan {
    /// First level, as a position in the interface's order.
    pub low: u32,
    /// Last level.
    pub high: u32,
    /// All of these must be in use.
    pub when: FeatureSet,
    /// None of these may be in use.
    pub unless: FeatureSet,
}

impl LevelSpan {
    /// Whether the span counts with these features in use.
    pub fn counts(&self, features: FeatureSet) -> bool {
        features.includes(self.when) && !features.meets(self.unless)
    }
}

/// What one release writes and reads on one interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The levels it can produce.
    pub writes: Vec<LevelSpan>,
    /// The levels it accepts.
    pub reads: Vec<LevelSpan>,
    /// Where that is known from.
    pub fact: FactIx,
}

/// A named surface with levels.
#[derive(Debug, Clone)]
pub struct Interface {
    /// Its name.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// How far its levels may be relied on.
    pub stability: Stability,
    /// The contract that covers it.
    pub contract: Option<String>,
    /// Texts of the levels, lowest first.
    pub levels: Vec<String>,
    /// Where it is known from.
    pub fact: FactIx,
    /// For each offering package, one entry per rank.
    pub(crate) offers: Vec<(PackageIx, Vec<Option<Offer>>)>,
}

impl Interface {
    /// Returns what a release offers on this interface, `None` if no fact says.
    pub fn offer(&self, package: PackageIx, rank: Rank) -> Option<&Offer> {
        let (_, ranks) = self.offers.iter().find(|(offering, _)| *offering == package)?;
        ranks[rank.ix()].as_ref()
    }

    /// Returns the packages that offer the interface.
    pub fn hosts(&self) -> impl Iterator<Item = PackageIx> + '_ {
        self.offers.iter().map(|(package, _)| *package)
    }

    /// Returns the text of a level.
    pub fn level(&self, position: u32) -> &str {
        self.levels.get(position as usize).map_or("?", String::as_str)
    }
}

/// A thing in use that changes what is compatible.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Where it exists.
    pub since: Vec<(PackageIx, ReleaseSet)>,
    /// How to find out whether it is in use.
    pub detect: Option<Probe>,
    /// Where it is known from.
    pub fact: FactIx,
}

/// A question to a running system and the answer that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probe {
    /// What to run.
    pub command: String,
    /// Which part of the answer to look at.
    pub field: Option<String>,
    /// What it must be.
    pub expect: Expect,
}

/// Something the project promises about a part of itself.
#[derive(Debug, Clone)]
pub struct Contract {
    /// Its name.
    pub name: String,
    /// The package that promises.
    pub package: PackageIx,
    /// One line for people.
    pub title: String,
    /// What a patch, a minor and a major step may do to it.
    pub steps: Vec<(Step, Promise)>,
    /// Whose steps these are.
    pub binds: Binds,
    /// Where it is known from.
    pub fact: FactIx,
}

impl Contract {
    /// Returns what a step of this size may do, if the project says.
    pub fn promise(&self, step: Step) -> Option<Promise> {
        self.steps.iter().find(|(size, _)| *size == step).map(|(_, promise)| *promise)
    }
}

words! {
    /// A promise on what a step may do to the subject of a contract, the strongest first.
    pub enum Promise {
        /// Nothing breaks.
        Kept "kept",
        /// Only what is newly opted into can break.
        OptIn "opt-in",
        /// It may break.
        MayBreak "may-break",
    }
}

words! {
    /// The packages whose steps a contract speaks of.
    pub enum Binds {
        /// Those of the package that promises.
        Package "package",
        /// Those of each of its plugins.
        Plugins "plugins",
    }
}

/// A promise that plugin releases rely on.
#[derive(Debug, Clone)]
pub struct Reliance {
    /// The plugin.
    pub package: PackageIx,
    /// Its releases.
    pub releases: ReleaseSet,
    /// Position of the contract in [`super::Catalog::contracts`].
    pub contract: usize,
    /// Where it is known from.
    pub fact: FactIx,
}

/// A part that nodes play.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// One line for people.
    pub title: Option<String>,
    /// The packages that play it.
    pub runs: Vec<PackageIx>,
    /// Fewest nodes of it in a group.
    pub min: Option<u32>,
    /// Most nodes of it in a group.
    pub max: Option<u32>,
    /// Whether a group must keep one to be written to.
    pub writable: bool,
    /// Whether its nodes vote, so that only one may be away at a time.
    pub quorum: bool,
    /// Whether a node without a role has this one.
    pub default: bool,
    /// Other words for it, by which inventories are read.
    pub known_as: Vec<String>,
    /// Where it is known from.
    pub fact: FactIx,
}

words! {
    /// The nodes that a relation is between.
    pub enum Within {
        /// A node and its own earlier release.
        Node "node",
        /// Nodes of one group.
        Group "group",
        /// All nodes of the deployment.
        Deployment "deployment",
    }
}

words! {
    /// The time at which a relation is exercised.
    pub enum Use {
        /// All the time.
        Continuous "continuous",
        /// Only when somebody asks for it.
        OnDemand "on-demand",
    }
}

/// An interface on which a relation depends, and what is seen when it breaks.
#[derive(Debug, Clone)]
pub struct RelationInterface {
    /// The interface.
    pub interface: InterfaceIx,
    /// What the operator sees.
    pub breaks: String,
    /// When it shows.
    pub bites: Bites,
}

/// A pair of releases for which levels do not tell the whole story.
#[derive(Debug, Clone)]
pub struct Exception {
    /// Its name.
    pub name: Option<String>,
    /// Releases on the giving side.
    pub from: Vec<(PackageIx, ReleaseSet)>,
    /// Releases on the taking side.
    pub to: Vec<(PackageIx, ReleaseSet)>,
    /// All of these must be in use.
    pub when: FeatureSet,
    /// None of these may be in use.
    pub unless: FeatureSet,
    /// What follows.
    pub verdict: Verdict,
    /// How bad it is.
    pub severity: Severity,
    /// What the operator sees.
    pub breaks: String,
    /// When it shows.
    pub bites: Bites,
    /// Where it is known from.
    pub fact: FactIx,
}

/// Who talks to whom.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its name.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Roles on the giving side.
    pub from: Vec<RoleIx>,
    /// Roles on the taking side.
    pub to: Vec<RoleIx>,
    /// Which nodes it is between.
    pub within: Within,
    /// When it is exercised.
    pub usage: Use,
    /// What it depends on.
    pub interfaces: Vec<RelationInterface>,
    /// What levels do not say.
    pub exceptions: Vec<Exception>,
    /// Where it is known from.
    pub fact: FactIx,
}

words! {
    /// The states in which a skew rule is applied.
    pub enum Applies {
        /// In every state.
        Always "always",
        /// Only in states meant to last.
        Steady "steady",
        /// Only while an upgrade is under way.
        Rolling "rolling",
    }
}

/// How far two sides may be apart. Distances count release lines of the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkewBound {
    /// The giving side may be at most so many lines newer than the taking side.
    FromAhead(u32),
    /// The taking side may be at most so many lines newer than the giving side.
    ToAhead(u32),
    /// Both must be in one line.
    Same,
}

/// A rule on how far two sides of a relation may be apart.
#[derive(Debug, Clone)]
pub struct SkewRule {
    /// Its stable code.
    pub code: String,
    /// The relation it is about.
    pub relation: RelationIx,
    /// The rule as it was written.
    pub text: String,
    /// What may differ by how much.
    pub bound: SkewBound,
    /// The unit of distance.
    pub unit: Step,
    /// How bad a violation is.
    pub severity: Severity,
    /// When it is applied.
    pub applies: Applies,
    /// What to say.
    pub message: String,
    /// Where it is known from.
    pub fact: FactIx,
}

/// Returns the set of these features.
pub fn feature_set(features: impl IntoIterator<Item = FeatureIx>) -> FeatureSet {
    let mut set = FeatureSet::default();
    for feature in features {
        set.insert(feature);
    }
    set
}
