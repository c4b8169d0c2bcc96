//! Terms from which something follows.

use super::bits::{Var, Word, small};

/// Terms, at most one of each variable: *what is left of the variable lies within the mask*.
#[derive(Debug, Default)]
pub(in super::super) struct Explanation {
    /// Variables, and the places of their masks.
    terms: Vec<(u32, usize)>,
    words: Vec<Word>,
}

impl Explanation {
    pub(super) fn clear(&mut self) {
        self.terms.clear();
        self.words.clear();
    }

    /// Adds a term whose mask has so many words, all of them alike, and returns the mask.
    pub(super) fn push(&mut self, var: Var, words: usize, word: Word) -> &mut [Word] {
        let first = self.words.len();
        self.terms.push((small(var), first));
        self.words.resize(first + words, word);
        &mut self.words[first..]
    }

    /// Adds a term, to one that the variable may have already.
    pub(super) fn narrow(&mut self, var: Var, mask: &[Word]) {
        let own = self.terms.iter().find(|(other, _)| *other as usize == var);
        let Some(&(_, first)) = own else {
            self.push(var, mask.len(), 0).copy_from_slice(mask);
            return;
        };
        for (word, mask) in self.words[first..].iter_mut().zip(mask) {
            *word &= mask;
        }
    }

    /// Returns the variables and their masks.
    pub(super) fn terms(&self) -> impl Iterator<Item = (Var, &[Word])> + '_ {
        self.terms.iter().enumerate().map(|(at, &(var, first))| {
            let last = self.terms.get(at + 1).map_or(self.words.len(), |&(_, next)| next);
            (var as usize, &self.words[first..last])
        })
    }
}
