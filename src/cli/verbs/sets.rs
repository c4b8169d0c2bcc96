//! `sets`: which sets are there?

use std::sync::Arc;

use super::super::args::{Common, PreferArg, Question};
use super::super::output::Printed;
use super::super::request::Asked;
use super::super::{Failure, second_look};
use super::finish;
use crate::answer::selection::{AllSets, Count, End, Resolution, Sets, SetsOutcome};
use crate::answer::{Answer, Body};
use crate::resolve::{Request, count, sets};

/// How many sets are shown if nobody says.
const LIMIT: u32 = 10;

/// How many steps a count may take that nobody asked for: some hundredths of a second.
const CHEAP: u64 = 5_000_000;

/// How much of the answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Only the number.
    Count,
    /// So many sets; as many as fit a screen if nobody says.
    Best(Option<u32>),
}

pub(super) fn run(
    common: &Common,
    question: &Question,
    prefer: PreferArg,
    extent: Extent,
) -> Result<Printed, Failure> {
    let asked = Asked::read(common, question, prefer, None)?;
    let (request, resolution) = second_look::answer(&asked);
    let (verdict, findings) = second_look::judge(common, &asked, &request, &resolution);
    let outcome = match resolution {
        Resolution::Found(_) => found(&asked, &request, extent),
        Resolution::Impossible(mut conflict) => {
            second_look::add_ended(&asked, &mut conflict);
            SetsOutcome::Impossible(conflict)
        }
        Resolution::Unknown { steps } => SetsOutcome::Unknown { steps },
    };
    let body = Body::Sets(AllSets { as_of: asked.day, outcome });
    let verdict = Some(verdict);
    finish(
        common,
        Answer { catalog: Arc::clone(&asked.catalog), command: "sets", verdict, findings, body },
    )
}

fn found(asked: &Asked, request: &Request, extent: Extent) -> SetsOutcome {
    let Extent::Best(limit) = extent else {
        return SetsOutcome::Found { count: count(&asked.catalog, request), best: None };
    };
    let limit = usize::try_from(limit.unwrap_or(LIMIT)).unwrap_or(usize::MAX);
    let best = sets(&asked.catalog, request, limit);
    let count = number(asked, request, &best);
    SetsOutcome::Found { count, best: Some(best) }
}

/// Returns how many sets there are, as far as that is cheap; never less than are shown.
fn number(asked: &Asked, request: &Request, best: &Sets) -> Count {
    let shown = best.sets.len();
    let least = Count { number: shown.to_string(), exact: best.end == End::Complete };
    if least.exact {
        return least;
    }
    let request = Request { budget: request.budget.min(CHEAP), ..request.clone() };
    let counted = count(&asked.catalog, &request);
    // A number too long for the type is more than can be shown.
    let is_less = counted.number.parse::<usize>().is_ok_and(|number| number < shown);
    if is_less { least } else { counted }
}
