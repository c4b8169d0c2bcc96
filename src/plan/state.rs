//! The state that a plan changes, and whether it may be entered.
//!
//! Judgements are kept per pair of releases, so a state costs what its variety costs.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::catalog::{Catalog, RelationIx, ReleaseId, RoleIx, Use, Within};
use crate::deployment::{Change, Deployment};
use crate::finding::{Check, Code, Finding, Severity, Verdict};
use crate::skew::{Judgement, Moment, exposures, judge};

/// A role and a release.
type Class = (RoleIx, ReleaseId);

/// What a step must not add: a relation between two classes that does not work.
type Violation = (RelationIx, Class, Class);

/// The deployment as it is after the steps so far.
pub(super) struct State<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) deployment: Deployment,
    /// Positions of each group's nodes.
    members: Vec<Vec<usize>>,
    /// Nodes that are stopped take part in no relation.
    stopped: BTreeSet<usize>,
    /// How many running nodes of each class there are in the whole deployment.
    classes: BTreeMap<Class, usize>,
    judged: FxHashMap<(RelationIx, ReleaseId, ReleaseId), Judgement>,
    /// What the starting state breaks already.
    tolerated: BTreeSet<Violation>,
    /// Pairs that depend on a feature not being used, by example.
    pub(super) exposed:
        BTreeMap<(RelationIx, ReleaseId, ReleaseId), (String, Vec<crate::catalog::FeatureIx>)>,
    /// Pairs of which no fact says whether they work.
    pub(super) unknown: BTreeMap<(RelationIx, ReleaseId, ReleaseId), Finding>,
}

impl<'c> State<'c> {
    pub(super) fn new(catalog: &'c Catalog, deployment: &Deployment) -> Self {
        let mut state = Self {
            catalog,
            deployment: deployment.clone(),
            members: deployment.members(),
            stopped: BTreeSet::new(),
            classes: BTreeMap::new(),
            judged: FxHashMap::default(),
            tolerated: BTreeSet::new(),
            exposed: BTreeMap::new(),
            unknown: BTreeMap::new(),
        };
        for node in 0..state.deployment.nodes.len() {
            state.count(node, true);
        }
        for group in 0..state.members.len() {
            let (violations, _) = state.examine_group(group);
            state.tolerated.extend(violations);
        }
        let classes: Vec<_> = state.classes.keys().copied().collect();
        for class in classes {
            let (violations, _) = state.examine_deployment(class);
            state.tolerated.extend(violations);
        }
        state
    }

    /// Returns the positions of a group's nodes.
    pub(super) fn group(&self, group: usize) -> &[usize] {
        &self.members[group]
    }

    /// Returns the role and the release that matter to relations.
    pub(super) fn class(&self, node: usize) -> Option<Class> {
        let node = &self.deployment.nodes[node];
        let role = node.role?;
        let running =
            self.catalog.role(role).runs.iter().find_map(|&package| node.running(package))?;
        Some((role, running))
    }

    fn count(&mut self, node: usize, up: bool) {
        let Some(class) = self.class(node).filter(|_| !self.stopped.contains(&node)) else {
            return;
        };
        let count = self.classes.entry(class).or_insert(0);
        *count = if up { *count + 1 } else { count.saturating_sub(1) };
        if *count == 0 {
            self.classes.remove(&class);
        }
    }

    /// Applies changes to nodes and keeps the counts true.
    pub(super) fn apply(&mut self, changes: &[Change]) {
        let mut touched = BTreeSet::new();
        for change in changes {
            match *change {
                Change::Set { node, .. } | Change::Remove { node, .. } => {
                    touched.insert(node);
                }
                Change::Switch { from, to } => touched.extend([from, to]),
            }
        }
        touched.iter().for_each(|&node| self.count(node, false));
        changes.iter().for_each(|change| self.deployment.apply(change));
        touched.iter().for_each(|&node| self.count(node, true));
    }

    /// Stops or starts a node.
    pub(super) fn set_stopped(&mut self, node: usize, stopped: bool) {
        self.count(node, false);
        if stopped {
            self.stopped.insert(node);
        } else {
            self.stopped.remove(&node);
        }
        self.count(node, true);
    }

    /// Checks the state around some nodes. Returns the names of what holds, or what is broken.
    pub(super) fn enter(&mut self, nodes: &[usize]) -> Result<BTreeSet<String>, Vec<Finding>> {
        let mut violations = BTreeSet::new();
        let mut held = BTreeSet::new();
        let groups: BTreeSet<_> =
            nodes.iter().map(|&node| self.deployment.nodes[node].group).collect();
        for group in groups {
            let (broken, holds) = self.examine_group(group);
            violations.extend(broken);
            held.extend(holds);
        }
        let running = nodes.iter().filter(|node| !self.stopped.contains(node));
        let classes: BTreeSet<_> = running.filter_map(|&node| self.class(node)).collect();
        for class in classes {
            let (broken, holds) = self.examine_deployment(class);
            violations.extend(broken);
            held.extend(holds);
        }
        let new: Vec<_> = violations
            .into_iter()
            .filter(|violation| !self.tolerated.contains(violation))
            .collect();
        if new.is_empty() {
            Ok(held)
        } else {
            Err(new.iter().flat_map(|violation| self.findings(violation)).collect())
        }
    }

    fn findings(&self, (relation, from, to): &Violation) -> Vec<Finding> {
        let judgement = &self.judged[&(*relation, from.1, to.1)];
        let name = &self.catalog.relation(*relation).name;
        let broken =
            judgement.findings.iter().filter(|finding| finding.severity == Severity::Error);
        broken
            .map(|finding| Finding {
                message: format!("{name}: {}", finding.message),
                ..finding.clone()
            })
            .collect()
    }

    /// Judges the relations within one group.
    fn examine_group(&mut self, group: usize) -> (BTreeSet<Violation>, BTreeSet<String>) {
        let running = self.members[group].iter().filter(|node| !self.stopped.contains(node));
        let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
        for class in running.filter_map(|&node| self.class(node)) {
            *counts.entry(class).or_insert(0) += 1;
        }
        let mut result = (BTreeSet::new(), BTreeSet::new());
        for (&from, &many) in &counts {
            for &to in counts.keys().filter(|&&to| to != from || many > 1) {
                self.examine(Within::Group, from, to, &mut result);
            }
        }
        result
    }

    /// Judges the relations of one class with all others of the deployment.
    fn examine_deployment(&mut self, class: Class) -> (BTreeSet<Violation>, BTreeSet<String>) {
        let mut result = (BTreeSet::new(), BTreeSet::new());
        let others: Vec<_> = self.classes.iter().map(|(&other, &count)| (other, count)).collect();
        for (other, count) in others {
            if other != class || count > 1 {
                self.examine(Within::Deployment, class, other, &mut result);
                self.examine(Within::Deployment, other, class, &mut result);
            }
        }
        result
    }

    fn examine(
        &mut self,
        within: Within,
        from: Class,
        to: Class,
        result: &mut (BTreeSet<Violation>, BTreeSet<String>),
    ) {
        for relation in (0..self.catalog.relations().len()).map(RelationIx::new) {
            let stated = self.catalog.relation(relation);
            let between = stated.from.contains(&from.0) && stated.to.contains(&to.0);
            if stated.within != within || stated.usage != Use::Continuous || !between {
                continue;
            }
            let subject = self.catalog.relation(relation).name.clone();
            let judgement = self.judge(relation, from.1, to.1);
            if breaks(judgement) {
                result.0.insert((relation, from, to));
            } else {
                result.1.insert(subject);
                let rules =
                    self.catalog.skew_rules().iter().filter(|rule| rule.relation == relation);
                result.1.extend(rules.map(|rule| rule.code.clone()));
            }
        }
    }

    /// Judges a pair, once for the whole plan, and notes what is unsure about it.
    fn judge(&mut self, relation: RelationIx, from: ReleaseId, to: ReleaseId) -> &Judgement {
        let key = (relation, from, to);
        if !self.judged.contains_key(&key) {
            let features = self.deployment.features;
            let judgement = judge(self.catalog, relation, from, to, features, Moment::Rolling);
            if judgement.verdict == Verdict::Unknown {
                let unsure = judgement
                    .findings
                    .iter()
                    .find(|finding| finding.code == Code::Check(Check::RelationUnknown));
                self.unknown.extend(unsure.map(|finding| (key, finding.clone())));
            }
            let exposed = exposures(self.catalog, relation, from, to, features);
            if !exposed.is_empty() && from != to {
                let pair = format!("{} -> {}", self.catalog.label(from), self.catalog.label(to));
                self.exposed.insert(key, (pair, exposed));
            }
            self.judged.insert(key, judgement);
        }
        &self.judged[&key]
    }

    /// Whether a relation works between two releases.
    pub(super) fn works(&mut self, relation: RelationIx, from: ReleaseId, to: ReleaseId) -> bool {
        !breaks(self.judge(relation, from, to))
    }
}

/// Whether a judgement forbids a state: it does not work, or a rule that counts as an error says no.
fn breaks(judgement: &Judgement) -> bool {
    judgement.verdict == Verdict::Incompatible
        || judgement.findings.iter().any(|finding| finding.severity == Severity::Error)
}
