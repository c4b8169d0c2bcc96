//! From raw matrices to a catalog: names become positions, ranges become sets, and every problem is
//! kept.
//!
//! Owns the shared state of lowering: the catalog under construction, the names known so far, where
//! facts come from, and the list of problems. The parts of a matrix are lowered by the submodules,
//! in the order in which they depend on each other. Nothing stops at the first mistake: what cannot
//! be lowered is reported and left out.

mod facts;
mod ids;
mod level_table;
mod levels;
mod lines;
mod needs;
mod noted;
mod packages;
mod platforms;
mod policies;
mod probes;
mod promises;
mod ranges;
mod surfaces;
mod trains;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::raw;
use super::text::{Entries, PerPackage, Text};
use crate::catalog::{
    Catalog, FeatureIx, InterfaceIx, MatrixInfo, Need, PackageIx, Rank, RelationIx, ReleaseSet,
    RoleIx,
};
use crate::finding::Severity;
use crate::problem::{Collector, Problem, ProblemCode, nearest, shown};
use crate::range::{Bare, Terms};

/// One file that was parsed.
pub(super) struct Parsed<'a> {
    /// Position in the list of inputs.
    pub(super) file: usize,
    pub(super) text: &'a str,
    pub(super) raw: raw::Matrix<'a>,
    /// Whether entries were dropped because their shape was wrong. Their names are then not known, and
    /// must not be complained about again.
    pub(super) broken: bool,
}

/// A version that the user named and no matrix lists: package and version text.
pub(crate) type Extra = (String, String);

/// Lowers the files into one catalog.
pub(super) fn lower(
    files: &[Parsed<'_>],
    extras: &[Extra],
    problems: Collector,
) -> (Catalog, Collector) {
    let mut lowering = Lowering::new(files, problems);
    lowering.matrices();
    lowering.packages(extras);
    lowering.features();
    lowering.contracts();
    lowering.reliances();
    lowering.interfaces();
    lowering.needs();
    lowering.roles();
    lowering.relations();
    lowering.skew();
    lowering.upgrades();
    lowering.families();
    lowering.lifecycles();
    lowering.trains();
    lowering.check_replacements();
    (lowering.catalog, lowering.problems)
}

struct Lowering<'r, 'a> {
    files: &'r [Parsed<'a>],
    /// The file whose facts are being lowered.
    file: usize,
    catalog: Catalog,
    problems: Collector,
    /// Per file: source id to position in the catalog.
    sources: Vec<FxHashMap<&'r str, usize>>,
    names: KnownNames<'r>,
    ranges: noted::Ranges<'r>,
    /// The range that was parsed last.
    terms: Terms,
    /// Needs that do not stand in the release's own entry.
    late: Vec<(PackageIx, Rank, Need)>,
    /// Ids of facts seen, and those that later facts replace.
    ids: ids::Ids<'r>,
    /// For each package the raw releases that state its releases, by rank.
    stated: Vec<Vec<ReleaseEntry<'r, 'a>>>,
    /// For each package, the raw packages that state it.
    drafts: Vec<Vec<(usize, &'r raw::Package<'a>)>>,
    levels: Vec<level_table::LevelTable>,
}

/// A raw release, and the file and the rank that it belongs to.
#[derive(Clone, Copy)]
struct ReleaseEntry<'r, 'a> {
    rank: Rank,
    file: usize,
    release: &'r raw::ListedRelease<'a>,
}

/// Positions of named things by scope and name; the scope is the matrix that an overlay extends.
#[derive(Default)]
struct KnownNames<'r> {
    features: BTreeMap<(&'r str, &'r str), FeatureIx>,
    interfaces: BTreeMap<(&'r str, &'r str), InterfaceIx>,
    roles: BTreeMap<(&'r str, &'r str), RoleIx>,
    relations: BTreeMap<(&'r str, &'r str), RelationIx>,
    contracts: BTreeSet<(&'r str, &'r str)>,
}

impl<'r, 'a> Lowering<'r, 'a> {
    fn new(files: &'r [Parsed<'a>], problems: Collector) -> Self {
        Self {
            files,
            file: 0,
            catalog: Catalog::default(),
            problems,
            sources: vec![FxHashMap::default(); files.len()],
            names: KnownNames::default(),
            ranges: noted::Ranges::default(),
            terms: Terms::default(),
            late: Vec::new(),
            ids: ids::Ids::default(),
            stated: Vec::new(),
            drafts: Vec::new(),
            levels: Vec::new(),
        }
    }

    /// Records each file's name, date and sources.
    fn matrices(&mut self) {
        for (ix, parsed) in self.files.iter().enumerate() {
            self.file = ix;
            let raw = &parsed.raw;
            self.check_name(&raw.name, "a matrix");
            if let Some(date) = &raw.as_of {
                self.date(date);
            }
            if let Some(base) = &raw.extends {
                let known = self.catalog.matrices.iter().any(|matrix| matrix.name == **base);
                if !known {
                    let message =
                        format!("expected the name of a loaded matrix, found `{}`", shown(base));
                    self.report(Some(base), ProblemCode::UnknownName, message);
                }
            }
            self.catalog.matrices.push(MatrixInfo {
                name: raw.name.to_string(),
                title: raw.title.as_ref().map(ToString::to_string),
                as_of: raw.as_of.as_ref().map(ToString::to_string).unwrap_or_default(),
            });
            self.sources(&raw.sources);
        }
    }

    /// Returns the matrix whose names the current file shares.
    fn scope(&self) -> &'r str {
        let raw = &self.files[self.file].raw;
        raw.extends.as_ref().unwrap_or(&raw.name)
    }

    /// Records an error at a text of the current file.
    fn report(
        &mut self,
        text: Option<&Text<'a>>,
        code: ProblemCode,
        message: String,
    ) -> Reported<'_> {
        self.record(Severity::Error, text, code, message)
    }

    fn record(
        &mut self,
        severity: Severity,
        text: Option<&Text<'a>>,
        code: ProblemCode,
        message: String,
    ) -> Reported<'_> {
        let parsed = &self.files[self.file];
        let looked_for = text.filter(|_| !self.problems.is_full());
        let problem = Problem {
            code,
            severity,
            file: parsed.file,
            span: looked_for.and_then(|text| text.span(parsed.text)),
            message,
            hint: None,
        };
        Reported(self.problems.push(problem))
    }

    /// Returns the question whether the nearest known name was meant.
    fn near<'k>(&self, name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
        if self.problems.is_full() {
            return None;
        }
        nearest(name, known).map(|near| format!("did you mean `{near}`?"))
    }

    fn check_name(&mut self, name: &Text<'a>, what: &str) {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || name.len() > 100 || !name.chars().all(fits) {
            let message = format!(
                "expected {what} name of letters, digits, `-`, `_` and `.`, found `{}`",
                shown(name)
            );
            self.report(Some(name), ProblemCode::Name, message);
        }
    }

    /// Looks a package up, reporting an unknown name with the nearest known one.
    fn package_named(&mut self, name: &Text<'a>) -> Option<PackageIx> {
        if let Some(&package) = self.catalog.names.get(&**name) {
            return Some(package);
        }
        // A package whose own entry was broken has been reported there.
        if !self.files[self.file].broken {
            let packages = &self.catalog.packages;
            let hint = self.near(name, packages.iter().map(|package| package.name.as_str()));
            let message = format!("no package is named `{}`", shown(name));
            self.report(Some(name), ProblemCode::UnknownPackage, message).maybe_hint(hint);
        }
        None
    }

    /// Reports a name that is in none of the loaded matrices.
    fn unknown_name(&mut self, name: &Text<'a>, what: &str, hint: Option<String>) {
        if !self.files[self.file].broken {
            let message = format!("no {what} is named `{}`", shown(name));
            self.report(Some(name), ProblemCode::UnknownName, message).maybe_hint(hint);
        }
    }

    /// Reports keys of an object that stand twice.
    fn check_repeated<V>(&mut self, entries: &Entries<'a, V>) {
        for key in entries.repeated() {
            self.report_repeated(key);
        }
    }

    fn report_repeated(&mut self, key: &Text<'a>) {
        let message = format!("the key `{}` stands twice", shown(key));
        self.report(Some(key), ProblemCode::DuplicateKey, message);
    }

    /// Parses a range of a package's releases and returns those that it names.
    fn select(&mut self, package: PackageIx, text: &Text<'a>, bare: Bare) -> Option<ReleaseSet> {
        let known = self.catalog.package(package);
        match self.terms.parse(text, &known.numbering, bare) {
            Ok(()) => Some(known.select_terms(&self.terms)),
            Err(error) => {
                let hint = error.hint.map(ToOwned::to_owned);
                let message = error.to_string();
                let part = text.is_verbatim().then(|| text.span(self.files[self.file].text));
                let span = part.flatten().map(|span| {
                    let start = (span.start + error.offset).min(span.end);
                    start..(start + error.part.len()).clamp(start, span.end)
                });
                let mut reported = self.report(Some(text), ProblemCode::Range, message);
                reported.at(span);
                reported.maybe_hint(hint);
                None
            }
        }
    }

    /// Returns the releases that a range names, reporting a range that names none.
    fn releases(&mut self, package: PackageIx, text: &Text<'a>) -> Option<ReleaseSet> {
        let set = self.select(package, text, Bare::Exact)?;
        if set.is_empty() {
            self.report_empty(package, text);
        }
        Some(set)
    }

    fn report_empty(&mut self, package: PackageIx, text: &Text<'a>) {
        let message = format!(
            "the range `{}` matches no release of {}",
            shown(text),
            self.catalog.package(package).name
        );
        self.record(Severity::Warning, Some(text), ProblemCode::RangeEmpty, message);
    }

    /// Returns a package's releases in an optional range; all if there is none.
    fn releases_or_all(
        &mut self,
        package: PackageIx,
        text: Option<&Text<'a>>,
    ) -> Option<ReleaseSet> {
        match text {
            Some(text) => self.releases(package, text),
            None => Some(ReleaseSet::full(self.catalog.package(package).len())),
        }
    }

    /// Returns the sets that a map of ranges names.
    fn per_package(&mut self, map: &PerPackage<'a>) -> Vec<(PackageIx, ReleaseSet)> {
        self.check_repeated(map);
        let mut sets = Vec::new();
        for (name, range) in &map.0 {
            if let Some(package) = self.package_named(name)
                && let Some(set) = self.releases(package, range)
            {
                sets.push((package, set));
            }
        }
        sets
    }

    /// Returns the named features as a set.
    fn feature_names(&mut self, names: &[Text<'a>]) -> crate::catalog::FeatureSet {
        let mut set = crate::catalog::FeatureSet::default();
        let scope = self.scope();
        for name in names {
            if let Some(&feature) = self.names.features.get(&(scope, &**name)) {
                set.insert(feature);
            } else {
                let known = self.names.features.keys().filter(|key| key.0 == scope);
                let hint = self.near(name, known.map(|key| key.1));
                self.unknown_name(name, "feature", hint);
            }
        }
        set
    }

    /// Returns the named roles.
    fn role_names(&mut self, names: &[Text<'a>]) -> Vec<RoleIx> {
        let scope = self.scope();
        let mut roles = Vec::new();
        for name in names {
            if let Some(&role) = self.names.roles.get(&(scope, &**name)) {
                roles.push(role);
            } else {
                let known = self.names.roles.keys().filter(|key| key.0 == scope);
                let hint = self.near(name, known.map(|key| key.1));
                self.unknown_name(name, "role", hint);
            }
        }
        roles
    }
}

/// A problem that was just recorded, to be refined.
struct Reported<'p>(Option<&'p mut Problem>);

impl Reported<'_> {
    fn hint(self, hint: &str) {
        self.maybe_hint(Some(hint.to_owned()));
    }

    fn maybe_hint(self, hint: Option<String>) {
        if let Some(problem) = self.0 {
            problem.hint = hint;
        }
    }

    fn at(&mut self, span: Option<std::ops::Range<usize>>) {
        if let (Some(problem), Some(span)) = (self.0.as_mut(), span) {
            problem.span = Some(span);
        }
    }
}
