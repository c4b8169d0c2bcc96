//! One question to the engine: is there a set, and which is the best?

use super::engine::{Engine, Stop};
use super::problem::{Prefer, Request};
use super::statement::{Scope, Statement};
use crate::answer::selection::SetOutcome;
use crate::catalog::{Catalog, ReleaseId};

pub(super) enum Outcome {
    Found(Vec<ReleaseId>),
    Impossible,
    OutOfBudget,
}

/// Searches for the best set. Takes the steps it needs off the budget.
pub(super) fn search(catalog: &Catalog, request: &Request, budget: &mut u64) -> Outcome {
    *budget = budget.saturating_sub(1);
    if request.shortcut && request.prefer != Prefer::FewestChanges {
        let mut engine = Engine::lazy(catalog, request, *budget);
        let found = engine.solve(&[]);
        *budget = engine.steps();
        match found {
            Ok(true) => return Outcome::Found(engine.chosen()),
            Ok(false) => return Outcome::Impossible,
            Err(Stop::OutOfBudget) => return Outcome::OutOfBudget,
            // It is harder than that.
            Err(Stop::Back) => {}
        }
    }
    if request.prefer == Prefer::FewestChanges {
        return fewest_changes(catalog, request, budget);
    }
    run(&mut Engine::new(catalog, request, Scope::All, *budget), budget)
}

fn run(engine: &mut Engine<'_>, budget: &mut u64) -> Outcome {
    let found = engine.solve(&[]);
    *budget = engine.steps();
    match found {
        Ok(true) => Outcome::Found(engine.chosen()),
        Ok(false) => Outcome::Impossible,
        Err(Stop::OutOfBudget | Stop::Back) => Outcome::OutOfBudget,
    }
}

/// Returns the best set for a request, or that there is none, without saying why.
pub fn find(catalog: &Catalog, request: &Request) -> SetOutcome {
    match search(catalog, request, &mut request.budget.clone()) {
        Outcome::Found(set) => SetOutcome::Set(set),
        Outcome::Impossible => SetOutcome::Impossible,
        Outcome::OutOfBudget => SetOutcome::Unknown,
    }
}

/// Allows no change, then one, then two, until there is a set: the first one found is the newest of
/// those that change least.
fn fewest_changes(catalog: &Catalog, request: &Request, budget: &mut u64) -> Outcome {
    // Whether there is a set at all does not depend on the order, and says how far to go.
    let any = Request { prefer: Prefer::Newest, ..request.clone() };
    let found = search(catalog, &any, budget);
    let Outcome::Found(found) = found else {
        return found;
    };
    let most = found.len() + request.installed.len();
    for changes in 0..=most {
        let mut engine = Engine::new(catalog, request, Scope::All, *budget);
        engine.allow_changes(changes);
        let outcome = run(&mut engine, budget);
        if !matches!(outcome, Outcome::Impossible) {
            return outcome;
        }
    }
    Outcome::Found(found)
}

/// What some statements come to.
pub(super) enum Verdict {
    /// There is a set.
    Possible(Vec<ReleaseId>),
    /// These of them contradict each other.
    Contradiction(Vec<Statement>),
    OutOfBudget,
}

/// Asks whether statements can hold together.
pub(super) fn judge(
    catalog: &Catalog,
    request: &Request,
    scope: Scope,
    budget: &mut u64,
) -> Verdict {
    let mut engine = Engine::new(catalog, request, scope, *budget);
    let found = engine.solve(&[]);
    *budget = engine.steps();
    match found {
        Ok(true) => Verdict::Possible(engine.chosen()),
        Ok(false) => Verdict::Contradiction(engine.contradiction()),
        Err(Stop::OutOfBudget | Stop::Back) => Verdict::OutOfBudget,
    }
}
