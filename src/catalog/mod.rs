//! The catalog: all facts of the loaded matrices, indexed and immutable.
//!
//! Owns the model that every engine reads. It is made by the readers and never changes afterwards.
//! Versions, ranges and levels have become ranks, sets and positions; only printing goes back to
//! text.

mod constraints;
pub mod expect;
mod family;
mod index;
mod package;
mod pin;
mod policy;
mod standing;
mod surface;
mod train;
mod unlisted;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::finding::{Cite, Evidence};

pub(crate) use constraints::{Admitted, Constraints};
pub use expect::Expect;
pub(crate) use family::is_expected;
pub use family::{Family, FamilyException, FamilyMap, FamilyPart, OpenNames, Pin};
pub use index::{
    ConstraintIx, FactIx, FeatureIx, FeatureSet, InterfaceIx, PackageIx, Rank, RelationIx,
    ReleaseId, ReleaseSet, RoleIx,
};
pub use package::{
    Channel, Constraint, Details, Need, NeedKind, Package, PackageKind, Release, ReportedAs,
};
pub(crate) use pin::pins_of_families;
pub use policy::{
    ActionKind, Announcement, Cadence, Downgrade, DrawnEdge, EdgeNote, EdgeScope, Every, Gate,
    GateTime, Lifecycle, LineClass, Migration, MigrationTime, Otherwise, PhaseEnd, PhaseRule,
    Procedure, Reversal, StepLimit, Stop, Switch, Until, Upgrades, Window, holds,
};
pub use standing::{Listing, Standing};
pub use surface::{
    Applies, Binds, Contract, Exception, Feature, Interface, LevelSpan, Offer, Probe, Promise,
    Relation, RelationInterface, Reliance, Role, SkewBound, SkewRule, Stability, Use, Within,
    feature_set,
};
pub use train::{
    MergeRow, ShipRow, SwitchRow, TargetRow, Train, TrainChange, TrainCycle, TrainKind, TrainName,
    TrainOutcome, TrainPhase, TrainRelease, TrainSet,
};

/// Where facts are taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its key in the matrix.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Its address; may hold `{at}`, `{package}` and `{version}`.
    pub url: Option<String>,
    /// How facts from it are known, unless they say otherwise.
    pub evidence: Evidence,
}

/// Where one fact is known from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fact {
    /// Position in [`Catalog::sources`].
    pub source: usize,
    /// How it is known.
    pub evidence: Evidence,
    /// Where in the source.
    pub at: Option<String>,
    /// What a reader must know.
    pub note: Option<String>,
}

/// A matrix that was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixInfo {
    /// Its name.
    pub name: String,
    /// One line for people.
    pub title: Option<String>,
    /// The day its facts were gathered.
    pub as_of: String,
}

/// Everything known, immutable.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    pub(crate) matrices: Vec<MatrixInfo>,
    pub(crate) sources: Vec<Source>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) packages: Vec<Package>,
    pub(crate) names: FxHashMap<String, PackageIx>,
    /// Packages by the keys of the package URLs that they are known as.
    pub(crate) known_as: FxHashMap<String, PackageIx>,
    pub(crate) constraints: Constraints,
    pub(crate) features: Vec<Feature>,
    pub(crate) contracts: Vec<Contract>,
    pub(crate) relies: Vec<Reliance>,
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) roles: Vec<Role>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) skew: Vec<SkewRule>,
    pub(crate) upgrades: Vec<Upgrades>,
    pub(crate) families: Vec<Family>,
    pub(crate) pins: Vec<Pin>,
    pub(crate) lifecycles: Vec<Lifecycle>,
    pub(crate) trains: Vec<Train>,
    /// Made when it is first asked for.
    pub(crate) by_name: OnceLock<(Vec<u32>, Vec<PackageIx>)>,
    /// Found out when it is first asked for.
    pub(crate) has_open: OnceLock<bool>,
}

impl Catalog {
    /// Returns the matrices that were loaded, in order.
    pub fn matrices(&self) -> &[MatrixInfo] {
        &self.matrices
    }

    /// Returns the sources of all facts.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Returns all packages with their positions, in order of the matrices.
    pub fn packages(&self) -> impl ExactSizeIterator<Item = (PackageIx, &Package)> {
        self.packages.iter().enumerate().map(|(ix, package)| (PackageIx::new(ix), package))
    }

    /// Returns a package.
    pub fn package(&self, package: PackageIx) -> &Package {
        &self.packages[package.ix()]
    }

    /// Returns the package with this name.
    pub fn find(&self, name: &str) -> Option<PackageIx> {
        self.names.get(name).copied()
    }

    /// Returns the package that is known elsewhere by a package URL with this [key](crate::purl::PackageUrl::key).
    pub fn known_as(&self, key: &str) -> Option<PackageIx> {
        self.known_as.get(key).copied()
    }

    /// Returns `name version` of a release.
    pub fn label(&self, (package, rank): ReleaseId) -> String {
        let package = self.package(package);
        format!("{} {}", package.name, package.version(rank))
    }

    /// Returns the version text of a release.
    pub fn version(&self, (package, rank): ReleaseId) -> &str {
        self.package(package).version(rank).text()
    }

    /// Whether some release has needs that nobody states, or needs what no fact decides.
    pub(crate) fn has_open(&self) -> bool {
        *self.has_open.get_or_init(|| {
            let mut packages = self.packages.iter();
            let is_open =
                |package: &Package| package.ranks().any(|rank| package.unstated(rank).is_some());
            self.constraints.has_open() || packages.any(is_open)
        })
    }

    /// Returns a constraint.
    pub fn constraint(&self, constraint: ConstraintIx) -> &Constraint {
        self.constraints.get(constraint)
    }

    /// Returns all constraints, in order of their positions.
    pub(crate) fn constraints(&self) -> &Constraints {
        &self.constraints
    }

    /// Returns a package's place in the order of names.
    pub(crate) fn name_rank(&self, package: PackageIx) -> usize {
        self.names_in_order().0[package.ix()] as usize
    }

    /// Returns the package at a place in the order of names.
    pub(crate) fn by_name(&self, place: usize) -> PackageIx {
        self.names_in_order().1[place]
    }

    /// Returns the place of each package and the package at each place.
    fn names_in_order(&self) -> &(Vec<u32>, Vec<PackageIx>) {
        self.by_name.get_or_init(|| {
            let mut order: Vec<_> = (0..self.packages.len()).map(PackageIx::new).collect();
            order.sort_unstable_by_key(|package| &self.packages[package.ix()].name);
            let mut places = vec![0; order.len()];
            for (place, package) in (0..).zip(&order) {
                places[package.ix()] = place;
            }
            (places, order)
        })
    }

    /// Says what a constraint asks for: `valkey >=9.0.1`, or `c-api 1.2.0 of duckdb` for an interface.
    pub fn asked(&self, constraint: &Constraint) -> String {
        let target = &self.package(constraint.target).name;
        match constraint.interface {
            Some(_) => format!("{} of {target}", constraint.text),
            None => format!("{target} {}", constraint.text),
        }
    }

    /// Returns the features, in order of their positions.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// Returns the feature with this name.
    pub fn feature(&self, name: &str) -> Option<FeatureIx> {
        self.features.iter().position(|feature| feature.name == name).map(FeatureIx::new)
    }

    /// Returns the features that exist in a release.
    pub fn available_features(&self, release: ReleaseId) -> FeatureSet {
        let exists = |feature: &&Feature| holds(&feature.since, release);
        feature_set(
            self.features
                .iter()
                .enumerate()
                .filter(|(_, feature)| exists(feature))
                .map(|(ix, _)| FeatureIx::new(ix)),
        )
    }

    /// Returns the features that exist in some release of a package.
    pub fn features_of(&self, package: PackageIx) -> impl Iterator<Item = &Feature> {
        self.features
            .iter()
            .filter(move |feature| feature.since.iter().any(|(named, _)| *named == package))
    }

    /// Returns the relations in which a package takes part.
    pub fn relations_of(&self, package: PackageIx) -> impl Iterator<Item = &Relation> {
        self.relations.iter().filter(move |relation| {
            let mut roles = relation.from.iter().chain(&relation.to);
            roles.any(|&role| self.role(role).runs.contains(&package))
        })
    }

    /// Returns what the projects promise.
    pub fn contracts(&self) -> &[Contract] {
        &self.contracts
    }

    /// Returns the contract that covers an interface, if one does.
    pub fn contract_of(&self, interface: &Interface) -> Option<&Contract> {
        let name = interface.contract.as_ref()?;
        let promises =
            |contract: &&Contract| interface.hosts().any(|host| host == contract.package);
        self.contracts.iter().filter(promises).find(|contract| contract.name == *name)
    }

    /// Returns the promises that a release is stated to rely on.
    pub fn relies(&self, (package, rank): ReleaseId) -> impl Iterator<Item = &Reliance> {
        self.relies.iter().filter(move |one| one.package == package && one.releases.contains(rank))
    }

    /// Returns the interfaces, in order of their positions.
    pub fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// Returns an interface.
    pub fn interface(&self, interface: InterfaceIx) -> &Interface {
        &self.interfaces[interface.ix()]
    }

    /// Returns the roles, in order of their positions.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// Returns a role.
    pub fn role(&self, role: RoleIx) -> &Role {
        &self.roles[role.ix()]
    }

    /// Returns the relations, in order of their positions.
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// Returns a relation.
    pub fn relation(&self, relation: RelationIx) -> &Relation {
        &self.relations[relation.ix()]
    }

    /// Returns the relation with this name whose roles run the package on the giving side.
    pub fn find_relation(&self, name: &str, package: PackageIx) -> Option<RelationIx> {
        let plays = |relation: &Relation| {
            relation.from.iter().any(|&role| self.role(role).runs.contains(&package))
        };
        self.relations
            .iter()
            .position(|relation| relation.name == name && plays(relation))
            .map(RelationIx::new)
    }

    /// Returns the skew rules.
    pub fn skew_rules(&self) -> &[SkewRule] {
        &self.skew
    }

    /// Returns how a product is upgraded, if its matrix says.
    pub fn upgrades(&self, package: PackageIx) -> Option<&Upgrades> {
        self.upgrades.iter().find(|upgrades| upgrades.package == package)
    }

    /// Returns true if a package is a plugin of a core: its own, or one of several that its releases speak of.
    pub fn extends(&self, plugin: PackageIx, core: PackageIx) -> bool {
        let stated = self.package(plugin);
        let speaks =
            || stated.ranks().flat_map(|rank| stated.needs(rank)).any(|need| need.target == core);
        stated.kind == PackageKind::Plugin
            && (stated.core == Some(core)
                || (self.package(core).kind == PackageKind::Core && speaks()))
    }

    /// Returns the rules of a plugin's core, if those of the plugin itself are not stated.
    pub fn rules_of_core(&self, plugin: PackageIx) -> Option<&Upgrades> {
        let core = self.package(plugin).core.filter(|_| self.upgrades(plugin).is_none());
        self.upgrades(core?)
    }

    /// Returns the families.
    pub fn families(&self) -> &[Family] {
        &self.families
    }

    /// Returns the releases that only their family keeps to a core, by package and then oldest first.
    ///
    /// A search that reads a pin as one more requirement, for members of which no exact release was
    /// asked for, never chooses a member off its family's mapping.
    pub fn pins(&self) -> &[Pin] {
        &self.pins
    }

    /// Returns the pins of a package's releases, oldest first.
    pub(crate) fn pins_of(&self, package: PackageIx) -> &[Pin] {
        let first = self.pins.partition_point(|pin| pin.release.0 < package);
        let count = self.pins[first..].partition_point(|pin| pin.release.0 == package);
        &self.pins[first..first + count]
    }

    /// Returns the releases that are off their family beside a release of its core although their own
    /// requirements accept it: pairs of a member and such releases, by package.
    pub fn off_family(&self, core: ReleaseId) -> Vec<(PackageIx, ReleaseSet)> {
        let mut off: Vec<(PackageIx, ReleaseSet)> = Vec::new();
        let loose = self.pins.iter().filter(|pin| pin.core == core.0);
        for pin in loose.filter(|pin| !pin.cores.contains(core.1)) {
            let (member, rank) = pin.release;
            if off.last().is_none_or(|(last, _)| *last != member) {
                off.push((member, ReleaseSet::empty(self.package(member).len())));
            }
            if let Some((_, set)) = off.last_mut() {
                set.insert(rank);
            }
        }
        off
    }

    /// Returns the releases of a core that a release accepts by its own requirements.
    pub fn accepted(&self, (package, rank): ReleaseId, core: PackageIx) -> ReleaseSet {
        let mut accepted = ReleaseSet::full(self.package(core).len());
        for need in self.package(package).needs(rank) {
            let constraint = self.constraint(need.constraint);
            if constraint.target != core {
                continue;
            }
            match need.kind {
                NeedKind::Requires | NeedKind::Optional => {
                    accepted.intersect_with(&constraint.allowed);
                }
                NeedKind::Conflicts => accepted.subtract(&constraint.allowed),
            }
        }
        accepted
    }

    /// Returns the lifecycle of a package, if its matrix says.
    pub fn lifecycle(&self, package: PackageIx) -> Option<&Lifecycle> {
        self.lifecycles.iter().find(|lifecycle| lifecycle.package == package)
    }

    /// Returns the lifecycles.
    pub fn lifecycles(&self) -> &[Lifecycle] {
        &self.lifecycles
    }

    /// Returns the release train of a package, if its matrix says.
    pub fn train(&self, package: PackageIx) -> Option<&Train> {
        self.trains.iter().find(|train| train.package == package)
    }

    /// Returns the release trains.
    pub fn trains(&self) -> &[Train] {
        &self.trains
    }

    /// Returns where a fact is known from.
    pub fn fact(&self, fact: FactIx) -> &Fact {
        &self.facts[fact.ix()]
    }

    /// Returns the citation of a fact, for printing.
    pub fn cite(&self, fact: FactIx) -> Cite {
        self.cite_for(fact, None)
    }

    /// Returns the citation of a fact about a release; fills its package and version into the address.
    pub fn cite_for(&self, fact: FactIx, release: Option<ReleaseId>) -> Cite {
        let fact = self.fact(fact);
        let source = &self.sources[fact.source];
        let at = fact.at.as_deref();
        let needs_at = source.url.as_ref().is_some_and(|url| url.contains("{at}"));
        let url = source.url.clone().filter(|_| at.is_some() || !needs_at).map(|url| {
            let url = url.replace("{at}", at.unwrap_or_default());
            match release {
                Some((package, rank)) => url
                    .replace("{package}", &self.package(package).name)
                    .replace("{version}", self.version((package, rank))),
                None => url,
            }
        });
        Cite {
            evidence: fact.evidence,
            source: at
                .map_or_else(|| source.title.clone(), |at| format!("{} ({at})", source.title)),
            url,
            note: fact.note.clone(),
        }
    }
}
