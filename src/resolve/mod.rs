//! Choosing a set of releases that fit together.
//!
//! **The order.** Of all valid sets the lexicographically best one is wanted: first the core of what
//! was asked for, as new as possible; then, given that, the first package asked for; then the second;
//! then, of all packages that a chosen release requires, the first by name, and so on. A package that
//! nobody needs is not in the set. Never is an earlier package made older to make a later one newer. A
//! core that was not asked for is decided first if every release that some requirement leaves needs it;
//! otherwise as soon as a chosen release turns out to. The order is a matter of the request and of
//! what was chosen so far, never of the order of a file or of what the search found out.
//!
//! **What may be chosen.** The releases that a requirement names; of everything else stable releases that
//! were not withdrawn, that have not ended on the day asked about and whose requirements are known; and
//! the release that runs already. A member of a family is chosen only beside the core of its number,
//! unless it was asked for by its name or runs.
//!
//! **Domains.** A package is a variable. What is left of it is a word or a few: a bit for each release
//! and one for its absence. What a release asks of another package, be it a range, an interface level,
//! an optional need or a conflict, has one form: *these releases of `p` go only with those values of
//! `q`*. Releases that ask the same are one group with two masks (`engine/instance`). Nothing is lowered
//! before it is known that it must be there, so a registry of which little is reached costs little.
//!
//! **Propagation.** When something is taken from `q`, groups whose mask no longer meets what is left of
//! it lose their releases of `p`; when something is taken from `p`, `q` keeps only what some release
//! left of `p` goes with. This runs until nothing changes (arc consistency). Absence is a value like any
//! other: when all that is left of `p` requires `q`, the bit of its absence goes, and `q` must be there.
//!
//! **Learning.** Every value that goes leaves an event with its reason on a trail. When a package has
//! nothing left, reasons replace conclusions, backwards along the trail, until the contradiction
//! speaks of one term of the present level. A term is *what is left of this package lies within this
//! mask*, so a nogood has at most one mask of each package, like an incompatibility of `PubGrub`, and
//! one nogood refutes many releases at once. The search goes back to where the nogood first says
//! something, and draws its conclusion there (`engine/analyze.rs`).
//!
//! **Why the first answer is the best one.** The search decides packages in exactly the order above and
//! tries values best first. A value is only ever taken away by propagation and by nogoods, and these
//! follow from what is stated and from the decisions before. So when all packages are decided, every
//! better value of every package has been refuted given what was chosen before it, which is what
//! lexicographically best means. Nothing has to be improved afterwards. How much is taken away, and how
//! early, is a matter of speed alone.
//!
//! **Lowering what is in question.** Of the releases of a registry hardly any is ever in question. So the
//! search begins with nothing lowered: a package gets the best release that goes with what was chosen, and
//! only what that release asks is taken away. What contradictions come back to is lowered after all, and
//! from then on takes part in propagation (`engine/lazy`). A contradiction takes back the last decision
//! alone, while what was learned from it is kept down to the level at which it follows
//! (`engine/chronological.rs`): with hundreds of decisions that nothing speaks against, going back as far as the
//! nogood reaches would mean to make nearly all of them again, just as they were. Where a thousand
//! contradictions are not enough, where sets are listed or counted, and where a contradiction is to be
//! explained, everything that is present is lowered.
//!
//! **Where the order hurts.** Near the border between possible and impossible, a fixed order is a bad
//! one. After a thousand contradictions the instance is handed to a SAT solver that follows them;
//! what it finds is made the best package by package, each time asking whether the best value left goes
//! with all that is settled (`engine/handover.rs`). Lists of sets and fewest changes, which add conditions of
//! their own, do the same inside the engine (`engine/improve.rs`).
//!
//! **From a contradiction to a sentence.** What a request and the catalog state is cut into statements:
//! a requirement, the releases that it names, what of a package may be chosen unasked, what all releases of one
//! package ask of another, what a family binds. A search that keeps apart which statement every reason
//! came from ends with those that contradict each other. Of these, what can be missed is left out, and
//! near statements are preferred to far ones, until dropping any one makes a set possible ([`conflict`]).
//! What one package's releases ask of another is then said once for all that are in question, with the
//! one that comes nearest to fitting ([`wording`]). Repairs are requests with as few changes as
//! possible, each really solved ([`repair`]). *Why not newer* is the same question, asked with what was
//! decided before and a better release ([`why()`]).
//!
//! **Every core, lists, counts.** One instance answers for each release of a core, and what is learned
//! under one holds for all ([`every_core`]). Ruling out what was found gives the next best set
//! ([`sets()`]). Counting decides nothing twice: parts that have nothing to do with each other are
//! multiplied, releases that nothing can tell apart are taken together ([`count()`]).
//!
//! Budgets count steps, not time, so an answer is the same on every machine.
//!
//! References: nogoods of one term per package and their resolution rule are those of N. Weizenbaum's
//! `PubGrub` (2018); clause learning, watched terms and restarts those of `GRASP` (Marques-Silva and
//! Sakallah, 1996), `Chaff` (Moskewicz and others, 2001) and `MiniSat` (Een and Sorensson, 2003); lazy
//! reasons over whole domains are known from lazy clause generation (Ohrimenko, Stuckey and Codish,
//! 2009); going back one level and keeping what follows below is chronological backtracking (Nadel and
//! Ryvchin, 2018); preferred minimal conflicts are U. Junker's `QuickXplain` (2004), repairs R. Reiter's hitting
//! sets (1987); counting by parts is that of `sharpSAT` (Thurley, 2006).

mod chosen;
mod conflict;
mod cores;
mod count;
mod early;
mod engine;
mod open;
mod preference;
mod problem;
mod repair;
mod search;
mod sets;
mod silence;
mod statement;
mod why;
mod wording;

use crate::answer::selection::{Conflict, Resolution, Undecided};
use crate::catalog::{Catalog, ReleaseId};
use crate::finding::{Check, Finding, Severity};

pub use cores::every_core;
pub use count::count;
pub use open::find;
pub use problem::{Origin, Prefer, Request, Requirement, World};
pub use sets::sets;
pub use why::why;

use chosen::{picks, requirement_findings, selection};
use open::PossibleOutcome;
use search::SearchOutcome;

/// Resolves a request.
pub fn resolve(catalog: &Catalog, request: &Request) -> Resolution {
    let mut left = request.budget;
    match search::search_all(catalog, request, &mut left) {
        SearchOutcome::Found(chosen) => {
            let mut found = selection(catalog, request, &chosen);
            found.findings.extend(better_finding(catalog, request, &chosen, &mut left));
            Resolution::Found(found)
        }
        SearchOutcome::Impossible => undecided(catalog, request, &mut left),
        SearchOutcome::OutOfBudget => Resolution::Unknown { steps: request.budget - left },
    }
}

/// Tells what facts exclude from what no fact decides.
fn undecided(catalog: &Catalog, request: &Request, left: &mut u64) -> Resolution {
    match open::possible(catalog, request, left) {
        PossibleOutcome::Found(set) => Resolution::Undecided(Undecided {
            picks: picks(catalog, request, &set.chosen),
            missing: set.missing,
            repairs: conflict::explain(catalog, request).repairs,
            findings: requirement_findings(catalog, request),
        }),
        PossibleOutcome::Impossible => {
            let facts = open::in_world(request, World::Possible);
            Resolution::Impossible(Conflict {
                findings: requirement_findings(catalog, request),
                ..conflict::explain(catalog, &facts)
            })
        }
        PossibleOutcome::OutOfBudget => Resolution::Unknown { steps: request.budget - *left },
    }
}

/// Says which release may be better than what was chosen, and for want of which fact it was not.
fn better_finding(
    catalog: &Catalog,
    request: &Request,
    chosen: &[ReleaseId],
    left: &mut u64,
) -> Option<Finding> {
    let (release, missing) = open::better(catalog, request, chosen, left)?;
    let label = catalog.label(release);
    let why: Vec<_> = missing.into_iter().map(|missing| missing.text).collect();
    let message = format!("{label} may do: {}", why.join("; "));
    Some(Finding::new(Check::BetterUndecided, Severity::Info, label, message))
}

#[cfg(test)]
mod tests;
