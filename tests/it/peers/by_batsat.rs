//! batsat, with the order added on top: find a set, then improve it package by package.
//!
//! One variable for each release says "this release or a newer one", so that at most one release is
//! chosen without a clause for each pair, and a span is two literals. "The newest that is left" is one
//! literal too: the solver is asked for a set under that assumption, and if there is none, its opposite
//! becomes a fact. So does what is settled, since it never changes again. Packages that the requirements
//! cannot lead to are left out.

use batsat::{Callbacks, Lit, Solver, SolverInterface, SolverOpts, lbool};

use super::{Set, Stop, Verdict};
use crate::instances::{Binds, Dep, Instance, Requirement, Span};

/// An instance for batsat. Making the clauses is part of solving.
pub(crate) struct Batsat<'i> {
    instance: &'i Instance,
    roots: Vec<Requirement>,
    order: Vec<usize>,
    reached: Vec<bool>,
}

impl<'i> Batsat<'i> {
    /// Takes an instance.
    pub(crate) fn new(instance: &'i Instance) -> Self {
        Self::deciding(instance, instance.order())
    }

    /// Takes an instance and the order in which its packages matter.
    pub(crate) fn deciding(instance: &'i Instance, order: Vec<usize>) -> Self {
        Self { instance, roots: instance.roots(), order, reached: instance.reached() }
    }

    /// Finds the best set.
    pub(crate) fn solve(&self, stop: Stop<'_>) -> Verdict {
        let mut clauses = Clauses::new(self, stop);
        clauses.requirements(&self.roots);
        match clauses.solver.solve_limited(&[]) {
            answer if answer == lbool::FALSE => Verdict::Impossible,
            answer if answer == lbool::TRUE => clauses.improve(),
            _ => Verdict::Stopped,
        }
    }

    /// Says for each release of the core, oldest first, whether there is a set with it.
    pub(crate) fn every_core(&self, stop: Stop<'_>) -> Vec<Option<bool>> {
        let mut clauses = Clauses::new(self, stop);
        clauses.requirements(&self.roots);
        let ask = |core| {
            let only = [clauses.from(0, core), !clauses.from(0, core + 1)];
            match clauses.solver.solve_limited(&only) {
                answer if answer == lbool::FALSE => Some(false),
                answer if answer == lbool::TRUE => Some(true),
                _ => None,
            }
        };
        (1..=self.instance.packages[0].count()).map(ask).collect()
    }
}

/// What batsat asks now and then.
struct Watch<'s>(Stop<'s>);

impl Callbacks for Watch<'_> {
    fn stop(&self) -> bool {
        (self.0)()
    }
}

struct Clauses<'a> {
    given: &'a Batsat<'a>,
    solver: Solver<Watch<'a>>,
    /// The literals "this release or a newer one" of each package; the one past the last is false.
    from: Vec<Vec<Lit>>,
}

impl<'a> Clauses<'a> {
    fn new(given: &'a Batsat<'a>, stop: Stop<'a>) -> Self {
        let mut solver = Solver::new(SolverOpts::default(), Watch(stop));
        let never = Lit::new(solver.new_var_default(), true);
        solver.add_clause_reuse(&mut vec![!never]);
        let mut from = Vec::new();
        for (package, &reached) in given.instance.packages.iter().zip(&given.reached) {
            let count = if reached { package.releases.len() } else { 0 };
            // The solver tries the negative literal of a variable first, so that one says "newer".
            let fresh = (0..count).map(|_| Lit::new(solver.new_var_default(), false));
            let mut literals: Vec<_> = fresh.collect();
            literals.push(never);
            from.push(literals);
        }
        let mut clauses = Self { given, solver, from };
        clauses.state();
        clauses
    }

    /// Returns the literal that says "this release of the package or a newer one".
    fn from(&self, package: usize, number: u32) -> Lit {
        let literals = &self.from[package];
        literals[(number as usize - 1).min(literals.len() - 1)]
    }

    fn add(&mut self, clause: &[Lit]) {
        self.solver.add_clause_reuse(&mut clause.to_vec());
    }

    fn state(&mut self) {
        let instance = self.given.instance;
        for (ix, package) in instance.packages.iter().enumerate() {
            if !self.given.reached[ix] {
                continue;
            }
            for number in 1..=package.count() {
                self.add(&[!self.from(ix, number + 1), self.from(ix, number)]);
                let unless = [!self.from(ix, number), self.from(ix, number + 1)];
                for dep in package.needs(number) {
                    self.need(unless, dep);
                }
            }
        }
    }

    /// States a need of a release, given as the clause that it is not chosen.
    fn need(&mut self, [not_from, newer]: [Lit; 2], dep: &Dep) {
        if dep.binds == Binds::Always {
            self.add(&[not_from, newer, self.from(dep.target, 1)]);
        }
        for (gap, next) in self.gaps(dep.target, &dep.allowed) {
            self.add(&[not_from, newer, !gap, next]);
        }
    }

    fn requirements(&mut self, requirements: &[Requirement]) {
        for requirement in requirements {
            self.add(&[self.from(requirement.package, 1)]);
            for (gap, next) in self.gaps(requirement.package, &requirement.allowed) {
                self.add(&[!gap, next]);
            }
        }
    }

    /// Returns the gaps between spans, each as the literals of its first release and of the one after
    /// its last.
    fn gaps(&self, package: usize, spans: &[Span]) -> Vec<(Lit, Lit)> {
        let last = u32::try_from(self.from[package].len() - 1).expect("releases are few");
        let mut gaps = Vec::new();
        let mut next = 1;
        for &(from, to) in spans {
            if next < from && next <= last {
                gaps.push((self.from(package, next), self.from(package, from)));
            }
            next = to + 1;
        }
        if next <= last {
            gaps.push((self.from(package, next), self.from(package, last + 1)));
        }
        gaps
    }

    /// Makes the first set found the best one, package by package.
    fn improve(&mut self) -> Verdict {
        let given = self.given;
        let instance = given.instance;
        let mut model = self.model();
        let mut called = vec![false; instance.packages.len()];
        given.roots.iter().for_each(|requirement| called[requirement.package] = true);
        let mut open = given.order.clone();
        let mut set = Set::new();
        while let Some(at) = open.iter().position(|&package| called[package]) {
            let package = open.remove(at);
            let Some(number) = self.settle(package, &mut model) else {
                return Verdict::Stopped;
            };
            set.push((package, number));
            instance.packages[package].calls_for(number).for_each(|other| called[other] = true);
        }
        set.sort_unstable();
        Verdict::Found(set)
    }

    /// Finds the newest release of a package that goes with what is settled, and settles it.
    fn settle(&mut self, package: usize, model: &mut Vec<u32>) -> Option<u32> {
        let mut last = self.given.instance.packages[package].count();
        while model[package] < last {
            let newest = self.from(package, last);
            if self.solver.value_lvl_0(newest) == lbool::FALSE {
                last -= 1;
                continue;
            }
            match self.solver.solve_limited(&[newest]) {
                answer if answer == lbool::TRUE => *model = self.model(),
                answer if answer == lbool::FALSE => {
                    self.add(&[!newest]);
                    last -= 1;
                }
                _ => return None,
            }
        }
        let number = model[package];
        self.add(&[self.from(package, number)]);
        self.add(&[!self.from(package, number + 1)]);
        Some(number)
    }

    /// Returns the number of each package in the set that was just found, 0 for those not in it.
    fn model(&self) -> Vec<u32> {
        let holds = |literal: &&Lit| self.solver.value_lit(**literal) == lbool::TRUE;
        let number = |literals: &Vec<Lit>| literals.iter().take_while(holds).count();
        let numbers = self.from.iter().map(number);
        numbers.map(|number| u32::try_from(number).expect("releases are few")).collect()
    }
}
