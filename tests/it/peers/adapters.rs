//! Solvers that are not ours, asked the same question: pubgrub, resolvo and batsat.
//!
//! Each adapter takes an [`Instance`] in two steps: what a caller of that solver would have at hand
//! before anything is asked, and the question. Only the second is timed by `benches/resolve.rs`. All
//! are told to decide in the order of [`Instance::order`], newest first.

#[path = "by_batsat.rs"]
mod by_batsat;
#[path = "by_pubgrub.rs"]
mod by_pubgrub;
#[path = "by_resolvo.rs"]
mod by_resolvo;

pub(crate) use by_batsat::Batsat;
pub(crate) use by_pubgrub::Pubgrub;
pub(crate) use by_resolvo::Resolvo;

use crate::instances::Instance;

/// A set: positions of packages and numbers of their releases, by position.
pub(crate) type Set = Vec<(usize, u32)>;

/// What a solver says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The set that it found, with nothing in it that nobody needs.
    Found(Set),
    /// There is none.
    Impossible,
    /// It was stopped.
    Stopped,
}

/// Asked now and then, whether to go on.
pub(crate) type Stop<'s> = &'s dyn Fn() -> bool;

/// Keeps of a set what the roots lead to.
fn needed(instance: &Instance, mut set: Set) -> Set {
    set.sort_unstable();
    let number = |package| {
        set.binary_search_by_key(&package, |&(package, _)| package).ok().map(|at| set[at].1)
    };
    let mut reached = vec![false; instance.packages.len()];
    let mut open: Vec<_> = instance.roots().into_iter().map(|wish| wish.package).collect();
    while let Some(package) = open.pop() {
        if !std::mem::replace(&mut reached[package], true)
            && let Some(number) = number(package)
        {
            open.extend(instance.packages[package].calls_for(number));
        }
    }
    set.retain(|&(package, _)| reached[package]);
    set
}
