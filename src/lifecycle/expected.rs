//! When the next releases are expected.
//!
//! A cadence is a habit, not a promise: what follows from it is only expected, and a date that was announced
//! wins. The count begins with the newest release of the size that is out on the day; when an expected day has
//! passed without a release that is known, the rhythm is kept and the day named. A day of the week alone
//! (patches on Tuesdays) needs no release to count from.

use jiff::Span;
use jiff::civil::{Date, Weekday};

use super::history::{History, pasts};
use super::spans::is_served;
use crate::answer::support::Expected;
use crate::catalog::{Cadence, Catalog, Channel, Every, PackageIx};
use crate::version::{Line, Step};

/// Returns the next release of each size for which a package has a rhythm, in order of the matrix.
pub fn expected(catalog: &Catalog, package: PackageIx, as_of: Date) -> Vec<Expected> {
    let Some(lifecycle) = catalog.lifecycle(package) else { return Vec::new() };
    let history = History::new(catalog, package, as_of);
    let next = |cadence: &Cadence| {
        let (after, announced) = out(catalog, package, cadence.release, as_of);
        if announced || history.is_announced(cadence.release) {
            return None;
        }
        let (day, missed) = day(cadence, after.map(|(_, day)| day), as_of)?;
        let served = history.lines.iter().filter(|past| is_served(history.life(past).phase));
        let lines: Vec<Line> = match cadence.release {
            Step::Patch => served.map(|past| past.line).collect(),
            Step::Major | Step::Minor => Vec::new(),
        };
        // Nobody gets patches any more.
        if cadence.release == Step::Patch && lines.is_empty() {
            return None;
        }
        let rule = cadence.rule.clone();
        let cite = catalog.cite(cadence.fact);
        Some(Expected { package, release: cadence.release, day, lines, after, missed, rule, cite })
    };
    lifecycle.cadence.iter().filter_map(next).collect()
}

/// Returns the newest line of a size that is out on the day with the day it came out, and whether a later
/// one has its day already. For patches it is the newest release that counts.
fn out(
    catalog: &Catalog,
    package: PackageIx,
    release: Step,
    as_of: Date,
) -> (Option<(Line, Date)>, bool) {
    let firsts: Vec<(Line, Date)> = match release {
        Step::Major | Step::Minor => pasts(catalog.package(package), release)
            .iter()
            .filter_map(|past| Some((past.line, past.first?)))
            .collect(),
        Step::Patch => {
            let releases = catalog.package(package).releases().iter();
            let stable = releases.filter(|release| release.channel == Channel::Stable);
            stable.filter_map(|it| Some((it.version.line(Step::Patch), it.date?))).collect()
        }
    };
    let announced = release != Step::Patch && firsts.iter().any(|(_, day)| *day > as_of);
    let newest = firsts.into_iter().filter(|(_, day)| *day <= as_of).max_by_key(|(_, day)| *day);
    (newest, announced)
}

/// Returns the first day of the rhythm that is not past, and the last one that passed after the release
/// that is counted from.
fn day(cadence: &Cadence, after: Option<Date>, as_of: Date) -> Option<(Date, Option<Date>)> {
    if let (Every::Weeks(1), Some(weekday)) = (cadence.every, cadence.weekday) {
        return Some((on_or_after(as_of, weekday)?, None));
    }
    let after = after?;
    let mut missed = None;
    for count in 1.. {
        let day = nth(cadence, after, count)?;
        if day >= as_of {
            return Some((day, missed));
        }
        missed = Some(day);
    }
    None
}

/// Returns the day that is so many times the rhythm after another.
fn nth(cadence: &Cadence, after: Date, count: i32) -> Option<Date> {
    match cadence.every {
        Every::Weeks(weeks) => {
            let span = Span::new().try_weeks(i64::from(weeks) * i64::from(count)).ok()?;
            let day = after.checked_add(span).ok()?;
            cadence.weekday.map_or(Some(day), |weekday| on_or_after(day, weekday))
        }
        Every::Months(months) => {
            let span = Span::new().try_months(i64::from(months) * i64::from(count)).ok()?;
            match cadence.weekday {
                Some(weekday) => {
                    let month = after.first_of_month().checked_add(span).ok()?;
                    on_or_after(month, weekday)
                }
                None => after.checked_add(span).ok(),
            }
        }
    }
}

fn on_or_after(day: Date, weekday: Weekday) -> Option<Date> {
    let days = day.weekday().until(weekday);
    day.checked_add(Span::new().days(i64::from(days))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_weekday_may_be_the_day_itself() {
        assert_eq!(on_or_after(day("2026-11-24"), Weekday::Tuesday), Some(day("2026-11-24")));
        assert_eq!(on_or_after(day("2026-11-25"), Weekday::Tuesday), Some(day("2026-12-01")));
        assert_eq!(on_or_after(Date::MAX, Weekday::Thursday), None);
    }
}
