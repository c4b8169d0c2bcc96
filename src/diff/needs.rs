//! Requirements of two releases on other packages.

use crate::answer::diff::NeedChange;
use crate::catalog::{Catalog, FactIx, NeedKind, PackageIx, ReleaseId};

/// Returns the packages of which the two releases ask something else, by name.
pub(super) fn needs(catalog: &Catalog, from: ReleaseId, to: ReleaseId) -> Vec<NeedChange> {
    let mut packages: Vec<PackageIx> =
        [from, to].iter().flat_map(|&release| targets(catalog, release)).collect();
    packages.sort_unstable_by_key(|&package| &catalog.package(package).name);
    packages.dedup();
    let change = |package: PackageIx| {
        let (before, after) = (asked(catalog, from, package), asked(catalog, to, package));
        let fact = after.as_ref().or(before.as_ref()).map(|(_, fact)| *fact)?;
        let (before, after) = (before.map(|(text, _)| text), after.map(|(text, _)| text));
        let cite = catalog.cite_for(fact, Some(to));
        (sorted(before.as_ref()) != sorted(after.as_ref())).then_some(NeedChange {
            package,
            before,
            after,
            cite,
        })
    };
    packages.into_iter().filter_map(change).collect()
}

fn targets(catalog: &Catalog, (package, rank): ReleaseId) -> impl Iterator<Item = PackageIx> {
    catalog.package(package).needs(rank).iter().map(|need| need.target)
}

/// Returns the parts of what is asked, whose order means nothing.
fn sorted(asked: Option<&String>) -> Vec<&str> {
    let mut parts: Vec<_> =
        asked.into_iter().flat_map(|text| text.split(',')).map(str::trim).collect();
    parts.sort_unstable();
    parts
}

/// Returns all that a release asks of a package, in words, with where the first is known from.
fn asked(
    catalog: &Catalog,
    (package, rank): ReleaseId,
    target: PackageIx,
) -> Option<(String, FactIx)> {
    let needs = catalog.package(package).needs(rank).iter().filter(|need| need.target == target);
    let mut told: Vec<(String, FactIx)> = needs
        .map(|need| {
            let text = &catalog.constraint(need.constraint).text;
            let text = match need.kind {
                NeedKind::Requires => text.clone(),
                NeedKind::Optional => format!("{text} (optional)"),
                NeedKind::Conflicts => format!("not {text}"),
            };
            (text, need.fact)
        })
        .collect();
    told.sort_by(|a, b| a.0.cmp(&b.0));
    let fact = told.first()?.1;
    Some((told.into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(", "), fact))
}
