//! `sets`: which sets are there?

use super::judge;
use super::setting::Setting;
use crate::answer::selection::{AllSets, Count, End, Resolution, Sets, SetsOutcome};
use crate::answer::{Answer, Body};
use crate::failure::Failure;
use crate::knowledge::KnowledgeBase;
use crate::query::{Extent, SetsQuery};
use crate::resolve::{Request, count, sets};

/// How many steps a count may take that nobody asked for: some hundredths of a second.
const CHEAP: u64 = 5_000_000;

pub(in crate::api) fn answer(base: &KnowledgeBase, query: &SetsQuery) -> Result<Answer, Failure> {
    let setting = Setting::of_sets(base, query)?;
    let (request, resolution) = judge::answer(&setting);
    let (verdict, findings) = judge::judge(&setting, &request, &resolution);
    let outcome = match resolution {
        Resolution::Found(_) => found(&setting, &request, query.extent),
        Resolution::Impossible(mut conflict) => {
            judge::add_ended(&setting, &mut conflict);
            SetsOutcome::Impossible(conflict)
        }
        Resolution::Undecided(undecided) => SetsOutcome::Undecided(undecided),
        Resolution::Unknown { steps } => SetsOutcome::Unknown { steps },
    };
    let body = Body::Sets(AllSets { as_of: setting.day, outcome });
    Ok(Answer::new(setting.catalog, "sets", Some(verdict), findings, body))
}

fn found(setting: &Setting<'_>, request: &Request, extent: Extent) -> SetsOutcome {
    let Extent::Best(limit) = extent else {
        return SetsOutcome::Found { count: count(&setting.catalog, request), best: None };
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let best = sets(&setting.catalog, request, limit);
    let count = number(setting, request, &best);
    SetsOutcome::Found { count, best: Some(best) }
}

/// Returns how many sets there are, as far as that is cheap; never less than are shown.
fn number(setting: &Setting<'_>, request: &Request, best: &Sets) -> Count {
    let shown = best.sets.len();
    let least = Count { number: shown.to_string(), exact: best.end == End::Complete };
    if least.exact {
        return least;
    }
    let request = Request { budget: request.budget.min(CHEAP), ..request.clone() };
    let counted = count(&setting.catalog, &request);
    // A number too long for the type is more than can be shown.
    let is_less = counted.number.parse::<usize>().is_ok_and(|number| number < shown);
    if is_less { least } else { counted }
}
