//! A calendar (RFC 5545) of the ends of support, of announced releases and of expected ones.
//!
//! Owns events and their text form. Every event is a whole day, named so that a calendar which reads
//! the file again replaces it. There is no clock: the stamp that the format asks for is the day asked
//! about. An end that is known by its month stands on the month's last day, and says so; ends that are
//! open or not known have no event.

use jiff::civil::Date;

use super::text::clean;
use super::words::rhythm;
use crate::answer::support::{Announced, End, Expected, PhaseSpan, SupportRow};
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, Until};

/// The most bytes of a line; a longer one is folded.
const LINE: usize = 75;

/// Prints a report as a calendar; `None` if it holds no dates.
pub fn ics(answer: &Answer) -> Option<String> {
    let Body::Support { as_of, rows, announced, expected } = &answer.body else { return None };
    Some(calendar(&answer.catalog, *as_of, rows, (announced, expected)))
}

/// Something that happens on a day.
struct CalendarEvent {
    day: Date,
    /// A part of its name, without blanks.
    key: String,
    summary: String,
    why: String,
    /// True if nobody has said that it will be so.
    tentative: bool,
}

fn calendar(
    catalog: &Catalog,
    as_of: Date,
    rows: &[SupportRow],
    (announced, expected): (&[Announced], &[Expected]),
) -> String {
    let mut out = String::new();
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    line(&mut out, "PRODID:-//skew//support//EN");
    let stamp = as_of.strftime("%Y%m%d").to_string();
    for row in rows {
        for event in events(catalog, as_of, row) {
            print(&mut out, &event, &stamp);
        }
    }
    for one in announced {
        print(&mut out, &planned(catalog, as_of, one), &stamp);
    }
    for one in expected {
        print(&mut out, &coming(catalog, one), &stamp);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

/// Returns a release for which a day was named.
fn planned(catalog: &Catalog, as_of: Date, one: &Announced) -> CalendarEvent {
    let name = &catalog.package(one.package).name;
    let late = if one.day < as_of { "; it is not known to be out" } else { "" };
    CalendarEvent {
        day: one.day,
        key: format!("{name}-{}-announced", one.version),
        summary: format!("{name} {} announced", one.version),
        why: format!("announced by {}{late}", one.cite.source),
        tentative: true,
    }
}

/// Returns a release that may come on a day.
fn coming(catalog: &Catalog, one: &Expected) -> CalendarEvent {
    let (name, size) = (&catalog.package(one.package).name, one.release.name());
    CalendarEvent {
        day: one.day,
        key: format!("{name}-expected-{size}"),
        summary: format!("{name}: {size} release expected"),
        why: format!("not announced; {}; {}", rhythm(one), one.cite.source),
        tentative: true,
    }
}

/// Returns the events of a release line, in order of its phases.
fn events(catalog: &Catalog, as_of: Date, row: &SupportRow) -> Vec<CalendarEvent> {
    let name = format!("{} {}", catalog.package(row.package).name, row.line);
    let released = row.released.filter(|&day| day > as_of).map(|day| CalendarEvent {
        day,
        key: format!("{name}-release"),
        summary: format!("{name} comes out"),
        why: row.basis.clone(),
        tentative: false,
    });
    released.into_iter().chain(row.phases.iter().filter_map(|span| end(&name, span))).collect()
}

/// Returns the end of a phase, if its day is known.
fn end(name: &str, span: &PhaseSpan) -> Option<CalendarEvent> {
    let (day, why) = match &span.end {
        End::Stated(Until::Day(day)) => (*day, format!("stated by {}", span.source)),
        End::Stated(until @ Until::Month(_)) => {
            let source = &span.source;
            (until.last_day(), format!("stated as {} by {source}; no day is known", until.text()))
        }
        End::Computed { date, rule } => (*date, format!("{rule}; {}", span.source)),
        End::Superseded { by: Some((line, day)) } => {
            (*day, format!("superseded by {line}; {}", span.source))
        }
        End::Superseded { by: None } | End::Open | End::NotKnown { .. } => return None,
    };
    let summary = format!("{name}: end of {} support", span.phase);
    Some(CalendarEvent {
        day,
        key: format!("{name}-{}", span.phase),
        summary,
        why,
        tentative: false,
    })
}

fn print(out: &mut String, event: &CalendarEvent, stamp: &str) {
    let key: String = event.key.chars().map(|c| if c.is_whitespace() { '-' } else { c }).collect();
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{}@skew", escape(&key)));
    line(out, &format!("DTSTAMP:{stamp}T000000Z"));
    line(out, &format!("DTSTART;VALUE=DATE:{}", event.day.strftime("%Y%m%d")));
    line(out, &format!("SUMMARY:{}", escape(&event.summary)));
    line(out, &format!("DESCRIPTION:{}", escape(&event.why)));
    if event.tentative {
        line(out, "STATUS:TENTATIVE");
    }
    line(out, "TRANSP:TRANSPARENT");
    line(out, "END:VEVENT");
}

/// Escapes what separates values.
fn escape(text: &str) -> String {
    clean(text).replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,")
}

/// Adds a line, folded between characters.
fn line(out: &mut String, text: &str) {
    let mut used = 0;
    for c in text.chars() {
        if used + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::{LINE, escape, line};

    #[test]
    fn lines_are_folded_between_characters() {
        let mut out = String::new();
        line(&mut out, &"é".repeat(80));
        assert!(out.split("\r\n").all(|line| line.len() <= LINE));
        assert_eq!(out.replace("\r\n ", ""), format!("{}\r\n", "é".repeat(80)));
    }

    #[test]
    fn text_cannot_begin_a_property() {
        assert_eq!(escape("a;b,c\\d\r\ne"), "a\\;b\\,c\\\\d<U+000D><U+000A>e");
    }
}
