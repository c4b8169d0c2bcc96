//! The state that a plan changes, and whether it may be entered.

use std::collections::{BTreeMap, BTreeSet};

use super::fleet::Fleet;
use super::judgements::{Examined, Judgements, RelatedPair, RoleRelease, breaks};
use super::refusal::Refusal;
use crate::catalog::{Applies, Catalog, FeatureIx, RelationIx, Within};
use crate::deployment::Deployment;
use crate::finding::{Check, Code, Finding, Verdict};
use crate::skew::exposures;

/// The deployment as it is after the steps so far, and what was noticed on the way.
pub(super) struct State<'c> {
    pub(super) fleet: Fleet<'c>,
    pub(super) judgements: Judgements<'c>,
    pub(super) notices: Notices,
}

/// Doubts about the pairs that occur in the states of a plan.
#[derive(Default)]
pub(super) struct Notices {
    met: BTreeSet<RelatedPair>,
    /// Pairs that depend on a feature not being used, by example.
    pub(super) exposed: BTreeMap<RelatedPair, (String, Vec<FeatureIx>)>,
    /// Pairs of which no fact says whether they work.
    pub(super) unknown: BTreeMap<RelatedPair, Finding>,
}

impl<'c> State<'c> {
    pub(super) fn new(catalog: &'c Catalog, deployment: &Deployment) -> Self {
        let fleet = Fleet::new(catalog, deployment);
        let mut judgements = Judgements::new(catalog, deployment.features);
        let mut seen = Examined::default();
        for group in 0..deployment.groups.len() {
            examine_group(&mut judgements, &fleet, group, &mut seen);
        }
        for &class in fleet.classes().keys() {
            examine_deployment(&mut judgements, &fleet, class, &mut seen);
        }
        judgements.tolerated = seen.violations;
        Self { fleet, judgements, notices: Notices::default() }
    }

    /// Checks the state around some nodes. Returns the names of what holds, or what is broken, and when.
    pub(super) fn enter(
        &mut self,
        nodes: &[usize],
        when: &str,
    ) -> Result<BTreeSet<String>, Refusal> {
        let (fleet, judgements) = (&self.fleet, &mut self.judgements);
        let mut seen = Examined::default();
        let groups: BTreeSet<_> = nodes.iter().map(|&node| fleet.node(node).group).collect();
        for group in groups {
            examine_group(judgements, fleet, group, &mut seen);
        }
        let running = nodes.iter().filter(|&&node| fleet.runs(node));
        let classes: BTreeSet<_> = running.filter_map(|&node| fleet.class(node)).collect();
        for class in classes {
            examine_deployment(judgements, fleet, class, &mut seen);
        }
        let new: Vec<_> = seen.violations.difference(&judgements.tolerated).collect();
        if new.is_empty() {
            seen.pairs.iter().for_each(|&pair| self.notices.note(judgements, pair));
            return Ok(held(judgements, &seen));
        }
        let reasons = new.into_iter().flat_map(|&(relation, from, to)| {
            judgements.reasons(&(relation, from.1, to.1)).into_iter()
        });
        Err(Refusal::Said(
            reasons
                .map(|finding| Finding {
                    message: format!("{when}: {}", finding.message),
                    ..finding
                })
                .collect(),
        ))
    }
}

impl Notices {
    /// Notes what is unsure about a pair that occurs in a state.
    fn note(&mut self, judgements: &Judgements<'_>, pair: RelatedPair) {
        if !self.met.insert(pair) {
            return;
        }
        let (relation, from, to) = pair;
        let (catalog, judgement) = (judgements.catalog, judgements.of(&pair));
        if judgement.verdict == Verdict::Unknown {
            let code = Code::Check(Check::RelationUnknown);
            let unsure = judgement.findings.iter().find(|finding| finding.code == code);
            self.unknown.extend(unsure.map(|finding| (pair, finding.clone())));
        }
        let exposed = exposures(catalog, relation, from, to, judgements.features);
        if !exposed.is_empty() && from != to {
            let name = format!("{} -> {}", catalog.label(from), catalog.label(to));
            self.exposed.insert(pair, (name, exposed));
        }
    }
}

/// Judges the relations within one group.
fn examine_group(
    judgements: &mut Judgements<'_>,
    fleet: &Fleet<'_>,
    group: usize,
    seen: &mut Examined,
) {
    let counts = fleet.classes_of(group);
    for (&from, &many) in counts {
        for &to in counts.keys().filter(|&&to| to != from || many > 1) {
            judgements.examine(Within::Group, from, to, seen);
        }
    }
}

/// Judges the relations of one class with all others of the deployment.
fn examine_deployment(
    judgements: &mut Judgements<'_>,
    fleet: &Fleet<'_>,
    class: RoleRelease,
    seen: &mut Examined,
) {
    for (&other, &count) in fleet.classes() {
        if other != class || count > 1 {
            judgements.examine(Within::Deployment, class, other, seen);
            judgements.examine(Within::Deployment, other, class, seen);
        }
    }
}

/// Returns the names of the relations and rules that hold in all that was seen.
fn held(judgements: &Judgements<'_>, seen: &Examined) -> BTreeSet<String> {
    let catalog = judgements.catalog;
    let mut met: BTreeMap<RelationIx, Vec<RelatedPair>> = BTreeMap::new();
    let broken = seen.violations.iter().map(|&(relation, from, to)| (relation, from.1, to.1));
    for pair in seen.pairs.iter().copied().chain(broken) {
        met.entry(pair.0).or_default().push(pair);
    }
    let mut held = BTreeSet::new();
    for (relation, pairs) in met {
        let judged: Vec<_> = pairs.iter().map(|pair| judgements.of(pair)).collect();
        if judged.iter().all(|it| it.verdict == Verdict::Compatible && !breaks(it)) {
            held.insert(catalog.relation(relation).name.clone());
        }
        let rules = catalog.skew_rules().iter();
        let rolling =
            rules.filter(|rule| rule.relation == relation && rule.applies != Applies::Steady);
        let kept = rolling.filter(|rule| {
            let broken = Code::Rule(rule.code.clone());
            let mut findings = judged.iter().flat_map(|judged| &judged.findings);
            findings.all(|finding| finding.code != broken)
        });
        held.extend(kept.map(|rule| rule.code.clone()));
    }
    held
}
