//! Views of packages and their releases.

use serde::Serialize;

use super::shared::{OwnCite, Pairs, name};
use super::view::view;
use crate::catalog::{
    Catalog, Constraint, Contract, Interface, NeedKind, Offer, PackageIx, ReleaseId,
};
use crate::report::words::{newest, spans};

view! {
    /// A package.
    PackageView<'a>(catalog: &'a Catalog, ix: PackageIx) with { let package = catalog.package(ix); } {
        name: &'a str = &package.name,
        kind: &'static str = package.kind.name(),
        matrix: &'a str = &package.matrix,
        title: Option<&'a str> = package.title.as_deref(),
        /// How its versions are read.
        scheme: &'static str = package.numbering.scheme().name(),
        /// How many there are.
        releases: usize = package.len(),
        newest: Option<&'a str> = newest(package).map(|rank| package.version(rank).text()),
    }
}

view! {
    /// A thing with a name and one line about it.
    NamedView<'a>(called: &'a str, about: &'a str) {
        name: &'a str = called,
        title: &'a str = about,
    }
}

view! {
    /// A promise about a part of a package.
    ContractView<'a>(contract: &'a Contract) {
        name: &'a str = &contract.name,
        title: &'a str = &contract.title,
        /// What each size of step may do to it.
        steps: Pairs<'a> =
            Pairs(contract.steps.iter().map(|(step, it)| (step.name(), it.name())).collect()),
    }
}

view! {
    /// What a release asks of another package.
    NeedView<'a>(catalog: &'a Catalog, constraint: &'a Constraint, need: NeedKind) {
        package: &'a str = name(catalog, constraint.target),
        range: &'a str = &constraint.text,
        kind: &'static str = need.name(),
        /// As the package declares it, where that differs.
        #[serde(skip_serializing_if = "Option::is_none")]
        declared: Option<&'a str> = constraint.declared.as_deref(),
    }
}

view! {
    /// The levels that a release writes and reads on an interface.
    OfferView<'a>(catalog: &'a Catalog, of: &'a Interface, offer: &Offer) {
        interface: &'a str = &of.name,
        writes: Vec<String> = spans(catalog, of, &offer.writes),
        reads: Vec<String> = spans(catalog, of, &offer.reads),
    }
}

view! {
    /// A release and all that is known of it.
    ReleaseRowView<'a>(catalog: &'a Catalog, id: ReleaseId)
    with { let stated = catalog.package(id.0).release(id.1); } {
        version: &'a str = stated.version.text(),
        date: Option<String> = stated.date.map(|date| date.to_string()),
        channel: &'static str = stated.channel.name(),
        #[serde(skip_serializing_if = "Option::is_none")]
        label: Option<&'a str> = stated.label.as_deref(),
        /// Why it was withdrawn.
        #[serde(skip_serializing_if = "Option::is_none")]
        withdrawn: Option<&'a str> = stated.withdrawn.as_deref(),
        /// Why its requirements are not known.
        #[serde(skip_serializing_if = "Option::is_none")]
        unreadable: Option<&'a str> = stated.unreadable.as_deref(),
        needs: Vec<NeedView<'a>> = needs(catalog, id),
        offers: Vec<OfferView<'a>> = catalog.interfaces().iter()
            .filter_map(|it| Some(OfferView::new(catalog, it, it.offer(id.0, id.1)?))).collect(),
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        attributes: Pairs<'a> = Pairs(
            stated.attributes.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect()
        ),
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, schemars(with = "Option<super::shared::CiteView<'a>>"))]
        evidence: Option<OwnCite> =
            stated.fact.map(|fact| OwnCite(catalog.cite_for(fact, Some(id)))),
    }
}

view! {
    /// One package with its releases.
    WholePackageView<'a>(catalog: &'a Catalog, ix: PackageIx) {
        package: PackageView<'a> = PackageView::new(catalog, ix),
        features: Vec<NamedView<'a>> =
            catalog.features_of(ix).map(|it| NamedView::new(&it.name, &it.title)).collect(),
        relations: Vec<NamedView<'a>> =
            catalog.relations_of(ix).map(|it| NamedView::new(&it.name, &it.title)).collect(),
        contracts: Vec<ContractView<'a>> = catalog.contracts().iter()
            .filter(|contract| contract.package == ix).map(ContractView::new).collect(),
        releases: Vec<ReleaseRowView<'a>> = catalog.package(ix).ranks()
            .map(|rank| ReleaseRowView::new(catalog, (ix, rank))).collect(),
    }
}

/// Packages, or one package with its releases.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) enum ListView<'a> {
    /// Packages.
    Packages {
        /// The packages.
        packages: Vec<PackageView<'a>>,
    },
    /// One package.
    Package(WholePackageView<'a>),
}

impl<'a> ListView<'a> {
    /// Makes the view of several packages.
    pub(super) fn of(catalog: &'a Catalog, packages: &[PackageIx]) -> Self {
        let packages = packages.iter().map(|&package| PackageView::new(catalog, package));
        Self::Packages { packages: packages.collect() }
    }
}

fn needs(catalog: &Catalog, (package, rank): ReleaseId) -> Vec<NeedView<'_>> {
    let needs = catalog.package(package).needs(rank).iter();
    needs.map(|it| NeedView::new(catalog, catalog.constraint(it.constraint), it.kind)).collect()
}
