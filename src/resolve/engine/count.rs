//! How many sets there are.
//!
//! Decide one variable that must be there, count what is left for each of its values, add up. Two
//! things keep that from taking forever. Variables that have nothing to do with each other any more
//! are counted apart and multiplied: once the core is decided, most plugins stand alone. And values
//! between which nothing else can tell the difference are counted once and taken times their number.
//! What was counted for a group of variables with the same values left is remembered.
//!
//! A package that nobody needs is not in a set. So a variable that may be absent takes part only while
//! a variable that must be there may still need it, and is absent otherwise. It never is decided
//! before something needs it; then it must be there like any other.

use num_bigint::BigUint;
use rustc_hash::{FxHashMap, FxHashSet};

use super::space::{Variable, Word, has};
use super::{Engine, Var};
use crate::graph::components;

/// Remember at most this many counts.
const REMEMBERED: usize = 200_000;

/// Variables and the words of their values.
type Key = Vec<Word>;

/// A number, and whether it is all or only a part.
#[derive(Debug, Clone)]
pub(in super::super) struct Counted {
    pub(in super::super) number: BigUint,
    pub(in super::super) exact: bool,
}

impl Counted {
    fn zero(exact: bool) -> Self {
        Self { number: BigUint::ZERO, exact }
    }

    fn one() -> Self {
        Self { number: BigUint::from(1_u32), exact: true }
    }
}

/// Counts that were made.
#[derive(Debug, Default)]
pub(in super::super) struct Memory(FxHashMap<Key, BigUint>);

impl Engine<'_> {
    /// Counts the answers. If the steps do not suffice, counts some of them.
    pub(in super::super) fn count(&mut self) -> Counted {
        let mut memory = Memory::default();
        if self.propagate().is_err() {
            return Counted::zero(true);
        }
        let all: Vec<Var> = (0..self.space.vars.len()).collect();
        self.count_among(&all, &mut memory)
    }

    /// Counts the ways to decide what is open among some variables.
    fn count_among(&mut self, among: &[Var], memory: &mut Memory) -> Counted {
        let parts = self.parts(among);
        let mut product = Counted::one();
        for (at, part) in parts.iter().enumerate() {
            // Each part may take its share of what is left, so that a hard one leaves something to the
            // others.
            let share = self.steps / (parts.len() - at) as u64;
            let rest = self.steps - share;
            self.steps = share;
            let counted = self.count_part(part, memory);
            self.steps += rest;
            product.number *= counted.number;
            product.exact &= counted.exact;
            if product.number == BigUint::ZERO {
                // Nothing times whatever is nothing, if it is really nothing.
                product.exact = counted.exact || product.exact;
                break;
            }
        }
        product
    }

    /// Counts the ways to decide variables that hang together.
    fn count_part(&mut self, part: &[Var], memory: &mut Memory) -> Counted {
        if let &[var] = part
            && !self.asks_itself(var)
        {
            return self.count_alone(var);
        }
        let key = self.key(part);
        if let Some(number) = memory.0.get(&key) {
            return Counted { number: number.clone(), exact: true };
        }
        let Some(var) = self.branch_on(part) else {
            return Counted::one();
        };
        let mut sum = Counted::zero(true);
        for (bit, times) in self.classes(var, part) {
            if self.steps == 0 {
                sum.exact = false;
                break;
            }
            let level = self.level();
            self.push_level();
            if self.keep_bit(var, bit).is_ok() && self.propagate().is_ok() {
                let counted = self.count_among(part, memory);
                sum.number += counted.number * times;
                sum.exact &= counted.exact;
            }
            self.backjump(level);
        }
        if sum.exact && memory.0.len() < REMEMBERED {
            memory.0.insert(key, sum.number.clone());
        }
        sum
    }

    /// A variable that has to do with no other open one: every value of it will do.
    fn count_alone(&self, var: Var) -> Counted {
        let ones: u32 = self.words(var).iter().map(|word| word.count_ones()).sum();
        Counted { number: BigUint::from(ones), exact: true }
    }

    /// Whether some release speaks of its own package, and so may rule itself out.
    fn asks_itself(&self, var: Var) -> bool {
        let (first, last) = self.space.vars[var].links;
        let links = &self.space.links[first as usize..last as usize];
        links.iter().any(|link| link.to as usize == var)
    }

    fn key(&self, part: &[Var]) -> Key {
        let mut key = Vec::with_capacity(part.len() * 3);
        for &var in part {
            key.push(var);
            key.extend_from_slice(self.words(var));
        }
        key
    }

    /// Groups the open variables among some that have to do with each other. Each group is sorted.
    fn parts(&mut self, among: &[Var]) -> Vec<Vec<Var>> {
        let open = self.reachable(among);
        let place: FxHashMap<Var, usize> =
            open.iter().enumerate().map(|(place, &var)| (var, place)).collect();
        let links = open.iter().enumerate().flat_map(|(at, &var)| {
            let others = self.binding_links(var).filter_map(|(to, _)| place.get(&to));
            others.map(move |&other| (at, other))
        });
        let parts = components(open.len(), links);
        parts.into_iter().map(|part| part.into_iter().map(|at| open[at]).collect()).collect()
    }

    /// Returns the variables among some that must be there and have a choice, and all that they may
    /// need, sorted.
    fn reachable(&mut self, among: &[Var]) -> Vec<Var> {
        let open = among.iter().copied();
        let mut open: Vec<Var> =
            open.filter(|&var| self.is_present(var) && !self.is_single(var)).collect();
        let mut known: FxHashSet<Var> = open.iter().copied().collect();
        let mut at = 0;
        while let Some(&var) = open.get(at) {
            at += 1;
            self.expand(var);
            let needed: Vec<Var> = self
                .binding_links(var)
                .filter(|&(to, required)| required && !self.is_present(to))
                .map(|(to, _)| to)
                .collect();
            open.extend(needed.into_iter().filter(|&to| known.insert(to)));
        }
        open.sort_unstable();
        open
    }

    /// Returns what a variable has links to by values that are left and that accept less than all that
    /// is left there, and whether such a value requires it.
    fn binding_links(&self, var: Var) -> impl Iterator<Item = (Var, bool)> + '_ {
        let Variable { at, words, links: (first, last), .. } = self.space.vars[var];
        (first as usize..last as usize).filter_map(move |ix| {
            let link = &self.space.links[ix];
            let to = link.to as usize;
            let (mut binds, mut required) = (false, false);
            for group in self.space.groups_of(link) {
                let values = self.space.mask_words(group.values, words);
                if self.left[at..at + words].iter().zip(values).any(|(a, b)| a & b != 0) {
                    let left = self.words(to);
                    let accepts = self.space.mask_words(group.accepts, left.len());
                    binds |= left.iter().zip(accepts).any(|(left, accepts)| left & !accepts != 0);
                    required |= !group.absent;
                }
            }
            binds.then_some((to, required))
        })
    }

    /// Returns the variable to decide: of those that must be there the one that has to do with most
    /// others.
    fn branch_on(&self, part: &[Var]) -> Option<Var> {
        let open = part.iter().copied().filter(|&var| self.is_present(var) && !self.is_single(var));
        open.max_by_key(|&var| {
            let own = self.binding_links(var).count();
            let mut others = 0;
            for into in &self.space.vars[var].into {
                let stated = &self.space.links[into.link as usize];
                others += usize::from(!self.is_single(stated.from as usize));
            }
            (own + others, std::cmp::Reverse(var))
        })
    }

    /// Groups the values of a variable between which nothing open can tell the difference. Returns one
    /// value of each group and how many it has.
    fn classes(&self, var: Var, part: &[Var]) -> Vec<(usize, u32)> {
        let within: FxHashSet<Var> = part.iter().copied().collect();
        let absent = self.space.vars[var].absent;
        let mut by_effect: FxHashMap<Vec<Word>, usize> = FxHashMap::default();
        let mut classes: Vec<(usize, u32)> = Vec::new();
        for bit in (0..absent).rev().filter(|&bit| self.has(var, bit)) {
            let effect = self.effect(var, bit, &within);
            let class = *by_effect.entry(effect).or_insert(classes.len());
            match classes.get_mut(class) {
                Some((_, times)) => *times += 1,
                None => classes.push((bit, 1)),
            }
        }
        classes
    }

    /// Returns what a value leaves of everything open that it has to do with.
    fn effect(&self, var: Var, bit: usize, within: &FxHashSet<Var>) -> Vec<Word> {
        let has = |mask: u32| has(&self.space.masks[mask as usize..], bit);
        let mut effect = Vec::new();
        let (first, last) = self.space.vars[var].links;
        for ix in first as usize..last as usize {
            let link = &self.space.links[ix];
            let to = link.to as usize;
            if self.is_single(to) {
                continue;
            }
            let left = self.words(to);
            for group in self.space.groups_of(link) {
                if has(group.values) {
                    let accepts = self.space.mask_words(group.accepts, left.len());
                    effect.push(ix);
                    // Of its own package, whether it may be there at all.
                    effect.extend((to == var).then(|| usize::from(has(group.accepts))));
                    effect.extend(left.iter().zip(accepts).map(|(left, accepts)| left & accepts));
                }
            }
        }
        for into in &self.space.vars[var].into {
            let stated = &self.space.links[into.link as usize];
            let from = stated.from as usize;
            if self.is_single(from) || !within.contains(&from) {
                continue;
            }
            let Variable { at, words, .. } = self.space.vars[from];
            for (ix, group) in (0..).zip(self.space.groups_of(stated)) {
                let values = self.space.mask_words(group.values, words);
                let open = self.left[at..at + words].iter().zip(values).any(|(a, b)| a & b != 0);
                if open && has(group.accepts) {
                    effect.extend([usize::MAX - from, ix]);
                }
            }
        }
        effect
    }
}
