//! Sentences on which people rely when they plan a change, and what must be known before each is printed.

use crate::answer::plan::{Plan, Service};

/// Says whether something that must be served is not served on the way: `no downtime` only if facts say of
/// every step that it is.
pub(super) fn downtime(plan: &Plan) -> String {
    match &plan.service {
        _ if plan.has_no_downtime() => "no downtime".to_owned(),
        Service::Interrupted(place) => format!("needs downtime: {place}"),
        Service::Kept | Service::Unknown if plan.needs_downtime() => "needs downtime".to_owned(),
        Service::Kept | Service::Unknown => {
            "downtime not known (no fact says which roles must be kept)".to_owned()
        }
    }
}

/// Says how far a plan can be undone: whole only if facts say so of every step.
pub(super) fn way_back(plan: &Plan) -> String {
    let doubt = plan.doubtful_return();
    let unsure = |step: usize, why: &str| match step {
        0 => format!("not known whether it can be undone: {why}"),
        step => format!("can be undone up to step {step}, not known after: {why}"),
    };
    match &plan.point_of_no_return {
        Some(point) => {
            let moment = point.moment.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
            let step = point.step + 1;
            let said = format!("point of no return: step {step}: {}{moment}", point.why);
            match doubt.filter(|(before, _)| *before < point.step) {
                Some((before, why)) => format!("{said}; {}", unsure(before, why)),
                None => said,
            }
        }
        None if plan.can_be_undone() => {
            "point of no return: none, every step can be undone".to_owned()
        }
        None => match doubt {
            Some((step, why)) => unsure(step, why),
            None => "there is a step without a way back".to_owned(),
        },
    }
}
