//! One directed pair of releases in one relation.

use crate::catalog::{
    Applies, Catalog, Channel, Exception, FeatureIx, FeatureSet, LevelSpan, Offer,
    RelationInterface, RelationIx, ReleaseId, SkewBound, SkewRule, holds,
};
use crate::finding::{Check, Finding, Severity, Verdict};

use super::moment::Moment;

/// The judgement on a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// True if the pair works.
    pub verdict: Verdict,
    /// Why not, and what rules say beyond that. Their subject is the pair of releases.
    pub findings: Vec<Finding>,
}

/// Judges `from` giving to `to` in a relation, with these features in use.
pub fn judge(
    catalog: &Catalog,
    relation: RelationIx,
    from: ReleaseId,
    to: ReleaseId,
    features: FeatureSet,
    moment: Moment,
) -> Judgement {
    let pair = ReleasePair { catalog, from, to, features };
    let stated = catalog.relation(relation);
    let mut judgement = Judgement { verdict: Verdict::Compatible, findings: Vec::new() };
    for interface in &stated.interfaces {
        pair.interface(interface, &mut judgement);
    }
    for exception in stated.exceptions.iter().filter(|exception| pair.meets(exception)) {
        pair.exception(exception, &mut judgement);
    }
    let rules = || catalog.skew_rules().iter().filter(|rule| rule.relation == relation);
    for rule in rules().filter(|rule| applies(rule.applies, moment)) {
        if let Some(finding) = pair.violation(rule) {
            if stated.interfaces.is_empty() && rule.severity == Severity::Error {
                judgement.verdict = Verdict::Incompatible;
            }
            judgement.findings.push(finding);
        }
    }
    if stated.interfaces.is_empty()
        && rules().next().is_none()
        && judgement.verdict == Verdict::Compatible
    {
        judgement.verdict = Verdict::Unknown;
        judgement
            .findings
            .push(pair.unknown(&format!("no fact covers the relation {}", stated.name)));
    }
    judgement
}

/// Returns the features that are not in use but would break a pair that works, each by itself.
/// Only features that exist in the giving release are considered.
pub fn exposures(
    catalog: &Catalog,
    relation: RelationIx,
    from: ReleaseId,
    to: ReleaseId,
    features: FeatureSet,
) -> Vec<FeatureIx> {
    let works = |features| {
        judge(catalog, relation, from, to, features, Moment::Rolling).verdict == Verdict::Compatible
    };
    if !works(features) {
        return Vec::new();
    }
    catalog
        .available_features(from)
        .iter()
        .filter(|&feature| !features.contains(feature))
        .filter(|&feature| {
            let mut with = features;
            with.insert(feature);
            !works(with)
        })
        .collect()
}

fn applies(applies: Applies, moment: Moment) -> bool {
    match applies {
        Applies::Always => true,
        Applies::Steady => moment == Moment::Steady,
        Applies::Rolling => moment == Moment::Rolling,
    }
}

struct ReleasePair<'c> {
    catalog: &'c Catalog,
    from: ReleaseId,
    to: ReleaseId,
    features: FeatureSet,
}

impl ReleasePair<'_> {
    fn subject(&self) -> String {
        format!("{} -> {}", self.catalog.label(self.from), self.catalog.label(self.to))
    }

    fn interface(&self, stated: &RelationInterface, judgement: &mut Judgement) {
        let interface = self.catalog.interface(stated.interface);
        let writer = interface.offer(self.from.0, self.from.1);
        let reader = interface.offer(self.to.0, self.to.1);
        let (Some(writer), Some(reader)) = (writer, reader) else {
            let silent = if writer.is_none() { self.from } else { self.to };
            let message = format!(
                "no fact says what {} does on {}",
                self.catalog.label(silent),
                interface.name
            );
            judgement.verdict = judgement.verdict.and(Verdict::Unknown);
            judgement.findings.push(self.unknown(&message));
            return;
        };
        if meet(writer, reader, self.features) {
            return;
        }
        judgement.verdict = Verdict::Incompatible;
        let written = spans(interface, &writer.writes, self.features);
        let read = spans(interface, &reader.reads, self.features);
        let message = format!(
            "{} ({} writes {} {written}, {} reads {read})",
            stated.breaks,
            self.catalog.label(self.from),
            interface.name,
            self.catalog.label(self.to),
        );
        let mut finding =
            Finding::new(Check::RelationBroken, Severity::Error, self.subject(), message)
                .biting(Some(stated.bites))
                .citing(self.catalog.cite_for(writer.fact, Some(self.from)));
        if reader.fact != writer.fact {
            finding = finding.citing(self.catalog.cite_for(reader.fact, Some(self.to)));
        }
        judgement.findings.push(finding);
    }

    fn unknown(&self, message: &str) -> Finding {
        Finding::new(Check::RelationUnknown, Severity::Warning, self.subject(), message)
    }

    fn meets(&self, exception: &Exception) -> bool {
        holds(&exception.from, self.from)
            && holds(&exception.to, self.to)
            && self.features.includes(exception.when)
            && !self.features.meets(exception.unless)
    }

    fn exception(&self, exception: &Exception, judgement: &mut Judgement) {
        let check = match exception.verdict {
            Verdict::Compatible => Check::RelationRisk,
            Verdict::Unknown => Check::RelationUnknown,
            Verdict::Incompatible => Check::RelationBroken,
        };
        judgement.verdict = judgement.verdict.and(exception.verdict);
        let mut message = exception.breaks.clone();
        if !exception.when.is_empty() {
            message = format!("{message} (with {} in use)", self.feature_names(exception.when));
        }
        judgement.findings.push(
            Finding::new(check, exception.severity, self.subject(), message)
                .biting(Some(exception.bites))
                .citing(self.catalog.cite_for(exception.fact, Some(self.from))),
        );
    }

    fn feature_names(&self, features: FeatureSet) -> String {
        let names: Vec<_> = features
            .iter()
            .map(|feature| self.catalog.features()[feature.ix()].name.as_str())
            .collect();
        names.join(" and ")
    }

    fn violation(&self, rule: &SkewRule) -> Option<Finding> {
        let develops = |(package, rank): ReleaseId| {
            self.catalog.package(package).release(rank).channel == Channel::Development
        };
        // A branch in development has no place among the release lines.
        if self.from.0 != self.to.0 || develops(self.from) || develops(self.to) {
            return None;
        }
        let package = self.catalog.package(self.from.0);
        let ahead = package.lines_ahead(rule.unit, self.from.1, self.to.1);
        let kept = match rule.bound {
            SkewBound::FromAhead(most) => ahead <= i64::from(most),
            SkewBound::ToAhead(most) => -ahead <= i64::from(most),
            SkewBound::Same => ahead == 0,
        };
        if kept {
            return None;
        }
        let message = format!("{} (rule `{}`)", rule.message, rule.text);
        let finding = Finding::of_rule(&rule.code, rule.severity, self.subject(), message);
        Some(finding.citing(self.catalog.cite(rule.fact)))
    }
}

/// Returns whether some level that one side writes is read by the other.
fn meet(writer: &Offer, reader: &Offer, features: FeatureSet) -> bool {
    let counting = |spans: &[LevelSpan]| {
        spans.iter().copied().filter(|span| span.counts(features)).collect::<Vec<_>>()
    };
    let reads = counting(&reader.reads);
    counting(&writer.writes).iter().any(|written| {
        reads.iter().any(|read| written.low <= read.high && read.low <= written.high)
    })
}

/// Prints the level spans that count.
fn spans(
    interface: &crate::catalog::Interface,
    spans: &[LevelSpan],
    features: FeatureSet,
) -> String {
    let texts: Vec<_> = spans
        .iter()
        .filter(|span| span.counts(features))
        .map(|span| match (span.low, span.high) {
            (low, high) if low == high => interface.level(low).to_owned(),
            (0, high) => format!("up to {}", interface.level(high)),
            (low, u32::MAX) => format!("{} and later", interface.level(low)),
            (low, high) => format!("{} to {}", interface.level(low), interface.level(high)),
        })
        .collect();
    if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") }
}
