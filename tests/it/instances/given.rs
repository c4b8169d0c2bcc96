//! A loaded catalog and a request as an instance, so that every solver can be asked about it.
//!
//! Only releases that may be chosen are kept: of what was required those of the requirement, of all other
//! packages those that a search may choose unasked. The packages stand in the order of their names,
//! with the core of the first requirement before them.

use skew::catalog::{Catalog, NeedKind, PackageIx, PackageKind, Rank, ReleaseSet};
use skew::resolve::{Request, Requirement as Wanted};

use super::{Binds, Dep, Instance, Package, Requirement, Span};

/// A catalog whose packages were put in order and whose open releases were numbered.
struct Given<'c> {
    catalog: &'c Catalog,
    /// The packages by position.
    order: Vec<PackageIx>,
    /// Positions by package.
    places: Vec<usize>,
    /// The open releases of each package, by position, oldest first.
    open: Vec<Vec<Rank>>,
}

/// Makes the instance of a request in which nothing is installed.
pub(crate) fn given(catalog: &Catalog, request: &Request) -> Instance {
    let core =
        request.requirements.first().and_then(|requirement| core_of(catalog, requirement.package));
    let mut order: Vec<_> = catalog.packages().map(|(ix, _)| ix).collect();
    order.sort_by_key(|&ix| (Some(ix) != core, &catalog.package(ix).name));
    let mut places = vec![0; order.len()];
    for (place, ix) in order.iter().enumerate() {
        places[ix.ix()] = place;
    }
    let open = order.iter().map(|&ix| open(catalog, request, ix)).collect();
    let given = Given { catalog, order, places, open };
    Instance {
        has_core: core.is_some(),
        packages: (0..given.order.len()).map(|place| given.package(place)).collect(),
        requirements: request
            .requirements
            .iter()
            .map(|requirement| given.requirement(requirement))
            .collect(),
    }
}

fn core_of(catalog: &Catalog, package: PackageIx) -> Option<PackageIx> {
    let stated = catalog.package(package);
    stated.core.or((stated.kind == PackageKind::Core).then_some(package))
}

fn open(catalog: &Catalog, request: &Request, ix: PackageIx) -> Vec<Rank> {
    let mut open = Wanted::any(catalog, ix).releases;
    for requirement in request.requirements.iter().filter(|requirement| requirement.package == ix) {
        open.union_with(&requirement.releases);
    }
    open.iter().collect()
}

impl Given<'_> {
    fn package(&self, place: usize) -> Package {
        let ix = self.order[place];
        let package = self.catalog.package(ix);
        Package {
            name: package.name.clone(),
            versions: self.open[place]
                .iter()
                .map(|&rank| package.version(rank).text().to_owned())
                .collect(),
            releases: self.open[place].iter().map(|&rank| self.needs(ix, rank)).collect(),
            silent: (1..)
                .zip(&self.open[place])
                .filter(|&(_, &rank)| package.unstated(rank).is_some())
                .map(|(number, _)| number)
                .collect(),
        }
    }

    /// Returns the needs of a release, those of one package joined.
    fn needs(&self, package: PackageIx, rank: Rank) -> Vec<Dep> {
        let mut deps: Vec<(Dep, ReleaseSet)> = Vec::new();
        let stated = self.catalog.package(package).needs(rank).iter().map(|need| {
            let constraint = self.catalog.constraint(need.constraint);
            let mut allowed = constraint.allowed.clone();
            if need.kind == NeedKind::Conflicts {
                let mut rest = ReleaseSet::full(self.catalog.package(constraint.target).len());
                rest.subtract(&allowed);
                allowed = rest;
            }
            let binds = match need.kind {
                NeedKind::Requires => Binds::Always,
                NeedKind::Optional | NeedKind::Conflicts => Binds::IfPresent,
            };
            (constraint.target, allowed, binds)
        });
        // A family says no more than a need that binds if its core is there.
        let pins = self.catalog.pins().iter().filter(|pin| pin.release == (package, rank));
        let pins = pins.map(|pin| (pin.core, pin.cores.clone(), Binds::IfPresent));
        for (target, allowed, binds) in stated.chain(pins) {
            let target = self.places[target.ix()];
            match deps.iter_mut().find(|(dep, _)| dep.target == target) {
                None => deps.push((Dep { target, allowed: Vec::new(), binds }, allowed)),
                Some((dep, known)) => {
                    known.intersect_with(&allowed);
                    if binds == Binds::Always {
                        dep.binds = binds;
                    }
                }
            }
        }
        let spans = |(dep, allowed): (Dep, ReleaseSet)| Dep {
            allowed: self.spans(dep.target, &allowed),
            ..dep
        };
        deps.into_iter().map(spans).collect()
    }

    fn requirement(&self, requirement: &Wanted) -> Requirement {
        let package = self.places[requirement.package.ix()];
        Requirement { package, allowed: self.spans(package, &requirement.releases) }
    }

    /// Returns the numbers of the open releases of a set.
    fn spans(&self, place: usize, set: &ReleaseSet) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for (number, &rank) in (1..).zip(&self.open[place]) {
            match spans.last_mut() {
                _ if !set.contains(rank) => {}
                Some((_, to)) if *to + 1 == number => *to = number,
                _ => spans.push((number, number)),
            }
        }
        spans
    }
}
