//! Which interfaces change level.

use fixedbitset::FixedBitSet;

use crate::answer::diff::{Change, InterfaceChange, Levels};
use crate::catalog::{Catalog, FeatureSet, Interface, InterfaceIx, LevelSpan, Offer, ReleaseId};

/// Returns the interfaces that both releases do not offer alike, in order of the matrix.
pub(super) fn interfaces(
    catalog: &Catalog,
    from: ReleaseId,
    to: ReleaseId,
    features: FeatureSet,
) -> Vec<InterfaceChange> {
    let all = catalog.interfaces().iter().enumerate();
    all.filter_map(|(ix, interface)| {
        let (before, after) = (interface.offer(from.0, from.1), interface.offer(to.0, to.1));
        let reads =
            levels(interface, before.map(|it| &*it.reads), after.map(|it| &*it.reads), features);
        let writes =
            levels(interface, before.map(|it| &*it.writes), after.map(|it| &*it.writes), features);
        let change = change(before, after, [&reads, &writes])?;
        let facts = after.into_iter().map(|it| (it, to)).chain(before.map(|it| (it, from)));
        let mut cites: Vec<_> =
            facts.map(|(it, release)| catalog.cite_for(it.fact, Some(release))).collect();
        cites.dedup();
        Some(InterfaceChange { interface: InterfaceIx::new(ix), change, reads, writes, cites })
    })
    .collect()
}

fn change(before: Option<&Offer>, after: Option<&Offer>, sides: [&Levels; 2]) -> Option<Change> {
    let lost = sides.iter().any(|levels| !levels.lost.is_empty());
    let gained = sides.iter().any(|levels| !levels.gained.is_empty());
    match (before, after) {
        (None, None) => None,
        (None, Some(_)) => Some(Change::New),
        (Some(_), None) => Some(Change::Gone),
        (Some(_), Some(_)) => match (lost, gained) {
            (false, false) => None,
            (false, true) => Some(Change::Wider),
            (true, false) => Some(Change::Narrower),
            (true, true) => Some(Change::Moved),
        },
    }
}

/// Compares what counts with the features in use. What is told before and after are the levels too, not
/// the conditions under which they count.
fn levels(
    interface: &Interface,
    before: Option<&[LevelSpan]>,
    after: Option<&[LevelSpan]>,
    features: FeatureSet,
) -> Levels {
    let (old, new) = (set(interface, before, features), set(interface, after, features));
    let names = |positions: FixedBitSet| -> Vec<String> {
        positions.ones().map(|level| interface.levels[level].clone()).collect()
    };
    Levels {
        lost: names(old.difference(&new).collect()),
        gained: names(new.difference(&old).collect()),
        before: spans(interface, &old),
        after: spans(interface, &new),
    }
}

/// Returns the levels that the spans hold, by position.
fn set(interface: &Interface, spans: Option<&[LevelSpan]>, features: FeatureSet) -> FixedBitSet {
    let mut set = FixedBitSet::with_capacity(interface.levels.len());
    for span in spans.unwrap_or_default().iter().filter(|span| span.counts(features)) {
        let end = (span.high as usize).saturating_add(1).min(interface.levels.len());
        if (span.low as usize) < end {
            set.insert_range(span.low as usize..end);
        }
    }
    set
}

/// Names runs of levels by their ends.
fn spans(interface: &Interface, set: &FixedBitSet) -> Vec<String> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for level in set.ones() {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == level => *last = level,
            _ => runs.push((level, level)),
        }
    }
    let name = |level: usize| interface.levels[level].as_str();
    let text = |(first, last): (usize, usize)| {
        if first == last {
            name(first).to_owned()
        } else {
            format!("{}..={}", name(first), name(last))
        }
    };
    runs.into_iter().map(text).collect()
}
