//! Spans of time in a line's life.
//!
//! Owns when a span begins, whether it holds a day, and how ends read. Which spans a line has is
//! decided one level up.

use jiff::civil::Date;

use crate::answer::support::{End, Phase, PhaseSpan};
use crate::catalog::{FactIx, LineClass, PhaseEnd, PhaseRule, Until};

/// A phase and what gives its dates.
pub(super) struct Stretch {
    pub(super) span: PhaseSpan,
    pub(super) fact: FactIx,
    pub(super) basis: String,
}

/// The place of a day in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Later,
    Yes,
    Perhaps,
    Ended,
}

/// Lets each span without a stated beginning start where the one before ends, or with the first release.
pub(super) fn begin(stretches: &mut [Stretch], released: Option<Date>) {
    for ix in 0..stretches.len() {
        let (before, rest) = stretches.split_at_mut(ix);
        let span = &mut rest[0].span;
        let own = latest_day(&span.end);
        // What ends later runs beside this span, not before it.
        let earlier = |day: &Date| own.is_none_or(|own| *day < own);
        let ends = before.iter().filter_map(|stretch| latest_day(&stretch.span.end));
        span.from = span.from.or_else(|| ends.filter(earlier).max()).or(released);
    }
}

/// Returns whether a span holds a day.
pub(super) fn holds(span: &PhaseSpan, day: Date) -> Holds {
    if span.from.is_some_and(|from| day < from) {
        return Holds::Later;
    }
    match (&span.end, latest_day(&span.end)) {
        (_, Some(last)) if last < day => Holds::Ended,
        (End::NotKnown { .. }, _) => Holds::Perhaps,
        (End::Stated(_) | End::Computed { .. } | End::Superseded { .. } | End::Open, _) => {
            Holds::Yes
        }
    }
}

/// Returns the span that ends last, certain or not; of several the later one in the order given.
pub(super) fn final_stretch(stretches: &[Stretch]) -> Option<&Stretch> {
    stretches.iter().max_by_key(|stretch| latest_day(&stretch.span.end))
}

/// Returns what a line is after the last of its spans.
pub(super) fn after_all(stretches: &[Stretch]) -> Phase {
    match final_stretch(stretches).map(|stretch| &stretch.span.end) {
        Some(End::Superseded { .. }) => Phase::Superseded,
        Some(End::Stated(_) | End::Computed { .. } | End::Open | End::NotKnown { .. }) => {
            Phase::EndOfLife
        }
        None => Phase::Unknown,
    }
}

/// Returns whether a line in this phase gets fixes.
pub(super) fn is_served(phase: Phase) -> bool {
    match phase {
        Phase::Active
        | Phase::Lts
        | Phase::Supported
        | Phase::Maintenance
        | Phase::ExtendedSecurity => true,
        Phase::Superseded
        | Phase::EndOfLife
        | Phase::PreRelease
        | Phase::NotReleased
        | Phase::Withdrawn
        | Phase::Unknown => false,
    }
}

/// Returns the last known end and the stretch that has it; none while a phase is open.
pub(super) fn last_end(stretches: &[Stretch]) -> Option<(Until, &Stretch)> {
    if stretches
        .iter()
        .any(|stretch| matches!(stretch.span.end, End::Open | End::Superseded { by: None }))
    {
        return None;
    }
    let ends =
        stretches.iter().filter_map(|stretch| Some((known_end(&stretch.span.end)?, stretch)));
    ends.max_by_key(|(until, _)| until.last_day())
}

/// Returns an end that is certain.
pub(super) fn known_end(end: &End) -> Option<Until> {
    match end {
        End::Stated(until) => Some(*until),
        End::Computed { date, .. } => Some(Until::Day(*date)),
        End::Superseded { by } => by.map(|(_, date)| Until::Day(date)),
        End::Open | End::NotKnown { .. } => None,
    }
}

/// Returns the last day on which a phase can still run.
pub(super) fn latest_day(end: &End) -> Option<Date> {
    match end {
        End::NotKnown { would_be, .. } => *would_be,
        End::Stated(_) | End::Computed { .. } | End::Superseded { .. } | End::Open => {
            known_end(end).map(Until::last_day)
        }
    }
}

pub(super) fn days(from: Date, until: Until) -> i64 {
    i64::from((until.last_day() - from).get_days())
}

/// Returns the end as it reads in a sentence.
pub(super) fn on(until: Until) -> String {
    match until {
        Until::Day(day) => format!("on {day}"),
        Until::Month(_) => format!("in {}", until.text()),
    }
}

pub(super) fn phase_named(name: &str) -> Phase {
    match name {
        "active" => Phase::Active,
        "lts" => Phase::Lts,
        "maintenance" => Phase::Maintenance,
        "extended-security" => Phase::ExtendedSecurity,
        _ => Phase::Supported,
    }
}

/// Sorts spans as phases usually follow each other, those of one phase by their beginnings and ends.
pub(super) fn usual_order(span: &PhaseSpan) -> (Phase, Option<Date>, bool, Option<Date>) {
    let end = latest_day(&span.end);
    (phase_named(&span.phase), span.from, end.is_none(), end)
}

/// Returns the rule in words.
pub(super) fn rule_text(rule: &PhaseRule) -> String {
    let length = match rule.end {
        PhaseEnd::Superseded => return "until the next line is out".to_owned(),
        PhaseEnd::Months(12) => "1 year".to_owned(),
        PhaseEnd::Months(1) => "1 month".to_owned(),
        PhaseEnd::Months(months) if months % 12 == 0 => format!("{} years", months / 12),
        PhaseEnd::Months(months) => format!("{months} months"),
    };
    match rule.lines {
        LineClass::All | LineClass::Lts | LineClass::NotLts => {
            format!("{length} from first release")
        }
        LineClass::LatestMinorOfMajor => {
            format!("{length} from first release, latest minor of the major")
        }
    }
}
