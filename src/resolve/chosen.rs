//! A chosen set as it is reported: why each release is there, and what is odd about what was asked for.

use rustc_hash::{FxHashMap, FxHashSet};

use super::problem::{Origin, Request};
use crate::answer::selection::{Pick, Selection};
use crate::catalog::{Catalog, NeedKind, PackageIx, Rank};
use crate::finding::{Check, Finding, Severity};

/// Makes the answer from the chosen ranks.
pub(super) fn selection(
    catalog: &Catalog,
    request: &Request,
    chosen: &[(PackageIx, Rank)],
) -> Selection {
    let findings = requirement_findings(catalog, request);
    Selection { picks: picks(catalog, request, chosen), findings }
}

/// Makes what is reported of each chosen release.
pub(super) fn picks(
    catalog: &Catalog,
    request: &Request,
    chosen: &[(PackageIx, Rank)],
) -> Vec<Pick> {
    let mut needed_by: FxHashMap<PackageIx, Vec<PackageIx>> = FxHashMap::default();
    for &(package, rank) in chosen {
        let needs = catalog.package(package).needs(rank).iter();
        for need in needs.filter(|need| need.kind == NeedKind::Requires) {
            let by = needed_by.entry(need.target).or_default();
            // A release may require a package twice.
            if by.last() != Some(&package) {
                by.push(package);
            }
        }
    }
    let required =
        request.requirements.iter().filter(|requirement| requirement.origin != Origin::Runs);
    let required: FxHashSet<PackageIx> = required.map(|requirement| requirement.package).collect();
    chosen
        .iter()
        .map(|&release| Pick {
            release,
            requested: required.contains(&release.0),
            needed_by: needed_by.remove(&release.0).unwrap_or_default(),
        })
        .collect()
}

/// Says what is odd about the releases that were asked for by name.
pub(super) fn requirement_findings(catalog: &Catalog, request: &Request) -> Vec<Finding> {
    let mut findings = Vec::new();
    for requirement in &request.requirements {
        let package = catalog.package(requirement.package);
        let Some(rank) = requirement.pinned.filter(|_| requirement.releases.count() == 1) else {
            continue;
        };
        let release = package.release(rank);
        let label = catalog.label((requirement.package, rank));
        let mut push = |check, severity, message: String| {
            let finding = Finding::new(check, severity, label.clone(), message);
            let cite =
                release.fact.map(|fact| catalog.cite_for(fact, Some((requirement.package, rank))));
            findings.push(Finding { cites: cite.into_iter().collect(), ..finding });
        };
        if !release.is_listed() {
            push(
                Check::ReleaseUnlisted,
                Severity::Warning,
                format!("{label} is not listed; facts stated for its release line are applied"),
            );
        }
        if let Some(why) = &release.withdrawn {
            push(
                Check::ReleaseWithdrawn,
                Severity::Warning,
                format!("{label} was withdrawn: {why}"),
            );
        }
    }
    findings
}
