//! pubgrub with a fixed priority.
//!
//! A package that something speaks of only in case it is there has a release 0, which means that it is
//! not there and is chosen wherever nothing asks for more. The root's version is the question: 0 for
//! the requirements, `n` for the requirements with release `n` of the core.

use std::cmp::Reverse;
use std::ops::Bound;

use pubgrub::{
    Dependencies, DependencyConstraints, DependencyProvider, PackageResolutionStatistics,
    PubGrubError, Ranges,
};

use super::{Set, Stop, Verdict, needed};
use crate::instances::{Binds, Dep, Instance, Span};

/// The package that needs what was required.
const ROOT: u32 = u32::MAX;

/// An instance in pubgrub's form.
pub(crate) struct Pubgrub<'i> {
    instance: &'i Instance,
    /// The place of each package in the order of decision.
    places: Vec<u32>,
    needs: Vec<Vec<Needs>>,
    roots: Needs,
}

type Needs = Vec<(u32, Ranges<u32>)>;

impl<'i> Pubgrub<'i> {
    /// Puts the instance into pubgrub's form.
    pub(crate) fn new(instance: &'i Instance) -> Self {
        let mut places = vec![0; instance.packages.len()];
        for (place, package) in (0..).zip(instance.order()) {
            places[package] = place;
        }
        let releases = |deps: &Vec<Dep>| deps.iter().map(need).collect();
        let needs = instance
            .packages
            .iter()
            .map(|package| package.releases.iter().map(releases).collect())
            .collect();
        let roots = instance
            .roots()
            .iter()
            .map(|requirement| (id(requirement.package), spans(&requirement.allowed)))
            .collect();
        Self { instance, places, needs, roots }
    }

    /// Finds the best set.
    pub(crate) fn solve(&self, stop: Stop<'_>) -> Verdict {
        self.ask(0, stop)
    }

    /// Finds the best set with each release of the core, oldest first.
    pub(crate) fn every_core(&self, stop: Stop<'_>) -> Vec<Verdict> {
        (1..=self.instance.packages[0].count()).map(|core| self.ask(core, stop)).collect()
    }

    fn ask(&self, question: u32, stop: Stop<'_>) -> Verdict {
        let asked = Asked { given: self, stop };
        match pubgrub::resolve(&asked, ROOT, question) {
            Ok(chosen) => {
                let real =
                    chosen.iter().filter(|&(&package, &number)| package != ROOT && number > 0);
                let set: Set = real.map(|(&package, &number)| (package as usize, number)).collect();
                Verdict::Found(needed(self.instance, set))
            }
            Err(PubGrubError::NoSolution(_)) => Verdict::Impossible,
            Err(PubGrubError::ErrorInShouldCancel(Stopped)) => Verdict::Stopped,
            Err(error) => panic!("pubgrub: {error}"),
        }
    }

    /// Returns what the root needs for a question.
    fn root(&self, question: u32) -> Needs {
        let mut needs = self.roots.clone();
        if question > 0 {
            let only = Ranges::singleton(question);
            match needs.iter_mut().find(|(package, _)| *package == 0) {
                Some((_, allowed)) => *allowed = allowed.intersection(&only),
                None => needs.push((0, only)),
            }
        }
        needs
    }
}

fn id(package: usize) -> u32 {
    u32::try_from(package).expect("packages are few")
}

fn spans(spans: &[Span]) -> Ranges<u32> {
    spans.iter().map(|&(from, to)| (Bound::Included(from), Bound::Included(to))).collect()
}

fn need(dep: &Dep) -> (u32, Ranges<u32>) {
    let allowed = spans(&dep.allowed);
    let allowed = match dep.binds {
        Binds::Always => allowed,
        Binds::IfPresent => allowed.union(&Ranges::singleton(0_u32)),
    };
    (id(dep.target), allowed)
}

/// The instance while it is solved.
struct Asked<'a> {
    given: &'a Pubgrub<'a>,
    stop: Stop<'a>,
}

/// Why the search ended before it was done.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
struct Stopped;

impl DependencyProvider for Asked<'_> {
    type P = u32;
    type V = u32;
    type VS = Ranges<u32>;
    type Priority = Reverse<u32>;
    type M = String;
    type Err = Stopped;

    fn prioritize(
        &self,
        package: &u32,
        _: &Ranges<u32>,
        _: &PackageResolutionStatistics,
    ) -> Reverse<u32> {
        Reverse(if *package == ROOT { 0 } else { self.given.places[*package as usize] + 1 })
    }

    fn choose_version(&self, package: &u32, range: &Ranges<u32>) -> Result<Option<u32>, Stopped> {
        if *package == ROOT || range.contains(&0) {
            return Ok(range.as_singleton().copied().or(Some(0)));
        }
        let last = self.given.instance.packages[*package as usize].count();
        Ok(range.iter().filter_map(|(from, to)| newest(*from, *to, last)).max())
    }

    fn get_dependencies(
        &self,
        package: &u32,
        version: &u32,
    ) -> Result<Dependencies<u32, Ranges<u32>, String>, Stopped> {
        let needs = match (*package, *version) {
            (ROOT, question) => self.given.root(question),
            (_, 0) => Vec::new(),
            (package, number) => self.given.needs[package as usize][number as usize - 1].clone(),
        };
        let needs: DependencyConstraints<_, _> = needs.into_iter().collect();
        Ok(Dependencies::Available(needs))
    }

    fn should_cancel(&self) -> Result<(), Stopped> {
        if (self.stop)() { Err(Stopped) } else { Ok(()) }
    }
}

/// Returns the last number up to `last` between two bounds.
fn newest(from: Bound<u32>, to: Bound<u32>, last: u32) -> Option<u32> {
    let low = match from {
        Bound::Included(low) => low,
        Bound::Excluded(low) => low + 1,
        Bound::Unbounded => 1,
    };
    let high = match to {
        Bound::Included(high) => high,
        Bound::Excluded(high) => high.checked_sub(1)?,
        Bound::Unbounded => last,
    };
    let high = high.min(last);
    (low.max(1) <= high).then_some(high)
}
