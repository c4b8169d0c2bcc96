//! The engine: what is left of each package, what was taken away, when and why.
//!
//! Owns the state of one search over a [`Space`]. Every change is an event on a trail: values taken
//! from one variable, and the reason. Undoing events in reverse order gives any earlier state back,
//! and following their reasons shows what led to a contradiction ([`analyze`]).

mod agenda;
mod analyze;
mod bound;
mod count;
mod dynamic;
mod late;
mod lazy;
mod nogood;
mod propagate;
mod sat;
mod search;
mod space;

use std::collections::VecDeque;

use super::problem::{Prefer, Request};
use super::statement::{Scope, Statement};
use crate::catalog::{Catalog, PackageIx, Rank, ReleaseId};

pub(super) use search::Stop;
pub(super) use space::Var;

use agenda::Agenda;
use bound::Bound;
use nogood::Nogoods;
use space::{BITS, Space, Word, small};

/// Why values were taken from a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// The search chose, or was told to assume.
    Decision,
    /// No value left of the asking variable goes with them.
    Link(u32),
    /// Nothing is left of what they go with.
    Support(u32),
    /// A learned nogood says so.
    Nogood(u32),
    /// A statement of the request says so, by its position among the statements that were used.
    Stated(u32),
    /// No further change of what is installed is allowed.
    Bound,
    /// It goes with nothing that a chosen release of this variable asks.
    Asked(u32),
    /// Each of them asks for something of which nothing is left.
    Unfit,
}

/// Values taken from a variable.
#[derive(Debug, Clone, Copy)]
struct Event {
    var: u32,
    reason: Reason,
    level: u32,
    /// The event of the same variable before this one, plus one.
    before: u32,
    /// Where the words of the values are.
    removed: usize,
}

/// The variable of which nothing is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Emptied(Var);

/// The state of a search.
#[derive(Debug)]
pub(super) struct Engine<'c> {
    space: Space<'c>,
    /// For each variable, the values that are left.
    left: Vec<Word>,
    trail: Vec<Event>,
    /// Words of the values that events took away.
    removed: Vec<Word>,
    /// For each variable, its last event plus one.
    last: Vec<u32>,
    /// Conclusions that were drawn at a higher level than they follow at.
    late: Vec<late::Late>,
    /// For each level above 0, the number of events before it.
    levels: Vec<usize>,
    /// What was emptied without any decision: then there is no answer.
    refuted: Option<Emptied>,
    /// The statements that a SAT solver used to show that there is none.
    proof: Option<Vec<Statement>>,
    /// Variables that turned out to be present and have not been lowered, or of which what they need
    /// may have gone while nobody asked. They come first: all that is stated is known before anything
    /// is looked at twice.
    arrivals: VecDeque<u32>,
    /// Variables that have lost values.
    queue: VecDeque<u32>,
    /// For each variable, whether it waits among either.
    arrived: Vec<bool>,
    queued: Vec<bool>,
    nogoods: Nogoods,
    agenda: Agenda,
    bound: Option<Bound>,
    /// Statements that took values away at level 0.
    stated: Vec<Statement>,
    analysis: analyze::Scratch,
    dynamic: dynamic::Heat,
    outlook: lazy::Outlook,
    /// Steps that may still be taken.
    steps: u64,
    scratch: Vec<Word>,
}

impl<'c> Engine<'c> {
    /// Makes the engine for a request, with everything at hand that must be there.
    pub(super) fn new(
        catalog: &'c Catalog,
        request: &'c Request,
        scope: Scope,
        steps: u64,
    ) -> Self {
        Self::over(Space::new(catalog, request, scope, false), steps)
    }

    /// Makes the engine for a request of which nothing is lowered before it is chosen.
    pub(super) fn lazy(catalog: &'c Catalog, request: &'c Request, steps: u64) -> Self {
        Self::over(Space::new(catalog, request, Scope::All, true), steps)
    }

    fn over(space: Space<'c>, steps: u64) -> Self {
        let mut engine = Self {
            space,
            left: Vec::new(),
            trail: Vec::new(),
            removed: Vec::new(),
            last: Vec::new(),
            late: Vec::new(),
            levels: Vec::new(),
            refuted: None,
            proof: None,
            arrivals: VecDeque::new(),
            queue: VecDeque::new(),
            arrived: Vec::new(),
            queued: Vec::new(),
            nogoods: Nogoods::default(),
            agenda: Agenda::default(),
            bound: None,
            stated: Vec::new(),
            analysis: analyze::Scratch::default(),
            dynamic: dynamic::Heat::default(),
            outlook: lazy::Outlook::default(),
            steps,
            scratch: Vec::new(),
        };
        engine.start();
        engine
    }

    /// Makes the engine for one request with each release of a core in turn.
    pub(super) fn for_cores(catalog: &'c Catalog, request: &'c Request, core: PackageIx) -> Self {
        let mut engine = Self::new(catalog, request, Scope::All, request.budget);
        // What the requirements ask of the core is needed for every release of it.
        for requirement in &request.requirements {
            let var = engine.var(requirement.package);
            engine.expand(var);
        }
        let core = engine.var(core);
        engine.space.make_rows(core);
        engine
    }

    /// Searches for the best set with a release of a core, from scratch but for what was learned.
    pub(super) fn solve_with(&mut self, core: PackageIx, rank: Rank) -> Result<bool, Stop> {
        self.backjump(0);
        self.forgive();
        self.steps = self.space.request.budget;
        let var = self.var(core);
        let mut only = vec![0; self.space.vars[var].words];
        only[rank.ix() / BITS] = 1 << (rank.ix() % BITS);
        self.solve(&[(var, only)])
    }

    /// Makes a variable for each requirement. While statements are kept apart, everything that can be
    /// reached is made now, so that what a statement takes away is taken at level 0.
    fn start(&mut self) {
        if !self.space.lazy {
            self.space.reserve();
        }
        let request = self.space.request;
        for requirement in &request.requirements {
            self.var(requirement.package);
        }
        if self.space.scope.is_traced() {
            let mut at = 0;
            while at < self.space.vars.len() {
                self.expand(at);
                at += 1;
            }
            self.state();
        }
        self.set_agenda();
        if self.space.lazy {
            self.clear_queue();
        }
    }

    /// Takes away what statements take away.
    fn state(&mut self) {
        for var in 0..self.space.vars.len() {
            let package = self.space.vars[var].package;
            let open = self.space.domains.open(package);
            self.keep_only(var, Statement::Unasked(package), open.words());
        }
        let request = self.space.request;
        for (at, requirement) in request.requirements.iter().enumerate() {
            let var = self.var(requirement.package);
            if self.space.scope.holds(Statement::Requirement(at)) {
                if requirement.restricted {
                    self.keep_only(var, Statement::Restriction(at), requirement.releases.words());
                }
                let absent = self.space.vars[var].absent;
                let mut gone = vec![0; self.space.vars[var].words];
                gone[absent / BITS] = 1 << (absent % BITS);
                self.state_one(var, Statement::Requirement(at), &gone);
            }
        }
    }

    /// Takes away all releases that are not among some, if the statement holds.
    fn keep_only(&mut self, var: Var, statement: Statement, releases: &[Word]) {
        if self.space.scope.holds(statement) {
            let absent = self.space.vars[var].absent;
            let mut gone = vec![Word::MAX; self.space.vars[var].words];
            for (word, kept) in gone.iter_mut().zip(releases) {
                *word = !kept;
            }
            gone[absent / BITS] &= !(1 << (absent % BITS));
            self.state_one(var, statement, &gone);
        }
    }

    fn state_one(&mut self, var: Var, statement: Statement, gone: &[Word]) {
        let reason = Reason::Stated(small(self.stated.len()));
        self.stated.push(statement);
        self.scratch.clear();
        self.scratch.extend_from_slice(gone);
        // A variable of which nothing is left is found by the first propagation.
        let _: Result<(), Emptied> = self.remove_scratch(var, reason);
    }

    /// Returns the variable of a package.
    fn var(&mut self, package: PackageIx) -> Var {
        let var = self.space.var(package);
        self.extend();
        var
    }

    /// Lowers what a variable's releases ask.
    fn expand(&mut self, var: Var) {
        self.space.expand(var);
        self.extend();
    }

    /// Makes room for variables that were added to the space.
    fn extend(&mut self) {
        let vars = self.space.vars.len();
        if self.last.len() == vars {
            return;
        }
        let old = self.last.len();
        self.left.extend_from_slice(&self.space.base[self.left.len()..]);
        self.last.resize(vars, 0);
        self.queued.resize(vars, false);
        self.arrived.resize(vars, false);
        self.outlook.extend(vars, self.left.len());
        self.nogoods.watches.resize_with(vars, Vec::new);
        self.analysis.extend(vars);
        self.dynamic.extend(vars);
        self.agenda.extend(vars);
        for var in old..vars {
            if let Some(bound) = &mut self.bound {
                bound.add(&self.space, var);
            }
            if self.is_present(var) {
                self.arrive(var);
            }
        }
    }

    fn enqueue(&mut self, var: Var) {
        if !std::mem::replace(&mut self.queued[var], true) {
            self.queue.push_back(small(var));
        }
    }

    fn arrive(&mut self, var: Var) {
        if !std::mem::replace(&mut self.arrived[var], true) {
            self.arrivals.push_back(small(var));
        }
    }

    /// Returns the number of decisions in force.
    fn level(&self) -> usize {
        self.levels.len()
    }

    /// Begins a new level.
    fn push_level(&mut self) {
        self.levels.push(self.trail.len());
    }

    /// Takes the values in `scratch` away.
    fn remove_scratch(&mut self, var: Var, reason: Reason) -> Result<(), Emptied> {
        self.remove_at(var, reason, self.levels.len())
    }

    /// Takes the values in `scratch` away, which follows from what is decided up to a level.
    fn remove_at(&mut self, var: Var, reason: Reason, level: usize) -> Result<(), Emptied> {
        let space::Variable { at, words, absent, .. } = self.space.vars[var];
        let removed = self.removed.len();
        let (mut any, mut rest) = (0, 0);
        for word in 0..words {
            let left = &mut self.left[at + word];
            let gone = *left & self.scratch[word];
            *left &= !gone;
            any |= gone;
            rest |= *left;
            self.removed.push(gone);
        }
        if any == 0 {
            self.removed.truncate(removed);
            return if rest == 0 { Err(Emptied(var)) } else { Ok(()) };
        }
        let event =
            Event { var: small(var), reason, level: small(level), before: self.last[var], removed };
        self.trail.push(event);
        self.last[var] = small(self.trail.len());
        self.steps = self.steps.saturating_sub(1);
        if space::has(&self.removed[removed..], absent) {
            self.arrive(var);
        }
        if let Some(bound) = &mut self.bound {
            bound.removed(var, &self.removed[removed..], &self.left[at..at + words]);
        }
        self.enqueue(var);
        if rest == 0 { Err(Emptied(var)) } else { Ok(()) }
    }

    /// Undoes everything above a level.
    fn backjump(&mut self, level: usize) {
        let Some(&keep) = self.levels.get(level) else {
            return;
        };
        self.levels.truncate(level);
        while self.trail.len() > keep {
            let Some(event) = self.trail.pop() else { break };
            let space::Variable { at, words, .. } = self.space.vars[event.var as usize];
            if let Some(bound) = &mut self.bound {
                let back = &self.removed[event.removed..];
                bound.restored(event.var as usize, back, &self.left[at..at + words]);
            }
            for word in 0..words {
                self.left[at + word] |= self.removed[event.removed + word];
            }
            self.removed.truncate(event.removed);
            self.last[event.var as usize] = event.before;
        }
        self.clear_queue();
        self.retreat(level);
        self.draw_again(level);
    }

    /// Forgets what was to be looked at. What was waiting has been undone.
    fn clear_queue(&mut self) {
        for var in self.queue.drain(..) {
            self.queued[var as usize] = false;
        }
        for var in self.arrivals.drain(..) {
            self.arrived[var as usize] = false;
        }
    }

    fn words(&self, var: Var) -> &[Word] {
        let space::Variable { at, words, .. } = self.space.vars[var];
        &self.left[at..at + words]
    }

    fn is_empty(&self, var: Var) -> bool {
        self.words(var).iter().all(|&word| word == 0)
    }

    /// Whether it is known that the package must be there.
    pub(super) fn is_present(&self, var: Var) -> bool {
        let absent = self.space.vars[var].absent;
        !space::has(self.words(var), absent)
    }

    /// Whether one value is left.
    fn is_single(&self, var: Var) -> bool {
        self.single(var).is_some()
    }

    /// Returns the bit of the one value that is left.
    fn single(&self, var: Var) -> Option<usize> {
        let mut single = None;
        for (at, &word) in self.words(var).iter().enumerate() {
            if word != 0 {
                if single.is_some() || word & (word - 1) != 0 {
                    return None;
                }
                single = Some(at * BITS + word.trailing_zeros() as usize);
            }
        }
        single
    }

    /// Returns the best release that is left.
    fn best(&self, var: Var) -> Option<usize> {
        let package = self.space.vars[var].package;
        let request = self.space.request;
        if let Some(order) = self.agenda.order_of(package) {
            return order.iter().copied().find(|&bit| self.has(var, bit));
        }
        match request.prefer {
            Prefer::Newest | Prefer::FewestChanges => self.newest(var),
            Prefer::Oldest => self.oldest(var),
        }
    }

    fn has(&self, var: Var, bit: usize) -> bool {
        space::has(self.words(var), bit)
    }

    fn newest(&self, var: Var) -> Option<usize> {
        let absent = self.space.vars[var].absent;
        for (at, &word) in self.words(var).iter().enumerate().rev() {
            let word = if at == absent / BITS { word & !(1 << (absent % BITS)) } else { word };
            if word != 0 {
                return Some(at * BITS + BITS - 1 - word.leading_zeros() as usize);
            }
        }
        None
    }

    fn oldest(&self, var: Var) -> Option<usize> {
        let absent = self.space.vars[var].absent;
        let words = self.words(var).iter().enumerate();
        let firsts = words.filter(|(_, word)| **word != 0);
        let mut bits = firsts.map(|(at, word)| at * BITS + word.trailing_zeros() as usize);
        bits.next().filter(|&bit| bit != absent)
    }

    /// Returns the release that a variable and a bit stand for.
    fn release(&self, var: Var, bit: usize) -> ReleaseId {
        (self.space.vars[var].package, Rank::new(bit))
    }
}
