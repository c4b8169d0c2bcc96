//! Where a stated date and the policy disagree.
//!
//! A window overrides the rule of its phase, which is right and often needed: support was extended, a table is
//! off by a day. Whoever states such a window says why in its `note`, and both are told. One without a note is
//! more likely a mistake in the date, the rule or the list of releases.

use super::history::History;
use super::spans::{known_end, on};
use crate::answer::support::Contradiction;
use crate::catalog::{Catalog, Lifecycle, LineClass, PhaseRule, Until, Window};
use jiff::civil::Date;

/// Returns the windows of a lifecycle whose end is not the one that a rule of their phase gives.
///
/// The end that a rule gives is decided by what has come out, so all releases count that the matrix dates.
pub fn contradictions(catalog: &Catalog, lifecycle: &Lifecycle) -> Vec<Contradiction> {
    let history = History::new(catalog, lifecycle.package, Date::MAX);
    let windows = lifecycle.windows.iter().enumerate();
    windows
        .filter_map(|(ix, window)| {
            let rules = lifecycle.rules.iter().filter(|rule| rule.phase == window.phase);
            let ends: Vec<_> = rules.filter_map(|rule| ruled(&history, window, rule)).collect();
            let stated = window.until?;
            let differs = !ends.is_empty() && ends.iter().all(|(end, _)| *end != stated.last_day());
            let (computed, rule) = ends.into_iter().next().filter(|_| differs)?;
            let message = format!(
                "the window of {} {} says that {} ends {}; the policy ({rule}) gives {computed}",
                catalog.package(lifecycle.package).name,
                window.line,
                window.phase,
                on(stated),
            );
            Some(Contradiction { window: ix, message, explained: window.explained })
        })
        .collect()
}

/// Returns the end that a rule gives the line of a window, with the rule in words.
fn ruled(history: &History<'_>, window: &Window, rule: &PhaseRule) -> Option<(Date, String)> {
    let past = history.lines.iter().find(|past| past.line == window.line)?;
    // Of the newest major nobody knows yet which minor is its last.
    let newest_major = history.lines.iter().map(|past| past.major).max();
    if rule.lines == LineClass::LatestMinorOfMajor && newest_major == Some(past.major) {
        return None;
    }
    let made = history.ruled(past, rule)?;
    Some((known_end(&made.span.end).map(Until::last_day)?, made.basis))
}
