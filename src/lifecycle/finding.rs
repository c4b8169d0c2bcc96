//! Findings on releases that are near or past the end of their support.

use jiff::civil::Date;

use super::history::{History, LinePast};
use super::phases::Life;
use super::spans::{Holds, days, holds, last_end, on};
use crate::answer::support::{End, Phase};
use crate::catalog::{Catalog, Channel, FactIx, ReleaseId};
use crate::finding::{Check, Code, Finding, Severity};

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
        Phase::PreRelease | Phase::NotReleased | Phase::Withdrawn => return None,
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

impl History<'_> {
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
