//! The state that a plan changes, and whether it may be entered.
//!
//! Judgements are kept per pair of releases, so a state costs what its variety costs.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::catalog::{
    Applies, Catalog, FeatureIx, PackageIx, Rank, RelationIx, ReleaseId, RoleIx, Use, Within,
};
use crate::deployment::{Change, Deployment};
use crate::finding::{Check, Code, Finding, Severity, Verdict};
use crate::skew::{Judgement, Moment, exposures, judge};

/// A role and a release: what matters about a node to relations.
pub(super) type Class = (RoleIx, ReleaseId);

/// What a step must not add: a relation between two classes that does not work.
type Violation = (RelationIx, Class, Class);

/// A relation between two releases.
type Pair = (RelationIx, ReleaseId, ReleaseId);

/// What was seen of a state.
#[derive(Default)]
struct Seen {
    /// What does not work.
    violations: BTreeSet<Violation>,
    /// The pairs that work as far as is known.
    pairs: BTreeSet<Pair>,
}

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
    /// The same for each group.
    in_group: Vec<BTreeMap<Class, usize>>,
    judged: FxHashMap<Pair, Judgement>,
    /// Whether two classes may run side by side, by the reach of the relations that were looked at.
    beside: FxHashMap<(Within, Class, Class), bool>,
    /// Pairs that occur in a state of the plan.
    met: BTreeSet<Pair>,
    /// What the starting state breaks already.
    tolerated: BTreeSet<Violation>,
    /// Pairs that depend on a feature not being used, by example.
    pub(super) exposed: BTreeMap<Pair, (String, Vec<FeatureIx>)>,
    /// Pairs of which no fact says whether they work.
    pub(super) unknown: BTreeMap<Pair, Finding>,
}

impl<'c> State<'c> {
    pub(super) fn new(catalog: &'c Catalog, deployment: &Deployment) -> Self {
        let mut state = Self {
            catalog,
            deployment: deployment.clone(),
            members: deployment.members(),
            stopped: BTreeSet::new(),
            classes: BTreeMap::new(),
            in_group: vec![BTreeMap::new(); deployment.groups.len()],
            judged: FxHashMap::default(),
            beside: FxHashMap::default(),
            met: BTreeSet::new(),
            tolerated: BTreeSet::new(),
            exposed: BTreeMap::new(),
            unknown: BTreeMap::new(),
        };
        for node in 0..state.deployment.nodes.len() {
            state.count(node, true);
        }
        let mut seen = Seen::default();
        for group in 0..state.members.len() {
            state.examine_group(group, &mut seen);
        }
        let classes: Vec<_> = state.classes.keys().copied().collect();
        for class in classes {
            state.examine_deployment(class, &mut seen);
        }
        state.tolerated = seen.violations;
        state
    }

    /// Returns the positions of a group's nodes.
    pub(super) fn group(&self, group: usize) -> &[usize] {
        &self.members[group]
    }

    /// Returns the classes of the nodes that run in a group, and how many there are of each.
    pub(super) fn running_with_counts(&self, group: usize) -> BTreeMap<Class, usize> {
        self.in_group[group].clone()
    }

    /// Whether a node runs.
    pub(super) fn runs(&self, node: usize) -> bool {
        !self.stopped.contains(&node)
    }

    /// Returns the role and the release that matter to relations.
    pub(super) fn class(&self, node: usize) -> Option<Class> {
        let node = &self.deployment.nodes[node];
        class(self.catalog, node.role, &node.packages)
    }

    fn count(&mut self, node: usize, up: bool) {
        let Some(class) = self.class(node).filter(|_| !self.stopped.contains(&node)) else {
            return;
        };
        let group = self.deployment.nodes[node].group;
        for counts in [&mut self.classes, &mut self.in_group[group]] {
            let count = counts.entry(class).or_insert(0);
            *count = if up { *count + 1 } else { count.saturating_sub(1) };
            if *count == 0 {
                counts.remove(&class);
            }
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
        for &node in &touched {
            self.count(node, false);
        }
        for change in changes {
            self.deployment.apply(change);
        }
        for &node in &touched {
            self.count(node, true);
        }
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
        let mut seen = Seen::default();
        let groups: BTreeSet<_> =
            nodes.iter().map(|&node| self.deployment.nodes[node].group).collect();
        for group in groups {
            self.examine_group(group, &mut seen);
        }
        let running = nodes.iter().filter(|node| !self.stopped.contains(node));
        let classes: BTreeSet<_> = running.filter_map(|&node| self.class(node)).collect();
        for class in classes {
            self.examine_deployment(class, &mut seen);
        }
        let new: Vec<_> = seen.violations.difference(&self.tolerated).collect();
        if new.is_empty() {
            seen.pairs.iter().for_each(|&pair| self.note(pair));
            Ok(self.held(&seen))
        } else {
            Err(new
                .into_iter()
                .flat_map(|(relation, from, to)| self.reasons(*relation, from.1, to.1))
                .collect())
        }
    }

    /// Says why a relation that was judged does not work between two releases.
    pub(super) fn reasons(
        &self,
        relation: RelationIx,
        from: ReleaseId,
        to: ReleaseId,
    ) -> Vec<Finding> {
        let judgement = &self.judged[&(relation, from, to)];
        let name = &self.catalog.relation(relation).name;
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
    fn examine_group(&mut self, group: usize, seen: &mut Seen) {
        let counts: Vec<_> =
            self.in_group[group].iter().map(|(&class, &many)| (class, many)).collect();
        for &(from, many) in &counts {
            for &(to, _) in counts.iter().filter(|&&(to, _)| to != from || many > 1) {
                self.examine(Within::Group, from, to, seen);
            }
        }
    }

    /// Judges the relations of one class with all others of the deployment.
    fn examine_deployment(&mut self, class: Class, seen: &mut Seen) {
        let others: Vec<_> = self.classes.iter().map(|(&other, &count)| (other, count)).collect();
        for (other, count) in others {
            if other != class || count > 1 {
                self.examine(Within::Deployment, class, other, seen);
                self.examine(Within::Deployment, other, class, seen);
            }
        }
    }

    /// Whether a node of one class may give to another of another class in all relations of some reach,
    /// or did so already, well or not, when the plan began.
    pub(super) fn may_meet(&mut self, within: Within, from: Class, to: Class) -> bool {
        if let Some(&known) = self.beside.get(&(within, from, to)) {
            return known;
        }
        let mut seen = Seen::default();
        self.examine(within, from, to, &mut seen);
        let works = seen.violations.is_subset(&self.tolerated);
        self.beside.insert((within, from, to), works);
        works
    }

    fn examine(&mut self, within: Within, from: Class, to: Class, seen: &mut Seen) {
        for relation in (0..self.catalog.relations().len()).map(RelationIx::new) {
            let stated = self.catalog.relation(relation);
            let between = stated.from.contains(&from.0) && stated.to.contains(&to.0);
            if stated.within != within || stated.usage != Use::Continuous || !between {
                continue;
            }
            if breaks(self.judge(relation, from.1, to.1)) {
                seen.violations.insert((relation, from, to));
            } else {
                seen.pairs.insert((relation, from.1, to.1));
            }
        }
    }

    /// Returns the names of the relations and rules that hold in all that was seen.
    fn held(&self, seen: &Seen) -> BTreeSet<String> {
        let mut met: BTreeMap<RelationIx, Vec<Pair>> = BTreeMap::new();
        let broken = seen.violations.iter().map(|&(relation, from, to)| (relation, from.1, to.1));
        for pair in seen.pairs.iter().copied().chain(broken) {
            met.entry(pair.0).or_default().push(pair);
        }
        let mut held = BTreeSet::new();
        for (relation, pairs) in met {
            let judged = |pair: &Pair| &self.judged[pair];
            let works =
                |pair: &Pair| judged(pair).verdict == Verdict::Compatible && !breaks(judged(pair));
            if pairs.iter().all(works) {
                held.insert(self.catalog.relation(relation).name.clone());
            }
            let rules = self.catalog.skew_rules().iter();
            let rolling =
                rules.filter(|rule| rule.relation == relation && rule.applies != Applies::Steady);
            let kept = rolling.filter(|rule| {
                let broken = Code::Rule(rule.code.clone());
                let mut findings = pairs.iter().flat_map(|pair| &judged(pair).findings);
                findings.all(|finding| finding.code != broken)
            });
            held.extend(kept.map(|rule| rule.code.clone()));
        }
        held
    }

    /// Judges a pair, once for the whole plan.
    fn judge(&mut self, relation: RelationIx, from: ReleaseId, to: ReleaseId) -> &Judgement {
        let features = self.deployment.features;
        self.judged
            .entry((relation, from, to))
            .or_insert_with(|| judge(self.catalog, relation, from, to, features, Moment::Rolling))
    }

    /// Notes what is unsure about a pair that occurs in a state.
    fn note(&mut self, pair: Pair) {
        if !self.met.insert(pair) {
            return;
        }
        let (relation, from, to) = pair;
        let judgement = &self.judged[&pair];
        if judgement.verdict == Verdict::Unknown {
            let code = Code::Check(Check::RelationUnknown);
            let unsure = judgement.findings.iter().find(|finding| finding.code == code);
            self.unknown.extend(unsure.map(|finding| (pair, finding.clone())));
        }
        let features = self.deployment.features;
        let exposed = exposures(self.catalog, relation, from, to, features);
        if !exposed.is_empty() && from != to {
            let name = format!("{} -> {}", self.catalog.label(from), self.catalog.label(to));
            self.exposed.insert(pair, (name, exposed));
        }
    }

    /// Whether a relation works between two releases.
    pub(super) fn works(&mut self, relation: RelationIx, from: ReleaseId, to: ReleaseId) -> bool {
        !breaks(self.judge(relation, from, to))
    }
}

/// Returns the class of a node.
pub(super) fn class(
    catalog: &Catalog,
    role: Option<RoleIx>,
    packages: &BTreeMap<PackageIx, Rank>,
) -> Option<Class> {
    let role = role?;
    let mut runs = catalog.role(role).runs.iter();
    let release = runs.find_map(|&package| Some((package, *packages.get(&package)?)))?;
    Some((role, release))
}

/// Whether a judgement forbids a state: it does not work, or a rule that counts as an error says no.
fn breaks(judgement: &Judgement) -> bool {
    judgement.verdict == Verdict::Incompatible
        || judgement.findings.iter().any(|finding| finding.severity == Severity::Error)
}
