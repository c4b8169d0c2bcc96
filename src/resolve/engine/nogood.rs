//! Learned nogoods: at most one term of each variable, not all of which can hold.
//!
//! A term holds when all that is left of its variable is within its mask. Two terms of each nogood
//! are watched; as long as neither holds the nogood has nothing to say.

use rustc_hash::FxHashSet;

use super::super::statement::Statement;
use super::bits::{Var, Word, small};

/// Keep this many nogoods at first.
const KEEP: usize = 4_000;

/// One term.
#[derive(Debug, Clone, Copy)]
pub(super) struct NogoodTerm {
    pub(super) var: u32,
    /// Where the words of its mask are.
    at: u32,
}

#[derive(Debug, Clone)]
struct Nogood {
    /// Its terms: the first two are watched.
    first: u32,
    count: u32,
    /// The number of levels that it spans; the fewer, the more it is worth.
    spread: u32,
    alive: bool,
    /// True if it must stay.
    fixed: bool,
    activity: f32,
    /// The statements that it follows from, if these are kept apart.
    from: Vec<Statement>,
}

#[derive(Debug, Default)]
pub(super) struct Nogoods {
    /// For each variable, the nogoods that have to be looked at when it changes.
    watches: Vec<Vec<u32>>,
    list: Vec<Nogood>,
    terms: Vec<NogoodTerm>,
    masks: Vec<Word>,
    /// The number of those that may go.
    passing: usize,
    reductions: usize,
    /// Conclusions that were drawn at a higher level than they follow at.
    pub(super) early: Vec<EarlyConclusion>,
}

/// A conclusion that was drawn at a higher level than it follows at.
#[derive(Debug, Clone, Copy)]
pub(super) struct EarlyConclusion {
    pub(super) nogood: u32,
    pub(super) var: u32,
    pub(super) follows: usize,
    /// The level at which it was drawn.
    pub(super) at: usize,
}

/// A nogood as it comes out of an analysis.
#[derive(Debug, Default)]
pub(super) struct LearnedNogood {
    /// Variables and masks; the first is the one that follows.
    pub(super) terms: Vec<(u32, Vec<Word>)>,
    pub(super) spread: u32,
    pub(super) from: Vec<Statement>,
}

impl Nogoods {
    /// Adds a nogood, whose first term is the one to watch beside the second.
    pub(super) fn add(&mut self, learned: &LearnedNogood, fixed: bool) -> u32 {
        let first = small(self.terms.len());
        for (var, mask) in &learned.terms {
            self.terms.push(NogoodTerm { var: *var, at: small(self.masks.len()) });
            self.masks.extend_from_slice(mask);
        }
        let nogood = small(self.list.len());
        self.list.push(Nogood {
            first,
            count: small(learned.terms.len()),
            spread: learned.spread,
            alive: true,
            fixed,
            activity: 0.0,
            from: learned.from.clone(),
        });
        if !fixed {
            self.passing += 1;
        }
        for (var, _) in learned.terms.iter().take(2).filter(|_| learned.terms.len() > 1) {
            self.watch(*var as usize, nogood);
        }
        nogood
    }

    fn watch(&mut self, var: Var, nogood: u32) {
        if self.watches.len() <= var {
            self.watches.resize_with(var + 1, Vec::new);
        }
        self.watches[var].push(nogood);
    }

    /// Takes the nogoods that watch a variable. Those that still do are to be given back.
    pub(super) fn take_watches(&mut self, var: Var) -> Vec<u32> {
        self.watches.get_mut(var).map(std::mem::take).unwrap_or_default()
    }

    /// Gives back the nogoods that watch a variable, before those that came to watch it meanwhile.
    pub(super) fn give_watches(&mut self, var: Var, mut watches: Vec<u32>) {
        if let Some(own) = self.watches.get_mut(var) {
            watches.append(own);
            *own = watches;
        }
    }

    /// Returns true if some nogood is no consequence of the instance.
    pub(super) fn has_fixed(&self) -> bool {
        self.passing < self.list.iter().filter(|nogood| nogood.alive).count()
    }

    pub(super) fn is_alive(&self, nogood: u32) -> bool {
        self.list[nogood as usize].alive
    }

    pub(super) fn watched(&self, nogood: u32) -> (usize, usize) {
        let first = self.list[nogood as usize].first as usize;
        (first, first + 1)
    }

    pub(super) fn terms(&self, nogood: u32) -> std::ops::Range<usize> {
        let Nogood { first, count, .. } = self.list[nogood as usize];
        first as usize..(first + count) as usize
    }

    pub(super) fn term(&self, term: usize) -> NogoodTerm {
        self.terms[term]
    }

    pub(super) fn mask(&self, term: NogoodTerm, words: usize) -> &[Word] {
        &self.masks[term.at as usize..term.at as usize + words]
    }

    /// Returns the mask of the term that a nogood has of a variable.
    pub(super) fn mask_of(&self, nogood: u32, var: u32, words: usize) -> &[Word] {
        let term = self.terms(nogood).find(|&term| self.terms[term].var == var);
        term.map_or(&[], |term| self.mask(self.terms[term], words))
    }

    /// Watches another term instead of one of the two.
    pub(super) fn rewatch(&mut self, nogood: u32, old: usize, new: usize) {
        self.terms.swap(old, new);
        self.watch(self.terms[old].var as usize, nogood);
    }

    pub(super) fn from(&self, nogood: u32) -> &[Statement] {
        &self.list[nogood as usize].from
    }

    /// Notes that a nogood was of use.
    pub(super) fn bump(&mut self, nogood: u32) {
        self.list[nogood as usize].activity += 1.0;
    }

    /// Drops the half that is worth least, but none of those in use, if there are too many.
    pub(super) fn reduce_if_crowded(&mut self, used: impl Iterator<Item = u32>) {
        if self.passing < KEEP + 1_000 * self.reductions {
            return;
        }
        self.reductions += 1;
        let used: FxHashSet<u32> = used.collect();
        self.reduce(|nogood| used.contains(&nogood));
        self.decay();
    }

    fn reduce(&mut self, in_use: impl Fn(u32) -> bool) {
        let mut passing: Vec<u32> = (0..small(self.list.len()))
            .filter(|&ix| {
                let nogood = &self.list[ix as usize];
                nogood.alive && !nogood.fixed && nogood.spread > 2 && !in_use(ix)
            })
            .collect();
        passing.sort_by(|&a, &b| {
            let (a, b) = (&self.list[a as usize], &self.list[b as usize]);
            b.spread.cmp(&a.spread).then(a.activity.total_cmp(&b.activity))
        });
        passing.truncate(passing.len() / 2);
        for &ix in &passing {
            self.list[ix as usize].alive = false;
        }
        self.passing -= passing.len();
    }

    /// Makes older activity count less.
    fn decay(&mut self) {
        for nogood in &mut self.list {
            nogood.activity *= 0.5;
        }
    }
}
