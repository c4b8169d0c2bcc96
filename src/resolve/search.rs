//! The search: domains, propagation, backtracking in a fixed order.
//!
//! What a domain starts with is the request's business: the releases of the wish, or else what may be
//! chosen unasked and what runs already. Which package is decided next follows from the wishes and
//! the releases chosen so far alone, never from what propagation happened to find out, so that the
//! answer does not depend on how clever the propagation is.

use std::cell::OnceCell;

use super::problem::{self, Prefer, Request, Wish};
use crate::catalog::{
    Catalog, Constraint, Need, NeedKind, Package, PackageIx, PackageKind, Rank, ReleaseSet,
};
use crate::version::{Line, Step};

/// A statement that a search is told to ignore, to find out whether it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ignored {
    /// What all releases of the first package ask of the second.
    Needs(PackageIx, PackageIx),
    /// That a wish, by its position, names releases: any release of its package will do.
    Restriction(usize),
    /// A wish as a whole, by its position.
    Wish(usize),
}

pub(super) enum Outcome {
    Found(Vec<(PackageIx, Rank)>),
    Impossible,
    OutOfBudget,
}

/// Searches for the best set. Takes the steps it needs off the budget.
pub(super) fn search(
    catalog: &Catalog,
    request: &Request,
    ignored: &[Ignored],
    budget: &mut u64,
) -> Outcome {
    let mut search = Search {
        catalog,
        request,
        order: Vec::new(),
        needed: Vec::new(),
        ignored,
        open: vec![OnceCell::new(); catalog.packages().count()],
        budget,
    };
    let mut state = State::new(catalog.packages().count());
    search.wishes(&mut state);
    match search.descend(state) {
        Ok(Some(chosen)) => Outcome::Found(chosen),
        Ok(None) => Outcome::Impossible,
        Err(OutOfBudget) => Outcome::OutOfBudget,
    }
}

struct OutOfBudget;

/// What is known of each package in one branch.
#[derive(Clone)]
struct State {
    /// The releases that are left; `None` where nothing is known yet.
    domains: Vec<Option<ReleaseSet>>,
    /// Packages that must be present, in the order in which that became known.
    required: Vec<PackageIx>,
    /// Decided packages, in order of decision.
    chosen: Vec<(PackageIx, Rank)>,
}

impl State {
    fn new(packages: usize) -> Self {
        Self { domains: vec![None; packages], required: Vec::new(), chosen: Vec::new() }
    }

    fn require(&mut self, package: PackageIx) {
        if !self.required.contains(&package) {
            self.required.push(package);
        }
    }

    fn is_decided(&self, package: PackageIx) -> bool {
        self.chosen.iter().any(|(decided, _)| *decided == package)
    }
}

struct Search<'c> {
    catalog: &'c Catalog,
    request: &'c Request,
    /// Packages to decide before all others, as soon as something needs them.
    order: Vec<PackageIx>,
    /// Packages of which the wishes alone say that they are needed.
    needed: Vec<PackageIx>,
    ignored: &'c [Ignored],
    /// For each package, what its domain starts with unless a wish says otherwise.
    open: Vec<OnceCell<ReleaseSet>>,
    budget: &'c mut u64,
}

impl Search<'_> {
    /// Puts the wishes that count into the first state.
    fn wishes(&mut self, state: &mut State) {
        let counting =
            |(at, wish)| (!self.ignored.contains(&Ignored::Wish(at))).then_some((at, wish));
        let wishes: Vec<_> = self.request.wishes.iter().enumerate().filter_map(counting).collect();
        for &(at, wish) in &wishes {
            state.require(wish.package);
            // A wish that names no release takes nothing away from one that does.
            if wish.restricted && !self.ignored.contains(&Ignored::Restriction(at)) {
                self.domain(state, wish.package).intersect_with(&wish.releases);
            }
        }
        self.order = problem::order(self.catalog, wishes.iter().map(|(_, wish)| wish.package));
        self.needed.clone_from(&state.required);
        for &core in &self.order {
            let calls_for = |&(_, wish): &(usize, &Wish)| {
                self.catalog.package(wish.package).core == Some(core)
                    && state.domains[wish.package.ix()]
                        .as_ref()
                        .unwrap_or_else(|| self.open(wish.package))
                        .iter()
                        .all(|rank| self.requires((wish.package, rank), core))
            };
            if !self.needed.contains(&core) && wishes.iter().any(calls_for) {
                self.needed.push(core);
            }
        }
    }

    /// Returns what the domain of a package starts with, before wishes and needs cut it.
    fn open(&self, package: PackageIx) -> &ReleaseSet {
        self.open[package.ix()].get_or_init(|| problem::open(self.catalog, self.request, package))
    }

    fn domain<'s>(&self, state: &'s mut State, package: PackageIx) -> &'s mut ReleaseSet {
        state.domains[package.ix()].get_or_insert_with(|| self.open(package).clone())
    }

    /// Decides the next package and everything after it.
    fn descend(&mut self, mut state: State) -> Result<Option<Vec<(PackageIx, Rank)>>, OutOfBudget> {
        if !self.propagate(&mut state)? {
            return Ok(None);
        }
        let Some(package) = self.next(&state) else {
            return Ok(Some(state.chosen));
        };
        for rank in self.candidates(&mut state, package) {
            let mut branch = state.clone();
            if self.decide(&mut branch, package, rank)? {
                let found = self.descend(branch)?;
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    }

    /// Returns the package to decide next: of the fixed order first, then what the chosen releases
    /// need, in the order in which they were chosen and state it.
    fn next(&self, state: &State) -> Option<PackageIx> {
        let needed = |package| {
            self.needed.contains(&package)
                || state.chosen.iter().any(|&release| self.requires(release, package))
        };
        let mut fixed = self.order.iter().copied();
        fixed.find(|&package| !state.is_decided(package) && needed(package)).or_else(|| {
            let mut targets =
                state.chosen.iter().flat_map(|&(package, rank)| self.targets(package, rank));
            targets.find(|&target| !state.is_decided(target))
        })
    }

    /// Returns the packages that a release requires, as it states them.
    fn targets(&self, package: PackageIx, rank: Rank) -> impl Iterator<Item = PackageIx> {
        self.needs(package, rank)
            .filter(|need| need.kind == NeedKind::Requires)
            .map(|need| self.catalog.constraint(need.constraint).target)
    }

    fn requires(&self, (package, rank): (PackageIx, Rank), target: PackageIx) -> bool {
        self.targets(package, rank).any(|required| required == target)
    }

    /// Returns the candidates of a package, best first: what runs already, then as the request
    /// prefers.
    ///
    /// A runtime that runs already is moved as little as possible, because everything on the machine
    /// shares it: its own release line comes first, then later lines, the nearest first, then earlier
    /// ones. Within a line the request's preference decides. So a Java 21 that must become 25 or
    /// later becomes the newest 25 and not the newest of all.
    fn candidates(&self, state: &mut State, package: PackageIx) -> Vec<Rank> {
        let domain = self.domain(state, package);
        let mut ranks: Vec<_> = match self.request.prefer {
            Prefer::Newest => domain.iter().rev().collect(),
            Prefer::Oldest => domain.iter().collect(),
        };
        if let Some(&installed) = self.request.installed.get(&package) {
            if self.catalog.package(package).kind == PackageKind::Runtime {
                let distance = Distance::new(self.catalog, package, installed);
                ranks.sort_by_cached_key(|&rank| distance.to(rank));
            }
            ranks.sort_by_key(|&rank| rank != installed);
        }
        ranks
    }

    /// Puts a release into the set and cuts the domains of what it needs and excludes. Returns
    /// whether that leaves a chance.
    fn decide(
        &mut self,
        state: &mut State,
        package: PackageIx,
        rank: Rank,
    ) -> Result<bool, OutOfBudget> {
        self.spend(1)?;
        let mut only = ReleaseSet::empty(self.catalog.package(package).len());
        only.insert(rank);
        *self.domain(state, package) = only;
        state.chosen.push((package, rank));
        for need in self.needs(package, rank) {
            let constraint = self.catalog.constraint(need.constraint);
            let target = constraint.target;
            match need.kind {
                NeedKind::Requires => {
                    self.domain(state, target).intersect_with(&constraint.allowed);
                    state.require(target);
                }
                NeedKind::Optional => {
                    self.domain(state, target).intersect_with(&constraint.allowed);
                }
                NeedKind::Conflicts => self.domain(state, target).subtract(&constraint.allowed),
            }
            if self.domain(state, target).is_empty() && state.required.contains(&target) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Drops candidates that can no longer have what they need, until nothing changes. Returns
    /// whether every package that must be present still has a candidate.
    fn propagate(&mut self, state: &mut State) -> Result<bool, OutOfBudget> {
        loop {
            let mut changed = false;
            for at in 0..state.required.len() {
                let package = state.required[at];
                let before = self.domain(state, package).clone();
                self.spend(before.count().max(1))?;
                let len = self.catalog.package(package).len();
                let kept = ReleaseSet::filled(len, |rank| {
                    before.contains(rank) && self.viable(state, package, rank)
                });
                if kept.is_empty() {
                    return Ok(false);
                }
                if kept != before {
                    changed = true;
                    *self.domain(state, package) = kept;
                }
                changed |= self.require_common(state, package);
            }
            if !changed {
                return Ok(true);
            }
        }
    }

    /// Makes present what every remaining candidate needs, within the releases that some candidate
    /// accepts. Returns whether that was news.
    fn require_common(&self, state: &mut State, package: PackageIx) -> bool {
        let ranks: Vec<_> = self.domain(state, package).iter().collect();
        let Some(&first) = ranks.first() else {
            return false;
        };
        let mut changed = false;
        let targets: Vec<_> = self
            .needs(package, first)
            .filter(|need| need.kind == NeedKind::Requires)
            .map(|need| self.catalog.constraint(need.constraint).target)
            .collect();
        for target in targets {
            let mut union = ReleaseSet::empty(self.catalog.package(target).len());
            let all = ranks.iter().all(|&rank| match self.accepted(package, rank, target) {
                Some(accepted) => {
                    union.union_with(&accepted);
                    true
                }
                None => false,
            });
            if !all {
                continue;
            }
            let domain = self.domain(state, target);
            let before = domain.count();
            domain.intersect_with(&union);
            changed |= domain.count() != before || !state.required.contains(&target);
            state.require(target);
        }
        changed
    }

    /// Returns the releases of `target` that a release accepts, if it needs the package.
    fn accepted(&self, package: PackageIx, rank: Rank, target: PackageIx) -> Option<ReleaseSet> {
        let constraints = self
            .needs(package, rank)
            .filter(|need| need.kind == NeedKind::Requires)
            .map(|need| self.catalog.constraint(need.constraint))
            .filter(|constraint| constraint.target == target);
        constraints.map(|constraint| constraint.allowed.clone()).reduce(|mut all, allowed| {
            all.intersect_with(&allowed);
            all
        })
    }

    /// Whether nothing that is known so far speaks against a candidate.
    fn viable(&self, state: &State, package: PackageIx, rank: Rank) -> bool {
        self.needs(package, rank).all(|need| {
            let constraint = self.catalog.constraint(need.constraint);
            self.has_chance(state, need, constraint)
        })
    }

    fn has_chance(&self, state: &State, need: Need, constraint: &Constraint) -> bool {
        let target = constraint.target;
        let present = state.required.contains(&target);
        let domain = state.domains[target.ix()].as_ref().unwrap_or_else(|| self.open(target));
        match need.kind {
            NeedKind::Requires => meets(domain, &constraint.allowed),
            NeedKind::Optional => !present || meets(domain, &constraint.allowed),
            NeedKind::Conflicts => !present || !domain.is_subset(&constraint.allowed),
        }
    }

    /// Returns what a release needs, without what the search is told to ignore.
    fn needs(&self, package: PackageIx, rank: Rank) -> impl Iterator<Item = Need> + use<'_> {
        let all = self.catalog.package(package).needs(rank).iter().copied();
        all.filter(move |need| {
            let target = self.catalog.constraint(need.constraint).target;
            !self.ignored.contains(&Ignored::Needs(package, target))
        })
    }

    /// Takes work off the budget.
    fn spend(&mut self, steps: usize) -> Result<(), OutOfBudget> {
        let left = self.budget.checked_sub(steps as u64);
        *self.budget = left.unwrap_or(0);
        left.map(|_| ()).ok_or(OutOfBudget)
    }
}

fn meets(a: &ReleaseSet, b: &ReleaseSet) -> bool {
    a.iter().any(|rank| b.contains(rank))
}

/// How far the lines of a package's releases are from that of one of them.
struct Distance<'c> {
    package: &'c Package,
    step: Step,
    lines: Vec<Line>,
    from: usize,
}

impl<'c> Distance<'c> {
    fn new(catalog: &'c Catalog, package: PackageIx, from: Rank) -> Self {
        // What a line is says the lifecycle: 25 of Java, 3.14 of Python.
        let lifecycle = catalog.lifecycle(package);
        let step = lifecycle.map_or(Step::Major, |lifecycle| lifecycle.step);
        let package = catalog.package(package);
        let mut distance = Self { package, step, lines: package.lines(step), from: 0 };
        distance.from = distance.position(from);
        distance
    }

    fn position(&self, rank: Rank) -> usize {
        let line = self.package.version(rank).line(self.step);
        let position = self.lines.iter().position(|&other| other == line);
        position.expect("the line of a release is a line of its package")
    }

    /// Returns whether a release is of an earlier line, and how many lines away.
    fn to(&self, rank: Rank) -> (bool, usize) {
        let to = self.position(rank);
        (to < self.from, to.abs_diff(self.from))
    }
}
