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

use std::collections::BTreeMap;

use skew::answer::selection::SetOutcome;
use skew::catalog::{Catalog, ReleaseId};

use crate::instances::Instance;

/// A set: positions of packages and numbers of their releases, by position.
pub(crate) type Set = Vec<(usize, u32)>;

/// What a solver says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The set that it found, with nothing in it that nobody needs.
    Found(Set),
    /// None is known to work, and this one is not excluded.
    Open(Set),
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
    let mut open: Vec<_> =
        instance.roots().into_iter().map(|requirement| requirement.package).collect();
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

/// Reads our own answer as the peers give theirs.
pub(crate) fn read(catalog: &Catalog, instance: &Instance, answer: &SetOutcome) -> Verdict {
    match answer {
        SetOutcome::Set(chosen) => Verdict::Found(placed(catalog, instance, chosen)),
        SetOutcome::Open(chosen) => Verdict::Open(placed(catalog, instance, chosen)),
        SetOutcome::Impossible => Verdict::Impossible,
        SetOutcome::Unknown => Verdict::Stopped,
    }
}

fn placed(catalog: &Catalog, instance: &Instance, chosen: &[ReleaseId]) -> Set {
    let places: BTreeMap<_, _> =
        (0..).zip(&instance.packages).map(|(at, package)| (&*package.name, at)).collect();
    let place = |release: ReleaseId| {
        let package = places[&*catalog.package(release.0).name];
        let versions = &instance.packages[package].versions;
        let at = versions.iter().position(|version| version == catalog.version(release));
        let at = at.expect("only open releases are chosen");
        (package, u32::try_from(at + 1).expect("releases are few"))
    };
    let mut set: Set = chosen.iter().map(|&release| place(release)).collect();
    set.sort_unstable();
    set
}

/// Returns the part of an answer that was required.
pub(crate) fn required(instance: &Instance, verdict: &Verdict) -> Verdict {
    let roots: Vec<_> =
        instance.roots().into_iter().map(|requirement| requirement.package).collect();
    let part = |set: &Set| -> Set {
        set.iter().filter(|(package, _)| roots.contains(package)).copied().collect()
    };
    match verdict {
        Verdict::Found(set) => Verdict::Found(part(set)),
        Verdict::Open(set) => Verdict::Open(part(set)),
        Verdict::Impossible | Verdict::Stopped => verdict.clone(),
    }
}
