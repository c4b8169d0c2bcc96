//! Which requirements to change: all smallest sets of changes that leave a solution.
//!
//! Every set of changes that helps must change something in each conflict. So the sets are grown from
//! conflicts (Reiter's hitting set tree, "A theory of diagnosis from first principles", 1987): of the
//! conflict that is left after some changes, each change that touches it makes one set larger by one.
//! All sets of one size are tried before any larger one, so the first size that has a solution is the
//! smallest, and every solution of this size is met. A conflict is used again for all larger sets that do
//! not touch it.

use std::collections::BTreeSet;

use super::super::problem::Request;
use super::super::search::{StatementVerdict, judge};
use super::super::statement::{Statement, StatementScope};
use super::asking::RepairSearch;
use super::change::{Changed, RequestChange};
use crate::catalog::{Catalog, PackageKind};

/// With more sets of one size than this, nobody would look at the answer.
const MANY: usize = 2_000;

/// Returns the smallest sets of changes that leave a solution. If it takes too many steps to find them,
/// it is one set, of which no change can be spared.
pub(super) fn smallest(
    solver: &mut RepairSearch<'_>,
    kept: &[Statement],
) -> Vec<Vec<RequestChange>> {
    // What is left over is for finding the releases.
    let reserve = solver.left / 2;
    let mut tree = Tree {
        conflicts: vec![(Vec::new(), handles(kept))],
        seen: BTreeSet::new(),
        solver,
        reserve,
    };
    let found = tree.grow();
    match found {
        Some(found) => found,
        None => tree.solver.any().into_iter().collect(),
    }
}

struct Tree<'s, 'c> {
    solver: &'s mut RepairSearch<'c>,
    /// What clashes after some changes, without the facts.
    conflicts: Vec<(Vec<RequestChange>, Vec<Statement>)>,
    seen: BTreeSet<Vec<RequestChange>>,
    /// Steps that are not spent here.
    reserve: u64,
}

impl Tree<'_, '_> {
    /// Returns all smallest sets; `None` if that takes too long. Where facts alone clash there are none.
    fn grow(&mut self) -> Option<Vec<Vec<RequestChange>>> {
        let mut sets = vec![Vec::new()];
        while !sets.is_empty() {
            let mut larger = Vec::new();
            for set in &sets {
                let conflict = self.conflict(set)?;
                larger.extend(self.children(set, &conflict));
                if larger.len() > MANY {
                    return None;
                }
            }
            let mut solved = Vec::new();
            for set in &larger {
                let Some(is_solved) = self.is_solved(set) else {
                    // Those that were found have no smaller one, only there may be more of them.
                    return Some(solved).filter(|solved| !solved.is_empty());
                };
                if is_solved {
                    solved.push(set.clone());
                }
            }
            if !solved.is_empty() {
                return Some(solved);
            }
            sets = larger;
        }
        Some(Vec::new())
    }

    /// Returns the sets that are larger by one change of what clashes.
    fn children(
        &mut self,
        set: &[RequestChange],
        conflict: &[Statement],
    ) -> Vec<Vec<RequestChange>> {
        let RepairSearch { catalog, request, .. } = *self.solver;
        let mut children = Vec::new();
        for change in changes(catalog, request, conflict) {
            let again = set.iter().any(|other| {
                other.position(request) == change.position(request)
                    && other.package(request) == change.package(request)
            });
            let mut larger = [set, &[change]].concat();
            larger.sort_unstable();
            if !again && is_about_something(request, &larger) && self.seen.insert(larger.clone()) {
                children.push(larger);
            }
        }
        children
    }

    fn is_solved(&mut self, set: &[RequestChange]) -> Option<bool> {
        if self.solver.left <= self.reserve {
            return None;
        }
        let solved = self.solver.is_solved(set);
        (solved || self.solver.left > self.reserve).then_some(solved)
    }

    /// Returns what of the request clashes after some changes; nothing if it is the facts alone.
    fn conflict(&mut self, set: &[RequestChange]) -> Option<Vec<Statement>> {
        let request = self.solver.request;
        let untouched = |(made, conflict): &&(Vec<RequestChange>, Vec<Statement>)| {
            let mut more = set.iter().filter(|change| !made.contains(change));
            made.iter().all(|change| set.contains(change))
                && more.all(|change| conflict.iter().all(|&one| !change.touches(request, one)))
        };
        if let Some((_, known)) = self.conflicts.iter().find(untouched) {
            return Some(known.clone());
        }
        let (changed, places) =
            Changed::open(self.solver.catalog, request, set).request(self.solver.catalog, request);
        let conflict = placed(&self.least(&changed)?, &places, request.requirements.len());
        self.conflicts.push((set.to_vec(), conflict.clone()));
        Some(conflict)
    }

    /// Returns statements of a request that clash beside the facts, and of which none can be missed.
    fn least(&mut self, request: &Request) -> Option<Vec<Statement>> {
        let mut core = match self.judge(request, StatementScope::Traced)? {
            StatementVerdict::Contradiction(core) => core,
            StatementVerdict::Possible(_) | StatementVerdict::OutOfBudget => return None,
        };
        for handle in handles(&core) {
            if core.contains(&handle) {
                let rest = core.iter().copied().filter(|&other| other != handle).collect();
                if let StatementVerdict::Contradiction(fewer) =
                    self.judge(request, StatementScope::Only(rest))?
                {
                    core.retain(|statement| fewer.contains(statement));
                }
            }
        }
        Some(handles(&core))
    }

    /// Asks what some statements come to, while there are steps.
    fn judge(&mut self, request: &Request, scope: StatementScope) -> Option<StatementVerdict> {
        (self.solver.left > self.reserve)
            .then(|| judge(self.solver.catalog, request, scope, &mut self.solver.left))
    }
}

impl RepairSearch<'_> {
    fn is_solved(&mut self, set: &[RequestChange]) -> bool {
        let (changed, _) =
            Changed::open(self.catalog, self.request, set).request(self.catalog, self.request);
        self.solve(&changed).is_some()
    }

    /// Returns one set of changes that helps and of which none can be spared: everything is changed, then
    /// what matters most is put back first.
    fn any(&mut self) -> Option<Vec<RequestChange>> {
        let RepairSearch { catalog, request, .. } = *self;
        let places = 0..request.requirements.len();
        let every = |make: fn(usize) -> RequestChange,
                     test: &dyn Fn(usize) -> bool|
         -> Vec<RequestChange> {
            let all = places.clone().filter(|&at| test(at)).map(make);
            all.filter(|change| change.is_allowed(catalog, request)).collect()
        };
        let replaced = every(RequestChange::Replace, &|at| request.requirements[at].restricted);
        let is_core =
            |at: usize| catalog.package(request.requirements[at].package).kind == PackageKind::Core;
        let left_out = [
            every(RequestChange::Replace, &|at| is_core(at) && request.requirements[at].restricted),
            every(RequestChange::Without, &|at| at > 0),
        ]
        .concat();
        let mut changes = [replaced, left_out].into_iter().find(|set| self.is_solved(set))?;
        for change in changes.clone() {
            let fewer: Vec<_> = changes.iter().copied().filter(|&one| one != change).collect();
            if self.is_solved(&fewer) {
                changes = fewer;
            }
        }
        Some(changes)
    }
}

/// Returns the changes that take something of a conflict away.
fn changes(catalog: &Catalog, request: &Request, conflict: &[Statement]) -> Vec<RequestChange> {
    let mut changes = Vec::new();
    for &statement in conflict {
        match statement {
            Statement::Requirement(at) => changes.push(RequestChange::Without(at)),
            Statement::Restriction(at) => {
                changes.extend([RequestChange::Replace(at), RequestChange::Without(at)]);
            }
            Statement::Unasked(package) => {
                let requirements = (0..request.requirements.len())
                    .filter(|&at| request.requirements[at].package == package);
                let replaced: Vec<_> = requirements.map(RequestChange::Replace).collect();
                if replaced.is_empty() {
                    changes.push(RequestChange::Name(package));
                }
                changes.extend(replaced);
            }
            Statement::Needs(..) | Statement::Pin(_) => {}
        }
    }
    changes.retain(|change| change.is_allowed(catalog, request));
    changes
}

/// Whether some requirement is left.
fn is_about_something(request: &Request, set: &[RequestChange]) -> bool {
    let left_out = set.iter().filter(|change| matches!(change, RequestChange::Without(_)));
    left_out.count() < request.requirements.len()
}

/// Returns the statements that a request can change.
fn handles(statements: &[Statement]) -> Vec<Statement> {
    let is_handle =
        |statement: &&Statement| !matches!(statement, Statement::Needs(..) | Statement::Pin(_));
    statements.iter().filter(is_handle).copied().collect()
}

/// Puts the positions of a changed request back to those of the request that it was made from.
fn placed(statements: &[Statement], places: &[usize], count: usize) -> Vec<Statement> {
    let placed = |&statement: &Statement| match statement {
        Statement::Requirement(at) => {
            Some(Statement::Requirement(places[at])).filter(|_| places[at] < count)
        }
        Statement::Restriction(at) => {
            Some(Statement::Restriction(places[at])).filter(|_| places[at] < count)
        }
        Statement::Unasked(_) | Statement::Needs(..) | Statement::Pin(_) => Some(statement),
    };
    statements.iter().filter_map(placed).collect()
}
