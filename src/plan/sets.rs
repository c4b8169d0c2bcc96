//! Which packages a node runs after a hop: its plugins move only when they must.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::plan::NoPlan;
use crate::answer::selection::Resolution;
use crate::catalog::{Catalog, NeedKind, PackageIx, PackageKind, Rank, ReleaseId};
use crate::finding::{Check, Finding, Severity};
use crate::resolve::{Request, Wish, resolve};

/// Packages and their releases on one node.
pub(super) type Packages = BTreeMap<PackageIx, Rank>;

/// Returns what a node that runs `current` runs after its main package became `to` in the place of
/// `from`. Wishes for plugins in `targets` bind; other plugins keep their release if it fits.
pub(super) fn after(
    catalog: &Catalog,
    current: &Packages,
    from: ReleaseId,
    to: ReleaseId,
    targets: &[Wish],
) -> Result<Packages, NoPlan> {
    let mut installed = current.clone();
    if from.0 != to.0 {
        installed.remove(&from.0);
    }
    installed.insert(to.0, to.1);
    let mut wishes = vec![Wish::exactly(catalog, to.0, to.1)];
    for (&package, &rank) in installed.iter().filter(|(package, _)| **package != to.0) {
        wishes.push(wish(catalog, package, rank, targets));
    }
    let request = Request { installed: installed.clone(), ..Request::newest(wishes) };
    match resolve(catalog, &request) {
        // What the node does not state although it needs it already is left to whoever installs it.
        Resolution::Found(selection) => {
            let unstated = unstated(catalog, current);
            let picks = selection.picks.iter().map(|pick| pick.release);
            Ok(picks
                .filter(|(package, _)| {
                    installed.contains_key(package)
                        || (is_part(catalog, *package) && !unstated.contains(package))
                })
                .collect())
        }
        Resolution::Impossible(conflict) => {
            let subject = catalog.label(to);
            let mut reasons: Vec<_> = conflict
                .clashes
                .into_iter()
                .map(|clash| {
                    let mut finding =
                        Finding::new(Check::NoSet, Severity::Error, subject.clone(), clash.text);
                    finding.cites.extend(clash.cite);
                    finding
                })
                .collect();
            reasons.insert(
                0,
                Finding::new(
                    Check::NoSet,
                    Severity::Error,
                    subject.clone(),
                    format!("no set of the node's plugins works with {subject}"),
                ),
            );
            Err(NoPlan {
                reasons,
                alternatives: conflict.repairs.into_iter().map(|repair| repair.text).collect(),
            })
        }
        Resolution::Unknown { steps } => {
            let message = format!("no plugin set was found in {steps} steps");
            Err(NoPlan {
                reasons: vec![Finding::new(
                    Check::NoSet,
                    Severity::Error,
                    catalog.label(to),
                    message,
                )],
                alternatives: Vec::new(),
            })
        }
    }
}

/// Wishes for a package of the node: what was asked for, or any release, the running one included.
fn wish(catalog: &Catalog, package: PackageIx, rank: Rank, targets: &[Wish]) -> Wish {
    match targets.iter().find(|wish| wish.package == package) {
        Some(asked) => asked.clone(),
        None => {
            let mut any = Wish::any(catalog, package);
            any.releases.insert(rank);
            any
        }
    }
}

/// Returns the packages that a node needs already and does not state.
fn unstated(catalog: &Catalog, current: &Packages) -> BTreeSet<PackageIx> {
    let needs = current.iter().flat_map(|(&package, &rank)| catalog.package(package).needs(rank));
    needs
        .filter(|need| need.kind == NeedKind::Requires)
        .map(|need| catalog.constraint(need.constraint).target)
        .filter(|target| !current.contains_key(target))
        .collect()
}

/// Whether a package is part of the product rather than beneath it.
fn is_part(catalog: &Catalog, package: PackageIx) -> bool {
    match catalog.package(package).kind {
        PackageKind::Core | PackageKind::Plugin => true,
        PackageKind::Runtime | PackageKind::Platform => false,
    }
}
