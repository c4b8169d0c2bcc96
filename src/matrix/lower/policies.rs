//! Upgrades, families and lifecycles.

use super::Lowering;
use crate::catalog::{
    Downgrade, EdgeNote, EdgeScope, FactIx, Family, FamilyException, FamilyMap, FamilyPart, Gate,
    Lifecycle, LineClass, Migration, MigrationTime, PackageIx, PhaseEnd, PhaseRule, Probe,
    Procedure, ReleaseSet, StepLimit, Stop, Switch, Until, Upgrades, Window,
};
use crate::matrix::problem::ProblemCode;
use crate::matrix::raw::{self, Meta, Stated};
use crate::matrix::text::{Short, Text};
use crate::version::{Line, Step};

impl<'r, 'a> Lowering<'r, 'a> {
    pub(super) fn upgrades(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in &self.files[file].raw.upgrades {
                let Some(package) = self.package_named(&raw.package) else {
                    continue;
                };
                let upgrades = self.upgrade(package, raw);
                match self
                    .catalog
                    .upgrades
                    .iter_mut()
                    .find(|known| known.package == package)
                {
                    Some(known) => merge(known, upgrades),
                    None => self.catalog.upgrades.push(upgrades),
                }
            }
        }
    }

    fn upgrade(&mut self, package: PackageIx, raw: &'r raw::Upgrades<'a>) -> Upgrades {
        let fact = self.fact(raw.meta(), None, &raw.package);
        Upgrades {
            package,
            from_packages: raw
                .from_packages
                .iter()
                .filter_map(|name| self.package_named(name))
                .collect(),
            order: raw
                .order
                .iter()
                .map(|roles| self.role_names(roles))
                .collect(),
            switch: raw.switch.as_ref().and_then(|switch| self.switch(switch)),
            limits: raw
                .steps
                .iter()
                .map(|limit| self.limit(limit, fact))
                .collect(),
            stops: raw
                .stops
                .iter()
                .filter_map(|stop| self.stop(package, stop, fact))
                .collect(),
            blocked: raw
                .blocked
                .iter()
                .map(|item| self.blocked(package, item, fact))
                .collect(),
            risks: self.edge_items(package, &raw.risks, fact),
            advice: self.edge_items(package, &raw.advice, fact),
            irreversible: raw
                .irreversible
                .iter()
                .map(|item| self.irreversible(package, item, fact))
                .collect(),
            procedures: raw
                .procedures
                .iter()
                .map(|item| self.procedure(package, item, fact))
                .collect(),
            migrations: raw
                .migrations
                .iter()
                .map(|item| self.migration(package, item, fact))
                .collect(),
            gates: raw.gates.iter().map(|gate| self.gate(gate, fact)).collect(),
            restart: raw.restart.as_ref().map(ToString::to_string),
            downgrade: match raw.downgrade {
                Some(raw::Downgrade::Refused) => Downgrade::Refused(
                    raw.downgrade_why
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                ),
                Some(raw::Downgrade::Rules) | None => Downgrade::ByRules,
            },
            fact,
        }
    }

    fn switch(&mut self, raw: &'r raw::Switch<'a>) -> Option<Switch> {
        let from = self
            .role_names(std::slice::from_ref(&raw.from))
            .first()
            .copied()?;
        let to = self
            .role_names(std::slice::from_ref(&raw.to))
            .first()
            .copied()?;
        let command = raw.command.as_ref().map(ToString::to_string);
        Some(Switch {
            name: raw.name.to_string(),
            from,
            to,
            command,
        })
    }

    fn limit(&mut self, raw: &'r raw::StepLimit<'a>, parent: FactIx) -> StepLimit {
        let anchor = &self.files[self.file].raw.name;
        StepLimit {
            unit: unit(raw.unit),
            count: raw.count,
            roles: self.role_names(&raw.roles),
            fact: self.fact(raw.meta(), Some(parent), anchor),
        }
    }

    fn side(&mut self, package: PackageIx, side: &raw::Side<'a>) -> Vec<(PackageIx, ReleaseSet)> {
        match side {
            Short::Text(range) => self
                .releases(package, range)
                .map(|set| (package, set))
                .into_iter()
                .collect(),
            Short::Full(map) => self.per_package(map),
        }
    }

    fn scope_of(
        &mut self,
        package: PackageIx,
        from: &raw::Side<'a>,
        to: &raw::Side<'a>,
        meta: Meta<'r, 'a>,
        parent: FactIx,
    ) -> EdgeScope {
        let anchor = &self.files[self.file].raw.name;
        EdgeScope {
            from: self.side(package, from),
            to: self.side(package, to),
            fact: self.fact(meta, Some(parent), anchor),
        }
    }

    fn stop(&mut self, package: PackageIx, raw: &'r raw::Stop<'a>, parent: FactIx) -> Option<Stop> {
        let scope = self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent);
        let via = self.releases(package, &raw.via)?;
        Some(Stop {
            name: raw.name.to_string(),
            scope,
            via,
            message: raw.why.to_string(),
        })
    }

    fn blocked(
        &mut self,
        package: PackageIx,
        raw: &'r raw::Blocked<'a>,
        parent: FactIx,
    ) -> EdgeNote {
        EdgeNote {
            name: raw.name.to_string(),
            scope: self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent),
            when: self.feature_names(&raw.when),
            unless: self.feature_names(&raw.unless),
            message: raw.why.to_string(),
            url: raw.url.as_ref().map(ToString::to_string),
            moment: None,
        }
    }

    fn edge_items(
        &mut self,
        package: PackageIx,
        items: &'r [raw::EdgeItem<'a>],
        parent: FactIx,
    ) -> Vec<EdgeNote> {
        items
            .iter()
            .map(|raw| EdgeNote {
                name: raw.name.to_string(),
                scope: self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent),
                when: self.feature_names(&raw.when),
                unless: self.feature_names(&raw.unless),
                message: raw.message.to_string(),
                url: raw.url.as_ref().map(ToString::to_string),
                moment: None,
            })
            .collect()
    }

    fn irreversible(
        &mut self,
        package: PackageIx,
        raw: &'r raw::Irreversible<'a>,
        parent: FactIx,
    ) -> EdgeNote {
        EdgeNote {
            name: raw.name.to_string(),
            scope: self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent),
            when: self.feature_names(&raw.when),
            unless: self.feature_names(&raw.unless),
            message: raw.why.to_string(),
            url: None,
            moment: raw.moment.as_ref().map(ToString::to_string),
        }
    }

    fn procedure(
        &mut self,
        package: PackageIx,
        raw: &'r raw::StepProcedure<'a>,
        parent: FactIx,
    ) -> (EdgeScope, Procedure, String) {
        let scope = self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent);
        let procedure = match raw.procedure {
            raw::Procedure::Rolling => Procedure::Rolling,
            raw::Procedure::StopAll => Procedure::StopAll,
        };
        (scope, procedure, raw.why.to_string())
    }

    fn migration(
        &mut self,
        package: PackageIx,
        raw: &'r raw::Migration<'a>,
        parent: FactIx,
    ) -> Migration {
        Migration {
            name: raw.name.to_string(),
            scope: self.scope_of(package, &raw.from, &raw.to, raw.meta(), parent),
            when: match raw.when {
                raw::MigrationTime::Before => MigrationTime::Before,
                raw::MigrationTime::Stopped => MigrationTime::Stopped,
                raw::MigrationTime::After => MigrationTime::After,
            },
            command: raw.command.as_ref().map(ToString::to_string),
            message: raw.message.to_string(),
            irreversible: raw.irreversible,
        }
    }

    fn gate(&mut self, raw: &'r raw::Gate<'a>, parent: FactIx) -> Gate {
        Gate {
            name: raw.name.to_string(),
            after: raw.after.iter().map(ToString::to_string).collect(),
            roles: self.role_names(&raw.roles),
            probe: Probe {
                command: raw.command.to_string(),
                field: raw.field.as_ref().map(ToString::to_string),
                expect: raw.expect.to_string(),
            },
            why: raw.why.to_string(),
            fact: self.fact(raw.meta(), Some(parent), &raw.name),
        }
    }

    pub(super) fn families(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in &self.files[file].raw.families {
                let fact = self.fact(raw.meta(), None, &raw.name);
                let Some(core) = self.package_named(&raw.core) else {
                    continue;
                };
                let members = raw
                    .members
                    .iter()
                    .filter_map(|name| self.package_named(name))
                    .collect();
                let maps = raw
                    .maps
                    .iter()
                    .filter_map(|map| self.family_map(map))
                    .collect();
                let exceptions = raw
                    .exceptions
                    .iter()
                    .filter_map(|item| self.family_exception(core, item, fact))
                    .collect();
                let name = raw.name.to_string();
                self.catalog.families.push(Family {
                    name,
                    core,
                    members,
                    maps,
                    exceptions,
                    fact,
                });
            }
        }
    }

    fn family_map(&mut self, raw: &'r raw::FamilyMap<'a>) -> Option<FamilyMap> {
        let mut side = |text: &Text<'a>| {
            let parts = parse_pattern(text);
            if parts.is_none() {
                let message = format!(
                    "expected a pattern such as `0.{{x+16}}.y`, found `{}`",
                    text.escape_debug()
                );
                self.report(Some(text), ProblemCode::Rule, message);
            }
            parts
        };
        Some(FamilyMap {
            core: side(&raw.core)?,
            member: side(&raw.member)?,
        })
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
        Some(FamilyException {
            member,
            releases,
            why: raw.why.to_string(),
            fact,
        })
    }

    pub(super) fn lifecycles(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in &self.files[file].raw.lifecycle {
                let fact = self.fact(raw.meta(), None, &raw.package);
                let Some(package) = self.package_named(&raw.package) else {
                    continue;
                };
                let step = unit(raw.line);
                let lts = raw
                    .lts
                    .iter()
                    .filter_map(|line| self.line(package, step, line))
                    .collect();
                let rules = raw
                    .rules
                    .iter()
                    .filter_map(|rule| self.phase_rule(rule, fact))
                    .collect();
                let windows = self.windows(package, step, &raw.windows, fact);
                let made = Lifecycle {
                    package,
                    step,
                    lts,
                    rules,
                    windows,
                    fact,
                };
                match self
                    .catalog
                    .lifecycles
                    .iter_mut()
                    .find(|known| known.package == package)
                {
                    Some(known) => {
                        known.lts.extend(made.lts);
                        known.rules.extend(made.rules);
                        known.windows.extend(made.windows);
                    }
                    None => self.catalog.lifecycles.push(made),
                }
            }
        }
    }

    fn line(&mut self, package: PackageIx, step: Step, text: &Text<'a>) -> Option<Line> {
        let numbering = &self.catalog.package(package).numbering;
        let line = numbering
            .parse_line(text)
            .map(|(_, floor)| floor.line(step));
        if line.is_none() {
            let message = format!(
                "expected a release line such as `9.1`, found `{}`",
                text.escape_debug()
            );
            self.report(Some(text), ProblemCode::Version, message);
        }
        line
    }

    fn phase_rule(&mut self, raw: &'r raw::PhaseRule<'a>, parent: FactIx) -> Option<PhaseRule> {
        let fact = self.fact(raw.meta(), Some(parent), &raw.phase);
        let end = match (raw.years, raw.months, raw.until) {
            (Some(years), None, None) => PhaseEnd::Months(i32::from(years) * 12),
            (None, Some(months), None) => PhaseEnd::Months(i32::from(months)),
            (None, None, Some(raw::Superseded::Superseded)) => PhaseEnd::Superseded,
            _ => {
                let message = "expected one of `years`, `months` and `until`".to_owned();
                self.report(Some(&raw.phase), ProblemCode::Rule, message);
                return None;
            }
        };
        let lines = match raw.applies_to {
            raw::LineClass::All => LineClass::All,
            raw::LineClass::Lts => LineClass::Lts,
            raw::LineClass::NotLts => LineClass::NotLts,
            raw::LineClass::LatestMinorOfMajor => LineClass::LatestMinorOfMajor,
        };
        Some(PhaseRule {
            phase: raw.phase.to_string(),
            lines,
            end,
            fact,
        })
    }

    fn windows(
        &mut self,
        package: PackageIx,
        step: Step,
        windows: &'r [raw::Window<'a>],
        parent: FactIx,
    ) -> Vec<Window> {
        let mut made: Vec<Window> = Vec::new();
        for raw in windows {
            if self.is_replaced(raw.meta()) {
                continue;
            }
            let fact = self.fact(raw.meta(), Some(parent), &raw.line);
            let from = raw.from.as_ref().and_then(|date| self.date(date));
            let until = raw.until.as_ref().and_then(|date| self.until(date));
            let Some(line) = self.line(package, step, &raw.line) else {
                continue;
            };
            let window = Window {
                line,
                phase: raw.phase.to_string(),
                from,
                until,
                fact,
            };
            if made.iter().any(|other| overlap(other, &window)) {
                let message = format!(
                    "two `{}` windows of {} overlap",
                    raw.phase.escape_debug(),
                    raw.line.escape_debug()
                );
                self.report(Some(&raw.line), ProblemCode::WindowOverlap, message);
            }
            if let (Some(from), Some(until)) = (from, until)
                && until.last_day() < from
            {
                let message = format!(
                    "the window ends on {} before it begins on {from}",
                    until.text()
                );
                self.report(raw.until.as_ref(), ProblemCode::Date, message);
            }
            made.push(window);
        }
        made
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

/// Adds what an overlay says about a product's upgrades; lists grow, single values stay.
fn merge(known: &mut Upgrades, more: Upgrades) {
    known.from_packages.extend(more.from_packages);
    known.limits.extend(more.limits);
    known.stops.extend(more.stops);
    known.blocked.extend(more.blocked);
    known.risks.extend(more.risks);
    known.advice.extend(more.advice);
    known.irreversible.extend(more.irreversible);
    known.procedures.extend(more.procedures);
    known.migrations.extend(more.migrations);
    known.gates.extend(more.gates);
    if more.downgrade != Downgrade::ByRules {
        known.downgrade = more.downgrade;
    }
}

fn unit(raw: raw::Unit) -> Step {
    match raw {
        raw::Unit::Major => Step::Major,
        raw::Unit::Minor => Step::Minor,
        raw::Unit::Patch => Step::Patch,
    }
}

/// Parses `0.{x+16}.y`.
fn parse_pattern(text: &str) -> Option<Vec<FamilyPart>> {
    text.split('.')
        .map(|part| {
            let inner = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
                .unwrap_or(part);
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
