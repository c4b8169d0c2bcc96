//! Features, interfaces with their offers, roles, relations and skew rules.

use super::Lowering;
use super::level_table::{LevelEnd, LevelTable, ends};
use crate::catalog::{
    Applies, Exception, FactIx, Feature, FeatureIx, FeatureSet, Interface, InterfaceIx, LevelSpan,
    Offer, PackageIx, Rank, Relation, RelationInterface, RelationIx, Role, RoleIx, SkewBound,
    SkewRule, Use,
};
use crate::finding::{Bites, Severity, Verdict};
use crate::matrix::field::Stated;
use crate::matrix::raw;
use crate::matrix::text::{Short, Text};
use crate::problem::{ProblemCode, shown};
use crate::version::Step;

impl<'r, 'a> Lowering<'r, 'a> {
    pub(super) fn features(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            let scope = self.scope();
            for raw in &self.files[file].raw.features {
                self.check_name(&raw.name, "a feature");
                let fact = self.fact(raw.meta(), None, &raw.name);
                let since = self.per_package(&raw.since);
                let ix = self.catalog.features.len();
                if ix >= FeatureSet::LIMIT {
                    let message = format!("there are more than {} features", FeatureSet::LIMIT);
                    self.report(Some(&raw.name), ProblemCode::Limit, message);
                    return;
                }
                if self.names.features.insert((scope, &raw.name), FeatureIx::new(ix)).is_some() {
                    self.duplicate(&raw.name, "feature");
                }
                let detect = raw.detect.as_ref().map(|probe| self.probe(probe));
                let (name, title) = (raw.name.to_string(), raw.title.to_string());
                self.catalog.features.push(Feature { name, title, since, detect, fact });
            }
        }
    }

    pub(super) fn duplicate(&mut self, name: &Text<'a>, what: &str) {
        let message = format!("the {what} `{}` is stated twice", shown(name));
        self.report(Some(name), ProblemCode::DuplicateName, message);
    }

    pub(super) fn interfaces(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in &self.files[file].raw.interfaces {
                self.interface(raw);
            }
        }
        self.collect_all_levels();
        for (table, interface) in self.levels.iter_mut().zip(&mut self.catalog.interfaces) {
            interface.levels = table.seal();
        }
        for file in 0..self.files.len() {
            self.file = file;
            for raw in self.standing(&self.files[file].raw.offers) {
                self.offer(raw);
            }
        }
    }

    fn interface(&mut self, raw: &'r raw::Interface<'a>) {
        self.check_name(&raw.name, "an interface");
        let fact = self.fact(raw.meta(), None, &raw.name);
        let table = LevelTable::new(&raw.levels).unwrap_or_else(|| {
            let message = format!(
                "expected `number` or a scheme other than `listed`, found `{}`",
                shown(&raw.levels)
            );
            self.report(Some(&raw.levels), ProblemCode::UnknownName, message);
            LevelTable::new("number").expect("`number` is a kind of levels")
        });
        let ix = InterfaceIx::new(self.catalog.interfaces.len());
        let scope = self.scope();
        if let Some(contract) = &raw.contract
            && !self.names.contracts.contains(&(scope, &**contract))
        {
            let known = self.names.contracts.iter().filter(|key| key.0 == scope);
            let hint = self.near(contract, known.map(|key| key.1));
            self.unknown_name(contract, "contract", hint);
        }
        if self.names.interfaces.insert((scope, &raw.name), ix).is_some() {
            self.duplicate(&raw.name, "interface");
        }
        self.levels.push(table);
        self.catalog.interfaces.push(Interface {
            name: raw.name.to_string(),
            title: raw.title.to_string(),
            stability: raw.stability,
            contract: raw.contract.as_ref().map(ToString::to_string),
            levels: Vec::new(),
            fact,
            offers: Vec::new(),
        });
    }

    pub(super) fn interface_named(&mut self, name: &Text<'a>) -> Option<InterfaceIx> {
        let scope = self.scope();
        if let Some(&interface) = self.names.interfaces.get(&(scope, &**name)) {
            return Some(interface);
        }
        let known = self.names.interfaces.keys().filter(|key| key.0 == scope);
        let hint = self.near(name, known.map(|key| key.1));
        self.unknown_name(name, "interface", hint);
        None
    }

    /// Collects every level that offers, needs and releases mention.
    fn collect_all_levels(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            let raw = &self.files[file].raw;
            for offer in raw.offers.all() {
                for level in offer.writes.iter().chain(&offer.reads) {
                    self.collect(&offer.interface, &offer.package, level_text(level));
                }
            }
            for need in raw.needs.all() {
                self.collect(&need.interface, &need.package, &need.level);
            }
            for package in &raw.packages {
                for (release, rest) in package.releases.with_rest() {
                    for (interface, level) in &rest.uses.0 {
                        self.collect_use(interface, &release.version, level);
                    }
                }
            }
        }
    }

    fn collect(&mut self, interface: &Text<'a>, package: &Text<'a>, level: &Text<'a>) {
        let scope = self.scope();
        let Some(&interface) = self.names.interfaces.get(&(scope, &**interface)) else {
            return;
        };
        self.collect_levels(interface, level);
        let (low, high) = ends(level);
        if (low == LevelEnd::Own || high == LevelEnd::Own)
            && let Some(&package) = self.catalog.names.get(&**package)
        {
            self.collect_own_levels(interface, package, level);
        }
    }

    fn collect_use(&mut self, interface: &Text<'a>, version: &Text<'a>, level: &Text<'a>) {
        let scope = self.scope();
        let Some(&interface) = self.names.interfaces.get(&(scope, &**interface)) else {
            return;
        };
        if ends(level).0 == LevelEnd::Own {
            self.collect_levels(interface, version);
        } else {
            self.collect_levels(interface, level);
        }
    }

    fn offer(&mut self, raw: &'r raw::Offer<'a>) {
        let fact = self.fact(raw.meta(), None, &raw.package);
        let package = self.package_named(&raw.package);
        let interface = self.interface_named(&raw.interface);
        let (Some(package), Some(interface)) = (package, interface) else {
            return;
        };
        let Some(releases) = self.releases_or_all(package, raw.releases.as_ref()) else {
            return;
        };
        let writes = self.conditions(&raw.writes);
        let reads = self.conditions(&raw.reads);
        let slot = self.offer_slot(interface, package);
        let mut overlap = None;
        for rank in releases.iter() {
            let offer = Offer {
                writes: self.spans(interface, &writes, package, rank),
                reads: self.spans(interface, &reads, package, rank),
                fact,
            };
            let place = &mut self.catalog.interfaces[interface.ix()].offers[slot].1[rank.ix()];
            if place.is_some() {
                overlap = Some(rank);
            } else {
                *place = Some(offer);
            }
        }
        if let Some(rank) = overlap {
            let message = format!(
                "{} already has an offer on `{}`",
                self.catalog.label((package, rank)),
                shown(&raw.interface)
            );
            self.report(
                Some(raw.releases.as_ref().unwrap_or(&raw.package)),
                ProblemCode::OfferOverlap,
                message,
            )
            .hint("an overlay that corrects an offer names its id in `replaces`");
        }
    }

    /// Returns the place of a package's offers on an interface, making room on first use.
    fn offer_slot(&mut self, interface: InterfaceIx, package: PackageIx) -> usize {
        let count = self.catalog.package(package).len();
        let offers = &mut self.catalog.interfaces[interface.ix()].offers;
        offers.iter().position(|(offering, _)| *offering == package).unwrap_or_else(|| {
            offers.push((package, vec![None; count]));
            offers.len() - 1
        })
    }

    fn conditions(
        &mut self,
        levels: &'r [Short<'a, raw::GuardedLevel<'a>>],
    ) -> Vec<(&'r Text<'a>, FeatureSet, FeatureSet)> {
        levels
            .iter()
            .map(|level| match level {
                Short::Text(text) => (text, FeatureSet::default(), FeatureSet::default()),
                Short::Full(full) => {
                    (&full.level, self.feature_names(&full.when), self.feature_names(&full.unless))
                }
            })
            .collect()
    }

    fn spans(
        &self,
        interface: InterfaceIx,
        levels: &[(&Text<'a>, FeatureSet, FeatureSet)],
        package: PackageIx,
        rank: Rank,
    ) -> Vec<LevelSpan> {
        levels
            .iter()
            .filter_map(|&(text, when, unless)| {
                let (low, high) = self.level_span(interface, text, package, rank)?;
                Some(LevelSpan { low, high, when, unless })
            })
            .collect()
    }

    pub(super) fn roles(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            let scope = self.scope();
            for raw in &self.files[file].raw.roles {
                self.check_name(&raw.name, "a role");
                let fact = self.fact(raw.meta(), None, &raw.name);
                let runs = raw.runs.iter().filter_map(|name| self.package_named(name)).collect();
                let ix = RoleIx::new(self.catalog.roles.len());
                if self.names.roles.insert((scope, &raw.name), ix).is_some() {
                    self.duplicate(&raw.name, "role");
                }
                self.catalog.roles.push(Role {
                    name: raw.name.to_string(),
                    title: raw.title.as_ref().map(ToString::to_string),
                    runs,
                    min: raw.min,
                    max: raw.max,
                    writable: raw.writable,
                    quorum: raw.quorum,
                    default: raw.default,
                    known_as: raw.known_as.iter().map(ToString::to_string).collect(),
                    fact,
                });
            }
        }
    }

    pub(super) fn relations(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            let scope = self.scope();
            for raw in &self.files[file].raw.relations {
                let relation = self.relation(raw);
                let ix = RelationIx::new(self.catalog.relations.len());
                if self.names.relations.insert((scope, &raw.name), ix).is_some() {
                    self.duplicate(&raw.name, "relation");
                }
                self.catalog.relations.push(relation);
            }
        }
    }

    fn relation(&mut self, raw: &'r raw::Relation<'a>) -> Relation {
        self.check_name(&raw.name, "a relation");
        let fact = self.fact(raw.meta(), None, &raw.name);
        let mut interfaces = Vec::new();
        for entry in self.standing(&raw.interfaces) {
            if let Some(interface) = self.interface_named(&entry.interface) {
                let breaks = entry.breaks.to_string();
                interfaces.push(RelationInterface { interface, breaks, bites: entry.bites });
            }
        }
        let mut exceptions = Vec::new();
        for entry in self.standing(&raw.exceptions) {
            exceptions.push(self.exception(entry, fact));
        }
        Relation {
            name: raw.name.to_string(),
            title: raw.title.to_string(),
            from: self.role_names(&raw.from),
            to: self.role_names(&raw.to),
            within: raw.within,
            usage: raw.usage.unwrap_or(Use::Continuous),
            interfaces,
            exceptions,
            fact,
        }
    }

    fn exception(&mut self, raw: &'r raw::Exception<'a>, parent: FactIx) -> Exception {
        let default =
            if raw.verdict == Verdict::Incompatible { Severity::Error } else { Severity::Warning };
        Exception {
            name: raw.name.as_ref().map(ToString::to_string),
            from: self.per_package(&raw.from),
            to: self.per_package(&raw.to),
            when: self.feature_names(&raw.when),
            unless: self.feature_names(&raw.unless),
            verdict: raw.verdict,
            severity: raw.severity.unwrap_or(default),
            breaks: raw.breaks.to_string(),
            bites: raw.bites.unwrap_or(Bites::Now),
            fact: self.fact(raw.meta(), Some(parent), &raw.breaks),
        }
    }

    pub(super) fn skew(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in self.standing(&self.files[file].raw.skew) {
                self.skew_rule(raw);
            }
        }
    }

    fn skew_rule(&mut self, raw: &'r raw::SkewRule<'a>) {
        let fact = self.fact(raw.meta(), None, &raw.code);
        let scope = self.scope();
        let Some(&relation) = self.names.relations.get(&(scope, &*raw.relation)) else {
            let known = self.names.relations.keys().filter(|key| key.0 == scope);
            let hint = self.near(&raw.relation, known.map(|key| key.1));
            self.unknown_name(&raw.relation, "relation", hint);
            return;
        };
        let Some((bound, unit)) = parse_rule(&raw.rule) else {
            let message = format!(
                "expected a rule such as `from <= to by major` or `from - to <= 3 minor`, found `{}`",
                shown(&raw.rule)
            );
            self.report(Some(&raw.rule), ProblemCode::Rule, message);
            return;
        };
        if self.catalog.skew.iter().any(|rule| rule.code == *raw.code) {
            self.duplicate(&raw.code, "skew rule");
        }
        self.catalog.skew.push(SkewRule {
            code: raw.code.to_string(),
            relation,
            text: raw.rule.to_string(),
            bound,
            unit,
            severity: raw.severity,
            applies: raw.applies.unwrap_or(Applies::Always),
            message: raw.message.to_string(),
            fact,
        });
    }
}

/// Parses `from <= to by major`, `from = to by minor`, `from - to <= 3 minor`.
fn parse_rule(text: &str) -> Option<(SkewBound, Step)> {
    let words: Vec<_> = text.split_whitespace().collect();
    match words.as_slice() {
        ["from", "<=", "to", "by", unit] => Some((SkewBound::FromAhead(0), Step::named(unit)?)),
        ["from", ">=", "to", "by", unit] => Some((SkewBound::ToAhead(0), Step::named(unit)?)),
        ["from", "=" | "==", "to", "by", unit] => Some((SkewBound::Same, Step::named(unit)?)),
        ["from", "-", "to", "<=", count, unit] => {
            Some((SkewBound::FromAhead(count.parse().ok()?), Step::named(unit)?))
        }
        ["to", "-", "from", "<=", count, unit] => {
            Some((SkewBound::ToAhead(count.parse().ok()?), Step::named(unit)?))
        }
        _ => None,
    }
}

fn level_text<'r, 'a>(level: &'r Short<'a, raw::GuardedLevel<'a>>) -> &'r Text<'a> {
    match level {
        Short::Text(text) => text,
        Short::Full(full) => &full.level,
    }
}
