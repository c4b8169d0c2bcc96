//! A plan as it was written down: names and versions as text, nothing believed yet.
//!
//! Owns the value that the reader of plan files makes and the judge checks. It is not the planner's
//! own type, so that the judge cannot take anything for granted.

use std::collections::BTreeSet;

/// A plan file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanRecord {
    /// Packages and versions that must run in the end.
    pub targets: Vec<(String, String)>,
    /// Names of risks that were accepted.
    pub accepted_risks: Vec<String>,
    /// The steps in order.
    pub steps: Vec<StepRecord>,
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
    /// Relations and rules that are said to hold afterwards.
    pub allowed_by: Vec<String>,
    /// Names of the gates before the next step.
    pub gates: Vec<String>,
}
