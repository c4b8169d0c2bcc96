//! The answer for every release of a core, from one instance.
//!
//! What is learned under one core release holds for all, so one engine is asked for each in turn, the
//! newest first, with the core held to that release. Nothing is lowered before contradictions come back to
//! it; a core release that is too hard for that is asked about again with everything lowered.

use super::engine::{LazySolver, Solver, Unsolved, for_cores, solve_with};
use super::open::excluded;
use super::problem::{Request, Requirement};
use crate::answer::selection::{CoreAnswer, SetOutcome};
use crate::catalog::{Catalog, PackageIx, ReleaseId, ReleaseSet};

/// After so many core releases it pays to know for each of them what goes with it.
const FIRST: usize = 3;

/// Returns what a request comes to with each release of a core, the oldest release first. Requirements for
/// the core itself do not count: each release is asked for by its name. Each answer may take as many
/// steps as the request allows.
pub fn every_core(catalog: &Catalog, request: &Request, core: PackageIx) -> Vec<CoreAnswer> {
    let request = with_any(catalog, request, core);
    let mut lazy = request.shortcut.then(|| LazySolver::new(catalog, &request, request.budget));
    let mut eager: Option<Solver<'_>> = None;
    let mut answers: Vec<CoreAnswer> = Vec::new();
    for rank in catalog.package(core).ranks().rev() {
        let quick = lazy.as_mut().and_then(|lazy| {
            if answers.len() == FIRST {
                lazy.keep_rows();
            }
            read(lazy.solve_with(core, rank), || lazy.chosen())
        });
        let outcome = quick.or_else(|| {
            let solver = eager.get_or_insert_with(|| for_cores(catalog, &request, core));
            read(solve_with(solver, core, rank), || solver.chosen())
        });
        let outcome = match outcome.unwrap_or(SetOutcome::Unknown) {
            SetOutcome::Impossible => known_otherwise(catalog, &request, (core, rank)),
            known @ (SetOutcome::Set(_) | SetOutcome::Open(_) | SetOutcome::Unknown) => known,
        };
        answers.push(CoreAnswer { core: (core, rank), outcome });
    }
    answers.reverse();
    answers
}

/// Returns the answer that a search came to; `None` if the solver is not the one for it.
fn read(
    found: Result<bool, Unsolved>,
    chosen: impl FnOnce() -> Vec<ReleaseId>,
) -> Option<SetOutcome> {
    match found {
        Ok(true) => Some(SetOutcome::Set(chosen())),
        Ok(false) => Some(SetOutcome::Impossible),
        Err(Unsolved::OutOfBudget) => Some(SetOutcome::Unknown),
        Err(Unsolved::GivenUp) => None,
    }
}

/// Returns what a request comes to that has no known set with a release of its core, which it asks for first.
fn known_otherwise(catalog: &Catalog, request: &Request, core: ReleaseId) -> SetOutcome {
    let mut request = request.clone();
    request.requirements[0] = Requirement::exactly(catalog, core.0, core.1);
    let mut budget = request.budget;
    excluded(catalog, &request, &mut budget)
}

/// Puts a requirement for any release of the core in front.
fn with_any(catalog: &Catalog, request: &Request, core: PackageIx) -> Request {
    let mut request = request.clone();
    request.requirements.retain(|requirement| requirement.package != core);
    let stated = catalog.package(core);
    let requirement = Requirement {
        releases: ReleaseSet::full(stated.len()),
        restricted: true,
        ..Requirement::any(catalog, core)
    };
    request.requirements.insert(0, requirement);
    request
}
