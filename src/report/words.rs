//! Words that several formats share.

use crate::answer::support::End;
use crate::catalog::{Catalog, FeatureSet, Interface, LevelSpan, Package, Rank};

/// Returns the newest release that may be chosen unasked, or the newest of all.
pub(super) fn newest(package: &Package) -> Option<Rank> {
    let choosable = package.ranks().rev().find(|&rank| package.release(rank).is_choosable());
    choosable.or_else(|| package.ranks().next_back())
}

/// Prints level spans with their conditions, one text each.
pub(super) fn spans(catalog: &Catalog, interface: &Interface, spans: &[LevelSpan]) -> Vec<String> {
    let names = |features: FeatureSet| {
        let names: Vec<_> =
            features.iter().map(|feature| catalog.features()[feature.ix()].name.as_str()).collect();
        names.join("+")
    };
    spans
        .iter()
        .map(|span| {
            let mut text = match (span.low, span.high) {
                (low, high) if low == high => interface.level(low).to_owned(),
                (0, u32::MAX) => "*".to_owned(),
                (0, high) => format!("..={}", interface.level(high)),
                (low, u32::MAX) => format!("{}..", interface.level(low)),
                (low, high) => format!("{}..={}", interface.level(low), interface.level(high)),
            };
            if !span.when.is_empty() {
                text = format!("{text} with {}", names(span.when));
            }
            if !span.unless.is_empty() {
                text = format!("{text} without {}", names(span.unless));
            }
            text
        })
        .collect()
}

/// Returns the end of a phase, if it is known, and how.
pub(super) fn end(end: &End) -> (Option<String>, String) {
    match end {
        End::Stated(until) => (Some(until.text()), "stated".to_owned()),
        End::Computed { date, rule } => (Some(date.to_string()), rule.clone()),
        End::Superseded { by: Some((line, date)) } => {
            (Some(date.to_string()), format!("superseded by {line}"))
        }
        End::Superseded { by: None } => (None, "until the next line comes out".to_owned()),
        End::Open => (None, "no end was announced".to_owned()),
        End::NotKnown { reason, would_be: Some(date) } => {
            (None, format!("unknown: {reason}; would be {date}"))
        }
        End::NotKnown { reason, would_be: None } => (None, format!("unknown: {reason}")),
    }
}
