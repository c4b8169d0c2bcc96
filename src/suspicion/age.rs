//! Releases that are years older than the core they extend.

use jiff::civil::Date;

use super::picks::Picks;
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseId};
use crate::finding::{Check, Finding, Severity};
use crate::range::{Bare, Range};

/// Greatest age of a pick beside its core, in years.
///
/// Parts that are maintained together come out hours apart where they are in lockstep, and a plugin of
/// its own pace sees a release in every life of a long-term line, which is a year for the products that
/// have such lines. What is two of these lives behind, with newer releases out, was not chosen for its
/// age. The fallbacks that this is about are four years old and more, so the exact figure does not
/// matter much.
const YEARS: i16 = 2;

/// Returns the picks that are far older than their core while newer releases of them are out.
///
/// A pick without a date, or beside a core without one, is not judged. What was asked for is.
pub(super) fn findings(set: &Picks<'_>) -> Vec<Finding> {
    set.releases.iter().filter_map(|&pick| outdated(set, pick)).collect()
}

/// Returns whether a plugin and its core are years apart: the plugin is older though newer ones are out, or it is newer
/// and states nothing about the core, so that nobody can have tried them together before it came out.
pub(super) fn is_apart(catalog: &Catalog, core: ReleaseId, plugin: ReleaseId) -> bool {
    let stated = catalog.package(plugin.0);
    let core_date = catalog.package(core.0).release(core.1).date;
    let Some((date, reference)) = stated.release(plugin.1).date.zip(core_date) else {
        return false;
    };
    let newer_out = || {
        let later = stated.ranks().filter(|&rank| rank > plugin.1);
        later.map(|rank| stated.release(rank)).any(|one| one.is_listed() && one.is_choosable())
    };
    // Nothing is stated where every release of the core is accepted.
    let is_free = || catalog.accepted(plugin, core.0).count() == catalog.package(core.0).len();
    (whole_years(date, reference) >= YEARS && newer_out() && !is_bound(catalog, core, plugin))
        || (whole_years(reference, date) >= YEARS && is_free())
}

/// Returns true if a plugin states up to which release of its core it goes: that is meant, whatever the years.
fn is_bound(catalog: &Catalog, core: ReleaseId, plugin: ReleaseId) -> bool {
    let needs = catalog.package(plugin.0).needs(plugin.1).iter();
    let mut constraints = needs.map(|need| catalog.constraint(need.constraint));
    constraints.any(|constraint| {
        let numbering = &catalog.package(core.0).numbering;
        constraint.target == core.0
            && constraint.interface.is_none()
            && Range::parse(&constraint.text, numbering, Bare::Exact)
                .is_ok_and(|range| !range.is_open_above())
    })
}

fn outdated(set: &Picks<'_>, pick: ReleaseId) -> Option<Finding> {
    let catalog = set.catalog;
    let core = core_of(set, pick.0)?;
    let (date, reference) = (date_of(set, pick)?, date_of(set, core)?);
    let years = whole_years(date, reference);
    if years < YEARS {
        return None;
    }
    let newest = newest_choosable(set, pick.0).filter(|&rank| rank > pick.1)?;
    let text = format!(
        "{} is {years} years older than {} ({date} against {reference}), though newer releases of it are out, up to {}",
        catalog.label(pick),
        catalog.label(core),
        catalog.version((pick.0, newest))
    );
    let stated = catalog.package(pick.0);
    let fact = stated.release(pick.1).fact.unwrap_or(stated.fact);
    let hint = format!("ask for {} to see what stands in its way", set.spec((pick.0, newest)));
    let finding = Finding::new(Check::PickOutdated, Severity::Warning, catalog.label(pick), text);
    Some(finding.citing(catalog.cite_for(fact, Some(pick))).hinting(hint))
}

/// Returns the core in the set that a package extends or whose number it follows.
fn core_of(set: &Picks<'_>, package: PackageIx) -> Option<ReleaseId> {
    let followed = set
        .catalog
        .families()
        .iter()
        .filter(|family| family.members.contains(&package))
        .map(|family| family.core);
    let core = set.catalog.package(package).core.into_iter().chain(followed);
    core.filter(|&core| core != package).find_map(|core| Some((core, set.rank_of(core)?)))
}

fn date_of(set: &Picks<'_>, (package, rank): ReleaseId) -> Option<Date> {
    set.catalog.package(package).release(rank).date
}

fn newest_choosable(set: &Picks<'_>, package: PackageIx) -> Option<Rank> {
    let stated = set.catalog.package(package);
    stated.ranks().rev().find(|&rank| {
        let release = stated.release(rank);
        release.is_listed() && release.is_choosable()
    })
}

/// Returns how many full years lie between two days; less than none if the first is later.
fn whole_years(from: Date, to: Date) -> i16 {
    let before = (to.month(), to.day()) < (from.month(), from.day());
    to.year() - from.year() - i16::from(before)
}
