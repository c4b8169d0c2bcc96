//! What is supported on a day.
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

mod contradiction;
mod expected;
mod sets;
mod spans;

use jiff::Span;
use jiff::civil::Date;

use crate::answer::support::{End, Phase, PhaseSpan, SupportRow};
use crate::catalog::{
    Catalog, Channel, FactIx, Lifecycle, LineClass, Package, PackageIx, PhaseEnd, PhaseRule, Rank,
    ReleaseId, ReleaseSet, Window,
};
use crate::finding::{Check, Cite, Code, Evidence, Finding, Severity};
use crate::version::{Line, Step};

pub use contradiction::contradictions;
pub use expected::expected;
pub use sets::{ended, ended_reason, lts};

use spans::{
    Holds, Stretch, after_all, begin, days, holds, known_end, last_end, on, phase_named, rule_text,
    usual_order,
};

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

/// Returns a finding if the line of a release is past the end of its support on a day, or if that
/// end is at most `within_days` away.
pub fn support_finding(
    catalog: &Catalog,
    release: ReleaseId,
    as_of: Date,
    within_days: i64,
    subject: &str,
) -> Option<Finding> {
    if let Some(finding) = unstable(catalog, release, subject) {
        return Some(finding);
    }
    let history = History::new(catalog, release.0, as_of);
    let past = history.line_of(release.1)?;
    let life = history.life(past);
    let (finding, fact) = match life.phase {
        Phase::EndOfLife | Phase::Superseded => history.ended(past, &life, subject)?,
        Phase::Active
        | Phase::Lts
        | Phase::Supported
        | Phase::Maintenance
        | Phase::ExtendedSecurity => history.ending(past, &life, within_days, subject)?,
        Phase::Unknown => history.undecided(past, &life, subject)?,
        Phase::PreRelease | Phase::Withdrawn => return None,
    };
    Some(finding.citing(catalog.cite_for(fact, Some(release))))
}

/// Returns a finding if a release of a product with a policy is none that the policy is about: a pre-release
/// or a development build.
pub fn unstable(catalog: &Catalog, release: ReleaseId, subject: &str) -> Option<Finding> {
    catalog.lifecycle(release.0)?;
    let stated = catalog.package(release.0).release(release.1);
    let what = match stated.channel {
        Channel::Stable => return None,
        Channel::Prerelease => "a pre-release",
        Channel::Development => "a development build",
    };
    let label = catalog.label(release);
    let message = format!("{label} is {what}, for which no support is promised");
    let finding = Finding::new(Check::ReleaseUnstable, Severity::Warning, subject, message);
    let cite = stated.fact.map(|fact| catalog.cite_for(fact, Some(release)));
    Some(Finding { cites: cite.into_iter().collect(), ..finding })
}

/// Makes what is said about running without support an error.
pub fn required(mut findings: Vec<Finding>) -> Vec<Finding> {
    let checks = [Check::SupportEnded, Check::ReleaseWithdrawn, Check::ReleaseUnstable];
    let checks = checks.map(Code::Check);
    for finding in findings.iter_mut().filter(|finding| checks.contains(&finding.code)) {
        finding.severity = Severity::Error;
    }
    findings
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
        Phase::PreRelease | Phase::Unknown => None,
    }
}

/// A package's release lines and its policy, seen from a day.
struct History<'a> {
    catalog: &'a Catalog,
    ix: PackageIx,
    package: &'a Package,
    lifecycle: Option<&'a Lifecycle>,
    lines: Vec<LinePast>,
    as_of: Date,
}

/// What came out in one release line.
struct LinePast {
    line: Line,
    major: Line,
    ranks: Vec<Rank>,
    /// Whether some stable release was not withdrawn.
    stable: bool,
    /// Day of the oldest dated one of these.
    first: Option<Date>,
}

impl LinePast {
    /// Whether a stable release exists on the day. One without a date is taken to exist.
    fn is_out(&self, as_of: Date) -> bool {
        self.stable && self.first.is_none_or(|first| first <= as_of)
    }
}

/// The phases of a line, and which of them runs on the day.
struct Life {
    stretches: Vec<Stretch>,
    phase: Phase,
    running: Option<usize>,
}

impl<'a> History<'a> {
    fn new(catalog: &'a Catalog, ix: PackageIx, as_of: Date) -> Self {
        let package = catalog.package(ix);
        let lifecycle = catalog.lifecycle(ix);
        let step = lifecycle.map_or(Step::Minor, |lifecycle| lifecycle.step);
        let lines = pasts(package, step);
        Self { catalog, ix, package, lifecycle, lines, as_of }
    }

    fn line_of(&self, rank: Rank) -> Option<&LinePast> {
        self.lines.iter().find(|past| past.ranks.contains(&rank))
    }

    fn row(&self, past: &LinePast) -> SupportRow {
        let life = self.life(past);
        let running = life.running.and_then(|ix| known_end(&life.stretches[ix].span.end));
        SupportRow {
            package: self.ix,
            line: past.line,
            lts: self.is_lts(past.line),
            released: past.first,
            newest: self.newest(past),
            phase: life.phase,
            ends: last_end(&life.stretches).map(|(until, _)| until),
            days_left: running.map(|until| days(self.as_of, until)),
            basis: self.basis(past, &life),
            cites: self.cites(past, &life),
            phases: life.stretches.into_iter().map(|stretch| stretch.span).collect(),
        }
    }

    fn is_lts(&self, line: Line) -> bool {
        self.lifecycle.is_some_and(|lifecycle| lifecycle.lts.contains(&line))
    }

    /// Returns the newest usable release on the day, or else the newest that there is.
    fn newest(&self, past: &LinePast) -> Rank {
        let newest =
            |test: &dyn Fn(Rank) -> bool| past.ranks.iter().rev().copied().find(|&rank| test(rank));
        let is_out = |rank| {
            let release = self.package.release(rank);
            release.withdrawn.is_none() && release.date.is_none_or(|date| date <= self.as_of)
        };
        let is_stable = |rank| {
            let release = self.package.release(rank);
            release.channel == Channel::Stable && release.is_listed()
        };
        newest(&|rank| is_out(rank) && is_stable(rank))
            .or_else(|| newest(&is_out))
            .or_else(|| past.ranks.last().copied())
            .expect("a line has a release")
    }

    fn life(&self, past: &LinePast) -> Life {
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
            span: PhaseSpan { phase: window.phase.clone(), from: window.from, end },
            fact: window.fact,
            basis: format!("{verb} {}", cite.source),
        }
    }

    /// Returns the phase that a rule gives a line, if it is about the line.
    fn ruled(&self, past: &LinePast, rule: &PhaseRule) -> Option<Stretch> {
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
        let span = PhaseSpan { phase: rule.phase.clone(), from: None, end };
        Some(Stretch { span, fact: rule.fact, basis: rule_text(rule) })
    }

    /// Whether no newer minor line of the same major is out on the day.
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

    fn basis(&self, past: &LinePast, life: &Life) -> String {
        let Some(first) = life.stretches.first() else {
            return match life.phase {
                Phase::PreRelease => "no stable release is out".to_owned(),
                Phase::Withdrawn => "every release was withdrawn".to_owned(),
                Phase::Active
                | Phase::Lts
                | Phase::Supported
                | Phase::Maintenance
                | Phase::ExtendedSecurity
                | Phase::Superseded
                | Phase::EndOfLife
                | Phase::Unknown => format!("no fact dates the support of {}", self.label(past)),
            };
        };
        if life.stretches.iter().all(|stretch| stretch.basis == first.basis) {
            return first.basis.clone();
        }
        let parts = life
            .stretches
            .iter()
            .map(|stretch| format!("{}: {}", stretch.span.phase, stretch.basis));
        parts.collect::<Vec<_>>().join("; ")
    }

    fn cites(&self, past: &LinePast, life: &Life) -> Vec<Cite> {
        let release = Some((self.ix, self.newest(past)));
        let mut facts: Vec<_> = life.stretches.iter().map(|stretch| stretch.fact).collect();
        if facts.is_empty() {
            facts.extend(self.lifecycle.map(|lifecycle| lifecycle.fact));
        }
        let mut cites: Vec<Cite> = Vec::new();
        for cite in facts.into_iter().map(|fact| self.catalog.cite_for(fact, release)) {
            if !cites.contains(&cite) {
                cites.push(cite);
            }
        }
        cites
    }

    /// Returns `name line`.
    fn label(&self, past: &LinePast) -> String {
        format!("{} {}", self.package.name, past.line)
    }

    fn ended(&self, past: &LinePast, life: &Life, subject: &str) -> Option<(Finding, FactIx)> {
        let (until, stretch) = last_end(&life.stretches)?;
        let line = self.label(past);
        let message = match stretch.span.end {
            End::Superseded { by: Some((next, date)) } => {
                format!("support of {line} ended on {date}, when {next} superseded it")
            }
            End::Stated(_)
            | End::Computed { .. }
            | End::Superseded { by: None }
            | End::Open
            | End::NotKnown { .. } => {
                format!("support of {line} ended {}", on(until))
            }
        };
        let finding = Finding::new(Check::SupportEnded, Severity::Warning, subject, message);
        Some((self.hinted(finding, past), stretch.fact))
    }

    fn ending(
        &self,
        past: &LinePast,
        life: &Life,
        within_days: i64,
        subject: &str,
    ) -> Option<(Finding, FactIx)> {
        let (until, stretch) = last_end(&life.stretches)?;
        let left = days(self.as_of, until);
        if left > within_days {
            return None;
        }
        let unit = if left == 1 { "day" } else { "days" };
        let message =
            format!("support of {} ends {} ({left} {unit} left)", self.label(past), on(until));
        let finding = Finding::new(Check::SupportEnding, Severity::Info, subject, message);
        Some((self.hinted(finding, past), stretch.fact))
    }

    /// Returns the finding on a line whose known support is over while more may come.
    fn undecided(&self, past: &LinePast, life: &Life, subject: &str) -> Option<(Finding, FactIx)> {
        let (until, _) = last_end(&life.stretches)?;
        if until.last_day() >= self.as_of {
            return None;
        }
        let open = life
            .stretches
            .iter()
            .find(|stretch| holds(&stretch.span, self.as_of) == Holds::Perhaps)?;
        let End::NotKnown { reason, .. } = &open.span.end else {
            return None;
        };
        let (line, phase) = (self.label(past), &open.span.phase);
        let message = format!(
            "support of {line} ended {} unless {phase} follows, which is not known: {reason}",
            on(until)
        );
        let finding = Finding::new(Check::SupportEnding, Severity::Warning, subject, message);
        Some((self.hinted(finding, past), open.fact))
    }

    /// Names the newer lines that are supported on the day.
    fn hinted(&self, finding: Finding, past: &LinePast) -> Finding {
        let newer =
            self.lines.iter().filter(|other| other.line > past.line && other.is_out(self.as_of));
        let supported = newer.filter(|other| self.life(other).running.is_some());
        let names: Vec<_> = supported.map(|other| other.line.to_string()).collect();
        if names.is_empty() {
            return finding;
        }
        let text = format!(
            "newer lines of {} supported on {}: {}",
            self.package.name,
            self.as_of,
            names.join(", ")
        );
        finding.hinting(text)
    }
}

/// Returns the lines of a package, oldest first.
fn pasts(package: &Package, step: Step) -> Vec<LinePast> {
    let mut pasts: Vec<LinePast> = Vec::new();
    for rank in package.ranks() {
        let release = package.release(rank);
        if release.version.numbers().is_empty() {
            continue;
        }
        let line = release.version.line(step);
        if pasts.last().is_none_or(|past| past.line != line) {
            let major = release.version.line(Step::Major);
            pasts.push(LinePast { line, major, ranks: Vec::new(), stable: false, first: None });
        }
        let past = pasts.last_mut().expect("a line was pushed before");
        past.ranks.push(rank);
        if release.channel == Channel::Stable && release.withdrawn.is_none() {
            past.stable = true;
            past.first = past.first.or(release.date);
        }
    }
    pasts
}

#[cfg(test)]
mod tests;
