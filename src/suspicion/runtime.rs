//! Runtimes that came out after what runs on them.
//!
//! A range without an upper bound says what was needed, and promises nothing about lines that nobody could have
//! tried: Python 3.14 beside a library of 2024.

use super::picks::Picks;
use crate::catalog::{Catalog, Need, NeedKind, PackageKind, ReleaseId};
use crate::finding::{Check, Finding, Severity};
use crate::range::{Bare, Range};
use crate::version::Step;

/// Returns the picks that are older than the line of a runtime which they accept by an open range.
pub(super) fn findings(set: &Picks<'_>) -> Vec<Finding> {
    let runtimes = set
        .releases
        .iter()
        .copied()
        .filter(|&(package, _)| set.catalog.package(package).kind == PackageKind::Runtime);
    runtimes.filter_map(|runtime| untested(set, runtime)).collect()
}

fn untested(set: &Picks<'_>, runtime: ReleaseId) -> Option<Finding> {
    let catalog = set.catalog;
    let since = first_day(catalog, runtime)?;
    let older = set.releases.iter().copied().filter(|&(package, rank)| {
        let stated = catalog.package(package);
        let is_older = stated.release(rank).date.is_some_and(|date| date < since);
        is_older && is_unbound(catalog, (package, rank), runtime)
    });
    let older: Vec<_> = older.collect();
    let (&first, rest) = older.split_first()?;
    let those = match rest.len() {
        0 => catalog.label(first),
        more => format!("{} and {more} more of the set", catalog.label(first)),
    };
    let label = catalog.label(runtime);
    let message = format!(
        "{those} came out before the line of {label} ({since}) and without an upper bound for it, which is no promise that it works"
    );
    let stated = catalog.package(first.0);
    let fact = stated.release(first.1).fact.unwrap_or(stated.fact);
    let hint = format!("ask for an older line of {}", catalog.package(runtime.0).name);
    let finding = Finding::new(Check::RuntimeUntested, Severity::Warning, label, message);
    Some(finding.citing(catalog.cite_for(fact, Some(first))).hinting(hint))
}

/// Returns the day on which the first release of a runtime's line came out.
fn first_day(catalog: &Catalog, (package, rank): ReleaseId) -> Option<jiff::civil::Date> {
    let stated = catalog.package(package);
    let line = stated.version(rank).line(Step::Minor);
    let of_line = stated.ranks().filter(|&other| stated.version(other).line(Step::Minor) == line);
    of_line.filter_map(|other| stated.release(other).date).min()
}

/// Returns true if a release states no upper bound for a runtime that its package runs on.
fn is_unbound(catalog: &Catalog, (package, rank): ReleaseId, runtime: ReleaseId) -> bool {
    let stated = catalog.package(package);
    let own: Vec<_> = stated.needs(rank).iter().filter(|need| need.target == runtime.0).collect();
    if own.is_empty() {
        // Its neighbours say what it runs on; it says nothing.
        let mut all = stated.ranks().flat_map(|other| stated.needs(other));
        return all.any(|need| need.target == runtime.0 && need.kind != NeedKind::Conflicts);
    }
    own.into_iter().any(|need| is_open(catalog, need, runtime))
}

/// Returns true if a need for a runtime admits whatever will come.
fn is_open(catalog: &Catalog, need: &Need, runtime: ReleaseId) -> bool {
    let constraint = catalog.constraint(need.constraint);
    need.kind != NeedKind::Conflicts
        && constraint.target == runtime.0
        && constraint.interface.is_none()
        && Range::parse(&constraint.text, &catalog.package(runtime.0).numbering, Bare::Exact)
            .is_ok_and(|range| range.is_open_above())
}
