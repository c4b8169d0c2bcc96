//! SPECs: `NAME`, `NAME@VERSION`, `NAME@RANGE`.

use super::names::split;
use super::{Failure, world};
use crate::catalog::{Catalog, Listing, PackageIx, Rank, ReleaseId};
use crate::matrix::nearest;
use crate::range::{Bare, Range};
use crate::resolve::Requirement;

/// Returns the package that a SPEC names.
pub(super) fn package(catalog: &Catalog, name: &str) -> Result<PackageIx, Failure> {
    catalog.find(name).ok_or_else(|| {
        let failure = Failure::new(format!("no matrix has a package `{}`", name.escape_debug()));
        match world::near(catalog, name) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint("`skew list` shows every package; --matrix FILE adds your own"),
        }
    })
}

/// Returns what a SPEC requirements for.
pub(super) fn requirement(catalog: &Catalog, text: &str) -> Result<Requirement, Failure> {
    let (name, version) = split(text);
    let package = package(catalog, name)?;
    let Some(version) = version else {
        return Ok(Requirement::any(catalog, package));
    };
    if let Some(rank) = catalog.package(package).find(version) {
        // `1.4` may name a line although the scheme reads it as a version too.
        if !is_line(catalog, package, version) {
            listed(catalog, package, rank)?;
            return Ok(Requirement {
                text: text.to_owned(),
                ..Requirement::exactly(catalog, package, rank)
            });
        }
    }
    let range = range(catalog, package, version)?;
    let requirement = Requirement::within(catalog, package, &range);
    if requirement.releases.is_empty() {
        return Err(unknown_release(catalog, package, version));
    }
    Ok(requirement)
}

/// Returns what SPECs requirement for, each package once.
pub(super) fn requirements(
    catalog: &Catalog,
    specs: &[String],
) -> Result<Vec<Requirement>, Failure> {
    let mut requirements: Vec<Requirement> = Vec::new();
    for text in specs {
        let requirement = requirement(catalog, text)?;
        if requirements.iter().any(|other| other.package == requirement.package) {
            let name = &catalog.package(requirement.package).name;
            return Err(Failure::new(format!("{name} is asked for twice"))
                .hint(format!("join ranges with a comma: '{name}@>=1,<2'")));
        }
        requirements.push(requirement);
    }
    Ok(requirements)
}

/// Whether the words of a requirement allow a release, whatever its state.
pub(super) fn allows(catalog: &Catalog, requirement: &Requirement, rank: Rank) -> bool {
    match split(&requirement.text).1.filter(|_| requirement.restricted) {
        Some(version) => range(catalog, requirement.package, version)
            .is_ok_and(|range| catalog.package(requirement.package).select(&range).contains(rank)),
        None => true,
    }
}

/// Returns the one release that a SPEC means: the newest that may be chosen, if it names several.
pub(super) fn release(catalog: &Catalog, text: &str) -> Result<ReleaseId, Failure> {
    let requirement = requirement(catalog, text)?;
    match requirement.releases.newest() {
        Some(rank) => Ok((requirement.package, rank)),
        None => Err(Failure::new(format!(
            "no release of {} may be chosen unasked",
            catalog.package(requirement.package).name
        ))),
    }
}

fn is_line(catalog: &Catalog, package: PackageIx, text: &str) -> bool {
    let numbering = &catalog.package(package).numbering;
    numbering.parse_line(text).is_some()
}

/// Refuses a version that nobody lists, if the list is said to be complete.
fn listed(catalog: &Catalog, package: PackageIx, rank: Rank) -> Result<(), Failure> {
    let stated = catalog.package(package);
    if stated.release(rank).is_listed() || stated.listing == Listing::Partial {
        return Ok(());
    }
    Err(unknown_release(catalog, package, stated.version(rank).text()))
}

fn unknown_release(catalog: &Catalog, package: PackageIx, version: &str) -> Failure {
    let stated = catalog.package(package);
    let known = stated
        .releases()
        .iter()
        .rev()
        .filter(|release| release.is_listed())
        .map(|release| release.version.text());
    let failure = Failure::new(format!(
        "`{}` is no known release of {}",
        version.escape_debug(),
        stated.name
    ));
    let near = nearest(version, known);
    let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    failure.hint(format!(
        "{near}`skew list {}` shows every release; a matrix with `extends` adds one",
        stated.name
    ))
}

/// Parses a range of a package's releases.
fn range(catalog: &Catalog, package: PackageIx, text: &str) -> Result<Range, Failure> {
    Range::parse(text, &catalog.package(package).numbering, Bare::Exact).map_err(|error| {
        let failure = Failure::new(error.to_string());
        match error.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}
