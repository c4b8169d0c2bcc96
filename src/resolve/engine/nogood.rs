//! Learned nogoods: at most one term of each variable, not all of which can hold.
//!
//! A term holds when all that is left of its variable is within its mask. Two terms of each nogood
//! are watched; as long as neither holds the nogood has nothing to say.

use super::super::statement::Statement;
use super::space::{Word, small};

/// One term.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    pub(super) var: u32,
    /// Where the words of its mask are.
    at: u32,
}

/// That a nogood has to be looked at when a variable changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Watch {
    pub(super) nogood: u32,
}

#[derive(Debug, Clone)]
struct Nogood {
    /// Its terms: the first two are watched.
    first: u32,
    count: u32,
    /// How many levels it spans; the fewer, the more it is worth.
    spread: u32,
    alive: bool,
    /// Whether it must stay.
    fixed: bool,
    activity: f32,
    /// The statements that it follows from, if these are kept apart.
    from: Vec<Statement>,
}

#[derive(Debug, Default)]
pub(super) struct Nogoods {
    pub(super) watches: Vec<Vec<Watch>>,
    list: Vec<Nogood>,
    terms: Vec<Term>,
    masks: Vec<Word>,
    /// How many may go.
    pub(super) passing: usize,
}

/// A nogood that is being made.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Variables and masks; the first is the one that follows.
    pub(super) terms: Vec<(u32, Vec<Word>)>,
    pub(super) spread: u32,
    pub(super) from: Vec<Statement>,
}

impl Nogoods {
    /// Adds a nogood, whose first term is the one to watch beside the second.
    pub(super) fn add(&mut self, draft: &Draft, fixed: bool) -> u32 {
        let first = small(self.terms.len());
        for (var, mask) in &draft.terms {
            self.terms.push(Term { var: *var, at: small(self.masks.len()) });
            self.masks.extend_from_slice(mask);
        }
        let nogood = small(self.list.len());
        self.list.push(Nogood {
            first,
            count: small(draft.terms.len()),
            spread: draft.spread,
            alive: true,
            fixed,
            activity: 0.0,
            from: draft.from.clone(),
        });
        if !fixed {
            self.passing += 1;
        }
        for (var, _) in draft.terms.iter().take(2).filter(|_| draft.terms.len() > 1) {
            self.watches[*var as usize].push(Watch { nogood });
        }
        nogood
    }

    /// Whether some nogood is no consequence of the instance.
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

    pub(super) fn term(&self, term: usize) -> Term {
        self.terms[term]
    }

    pub(super) fn mask(&self, term: Term, words: usize) -> &[Word] {
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
        self.watches[self.terms[old].var as usize].push(Watch { nogood });
    }

    pub(super) fn from(&self, nogood: u32) -> &[Statement] {
        &self.list[nogood as usize].from
    }

    /// Notes that a nogood was of use.
    pub(super) fn warm(&mut self, nogood: u32) {
        self.list[nogood as usize].activity += 1.0;
    }

    /// Drops the half that is worth least, but none of those in use.
    pub(super) fn reduce(&mut self, in_use: impl Fn(u32) -> bool) {
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

    /// Makes older activities count less.
    pub(super) fn cool(&mut self) {
        for nogood in &mut self.list {
            nogood.activity *= 0.5;
        }
    }
}
