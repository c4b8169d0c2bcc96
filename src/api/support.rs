//! `support`: what is supported on a day?

use jiff::civil::Date;

use super::lookup::Lookup;
use crate::answer::support::{Announced, Phase, SupportRow};
use crate::answer::{Answer, Body};
use crate::catalog::{Catalog, Channel, PackageIx};
use crate::failure::Failure;
use crate::knowledge::{KnowledgeBase, Topic};
use crate::lifecycle::{announced, expected, support, withdrawn};
use crate::query::SupportQuery;

pub(super) fn answer(base: &KnowledgeBase, query: &SupportQuery) -> Result<Answer, Failure> {
    let topic = match query.specs.as_slice() {
        [] => Topic::everything(),
        specs => Topic::of_specs(specs),
    };
    let catalog = base.load(&topic)?;
    let lookup = Lookup { base, catalog: &catalog };
    let day = query.day;
    let (mut rows, mut coming) = (Vec::new(), Vec::new());
    // Of a single line nothing new is to be expected that its own rows do not say.
    let mut whole = Vec::new();
    if query.specs.is_empty() {
        whole.extend(catalog.lifecycles().iter().map(|lifecycle| lifecycle.package));
    }
    for &package in &whole {
        whole_package(&catalog, package, day, &mut rows, &mut coming);
    }
    for spec in &query.specs {
        let package = lookup.package(spec)?;
        if spec.version().is_none() {
            whole.push(package);
            whole_package(&catalog, package, day, &mut rows, &mut coming);
            continue;
        }
        let requirement = lookup.requirement(spec)?;
        let releases = requirement.meant();
        if let (1, Some(rank)) = (releases.count(), releases.newest()) {
            rows.extend(withdrawn(&catalog, (package, rank), day));
        }
        rows.extend(support(&catalog, package, Some(releases), day));
        coming.extend(announced(&catalog, package, Some(releases), day));
    }
    rows.retain(|row| {
        catalog.package(row.package).release(row.newest).channel != Channel::Development
    });
    let mut expected: Vec<_> =
        whole.into_iter().flat_map(|package| expected(&catalog, package, day)).collect();
    if let Some(within) = query.within {
        let is_near = |other: Date| i64::from((other - day).get_days()) <= within;
        rows.retain(|row| row.days_left.is_some_and(|left| left <= within));
        expected.retain(|one| is_near(one.day));
        coming.retain(|one| is_near(one.day));
    }
    let body = Body::Support { as_of: day, rows, announced: coming, expected };
    Ok(Answer::new(catalog, "support", None, Vec::new(), body))
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
