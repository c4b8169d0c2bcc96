//! Masks over the values of variables, each distinct constraint made once.

use rustc_hash::FxHashMap;

use super::super::super::problem::World;
use super::super::bits::{BITS, NONE, Word, clear, has, set, small};
use crate::catalog::{Catalog, ConstraintIx, NeedKind, Pin};

/// The size of a variable's masks.
#[derive(Debug, Clone, Copy)]
pub(super) struct MaskShape {
    pub(super) words: usize,
    /// The bit of absence.
    pub(super) absent: usize,
}

/// A mask that is shared.
#[derive(Debug, Clone, Copy)]
pub(super) struct InternedMask {
    pub(super) at: u32,
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) is_span: bool,
    pub(super) absent: bool,
    /// Who asked with it last, and the group of that.
    pub(super) used: (u32, u32),
}

/// The masks of an instance.
#[derive(Debug)]
pub(in super::super) struct Masks {
    pub(in super::super) words: Vec<Word>,
    pub(super) interned: Vec<InternedMask>,
    /// For each constraint and kind of need, its mask plus one.
    of_need: Vec<u32>,
    /// For each pin, its mask.
    of_pin: FxHashMap<usize, u32>,
    /// The world that decides what a need accepts of which no fact tells.
    world: World,
    /// Masks that are the intersection of two others.
    of_both: FxHashMap<(u32, u32), u32>,
}

impl Masks {
    pub(super) fn new(catalog: &Catalog, world: World) -> Self {
        Self {
            world,
            words: Vec::new(),
            interned: Vec::new(),
            of_need: vec![0; catalog.constraints().len() * 3],
            of_pin: FxHashMap::default(),
            of_both: FxHashMap::default(),
        }
    }

    /// Makes room for a mask without bits, and returns its place.
    pub(super) fn room(&mut self, words: usize) -> usize {
        let at = self.words.len();
        self.words.resize(at + words, 0);
        at
    }

    /// Returns the words of a mask.
    pub(in super::super) fn get(&self, at: u32, words: usize) -> &[Word] {
        &self.words[at as usize..at as usize + words]
    }

    /// Returns the interned mask of what a need accepts.
    pub(super) fn of_need(
        &mut self,
        catalog: &Catalog,
        constraint: usize,
        kind: NeedKind,
        over: MaskShape,
    ) -> u32 {
        let key = constraint * 3 + kind as usize;
        if let Some(mask) = self.of_need[key].checked_sub(1) {
            return mask;
        }
        let at = self.room(over.words);
        let mask = &mut self.words[at..];
        self.world.named(catalog, ConstraintIx::new(constraint), kind).write(mask);
        if kind == NeedKind::Conflicts {
            for (word, mask) in mask.iter_mut().enumerate() {
                let bits = over.absent.saturating_sub(word * BITS).min(BITS);
                let all = if bits == BITS { Word::MAX } else { (1 << bits) - 1 };
                *mask = !*mask & all;
            }
        }
        if kind != NeedKind::Requires {
            set(mask, over.absent);
        }
        let mask = self.intern(at, over);
        self.of_need[key] = mask + 1;
        mask
    }

    /// Returns the interned mask of the cores that a pin goes with, by its position.
    pub(super) fn of_pin(&mut self, at: usize, pin: &Pin, over: MaskShape) -> u32 {
        if let Some(&mask) = self.of_pin.get(&at) {
            return mask;
        }
        let place = self.room(over.words);
        let cores = pin.cores.words();
        self.words[place..place + cores.len()].copy_from_slice(cores);
        set(&mut self.words[place..], over.absent);
        let mask = self.intern(place, over);
        self.of_pin.insert(at, mask);
        mask
    }

    /// Returns the interned mask of what is in both: the words at `a`, and the mask `b`.
    pub(super) fn of_both(&mut self, a: u32, b: u32, over: MaskShape) -> u32 {
        if let Some(&mask) = self.of_both.get(&(a, b)) {
            return mask;
        }
        let (at, other) = (self.room(over.words), self.interned[b as usize].at as usize);
        for word in 0..over.words {
            self.words[at + word] = self.words[a as usize + word] & self.words[other + word];
        }
        let mask = self.intern(at, over);
        self.of_both.insert((a, b), mask);
        mask
    }

    /// Interns the mask that begins at a place.
    fn intern(&mut self, at: usize, over: MaskShape) -> u32 {
        let MaskShape { words, absent } = over;
        let has_absent = has(&self.words[at..], absent);
        let (mut from, mut to, mut count) = (NONE, 0, 0);
        for (word, &bits) in self.words[at..at + words].iter().enumerate() {
            let mut bits = [bits];
            if word == absent / BITS {
                clear(&mut bits, absent % BITS);
            }
            let [bits] = bits;
            if bits != 0 {
                from = from.min(small(word * BITS) + bits.trailing_zeros());
                to = small(word * BITS + BITS - 1) - bits.leading_zeros();
                count += bits.count_ones();
            }
        }
        let is_span = count > 0 && to - from + 1 == count;
        let mask = small(self.interned.len());
        let at = small(at);
        self.interned.push(InternedMask {
            at,
            from,
            to,
            is_span,
            absent: has_absent,
            used: (0, 0),
        });
        mask
    }
}
