//! Families and lifecycles: what is said of whole release lines.

use jiff::civil::Weekday;

use super::Lowering;
use crate::catalog::{
    self, Announcement, Cadence, Every, FactIx, Family, FamilyException, FamilyMap, FamilyPart,
    Lifecycle, OpenNames, PackageIx, PhaseEnd, PhaseRule, Until, Window,
};
use crate::finding::Severity;
use crate::matrix::field::{Items, Stated};
use crate::matrix::raw;
use crate::matrix::text::Text;
use crate::matrix::words::{Superseded, WeekdayName};
use crate::problem::{ProblemCode, shown};
use crate::version::{Line, Step};

/// The phases of a release line's life that this program knows.
const PHASES: [&str; 4] = ["active", "maintenance", "extended-security", "lts"];

impl<'r, 'a> Lowering<'r, 'a> {
    pub(super) fn families(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in &self.files[file].raw.families {
                let fact = self.fact(raw.meta(), None, &raw.name);
                let Some(core) = self.package_named(&raw.core) else {
                    continue;
                };
                let is_pattern = |name: &&Text<'_>| name.ends_with('*');
                let open = OpenNames {
                    prefixes: raw
                        .members
                        .iter()
                        .filter(is_pattern)
                        .map(|name| name.trim_end_matches('*').to_owned())
                        .collect(),
                    apart: raw.apart.iter().map(ToString::to_string).collect(),
                };
                let members = raw.members.iter().filter(|name| !is_pattern(name));
                let members = members.filter_map(|name| self.package_named(name)).collect();
                let maps = raw.maps.iter().filter_map(|map| self.family_map(map)).collect();
                let exceptions = self
                    .standing(&raw.exceptions)
                    .into_iter()
                    .filter_map(|item| self.family_exception(core, item, fact))
                    .collect();
                let name = raw.name.to_string();
                self.catalog.families.push(Family {
                    name,
                    core,
                    members,
                    open,
                    maps,
                    exceptions,
                    fact,
                });
            }
        }
        self.bind_families();
    }

    /// Finds the releases that only their family keeps to a core, and marks those that it leaves
    /// without any.
    fn bind_families(&mut self) {
        let pins = catalog::pins_of_families(&self.catalog);
        for pin in &pins {
            let mut cores = self.catalog.accepted(pin.release, pin.core);
            cores.intersect_with(&pin.cores);
            let (package, rank) = pin.release;
            let release = &mut self.catalog.packages[package.ix()].releases[rank.ix()];
            if cores.is_empty() && release.is_listed() {
                release.details_mut().stray = Some(pin.fact);
            }
        }
        self.catalog.pins = pins;
    }

    fn family_map(&mut self, raw: &'r raw::FamilyMap<'a>) -> Option<FamilyMap> {
        let mut side = |text: &Text<'a>| {
            let parts = parse_pattern(text);
            if parts.is_none() {
                let message =
                    format!("expected a pattern such as `0.{{x+16}}.y`, found `{}`", shown(text));
                self.report(Some(text), ProblemCode::Rule, message);
            }
            parts
        };
        let (core, member) = (side(&raw.core), side(&raw.member));
        let map = FamilyMap { core: core?, member: member? };
        let unbound = map.member.iter().find_map(|part| match part {
            FamilyPart::Variable(letter, _) if !binds(&map.core, *letter) => Some(*letter),
            FamilyPart::Variable(..) | FamilyPart::Literal(_) => None,
        });
        if let Some(letter) = unbound {
            let pattern = shown(&raw.core);
            let message = format!("`{letter}` is not in the pattern of the core, `{pattern}`");
            self.report(Some(&raw.member), ProblemCode::Rule, message);
            return None;
        }
        Some(map)
    }

    fn family_exception(
        &mut self,
        core: PackageIx,
        raw: &'r raw::FamilyException<'a>,
        parent: FactIx,
    ) -> Option<FamilyException> {
        let member = match &raw.member {
            Some(name) => Some(self.package_named(name)?),
            None => None,
        };
        let releases = self.releases(member.unwrap_or(core), &raw.releases)?;
        let fact = self.fact(raw.meta(), Some(parent), &raw.releases);
        Some(FamilyException { member, releases, why: raw.why.to_string(), fact })
    }

    pub(super) fn lifecycles(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in &self.files[file].raw.lifecycle {
                let fact = self.fact(raw.meta(), None, &raw.package);
                let Some(package) = self.package_named(&raw.package) else {
                    continue;
                };
                let step = raw.line;
                let lts =
                    raw.lts.iter().filter_map(|line| self.line(package, step, line)).collect();
                let rules = self
                    .standing(&raw.rules)
                    .into_iter()
                    .filter_map(|rule| self.phase_rule(rule, fact))
                    .collect();
                let windows = self.windows(package, step, &raw.windows, fact);
                let cadence = self
                    .standing(&raw.cadence)
                    .into_iter()
                    .filter_map(|one| self.cadence(one, fact))
                    .collect();
                let announced = self
                    .standing(&raw.announced)
                    .into_iter()
                    .filter_map(|one| self.announcement(package, one, fact))
                    .collect();
                let made =
                    Lifecycle { package, step, lts, rules, windows, cadence, announced, fact };
                match self.catalog.lifecycles.iter_mut().find(|known| known.package == package) {
                    Some(known) => {
                        known.lts.extend(made.lts);
                        known.rules.extend(made.rules);
                        known.windows.extend(made.windows);
                        known.cadence.extend(made.cadence);
                        known.announced.extend(made.announced);
                    }
                    None => self.catalog.lifecycles.push(made),
                }
            }
        }
    }

    fn line(&mut self, package: PackageIx, step: Step, text: &Text<'a>) -> Option<Line> {
        let numbering = &self.catalog.package(package).numbering;
        let line = numbering.parse_line(text).map(|(_, floor)| floor.line(step));
        if line.is_none() {
            let message = format!("expected a release line such as `9.1`, found `{}`", shown(text));
            self.report(Some(text), ProblemCode::Version, message);
        }
        line
    }

    /// Warns of a phase that looks like a misspelt one; a product may have phases of its own.
    fn check_phase(&mut self, phase: &Text<'a>) {
        let hint = self.near(phase, PHASES);
        if hint.is_some() && !PHASES.contains(&&**phase) {
            let message = format!("the phase `{}` is none of {}", shown(phase), PHASES.join(", "));
            self.record(Severity::Warning, Some(phase), ProblemCode::UnknownName, message)
                .maybe_hint(hint);
        }
    }

    fn phase_rule(&mut self, raw: &'r raw::PhaseRule<'a>, parent: FactIx) -> Option<PhaseRule> {
        let fact = self.fact(raw.meta(), Some(parent), &raw.phase);
        self.check_phase(&raw.phase);
        let end = match (raw.years, raw.months, raw.until) {
            (Some(years), None, None) => PhaseEnd::Months(i32::from(years) * 12),
            (None, Some(months), None) => PhaseEnd::Months(i32::from(months)),
            (None, None, Some(Superseded::Superseded)) => PhaseEnd::Superseded,
            _ => {
                let message = "expected one of `years`, `months` and `until`".to_owned();
                self.report(Some(&raw.phase), ProblemCode::Rule, message);
                return None;
            }
        };
        Some(PhaseRule { phase: raw.phase.to_string(), lines: raw.applies_to, end, fact })
    }

    fn cadence(&mut self, raw: &'r raw::Cadence<'a>, parent: FactIx) -> Option<Cadence> {
        let fact = self.fact(raw.meta(), Some(parent), &raw.rule);
        let every = match (raw.months, raw.weeks) {
            (Some(months @ 1..), None) => Every::Months(i32::from(months)),
            (None, Some(weeks @ 1..)) => Every::Weeks(i32::from(weeks)),
            _ => {
                let message = "expected one of `months` and `weeks`, 1 or more".to_owned();
                self.report(Some(&raw.rule), ProblemCode::Rule, message);
                return None;
            }
        };
        let weekday = raw.weekday.map(weekday);
        Some(Cadence { release: raw.release, every, weekday, rule: raw.rule.to_string(), fact })
    }

    fn announcement(
        &mut self,
        package: PackageIx,
        raw: &'r raw::Announcement<'a>,
        parent: FactIx,
    ) -> Option<Announcement> {
        let fact = self.fact(raw.meta(), Some(parent), &raw.version);
        let version = self.catalog.package(package).numbering.parse(&raw.version);
        if let Err(why) = &version {
            let message = why.to_string();
            self.report(Some(&raw.version), ProblemCode::Version, message);
        }
        let day = self.date(&raw.date)?;
        Some(Announcement { version: version.ok()?, day, fact })
    }

    fn windows(
        &mut self,
        package: PackageIx,
        step: Step,
        windows: &'r Items<raw::Window<'a>>,
        parent: FactIx,
    ) -> Vec<Window> {
        let known = self.catalog.lifecycles.iter();
        let known = known.filter(|known| known.package == package);
        let mut earlier: Vec<Window> = known.flat_map(|known| known.windows.clone()).collect();
        let kept = earlier.len();
        for raw in self.standing(windows) {
            self.check_phase(&raw.phase);
            let fact = self.fact(raw.meta(), Some(parent), &raw.line);
            let from = raw.from.as_ref().and_then(|date| self.date(date));
            let until = raw.until.as_ref().and_then(|date| self.until(date));
            let Some(line) = self.line(package, step, &raw.line) else {
                continue;
            };
            let parsed = &self.files[self.file];
            let window = Window {
                line,
                phase: raw.phase.to_string(),
                from,
                until,
                explained: raw.note.is_some(),
                place: (parsed.file, raw.line.span(parsed.text)),
                fact,
            };
            if earlier.iter().any(|other| overlap(other, &window)) {
                let message = format!(
                    "two `{}` windows of the line `{}` overlap",
                    shown(&raw.phase),
                    shown(&raw.line)
                );
                self.report(Some(&raw.line), ProblemCode::WindowOverlap, message)
                    .hint("an overlay that corrects a window names its id in `replaces`");
            }
            if let (Some(from), Some(until)) = (from, until)
                && until.last_day() < from
            {
                let message =
                    format!("the window ends on {} before it begins on {from}", until.text());
                self.report(raw.until.as_ref(), ProblemCode::Date, message);
            }
            earlier.push(window);
        }
        earlier.split_off(kept)
    }
}

fn weekday(raw: WeekdayName) -> Weekday {
    match raw {
        WeekdayName::Monday => Weekday::Monday,
        WeekdayName::Tuesday => Weekday::Tuesday,
        WeekdayName::Wednesday => Weekday::Wednesday,
        WeekdayName::Thursday => Weekday::Thursday,
        WeekdayName::Friday => Weekday::Friday,
        WeekdayName::Saturday => Weekday::Saturday,
        WeekdayName::Sunday => Weekday::Sunday,
    }
}

fn overlap(a: &Window, b: &Window) -> bool {
    let begins_before_end =
        |begins: &Window, ends: &Window| match (begins.from, ends.until.map(Until::last_day)) {
            (Some(from), Some(until)) => from <= until,
            _ => true,
        };
    a.line == b.line && a.phase == b.phase && begins_before_end(a, b) && begins_before_end(b, a)
}

fn binds(pattern: &[FamilyPart], letter: char) -> bool {
    let bound =
        |part: &FamilyPart| matches!(part, FamilyPart::Variable(known, _) if *known == letter);
    pattern.iter().any(bound)
}

/// Parses `0.{x+16}.y`.
fn parse_pattern(text: &str) -> Option<Vec<FamilyPart>> {
    text.split('.')
        .map(|part| {
            let inner =
                part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).unwrap_or(part);
            if let Ok(literal) = inner.parse() {
                return Some(FamilyPart::Literal(literal));
            }
            let (name, offset) = inner.split_once('+').unwrap_or((inner, "0"));
            let mut letters = name.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) if letter.is_ascii_lowercase() => {
                    Some(FamilyPart::Variable(letter, offset.parse().ok()?))
                }
                _ => None,
            }
        })
        .collect()
}
