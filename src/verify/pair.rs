//! One pair of releases, judged straight from the stated facts.

use crate::catalog::{
    Applies, Catalog, Channel, FeatureSet, NeedKind, Relation, RelationIx, ReleaseId, SkewBound,
    SkewRule, holds,
};
use crate::deployment::Node;
use crate::finding::{Severity, Verdict};

/// Returns why a relation must not exist between two releases, if it must not.
pub(super) fn objection(
    catalog: &Catalog,
    ix: RelationIx,
    from: ReleaseId,
    to: ReleaseId,
    features: FeatureSet,
) -> Option<String> {
    let relation = catalog.relation(ix);
    let broken = unreadable(catalog, relation, from, to, features)
        .or_else(|| forbidden(relation, from, to, features));
    broken.or_else(|| {
        let rules = catalog.skew_rules().iter().filter(|rule| rule.relation == ix);
        rules
            .filter(|rule| rule.severity == Severity::Error && rule.applies != Applies::Steady)
            .find(|rule| !keeps(catalog, rule, from, to))
            .map(|rule| format!("{}: {}", rule.code, rule.message))
    })
}

fn unreadable(
    catalog: &Catalog,
    relation: &Relation,
    from: ReleaseId,
    to: ReleaseId,
    features: FeatureSet,
) -> Option<String> {
    for stated in &relation.interfaces {
        let interface = catalog.interface(stated.interface);
        let (Some(writer), Some(reader)) =
            (interface.offer(from.0, from.1), interface.offer(to.0, to.1))
        else {
            continue;
        };
        let mut read = false;
        for written in writer.writes.iter().filter(|span| span.counts(features)) {
            for accepted in reader.reads.iter().filter(|span| span.counts(features)) {
                let first = written.low.max(accepted.low);
                let last = written.high.min(accepted.high);
                read |= first <= last;
            }
        }
        if !read {
            return Some(format!("{}: {}", interface.name, stated.breaks));
        }
    }
    None
}

fn forbidden(
    relation: &Relation,
    from: ReleaseId,
    to: ReleaseId,
    features: FeatureSet,
) -> Option<String> {
    let exception = relation.exceptions.iter().find(|exception| {
        let severe =
            exception.verdict == Verdict::Incompatible || exception.severity == Severity::Error;
        severe
            && holds(&exception.from, from)
            && holds(&exception.to, to)
            && features.includes(exception.when)
            && !features.meets(exception.unless)
    });
    exception.map(|exception| exception.breaks.clone())
}

/// Returns true if facts say that a relation works between two releases, once nothing speaks against it.
pub(super) fn is_covered(
    catalog: &Catalog,
    ix: RelationIx,
    from: ReleaseId,
    to: ReleaseId,
    features: FeatureSet,
) -> bool {
    let relation = catalog.relation(ix);
    let speaks = |release: ReleaseId| {
        relation.interfaces.iter().all(|stated| {
            let interface = catalog.interface(stated.interface);
            interface.offer(release.0, release.1).is_some()
        })
    };
    let mut doubts =
        relation.exceptions.iter().filter(|exception| exception.verdict == Verdict::Unknown);
    let has_facts = !relation.interfaces.is_empty()
        || catalog.skew_rules().iter().any(|rule| rule.relation == ix);
    let doubted = doubts.any(|exception| {
        holds(&exception.from, from)
            && holds(&exception.to, to)
            && features.includes(exception.when)
            && !features.meets(exception.unless)
    });
    has_facts && speaks(from) && speaks(to) && !doubted
}

/// Returns true if a skew rule is kept by two releases.
pub(super) fn keeps(catalog: &Catalog, rule: &SkewRule, from: ReleaseId, to: ReleaseId) -> bool {
    if from.0 != to.0 {
        return true;
    }
    let package = catalog.package(from.0);
    // A branch in development has no place among the release lines.
    if [from, to].iter().any(|side| package.release(side.1).channel == Channel::Development) {
        return true;
    }
    let ahead = package.lines_ahead(rule.unit, from.1, to.1);
    match rule.bound {
        SkewBound::Same => ahead == 0,
        SkewBound::FromAhead(most) => ahead <= i64::from(most),
        SkewBound::ToAhead(most) => ahead >= -i64::from(most),
    }
}

/// Returns what speaks against the packages that run together on a node.
pub(super) fn node_objections(catalog: &Catalog, node: &Node) -> Vec<String> {
    let mut objections = Vec::new();
    for release in node.releases() {
        for need in catalog.package(release.0).needs(release.1) {
            let constraint = catalog.constraint(need.constraint);
            let target = catalog.package(constraint.target);
            let fits = match (node.packages.get(&constraint.target), need.kind) {
                (Some(&rank), NeedKind::Requires | NeedKind::Optional) => {
                    constraint.allowed.contains(rank) || constraint.unknown.contains(rank)
                }
                (Some(&rank), NeedKind::Conflicts) => !constraint.allowed.contains(rank),
                (None, _) => true,
            };
            if !fits {
                let kind = need.kind.name();
                objections.push(format!(
                    "{} {kind} {} {}",
                    catalog.label(release),
                    target.name,
                    constraint.text
                ));
            }
        }
    }
    objections
}
