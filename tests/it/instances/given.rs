//! A loaded catalog and a request as an instance, so that every solver can be asked about it.
//!
//! Only releases that may be chosen are kept: of what was wished for those of the wish, of all other
//! packages those that a search may choose unasked. The packages stand in the order of their names,
//! with the core of the first wish before them.

use skew::catalog::{Catalog, NeedKind, PackageIx, PackageKind, Rank, ReleaseSet};
use skew::resolve::{Request, Wish as Wanted};

use super::{Binds, Dep, Instance, Package, Span, Wish};

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
    let core = request.wishes.first().and_then(|wish| core_of(catalog, wish.package));
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
        wishes: request.wishes.iter().map(|wish| given.wish(wish)).collect(),
    }
}

fn core_of(catalog: &Catalog, package: PackageIx) -> Option<PackageIx> {
    let stated = catalog.package(package);
    stated.core.or((stated.kind == PackageKind::Core).then_some(package))
}

fn open(catalog: &Catalog, request: &Request, ix: PackageIx) -> Vec<Rank> {
    let mut open = Wanted::any(catalog, ix).releases;
    for wish in request.wishes.iter().filter(|wish| wish.package == ix) {
        open.union_with(&wish.releases);
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
        let bonds = self.catalog.bonds().iter().filter(|bond| bond.release == (package, rank));
        let bonds = bonds.map(|bond| (bond.core, bond.cores.clone(), Binds::IfPresent));
        for (target, allowed, binds) in stated.chain(bonds) {
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

    fn wish(&self, wish: &Wanted) -> Wish {
        let package = self.places[wish.package.ix()];
        Wish { package, allowed: self.spans(package, &wish.releases) }
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
