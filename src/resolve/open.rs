//! Sets of which no fact says whether they work: what they would be, and which facts are missing.
//!
//! A request without a set in the certain world is asked again in the possible one ([`World`]). If that has a set, the
//! answer is unknown, and the facts that would make it known are those that the set rests on. A list of
//! releases that ends before a core, or begins after it, leaves open too what goes with that core.

use super::problem::{Prefer, Request, Requirement, World};
use super::search::{SearchOutcome, search, search_all, search_early};
use super::silence::{Silence, listing};
use crate::answer::selection::{Missing, SetOutcome};
use crate::catalog::{Catalog, Listing, NeedKind, PackageIx, Rank, ReleaseId};

/// A set that works unless a missing fact says otherwise.
pub(super) struct PossibleSet {
    pub(super) chosen: Vec<ReleaseId>,
    pub(super) missing: Vec<Missing>,
}

/// The answer of the possible world to a request that has no set in the certain one.
pub(super) enum PossibleOutcome {
    Found(PossibleSet),
    Impossible,
    OutOfBudget,
}

/// Asks a request of the possible world.
pub(super) fn possible(catalog: &Catalog, request: &Request, budget: &mut u64) -> PossibleOutcome {
    let asked = in_world(request, World::Possible);
    if catalog.has_open() {
        match search_all(catalog, &asked, budget) {
            SearchOutcome::Found(chosen) => {
                let missing = missing(catalog, &chosen);
                return PossibleOutcome::Found(PossibleSet { chosen, missing });
            }
            SearchOutcome::OutOfBudget => return PossibleOutcome::OutOfBudget,
            SearchOutcome::Impossible => {}
        }
    }
    beyond_lists(catalog, &asked, budget)
}

/// Returns the best set for a request, or that there is none, without saying why.
pub fn find(catalog: &Catalog, request: &Request) -> SetOutcome {
    let mut left = request.budget;
    match search(catalog, request, &mut left) {
        SearchOutcome::Found(set) => SetOutcome::Set(set),
        SearchOutcome::Impossible => excluded(catalog, request, &mut left),
        SearchOutcome::OutOfBudget => SetOutcome::Unknown,
    }
}

/// Returns what a request comes to of which no set is known without pre-releases that needs name.
pub(super) fn excluded(catalog: &Catalog, request: &Request, left: &mut u64) -> SetOutcome {
    match search_early(catalog, request, left) {
        SearchOutcome::Found(set) => return SetOutcome::Set(set),
        SearchOutcome::OutOfBudget => return SetOutcome::Unknown,
        SearchOutcome::Impossible => {}
    }
    match possible(catalog, request, left) {
        PossibleOutcome::Found(set) => SetOutcome::Open(set.chosen),
        PossibleOutcome::Impossible => SetOutcome::Impossible,
        PossibleOutcome::OutOfBudget => SetOutcome::Unknown,
    }
}

/// Returns the request as one world is asked.
pub(super) fn in_world(request: &Request, world: World) -> Request {
    Request { world, ..request.clone() }
}

/// Looks for a release of a core that lies outside of the lists of plugins that were asked for, and goes with
/// the rest.
fn beyond_lists(catalog: &Catalog, request: &Request, budget: &mut u64) -> PossibleOutcome {
    let open =
        |requirement: &&Requirement| requirement.pinned.is_none() && is_cut(catalog, requirement);
    let cut: Vec<PackageIx> =
        request.requirements.iter().filter(open).map(|requirement| requirement.package).collect();
    for core in request.requirements.iter().filter(|one| one.restricted) {
        let newest_first: Vec<Rank> = core.releases.iter().collect();
        for &rank in newest_first.iter().rev() {
            let silent: Vec<(PackageIx, Silence)> = cut
                .iter()
                .filter(|&&plugin| catalog.package(plugin).core == Some(core.package))
                .filter_map(|&plugin| Some((plugin, listing(catalog, plugin, core.package, rank)?)))
                .collect();
            if silent.is_empty() {
                continue;
            }
            match without(catalog, request, (core.package, rank), &silent, budget) {
                PossibleOutcome::Impossible => {}
                known @ (PossibleOutcome::Found(_) | PossibleOutcome::OutOfBudget) => return known,
            }
        }
    }
    PossibleOutcome::Impossible
}

/// Whether the list of a requirement's package is known to leave releases out.
fn is_cut(catalog: &Catalog, requirement: &Requirement) -> bool {
    let package = catalog.package(requirement.package);
    package.listing == Listing::Partial || package.listed_from.is_some()
}

/// Asks for the rest beside one release of a core.
fn without(
    catalog: &Catalog,
    request: &Request,
    core: ReleaseId,
    silent: &[(PackageIx, Silence)],
    budget: &mut u64,
) -> PossibleOutcome {
    let is_silent = |package: PackageIx| silent.iter().any(|(plugin, _)| *plugin == package);
    let mut rest = request.clone();
    rest.requirements.retain(|one| one.package != core.0 && !is_silent(one.package));
    rest.requirements.insert(0, Requirement::exactly(catalog, core.0, core.1));
    match search_all(catalog, &rest, budget) {
        SearchOutcome::Found(chosen) => {
            let told = silent.iter().map(|&(plugin, silence)| Missing {
                package: plugin,
                text: silence.text(catalog, plugin, core),
            });
            let missing = told.chain(missing(catalog, &chosen)).collect();
            PossibleOutcome::Found(PossibleSet { chosen, missing })
        }
        SearchOutcome::Impossible => PossibleOutcome::Impossible,
        SearchOutcome::OutOfBudget => PossibleOutcome::OutOfBudget,
    }
}

/// Returns the facts that are missing for a set to be known to work.
pub(super) fn missing(catalog: &Catalog, chosen: &[ReleaseId]) -> Vec<Missing> {
    let rank_of = |package| chosen.iter().find(|(of, _)| *of == package).map(|(_, rank)| *rank);
    let mut missing = Vec::new();
    for &(package, rank) in chosen {
        let (stated, label) = (catalog.package(package), catalog.label((package, rank)));
        let mut push = |text: String| missing.push(Missing { package, text });
        if let Some(why) = stated.unstated(rank) {
            push(format!("what {label} needs is not known: {why}"));
        }
        for need in stated.needs(rank) {
            let constraint = catalog.constraint(need.constraint);
            let open = rank_of(need.target).filter(|&other| {
                constraint.unknown.contains(other) && !constraint.allowed.contains(other)
            });
            if let Some(other) = open {
                let target = catalog.label((need.target, other));
                let asked = &constraint.text;
                push(match (constraint.interface, need.kind) {
                    (Some(_), _) => {
                        format!("no fact says whether {target} has {asked}, which {label} needs")
                    }
                    (None, NeedKind::Conflicts) => {
                        format!("no fact says whether {label} excludes {target}")
                    }
                    (None, _) => format!("no fact says whether {label} goes with {target}"),
                });
            }
        }
    }
    missing
}

/// Returns the release that would be better than what was chosen if facts that are missing allowed it, and what is
/// missing.
pub(super) fn better(
    catalog: &Catalog,
    request: &Request,
    chosen: &[ReleaseId],
    budget: &mut u64,
) -> Option<(ReleaseId, Vec<Missing>)> {
    if request.prefer == Prefer::FewestChanges || !catalog.has_open() {
        return None;
    }
    let asked = in_world(request, World::Possible);
    let SearchOutcome::Found(other) = search(catalog, &asked, budget) else { return None };
    let missing = missing(catalog, &other);
    let of = |set: &[ReleaseId], package| {
        set.iter().find(|(other, _)| *other == package).map(|(_, rank)| *rank)
    };
    let changed = request.requirements.iter().map(|requirement| requirement.package);
    let changed = changed.chain(chosen.iter().map(|release| release.0));
    let mut changed = changed.filter_map(|package| {
        let rank = of(&other, package)?;
        (of(chosen, package) != Some(rank)).then_some((package, rank))
    });
    let first = changed.find(|release| missing.iter().any(|one| one.package == release.0))?;
    let missing = missing.into_iter().filter(|one| one.package == first.0).collect();
    Some((first, missing))
}
