//! The refusal of a way that a role's limits do not allow.

use super::fleet::Fleet;
use super::route::Leg;
use crate::catalog::{ReleaseId, RoleIx};
use crate::finding::{Check, Finding, Severity};

/// Says that a role's limits keep a node from the end of a leg.
pub(super) fn refusal(
    fleet: &Fleet<'_>,
    leg: &Leg,
    role: Option<RoleIx>,
    from: ReleaseId,
) -> Finding {
    let is = |&(&node, &running): &(&usize, &ReleaseId)| {
        running == from && fleet.node(node).role == role
    };
    let name = leg.moving.iter().find(is).map_or("", |(&node, _)| fleet.name(node));
    let role = role.map_or("", |role| fleet.catalog.role(role).name.as_str());
    if fleet.catalog.upgrades(leg.end.0).is_none() && from.0 == leg.end.0 {
        return no_rules(fleet, from, leg.end);
    }
    let message = format!(
        "{name} cannot get from {} to {}: what binds the role {role} allows no hops that lead there",
        fleet.catalog.label(from),
        fleet.catalog.label(leg.end)
    );
    Finding::new(Check::NoPlan, Severity::Error, name, message)
}

/// Says that nobody states how a package is upgraded.
fn no_rules(fleet: &Fleet<'_>, from: ReleaseId, to: ReleaseId) -> Finding {
    let catalog = fleet.catalog;
    let package = catalog.package(to.0);
    let subject = format!("{} -> {}", catalog.label(from), catalog.version(to));
    let own = format!("an entry for {} in `upgrades`", package.name);
    let hint = match package.core {
        Some(core) => format!("{own}, or `plugins` in that of {}", catalog.package(core).name),
        None => own,
    };
    let message = format!("no matrix says how {} is upgraded", package.name);
    Finding::new(Check::HopUnknown, Severity::Warning, subject, message)
        .hinting(format!("somebody has to establish it first; a matrix states it as {hint}"))
}
