//! The lazy search itself: chronological backtracking over what was chosen.

use super::super::bits::{Var, small};
use super::super::instance::Instance;
use super::super::nogood::LearnedNogood;
use super::super::solver::{Assumption, Solver, Unsolved, start};
use super::super::trail::{Antecedent, Emptied};
use super::needed::needed;
use super::support::{Supports, drop_unavailable, exclude, give_up};
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseId};
use crate::resolve::problem::Request;
use crate::resolve::statement::StatementScope;

/// Lower a package once so many nogoods speak of it.
const ACTIVE: u32 = 12;
/// Contradictions before everything that is present had better be lowered.
const PATIENCE: u64 = 1_000;

/// A search that begins with nothing lowered.
#[derive(Debug)]
pub(in super::super::super) struct LazySolver<'c> {
    solver: Solver<'c, Supports>,
    /// For each variable, the number of nogoods that speak of it.
    activity: Vec<u32>,
    /// Variables that are to be lowered.
    active: Vec<u32>,
}

impl<'c> LazySolver<'c> {
    /// Makes the solver for a request.
    pub(in super::super::super) fn new(
        catalog: &'c Catalog,
        request: &'c Request,
        steps: u64,
    ) -> Self {
        let state = start(Instance::new(catalog, request, StatementScope::All, true), steps);
        let mut solver = Solver::over(state, Supports::default());
        solver.state.clear_queues();
        Self { solver, activity: Vec::new(), active: Vec::new() }
    }

    /// Keeps what goes with each value of the first decision: it pays where many of them are tried.
    pub(in super::super::super) fn keep_rows(&mut self) {
        self.solver.lowering.fitness.keep_rows();
    }

    /// Searches for the best set with a release of a core, from scratch but for what was learned.
    pub(in super::super::super) fn solve_with(
        &mut self,
        core: PackageIx,
        rank: Rank,
    ) -> Result<bool, Unsolved> {
        let assumption = self.solver.restart(core, rank);
        self.activity.fill(0);
        self.solve_assuming(&[assumption])
    }

    /// Searches for the best answer. Gives up if it is too hard for this way.
    pub(in super::super::super) fn solve(&mut self) -> Result<bool, Unsolved> {
        self.solve_assuming(&[])
    }

    fn solve_assuming(&mut self, assumed: &[Assumption]) -> Result<bool, Unsolved> {
        let mut conflicts = 0;
        let mut decided = Ok(());
        loop {
            let done = self.solver.propagate_after(std::mem::replace(&mut decided, Ok(())));
            if done.is_err() && self.solver.level() == 0 {
                return Ok(false);
            }
            self.solver.check_budget()?;
            if let Err(emptied) = done {
                self.learn(emptied);
                conflicts += 1;
            } else if let Some(assumption) = assumed.get(self.solver.level()) {
                if !self.solver.assume(assumption) {
                    return Ok(false);
                }
            } else if conflicts >= PATIENCE {
                return Err(Unsolved::GivenUp);
            } else if let Some(var) = self.solver.next() {
                if self.solver.best(var).is_none() {
                    return Ok(false);
                }
                decided = self.choose(var);
            } else {
                return Ok(true);
            }
        }
    }

    /// Decides a variable: the best release that goes with what is left.
    fn choose(&mut self, var: Var) -> Result<(), Emptied> {
        let Solver { state, order, lowering, .. } = &mut self.solver;
        let Some(bit) = lowering.fitness.best(state, order, var) else {
            return give_up(state, var);
        };
        let needs = needed(&state.instance, state.release(var, bit));
        for need in needs.clone() {
            state.var(need.target);
        }
        order.choose(state, var, bit)?;
        for need in needs {
            let target = state.var(need.target);
            let mut excluded = std::mem::take(&mut state.scratch);
            exclude(state, target, &need, &mut excluded);
            state.scratch = excluded;
            state.remove(target, Antecedent::Chosen(small(var)))?;
        }
        // Most releases of a core that have no set are seen through here.
        if order.is_first(var) && !lowering.watchful {
            lowering.survey(state, order)
        } else {
            Ok(())
        }
    }

    /// Learns from a contradiction and takes back the last decision alone. With hundreds of decisions that
    /// nothing speaks against, going back as far as the nogood reaches would mean to make nearly all of
    /// them again.
    fn learn(&mut self, emptied: Emptied) {
        // What the survey finds is not worth looking after everything.
        let is_deep = self.solver.level() > 1;
        if let Some(learned) = self.solver.analyze(emptied) {
            self.count(&learned.nogood);
            self.solver.conclude(&learned, learned.before, false);
        }
        self.lower_active();
        if is_deep && !self.solver.lowering.watchful {
            self.watch_all();
        }
    }

    /// Counts the variables that a nogood speaks of.
    fn count(&mut self, nogood: &LearnedNogood) {
        self.activity.resize(self.solver.state.instance.vars.len(), 0);
        for &(var, _) in &nogood.terms {
            let activity = &mut self.activity[var as usize];
            *activity += 1;
            if *activity == ACTIVE {
                self.active.push(var);
            }
        }
    }

    /// Lowers what contradictions come back to, so that what follows from it follows without any
    /// decision.
    fn lower_active(&mut self) {
        if self.active.is_empty() {
            return;
        }
        self.solver.backjump(0);
        while let Some(var) = self.active.pop() {
            let state = &mut self.solver.state;
            drop_unavailable(state, var as usize);
            state.lower(var as usize);
            state.arrivals.push(var as usize);
        }
    }

    /// From now on, looks after each change whether everything still has a release that fits.
    fn watch_all(&mut self) {
        self.solver.lowering.watchful = true;
        let state = &mut self.solver.state;
        for var in 0..state.instance.vars.len() {
            if state.is_present(var) {
                state.arrivals.push(var);
            }
        }
    }

    /// Returns what was chosen, in the order in which it was.
    pub(in super::super::super) fn chosen(&self) -> Vec<ReleaseId> {
        self.solver.chosen()
    }

    /// Returns the steps that are left.
    pub(in super::super::super) fn steps(&self) -> u64 {
        self.solver.steps()
    }
}
