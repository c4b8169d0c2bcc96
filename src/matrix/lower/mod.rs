//! From raw matrices to a catalog: names become positions, ranges become sets, and every problem is
//! kept.
//!
//! Owns the shared state of lowering: the catalog under construction, the names known so far, where
//! facts come from, and the list of problems. The parts of a matrix are lowered by the submodules,
//! in the order in which they depend on each other. Nothing stops at the first mistake: what cannot
//! be lowered is reported and left out.

mod facts;
mod levels;
mod needs;
mod packages;
mod policies;
mod surfaces;

use rustc_hash::FxHashMap;

use super::problem::{Problem, ProblemCode, nearest};
use super::raw;
use super::text::Text;
use crate::catalog::{
    Catalog, ConstraintIx, FeatureIx, InterfaceIx, MatrixInfo, PackageIx, RelationIx, ReleaseSet,
    RoleIx,
};
use crate::finding::Severity;
use crate::range::{Bare, Range};

/// One file that was parsed.
pub(super) struct Parsed<'a> {
    pub(super) text: &'a str,
    pub(super) raw: raw::Matrix<'a>,
    /// Names of entries that were dropped because their shape was wrong: not to be complained about again.
    pub(super) broken: bool,
}

/// A version that the user named and no matrix lists: package and version text.
pub(crate) type Extra = (String, String);

/// Lowers the files into one catalog.
pub(super) fn lower(files: &[Parsed<'_>], extras: &[Extra]) -> (Catalog, Vec<Problem>) {
    let mut lowering = Lowering::new(files);
    lowering.matrices();
    lowering.packages(extras);
    lowering.features();
    lowering.contracts();
    lowering.interfaces();
    lowering.needs();
    lowering.roles();
    lowering.relations();
    lowering.skew();
    lowering.upgrades();
    lowering.families();
    lowering.lifecycles();
    lowering.check_replacements();
    (lowering.catalog, lowering.problems)
}

struct Lowering<'r, 'a> {
    files: &'r [Parsed<'a>],
    /// The file whose facts are being lowered.
    file: usize,
    catalog: Catalog,
    problems: Vec<Problem>,
    /// Per file: source id to position in the catalog.
    sources: Vec<FxHashMap<&'r str, usize>>,
    names: Names<'r>,
    constraints: FxHashMap<(PackageIx, Bare2, String, Option<String>), ConstraintIx>,
    /// Ids of facts seen, and those that later facts replace.
    ids: facts::Ids<'r>,
    /// For each package and rank, the raw releases that state it.
    stated: Vec<Vec<Vec<(usize, &'r raw::Release<'a>)>>>,
    /// For each package, the raw packages that state it.
    drafts: Vec<Vec<(usize, &'r raw::Package<'a>)>>,
    levels: Vec<levels::LevelTable>,
}

/// [`Bare`] as a hashable key.
type Bare2 = bool;

/// Positions of named things; the scope is the matrix that an overlay extends.
#[derive(Default)]
struct Names<'r> {
    features: FxHashMap<(&'r str, &'r str), FeatureIx>,
    interfaces: FxHashMap<(&'r str, &'r str), InterfaceIx>,
    roles: FxHashMap<(&'r str, &'r str), RoleIx>,
    relations: FxHashMap<(&'r str, &'r str), RelationIx>,
}

impl<'r, 'a> Lowering<'r, 'a> {
    fn new(files: &'r [Parsed<'a>]) -> Self {
        Self {
            files,
            file: 0,
            catalog: Catalog::default(),
            problems: Vec::new(),
            sources: vec![FxHashMap::default(); files.len()],
            names: Names::default(),
            constraints: FxHashMap::default(),
            ids: facts::Ids::default(),
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
            if raw.format != super::FORMAT {
                let message = format!("expected format {}, found {}", super::FORMAT, raw.format);
                self.report(None, ProblemCode::Format, message)
                    .hint("a newer release of skew may read this file");
            }
            if let Some(date) = &raw.as_of {
                self.date(date);
            }
            if let Some(base) = &raw.extends {
                let known = self
                    .catalog
                    .matrices
                    .iter()
                    .any(|matrix| matrix.name == **base);
                if !known {
                    let message = format!(
                        "expected the name of a loaded matrix, found `{}`",
                        base.escape_debug()
                    );
                    self.report(Some(base), ProblemCode::UnknownName, message);
                }
            }
            self.catalog.matrices.push(MatrixInfo {
                name: raw.name.to_string(),
                title: raw.title.as_ref().map(ToString::to_string),
                as_of: raw
                    .as_of
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
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
        let span = text.and_then(|text| text.span(self.files[self.file].text));
        self.problems.push(Problem {
            code,
            severity: Severity::Error,
            file: self.file,
            span,
            message,
            hint: None,
        });
        Reported(self.problems.last_mut())
    }

    fn check_name(&mut self, name: &Text<'a>, what: &str) {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || name.len() > 100 || !name.chars().all(fits) {
            let message = format!(
                "expected {what} name of letters, digits, `-`, `_` and `.`, found `{}`",
                name.escape_debug()
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
            let near = nearest(
                name,
                self.catalog
                    .packages
                    .iter()
                    .map(|package| package.name.as_str()),
            );
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            let message = format!("no package is named `{}`", name.escape_debug());
            self.report(Some(name), ProblemCode::UnknownPackage, message)
                .maybe_hint(hint);
        }
        None
    }

    /// Reports a name that is in none of the loaded matrices.
    fn unknown_name(&mut self, name: &Text<'a>, what: &str, known: &[&str]) {
        if self.files[self.file].broken {
            return;
        }
        let hint =
            nearest(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let message = format!("no {what} is named `{}`", name.escape_debug());
        self.report(Some(name), ProblemCode::UnknownName, message)
            .maybe_hint(hint);
    }

    /// Parses a range of a package's releases.
    fn range(&mut self, package: PackageIx, text: &Text<'a>, bare: Bare) -> Option<Range> {
        match Range::parse(text, &self.catalog.package(package).numbering, bare) {
            Ok(range) => Some(range),
            Err(error) => {
                let hint = error.hint.map(ToOwned::to_owned);
                let message = error.to_string();
                let span = text.span(self.files[self.file].text).map(|span| {
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
        let range = self.range(package, text, Bare::Exact)?;
        let set = self.catalog.package(package).select(&range);
        if set.is_empty() {
            self.report_empty(package, text);
        }
        Some(set)
    }

    fn report_empty(&mut self, package: PackageIx, text: &Text<'a>) {
        let message = format!(
            "the range `{}` matches no release of {}",
            text.escape_debug(),
            self.catalog.package(package).name
        );
        self.report(Some(text), ProblemCode::RangeEmpty, message)
            .warning();
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
    fn per_package(&mut self, map: &raw::PerPackage<'a>) -> Vec<(PackageIx, ReleaseSet)> {
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
            match self.names.features.get(&(scope, &**name)) {
                Some(&feature) => set.insert(feature),
                None => {
                    let known: Vec<_> = self
                        .catalog
                        .features
                        .iter()
                        .map(|feature| feature.name.clone())
                        .collect();
                    let known: Vec<_> = known.iter().map(String::as_str).collect();
                    self.unknown_name(name, "feature", &known);
                }
            }
        }
        set
    }

    /// Returns the named roles.
    fn role_names(&mut self, names: &[Text<'a>]) -> Vec<RoleIx> {
        let scope = self.scope();
        let mut roles = Vec::new();
        for name in names {
            match self.names.roles.get(&(scope, &**name)) {
                Some(&role) => roles.push(role),
                None => {
                    let known: Vec<_> = self
                        .catalog
                        .roles
                        .iter()
                        .map(|role| role.name.clone())
                        .collect();
                    let known: Vec<_> = known.iter().map(String::as_str).collect();
                    self.unknown_name(name, "role", &known);
                }
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

    fn warning(self) {
        if let Some(problem) = self.0 {
            problem.severity = Severity::Warning;
        }
    }
}
