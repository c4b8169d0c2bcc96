//! The answer for every release of a core, from one instance.
//!
//! The instance is lowered once, and what is learned under one core release holds for all. For each
//! core release, the newest first, the short way is tried and then the search, with the core held to
//! that release.

use super::engine::{Engine, Greedy, Stop};
use super::problem::{Request, Wish};
use crate::answer::selection::{CoreAnswer, SetOutcome};
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseSet};

/// Returns what a request comes to with each release of a core, the oldest release first. Wishes for
/// the core itself do not count: each release is asked for by its name. Each answer may take as many
/// steps as the request allows.
pub fn every_core(catalog: &Catalog, request: &Request, core: PackageIx) -> Vec<CoreAnswer> {
    let request = with_any(catalog, request, core);
    let mut greedy = request.shortcut.then(|| Greedy::new(catalog, &request, Some(core)));
    let mut engine: Option<Engine<'_>> = None;
    let mut answers: Vec<CoreAnswer> = Vec::new();
    for rank in catalog.package(core).ranks().rev() {
        let mut steps = request.budget;
        let short = greedy.as_mut().and_then(|greedy| greedy.with_core(rank, &mut steps));
        let outcome = match short {
            Some(set) => SetOutcome::Set(set),
            None => {
                let engine =
                    engine.get_or_insert_with(|| Engine::for_cores(catalog, &request, core));
                search(engine, core, rank)
            }
        };
        answers.push(CoreAnswer { core: (core, rank), outcome });
    }
    answers.reverse();
    answers
}

fn search(engine: &mut Engine<'_>, core: PackageIx, rank: Rank) -> SetOutcome {
    let found = engine.solve_with(core, rank);
    match found {
        Ok(true) => SetOutcome::Set(engine.chosen()),
        Ok(false) => SetOutcome::Impossible,
        Err(Stop::OutOfBudget | Stop::Back) => SetOutcome::Unknown,
    }
}

/// Puts a wish for any release of the core in front.
fn with_any(catalog: &Catalog, request: &Request, core: PackageIx) -> Request {
    let mut request = request.clone();
    request.wishes.retain(|wish| wish.package != core);
    let stated = catalog.package(core);
    let wish = Wish {
        releases: ReleaseSet::full(stated.len()),
        restricted: true,
        ..Wish::any(catalog, core)
    };
    request.wishes.insert(0, wish);
    request
}
