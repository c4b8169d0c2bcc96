//! Support on a day.
//!
//! Owns the way from a policy and stated windows to the phases of each release line. It has no
//! clock; the day is an argument. How rows are shown is left to the writers, and what follows for a
//! deployment to those who ask.
//!
//! A line's phases are made in three steps. First the windows stated for the line become spans, and
//! each rule of a phase for which no window is stated becomes one: a published date wins over a
//! policy. Then a span without a stated beginning starts where the one before it ends (Valkey's
//! extended security follows maintenance), or with the first release. Last, the first span in order
//! of time that holds the day is the phase on that day; when all have ended the line is superseded
//! or at its end of life. Ends are inclusive: a line supported until 2027-03 is so on 2027-03-31.
//!
//! A rule for the latest minor of a major is decided by what comes out: while no later major is
//! out, the newest minor has a phase of which nobody can say yet whether it comes. Such a span makes
//! the days that it might hold `unknown`, never supported.

mod announced;
mod contradiction;
mod expected;
mod finding;
mod history;
mod phases;
mod row;
mod sets;
mod spans;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::answer::support::{Phase, SupportRow};
use crate::catalog::{Catalog, Channel, PackageIx, ReleaseId, ReleaseSet};

pub use announced::{announced, withdrawn};
pub use contradiction::contradictions;
pub use expected::expected;
pub use finding::{required, support_finding, unstable};
pub use sets::{ended, ended_reason, lts};

use history::{History, LinePast};

/// Returns what is known of a package's release lines on a day, oldest line first.
///
/// With `lines`, only lines that have a release in the set are told. A package without a lifecycle
/// is told by minor lines; one whose versions are mere names has no lines.
pub fn support(
    catalog: &Catalog,
    package: PackageIx,
    lines: Option<&ReleaseSet>,
    as_of: Date,
) -> Vec<SupportRow> {
    let history = History::new(catalog, package, as_of);
    let wanted = |past: &&LinePast| {
        lines.is_none_or(|set| past.ranks.iter().any(|&rank| set.contains(rank)))
    };
    history.lines.iter().filter(wanted).map(|past| history.row(past)).collect()
}

/// Returns whether a release is supported on a day, `None` if that is not known.
///
/// A withdrawn release is not supported. Policies do not speak of pre-releases, so of one in a
/// supported line it is not known.
pub fn is_supported(catalog: &Catalog, release: ReleaseId, as_of: Date) -> Option<bool> {
    let stated = catalog.package(release.0).release(release.1);
    if stated.withdrawn.is_some() {
        return Some(false);
    }
    let history = History::new(catalog, release.0, as_of);
    match history.life(history.line_of(release.1)?).phase {
        Phase::Active
        | Phase::Lts
        | Phase::Supported
        | Phase::Maintenance
        | Phase::ExtendedSecurity => (stated.channel == Channel::Stable).then_some(true),
        Phase::Superseded | Phase::EndOfLife | Phase::Withdrawn => Some(false),
        Phase::PreRelease | Phase::NotReleased | Phase::Unknown => None,
    }
}
