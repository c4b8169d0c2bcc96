//! Steps that a matrix states one by one, and steps of which it says nothing.

use crate::catalog::{Catalog, Downgrade, FeatureSet, Otherwise, ReleaseId, Upgrades};
use crate::version::Step;

/// Returns true if a stated edge covers a step and was not taken back.
fn is_drawn(upgrades: &Upgrades, from: ReleaseId, to: ReleaseId) -> bool {
    let mut standing = upgrades.drawn.iter().filter(|edge| edge.withdrawn.is_none());
    standing.any(|edge| edge.scope.covers(from, to))
}

/// Returns what the stated edges say against a step.
pub(super) fn objection(upgrades: &Upgrades, from: ReleaseId, to: ReleaseId) -> Option<String> {
    let mut covering = upgrades.drawn.iter().filter(|edge| edge.scope.covers(from, to));
    let withdrawn = covering.find_map(|edge| edge.withdrawn.as_ref());
    if let Some(why) = withdrawn {
        return Some(format!("was withdrawn: {why}"));
    }
    let closed = upgrades.is_up(from, to) && upgrades.otherwise == Otherwise::Refused;
    (closed && !is_drawn(upgrades, from, to))
        .then(|| "is none of the stated steps, which are all".to_owned())
}

/// Returns true if the rules of a plugin's core say that a step of it may be taken.
pub(super) fn is_stated_for_plugins(catalog: &Catalog, from: ReleaseId, to: ReleaseId) -> bool {
    catalog.rules_of_core(to.0).is_some_and(|rules| rules.states_plugin_steps(from.1 < to.1))
}

/// Returns why nobody knows whether a step may be taken.
pub(super) fn doubt(
    catalog: &Catalog,
    upgrades: &Upgrades,
    from: ReleaseId,
    to: ReleaseId,
) -> Option<&'static str> {
    if is_drawn(upgrades, from, to) {
        return None;
    }
    if !upgrades.is_up(from, to) {
        let stated =
            upgrades.reversal(to, from).is_some() || upgrades.downgrade != Downgrade::Unknown;
        return (!stated).then_some("nothing is stated on the way back");
    }
    if upgrades.otherwise == Otherwise::Unknown {
        return Some("no stated edge covers it");
    }
    is_younger(catalog, from, to).then_some("what it leaves is younger than what it goes to")
}

/// Returns true if a release came out after one of a later line.
fn is_younger(catalog: &Catalog, from: ReleaseId, to: ReleaseId) -> bool {
    let package = catalog.package(to.0);
    let line = |release: ReleaseId| package.version(release.1).line(Step::Minor);
    let days = (package.release(to.1).date, catalog.package(from.0).release(from.1).date);
    let (Some(new), Some(old)) = days else { return false };
    from.0 == to.0 && line(from) != line(to) && old > new
}

/// Returns why a way back is not allowed.
pub(super) fn downgrade(
    upgrades: &Upgrades,
    from: ReleaseId,
    to: ReleaseId,
    features: FeatureSet,
) -> Option<String> {
    match upgrades.reversal(to, from) {
        Some(stated) if stated.possible => {}
        Some(stated) => return Some(stated.message.clone()),
        None => {
            if let Downgrade::Refused(why) = &upgrades.downgrade {
                return Some(why.clone());
            }
        }
    }
    let mut notes = upgrades.irreversible.iter();
    let note = notes.find(|note| note.counts(to, from, features));
    note.map(|note| note.message.clone())
}

/// Returns the work on data of a way up that is not undone on the way back.
pub(super) fn lasting_work(upgrades: &Upgrades, from: ReleaseId, to: ReleaseId) -> Option<String> {
    let mut migrations = upgrades.migrations.iter();
    let work = migrations.find(|work| work.irreversible && work.scope.covers(to, from));
    work.map(|work| format!("{} cannot be undone", work.name))
}
