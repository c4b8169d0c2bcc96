//! Steps that do the same, told together: the lines of a long plan.

use std::collections::BTreeMap;

use crate::answer::plan::{Action, Plan, Rollback, Step};
use crate::catalog::ReleaseId;

/// A plan of more steps than this is told in fewer lines than steps.
const LONG: usize = 60;

/// Everything in which two steps of a wave must be alike to be told together.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Alike<'p> {
    hop: usize,
    wave: usize,
    action: &'static str,
    from: Option<ReleaseId>,
    to: Option<ReleaseId>,
    with: &'p [(Option<ReleaseId>, ReleaseId)],
    /// Migrations are told one by one.
    name: Option<&'p str>,
    gates: Vec<&'p str>,
    has_way_back: bool,
    /// The step from which on there is no way back is told alone.
    is_point: bool,
}

/// Returns the positions of the steps of each line, in order. Of a short plan each step has its own.
pub(super) fn lines(plan: &Plan) -> Vec<Vec<usize>> {
    if plan.steps.len() <= LONG {
        return (0..plan.steps.len()).map(|step| vec![step]).collect();
    }
    let mut lines: BTreeMap<Alike<'_>, Vec<usize>> = BTreeMap::new();
    for (ix, step) in plan.steps.iter().enumerate() {
        lines.entry(alike(plan, ix, step)).or_default().push(ix);
    }
    let mut lines: Vec<Vec<usize>> = lines.into_values().collect();
    let place = |line: &Vec<usize>| {
        let first = line[0];
        (plan.steps[first].hop, plan.steps[first].wave, first)
    };
    lines.sort_by_key(place);
    lines
}

fn alike<'p>(plan: &'p Plan, ix: usize, step: &'p Step) -> Alike<'p> {
    let (from, to, with, name): (_, _, &[_], _) = match &step.action {
        Action::Upgrade { from, to, with, .. } => (Some(*from), Some(*to), with, None),
        Action::Install { from, to, .. } => (*from, Some(*to), &[], None),
        Action::Migrate { name, .. } => (None, None, &[], Some(name.as_str())),
        Action::Switch { .. } | Action::Stop { .. } | Action::Start { .. } => {
            (None, None, &[], None)
        }
    };
    Alike {
        hop: step.hop,
        wave: step.wave,
        action: step.action.name(),
        from,
        to,
        with,
        name,
        gates: step.gates.iter().map(|gate| gate.name.as_str()).collect(),
        has_way_back: matches!(step.rollback, Rollback::Possible(_)),
        is_point: plan.point_of_no_return.as_ref().is_some_and(|point| point.step == ix),
    }
}

/// Names the first few of many things: `a2, b2, c2 and 297 more`.
pub(super) fn some(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    match names.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{} and {more} more", names[..SHOWN].join(", ")),
        _ => names.join(", "),
    }
}
