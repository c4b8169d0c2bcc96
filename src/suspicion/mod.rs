//! Suspicious picks of a set of releases though every stated requirement holds.
//!
//! Requirements say what does not work. They say little about what was never meant: installers satisfy
//! them with a release of years ago that happens to state none. Here a set is looked at as its
//! publishers would look at it.
//!
//! - A member of a lockstep family is off the number that goes with its core: [`Check::FamilyMismatch`].
//! - That number is not published, yet or ever, so that nothing could have been right:
//!   [`Check::FamilyUnpublished`].
//! - Nothing binds a member to its core, so the next installation may part them:
//!   [`Check::FamilyUnpinned`].
//! - A release is years older than the core it extends, though newer ones are out:
//!   [`Check::PickOutdated`].
//! - A runtime's line came out after what accepts it by an open range: [`Check::RuntimeUntested`].
//!
//! A release off its family that nobody asked for by its version is an error: the set is refused, and
//! the finding names the newest core with which all members are out. One that was asked for is a
//! warning. This module does not choose; [`Catalog::pins`] has what a search needs in order to stay on
//! the mappings in the first place.

mod age;
mod lockstep;
mod picks;
mod runtime;

use crate::catalog::{Catalog, PackageIx, ReleaseId};
use crate::finding::{Check, Code, Finding};

pub use lockstep::coherent_cores;

use picks::Picks;

/// Returns what is suspicious about a set: what concerns families, in the order of the matrices, then
/// what concerns ages, in the order of the set.
///
/// `chosen` is the set, each package once. `asked` are the packages of which the user named the very
/// release that is in the set, or which run at it already.
pub fn suspicions(catalog: &Catalog, chosen: &[ReleaseId], asked: &[PackageIx]) -> Vec<Finding> {
    let set = Picks { catalog, releases: chosen, asked };
    let mut findings = Vec::new();
    for family in catalog.families() {
        if let Some(core) = set.rank_of(family.core) {
            findings.extend(lockstep::findings(&set, family, core));
        }
    }
    let is_told = |finding: &Finding| finding.code == Code::Check(Check::FamilyUnpublished);
    if !findings.iter().any(is_told) {
        let cores = chosen
            .iter()
            .filter(|&&core| catalog.families().iter().any(|family| family.core == core.0));
        findings.extend(cores.filter_map(|&core| lockstep::window(&set, core)));
    }
    findings.extend(age::findings(&set));
    findings.extend(runtime::findings(&set));
    findings
}

/// Returns whether a plugin was hardly meant for a core though its requirements hold: it is off its family, or years
/// older than the core, or states nothing about it and came years later.
///
/// This is the question of [`suspicions`] about one pair, without words, for tables of thousands of pairs.
pub fn is_doubtful(catalog: &Catalog, core: ReleaseId, plugin: ReleaseId) -> bool {
    lockstep::is_off(catalog, core, plugin) || age::is_apart(catalog, core, plugin)
}

#[cfg(test)]
mod tests;
