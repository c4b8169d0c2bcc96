//! Ordered steps for a deployment, or why there are none.

use std::collections::BTreeSet;

use super::path::Hop;
use crate::catalog::{PackageIx, Probe, Procedure, ReleaseId};
use crate::finding::{Cite, Finding};
use crate::limits::Limits;

/// What is done in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A node is restarted with another release of its main package.
    Upgrade {
        /// The node.
        node: usize,
        /// What it runs before.
        from: ReleaseId,
        /// What it runs after.
        to: ReleaseId,
        /// Packages that change in the same restart: before, after.
        with: Vec<(Option<ReleaseId>, ReleaseId)>,
    },
    /// A node's plugin changes alone.
    Install {
        /// The node.
        node: usize,
        /// What it runs before.
        from: Option<ReleaseId>,
        /// What it runs after.
        to: ReleaseId,
    },
    /// Two nodes of a group exchange their roles.
    Switch {
        /// The group.
        group: usize,
        /// The node that gives its role up.
        from_node: usize,
        /// The node that takes it over.
        to_node: usize,
    },
    /// A node is stopped.
    Stop {
        /// The node.
        node: usize,
    },
    /// A node is started.
    Start {
        /// The node.
        node: usize,
    },
    /// Work on data.
    Migrate {
        /// The migration's name.
        name: String,
        /// What to run.
        command: Option<String>,
        /// What it does.
        message: String,
    },
}

impl Action {
    /// Returns the word used in files and output.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Upgrade { .. } => "upgrade",
            Self::Install { .. } => "install",
            Self::Switch { .. } => "switch",
            Self::Stop { .. } => "stop",
            Self::Start { .. } => "start",
            Self::Migrate { .. } => "migrate",
        }
    }

    /// Returns the node that the action is about, the new holder of the role for a switch.
    pub fn node(&self) -> Option<usize> {
        match self {
            Self::Upgrade { node, .. }
            | Self::Install { node, .. }
            | Self::Stop { node }
            | Self::Start { node } => Some(*node),
            Self::Switch { to_node, .. } => Some(*to_node),
            Self::Migrate { .. } => None,
        }
    }
}

/// What must hold before the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateAsk {
    /// Its name.
    pub name: String,
    /// The nodes to ask; empty if it is asked once.
    pub nodes: Vec<usize>,
    /// It is asked only of nodes that give this answer.
    pub only_if: Option<Probe>,
    /// The question and the wanted answer, placeholders filled in.
    pub probe: Probe,
    /// Nodes, and the node that each is compared with, if the wanted answer compares.
    pub others: Vec<(usize, usize)>,
    /// Why it matters.
    pub why: String,
}

/// How to undo a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rollback {
    /// It can be undone, and how.
    Possible(String),
    /// It cannot, and why.
    Impossible(String),
    /// Nobody has said whether it can, and what is missing.
    Unknown(String),
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// Position of the hop that it is part of.
    pub hop: usize,
    /// Steps with the same number may be done at the same time.
    pub wave: usize,
    /// Names of the relations and rules that were checked and hold in the state after it.
    pub allowed_by: BTreeSet<String>,
    /// What must hold before the next step.
    pub gates: Vec<GateAsk>,
    /// How to undo it.
    pub rollback: Rollback,
}

/// From where on there is no way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointOfNoReturn {
    /// Position of the step that passes it.
    pub step: usize,
    /// Why.
    pub why: String,
    /// The exact moment, where the matrix knows it.
    pub moment: Option<String>,
    /// Where it is known from.
    pub cite: Cite,
}

/// A plan whose every state is valid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What runs in the end, by package.
    pub targets: Vec<ReleaseId>,
    /// The hops of each main package.
    pub hops: Vec<Hop>,
    /// What may happen at the same time; the waves keep to it.
    pub limits: Limits,
    /// What to ask before the first step.
    pub preflight: Vec<GateAsk>,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// From where on there is no way back; `None` if there always is one.
    pub point_of_no_return: Option<PointOfNoReturn>,
    /// What is to be said about the plan.
    pub findings: Vec<Finding>,
    /// How a node of each package is restarted.
    pub restart: Vec<(PackageIx, String)>,
    /// What becomes of the roles that must be held.
    pub service: Service,
}

/// What becomes on the way of the roles that a group must keep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Service {
    /// Each is held all the time, as facts say.
    Kept,
    /// One is not held, and where.
    Interrupted(String),
    /// Nobody has said which roles must be kept.
    #[default]
    Unknown,
}

impl Plan {
    /// Returns the number of waves.
    pub fn waves(&self) -> usize {
        self.steps.iter().map(|step| step.wave + 1).max().unwrap_or(0)
    }

    /// Returns the first step of which nobody knows whether it can be undone, and what is missing.
    pub fn doubtful_return(&self) -> Option<(usize, &str)> {
        self.steps.iter().enumerate().find_map(|(ix, step)| match &step.rollback {
            Rollback::Unknown(why) => Some((ix, why.as_str())),
            Rollback::Possible(_) | Rollback::Impossible(_) => None,
        })
    }

    /// Returns true if facts say of every step that it can be undone.
    pub fn can_be_undone(&self) -> bool {
        let possible = |step: &Step| matches!(step.rollback, Rollback::Possible(_));
        self.point_of_no_return.is_none() && self.steps.iter().all(possible)
    }

    /// Returns how many steps do a thing.
    pub fn count(&self, name: &str) -> usize {
        self.steps.iter().filter(|step| step.action.name() == name).count()
    }

    /// Whether some hop stops everything, or a role that must be held is not on the way.
    pub fn needs_downtime(&self) -> bool {
        matches!(self.service, Service::Interrupted(_))
            || self.hops.iter().any(|hop| hop.procedure == Procedure::StopAll)
    }

    /// Returns true if facts say of every step that what must be served is served.
    pub fn has_no_downtime(&self) -> bool {
        !self.needs_downtime() && self.service == Service::Kept
    }
}

/// Why there is no plan, and what would make one possible.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoPlan {
    /// The reasons, the decisive one first.
    pub reasons: Vec<Finding>,
    /// What could be asked instead; each was planned.
    pub alternatives: Vec<String>,
}
