//! An upgrade path: the hops from one release to another with all that is said about each, or why
//! there is none.

use crate::catalog::{Catalog, MigrationTime, Procedure, ReleaseId};
use crate::finding::{Cite, Finding};

/// Something that a matrix says about a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its name; users accept risks by it.
    pub name: String,
    /// What it says.
    pub message: String,
    /// Where to read on.
    pub url: Option<String>,
    /// For irreversible steps: from which moment on.
    pub moment: Option<String>,
    /// Where it is known from.
    pub cite: Cite,
}

/// Work on data that a step brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationNote {
    /// Its name.
    pub name: String,
    /// When it runs.
    pub when: MigrationTime,
    /// What to run.
    pub command: Option<String>,
    /// What it does and what follows if it is left out.
    pub message: String,
    /// Whether there is no way back over it.
    pub irreversible: bool,
    /// Where it is known from.
    pub cite: Cite,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The release one comes from.
    pub from: ReleaseId,
    /// The release one goes to.
    pub to: ReleaseId,
    /// How the nodes of a deployment change.
    pub procedure: Procedure,
    /// Why, where a matrix says.
    pub procedure_why: Option<(String, Cite)>,
    /// Known risks, all of them accepted.
    pub risks: Vec<Note>,
    /// Why there is no way back over this step.
    pub irreversible: Vec<Note>,
    /// What the project advises.
    pub advice: Vec<Note>,
    /// Work on data, in the order in which the matrix states it.
    pub migrations: Vec<MigrationNote>,
    /// The required stops for which the path passes through one of the two releases.
    pub stops: Vec<Note>,
    /// What facts say on the way back over the step.
    pub back: HopBack,
}

/// What facts say on the way back over a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HopBack {
    /// It may be gone.
    Stated,
    /// There is none: the notes and migrations of the hop say why.
    None,
    /// Nobody has said, and what is missing.
    Unknown(String),
}

/// A path that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathAnswer {
    /// The steps, first to take first. Empty if one is there already.
    pub hops: Vec<Hop>,
    /// What the reader must know before going.
    pub findings: Vec<Finding>,
}

/// What would make a path possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Accepting these risks.
    AcceptRisks(Vec<String>),
    /// Going over these releases, which are not chosen unless asked for.
    GoOver(Vec<ReleaseId>),
    /// Being content with this release, the nearest to the target that can be reached.
    SettleFor(ReleaseId),
}

impl Change {
    /// Says the change in words.
    pub fn words(&self, catalog: &Catalog) -> String {
        match self {
            Self::AcceptRisks(names) => {
                format!("accept the risk {} (--accept-risk)", names.join(", "))
            }
            Self::GoOver(releases) => {
                let names: Vec<_> =
                    releases.iter().map(|&release| catalog.label(release)).collect();
                format!("go over {}", names.join(", "))
            }
            Self::SettleFor(release) => {
                format!("go to {}, the nearest that can be reached", catalog.label(*release))
            }
        }
    }
}

/// Another way, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// What to do differently.
    pub change: Change,
    /// The releases on the way, the first and the last included.
    pub releases: Vec<ReleaseId>,
}

/// Why there is no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPath {
    /// The facts that cut the target off; if nobody knows, what somebody has to establish.
    pub reasons: Vec<Finding>,
    /// What would help, least change first.
    pub alternatives: Vec<Alternative>,
}
