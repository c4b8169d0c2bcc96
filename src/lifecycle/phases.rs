//! The phases of a line, made of its windows and of the rules of the policy.

use jiff::Span;
use jiff::civil::Date;

use super::history::{History, LinePast};
use super::spans::{Holds, Stretch, after_all, begin, holds, phase_named, rule_text, usual_order};
use crate::answer::support::{End, Phase, PhaseSpan};
use crate::catalog::{Channel, LineClass, PhaseEnd, PhaseRule, Window};
use crate::finding::Evidence;
use crate::version::Line;

/// The phases of a line, and which of them runs on the day.
pub(super) struct Life {
    pub(super) stretches: Vec<Stretch>,
    pub(super) phase: Phase,
    pub(super) running: Option<usize>,
}

impl History<'_> {
    pub(super) fn life(&self, past: &LinePast) -> Life {
        let stretches = self.stretches(past);
        let (phase, running) = self.phase(past, &stretches);
        Life { stretches, phase, running }
    }

    fn stretches(&self, past: &LinePast) -> Vec<Stretch> {
        let Some(lifecycle) = self.lifecycle else {
            return Vec::new();
        };
        let windows: Vec<_> =
            lifecycle.windows.iter().filter(|window| window.line == past.line).collect();
        let unstated = |rule: &&PhaseRule| windows.iter().all(|window| window.phase != rule.phase);
        let ruled =
            lifecycle.rules.iter().filter(unstated).filter_map(|rule| self.ruled(past, rule));
        let mut made: Vec<_> =
            windows.iter().map(|window| self.stated(window)).chain(ruled).collect();
        made.sort_by_key(|stretch| usual_order(&stretch.span));
        begin(&mut made, past.first);
        made.sort_by_key(|stretch| stretch.span.from);
        made
    }

    fn stated(&self, window: &Window) -> Stretch {
        let cite = self.catalog.cite(window.fact);
        let verb = match cite.evidence {
            Evidence::Inferred => "inferred from",
            Evidence::Enforced | Evidence::Observed | Evidence::Documented => "stated by",
        };
        let end = window.until.map_or(End::Open, End::Stated);
        Stretch {
            basis: format!("{verb} {}", cite.source),
            span: PhaseSpan {
                phase: window.phase.clone(),
                from: window.from,
                end,
                source: cite.source,
            },
            fact: window.fact,
        }
    }

    /// Returns the phase that a rule gives a line, if it is about the line.
    pub(super) fn ruled(&self, past: &LinePast, rule: &PhaseRule) -> Option<Stretch> {
        let applies = match rule.lines {
            LineClass::All => true,
            LineClass::Lts => self.is_lts(past.line),
            LineClass::NotLts => !self.is_lts(past.line),
            LineClass::LatestMinorOfMajor => self.may_be_latest_minor(past),
        };
        // A line of pre-releases has no life yet to reckon from.
        if !applies || !past.stable {
            return None;
        }
        let end = match rule.end {
            PhaseEnd::Superseded => End::Superseded { by: self.successor(past) },
            PhaseEnd::Months(months) => self.reckoned(past, rule, months),
        };
        let source = self.catalog.cite(rule.fact).source;
        let span = PhaseSpan { phase: rule.phase.clone(), from: None, end, source };
        Some(Stretch { span, fact: rule.fact, basis: rule_text(rule) })
    }

    /// Returns whether no newer minor line of the same major is out on the day.
    fn may_be_latest_minor(&self, past: &LinePast) -> bool {
        let newer = |other: &&LinePast| other.major == past.major && other.line > past.line;
        !self.lines.iter().filter(newer).any(|other| other.is_out(self.as_of))
    }

    /// Returns the newer line that came out first, and when.
    fn successor(&self, past: &LinePast) -> Option<(Line, Date)> {
        let newer = self.lines.iter().filter(|other| other.line > past.line);
        newer.filter_map(|other| Some((other.line, other.first?))).min_by_key(|(_, date)| *date)
    }

    fn reckoned(&self, past: &LinePast, rule: &PhaseRule, months: i32) -> End {
        let date = past.first.and_then(|first| {
            let span = Span::new().try_months(months).ok()?;
            first.checked_add(span).ok()
        });
        let later = |other: &LinePast| other.major > past.major && other.is_out(self.as_of);
        match date {
            None => End::NotKnown {
                reason: "the day of the first release is not known".to_owned(),
                would_be: None,
            },
            // <https://valkey.io/topics/releases/>: "will be decided once the next major version has been launched".
            Some(date)
                if rule.lines == LineClass::LatestMinorOfMajor && !self.lines.iter().any(later) =>
            {
                let reason = format!(
                    "decided once the next major is out; would be {date} if {} stays the latest minor of {}",
                    past.line, past.major
                );
                End::NotKnown { reason, would_be: Some(date) }
            }
            Some(date) => End::Computed { date, rule: rule_text(rule) },
        }
    }

    /// Returns the phase on the day, and which stretch runs.
    fn phase(&self, past: &LinePast, stretches: &[Stretch]) -> (Phase, Option<usize>) {
        if self.is_to_come(past) {
            return (Phase::NotReleased, None);
        }
        if !past.stable {
            return (self.unstable(past), None);
        }
        if !past.is_out(self.as_of) {
            return (Phase::PreRelease, None);
        }
        let holds: Vec<_> =
            stretches.iter().map(|stretch| holds(&stretch.span, self.as_of)).collect();
        let named = |ix: usize| (phase_named(&stretches[ix].span.phase), Some(ix));
        if let Some(ix) = holds.iter().position(|&holds| holds == Holds::Yes) {
            return named(ix);
        }
        match holds.first() {
            // Some tables date a line a day after its release; it is supported on that day, too.
            Some(Holds::Later) => named(0),
            Some(_) if holds.iter().all(|&holds| holds == Holds::Ended) => {
                (after_all(stretches), None)
            }
            Some(_) | None => (Phase::Unknown, None),
        }
    }

    /// Returns what a line without a usable stable release is.
    fn unstable(&self, past: &LinePast) -> Phase {
        let releases = || past.ranks.iter().map(|&rank| self.package.release(rank));
        let withdrawn = releases().all(|release| release.withdrawn.is_some())
            || releases().any(|release| release.channel == Channel::Stable);
        if withdrawn { Phase::Withdrawn } else { Phase::PreRelease }
    }
}
