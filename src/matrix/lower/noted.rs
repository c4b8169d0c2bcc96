//! The ranges that needs state, as they were met.

use std::hash::{BuildHasher, Hasher};

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::catalog::{ConstraintIx, PackageIx};
use crate::range::Bare;

/// A range as it is written. What is equal here is one constraint.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct StatedRange<'r> {
    pub(super) target: PackageIx,
    /// How a bare version is read.
    pub(super) bare: Bare,
    pub(super) range: &'r str,
    /// The publisher's own words.
    pub(super) declared: Option<&'r str>,
}

/// The ranges that were met, some of them more than once. Until they are read, a [`ConstraintIx`] is the
/// place in this list.
#[derive(Default)]
pub(super) struct Ranges<'r> {
    met: Vec<Met<'r>>,
    declared: FxHashMap<ConstraintIx, &'r str>,
}

/// Most of [`StatedRange`], for there are many.
#[derive(Clone, Copy)]
struct Met<'r> {
    target: PackageIx,
    bare: Bare,
    range: &'r str,
}

impl<'r> Ranges<'r> {
    /// Notes a range and returns its place.
    pub(super) fn note(&mut self, stated: StatedRange<'r>) -> ConstraintIx {
        let StatedRange { target, bare, range, declared } = stated;
        let place = ConstraintIx::new(self.met.len());
        self.met.push(Met { target, bare, range });
        if let Some(declared) = declared {
            self.declared.insert(place, declared);
        }
        place
    }

    /// Returns how many ranges were met.
    pub(super) fn len(&self) -> usize {
        self.met.len()
    }

    /// Returns the package that a range is about.
    pub(super) fn target(&self, place: ConstraintIx) -> PackageIx {
        self.met[place.ix()].target
    }

    pub(super) fn stated(&self, place: ConstraintIx) -> StatedRange<'r> {
        let Met { target, bare, range } = self.met[place.ix()];
        // Nearly always there are none.
        let declared = if self.declared.is_empty() { None } else { self.declared.get(&place) };
        StatedRange { target, bare, range, declared: declared.copied() }
    }

    /// Returns all places, those about one of `packages` packages together, each of them in order.
    pub(super) fn by_target(&self, packages: usize) -> Vec<ConstraintIx> {
        let mut next = vec![0; packages + 1];
        for met in &self.met {
            next[met.target.ix() + 1] += 1;
        }
        for package in 0..packages {
            next[package + 1] += next[package];
        }
        let mut order = vec![ConstraintIx::new(0); self.met.len()];
        for (place, met) in self.met.iter().enumerate() {
            order[next[met.target.ix()]] = ConstraintIx::new(place);
            next[met.target.ix()] += 1;
        }
        order
    }
}

impl StatedRange<'_> {
    pub(super) fn hash(&self) -> u32 {
        let mut hasher = FxBuildHasher.build_hasher();
        hasher.write(self.range.as_bytes());
        let hash = hasher.finish();
        u32::try_from((hash ^ hash >> 32) & u64::from(u32::MAX)).unwrap_or_default()
    }
}
