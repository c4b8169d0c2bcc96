//! Plans and locks as they were written down: names and versions as text, nothing believed yet.
//!
//! Owns the values that the readers of plan and lock files make and the judge checks. They are not
//! the engines' own types, so that the judge cannot take anything for granted.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{NeedKind, Probe};
use crate::finding::Evidence;
use crate::limits::Limits;

/// A plan file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanRecord {
    /// Packages and versions that must run in the end.
    pub targets: Vec<(String, String)>,
    /// Names of risks that were accepted.
    pub accepted_risks: Vec<String>,
    /// What may happen at the same time.
    pub limits: Limits,
    /// What to ask before the first step.
    pub preflight: Vec<GateRecord>,
    /// The number of the step from which there is no way back, counted from 1, if the plan has one.
    pub no_return: Option<usize>,
    /// The steps in order.
    pub steps: Vec<StepRecord>,
}

/// A gate of a plan file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GateRecord {
    /// Its name.
    pub name: String,
    /// Names of the nodes to ask; empty for all.
    pub nodes: Vec<String>,
    /// It is asked only of nodes that give this answer.
    pub only_if: Option<Probe>,
    /// The question and the wanted answer; `None` if the plan does not say.
    pub probe: Option<Probe>,
    /// Nodes, and the node that each is compared with.
    pub others: BTreeMap<String, String>,
}

impl PlanRecord {
    /// Returns the distinct packages and versions that the plan speaks of.
    pub fn releases(&self) -> BTreeSet<(&str, &str)> {
        let mut releases: BTreeSet<(&str, &str)> = self
            .targets
            .iter()
            .map(|(package, version)| (package.as_str(), version.as_str()))
            .collect();
        for step in &self.steps {
            if let (Some(package), Some(to)) = (&step.package, &step.to) {
                releases.insert((package, to));
                let source = step.from_package.as_ref().unwrap_or(package);
                releases.extend(step.from.as_ref().map(|from| (source.as_str(), from.as_str())));
            }
            releases
                .extend(step.with.iter().map(|(package, _, to)| (package.as_str(), to.as_str())));
        }
        releases
    }
}

/// One step of a plan file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepRecord {
    /// What is done.
    pub action: String,
    /// Steps with the same number are done at the same time; `None` if the plan does not say.
    pub wave: Option<usize>,
    /// The node it is done to.
    pub node: Option<String>,
    /// The package that changes.
    pub package: Option<String>,
    /// The version before; with another package's name in front if the package is replaced.
    pub from: Option<String>,
    /// The version after.
    pub to: Option<String>,
    /// The package that is replaced, if it is another one.
    pub from_package: Option<String>,
    /// Packages that change in the same restart: name, version before, version after.
    pub with: Vec<(String, Option<String>, String)>,
    /// The group of a switch.
    pub group: Option<String>,
    /// The node that gives its role up.
    pub from_node: Option<String>,
    /// The node that takes it over.
    pub to_node: Option<String>,
    /// The migration's name.
    pub name: Option<String>,
    /// What the migration runs.
    pub command: Option<String>,
    /// Whether the step is said to be one that can be undone; `None` if that is not known or not said.
    pub undoable: Option<bool>,
    /// Relations and rules that are said to hold afterwards.
    pub allowed_by: Vec<String>,
    /// What must hold before the next step.
    pub gates: Vec<GateRecord>,
}

/// A lock file: a set of releases, what was asked for, and why each of them is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockRecord {
    /// What was asked for.
    pub request: RequestRecord,
    /// The matrices that the set was chosen from.
    pub matrices: Vec<MatrixRecord>,
    /// The set, in the order of the answer.
    pub packages: Vec<PackageRecord>,
}

/// The request that a lock answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestRecord {
    /// SPECs as they were typed, most important first.
    pub specs: Vec<String>,
    /// The word for which of two valid releases is better.
    pub prefer: String,
    /// The day that was judged by, as `YYYY-MM-DD`, if one mattered.
    pub as_of: Option<String>,
    /// What ran already: package and version.
    pub installed: Vec<(String, String)>,
}

/// A matrix file as it was loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MatrixRecord {
    /// The name that it gives itself.
    pub name: String,
    /// The day its facts were gathered, if it says.
    pub as_of: Option<String>,
    /// SHA-256 of its bytes, as 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// One release of a lock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackageRecord {
    /// Its package.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The SPEC that asks for it, if one does.
    pub asked: Option<String>,
    /// The packages of the lock that need it, in the lock's order.
    pub needed_by: Vec<String>,
    /// What the releases of the lock ask of this package, in the lock's order.
    pub bound_by: Vec<ConstraintRecord>,
}

/// What one release of a lock asks of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstraintRecord {
    /// The package that asks.
    pub package: String,
    /// How it binds.
    pub kind: NeedKind,
    /// What is asked: `valkey >=9.0.1`, or `c-api 1.2.0 of duckdb` for an interface.
    pub asks: String,
    /// The publisher's own words, where they differ.
    pub declared: Option<String>,
    /// How that is known.
    pub evidence: Evidence,
    /// Where from.
    pub source: String,
    /// The address, if there is one.
    pub url: Option<String>,
}
