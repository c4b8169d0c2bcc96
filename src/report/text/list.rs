//! Packages, and the releases of one.

use super::style::{Style, flat, strong, wrap};
use super::table::TextTable;
use crate::catalog::{Catalog, Channel, Contract, PackageIx, Rank};
use crate::report::words::{newest, spans};

pub(super) fn packages(catalog: &Catalog, packages: &[PackageIx], style: Style) -> String {
    let mut out = String::new();
    for matrix in catalog.matrices() {
        let title = matrix.title.as_ref().map(|title| format!(": {title}")).unwrap_or_default();
        out.push_str(&format!("{}{title}, as of {}\n", strong(&matrix.name), matrix.as_of));
        let mut table =
            TextTable::new(&["package", "kind", "releases", "newest", "title"]).right(2);
        let own =
            packages.iter().filter(|package| catalog.package(**package).matrix == matrix.name);
        for &ix in own {
            let package = catalog.package(ix);
            table.row(vec![
                package.name.clone(),
                package.kind.name().to_owned(),
                package.len().to_string(),
                newest(package).map_or("-", |rank| package.version(rank).text()).to_owned(),
                package.title.clone().unwrap_or_default(),
            ]);
        }
        out.push_str(&table.print(2, style.width));
        out.push('\n');
    }
    out
}

pub(super) fn package(catalog: &Catalog, ix: PackageIx, style: Style) -> String {
    let package = catalog.package(ix);
    let mut out = strong(&package.name);
    if let Some(title) = &package.title {
        out.push_str(&format!(": {}", flat(title)));
    }
    out.push_str(&format!(
        "\n  {} of matrix {}, {} releases, versions are {}\n",
        package.kind.name(),
        package.matrix,
        package.len(),
        package.numbering.scheme().name()
    ));
    if let Some(note) = &catalog.fact(package.fact).note {
        out.push_str(&format!("  {}\n", wrap(note, style.width, 2)));
    }
    out.push('\n');
    let features = catalog.features_of(ix).map(|it| (it.name.clone(), it.title.clone()));
    out.push_str(&named("feature", features, style));
    let relations = catalog.relations_of(ix).map(|it| (it.name.clone(), it.title.clone()));
    out.push_str(&named("relation", relations, style));
    let contracts = catalog.contracts().iter().filter(|contract| contract.package == ix);
    out.push_str(&named("contract", contracts.map(|it| (it.name.clone(), promise(it))), style));
    let mut table = TextTable::new(&["version", "released", "what is known"]);
    for rank in package.ranks().rev() {
        let release = package.release(rank);
        let date = release.date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        table.row(vec![release.version.text().to_owned(), date, known(catalog, ix, rank)]);
    }
    out.push_str(&table.print(2, style.width));
    out
}

/// Says what each step may do to a contract.
fn promise(contract: &Contract) -> String {
    let steps: Vec<_> =
        contract.steps.iter().map(|(step, it)| format!("{} {}", step.name(), it.name())).collect();
    format!("{} ({})", contract.title, steps.join(", "))
}

/// Prints named things with their titles; nothing if there are none.
fn named(head: &str, rows: impl Iterator<Item = (String, String)>, style: Style) -> String {
    let mut table = TextTable::new(&[head, "what it is"]);
    let mut any = false;
    for (name, title) in rows {
        table.row(vec![name, title]);
        any = true;
    }
    if any { format!("{}\n", table.print(2, style.width)) } else { String::new() }
}

fn known(catalog: &Catalog, ix: PackageIx, rank: Rank) -> String {
    let package = catalog.package(ix);
    let release = package.release(rank);
    let mut parts = Vec::new();
    if release.channel != Channel::Stable {
        parts.push(release.channel.name().to_owned());
    }
    parts.extend(release.label.clone());
    parts.extend(release.withdrawn.as_ref().map(|why| format!("withdrawn: {why}")));
    parts.extend(release.unreadable.as_ref().map(|why| format!("unknown: {why}")));
    for need in package.needs(rank) {
        let constraint = catalog.constraint(need.constraint);
        let target = &catalog.package(constraint.target).name;
        parts.push(format!("{} {target} {}", need.kind.name(), constraint.text));
    }
    for interface in catalog.interfaces() {
        if let Some(offer) = interface.offer(ix, rank) {
            let writes = spans(catalog, interface, &offer.writes).join(", ");
            let reads = spans(catalog, interface, &offer.reads).join(", ");
            let said: Vec<_> = [("writes", writes), ("reads", reads)]
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(word, text)| format!("{word} {text}"))
                .collect();
            parts.push(format!("{} {}", interface.name, said.join(" and ")));
        }
    }
    parts.extend(release.attributes.iter().map(|(key, text)| format!("{key} {text}")));
    parts.join("; ")
}
