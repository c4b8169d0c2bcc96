//! The state of one search, and the steps that every way of searching is made of.

use super::super::statement::{Statement, StatementScope};
use super::activity::Activity;
use super::analyze::{Analysis, AnalysisBuffers, Learned};
use super::assignment::Assignment;
use super::bits::{Var, Word, clear, meet, set, small};
use super::bound::ChangeBound;
use super::chronological::{conclude, conclude_again};
use super::instance::Instance;
use super::nogood::Nogoods;
use super::order::DecisionOrder;
use super::propagate::propagate;
use super::strategy::{Eager, LoweringStrategy};
use super::trail::{Antecedent, Emptied};
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseId};
use crate::resolve::problem::Request;

/// The reason why a search ended without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Unsolved {
    /// It ran out of steps.
    OutOfBudget,
    /// This way of searching is not the one for it, or what it was to assume no longer stands.
    GivenUp,
}

/// Values that a variable is held to, as an assumption.
pub(super) type Assumption = (Var, Vec<Word>);

/// The state of a search.
#[derive(Debug)]
pub(in super::super) struct Solver<'c, L = Eager> {
    pub(super) state: Assignment<'c>,
    pub(super) nogoods: Nogoods,
    pub(super) order: DecisionOrder,
    pub(super) activity: Activity,
    pub(super) lowering: L,
    buffers: AnalysisBuffers,
    /// The variable that was emptied without any decision: then there is no answer.
    refuted: Option<Emptied>,
    /// The statements that a SAT solver used to show that there is none.
    pub(super) proof: Option<Vec<Statement>>,
}

impl<'c> Solver<'c> {
    /// Makes the solver for a request. While statements are kept apart, everything that can be reached is
    /// lowered now, so that what a statement takes away is taken at level 0.
    pub(in super::super) fn new(
        catalog: &'c Catalog,
        request: &'c Request,
        scope: StatementScope,
        steps: u64,
    ) -> Self {
        let mut instance = Instance::new(catalog, request, scope, false);
        instance.reserve();
        let mut state = start(instance, steps);
        if state.instance.scope.is_traced() {
            state.lower_all();
            state_all(&mut state);
        }
        Self::over(state, Eager)
    }

    /// Allows this many packages to differ from what is installed.
    pub(in super::super) fn allow_changes(&mut self, most: usize) {
        self.state.bound = Some(ChangeBound::new(&self.state.instance, most));
    }
}

/// Makes a variable for each requirement.
pub(super) fn start(instance: Instance<'_>, steps: u64) -> Assignment<'_> {
    let mut state = Assignment::new(instance, steps);
    for requirement in &state.instance.request.requirements {
        state.var(requirement.package);
    }
    state
}

/// Takes away what statements take away.
fn state_all(state: &mut Assignment<'_>) {
    for var in 0..state.instance.vars.len() {
        let package = state.instance.vars[var].package;
        let open = state.instance.domains.open(package);
        state_only(state, var, Statement::Unasked(package), open.words());
    }
    for (at, requirement) in state.instance.request.requirements.iter().enumerate() {
        let var = state.var(requirement.package);
        if !state.instance.scope.holds(Statement::Requirement(at)) {
            continue;
        }
        if requirement.restricted {
            state_only(state, var, Statement::Restriction(at), requirement.releases.words());
        }
        state.scratch.clear();
        state.scratch.resize(state.instance.vars[var].words, 0);
        set(&mut state.scratch, state.instance.vars[var].absent);
        state_one(state, var, Statement::Requirement(at));
    }
}

/// Takes away all releases that are not among some, if the statement holds.
fn state_only(state: &mut Assignment<'_>, var: Var, statement: Statement, releases: &[Word]) {
    if state.instance.scope.holds(statement) {
        state.scratch.clear();
        state.scratch.resize(state.instance.vars[var].words, Word::MAX);
        for (word, kept) in state.scratch.iter_mut().zip(releases) {
            *word = !kept;
        }
        clear(&mut state.scratch, state.instance.vars[var].absent);
        state_one(state, var, statement);
    }
}

fn state_one(state: &mut Assignment<'_>, var: Var, statement: Statement) {
    let reason = Antecedent::Stated(small(state.stated.len()));
    state.stated.push(statement);
    // A variable of which nothing is left is found by the first propagation.
    let _: Result<(), Emptied> = state.remove(var, reason);
}

impl<'c, L: LoweringStrategy> Solver<'c, L> {
    pub(super) fn over(mut state: Assignment<'c>, lowering: L) -> Self {
        Self {
            order: DecisionOrder::new(&mut state),
            state,
            nogoods: Nogoods::default(),
            activity: Activity::default(),
            lowering,
            buffers: AnalysisBuffers::default(),
            refuted: None,
            proof: None,
        }
    }

    pub(super) fn level(&self) -> usize {
        self.state.level()
    }

    /// Takes away what can be in no answer, until nothing changes.
    pub(super) fn propagate(&mut self) -> Result<(), Emptied> {
        self.propagate_after(Ok(()))
    }

    /// Does so after something else was taken away. If that emptied a variable, nothing may change before
    /// it is known why.
    pub(super) fn propagate_after(&mut self, before: Result<(), Emptied>) -> Result<(), Emptied> {
        if let Some(emptied) = self.refuted {
            return Err(emptied);
        }
        let run =
            |()| propagate(&mut self.state, &mut self.nogoods, &self.order, &mut self.lowering);
        let done = before.and_then(run);
        if let Err(emptied) = done {
            self.state.clear_queues();
            self.refuted = (self.level() == 0).then_some(emptied);
        }
        done
    }

    /// Undoes everything above a level.
    pub(super) fn backjump(&mut self, level: usize) {
        if self.state.backjump(level) {
            self.order.retreat(&self.state.instance, level);
            conclude_again(&mut self.state, &mut self.nogoods, level);
        }
    }

    /// Returns what is to be decided next.
    pub(super) fn next(&mut self) -> Option<Var> {
        self.order.next(&self.state.instance)
    }

    /// Returns the best release that is left.
    pub(super) fn best(&self, var: Var) -> Option<usize> {
        self.order.best(&self.state, var)
    }

    /// Decides a variable.
    pub(super) fn choose(&mut self, var: Var, bit: usize) -> Result<(), Emptied> {
        self.order.choose(&mut self.state, var, bit)
    }

    /// Holds a variable to some values at a level of its own. Returns whether any is left.
    pub(super) fn assume(&mut self, (var, values): &Assumption) -> bool {
        if !meet(self.state.words(*var), values) {
            return false;
        }
        self.state.trail.push_level();
        let values = values.iter().copied();
        let _: Result<(), Emptied> = self.state.keep(*var, values, Antecedent::Decision);
        true
    }

    fn analysis(&mut self) -> Analysis<'_, 'c, L> {
        Analysis {
            state: &self.state,
            nogoods: &mut self.nogoods,
            activity: &mut self.activity,
            lowering: &self.lowering,
            buffers: &mut self.buffers,
        }
    }

    /// Returns what a contradiction above level 0 comes to. `None` if it needs no decision: then there is
    /// no answer.
    pub(super) fn analyze(&mut self, emptied: Emptied) -> Option<Learned> {
        let mut analysis = self.analysis();
        analysis.begin(emptied);
        let learned = analysis.run();
        if learned.is_none() {
            self.backjump(0);
            self.refuted = Some(emptied);
        }
        learned
    }

    /// Learns from a contradiction above level 0, goes back as far as it reaches, and draws the
    /// conclusion.
    pub(super) fn learn(&mut self, emptied: Emptied) {
        if let Some(learned) = self.analyze(emptied) {
            self.conclude(&learned, learned.follows, false);
        }
    }

    /// Goes back to a level and draws the conclusion from what was learned.
    pub(super) fn conclude(&mut self, learned: &Learned, level: usize, fixed: bool) {
        self.backjump(level);
        let nogood = self.nogoods.add(&learned.nogood, fixed);
        let var = learned.nogood.terms[0].0;
        // What this empties is found by the propagation that follows.
        let _: Result<(), Emptied> =
            conclude(&mut self.state, &mut self.nogoods, nogood, var, learned.follows);
    }

    /// Rules out the answer that was found, so that the next best one can be looked for. Returns
    /// whether there can be another one.
    pub(in super::super) fn exclude(&mut self) -> bool {
        let chosen: Vec<_> = self.order.choices().collect();
        let level = self.analysis().begin_with(chosen.into_iter());
        if level == 0 {
            return false;
        }
        self.backjump(level);
        let learned = self.analysis().run();
        if let Some(learned) = &learned {
            self.conclude(learned, learned.follows, true);
        }
        learned.is_some()
    }

    /// Ends the search when its steps are used up.
    pub(super) fn check_budget(&self) -> Result<(), Unsolved> {
        if self.state.steps == 0 { Err(Unsolved::OutOfBudget) } else { Ok(()) }
    }

    /// Returns the statements that contradict each other, once it is known that there is no answer.
    pub(in super::super) fn contradiction(&mut self) -> Vec<Statement> {
        let mut from = match (self.proof.take(), self.refuted) {
            (Some(proof), _) => proof,
            (None, Some(emptied)) => {
                self.analysis().begin(emptied);
                self.buffers.clear();
                self.buffers.from.drain().collect()
            }
            (None, None) => self.buffers.from.drain().collect(),
        };
        from.sort_unstable();
        from
    }

    /// Returns what was chosen, in the order in which it was.
    pub(in super::super) fn chosen(&self) -> Vec<ReleaseId> {
        self.order.choices().map(|(var, bit)| self.state.release(var, bit)).collect()
    }

    /// Returns the steps that are left.
    pub(in super::super) fn steps(&self) -> u64 {
        self.state.steps
    }

    /// Begins another question about one release of a core: nothing stands but what was learned, and
    /// there are as many steps as at first.
    pub(super) fn restart(&mut self, core: PackageIx, rank: Rank) -> Assumption {
        self.backjump(0);
        self.state.steps = self.state.instance.request.budget;
        let var = self.state.var(core);
        let mut only = vec![0; self.state.instance.vars[var].words];
        set(&mut only, rank.ix());
        (var, only)
    }
}
