//! Which releases of a package have reached the end of their support, and which have long-term support.
//!
//! Owns the two sets that a choice of releases asks for, and the sentence for each release that is
//! left out. Lines are decided once per package, not once per release, because a request may reach
//! hundreds of packages. What a phase is on a day is decided one level up.

use jiff::civil::Date;

use super::history::{History, LinePast};
use super::phases::Life;
use super::spans::{final_stretch, is_served, last_end};
use crate::answer::support::{End, Phase};
use crate::catalog::{Catalog, Channel, FactIx, PackageIx, ReleaseId, ReleaseSet};
use crate::finding::Cite;

/// Returns the releases of a package whose line is past the end of its support on a day.
///
/// A line has ended when all its phases have: the last day that a table states or a policy gives is
/// before the day asked about ([`Phase::EndOfLife`]), or the policy serves a line until the next one
/// is out and the next one came out before that day ([`Phase::Superseded`]). Superseded counts as
/// ended because it is one: a feature release of Kestra and a `DuckDB` line without long-term support
/// get no fix once their successor is there, so an older one is no safer choice than a dead one. A
/// line that a window or a long-term phase carries on has not ended though a newer one is out.
///
/// Missing data ends nothing: lines without a date, lines of which it is open whether a phase
/// follows, lines that are not out yet and packages without a lifecycle are not in the set. Every
/// release of an ended line is in it, pre-releases and withdrawn ones, too. One of which each
/// release was withdrawn is not: there is a better reason against it.
pub fn ended(catalog: &Catalog, package: PackageIx, as_of: Date) -> ReleaseSet {
    let mut set = ReleaseSet::empty(catalog.package(package).len());
    // Without a lifecycle no line has a phase, so nothing need be looked at.
    if catalog.lifecycle(package).is_none() {
        return set;
    }
    let history = History::new(catalog, package, as_of);
    for past in history.lines.iter().filter(|past| has_ended(history.life(past).phase)) {
        past.ranks.iter().for_each(|&rank| set.insert(rank));
    }
    set
}

/// Returns the releases of a package that have long-term support on a day: stable releases, not
/// withdrawn and not dated later, of lines named as long-term support that are in a supported phase.
///
/// Returns `None` if the package's matrix names no such lines, so that there is nothing to prefer.
/// An empty set means that there are such lines and none is supported on the day. A line of which
/// it is not known whether it is supported is left out.
pub fn lts(catalog: &Catalog, package: PackageIx, as_of: Date) -> Option<ReleaseSet> {
    catalog.lifecycle(package).filter(|lifecycle| !lifecycle.lts.is_empty())?;
    let stated = catalog.package(package);
    let history = History::new(catalog, package, as_of);
    let is_supported =
        |past: &&LinePast| history.is_lts(past.line) && is_served(history.life(past).phase);
    let mut set = ReleaseSet::empty(stated.len());
    for &rank in history.lines.iter().filter(is_supported).flat_map(|past| &past.ranks) {
        let release = stated.release(rank);
        let is_out = release.date.is_none_or(|date| date <= as_of);
        if is_out && release.channel == Channel::Stable && release.withdrawn.is_none() {
            set.insert(rank);
        }
    }
    Some(set)
}

/// Returns why a release is in the set of [`ended`] ones: `1.1 was superseded by 1.2 on 2026-01-13`
/// or `1.0 was supported until 2026-09-09`, with the fact that says so. `None` if it is not.
///
/// The release's line stands first, without the package's name.
pub fn ended_reason(
    catalog: &Catalog,
    release: ReleaseId,
    as_of: Date,
) -> Option<(String, Option<Cite>)> {
    catalog.lifecycle(release.0)?;
    let history = History::new(catalog, release.0, as_of);
    let past = history.line_of(release.1)?;
    let life = history.life(past);
    let (reason, fact) = has_ended(life.phase).then(|| reason(past, &life))??;
    Some((reason, Some(catalog.cite_for(fact, Some(release)))))
}

fn has_ended(phase: Phase) -> bool {
    matches!(phase, Phase::Superseded | Phase::EndOfLife)
}

fn reason(past: &LinePast, life: &Life) -> Option<(String, FactIx)> {
    let line = past.line;
    let last = final_stretch(&life.stretches)?;
    let text = match &last.span.end {
        End::Superseded { by: Some((next, date)) } => {
            format!("{line} was superseded by {next} on {date}")
        }
        // A phase that might have come is over, too, so the end is known only as a bound.
        End::NotKnown { would_be: Some(date), .. } => {
            format!("{line} was supported until {date} at the latest")
        }
        End::Stated(_)
        | End::Computed { .. }
        | End::Superseded { by: None }
        | End::Open
        | End::NotKnown { would_be: None, .. } => {
            let (until, _) = last_end(&life.stretches)?;
            format!("{line} was supported until {}", until.text())
        }
    };
    Some((text, last.fact))
}
