//! Plugin-matrix instances from a seed: what is stated, what is required, and both as a matrix file.
//!
//! An [`Instance`] is plain data that every solver can be given in its own form: packages with
//! releases numbered from 1 on, oldest first, and needs as spans of such numbers. It owns the form and
//! the writing down; what the instances of a kind look like is in `regimes` and `shapes`, how a loaded
//! catalog becomes one in `given`. The same seed gives the same instance everywhere: there is no
//! clock and no generator of a library in it. Shared by the tests and by `benches/resolve.rs`.
//!
//! **The order.** The core stands at position 0, the plugins after it in the order of their names.
//! Needs between packages that nobody required run from lower to higher positions only. So when a
//! package's turn comes, everything that could still call for it has been decided, and the order
//! "core, requirements, then by name what the chosen releases need" is the same as a fixed priority, which
//! solvers of other kinds can be told.

#[path = "instances/dice.rs"]
mod dice;
#[path = "instances/given.rs"]
mod given;
#[path = "instances/regimes.rs"]
mod regimes;
#[path = "instances/shapes.rs"]
mod shapes;
#[path = "instances/text.rs"]
mod text;

pub(crate) use dice::Dice;
pub(crate) use given::given;
pub(crate) use regimes::{Regime, Size, instance};
pub(crate) use shapes::{SUDOKUS, disjoint, ranges, singletons, sudoku};

/// Numbers of releases, from the first to the second, both included.
pub(crate) type Span = (u32, u32);

/// When a need binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binds {
    /// The target must be there, within the spans.
    Always,
    /// If the target is there, it must be within the spans.
    IfPresent,
}

/// What a release needs of another package. No release has two needs of the same package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dep {
    /// The position of the other package.
    pub(crate) target: usize,
    /// The releases that will do, ascending and apart. They may name numbers that do not exist.
    pub(crate) allowed: Vec<Span>,
    /// When it binds.
    pub(crate) binds: Binds,
}

/// A package: a name, and for each release its version and what it needs, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    /// The name.
    pub(crate) name: String,
    /// The versions; release `n` has the version at `n - 1`.
    pub(crate) versions: Vec<String>,
    /// The needs, likewise.
    pub(crate) releases: Vec<Vec<Dep>>,
    /// The releases of which nobody says what they need beside that, ascending.
    pub(crate) silent: Vec<u32>,
}

impl Package {
    /// Makes a package whose release `n` has the version `n.0.0`.
    fn new(name: String, releases: Vec<Vec<Dep>>) -> Self {
        let versions = (1..=releases.len()).map(|number| format!("{number}.0.0")).collect();
        Self { name, versions, releases, silent: Vec::new() }
    }

    /// Returns how many releases there are.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.releases.len()).expect("releases are few")
    }

    /// Returns the needs of a release.
    pub(crate) fn needs(&self, number: u32) -> &[Dep] {
        &self.releases[number as usize - 1]
    }

    /// Returns the positions of the packages that must be there with a release.
    pub(crate) fn calls_for(&self, number: u32) -> impl Iterator<Item = usize> + '_ {
        let always = self.needs(number).iter().filter(|dep| dep.binds == Binds::Always);
        always.map(|dep| dep.target)
    }
}

/// A package that is required, within some of its releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Requirement {
    /// The position of the package.
    pub(crate) package: usize,
    /// The releases that will do.
    pub(crate) allowed: Vec<Span>,
}

/// What is stated and what is required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instance {
    /// Whether the first package is the core of all others.
    pub(crate) has_core: bool,
    /// The packages: the core if there is one, then the others in the order of their names.
    pub(crate) packages: Vec<Package>,
    /// What is required, most important first.
    pub(crate) requirements: Vec<Requirement>,
}

impl Instance {
    /// Returns what must be in every set, in order of decision: the core if it was required or every
    /// release that some requirement leaves needs it, then the requirements.
    pub(crate) fn roots(&self) -> Vec<Requirement> {
        let core = |requirement: &&Requirement| self.has_core && requirement.package == 0;
        let mut roots: Vec<Requirement> = self.requirements.iter().filter(core).cloned().collect();
        if roots.is_empty()
            && self.has_core
            && self.requirements.iter().any(|requirement| self.calls(requirement))
        {
            roots.push(Requirement { package: 0, allowed: vec![(1, self.packages[0].count())] });
        }
        roots.extend(self.requirements.iter().filter(|requirement| !core(requirement)).cloned());
        roots
    }

    /// Whether every release that a requirement leaves needs the core.
    fn calls(&self, requirement: &Requirement) -> bool {
        let package = &self.packages[requirement.package];
        let needs_core = |dep: &Dep| dep.target == 0 && dep.binds == Binds::Always;
        (1..=package.count())
            .filter(|&number| holds(&requirement.allowed, number))
            .all(|number| package.needs(number).iter().any(needs_core))
    }

    /// Whether everything that is stated has one meaning: a release that needs anything says which core,
    /// and whether the core is decided first does not hang on how early someone finds out that it is
    /// needed.
    pub(crate) fn is_clear(&self) -> bool {
        let releases = self.packages.iter().skip(1).flat_map(|package| &package.releases);
        let says = |deps: &Vec<Dep>| deps.is_empty() || deps.iter().any(|dep| dep.target == 0);
        let known = !self.has_core || releases.into_iter().all(says);
        let first =
            !self.has_core || self.roots().iter().any(|requirement| requirement.package == 0);
        known && first && !self.requirements.is_empty()
    }

    /// Makes releases silent, about so many of a hundred.
    pub(crate) fn silenced(mut self, percent: u32, dice: &mut Dice) -> Self {
        for package in &mut self.packages {
            package.silent = (1..=package.count()).filter(|_| dice.chance(percent)).collect();
        }
        self
    }

    /// Returns the instance of what is certain: silent releases go with nothing. As it is, an instance is one of what
    /// is possible, where they need no more than is stated.
    pub(crate) fn certain(&self) -> Self {
        let mut certain = self.clone();
        for (at, package) in certain.packages.iter_mut().enumerate() {
            for number in std::mem::take(&mut package.silent) {
                let target = usize::from(at == 0);
                let never = Dep { target, allowed: Vec::new(), binds: Binds::Always };
                package.releases[number as usize - 1] = vec![never];
            }
        }
        certain
    }

    /// Returns all positions in order of decision: the core, the requirements, the others by name.
    pub(crate) fn order(&self) -> Vec<usize> {
        let first = self.roots().into_iter().map(|requirement| requirement.package);
        let mut seen = vec![false; self.packages.len()];
        first
            .chain(0..self.packages.len())
            .filter(|&package| !std::mem::replace(&mut seen[package], true))
            .collect()
    }

    /// Returns the positions that the requirements can lead to, in any way.
    pub(crate) fn reached(&self) -> Vec<bool> {
        let mut reached = vec![false; self.packages.len()];
        let mut open: Vec<usize> =
            self.roots().into_iter().map(|requirement| requirement.package).collect();
        while let Some(package) = open.pop() {
            if !std::mem::replace(&mut reached[package], true) {
                let needs = self.packages[package].releases.iter().flatten();
                open.extend(needs.filter(|dep| dep.binds == Binds::Always).map(|dep| dep.target));
            }
        }
        reached
    }

    /// Returns the instance without the packages that the requirements cannot lead to.
    pub(crate) fn without_the_unreached(&self) -> Self {
        let mut reached = self.reached();
        reached[0] |= self.has_core;
        let mut places = Vec::new();
        for (at, _) in reached.iter().enumerate() {
            places.push(reached[..at].iter().filter(|&&reached| reached).count());
        }
        let mut packages = Vec::new();
        for (package, _) in self.packages.iter().zip(&reached).filter(|(_, reached)| **reached) {
            let mut package = package.clone();
            for needs in &mut package.releases {
                needs.retain(|dep| reached[dep.target]);
                for dep in needs {
                    dep.target = places[dep.target];
                }
            }
            packages.push(package);
        }
        let requirement = |requirement: &Requirement| Requirement {
            package: places[requirement.package],
            ..requirement.clone()
        };
        Self {
            packages,
            requirements: self.requirements.iter().map(requirement).collect(),
            ..*self
        }
    }
}

/// Whether a number is in one of the spans.
pub(crate) fn holds(spans: &[Span], number: u32) -> bool {
    spans.iter().any(|&(from, to)| from <= number && number <= to)
}
