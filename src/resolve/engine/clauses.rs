//! An instance as clauses for a SAT solver.
//!
//! One literal of each release says *this release or a newer one*, so that a span of releases is two
//! literals and no clause for each pair is needed to have only one release of a package.

use std::cell::Cell;
use std::rc::Rc;

use batsat::{Callbacks, Lit, Solver, SolverInterface, SolverOpts, lbool};
use rustc_hash::FxHashMap;

use super::super::statement::Statement;
use super::bits::{Var, Word, has};

/// The steps that one of the solver's own costs.
const PRICE: u64 = 100;

/// Ends the solver when the steps are used up.
struct SolverBudget(Rc<Cell<u64>>);

impl Callbacks for SolverBudget {
    fn stop(&self) -> bool {
        let left = self.0.get().saturating_sub(PRICE);
        self.0.set(left);
        left == 0
    }
}

/// The instance as clauses.
pub(super) struct Clauses {
    solver: Solver<SolverBudget>,
    budget: Rc<Cell<u64>>,
    /// For each variable the literals "this release or a newer one"; the one past the newest is false.
    from: Vec<Vec<Lit>>,
    /// For each statement that is kept apart, the literal that it holds.
    holds: FxHashMap<Statement, Lit>,
    /// The statements' literals, in the order in which they came up.
    assumed: Vec<(Statement, Lit)>,
}

impl Clauses {
    pub(super) fn new(counts: impl Iterator<Item = usize>, steps: u64) -> Self {
        let budget = Rc::new(Cell::new(steps));
        let mut solver = Solver::new(SolverOpts::default(), SolverBudget(Rc::clone(&budget)));
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
            Self { solver, budget, from, holds: FxHashMap::default(), assumed: Vec::new() };
        for var in 0..clauses.from.len() {
            for at in 1..clauses.from[var].len() {
                let (this, newer) = (clauses.from[var][at - 1], clauses.from[var][at]);
                clauses.add(&[!newer, this]);
            }
        }
        clauses
    }

    pub(super) fn add(&mut self, clause: &[Lit]) {
        self.solver.add_clause_reuse(&mut clause.to_vec());
    }

    /// Returns the literals of which one is true unless the value is the one that is there.
    pub(super) fn unless(&self, var: Var, bit: usize) -> [Lit; 2] {
        [!self.from[var][bit], self.from[var][bit + 1]]
    }

    /// Adds clauses that leave a variable nothing but what is in a mask, unless one of some literals is
    /// true.
    pub(super) fn only(&mut self, var: Var, mask: &[Word], unless: &[Lit]) {
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
    pub(super) fn without(&mut self, statement: Option<Statement>) -> Option<Lit> {
        let statement = statement?;
        let literal = *self.holds.entry(statement).or_insert_with(|| {
            let literal = Lit::new(self.solver.new_var_default(), true);
            self.assumed.push((statement, literal));
            literal
        });
        Some(!literal)
    }

    /// Asks whether some literals can be true. `None` if the steps do not suffice.
    pub(super) fn ask(&mut self, literals: &[Lit]) -> Option<bool> {
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

    /// Returns the literals of all statements that are kept apart.
    pub(super) fn assumed(&self) -> Vec<Lit> {
        self.assumed.iter().map(|(_, literal)| *literal).collect()
    }

    /// Returns the statements that were used to show that there is no answer.
    pub(super) fn used(&mut self) -> Vec<Statement> {
        let core = self.solver.unsat_core();
        let used = |literal: &Lit| core.contains(literal) || core.contains(&!*literal);
        let used = self.assumed.iter().filter(|(_, literal)| used(literal));
        used.flat_map(|(statement, _)| statement.named()).collect()
    }

    /// Returns the bits of the releases that were just found, variable by variable.
    pub(super) fn model(&self) -> Vec<Option<usize>> {
        (0..self.from.len()).map(|var| self.value(var)).collect()
    }

    /// Returns the steps that are left.
    pub(super) fn steps(&self) -> u64 {
        self.budget.get()
    }
}
