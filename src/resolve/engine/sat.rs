//! Handing over: requests on which the order of preference is a bad order to search.
//!
//! Near the border between possible and impossible, a search in a fixed order can take thousands of
//! times as long as one that follows the contradictions. General SAT solvers are very good at that. So
//! past some contradictions the instance becomes clauses, and a SAT solver finds any answer, or none:
//! impossible is impossible in any order. An answer is then made the best one package by package, in
//! the order of preference: does the best value that is left go with all that is settled? What the
//! solver learns on one question helps with the next.
//!
//! One literal of each release says *this release or a newer one*, so that a span of releases is two
//! literals and no clause for each pair is needed to have only one release of a package.

use std::cell::Cell;
use std::rc::Rc;

use batsat::{Callbacks, Lit, Solver, SolverInterface, SolverOpts, lbool};
use rustc_hash::FxHashMap;

use super::super::statement::Statement;
use super::dynamic::Held;
use super::space::{BITS, Word, has};
use super::{Engine, Reason, Stop, Var};

/// What one of the solver's own steps costs.
const PRICE: u64 = 100;

/// Ends the solver when the steps are used up.
struct Purse(Rc<Cell<u64>>);

impl Callbacks for Purse {
    fn stop(&self) -> bool {
        let left = self.0.get().saturating_sub(PRICE);
        self.0.set(left);
        left == 0
    }
}

/// The instance as clauses.
struct Clauses {
    solver: Solver<Purse>,
    purse: Rc<Cell<u64>>,
    /// For each variable the literals "this release or a newer one"; the one past the newest is false.
    from: Vec<Vec<Lit>>,
    /// For each statement that is kept apart, the literal that it holds.
    holds: FxHashMap<Statement, Lit>,
    /// The statements' literals, in the order in which they came up.
    assumed: Vec<(Statement, Lit)>,
}

impl Clauses {
    fn new(counts: impl Iterator<Item = usize>, steps: u64) -> Self {
        let purse = Rc::new(Cell::new(steps));
        let mut solver = Solver::new(SolverOpts::default(), Purse(Rc::clone(&purse)));
        let never = Lit::new(solver.new_var_default(), true);
        solver.add_clause_reuse(&mut vec![!never]);
        let mut from = Vec::new();
        for count in counts {
            // The negative literal of a variable is tried first, so that one says "newer".
            let fresh = (0..count).map(|_| Lit::new(solver.new_var_default(), false));
            let mut literals: Vec<Lit> = fresh.collect();
            literals.push(never);
            from.push(literals);
        }
        let mut clauses =
            Self { solver, purse, from, holds: FxHashMap::default(), assumed: Vec::new() };
        for var in 0..clauses.from.len() {
            for at in 1..clauses.from[var].len() {
                let (this, newer) = (clauses.from[var][at - 1], clauses.from[var][at]);
                clauses.add(&[!newer, this]);
            }
        }
        clauses
    }

    fn add(&mut self, clause: &[Lit]) {
        self.solver.add_clause_reuse(&mut clause.to_vec());
    }

    /// Returns the literals of which one is true unless the value is the one that is there.
    fn unless(&self, var: Var, bit: usize) -> [Lit; 2] {
        [!self.from[var][bit], self.from[var][bit + 1]]
    }

    /// Adds clauses that leave a variable nothing but what is in a mask, unless one of some literals is
    /// true.
    fn only(&mut self, var: Var, mask: &[Word], unless: &[Lit]) {
        let absent = self.from[var].len() - 1;
        let has = |bit: usize| has(mask, bit);
        let mut clause = unless.to_vec();
        if !has(absent) {
            clause.push(self.from[var][0]);
            self.add(&clause);
            clause.truncate(unless.len());
        }
        let mut bit = 0;
        while bit < absent {
            let first = bit;
            while bit < absent && !has(bit) {
                bit += 1;
            }
            if first < bit {
                clause.extend([!self.from[var][first], self.from[var][bit]]);
                self.add(&clause);
                clause.truncate(unless.len());
            }
            bit += 1;
        }
    }

    /// Returns the literal that says that a statement does not hold, if statements are kept apart.
    fn without(&mut self, statement: Option<Statement>) -> Option<Lit> {
        let statement = statement?;
        let literal = *self.holds.entry(statement).or_insert_with(|| {
            let literal = Lit::new(self.solver.new_var_default(), true);
            self.assumed.push((statement, literal));
            literal
        });
        Some(!literal)
    }

    /// Asks whether some literals can be true. `None` if the steps do not suffice.
    fn ask(&mut self, literals: &[Lit]) -> Option<bool> {
        let answer = self.solver.solve_limited(literals);
        match answer {
            _ if answer == lbool::TRUE => Some(true),
            _ if answer == lbool::FALSE => Some(false),
            _ => None,
        }
    }

    /// Returns the bit of the release that a package has in the answer that was just found.
    fn value(&self, var: Var) -> Option<usize> {
        let holds = |literal: &&Lit| self.solver.value_lit(**literal) == lbool::TRUE;
        self.from[var].iter().take_while(holds).count().checked_sub(1)
    }
}

impl Engine<'_> {
    /// Finds the best answer with a SAT solver, given some values that variables are held to.
    pub(super) fn hand_over(&mut self, held: &[Held]) -> Result<bool, Stop> {
        self.backjump(0);
        let mut clauses = self.clauses();
        for (var, values) in held {
            clauses.only(*var, values, &[]);
        }
        let assumed: Vec<Lit> = clauses.assumed.iter().map(|(_, literal)| *literal).collect();
        let found = clauses.ask(&assumed);
        if found == Some(false) {
            let core = clauses.solver.unsat_core();
            let used = |literal: &Lit| core.contains(literal) || core.contains(&!*literal);
            let used = clauses.assumed.iter().filter(|(_, literal)| used(literal));
            let used = used.flat_map(|&(statement, _)| match statement {
                // A requirement that does not hold names nothing.
                Statement::Restriction(at) => vec![statement, Statement::Requirement(at)],
                Statement::Requirement(_)
                | Statement::Unasked(_)
                | Statement::Needs(..)
                | Statement::Pin(_) => vec![statement],
            });
            self.proof = Some(used.collect());
        }
        let best = match found {
            None => Err(Stop::OutOfBudget),
            Some(false) => Ok(false),
            Some(true) => self.settle_all(&mut clauses, &assumed, held),
        };
        self.steps = clauses.purse.get();
        best
    }

    /// States everything that can be reached.
    fn clauses(&mut self) -> Clauses {
        let mut at = 0;
        while at < self.space.vars.len() {
            self.expand(at);
            at += 1;
        }
        let counts = self.space.vars.iter().map(|var| var.absent);
        let mut clauses = Clauses::new(counts, self.steps);
        let space = &self.space;
        for (var, stated) in space.vars.iter().enumerate() {
            clauses.only(var, &space.base[stated.at..stated.at + stated.words], &[]);
        }
        let traced = space.scope.is_traced();
        for (ix, link) in space.links.iter().enumerate() {
            let without = clauses.without(traced.then(|| self.link_statement(ix)));
            let (from, to) = (link.from as usize, link.to as usize);
            for group in space.groups_of(link) {
                let values = space.mask_words(group.values, space.vars[from].words);
                let accepts = space.mask_words(group.accepts, space.vars[to].words);
                for bit in ones(values) {
                    let mut unless = clauses.unless(from, bit).to_vec();
                    unless.extend(without);
                    clauses.only(to, accepts, &unless);
                }
            }
        }
        self.state_clauses(&mut clauses);
        clauses
    }

    /// Adds what statements take away, each for itself.
    fn state_clauses(&self, clauses: &mut Clauses) {
        for event in self.trail.iter().filter(|event| event.level == 0) {
            let Reason::Stated(statement) = event.reason else {
                continue;
            };
            let var = event.var as usize;
            let words = self.space.vars[var].words;
            let removed = &self.removed[event.removed..event.removed + words];
            let kept: Vec<Word> = removed.iter().map(|word| !word).collect();
            let without = clauses.without(Some(self.stated[statement as usize]));
            clauses.only(var, &kept, without.as_slice());
        }
    }

    /// Makes an answer the best one, package by package.
    fn settle_all(
        &mut self,
        clauses: &mut Clauses,
        assumed: &[Lit],
        held: &[Held],
    ) -> Result<bool, Stop> {
        for held in held {
            if self.propagate().is_err() || !self.assume(held) {
                return Ok(false);
            }
        }
        let mut model: Vec<Option<usize>> =
            (0..self.space.vars.len()).map(|var| clauses.value(var)).collect();
        loop {
            // What is settled goes with an answer, so it contradicts nothing.
            if self.propagate().is_err() {
                return Err(Stop::OutOfBudget);
            }
            let Some(var) = self.next() else {
                return Ok(true);
            };
            let Some(best) = self.best(var) else {
                return Err(Stop::OutOfBudget);
            };
            let [not, newer] = clauses.unless(var, best);
            if model[var] != Some(best) {
                let question = [assumed, &[!not, !newer]].concat();
                if clauses.ask(&question).ok_or(Stop::OutOfBudget)? {
                    model = (0..model.len()).map(|var| clauses.value(var)).collect();
                } else {
                    clauses.add(&[not, newer]);
                    self.rule_out(var, best);
                    continue;
                }
            }
            clauses.add(&[!not]);
            clauses.add(&[!newer]);
            if self.choose(var, best).is_err() {
                return Err(Stop::OutOfBudget);
            }
        }
    }

    /// Takes a value away that does not go with what is settled.
    fn rule_out(&mut self, var: Var, bit: usize) {
        self.push_level();
        self.scratch.clear();
        self.scratch.resize(self.space.vars[var].words, 0);
        self.scratch[bit / BITS] = 1 << (bit % BITS);
        // The value of the answer at hand is left.
        let _: Result<(), super::Emptied> = self.remove_scratch(var, Reason::Decision);
    }
}

/// Returns the bits of a mask.
fn ones(words: &[Word]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(at, &word)| {
        (0..BITS).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * BITS + bit)
    })
}
