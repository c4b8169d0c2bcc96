//! Relations between releases, judged once for the whole plan.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::catalog::{Catalog, FeatureSet, RelationIx, ReleaseId, RoleIx, Use, Within};
use crate::finding::{Finding, Severity, Verdict};
use crate::skew::{Judgement, Moment, judge};

/// A role and a release: what matters about a node to relations.
pub(super) type RoleRelease = (RoleIx, ReleaseId);

/// A relation between two releases.
pub(super) type RelatedPair = (RelationIx, ReleaseId, ReleaseId);

/// Something that a step must not add: a relation between two nodes that does not work.
pub(super) type Violation = (RelationIx, RoleRelease, RoleRelease);

/// The pairs that were seen in a state.
#[derive(Default)]
pub(super) struct Examined {
    /// Pairs that do not work.
    pub(super) violations: BTreeSet<Violation>,
    /// The pairs that work as far as is known.
    pub(super) pairs: BTreeSet<RelatedPair>,
}

/// Judgements on pairs of releases. A state then costs what its variety costs.
pub(super) struct Judgements<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) features: FeatureSet,
    judged: FxHashMap<RelatedPair, Judgement>,
    /// True for what may run side by side, by the reach of the relations that were looked at.
    beside: FxHashMap<(Within, RoleRelease, RoleRelease), bool>,
    /// Pairs that the starting state breaks already.
    pub(super) tolerated: BTreeSet<Violation>,
}

impl<'c> Judgements<'c> {
    pub(super) fn new(catalog: &'c Catalog, features: FeatureSet) -> Self {
        Self {
            catalog,
            features,
            judged: FxHashMap::default(),
            beside: FxHashMap::default(),
            tolerated: BTreeSet::new(),
        }
    }

    /// Returns what is known of a pair that was examined.
    pub(super) fn of(&self, pair: &RelatedPair) -> &Judgement {
        &self.judged[pair]
    }

    fn judge(&mut self, (relation, from, to): RelatedPair) -> &Judgement {
        let (catalog, features) = (self.catalog, self.features);
        self.judged
            .entry((relation, from, to))
            .or_insert_with(|| judge(catalog, relation, from, to, features, Moment::Rolling))
    }

    /// Returns whether a relation works between two releases.
    pub(super) fn works(&mut self, relation: RelationIx, from: ReleaseId, to: ReleaseId) -> bool {
        !breaks(self.judge((relation, from, to)))
    }

    /// Says why a relation that was judged does not work between two releases.
    pub(super) fn reasons(&self, pair: &RelatedPair) -> Vec<Finding> {
        let name = &self.catalog.relation(pair.0).name;
        let findings = self.judged[pair].findings.iter();
        let broken = findings.filter(|finding| finding.severity == Severity::Error);
        broken
            .map(|finding| Finding {
                message: format!("{name}: {}", finding.message),
                ..finding.clone()
            })
            .collect()
    }

    /// Judges all continuous relations of some reach from one class of nodes to another.
    pub(super) fn examine(
        &mut self,
        within: Within,
        from: RoleRelease,
        to: RoleRelease,
        seen: &mut Examined,
    ) {
        for relation in (0..self.catalog.relations().len()).map(RelationIx::new) {
            let stated = self.catalog.relation(relation);
            let between = stated.from.contains(&from.0) && stated.to.contains(&to.0);
            if stated.within != within || stated.usage != Use::Continuous || !between {
                continue;
            }
            if self.works(relation, from.1, to.1) {
                seen.pairs.insert((relation, from.1, to.1));
            } else {
                seen.violations.insert((relation, from, to));
            }
        }
    }

    /// Returns whether a node of one class may give to another of another class in all relations of some
    /// reach, or did so already, well or not, when the plan began.
    pub(super) fn may_meet(&mut self, within: Within, from: RoleRelease, to: RoleRelease) -> bool {
        if let Some(&known) = self.beside.get(&(within, from, to)) {
            return known;
        }
        let mut seen = Examined::default();
        self.examine(within, from, to, &mut seen);
        let works = seen.violations.is_subset(&self.tolerated);
        self.beside.insert((within, from, to), works);
        works
    }
}

/// Returns whether a judgement forbids a state: it does not work, or a rule that counts as an error says no.
pub(super) fn breaks(judgement: &Judgement) -> bool {
    judgement.verdict == Verdict::Incompatible
        || judgement.findings.iter().any(|finding| finding.severity == Severity::Error)
}
