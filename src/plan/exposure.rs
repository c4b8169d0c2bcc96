//! States that depend on a feature not being used, and how to find out.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::plan::GateAsk;
use crate::catalog::{Catalog, Expect, Feature, FeatureIx, Probe};
use crate::finding::{Check, Cite, Finding, Severity};

/// Returns what is to be said about pairs, each with the features that endanger it, and what to ask
/// before the start. Features that endanger the same pairs are said together.
pub(super) fn all(
    catalog: &Catalog,
    exposed: impl Iterator<Item = (String, Vec<FeatureIx>)>,
) -> Vec<(Finding, Vec<GateAsk>)> {
    let mut by_feature: BTreeMap<FeatureIx, BTreeSet<String>> = BTreeMap::new();
    for (pair, features) in exposed {
        for feature in features {
            by_feature.entry(feature).or_default().insert(pair.clone());
        }
    }
    let mut by_pairs: BTreeMap<BTreeSet<String>, Vec<&Feature>> = BTreeMap::new();
    for (feature, pairs) in by_feature {
        by_pairs.entry(pairs).or_default().push(&catalog.features()[feature.ix()]);
    }
    let both = |(pairs, features): (BTreeSet<String>, Vec<&Feature>)| {
        let probes = features.iter().filter_map(|feature| not_in_use(feature)).collect();
        (finding(catalog, pairs, &features), probes)
    };
    by_pairs.into_iter().map(both).collect()
}

fn finding(catalog: &Catalog, pairs: BTreeSet<String>, features: &[&Feature]) -> Finding {
    let names: Vec<_> = features.iter().map(|feature| feature.name.as_str()).collect();
    let pairs = pairs.into_iter().collect::<Vec<_>>().join(", ");
    let message = format!(
        "while versions are mixed, nobody may use {}: {pairs} would break",
        names.join(", ")
    );
    let mut finding = Finding::new(Check::PlanExposure, Severity::Info, pairs, message);
    for feature in features {
        let cite = catalog.cite(feature.fact);
        if finding.cites.iter().all(|known| known.source != cite.source) {
            finding.cites.push(Cite { note: None, ..cite });
        }
    }
    finding.hinting("the checks before the start tell which of them are in use")
}

/// Returns the question whether a feature is out of use, where its matrix says how to detect it.
fn not_in_use(feature: &Feature) -> Option<GateAsk> {
    let probe = feature.detect.as_ref()?;
    let expect = Expect::Not(Box::new(probe.expect.clone()));
    Some(GateAsk {
        name: format!("{}-not-in-use", feature.name),
        nodes: Vec::new(),
        only_if: None,
        probe: Probe { expect, ..probe.clone() },
        others: Vec::new(),
        why: format!("{} would break pairs of versions on the way", feature.name),
    })
}
