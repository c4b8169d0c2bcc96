//! The search: domains, propagation, backtracking in a fixed order.

use super::problem::{Prefer, Request};
use crate::catalog::{Catalog, Constraint, Need, NeedKind, PackageIx, Rank, ReleaseSet};

/// A statement that a search is told to ignore, to find out whether it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ignored {
    /// What all releases of the first package ask of the second.
    Needs(PackageIx, PackageIx),
    /// That the request restricts the releases of a package.
    Restriction(PackageIx),
}

pub(super) enum Outcome {
    Found(Vec<(PackageIx, Rank)>),
    Impossible,
    OutOfBudget(u64),
}

/// Searches for the best set, deciding `order` first.
pub(super) fn search(
    catalog: &Catalog,
    request: &Request,
    order: &[PackageIx],
    ignored: &[Ignored],
) -> Outcome {
    let mut search = Search {
        catalog,
        request,
        order,
        ignored,
        steps: 0,
    };
    let mut state = State::new(catalog.packages().count());
    for wish in &request.wishes {
        let releases = if ignored.contains(&Ignored::Restriction(wish.package)) {
            super::Wish::any(catalog, wish.package).releases
        } else {
            wish.releases.clone()
        };
        let domain = state.domain(catalog, wish.package);
        *domain = releases;
        state.require(wish.package);
    }
    match search.descend(state) {
        Ok(Some(chosen)) => Outcome::Found(chosen),
        Ok(None) => Outcome::Impossible,
        Err(OutOfBudget) => Outcome::OutOfBudget(search.steps),
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
        Self {
            domains: vec![None; packages],
            required: Vec::new(),
            chosen: Vec::new(),
        }
    }

    /// Returns the domain of a package, starting with all that may be chosen unasked.
    fn domain(&mut self, catalog: &Catalog, package: PackageIx) -> &mut ReleaseSet {
        self.domains[package.ix()]
            .get_or_insert_with(|| super::Wish::any(catalog, package).releases)
    }

    fn require(&mut self, package: PackageIx) {
        if !self.required.contains(&package) {
            self.required.push(package);
        }
    }

    fn chosen(&self, package: PackageIx) -> Option<Rank> {
        self.chosen
            .iter()
            .find(|(decided, _)| *decided == package)
            .map(|(_, rank)| *rank)
    }
}

struct Search<'c> {
    catalog: &'c Catalog,
    request: &'c Request,
    order: &'c [PackageIx],
    ignored: &'c [Ignored],
    steps: u64,
}

impl Search<'_> {
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

    /// Returns the package to decide next: of the fixed order first, then as needs turned up.
    fn next(&self, state: &State) -> Option<PackageIx> {
        let open = |package: &&PackageIx| {
            state.required.contains(package) && state.chosen(**package).is_none()
        };
        self.order
            .iter()
            .find(open)
            .or_else(|| state.required.iter().find(open))
            .copied()
    }

    /// Returns the candidates of a package, best first.
    fn candidates(&self, state: &mut State, package: PackageIx) -> Vec<Rank> {
        let installed = self.request.installed.get(&package).copied();
        let domain = state.domain(self.catalog, package);
        let mut ranks: Vec<_> = match self.request.prefer {
            Prefer::Newest => domain.iter().rev().collect(),
            Prefer::Oldest => domain.iter().collect(),
        };
        if let Some(at) = installed.and_then(|rank| ranks.iter().position(|&other| other == rank)) {
            ranks[..=at].rotate_right(1);
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
        self.step()?;
        let mut only = ReleaseSet::empty(self.catalog.package(package).len());
        only.insert(rank);
        *state.domain(self.catalog, package) = only;
        state.chosen.push((package, rank));
        for need in self.needs(package, rank) {
            let constraint = self.catalog.constraint(need.constraint);
            let target = constraint.target;
            match need.kind {
                NeedKind::Requires => {
                    self.admit_installed(state, target);
                    state
                        .domain(self.catalog, target)
                        .intersect_with(&constraint.allowed);
                    state.require(target);
                }
                NeedKind::Optional => state
                    .domain(self.catalog, target)
                    .intersect_with(&constraint.allowed),
                NeedKind::Conflicts => state
                    .domain(self.catalog, target)
                    .subtract(&constraint.allowed),
            }
            if state.domain(self.catalog, target).is_empty() && state.required.contains(&target) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Lets a package keep the release that runs already, even if it would not be chosen unasked.
    fn admit_installed(&self, state: &mut State, package: PackageIx) {
        if state.domains[package.ix()].is_none()
            && let Some(&rank) = self.request.installed.get(&package)
        {
            state.domain(self.catalog, package).insert(rank);
        }
    }

    /// Drops candidates that can no longer have what they need, until nothing changes. Returns
    /// whether every package that must be present still has a candidate.
    fn propagate(&mut self, state: &mut State) -> Result<bool, OutOfBudget> {
        loop {
            let mut changed = false;
            for at in 0..state.required.len() {
                let package = state.required[at];
                self.step()?;
                let before = state.domain(self.catalog, package).clone();
                let mut kept = before.clone();
                for rank in before
                    .iter()
                    .filter(|&rank| !self.viable(state, package, rank))
                {
                    let mut one = ReleaseSet::empty(self.catalog.package(package).len());
                    one.insert(rank);
                    kept.subtract(&one);
                }
                if kept.is_empty() {
                    return Ok(false);
                }
                if kept != before {
                    changed = true;
                    *state.domain(self.catalog, package) = kept;
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
        let ranks: Vec<_> = state.domain(self.catalog, package).iter().collect();
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
            let all = ranks
                .iter()
                .all(|&rank| match self.accepted(package, rank, target) {
                    Some(accepted) => {
                        union.union_with(&accepted);
                        true
                    }
                    None => false,
                });
            if !all {
                continue;
            }
            self.admit_installed(state, target);
            let domain = state.domain(self.catalog, target);
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
        constraints
            .map(|constraint| constraint.allowed.clone())
            .reduce(|mut all, allowed| {
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
        let Some(domain) = &state.domains[target.ix()] else {
            let any = super::Wish::any(self.catalog, target).releases;
            let installed = self.request.installed.get(&target);
            return need.kind != NeedKind::Requires
                || meets(&any, &constraint.allowed)
                || installed.is_some_and(|&rank| constraint.allowed.contains(rank));
        };
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

    fn step(&mut self) -> Result<(), OutOfBudget> {
        self.steps += 1;
        if self.steps > self.request.budget {
            Err(OutOfBudget)
        } else {
            Ok(())
        }
    }
}

fn meets(a: &ReleaseSet, b: &ReleaseSet) -> bool {
    let mut both = a.clone();
    both.intersect_with(b);
    !both.is_empty()
}
