//! The size and direction of a step.
//!
//! The size follows the scheme of the package: [`crate::version::Version::line`] knows what the breaking part
//! of a version is. Here is only what no single scheme can say: steps between pre-releases of one number,
//! over a change of scheme, and to another package.

use std::cmp::Ordering;

use crate::answer::diff::{Direction, Kind, Size};
use crate::catalog::{Catalog, ReleaseId};
use crate::version::{Scheme, Step, Version};

/// Returns what kind of step it is.
pub(super) fn kind(catalog: &Catalog, from: ReleaseId, to: ReleaseId) -> Kind {
    if from.0 != to.0 {
        return Kind {
            size: Size::Package,
            direction: package_direction(catalog, from, to),
            rule: "another package takes its place",
        };
    }
    let package = catalog.package(to.0);
    let (a, b) = (package.version(from.1), package.version(to.1));
    let direction = match from.1.cmp(&to.1) {
        Ordering::Less => Direction::Up,
        Ordering::Equal => Direction::Level,
        Ordering::Greater => Direction::Down,
    };
    let (size, rule) = match direction {
        Direction::Level => (Size::None, "both are one release"),
        Direction::Up | Direction::Down => size(a, b, package.numbering.scheme()),
    };
    Kind { size, direction, rule }
}

/// A step to a package leads up if that one takes the place of the other.
fn package_direction(catalog: &Catalog, from: ReleaseId, to: ReleaseId) -> Direction {
    let takes = catalog.upgrades(to.0).is_some_and(|rules| rules.from_packages.contains(&from.0));
    if takes { Direction::Up } else { Direction::Down }
}

fn size(a: &Version, b: &Version, scheme: Scheme) -> (Size, &'static str) {
    if !a.shares_scheme(b) {
        return (Size::Scheme, "the package changed its scheme of versions in between");
    }
    if scheme == Scheme::Listed {
        return (Size::Names, "releases are names without an order of their own");
    }
    if a.numbers() == b.numbers() && (a.is_prerelease() || b.is_prerelease()) {
        return (Size::Prerelease, "both have the same numbers");
    }
    let size = match a.step_to(b) {
        Some(Step::Major) => Size::Major,
        Some(Step::Minor) => Size::Minor,
        Some(Step::Patch) => Size::Patch,
        None => Size::Prerelease,
    };
    (size, rule(a, b, scheme))
}

fn rule(a: &Version, b: &Version, scheme: Scheme) -> &'static str {
    let young = |version: &Version| version.numbers().as_slice().first() == Some(&0);
    match scheme {
        Scheme::Calver => "in CalVer year and number are the breaking part",
        _ if young(a) && young(b) => "in 0.y.z the second number is the breaking part",
        Scheme::Semver | Scheme::Pep440 | Scheme::Duckdb | Scheme::Natural | Scheme::Listed => {
            "by MAJOR.MINOR.PATCH"
        }
    }
}
