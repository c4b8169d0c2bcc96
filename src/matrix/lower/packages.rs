//! Packages and releases: schemes, sorting, overlays, and versions that only the user named.

use std::cmp::Ordering;

use super::{Extra, Lowering, ReleaseEntry};
use crate::catalog::{
    Channel, Details, FactIx, Listing, Package, PackageIx, Rank, Release, Standing,
};
use crate::matrix::field::Stated;
use crate::matrix::raw;
use crate::matrix::text::{Short, Text};
use crate::problem::{ProblemCode, shown};
use crate::purl::PackageUrl;
use crate::version::{Numbering, Scheme, Version};

impl<'r, 'a> Lowering<'r, 'a> {
    pub(super) fn packages(&mut self, extras: &[Extra]) {
        for file in 0..self.files.len() {
            self.file = file;
            for raw in &self.files[file].raw.packages {
                self.register(raw);
            }
        }
        for ix in 0..self.drafts.len() {
            self.releases_of(PackageIx::new(ix), extras);
        }
        for ix in 0..self.drafts.len() {
            self.core_of(PackageIx::new(ix));
            self.known_as(PackageIx::new(ix));
            self.reports_of(PackageIx::new(ix));
        }
    }

    /// Makes the package known by name, or adds to it if this file is an overlay.
    fn register(&mut self, raw: &'r raw::Package<'a>) {
        self.check_name(&raw.name, "a package");
        if let Some(&known) = self.catalog.names.get(&*raw.name) {
            let overlay = self.files[self.file].raw.extends.is_some();
            if overlay && self.drafts[known.ix()].iter().all(|(file, _)| *file != self.file) {
                self.check_addition(self.drafts[known.ix()][0].1, raw);
                self.drafts[known.ix()].push((self.file, raw));
            } else {
                let message = format!("the package `{}` is stated twice", shown(&raw.name));
                let hint = (!overlay && self.drafts[known.ix()][0].0 != self.file).then(|| {
                    let matrix = &self.catalog.package(known).matrix;
                    format!("a file that adds to it needs `\"extends\": \"{matrix}\"`")
                });
                self.report(Some(&raw.name), ProblemCode::DuplicatePackage, message)
                    .maybe_hint(hint);
            }
            return;
        }
        let Some(kind) = raw.kind else {
            // One that is wrong has been reported.
            if !self.files[self.file].broken {
                let message = format!("the package `{}` has no `kind`", shown(&raw.name));
                self.report(Some(&raw.name), ProblemCode::Shape, message);
            }
            return;
        };
        let numbering = self.numbering(raw);
        let fact = self.fact(raw.meta(), None, &raw.name);
        let matrix = self.scope().to_owned();
        let mut package = Package::new(raw.name.to_string(), matrix, kind, numbering, fact);
        package.title = raw.title.as_ref().map(ToString::to_string);
        if raw.listing == Some(Listing::Partial) {
            package.listing = Listing::Partial;
        }
        if let Some(text) = &raw.listed_from {
            match package.numbering.parse(text) {
                Ok(version) => package.listed_from = Some(version),
                Err(error) => {
                    let message = error.about(text);
                    self.report(Some(text), ProblemCode::Version, message);
                }
            }
        }
        let ix = PackageIx::new(self.catalog.packages.len());
        self.catalog.names.insert(package.name.clone(), ix);
        self.catalog.packages.push(package);
        self.drafts.push(vec![(self.file, raw)]);
        self.stated.push(Vec::new());
    }

    /// Reports what an overlay says of a package itself, where it differs from what is known.
    fn check_addition(&mut self, known: &raw::Package<'a>, raw: &'r raw::Package<'a>) {
        let differs = [
            ("kind", raw.kind.is_some() && raw.kind != known.kind),
            ("ranges", raw.ranges.is_some() && raw.ranges != known.ranges),
            ("listing", raw.listing.is_some() && raw.listing != known.listing),
            ("listed_from", raw.listed_from.is_some() && raw.listed_from != known.listed_from),
            ("core", raw.core.is_some() && raw.core != known.core),
            (
                "scheme",
                raw.scheme.is_some() && !same_scheme(raw.scheme.as_ref(), known.scheme.as_ref()),
            ),
        ];
        for (key, _) in differs.iter().filter(|(_, differs)| *differs) {
            let name = shown(&raw.name);
            let message = format!("an overlay cannot change the `{key}` of the package `{name}`");
            self.report(Some(&raw.name), ProblemCode::DuplicatePackage, message);
        }
    }

    fn numbering(&mut self, raw: &'r raw::Package<'a>) -> Numbering {
        match &raw.scheme {
            None => {
                if !self.files[self.file].broken {
                    let message = format!("the package `{}` has no `scheme`", shown(&raw.name));
                    self.report(Some(&raw.name), ProblemCode::Shape, message);
                }
                Numbering::new(Scheme::Natural)
            }
            Some(Short::Text(name)) => match self.scheme(name) {
                Scheme::Listed => Numbering::listed(
                    raw.releases.iter().map(|release| Box::from(&*release.version)),
                ),
                scheme @ (Scheme::Semver
                | Scheme::Calver
                | Scheme::Pep440
                | Scheme::Duckdb
                | Scheme::Natural) => Numbering::new(scheme),
            },
            Some(Short::Full(change)) => {
                let (first, then) = (self.scheme(&change.first), self.scheme(&change.then));
                Numbering::changed(first, &change.at, then).unwrap_or_else(|error| {
                    let message = error.about(&change.at);
                    self.report(Some(&change.at), ProblemCode::Version, message);
                    Numbering::new(first)
                })
            }
        }
    }

    fn scheme(&mut self, name: &Text<'a>) -> Scheme {
        Scheme::named(name).unwrap_or_else(|| {
            let known: Vec<_> = Scheme::ALL.iter().map(|scheme| scheme.name()).collect();
            let message =
                format!("expected a scheme ({}), found `{}`", known.join(", "), shown(name));
            let hint = self.near(name, known);
            self.report(Some(name), ProblemCode::UnknownName, message).maybe_hint(hint);
            Scheme::Natural
        })
    }

    /// Parses, sorts and merges the releases of one package.
    fn releases_of(&mut self, package: PackageIx, extras: &[Extra]) {
        let count: usize =
            self.drafts[package.ix()].iter().map(|(_, raw)| raw.releases.iter().len()).sum();
        let mut parsed = Vec::with_capacity(count);
        for (file, raw) in self.drafts[package.ix()].clone() {
            self.file = file;
            for release in &raw.releases {
                match self.catalog.package(package).numbering.parse(&release.version) {
                    Ok(version) => parsed.push((version, file, Some(release))),
                    Err(error) => {
                        let message = error.about(&release.version);
                        self.report(Some(&release.version), ProblemCode::Version, message);
                    }
                }
            }
        }
        self.add_unlisted(package, extras, &mut parsed);
        parsed.sort_by(|(a, file_a, _), (b, file_b, _)| {
            a.precedence(b).unwrap_or(Ordering::Equal).then(file_a.cmp(file_b))
        });
        self.catalog.packages[package.ix()].releases.reserve_exact(parsed.len());
        self.stated[package.ix()].reserve_exact(parsed.len());
        for (version, file, raw) in parsed {
            self.file = file;
            self.push_release(package, version, raw);
        }
        self.catalog.packages[package.ix()].seal();
    }

    /// Adds versions that the user named and nobody lists, if they may exist.
    fn add_unlisted(
        &self,
        package: PackageIx,
        extras: &[Extra],
        parsed: &mut Vec<(Version, usize, Option<&'r raw::ListedRelease<'a>>)>,
    ) {
        let package = self.catalog.package(package);
        for (_, text) in extras.iter().filter(|(name, _)| *name == package.name) {
            let is_known = |raw: &raw::ListedRelease<'a>| {
                raw.rest().and_then(|rest| rest.channel) != Some(Channel::Development)
            };
            let known = parsed.iter().filter(|(_, _, raw)| raw.is_some_and(is_known));
            let known: Vec<_> = known.map(|(version, _, _)| version).collect();
            let Some(version) = may_exist(package, text, &known) else {
                continue;
            };
            let same = |other: &Version| other.precedence(&version) == Some(Ordering::Equal);
            let named = |raw: Option<&raw::ListedRelease<'a>>| {
                let aliases = raw.and_then(raw::ListedRelease::rest).map(|rest| &rest.alias);
                aliases.is_some_and(|aliases| aliases.iter().any(|alias| **alias == **text))
            };
            if !parsed.iter().any(|(other, _, raw)| same(other) || named(*raw)) {
                parsed.push((version, usize::MAX, None));
            }
        }
    }

    fn push_release(
        &mut self,
        package: PackageIx,
        version: Version,
        raw: Option<&'r raw::ListedRelease<'a>>,
    ) {
        let releases = &self.catalog.packages[package.ix()].releases;
        let same = releases
            .last()
            .is_some_and(|last| last.version.precedence(&version) == Some(Ordering::Equal));
        let Some(raw) = raw else {
            self.catalog.packages[package.ix()].releases.push(unlisted(version));
            return;
        };
        let parent = self.package_fact(package);
        if same {
            self.merge_release(package, raw, parent);
            return;
        }
        let fact = self.fact(raw.meta(), Some(parent), &raw.version);
        let date = raw.date.as_ref().and_then(|date| self.date(date));
        let rest = raw.rest();
        let channel = match rest.and_then(|rest| rest.channel) {
            Some(Channel::Development) => Channel::Development,
            Some(Channel::Prerelease) => Channel::Prerelease,
            None if version.is_prerelease() => Channel::Prerelease,
            Some(Channel::Stable) | None => Channel::Stable,
        };
        let mut release = Release::new(version, channel);
        (release.date, release.fact) = (date, Some(fact));
        if let Some(rest) = rest.filter(|rest| rest.has_details()) {
            let details = release.details_mut();
            details.aliases = rest.alias.iter().map(ToString::to_string).collect();
            details.label = rest.label.as_ref().map(ToString::to_string);
            add_details(details, rest);
        }
        let rank = Rank::new(self.catalog.package(package).len());
        self.catalog.packages[package.ix()].releases.push(release);
        self.stated[package.ix()].push(ReleaseEntry { rank, file: self.file, release: raw });
    }

    /// Adds what an overlay says of a known release, or reports a release stated twice.
    fn merge_release(
        &mut self,
        package: PackageIx,
        raw: &'r raw::ListedRelease<'a>,
        parent: FactIx,
    ) {
        let last = self.catalog.package(package).ranks().next_back();
        let mut statements = self.stated[package.ix()].iter().rev();
        let twice = statements
            .by_ref()
            .take_while(|statement| Some(statement.rank) == last)
            .any(|statement| statement.file == self.file);
        if twice {
            let earlier = self.catalog.packages[package.ix()]
                .releases
                .last()
                .map(|release| release.version.to_string());
            let version = shown(&raw.version);
            let spelling = earlier
                .filter(|earlier| **earlier != *raw.version)
                .map(|earlier| format!(", as `{}` before", shown(&earlier)))
                .unwrap_or_default();
            let message = format!("the release `{version}` is stated twice{spelling}");
            self.report(Some(&raw.version), ProblemCode::DuplicateRelease, message);
            return;
        }
        let rank = last.expect("a release was pushed before");
        self.stated[package.ix()].push(ReleaseEntry { rank, file: self.file, release: raw });
        let fact = self.fact(raw.meta(), Some(parent), &raw.version);
        let date = raw.date.as_ref().and_then(|date| self.date(date));
        let release = &mut self.catalog.packages[package.ix()].releases[rank.ix()];
        release.fact = Some(fact);
        release.date = date.or(release.date);
        if let Some(rest) = raw.rest().filter(|rest| rest.has_details()) {
            add_details(release.details_mut(), rest);
        }
    }

    /// Returns the fact that releases of the package stated in the current file inherit from.
    fn package_fact(&mut self, package: PackageIx) -> FactIx {
        let draft = self.drafts[package.ix()].iter().find(|(file, _)| *file == self.file).copied();
        let first = self.catalog.package(package).fact;
        match draft {
            Some((file, raw)) if file != self.drafts[package.ix()][0].0 => {
                self.fact(raw.meta(), None, &raw.name)
            }
            _ => first,
        }
    }

    fn reports_of(&mut self, package: PackageIx) {
        for (file, raw) in self.drafts[package.ix()].clone() {
            self.file = file;
            for stated in &raw.reported_as {
                self.reported(package, stated);
            }
        }
    }

    fn core_of(&mut self, package: PackageIx) {
        let (file, raw) = self.drafts[package.ix()][0];
        self.file = file;
        if let Some(core) = &raw.core {
            let core = self.package_named(core);
            self.catalog.packages[package.ix()].core = core;
        }
    }

    /// Makes a package known by what it is called elsewhere.
    fn known_as(&mut self, package: PackageIx) {
        for (file, raw) in self.drafts[package.ix()].clone() {
            self.file = file;
            for text in &raw.known_as {
                let key = match PackageUrl::parse(text) {
                    Ok(purl) if purl.version.is_none() && purl.qualifiers.is_empty() => purl.key(),
                    Ok(_) => {
                        let message = "expected a package URL without version and qualifiers";
                        let message = format!("{message}, found `{}`", shown(text));
                        self.report(Some(text), ProblemCode::Name, message);
                        continue;
                    }
                    Err(error) => {
                        let message = format!("{error}, found `{}`", shown(text));
                        self.report(Some(text), ProblemCode::Name, message);
                        continue;
                    }
                };
                let known = self.catalog.known_as.insert(key, package);
                if let Some(other) = known.filter(|other| *other != package) {
                    let name = &self.catalog.package(other).name;
                    let message = format!("`{}` is `{name}` already", shown(text));
                    self.report(Some(text), ProblemCode::DuplicateName, message);
                }
            }
        }
    }
}

fn same_scheme(
    a: Option<&Short<'_, raw::SchemeChange<'_>>>,
    b: Option<&Short<'_, raw::SchemeChange<'_>>>,
) -> bool {
    match (a, b) {
        (Some(Short::Text(a)), Some(Short::Text(b))) => a == b,
        (Some(Short::Full(a)), Some(Short::Full(b))) => {
            (&a.first, &a.at, &a.then) == (&b.first, &b.at, &b.then)
        }
        (Some(Short::Text(_) | Short::Full(_)) | None, _) => false,
    }
}

/// Adds what a file says of a release to what is known of it.
fn add_details(details: &mut Details, rest: &raw::ReleaseRest<'_>) {
    let text = |text: &Option<Text<'_>>| text.as_ref().map(ToString::to_string);
    details.withdrawn = text(&rest.withdrawn).or(details.withdrawn.take());
    details.unreadable = text(&rest.unreadable).or(details.unreadable.take());
    let attributes = rest.attributes.0.iter();
    details.attributes.extend(attributes.map(|(key, text)| (key.to_string(), text.to_string())));
}

/// Returns what a text names beside the `known` versions of a package, if such a release may exist. Of a line such
/// as `9.3` of which nothing is known the first release stands for all of it.
fn may_exist(package: &Package, text: &str, known: &[&Version]) -> Option<Version> {
    let standing =
        |version: &Version| Standing::of(version, known.iter().copied(), package.listing);
    if let Ok(version) = package.numbering.parse(text) {
        return (standing(&version) != Standing::Absent).then_some(version);
    }
    let (numbers, first) = package.numbering.parse_line(text)?;
    let inside = |other: &&Version| other.numbers().truncated(numbers.len()) == numbers;
    let is_beyond = matches!(standing(&first), Standing::Newer | Standing::Older);
    (is_beyond && !known.iter().any(inside)).then_some(first)
}

/// A release that no matrix lists.
fn unlisted(version: Version) -> Release {
    let channel = if version.is_prerelease() { Channel::Prerelease } else { Channel::Stable };
    Release::new(version, channel)
}
