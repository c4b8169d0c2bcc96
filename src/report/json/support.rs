//! Views of the support of release lines.

use jiff::civil::Date;

use super::shared::{CiteView, cites, name, version};
use super::view::view;
use crate::answer::support::{Announced, Expected, Phase, PhaseSpan, SupportRow};
use crate::catalog::{Catalog, Until};
use crate::report::words::end;
use crate::version::Line;

view! {
    /// One phase of a line's life.
    SpanView<'a>(span: &'a PhaseSpan) with { let (ends, known) = end(&span.end); } {
        phase: &'a str = &span.phase,
        from: Option<String> = day(span.from),
        /// The last day or month.
        until: Option<String> = ends,
        /// How that is known.
        how: String = known,
        source: &'a str = &span.source,
    }
}

view! {
    /// What is known of one release line.
    SupportRowView<'a>(catalog: &'a Catalog, row: &'a SupportRow)
    with { let newest = Some(row.newest).filter(|_| row.phase != Phase::NotReleased); } {
        package: &'a str = name(catalog, row.package),
        line: String = row.line.to_string(),
        /// The one release that the row is about, if not the whole line.
        release: Option<&'a str> = version(catalog, row.package, row.release),
        /// True for a line with long-term support.
        lts: bool = row.lts,
        released: Option<String> = day(row.released),
        newest: Option<&'a str> = version(catalog, row.package, newest),
        /// Where it stands.
        phase: &'static str = row.phase.name(),
        phases: Vec<SpanView<'a>> = row.phases.iter().map(SpanView::new).collect(),
        /// The last known end of all support.
        ends: Option<String> = row.ends.map(Until::text),
        /// The end of the phase that runs.
        phase_ends: Option<String> = row.phase_ends.map(Until::text),
        days_left: Option<i64> = row.days_left,
        /// What gives the dates.
        basis: &'a str = &row.basis,
        evidence: Vec<CiteView<'a>> = cites(&row.cites),
    }
}

view! {
    /// A release for which a day was named.
    AnnouncedView<'a>(catalog: &'a Catalog, one: &'a Announced) {
        package: &'a str = name(catalog, one.package),
        version: &'a str = &one.version,
        line: String = one.line.to_string(),
        date: String = one.day.to_string(),
        evidence: CiteView<'a> = CiteView::new(&one.cite),
    }
}

view! {
    /// A release and the day it came out.
    DayView(line: &Line, day: Date) {
        version: String = line.to_string(),
        date: String = day.to_string(),
    }
}

view! {
    /// A release that is expected; nobody announced it.
    ExpectedView<'a>(catalog: &'a Catalog, one: &'a Expected) {
        package: &'a str = name(catalog, one.package),
        /// The size of the release.
        release: &'static str = one.release.name(),
        date: String = one.day.to_string(),
        /// For patches: the lines that get one.
        lines: Vec<String> = one.lines.iter().map(Line::to_string).collect(),
        /// The release that is counted from.
        after: Option<DayView> = one.after.as_ref().map(|(line, day)| DayView::new(line, *day)),
        /// The last day that the rhythm gave before, for which no release is known.
        missed: Option<String> = day(one.missed),
        rule: &'a str = &one.rule,
        evidence: CiteView<'a> = CiteView::new(&one.cite),
    }
}

view! {
    /// Support of release lines.
    SupportView<'a>(
        catalog: &'a Catalog,
        day: Date,
        lines: &'a [SupportRow],
        coming: (&'a [Announced], &'a [Expected])
    ) {
        /// The day asked about.
        as_of: String = day.to_string(),
        rows: Vec<SupportRowView<'a>> =
            lines.iter().map(|row| SupportRowView::new(catalog, row)).collect(),
        announced: Vec<AnnouncedView<'a>> =
            coming.0.iter().map(|one| AnnouncedView::new(catalog, one)).collect(),
        expected: Vec<ExpectedView<'a>> =
            coming.1.iter().map(|one| ExpectedView::new(catalog, one)).collect(),
    }
}

fn day(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}
