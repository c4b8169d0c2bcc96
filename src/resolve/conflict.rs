//! Why there is no set: the statements that clash.
//!
//! Two minimal sets of statements are found and the smaller one is taken: the one that prefers what is
//! near the requirements, and the one that makes do with the first requirements and few of them. The shortest list
//! of preferred statements that cannot hold together ends with one that is needed, and the same is
//! asked again of those before it (Junker's `QuickXplain`). That asks only what is possible, never how
//! the engine found out, so the order of a file does not matter. Of very many statements the engine is
//! asked which it used to refute the request; of these, whatever can be missed is left out, the last
//! ones first.
//! Either way what remains is minimal: drop any one of it and a set exists.
//!
//! How a statement is put into words is [`super::wording`]'s business, and what could be asked instead
//! that of [`super::repair`].

use rustc_hash::FxHashSet;

use super::problem::{Request, World};
use super::search::{StatementVerdict, judge};
use super::statement::{Statement, StatementScope};
use super::{repair, wording};
use crate::answer::selection::Conflict;
use crate::catalog::{Catalog, PackageIx};

/// Explains an impossible request. The whole explanation may take as many steps as the request; if
/// they do not suffice, some statements may be left that could be missed.
pub(super) fn explain(catalog: &Catalog, request: &Request) -> Conflict {
    let mut budget = request.budget;
    // What could be asked instead has to be known to work.
    let certain = Request { world: World::Certain, ..request.clone() };
    let kept = minimal(catalog, request, &mut budget);
    Conflict {
        clashes: wording::clashes(catalog, request, &kept, &mut budget),
        repairs: repair::repairs(catalog, &certain, &kept, &mut budget),
        findings: Vec::new(),
    }
}

/// With more statements than this, only those that the engine used are looked at.
const MANY: usize = 2_000;

/// Returns statements that cannot hold together and of which none can be missed: requirements first, then
/// what they leave to be chosen, then facts, from the requirements outwards.
pub(super) fn minimal(catalog: &Catalog, request: &Request, budget: &mut u64) -> Vec<Statement> {
    let StatementVerdict::Contradiction(core) =
        judge(catalog, request, StatementScope::Traced, budget)
    else {
        return Vec::new();
    };
    let all = statements(catalog, request);
    let asked = (all.len() <= MANY)
        .then(|| ConflictSearch { catalog, request, budget: &mut *budget }.smaller(&all))
        .flatten();
    let least = asked.unwrap_or_else(|| {
        let known: FxHashSet<Statement> = core.into_iter().collect();
        let used = all.iter().copied().filter(|one| known.contains(one)).collect();
        reduce(catalog, request, used, budget)
    });
    let least: FxHashSet<Statement> = least.into_iter().collect();
    forward(all.into_iter().filter(|one| least.contains(one)).collect())
}

/// Looks for the minimal contradiction that prefers earlier statements.
struct ConflictSearch<'c, 'b> {
    catalog: &'c Catalog,
    request: &'c Request,
    budget: &'b mut u64,
}

impl ConflictSearch<'_, '_> {
    /// Returns the smaller of two contradictions; of equals the one with what is nearest.
    fn smaller(&mut self, all: &[Statement]) -> Option<Vec<Statement>> {
        let near = self.nearest(&direct_first(self.request, all))?;
        let few = self.nearest(&facts_first(all))?;
        Some(if few.len() < near.len() { few } else { near })
    }

    /// Returns the contradiction, unless the budget runs out.
    fn nearest(&mut self, all: &[Statement]) -> Option<Vec<Statement>> {
        let (mut possible, mut impossible) = (0, all.len());
        while impossible - possible > 1 {
            let middle = usize::midpoint(possible, impossible);
            if self.is_impossible(&all[..middle])? {
                impossible = middle;
            } else {
                possible = middle;
            }
        }
        let (before, last) = all[..impossible].split_at(impossible - 1);
        let mut kept = last.to_vec();
        if !self.is_impossible(&kept)? {
            let more = self.needed(&kept, before)?;
            kept.extend(more);
        }
        Some(kept)
    }

    /// Returns those of some statements that are needed beside others, preferring the first.
    fn needed(&mut self, beside: &[Statement], of: &[Statement]) -> Option<Vec<Statement>> {
        if of.len() <= 1 {
            return Some(of.to_vec());
        }
        let (first, second) = of.split_at(of.len() / 2);
        let with = [beside, first].concat();
        let from_second =
            if self.is_impossible(&with)? { Vec::new() } else { self.needed(&with, second)? };
        let with = [beside, &from_second].concat();
        let mut needed =
            if self.is_impossible(&with)? { Vec::new() } else { self.needed(&with, first)? };
        needed.extend(from_second);
        Some(needed)
    }

    fn is_impossible(&mut self, statements: &[Statement]) -> Option<bool> {
        let scope = StatementScope::Only(statements.iter().copied().collect());
        match judge(self.catalog, self.request, scope, self.budget) {
            StatementVerdict::Possible(_) => Some(false),
            StatementVerdict::Contradiction(_) => Some(true),
            StatementVerdict::OutOfBudget => None,
        }
    }
}

/// Puts what required packages ask of each other before all other facts.
fn direct_first(request: &Request, all: &[Statement]) -> Vec<Statement> {
    let required: FxHashSet<_> =
        request.requirements.iter().map(|requirement| requirement.package).collect();
    let mut ordered = all.to_vec();
    ordered.sort_by_key(|statement| match statement {
        Statement::Requirement(_) | Statement::Restriction(_) => 0,
        Statement::Needs(from, to) if required.contains(from) && required.contains(to) => 1,
        Statement::Needs(..) | Statement::Pin(_) | Statement::Unasked(_) => 2,
    });
    ordered
}

/// Puts facts before requirements, and each requirement before what it names.
fn facts_first(all: &[Statement]) -> Vec<Statement> {
    let mut ordered = all.to_vec();
    ordered.sort_by_key(|statement| match *statement {
        Statement::Needs(..) | Statement::Pin(_) | Statement::Unasked(_) => (0, 0),
        Statement::Requirement(at) => (at + 1, 0),
        Statement::Restriction(at) => (at + 1, 1),
    });
    ordered
}

/// Takes out whatever can be missed, trying the last statement first.
fn reduce(
    catalog: &Catalog,
    request: &Request,
    statements: Vec<Statement>,
    budget: &mut u64,
) -> Vec<Statement> {
    let mut kept = statements.clone();
    for statement in statements.into_iter().rev() {
        if !kept.contains(&statement) {
            continue;
        }
        let without = kept.iter().copied().filter(|&other| other != statement).collect();
        // Without this one still impossible: what was not used for that can be missed as well.
        if let StatementVerdict::Contradiction(core) =
            judge(catalog, request, StatementScope::Only(without), budget)
        {
            kept.retain(|statement| core.contains(statement));
        }
    }
    kept
}

/// Puts facts into the order in which one follows from the other: what is asked of a package comes
/// before what that package asks.
fn forward(mut statements: Vec<Statement>) -> Vec<Statement> {
    let mut ordered = Vec::new();
    while !statements.is_empty() {
        let asks_of = |one: &Statement, package| matches!(*one, Statement::Needs(from, to) if to == package && from != package);
        let follows = |statement: &Statement| match *statement {
            Statement::Needs(package, _)
            | Statement::Unasked(package)
            | Statement::Pin(package) => statements.iter().any(|other| asks_of(other, package)),
            Statement::Restriction(_) | Statement::Requirement(_) => false,
        };
        // Facts in a circle have no first one.
        let at = statements.iter().position(|one| !follows(one)).unwrap_or(0);
        ordered.push(statements.remove(at));
    }
    ordered
}

/// Returns every statement that the request can reach: requirements first, as they are written, then what
/// they name, then facts, the nearest to the requirements first.
pub(super) fn statements(catalog: &Catalog, request: &Request) -> Vec<Statement> {
    let positions = 0..request.requirements.len();
    let mut statements: Vec<_> = positions.clone().map(Statement::Requirement).collect();
    let restricted = positions.filter(|&at| request.requirements[at].restricted);
    statements.extend(restricted.map(Statement::Restriction));

    let mut known = FxHashSet::default();
    let required = request.requirements.iter().map(|requirement| requirement.package);
    let mut reached: Vec<PackageIx> = required.filter(|&package| known.insert(package)).collect();
    let mut at = 0;
    while let Some(&package) = reached.get(at) {
        at += 1;
        statements.push(Statement::Unasked(package));
        if let Some(pin) = catalog.pins_of(package).first() {
            statements.push(Statement::Pin(package));
            if known.insert(pin.core) {
                reached.push(pin.core);
            }
        }
        for target in targets(catalog, package) {
            statements.push(Statement::Needs(package, target));
            if known.insert(target) {
                reached.push(target);
            }
        }
    }
    statements
}

/// Returns what the releases of a package speak of, by name.
fn targets(catalog: &Catalog, package: PackageIx) -> Vec<PackageIx> {
    let needs =
        catalog.package(package).ranks().flat_map(|rank| catalog.package(package).needs(rank));
    let mut places: Vec<usize> = needs.map(|need| catalog.name_rank(need.target)).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().map(|place| catalog.by_name(place)).collect()
}
