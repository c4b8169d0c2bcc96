//! The refusal of a way that a role's limits do not allow.

use super::fleet::Fleet;
use super::route::Leg;
use crate::catalog::{ReleaseId, RoleIx};
use crate::finding::{Check, Finding, Severity};
use crate::graph::no_rules;

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
        let (old, new) = (fleet.catalog.label(from), fleet.catalog.version(leg.end));
        return no_rules(fleet.catalog, leg.end.0, format!("{old} -> {new}"));
    }
    let message = format!(
        "{name} cannot get from {} to {}: what binds the role {role} allows no hops that lead there",
        fleet.catalog.label(from),
        fleet.catalog.label(leg.end)
    );
    Finding::new(Check::NoPlan, Severity::Error, name, message)
}
