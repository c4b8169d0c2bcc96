//! The ranges that nearly all are, read straight into a span of a sorted list.
//!
//! That is comparisons with plain versions, joined by commas. Whoever reads a hundred thousand ranges tries
//! this first; it says nothing of other ranges, nor of what is wrong with them.

use std::ops;

use super::terms::{Bare, Op};
use crate::version::{Plain, PlainKey, Scheme};

/// The places of a package's releases, all of them plain, ascending, with a hash table of them: bounds
/// are nearly always versions that were released, and one look is faster than halving.
#[derive(Debug, Default)]
pub(crate) struct Ladder {
    places: Vec<PlainKey>,
    /// Positions plus one, by hash; zero is free.
    slots: Vec<u32>,
}

impl Ladder {
    /// Takes other places instead.
    pub(crate) fn fill(&mut self, places: impl Iterator<Item = PlainKey>) {
        self.places.clear();
        self.places.extend(places);
        self.slots.clear();
        self.slots.resize((self.places.len() * 2).next_power_of_two(), 0);
        for (&place, entry) in self.places.iter().zip(1..) {
            let free = self.from(place).find(|&at| self.slots[at] == 0);
            self.slots[free.unwrap_or_default()] = entry;
        }
    }

    /// Returns how many places there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// Returns the positions that a range of this scheme admits; `None` if [`super::Terms`] must read it.
    pub(crate) fn span(
        &self,
        range: &str,
        scheme: Scheme,
        bare: Bare,
    ) -> Option<ops::Range<usize>> {
        let mut kept = 0..self.len();
        let mut rest = range.as_bytes();
        if rest == b"*" {
            return Some(kept);
        }
        loop {
            let (op, operand) = operator(rest);
            let (version, after) = Plain::read(mark(operand.trim_ascii_start(), scheme))?;
            // In PEP 440 a release line has no operator in front.
            let may_be_line = scheme != Scheme::Pep440 || (op.is_none() && bare == Bare::Exact);
            let (first, last) = version.places(scheme, may_be_line)?;
            match op.unwrap_or(bare.op()) {
                Op::Equal => {
                    kept = kept.start.max(self.below(first))..kept.end.min(self.up_to(last));
                }
                Op::Less => kept.end = kept.end.min(self.below(first)),
                Op::LessEqual => kept.end = kept.end.min(self.up_to(last)),
                Op::Greater => kept.start = kept.start.max(self.up_to(last)),
                Op::GreaterEqual => kept.start = kept.start.max(self.below(first)),
                Op::NotEqual => return None,
            }
            match after.trim_ascii_start() {
                [] => return Some(kept.start..kept.end.max(kept.start)),
                [b',', more @ ..] => rest = more,
                [..] => return None,
            }
        }
    }

    /// Counts the places before this one.
    fn below(&self, bound: PlainKey) -> usize {
        let exact = self.position(bound);
        exact.unwrap_or_else(|| self.places.partition_point(|place| *place < bound))
    }

    /// Counts the places up to this one.
    fn up_to(&self, bound: PlainKey) -> usize {
        let exact = self.position(bound).map(|at| at + 1);
        exact.unwrap_or_else(|| self.places.partition_point(|place| *place <= bound))
    }

    fn position(&self, wanted: PlainKey) -> Option<usize> {
        for at in self.from(wanted) {
            let position = (self.slots[at] as usize).checked_sub(1)?;
            if self.places[position] == wanted {
                return Some(position);
            }
        }
        None
    }

    /// Returns all slots, from the place's own one on.
    fn from(&self, place: PlainKey) -> impl Iterator<Item = usize> + use<> {
        let (count, mask) = (self.slots.len(), self.slots.len() - 1);
        (place.hash()..).map(move |at| at & mask).take(count)
    }
}

/// Splits the operator off, if there is one. Those that are not known here stay, and are no version.
fn operator(text: &[u8]) -> (Option<Op>, &[u8]) {
    match text.trim_ascii_start() {
        [b'>', b'=', rest @ ..] => (Some(Op::GreaterEqual), rest),
        [b'<', b'=', rest @ ..] => (Some(Op::LessEqual), rest),
        [b'=', b'=', rest @ ..] | [b'=', rest @ ..] => (Some(Op::Equal), rest),
        [b'>', rest @ ..] => (Some(Op::Greater), rest),
        [b'<', rest @ ..] => (Some(Op::Less), rest),
        rest => (None, rest),
    }
}

/// Strips the mark that versions of some schemes have in front.
fn mark(text: &[u8], scheme: Scheme) -> &[u8] {
    match text {
        [b'v', rest @ ..] if scheme == Scheme::Duckdb => rest,
        [..] => text,
    }
}
