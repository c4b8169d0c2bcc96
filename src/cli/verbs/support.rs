//! `support`: what is supported on a day?

use super::super::args::{AsOf, Common};
use super::super::output::Answer;
use super::super::world::{self, Wanted};
use super::super::{Failure, names, spec};
use super::{day, finish};
use crate::catalog::{Catalog, Channel, PackageIx};
use crate::lifecycle::{expected, support};
use crate::report::{Body, Report};
use jiff::civil::Date;

pub(super) fn run(
    common: &Common,
    specs: &[String],
    as_of: &AsOf,
    within: Option<&str>,
) -> Result<Answer, Failure> {
    let as_of = day(as_of.as_of.as_deref())?;
    let within = within.map(days).transpose()?;
    let catalog = if specs.is_empty() {
        world::load(common, Wanted::All, &[])?
    } else {
        world::for_specs(common, specs.iter().map(String::as_str))?
    };
    let mut rows = if specs.is_empty() { everything(&catalog, as_of) } else { Vec::new() };
    for text in specs {
        let (name, version) = names::split(text);
        let package = spec::package(&catalog, name)?;
        let lines = match version {
            Some(_) => Some(spec::wish(&catalog, text)?.releases),
            None => None,
        };
        rows.extend(support(&catalog, package, lines.as_ref(), as_of));
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
    }
    let body = Body::Support { as_of, rows, expected };
    finish(
        common,
        Report { catalog: &catalog, command: "support", verdict: None, findings: Vec::new(), body },
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

/// Returns the rows of every package whose matrix states a lifecycle.
fn everything(catalog: &Catalog, as_of: Date) -> Vec<crate::answer::support::SupportRow> {
    catalog
        .lifecycles()
        .iter()
        .flat_map(|lifecycle| support(catalog, lifecycle.package, None, as_of))
        .collect()
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
