//! The part of a sorted list that a range admits, found by halving instead of trying every version.
//!
//! Holds for versions that are numbers alone: for them each operator cuts the list at one or two places.
//! The others ([`Version::is_plain`]) have exceptions around a bound and are tried one by one.

use std::cmp::Ordering;
use std::ops;

use super::terms::{Comparator, Op, Operand, Terms, compare_to_line};
use crate::version::Version;

impl Terms {
    /// Calls `keep` with the positions that they admit among `len` ascending versions of one
    /// scheme. What they say of versions that are not plain does not count.
    pub(crate) fn spans<'v>(
        &self,
        len: usize,
        version: &impl Fn(usize) -> &'v Version,
        mut keep: impl FnMut(ops::Range<usize>),
    ) {
        for all in self.alternatives() {
            let mut kept = 0..len;
            let mut holes = Vec::new();
            for comparator in all {
                match comparator.op {
                    Op::NotEqual => holes.push(comparator.equal(len, version)),
                    Op::Equal => {
                        let equal = comparator.equal(len, version);
                        kept = kept.start.max(equal.start)..kept.end.min(equal.end);
                    }
                    Op::Less => kept.end = kept.end.min(comparator.below(len, version)),
                    Op::LessEqual => kept.end = kept.end.min(comparator.up_to(len, version)),
                    Op::Greater => kept.start = kept.start.max(comparator.up_to(len, version)),
                    Op::GreaterEqual => kept.start = kept.start.max(comparator.below(len, version)),
                }
            }
            holes.sort_unstable_by_key(|hole| hole.start);
            for hole in holes {
                keep(kept.start..kept.end.min(hole.start).max(kept.start));
                kept.start = kept.start.max(hole.end);
            }
            keep(kept.start..kept.end.max(kept.start));
        }
    }
}

impl Comparator {
    fn equal<'v>(&self, len: usize, version: &impl Fn(usize) -> &'v Version) -> ops::Range<usize> {
        self.below(len, version)..self.up_to(len, version)
    }

    /// Counts the versions that are less than the operand.
    fn below<'v>(&self, len: usize, version: &impl Fn(usize) -> &'v Version) -> usize {
        partition(len, |ix| self.compare(version(ix)) == Ordering::Less)
    }

    /// Counts the versions that are not greater than the operand.
    fn up_to<'v>(&self, len: usize, version: &impl Fn(usize) -> &'v Version) -> usize {
        partition(len, |ix| self.compare(version(ix)) != Ordering::Greater)
    }

    fn compare(&self, version: &Version) -> Ordering {
        let exact = |bound| version.precedence(bound).unwrap_or(Ordering::Less);
        match (&self.operand, self.op) {
            (Operand::Exact(bound), _) => exact(bound),
            (Operand::Line { floor, .. }, Op::Less | Op::GreaterEqual) => exact(floor),
            (
                Operand::Line { numbers, floor },
                Op::Equal | Op::NotEqual | Op::LessEqual | Op::Greater,
            ) => compare_to_line(version, *numbers, floor),
        }
    }
}

/// Returns the first position for which `before` does not hold; it holds for all before that.
fn partition(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low.midpoint(high);
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
