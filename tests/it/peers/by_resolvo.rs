//! resolvo with activities switched off, so that it decides in the order in which needs were stated.
//!
//! The requirements come first and in order, so the part of its set that was required is the best one.
//! What it decides after them follows the order in which it came across the needs, not the names.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Display;

use resolvo::{
    Candidates, Condition, ConditionId, Dependencies, DependencyProvider,
    HintDependenciesAvailable, Interner, KnownDependencies, NameId, Problem, SolvableId, Solver,
    SolverCache, StringId, UnsolvableOrCancelled, VersionSetId, VersionSetUnionId,
};

use super::{Set, Stop, Verdict, needed};
use crate::instances::{Binds, Instance, Span, holds};

/// An instance in resolvo's form.
pub(crate) struct Resolvo<'i> {
    instance: &'i Instance,
    /// The package and number of each solvable.
    solvables: Vec<(usize, u32)>,
    /// The first solvable of each package.
    firsts: Vec<usize>,
    /// Spans of a package, each once.
    sets: Vec<(usize, Vec<Span>)>,
    needs: Vec<KnownDependencies>,
    roots: Vec<VersionSetId>,
}

/// Gives every span of a package a number.
#[derive(Default)]
struct Sets(BTreeMap<(usize, Vec<Span>), usize>);

impl Sets {
    fn number(&mut self, package: usize, spans: &[Span]) -> VersionSetId {
        let next = self.0.len();
        VersionSetId(raw(*self.0.entry((package, spans.to_vec())).or_insert(next)))
    }

    fn listed(self) -> Vec<(usize, Vec<Span>)> {
        let mut listed: Vec<_> = self.0.into_iter().map(|(set, number)| (number, set)).collect();
        listed.sort_unstable();
        listed.into_iter().map(|(_, set)| set).collect()
    }
}

impl<'i> Resolvo<'i> {
    /// Puts the instance into resolvo's form.
    pub(crate) fn new(instance: &'i Instance) -> Self {
        let mut sets = Sets::default();
        let (mut solvables, mut firsts, mut needs) = (Vec::new(), Vec::new(), Vec::new());
        for (ix, package) in instance.packages.iter().enumerate() {
            firsts.push(solvables.len());
            for (number, release) in (1..).zip(&package.releases) {
                solvables.push((ix, number));
                let mut known = KnownDependencies::default();
                for dep in release {
                    let set = sets.number(dep.target, &dep.allowed);
                    match dep.binds {
                        Binds::Always => known.requirements.push(set.into()),
                        Binds::IfPresent => known.constrains.push(set),
                    }
                }
                needs.push(known);
            }
        }
        let roots = instance.roots();
        let roots = roots
            .iter()
            .map(|requirement| sets.number(requirement.package, &requirement.allowed))
            .collect();
        Self { instance, solvables, firsts, sets: sets.listed(), needs, roots }
    }

    /// Finds a set of which the part that was required is the best.
    pub(crate) fn solve(&self, stop: Stop<'_>) -> Verdict {
        let mut solver = Solver::new(Asked { given: self, stop }).with_activity_params(0.0, 0.0);
        let requirements = self.roots.iter().map(|&set| set.into()).collect();
        match solver.solve(Problem::new().requirements(requirements)) {
            Ok(chosen) => {
                let set: Set =
                    chosen.into_iter().map(|id| self.solvables[id.into_raw() as usize]).collect();
                Verdict::Found(needed(self.instance, set))
            }
            Err(UnsolvableOrCancelled::Unsolvable(_)) => Verdict::Impossible,
            Err(UnsolvableOrCancelled::Cancelled(_)) => Verdict::Stopped,
        }
    }

    fn solvable(&self, id: SolvableId) -> (usize, u32) {
        self.solvables[id.into_raw() as usize]
    }

    fn set(&self, id: VersionSetId) -> &(usize, Vec<Span>) {
        &self.sets[id.0 as usize]
    }
}

fn raw(index: usize) -> u32 {
    u32::try_from(index).expect("tables are short")
}

/// The instance while it is solved.
struct Asked<'a> {
    given: &'a Resolvo<'a>,
    stop: Stop<'a>,
}

impl Interner for Asked<'_> {
    type NameId = NameId;
    type SolvableId = SolvableId;

    fn display_solvable(&self, id: SolvableId) -> impl Display + '_ {
        let (package, number) = self.given.solvable(id);
        format!("{} {number}", self.given.instance.packages[package].name)
    }

    fn display_name(&self, name: NameId) -> impl Display + '_ {
        &self.given.instance.packages[name.into_raw() as usize].name
    }

    fn display_version_set(&self, set: VersionSetId) -> impl Display + '_ {
        format!("{:?}", self.given.set(set).1)
    }

    fn display_string(&self, _: StringId) -> impl Display + '_ {
        unreachable!("no string was interned");
        #[expect(unreachable_code, reason = "it gives the type")]
        ""
    }

    fn version_set_name(&self, set: VersionSetId) -> NameId {
        NameId::from_raw(raw(self.given.set(set).0))
    }

    fn solvable_name(&self, id: SolvableId) -> NameId {
        NameId::from_raw(raw(self.given.solvable(id).0))
    }

    fn version_sets_in_union(&self, _: VersionSetUnionId) -> impl Iterator<Item = VersionSetId> {
        std::iter::empty()
    }

    fn resolve_condition(&self, _: ConditionId) -> Condition {
        unreachable!("no need has a condition")
    }
}

impl DependencyProvider for Asked<'_> {
    async fn filter_candidates(
        &self,
        candidates: &[SolvableId],
        set: VersionSetId,
        inverse: bool,
    ) -> Vec<SolvableId> {
        let spans = &self.given.set(set).1;
        let fits = |id: &&SolvableId| holds(spans, self.given.solvable(**id).1) != inverse;
        candidates.iter().filter(fits).copied().collect()
    }

    async fn get_candidates(&self, name: NameId) -> Option<Candidates> {
        let package = name.into_raw() as usize;
        let first = self.given.firsts[package];
        let ids = first..first + self.given.instance.packages[package].releases.len();
        let candidates = ids.rev().map(|id| SolvableId::from_raw(raw(id))).collect();
        let hint_dependencies_available = HintDependenciesAvailable::None;
        Some(Candidates { candidates, hint_dependencies_available, ..Candidates::default() })
    }

    async fn sort_candidates(&self, _: &SolverCache<Self>, solvables: &mut [SolvableId]) {
        solvables.sort_unstable_by_key(|id| std::cmp::Reverse(id.into_raw()));
    }

    async fn get_dependencies(&self, solvable: SolvableId) -> Dependencies {
        Dependencies::Known(self.given.needs[solvable.into_raw() as usize].clone())
    }

    fn should_cancel_with_value(&self) -> Option<Box<dyn Any>> {
        (self.stop)().then(|| Box::new(()) as Box<dyn Any>)
    }
}
