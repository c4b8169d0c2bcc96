//! Questions: plain values that hold all that an answer depends on.
//!
//! A query names its day, holds its files as bytes, and knows nothing of paths, clocks and terminals. It is
//! written and read as JSON by [`QueryFile`], and answered by [`crate::api::ask`].

mod declare;
mod document;
mod form;
mod inventory;
mod schema;
mod train;

use declare::query;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::input::File;
use crate::limits::Share;
use crate::spec::Spec;

pub use document::{FORMAT_VERSION, QUERY_LIMIT, QueryFile};
pub use inventory::{ImportQuery, ImportedFile, InspectQuery, InspectedFile, Placement, Read};
pub use train::{ChangeKind, TrainParty, TrainQuery, TrainQuestion, TrainTarget};

/// One question that can be answered without a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Query {
    /// Is what runs compatible?
    Check(CheckQuery),
    /// May one release give to another?
    Pair(PairQuery),
    /// Which set should run, and why?
    Resolve(ResolveQuery),
    /// Which sets are there?
    Sets(SetsQuery),
    /// Which plugin releases work with which core releases?
    Grid(GridQuery),
    /// What does a step from one release to another bring?
    Diff(DiffQuery),
    /// Over which versions does one get from here to there?
    Path(PathQuery),
    /// In which steps?
    Plan(PlanQuery),
    /// Is a plan or a lock right?
    Verify(VerifyQuery),
    /// What is this file, and what takes it?
    Inspect(InspectQuery),
    /// What is there, by saved inventories?
    Import(ImportQuery),
    /// Which branch of a release train?
    Train(TrainQuery),
    /// What is supported on a day?
    Support(SupportQuery),
    /// What is known?
    List(ListQuery),
    /// What is wrong with a matrix?
    Lint(LintQuery),
    /// A drawing of what is known.
    Graph(GraphQuery),
}

impl Query {
    /// Returns the word for the question, which is that of the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Check(_) => "check",
            Self::Pair(_) => "pair",
            Self::Resolve(_) => "resolve",
            Self::Sets(_) => "sets",
            Self::Grid(_) => "grid",
            Self::Diff(_) => "diff",
            Self::Path(_) => "path",
            Self::Plan(_) => "plan",
            Self::Verify(_) => "verify",
            Self::Inspect(_) => "inspect",
            Self::Import(_) => "import",
            Self::Train(_) => "train",
            Self::Support(_) => "support",
            Self::List(_) => "list",
            Self::Lint(_) => "lint",
            Self::Graph(_) => "graph",
        }
    }
}

query! {
    /// A deployment to be judged.
    pub struct CheckQuery {
        /// The deployment file.
        pub deployment: File,
        /// True to judge it as a state in the middle of an upgrade.
        #[serde(default)]
        pub rolling: bool,
        /// True if running past the end of support is an error.
        #[serde(default)]
        pub require_supported: bool,
        /// The day to judge by.
        #[cfg_attr(test, schemars(with = "String"))]
        pub day: Date,
    }
}

query! {
    /// One directed pair of releases.
    pub struct PairQuery {
        /// The relation, such as `replicates`.
        pub relation: String,
        /// The giving side.
        pub from: Spec,
        /// The taking side.
        pub to: Spec,
        /// The features in use.
        #[serde(default)]
        pub features: Vec<String>,
    }
}

/// The order in which valid sets are better.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Preference {
    /// Newer releases, the first SPEC first.
    #[default]
    Newest,
    /// Older releases.
    Oldest,
    /// Fewer changes of what runs, then newer releases.
    Installed,
    /// Releases of supported long-term lines, then newer ones.
    Lts,
}

impl Preference {
    /// Returns the word used in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Installed => "installed",
            Self::Lts => "lts",
        }
    }
}

query! {
    /// A set to be chosen.
    pub struct ResolveQuery {
        /// The packages that must be in it, most important first.
        pub specs: Vec<Spec>,
        /// The day to judge by.
        #[cfg_attr(test, schemars(with = "String"))]
        pub day: Date,
        /// True if somebody chose the day; a lock states only such a day.
        #[serde(default)]
        pub day_is_chosen: bool,
        /// The order of sets.
        #[serde(default)]
        pub prefer: Preference,
        /// A lock or deployment file of what runs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub installed: Option<File>,
        /// Packages of the set whose choice is to be explained.
        #[serde(default)]
        pub why: Vec<String>,
        /// The number of steps that the search may take; a default one if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub budget: Option<u64>,
    }
}

/// How much of an answer about sets is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// The number of sets alone, with the whole budget.
    Count,
    /// At most so many sets, the best first.
    Best(u32),
}

impl Default for Extent {
    /// As many as fit a screen.
    fn default() -> Self {
        Self::Best(10)
    }
}

query! {
    /// Sets to be listed or counted.
    pub struct SetsQuery {
        /// The packages that must be in them, most important first.
        pub specs: Vec<Spec>,
        /// The day to judge by.
        #[cfg_attr(test, schemars(with = "String"))]
        pub day: Date,
        /// The order of sets; not `installed`.
        #[serde(default)]
        pub prefer: Preference,
        /// How much is wanted.
        #[serde(default)]
        pub extent: Extent,
        /// The number of steps that the search may take; a default one if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub budget: Option<u64>,
    }
}

query! {
    /// A table of plugins by releases of their core.
    pub struct GridQuery {
        /// The core, perhaps with a range of its releases.
        pub core: Spec,
        /// The plugins; all of the core if empty.
        #[serde(default)]
        pub plugins: Vec<Spec>,
        /// True for every release of the core, false for the newest of each minor line.
        #[serde(default)]
        pub patches: bool,
        /// The platform that sets are asked for with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub platform: Option<String>,
        /// True to leave out what is past the end of its support on the day.
        #[serde(default)]
        pub only_supported: bool,
        /// True to say why no release works.
        #[serde(default)]
        pub why: bool,
        /// The day to judge by.
        #[cfg_attr(test, schemars(with = "String"))]
        pub day: Date,
    }
}

query! {
    /// A step between two releases.
    pub struct DiffQuery {
        /// The release one comes from.
        pub from: Spec,
        /// The release one goes to.
        pub to: Spec,
        /// Installed plugins of a core; all of its plugins if empty.
        #[serde(default)]
        pub with: Vec<Spec>,
        /// The core that a plugin must keep working with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub core: Option<Spec>,
        /// The features in use.
        #[serde(default)]
        pub features: Vec<String>,
        /// The day to judge by.
        #[cfg_attr(test, schemars(with = "String"))]
        pub day: Date,
    }
}

query! {
    /// A way between two releases.
    pub struct PathQuery {
        /// The release one comes from.
        pub from: Spec,
        /// The release to reach.
        pub to: Spec,
        /// The features in use.
        #[serde(default)]
        pub features: Vec<String>,
        /// Names of accepted risks.
        #[serde(default)]
        pub accept_risks: Vec<String>,
    }
}

query! {
    /// Steps for a deployment.
    pub struct PlanQuery {
        /// The deployment file.
        pub deployment: File,
        /// The releases that must run in the end.
        pub to: Vec<Spec>,
        /// How many nodes of a group may be down at once: `2` or `25%`; one if left out.
        #[serde(default, with = "form::share", skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, schemars(with = "Option<String>"))]
        pub max_unavailable: Option<Share>,
        /// True if nodes of different zones are never down at once.
        #[serde(default)]
        pub per_zone: bool,
        /// The number of nodes that change first and are watched.
        #[serde(default)]
        pub canary: usize,
        /// Names of accepted risks.
        #[serde(default)]
        pub accept_risks: Vec<String>,
        /// True to stop every node instead of rolling.
        #[serde(default)]
        pub allow_downtime: bool,
        /// True to refuse a plan that ends past the end of support.
        #[serde(default)]
        pub require_supported: bool,
        /// The day to judge by.
        #[cfg_attr(test, schemars(with = "String"))]
        pub day: Date,
    }
}

query! {
    /// A plan or a lock to be judged.
    pub struct VerifyQuery {
        /// The plan or the lock.
        pub file: File,
        /// The deployment file that a plan was made for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub against: Option<File>,
    }
}

query! {
    /// Support on a day.
    pub struct SupportQuery {
        /// Packages or releases; everything if empty.
        #[serde(default)]
        pub specs: Vec<Spec>,
        /// The day asked about.
        #[cfg_attr(test, schemars(with = "String"))]
        pub day: Date,
        /// The number of days within which support ends; all lines if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub within: Option<i64>,
    }
}

query! {
    /// Packages, or the releases of one.
    pub struct ListQuery {
        /// A package or a matrix; everything if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
    }
}

query! {
    /// Matrix files to be looked through together.
    pub struct LintQuery {
        /// The files, an overlay after the matrix it extends.
        pub files: Vec<File>,
    }
}

query! {
    /// A drawing.
    pub struct GraphQuery {
        /// The package or releases to draw around; everything if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub around: Option<Spec>,
        /// True for single releases, false for release lines.
        #[serde(default)]
        pub patches: bool,
        /// The number of nodes to draw at most; a default one if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<usize>,
    }
}
