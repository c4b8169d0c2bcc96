//! Deployment files: text in, a [`Deployment`] out.
//!
//! Owns the two steps that reading one takes: first the names of packages and versions, which decide
//! which matrices are loaded and which unlisted versions are added to them, then the deployment
//! itself. Wrong JSON is a problem of the file; an unknown role or version is a finding about the
//! deployment.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::diagnose::{Sink, parse_pieces};
use super::field::Object;
use super::file::{FORMAT, check_text};
use super::raw::deployment::{DeploymentFile, NodeEntry};
use super::text::Text;
use crate::catalog::{
    Catalog, FeatureIx, FeatureSet, Listing, PackageIx, Rank, ReleaseId, RoleIx, is_expected,
};
use crate::deployment::{Deployment, Node};
use crate::finding::{Check, Finding, Severity};
use crate::input::{Input, described};
use crate::observation::UNKNOWN_VERSION;
use crate::problem::{Collector, Problem, ProblemCode, Problems, nearest, shown};

/// The largest deployment file that is read, in bytes: 256 MiB, about two million nodes.
pub const DEPLOYMENT_LIMIT: usize = 256 << 20;

/// The group of nodes that name none.
const NO_GROUP: &str = "default";

/// The keys that a deployment must have.
const REQUIRED: [&str; 3] = ["format", "name", "nodes"];

/// A deployment file that was parsed but not yet matched with a catalog.
#[derive(Debug)]
pub struct Inventory<'a> {
    raw: DeploymentFile<'a>,
}

impl<'a> Inventory<'a> {
    /// Parses a deployment file.
    ///
    /// # Errors
    ///
    /// Returns all problems with the file's shape.
    pub fn parse(input: Input<'a>) -> Result<Self, Problems> {
        let mut list = Collector::default();
        let text = check_text(input.bytes, DEPLOYMENT_LIMIT)
            .map_err(|problem| problems(input, vec![problem]))?;
        let mut sink = Sink { text, file: 0, problems: &mut list };
        let raw = match serde_json::from_str::<DeploymentFile<'a>>(text) {
            Ok(raw) if raw.format == FORMAT => Some(raw),
            Ok(_) => parse_pieces(&mut sink, None, &REQUIRED, DeploymentFile::from_pieces),
            Err(error) => {
                parse_pieces(&mut sink, Some(&error), &REQUIRED, DeploymentFile::from_pieces)
            }
        };
        if let Some(raw) = &raw {
            check(raw, &mut sink);
        }
        match raw {
            Some(raw) if list.met() == 0 => Ok(Self { raw }),
            Some(_) | None => Err(problems(input, list.into_sorted())),
        }
    }

    /// Returns the names of all packages in it.
    pub fn packages(&self) -> BTreeSet<&str> {
        self.raw
            .nodes
            .iter()
            .flat_map(|node| node.packages.0.iter().map(|(name, _)| &**name))
            .collect()
    }

    /// Returns the distinct packages and versions in it.
    pub fn versions(&self) -> BTreeSet<(&str, &str)> {
        let pairs = self.raw.nodes.iter().flat_map(|node| &node.packages.0);
        pairs.map(|(name, version)| (&**name, &**version)).collect()
    }

    /// Returns each node's name and where it answers, as `HOST:PORT`, if the file says.
    pub fn addresses(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.raw.nodes.iter().map(|node| (&*node.name, node.address.as_deref()))
    }

    /// Returns the names of the features in it.
    pub fn features(&self) -> impl Iterator<Item = &str> {
        self.raw.features.iter().map(|feature| &**feature)
    }

    /// Matches the inventory with a catalog. What does not match becomes a finding.
    pub fn resolve(&self, catalog: &Catalog) -> Deployment {
        let mut matching = NodeMatching::new(catalog);
        let features = matching.features(&self.raw.features);
        let nodes: Vec<_> = self.raw.nodes.iter().map(|node| matching.node(node)).collect();
        matching.untold(&nodes);
        if nodes.is_empty() {
            matching.findings.push(no_nodes(&self.raw.name));
        }
        Deployment {
            name: self.raw.name.to_string(),
            features,
            nodes,
            groups: matching.groups.names,
            zones: matching.zones.names,
            written: written(catalog, &matching.seen),
            unjudged: matching.unjudged.len(),
            findings: matching.findings,
        }
    }
}

/// Says that there is nothing to be judged.
fn no_nodes(name: &str) -> Finding {
    let message = "the deployment has no node, so nothing was checked";
    Finding::new(Check::NodesMissing, Severity::Warning, name, message)
        .hinting("look at what the file was made of; `import` says what it left out")
}

/// The longest remark of a node that is repeated, in characters.
const LONGEST_REMARK: usize = 400;

/// Returns a remark as it is repeated: not without end.
fn sentence(text: &str) -> String {
    text.chars().take(LONGEST_REMARK).collect()
}

/// Returns how releases are written that all nodes write in one way, which is not the matrix's.
fn written(
    catalog: &Catalog,
    seen: &FxHashMap<(PackageIx, String), Option<Rank>>,
) -> BTreeMap<ReleaseId, String> {
    let mut texts: BTreeMap<ReleaseId, BTreeSet<&str>> = BTreeMap::new();
    let placed =
        seen.iter().filter_map(|((package, text), rank)| Some(((*package, (*rank)?), text)));
    placed.for_each(|(release, text)| {
        texts.entry(release).or_default().insert(text);
    });
    let own = |(release, texts): (ReleaseId, BTreeSet<&str>)| {
        let only = texts.first().filter(|_| texts.len() == 1)?;
        (*only != catalog.version(release)).then(|| (release, (*only).to_owned()))
    };
    texts.into_iter().filter_map(own).collect()
}

fn problems(input: Input<'_>, list: Vec<Problem>) -> Problems {
    described(&[input], list)
}

/// Checks what can be checked without a catalog: names that are empty or stand twice.
fn check<'a>(raw: &DeploymentFile<'a>, sink: &mut Sink<'a, '_>) {
    let mut names = rustc_hash::FxHashSet::default();
    for node in &raw.nodes {
        if node.name.is_empty() {
            let message = "expected a node name, found an empty text".to_owned();
            sink.push_at(ProblemCode::Name, node.name.span(sink.text), message, None);
        } else if !names.insert(&*node.name) {
            let message = format!("the node `{}` is stated twice", shown(&node.name));
            sink.push_at(ProblemCode::DuplicateName, node.name.span(sink.text), message, None);
        }
        sink.repeated(&node.packages);
        sink.repeated(&node.unknown);
    }
}

/// Names in order of appearance.
#[derive(Default)]
struct Interner {
    names: Vec<String>,
    positions: FxHashMap<String, usize>,
}

impl Interner {
    fn position(&mut self, name: &str) -> usize {
        if let Some(&position) = self.positions.get(name) {
            return position;
        }
        self.names.push(name.to_owned());
        self.positions.insert(name.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }
}

struct NodeMatching<'c> {
    catalog: &'c Catalog,
    groups: Interner,
    zones: Interner,
    /// Versions seen before, so that a fleet of a few versions costs a few look-ups.
    seen: FxHashMap<(PackageIx, String), Option<Rank>>,
    /// Names of packages that no fact speaks of at all.
    unjudged: BTreeSet<String>,
    findings: Vec<Finding>,
}

impl<'c> NodeMatching<'c> {
    fn new(catalog: &'c Catalog) -> Self {
        Self {
            catalog,
            groups: Interner::default(),
            zones: Interner::default(),
            seen: FxHashMap::default(),
            unjudged: BTreeSet::new(),
            findings: Vec::new(),
        }
    }

    fn features(&mut self, names: &[Text<'_>]) -> FeatureSet {
        let mut set = FeatureSet::default();
        for name in names {
            let matching: Vec<_> = feature_positions(self.catalog, name).collect();
            for &feature in &matching {
                set.insert(feature);
            }
            if matching.is_empty() {
                let known = self.catalog.features().iter().map(|feature| feature.name.as_str());
                let finding = Finding::new(
                    Check::FeatureUnknown,
                    Severity::Error,
                    &**name,
                    format!("no loaded matrix has a feature `{}`", shown(name)),
                );
                self.findings.push(with_near(finding, nearest(name, known)));
            }
        }
        set
    }

    fn node(&mut self, raw: &NodeEntry<'_>) -> Node {
        let mut packages = BTreeMap::new();
        let mut untold = BTreeSet::new();
        let mut strangers = Vec::new();
        for (name, version) in &raw.packages.0 {
            match self.catalog.find(name) {
                Some(package) if **version == *UNKNOWN_VERSION => {
                    untold.insert(package);
                }
                Some(package) => {
                    let rank = self.release(&raw.name, package, version);
                    packages.extend(rank.map(|rank| (package, rank)));
                }
                None => strangers.push((name, version)),
            }
        }
        for (name, version) in strangers {
            let member = self.open_member(&raw.name, &packages, name, version);
            let finding = member.unwrap_or_else(|| Some(self.no_package(&raw.name, name)));
            self.findings.extend(finding);
        }
        for (name, version) in &raw.unknown.0 {
            match self.open_member(&raw.name, &packages, name, version) {
                Some(finding) => self.findings.extend(finding),
                None => drop(self.unjudged.insert(name.to_string())),
            }
        }
        let role = self.role(raw, &packages);
        self.remarks(raw);
        Node {
            name: raw.name.to_string(),
            role,
            group: self.groups.position(raw.group.as_deref().unwrap_or(NO_GROUP)),
            zone: raw.zone.as_ref().map(|zone| self.zones.position(zone)),
            address: raw.address.as_ref().map(ToString::to_string),
            packages,
            untold,
        }
    }

    /// Repeats what was wrong with a node when its inventory was made.
    fn remarks(&mut self, raw: &NodeEntry<'_>) {
        for (code, text) in &raw.remarks.0 {
            let known = Check::OF_NODES.iter().find(|check| check.name() == &**code);
            let (check, message) = match known {
                Some(check) => (*check, sentence(text)),
                None => (Check::EntryLeftOut, format!("{}: {}", shown(code), sentence(text))),
            };
            let finding = Finding::new(check, Severity::Warning, &*raw.name, message);
            self.findings.push(finding.hinting("it was so when the inventory was made; ask again"));
        }
    }

    /// Says of which packages no version can be told, with the nodes that run them.
    fn untold(&mut self, nodes: &[Node]) {
        let mut nodes_of: BTreeMap<PackageIx, Vec<usize>> = BTreeMap::new();
        for (ix, node) in nodes.iter().enumerate() {
            for &package in &node.untold {
                nodes_of.entry(package).or_default().push(ix);
            }
        }
        let mut found: BTreeMap<Vec<usize>, Vec<&str>> = BTreeMap::new();
        for (package, nodes) in nodes_of {
            found.entry(nodes).or_default().push(&self.catalog.package(package).name);
        }
        for (at, packages) in found {
            let first = &nodes[at[0]].name;
            let subject = match at.len() {
                1 => (*first).clone(),
                count => format!("{first} and {} more", count - 1),
            };
            let message = format!(
                "which version of {} runs is not known; what depends on it was not checked",
                packages.join(", ")
            );
            let finding = Finding::new(Check::VersionUnknown, Severity::Warning, subject, message);
            self.findings.push(
                finding.hinting("ask the running system and write it into the deployment file"),
            );
        }
    }

    fn no_package(&self, node: &str, name: &Text<'_>) -> Finding {
        let known = self.catalog.packages().map(|(_, package)| package.name.as_str());
        let near = nearest(name, known);
        let message = format!("no matrix has a package `{}`", shown(name));
        let finding = Finding::new(Check::PackageUnknown, Severity::Warning, node, message);
        with_near(finding, near)
    }

    /// Judges a package that no matrix lists and that a family has by its name: by the number that the family gives
    /// to its members. The inner value is what is to be said about it.
    #[expect(
        clippy::option_option,
        reason = "no member, a member of which nothing is to be said, or what is"
    )]
    fn open_member(
        &self,
        node: &str,
        packages: &BTreeMap<PackageIx, Rank>,
        name: &str,
        version: &str,
    ) -> Option<Option<Finding>> {
        let catalog = self.catalog;
        let family = catalog.families().iter().find(|family| family.open.have(name))?;
        let core = catalog.package(family.core);
        let label = format!("{} {}", shown(name), shown(version));
        let message = match packages.get(&family.core) {
            None => {
                format!("{label} is of the family of {}, which the node does not state", core.name)
            }
            Some(&rank) => {
                let expected = family.expected(core.version(rank));
                let parsed = core.numbering.parse(version);
                if parsed.is_ok_and(|version| is_expected(&expected, &version)) {
                    return Some(None);
                }
                let with = match expected.first() {
                    Some(number) => format!("goes with {number}, as its family is numbered"),
                    None => "has no number stated for its family".to_owned(),
                };
                format!(
                    "{label} is in no matrix, and {} {with}",
                    catalog.label((family.core, rank))
                )
            }
        };
        let finding = Finding::new(Check::PackageUnknown, Severity::Warning, node, message);
        Some(Some(finding.citing(catalog.cite(family.fact))))
    }

    fn release(&mut self, node: &str, package: PackageIx, version: &Text<'_>) -> Option<Rank> {
        let key = (package, version.to_string());
        if let Some(&rank) = self.seen.get(&key) {
            return rank;
        }
        let rank = self.catalog.package(package).find(version);
        self.place(node, package, version, rank);
        self.seen.insert(key, rank);
        rank
    }

    /// Says once per version that it is unknown or unlisted.
    fn place(&mut self, node: &str, package: PackageIx, version: &str, rank: Option<Rank>) {
        let known = self.catalog.package(package);
        match rank {
            None => {
                let near = self.catalog.around(package, version);
                let message = format!("`{}` is no known release of {}", shown(version), known.name);
                let finding = Finding::new(Check::ReleaseUnknown, Severity::Error, node, message);
                self.findings.push(match near {
                    Some(near) => finding.hinting(near),
                    None => finding,
                });
            }
            Some(rank) if !known.release(rank).is_listed() => {
                let severity = match known.listing {
                    Listing::Complete => Severity::Warning,
                    Listing::Partial => Severity::Info,
                };
                let label = format!("{} {}", known.name, shown(version));
                let message = self.catalog.unlisted((package, rank), &label);
                self.findings.push(Finding::new(Check::ReleaseUnlisted, severity, node, message));
            }
            Some(_) => {}
        }
    }

    fn role(
        &mut self,
        raw: &NodeEntry<'_>,
        packages: &BTreeMap<PackageIx, Rank>,
    ) -> Option<RoleIx> {
        // A package in a version that nobody knows still plays its roles.
        let stated: Vec<PackageIx> =
            raw.packages.0.iter().filter_map(|(name, _)| self.catalog.find(name)).collect();
        let runs = |package: &PackageIx| packages.contains_key(package) || stated.contains(package);
        let plays: Vec<RoleIx> = (0..self.catalog.roles().len())
            .map(RoleIx::new)
            .filter(|&role| self.catalog.role(role).runs.iter().any(runs))
            .collect();
        let subject = &*raw.name;
        if let Some(name) = &raw.role {
            let named = plays.iter().copied().find(|&role| self.catalog.role(role).name == **name);
            if named.is_none() {
                let known: Vec<_> =
                    plays.iter().map(|&role| self.catalog.role(role).name.as_str()).collect();
                let message = format!("no package of the node has a role `{}`", shown(name));
                let mut finding =
                    Finding::new(Check::RoleUnknown, Severity::Error, subject, message);
                if !known.is_empty() {
                    finding = finding.hinting(format!("its roles are {}", known.join(", ")));
                }
                self.findings.push(finding);
            }
            return named;
        }
        let default = plays.iter().copied().find(|&role| self.catalog.role(role).default);
        match (default, plays.as_slice()) {
            (Some(role), _) | (None, &[role]) => Some(role),
            (None, []) => None,
            (None, _) => {
                let known: Vec<_> =
                    plays.iter().map(|&role| self.catalog.role(role).name.as_str()).collect();
                let finding = Finding::new(
                    Check::RoleMissing,
                    Severity::Warning,
                    subject,
                    "the node states no role",
                );
                self.findings.push(finding.hinting(format!("its roles are {}", known.join(", "))));
                None
            }
        }
    }
}

/// Returns every feature with this name; matrices of different products may share one.
fn feature_positions<'c>(
    catalog: &'c Catalog,
    name: &'c str,
) -> impl Iterator<Item = FeatureIx> + 'c {
    catalog
        .features()
        .iter()
        .enumerate()
        .filter(move |(_, feature)| feature.name == name)
        .map(|(ix, _)| FeatureIx::new(ix))
}

fn with_near(finding: Finding, near: Option<&str>) -> Finding {
    match near {
        Some(near) => finding.hinting(format!("did you mean `{near}`?")),
        None => finding,
    }
}
