//! Names of a query beside a catalog: packages, releases, requirements, features.

use crate::catalog::{Catalog, FeatureIx, FeatureSet, PackageIx, Rank, ReleaseId};
use crate::failure::Failure;
use crate::knowledge::KnowledgeBase;
use crate::matrix::nearest;
use crate::range::{Bare, Range};
use crate::resolve::Requirement;
use crate::spec::Spec;

/// Looks names up in a catalog, and tells those that it does not have.
#[derive(Clone, Copy)]
pub(super) struct Lookup<'a> {
    pub(super) base: &'a KnowledgeBase,
    pub(super) catalog: &'a Catalog,
}

impl Lookup<'_> {
    /// Returns the package that a SPEC names.
    pub(super) fn package(self, spec: &Spec) -> Result<PackageIx, Failure> {
        let name = spec.name();
        self.catalog.find(name).ok_or_else(|| {
            let failure = Failure::new(format!("no matrix has a package `{name}`"))
                .at(spec.text(), 0..name.len());
            match self.longer(name).or_else(|| self.base.near(self.catalog, name)) {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => {
                    failure.hint("`skew list` shows every package; --matrix FILE adds your own")
                }
            }
        })
    }

    /// Returns the package whose name goes on where another word ends: people type `postgres` for
    /// `postgres_scanner`.
    fn longer(self, name: &str) -> Option<String> {
        let goes_on = |other: &&str| {
            other.strip_prefix(name).is_some_and(|rest| rest.starts_with(['_', '-']))
        };
        let names = self.catalog.packages().map(|(_, package)| package.name.as_str());
        names.filter(goes_on).min_by_key(|other| other.len()).map(ToOwned::to_owned)
    }

    /// Returns what a SPEC requires.
    pub(super) fn requirement(self, spec: &Spec) -> Result<Requirement, Failure> {
        let catalog = self.catalog;
        let package = self.package(spec)?;
        let Some(version) = spec.version() else {
            return Ok(Requirement::any(catalog, package));
        };
        if let Some(rank) = catalog.package(package).find(version) {
            // `1.4` may name a line although the scheme reads it as a version too.
            if catalog.package(package).numbering.parse_line(version).is_none() {
                let text = spec.text().to_owned();
                return Ok(Requirement { text, ..Requirement::exactly(catalog, package, rank) });
            }
        }
        let requirement = Requirement::within(catalog, package, &self.range(package, spec)?);
        // What is named and may not be chosen is an answer of its own; what nobody knows is a mistake.
        if requirement.named.is_empty() {
            return Err(self.unknown_release(package, version, spec));
        }
        Ok(requirement)
    }

    /// Returns what SPECs require, each package once.
    pub(super) fn requirements(self, specs: &[Spec]) -> Result<Vec<Requirement>, Failure> {
        let mut requirements: Vec<Requirement> = Vec::new();
        for spec in specs {
            let requirement = self.requirement(spec)?;
            if requirements.iter().any(|other| other.package == requirement.package) {
                let name = spec.name();
                return Err(Failure::new(format!("{name} is asked for twice"))
                    .hint(format!("join ranges with a comma: '{name}@>=1,<2'")));
            }
            requirements.push(requirement);
        }
        Ok(requirements)
    }

    /// Returns true if the words of a requirement allow a release, whatever its state.
    pub(super) fn allows(self, spec: &Spec, package: PackageIx, rank: Rank) -> bool {
        spec.version().is_none()
            || self
                .range(package, spec)
                .is_ok_and(|range| self.catalog.package(package).select(&range).contains(rank))
    }

    /// Returns the one release that a SPEC means: the newest that may be chosen, if it names several.
    pub(super) fn release(self, spec: &Spec) -> Result<ReleaseId, Failure> {
        let requirement = self.requirement(spec)?;
        match requirement.meant().newest() {
            Some(rank) => Ok((requirement.package, rank)),
            None => Err(Failure::new(format!(
                "no release of {} may be chosen unasked",
                self.catalog.package(requirement.package).name
            ))),
        }
    }

    /// Refuses names of risks that no matrix states.
    pub(super) fn risks(self, names: &[String]) -> Result<(), Failure> {
        let all = self.catalog.packages();
        let rules = all.filter_map(|(package, _)| self.catalog.upgrades(package));
        let known: Vec<&str> =
            rules.flat_map(|rules| &rules.risks).map(|risk| risk.name.as_str()).collect();
        match names.iter().find(|name| !known.contains(&name.as_str())) {
            Some(name) => {
                Err(unknown(&format!("no matrix has a risk `{name}`"), "risks", name, &known))
            }
            None => Ok(()),
        }
    }

    /// Returns the named features.
    pub(super) fn features(self, names: &[String]) -> Result<FeatureSet, Failure> {
        let mut set = FeatureSet::default();
        let known: Vec<_> = self.catalog.features().iter().map(|one| one.name.as_str()).collect();
        for name in names {
            // Several matrices may have one of this name.
            let all = known.iter().enumerate().filter(|(_, known)| *known == name);
            all.for_each(|(ix, _)| set.insert(FeatureIx::new(ix)));
            if !known.contains(&name.as_str()) {
                let what = format!("no loaded matrix has a feature `{name}`");
                return Err(unknown(&what, "features", name, &known));
            }
        }
        Ok(set)
    }

    fn unknown_release(self, package: PackageIx, version: &str, spec: &Spec) -> Failure {
        let name = &self.catalog.package(package).name;
        let near = self.catalog.around(package, version);
        let near = near.map(|near| format!("{near}; ")).unwrap_or_default();
        Failure::new(format!("`{version}` is no known release of {name}"))
            .at(spec.text(), spec.span_of_version(0, spec.text().len()))
            .hint(format!(
                "{near}`skew list {name}` shows every release; a matrix with `extends` adds one"
            ))
    }

    /// Parses the range of a SPEC.
    fn range(self, package: PackageIx, spec: &Spec) -> Result<Range, Failure> {
        let text = spec.version().unwrap_or_default();
        let numbering = &self.catalog.package(package).numbering;
        Range::parse(text, numbering, Bare::Exact).map_err(|error| {
            let span = spec.span_of_version(error.offset, error.part.len());
            let failure = Failure::new(error.to_string()).at(spec.text(), span);
            match error.hint {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        })
    }
}

/// Refuses a name that is none of those known, which `kind` calls in the plural.
pub(super) fn unknown(what: &str, kind: &str, name: &str, known: &[&str]) -> Failure {
    let failure = Failure::new(what);
    match nearest(name, known.iter().copied()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => failure,
        None => failure.hint(format!("the {kind} are {}", known.join(", "))),
    }
}
