//! The short way: decide in the order of preference and look one step ahead.
//!
//! Each package gets the best release that is left and whose needs leave something of every package
//! that is decided or needed already. A release that is passed over contradicts what was decided
//! before, so as long as no package runs out of releases the set is the best one, and nothing but
//! the chosen releases was ever looked at. When one runs out the short way has failed and says so.

use rustc_hash::FxHashMap;

use super::super::preference::orders;
use super::super::problem::{Prefer, Request, order};
use super::super::statement::Scope;
use super::Var;
use super::space::{BITS, Space, Variable, Word, has, small};
use crate::catalog::{Catalog, NeedKind, PackageIx, Rank, ReleaseId};

/// What is known of a variable on the way.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    touched: bool,
    decided: bool,
}

/// A way that can be walked again and again.
#[derive(Debug)]
pub(in super::super) struct Greedy<'c> {
    space: Space<'c>,
    /// What is decided first; `None` if that needs a closer look.
    fixed: Option<Vec<Var>>,
    orders: FxHashMap<PackageIx, Vec<usize>>,
    /// For each variable, the values that are left.
    left: Vec<Word>,
    known: Vec<Known>,
    touched: Vec<u32>,
    /// Packages that a chosen release requires, as bits over the packages by name.
    waiting: Vec<u64>,
    chosen: Vec<ReleaseId>,
    /// The core that is decided again and again.
    core: Option<Var>,
}

impl<'c> Greedy<'c> {
    pub(in super::super) fn new(
        catalog: &'c Catalog,
        request: &'c Request,
        core: Option<PackageIx>,
    ) -> Self {
        let mut space = Space::new(catalog, request, Scope::All, None);
        let wished = request.wishes.iter().map(|wish| wish.package);
        let fixed = order(catalog, wished);
        // A core that nobody asked for: whether it comes first needs a closer look. And the fewest
        // changes are no matter of one package after the other.
        let plain = request.prefer != Prefer::FewestChanges
            && fixed.iter().all(|&package| space.domains.is_wished(package));
        let fixed = plain.then(|| fixed.into_iter().map(|package| space.var(package)).collect());
        let core = core.map(|core| space.var(core));
        if let (Some(core), Some(fixed)) = (core, &fixed) {
            let fixed: &Vec<Var> = fixed;
            for &var in fixed {
                space.expand(var);
            }
            space.make_rows(core);
        }
        Self {
            space,
            fixed,
            orders: if plain { orders(catalog, request) } else { FxHashMap::default() },
            left: Vec::new(),
            known: Vec::new(),
            touched: Vec::new(),
            waiting: vec![0; catalog.packages().len().div_ceil(64)],
            chosen: Vec::new(),
            core,
        }
    }

    /// Makes a way for one core release after the other, with nothing prepared.
    pub(super) fn for_core(catalog: &'c Catalog, request: &'c Request, core: PackageIx) -> Self {
        let mut greedy = Self::new(catalog, request, None);
        greedy.core = Some(greedy.space.var(core));
        greedy
    }

    /// Returns the best set, if no release has to be taken back to find it.
    pub(in super::super) fn walk(&mut self, steps: &mut u64) -> Option<Vec<ReleaseId>> {
        self.reset();
        self.decide_all(steps)
    }

    /// Returns the best set with a release of the core, if no release has to be taken back to find it.
    pub(in super::super) fn with_core(
        &mut self,
        rank: Rank,
        steps: &mut u64,
    ) -> Option<Vec<ReleaseId>> {
        let core = self.core?;
        *steps = steps.checked_sub(1)?;
        self.reset();
        if !has(self.words(core), rank.ix()) || !self.fits(core, rank.ix()) {
            return None;
        }
        self.take(core, rank.ix())?;
        for at in 0..self.space.vars[core].into.len() {
            let link = self.space.vars[core].into[at].link as usize;
            if let Some(row) = self.space.row(link, rank.ix()) {
                self.keep(self.space.links[link].from as usize, row)?;
            }
        }
        self.decide_all(steps)
    }

    fn reset(&mut self) {
        self.extend();
        while let Some(var) = self.touched.pop() {
            let Variable { at, words, .. } = self.space.vars[var as usize];
            self.left[at..at + words].copy_from_slice(&self.space.base[at..at + words]);
            self.known[var as usize] = Known::default();
        }
        self.waiting.fill(0);
        self.chosen.clear();
    }

    /// Makes room for variables that were added to the space.
    fn extend(&mut self) {
        if self.known.len() < self.space.vars.len() {
            self.left.extend_from_slice(&self.space.base[self.left.len()..]);
            self.known.resize(self.space.vars.len(), Known::default());
        }
    }

    fn words(&self, var: Var) -> &[Word] {
        let Variable { at, words, .. } = self.space.vars[var];
        &self.left[at..at + words]
    }

    fn decide_all(&mut self, steps: &mut u64) -> Option<Vec<ReleaseId>> {
        let fixed = self.fixed.take()?;
        let done = fixed.iter().try_for_each(|&var| self.decide(var, steps));
        self.fixed = Some(fixed);
        done?;
        while let Some(place) = self.first_waiting() {
            self.waiting[place / 64] &= !(1 << (place % 64));
            let var = self.space.find(self.space.catalog.by_name(place))?;
            self.decide(var, steps)?;
        }
        Some(self.chosen.clone())
    }

    fn first_waiting(&self) -> Option<usize> {
        let mut words = self.waiting.iter().enumerate().filter(|(_, word)| **word != 0);
        words.next().map(|(at, word)| at * 64 + word.trailing_zeros() as usize)
    }

    fn decide(&mut self, var: Var, steps: &mut u64) -> Option<()> {
        if self.known[var].decided {
            return Some(());
        }
        let package = self.space.vars[var].package;
        let fitting = if let Some(order) = self.orders.get(&package) {
            let order = order.clone();
            order.into_iter().find(|&bit| self.tries(var, bit, steps))
        } else if self.space.request.prefer == Prefer::Oldest {
            (0..self.space.vars[var].absent).find(|&bit| self.tries(var, bit, steps))
        } else {
            self.newest_fitting(var, steps)
        };
        self.take(var, fitting?)
    }

    fn newest_fitting(&mut self, var: Var, steps: &mut u64) -> Option<usize> {
        let Variable { at, words, absent, .. } = self.space.vars[var];
        for word in (0..words).rev() {
            let mut left = self.left[at + word];
            while left != 0 {
                let bit = BITS - 1 - left.leading_zeros() as usize;
                left &= !(1 << bit);
                let bit = word * BITS + bit;
                if bit != absent {
                    *steps = steps.checked_sub(1)?;
                    if self.fits(var, bit) {
                        return Some(bit);
                    }
                }
            }
        }
        None
    }

    fn tries(&mut self, var: Var, bit: usize, steps: &mut u64) -> bool {
        if *steps == 0 || !has(self.words(var), bit) {
            return false;
        }
        *steps -= 1;
        self.fits(var, bit)
    }

    /// Whether a release leaves something of all that it speaks of. Of what is not needed, absence is
    /// left too.
    fn fits(&mut self, var: Var, bit: usize) -> bool {
        (0..self.asks(var, bit)).all(|at| {
            let (target, mask, _) = self.ask(var, bit, at);
            let words = self.words(target);
            let mask = &self.space.masks[mask..mask + words.len()];
            words.iter().zip(mask).any(|(left, mask)| left & mask != 0)
        })
    }

    /// Puts a release into the set. Fails if that leaves nothing of a package: two needs of one release
    /// may each leave something and nothing together.
    fn take(&mut self, var: Var, bit: usize) -> Option<()> {
        self.touch(var);
        self.known[var].decided = true;
        let Variable { at, words, .. } = self.space.vars[var];
        self.left[at..at + words].fill(0);
        self.left[at + bit / BITS] = 1 << (bit % BITS);
        self.chosen.push((self.space.vars[var].package, Rank::new(bit)));
        for need in 0..self.asks(var, bit) {
            let (target, mask, required) = self.ask(var, bit, need);
            self.keep(target, mask)?;
            if required && !self.known[target].decided {
                let package = self.space.vars[target].package;
                let place = self.space.catalog.name_rank(package);
                self.waiting[place / 64] |= 1 << (place % 64);
            }
        }
        Some(())
    }

    /// Keeps what is in a mask. Fails if nothing is left.
    fn keep(&mut self, var: Var, mask: usize) -> Option<()> {
        self.touch(var);
        let Variable { at, words, .. } = self.space.vars[var];
        let mut rest = 0;
        for word in 0..words {
            let left = &mut self.left[at + word];
            *left &= self.space.masks[mask + word];
            rest |= *left;
        }
        (rest != 0).then_some(())
    }

    fn touch(&mut self, var: Var) {
        if !std::mem::replace(&mut self.known[var].touched, true) {
            self.touched.push(small(var));
        }
    }

    /// Returns of how many packages a release speaks, those included to which its family binds it.
    fn asks(&self, var: Var, bit: usize) -> usize {
        let package = self.space.vars[var].package;
        let needs = self.space.catalog.package(package).needs(Rank::new(bit)).len();
        needs + usize::from(self.space.bond((package, Rank::new(bit))).is_some())
    }

    /// Returns one of these: the variable, where the mask is of what goes with the release, and
    /// whether it is required.
    fn ask(&mut self, var: Var, bit: usize, at: usize) -> (Var, usize, bool) {
        let release = (self.space.vars[var].package, Rank::new(bit));
        let catalog = self.space.catalog;
        let asked = match catalog.package(release.0).needs(release.1).get(at) {
            Some(need) => {
                let target = self.space.var(need.target);
                let mask = self.space.mask(need.constraint.ix(), need.kind, target);
                (target, self.space.mask_at(mask), need.kind == NeedKind::Requires)
            }
            None => {
                let (target, mask) = self.space.bond_mask(release);
                (target, self.space.mask_at(mask), false)
            }
        };
        self.extend();
        asked
    }
}
