//! The parts of an instance.

use super::super::bits::{BITS, Var, Word};
use crate::catalog::PackageIx;

/// One package of the instance.
#[derive(Debug, Clone)]
pub(in super::super) struct Variable {
    pub(in super::super) package: PackageIx,
    /// Position of its first word, in all arrays that hold a word for each.
    pub(in super::super) at: usize,
    /// The number of words of its masks.
    pub(in super::super) words: usize,
    /// The bit that means absence; also the number of releases.
    pub(in super::super) absent: usize,
    /// True once what its releases ask has been lowered.
    pub(in super::super) lowered: bool,
    /// Its own links: first and one past the last.
    pub(in super::super) links: (u32, u32),
    /// The links that point to it.
    pub(in super::super) incoming: Vec<Incoming>,
}

/// What the values of one variable ask of another.
#[derive(Debug, Clone)]
pub(in super::super) struct Link {
    pub(in super::super) from: u32,
    pub(in super::super) to: u32,
    /// True if it is the family that asks.
    pub(in super::super) is_pin: bool,
    /// Mask over `from`: values that ask nothing.
    pub(in super::super) free: usize,
    /// Its groups: first and one past the last. While its variable is being lowered, their number.
    pub(in super::super) groups: (u32, u32),
    /// The word in which a free value was seen last.
    pub(in super::super) hint: u32,
    /// Place of the masks of the values that go with each value of `to`, if they were made.
    pub(super) rows: Option<usize>,
    /// The link as its target sees it.
    pub(in super::super) incoming: Incoming,
}

impl Link {
    /// Makes a link without groups.
    pub(super) fn new(from: u32, to: Var, is_pin: bool) -> Self {
        let to = super::super::bits::small(to);
        let incoming = Incoming { link: 0, from: 1, to: 0 };
        Self { from, to, is_pin, free: 0, groups: (0, 0), hint: 0, rows: None, incoming }
    }
}

/// A link as its target sees it: with a release left that lies between these two every value of the
/// asking variable goes. There is none if the first is the greater.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Incoming {
    pub(in super::super) link: u32,
    pub(super) from: u32,
    pub(super) to: u32,
}

impl Incoming {
    /// Returns true if either end of what is left lies between the two.
    pub(in super::super) fn suits(self, left: Remaining) -> bool {
        let within = |release| self.from <= release && release <= self.to;
        left.from <= left.to && (within(left.from) || within(left.to))
    }
}

/// Values that ask the same.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct ValueGroup {
    pub(super) link: u32,
    /// Mask over the asking variable: the values.
    pub(in super::super) values: u32,
    /// Mask over the other variable: what goes with them.
    pub(in super::super) accepts: u32,
    /// The first and last release of that mask; none if the first is the greater.
    pub(super) from: u32,
    pub(super) to: u32,
    /// True if every release between them is in it.
    pub(super) is_span: bool,
    /// True if absence is in it.
    pub(in super::super) absent: bool,
}

impl ValueGroup {
    /// Returns true if some release that the group accepts is left. `accepts` are the words of its mask
    /// from the first on, `left` those that are left of the variable asked for.
    pub(super) fn meets(&self, accepts: &[Word], left: &[Word], rest: Remaining) -> bool {
        let (from, to) = (self.from.max(rest.from), self.to.min(rest.to));
        if from > to {
            return false;
        }
        // Both ends of what is left are there, so a span that holds one of them goes with it.
        if self.is_span && (from == rest.from || to == rest.to) {
            return true;
        }
        let (first, last) = (from as usize / BITS, to as usize / BITS);
        let own = |word: usize| {
            // The bit of absence is not one of a release.
            let low = if word == first { Word::MAX << (from as usize % BITS) } else { Word::MAX };
            let high = BITS - 1 - to as usize % BITS;
            if word == last { low & Word::MAX >> high } else { low }
        };
        if self.is_span {
            return (first..=last).any(|word| left[word] & own(word) != 0);
        }
        (first..=last).any(|word| left[word] & accepts[word] & own(word) != 0)
    }
}

/// What is left of a variable at a glance: its first and last release, none if the first is the
/// greater, and whether absence is.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Remaining {
    pub(in super::super) from: u32,
    pub(in super::super) to: u32,
    pub(in super::super) absent: bool,
}

/// Place in the lowering of one variable where a target was met last.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LastMet {
    /// Who asks: the variable plus one, or its family.
    pub(super) by: u32,
    pub(super) link: u32,
    /// The last release that asked, and its group.
    pub(super) rank: u32,
    pub(super) group: u32,
}

/// Buffers of the lowering of one variable.
#[derive(Debug, Default)]
pub(super) struct LoweringBuffers {
    /// For each variable, where it was met last.
    pub(super) met: Vec<LastMet>,
    /// Groups of the variable that is being lowered.
    pub(super) groups: Vec<ValueGroup>,
}
