//! The answer for every release of a core, from one instance.
//!
//! What is learned under one core release holds for all, so one engine is asked for each in turn, the
//! newest first, with the core held to that release. Nothing is lowered before contradictions come back to
//! it; a core release that is too hard for that is asked about again with everything lowered.

use super::engine::{Engine, Stop};
use super::problem::{Request, Requirement};
use crate::answer::selection::{CoreAnswer, SetOutcome};
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseSet};

/// After so many core releases it pays to know for each of them what goes with it.
const FIRST: usize = 3;

/// Returns what a request comes to with each release of a core, the oldest release first. Requirements for
/// the core itself do not count: each release is asked for by its name. Each answer may take as many
/// steps as the request allows.
pub fn every_core(catalog: &Catalog, request: &Request, core: PackageIx) -> Vec<CoreAnswer> {
    let request = with_any(catalog, request, core);
    let mut lazy = request.shortcut.then(|| Engine::lazy(catalog, &request, request.budget));
    let mut engine: Option<Engine<'_>> = None;
    let mut answers: Vec<CoreAnswer> = Vec::new();
    for rank in catalog.package(core).ranks().rev() {
        let quick = lazy.as_mut().and_then(|lazy| {
            if answers.len() == FIRST {
                lazy.keep_rows();
            }
            search(lazy, core, rank)
        });
        let outcome = quick.or_else(|| {
            let engine = engine.get_or_insert_with(|| Engine::for_cores(catalog, &request, core));
            search(engine, core, rank)
        });
        let outcome = outcome.unwrap_or(SetOutcome::Unknown);
        answers.push(CoreAnswer { core: (core, rank), outcome });
    }
    answers.reverse();
    answers
}

/// Returns the answer for a release of the core; `None` if the engine is not the one for it.
fn search(engine: &mut Engine<'_>, core: PackageIx, rank: Rank) -> Option<SetOutcome> {
    match engine.solve_with(core, rank) {
        Ok(true) => Some(SetOutcome::Set(engine.chosen())),
        Ok(false) => Some(SetOutcome::Impossible),
        Err(Stop::OutOfBudget) => Some(SetOutcome::Unknown),
        Err(Stop::Back) => None,
    }
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
