//! `support`: what is supported on a day?

use super::super::args::{AsOf, Common};
use super::super::output::Printed;
use super::super::world::{self, Wanted};
use super::super::{Failure, names, spec};
use super::{day, finish};
use crate::answer::support::{Announced, Phase, SupportRow};
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, Channel, PackageIx};
use crate::lifecycle::{announced, expected, support, withdrawn};
use jiff::civil::Date;
use std::sync::Arc;

pub(super) fn run(
    common: &Common,
    specs: &[String],
    as_of: &AsOf,
    within: Option<&str>,
) -> Result<Printed, Failure> {
    let as_of = day(as_of.as_of.as_deref())?;
    let within = within.map(days).transpose()?;
    let catalog = if specs.is_empty() {
        world::load(common, Wanted::All, &[])?
    } else {
        world::for_specs(common, specs.iter().map(String::as_str))?
    };
    let (mut rows, mut coming) = (Vec::new(), Vec::new());
    if specs.is_empty() {
        for lifecycle in catalog.lifecycles() {
            whole_package(&catalog, lifecycle.package, as_of, &mut rows, &mut coming);
        }
    }
    for text in specs {
        let (name, version) = names::split(text);
        let package = spec::package(&catalog, name)?;
        if version.is_none() {
            whole_package(&catalog, package, as_of, &mut rows, &mut coming);
            continue;
        }
        let releases = spec::requirement(&catalog, text)?.releases;
        if let (1, Some(rank)) = (releases.count(), releases.newest()) {
            rows.extend(withdrawn(&catalog, (package, rank), as_of));
        }
        rows.extend(support(&catalog, package, Some(&releases), as_of));
        coming.extend(announced(&catalog, package, Some(&releases), as_of));
    }
    rows.retain(|row| {
        let newest = catalog.package(row.package).release(row.newest);
        newest.channel != Channel::Development
    });
    if let Some(within) = within {
        rows.retain(|row| row.days_left.is_some_and(|left| left <= within));
    }
    let mut expected: Vec<_> = whole(&catalog, specs)?
        .into_iter()
        .flat_map(|package| expected(&catalog, package, as_of))
        .collect();
    if let Some(within) = within {
        expected.retain(|one| i64::from((one.day - as_of).get_days()) <= within);
        coming.retain(|one| i64::from((one.day - as_of).get_days()) <= within);
    }
    let body = Body::Support { as_of, rows, announced: coming, expected };
    finish(
        common,
        Answer {
            catalog: Arc::new(catalog),
            command: "support",
            verdict: None,
            findings: Vec::new(),
            body,
        },
    )
}

/// Returns the packages that are asked about as a whole. Of a single line nothing new is to be expected
/// that its own rows do not say.
fn whole(catalog: &Catalog, specs: &[String]) -> Result<Vec<PackageIx>, Failure> {
    if specs.is_empty() {
        return Ok(catalog.lifecycles().iter().map(|lifecycle| lifecycle.package).collect());
    }
    let plain =
        specs.iter().map(|text| names::split(text)).filter(|(_, version)| version.is_none());
    plain.map(|(name, _)| spec::package(catalog, name)).collect()
}

/// Adds what is known of a package that is asked about as a whole. Lines of which nothing was out on the day are
/// left out, unless their day is still to come for the matrix, too.
fn whole_package(
    catalog: &Catalog,
    package: PackageIx,
    as_of: Date,
    rows: &mut Vec<SupportRow>,
    coming: &mut Vec<Announced>,
) {
    let gathered = catalog
        .matrices()
        .iter()
        .find(|matrix| matrix.name == catalog.package(package).matrix)
        .and_then(|matrix| matrix.as_of.parse::<Date>().ok());
    let is_history = |row: &SupportRow| {
        row.phase == Phase::NotReleased
            && row.released.is_none_or(|day| gathered.is_some_and(|gathered| day <= gathered))
    };
    let known = support(catalog, package, None, as_of);
    rows.extend(known.into_iter().filter(|row| !is_history(row)));
    coming.extend(announced(catalog, package, None, as_of));
}

/// Reads `90` or `90d`.
fn days(text: &str) -> Result<i64, Failure> {
    let number = text.strip_suffix('d').unwrap_or(text);
    number.parse().map_err(|_| {
        Failure::new(format!(
            "expected a number of days such as `90d`, found `{}`",
            text.escape_debug()
        ))
    })
}
