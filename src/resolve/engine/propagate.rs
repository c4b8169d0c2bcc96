//! Propagation: what follows from what is left.
//!
//! A variable that changed is looked at from three sides. Nogoods that watch it may now leave only
//! one way out. What its remaining values accept of another variable bounds that one. And values of
//! others that accept nothing of what is left of it go. A variable that is known to be present is
//! lowered at that moment, and its own values are looked at too: what they need may have gone while
//! nobody asked.

use super::space::{Rest, Variable};
use super::{Emptied, Engine, Reason, Var};

impl Engine<'_> {
    /// Takes away what can be in no answer, until nothing changes.
    pub(super) fn propagate(&mut self) -> Result<(), Emptied> {
        self.propagate_after(Ok(()))
    }

    /// Does so after something else was taken away. If that emptied a variable, nothing may change before
    /// it is known why.
    pub(super) fn propagate_after(&mut self, before: Result<(), Emptied>) -> Result<(), Emptied> {
        if let Some(emptied) = self.refuted {
            return Err(emptied);
        }
        let done = before.and_then(|()| self.run());
        if let Err(emptied) = done {
            self.clear_queue();
            self.refuted = (self.level() == 0).then_some(emptied);
        }
        done
    }

    fn run(&mut self) -> Result<(), Emptied> {
        loop {
            if let Some(var) = self.arrivals.pop_front() {
                self.arrived[var as usize] = false;
                self.meet(var as usize)?;
            } else if let Some(var) = self.queue.pop_front() {
                self.queued[var as usize] = false;
                self.follow(var as usize)?;
            } else {
                return Ok(());
            }
        }
    }

    /// Looks at a variable that is present: what it asks, and what of that it cannot have.
    fn meet(&mut self, var: Var) -> Result<(), Emptied> {
        if self.is_empty(var) {
            return Err(Emptied(var));
        }
        if self.is_present(var) {
            if !self.space.lazy {
                self.expand(var);
            } else if self.outlook.watchful {
                self.lean(var)?;
            }
            self.check_own(var)?;
            self.forward(var)?;
        }
        if self.bound.is_some() { self.hold_bound() } else { Ok(()) }
    }

    /// Looks at what follows from a variable that has lost values.
    fn follow(&mut self, var: Var) -> Result<(), Emptied> {
        if self.is_empty(var) {
            return Err(Emptied(var));
        }
        if self.bound.is_some() {
            self.hold_bound()?;
        }
        self.watch(var)?;
        self.forward(var)?;
        self.backward(var)?;
        if self.outlook.watchful { self.lean_on(var) } else { Ok(()) }
    }

    /// Cuts what the remaining values of a variable ask of others.
    fn forward(&mut self, var: Var) -> Result<(), Emptied> {
        let Variable { at, words, links: (first, last), .. } = self.space.vars[var];
        'links: for ix in first as usize..last as usize {
            let link = &self.space.links[ix];
            let hint = link.hint as usize;
            if self.left[at + hint] & self.space.masks[link.free + hint] != 0 {
                continue;
            }
            for word in 0..words {
                if self.left[at + word] & self.space.masks[link.free + word] != 0 {
                    self.space.links[ix].hint = super::small(word);
                    continue 'links;
                }
            }
            self.cut(ix, at, words)?;
        }
        Ok(())
    }

    /// Takes from the target of a link what no remaining value of the asking variable goes with.
    fn cut(&mut self, ix: usize, at: usize, words: usize) -> Result<(), Emptied> {
        let link = &self.space.links[ix];
        let to = link.to as usize;
        let target = &self.space.vars[to];
        self.scratch.clear();
        self.scratch.extend_from_slice(&self.left[target.at..target.at + target.words]);
        for group in self.space.groups_of(link) {
            let values = self.space.mask_words(group.values, words);
            let left = &self.left[at..at + words];
            if left.iter().zip(values).all(|(left, values)| left & values == 0) {
                continue;
            }
            let accepts = self.space.mask_words(group.accepts, target.words);
            let mut rest = 0;
            for (missing, accepted) in self.scratch.iter_mut().zip(accepts) {
                *missing &= !accepted;
                rest |= *missing;
            }
            if rest == 0 {
                return Ok(());
            }
        }
        self.remove_scratch(to, Reason::Link(super::small(ix)))
    }

    /// Drops values of other variables that go with nothing that is left of this one.
    fn backward(&mut self, var: Var) -> Result<(), Emptied> {
        let single = self.single(var);
        let rest = self.rest(var);
        for at in 0..self.space.vars[var].into.len() {
            let into = self.space.vars[var].into[at];
            if into.suits(rest) {
                continue;
            }
            let ix = into.link as usize;
            match single.and_then(|bit| self.space.row(ix, bit)) {
                Some(row) => self.keep_row(ix, row)?,
                None => self.support(ix, rest)?,
            }
        }
        Ok(())
    }

    /// Drops values of a variable that go with nothing that is left of what they ask for.
    fn check_own(&mut self, var: Var) -> Result<(), Emptied> {
        let (first, last) = self.space.vars[var].links;
        (first as usize..last as usize).try_for_each(|ix| {
            let rest = self.rest(self.space.links[ix].to as usize);
            if self.space.links[ix].suits.suits(rest) { Ok(()) } else { self.support(ix, rest) }
        })
    }

    /// Returns what is left of a variable at a glance.
    fn rest(&self, var: Var) -> Rest {
        let absent = !self.is_present(var);
        match (self.oldest(var), self.newest(var)) {
            (Some(from), Some(to)) => {
                Rest { from: super::small(from), to: super::small(to), absent }
            }
            _ => Rest { from: u32::MAX, to: 0, absent },
        }
    }

    /// Keeps the values that go with the one value that is left of a link's target.
    fn keep_row(&mut self, ix: usize, row: usize) -> Result<(), Emptied> {
        let from = self.space.links[ix].from as usize;
        let words = self.space.vars[from].words;
        self.scratch.clear();
        self.scratch.extend(self.space.masks[row..row + words].iter().map(|word| !word));
        self.remove_scratch(from, Reason::Support(super::small(ix)))
    }

    /// Drops the values of a link that go with nothing that is left of its target.
    fn support(&mut self, ix: usize, rest: Rest) -> Result<(), Emptied> {
        let link = &self.space.links[ix];
        let from = link.from as usize;
        let target = &self.space.vars[link.to as usize];
        let left = &self.left[target.at..target.at + target.words];
        let asking = self.space.vars[from].words;
        let mut any = false;
        for group in self.space.groups_of(link) {
            if rest.absent && group.absent || self.space.goes_with(group, left, rest) {
                continue;
            }
            if !any {
                any = true;
                self.scratch.clear();
                self.scratch.resize(asking, 0);
            }
            let values = self.space.mask_words(group.values, asking);
            for (gone, values) in self.scratch.iter_mut().zip(values) {
                *gone |= values;
            }
        }
        if any { self.remove_scratch(from, Reason::Support(super::small(ix))) } else { Ok(()) }
    }

    /// Looks at the nogoods that watch a variable.
    fn watch(&mut self, var: Var) -> Result<(), Emptied> {
        let mut watches = std::mem::take(&mut self.nogoods.watches[var]);
        let mut kept = 0;
        let mut result = Ok(());
        for at in 0..watches.len() {
            let watch = watches[at];
            if result.is_err() || !self.nogoods.is_alive(watch.nogood) {
                if self.nogoods.is_alive(watch.nogood) {
                    watches[kept] = watch;
                    kept += 1;
                }
                continue;
            }
            match self.visit(var, watch) {
                Ok(true) => {}
                Ok(false) => {
                    watches[kept] = watch;
                    kept += 1;
                }
                Err(emptied) => {
                    watches[kept] = watch;
                    kept += 1;
                    result = Err(emptied);
                }
            }
        }
        watches.truncate(kept);
        // Watches that moved here meanwhile come from nogoods of other variables.
        watches.append(&mut self.nogoods.watches[var]);
        self.nogoods.watches[var] = watches;
        result
    }

    /// Returns whether the nogood now watches another variable.
    fn visit(&mut self, var: Var, watch: super::nogood::Watch) -> Result<bool, Emptied> {
        self.steps = self.steps.saturating_sub(1);
        let (first, second) = self.nogoods.watched(watch.nogood);
        let mine = if self.nogoods.term(first).var as usize == var { first } else { second };
        if !self.holds(mine) {
            return Ok(false);
        }
        let other = if mine == first { second } else { first };
        for term in self.nogoods.terms(watch.nogood) {
            if term != other && term != mine && !self.holds(term) {
                self.nogoods.rewatch(watch.nogood, mine, term);
                return Ok(true);
            }
        }
        let out = self.nogoods.term(other);
        let level = self.follows_at(watch.nogood, other);
        self.draw(watch.nogood, out.var, level)?;
        Ok(false)
    }

    /// Returns the level at which all terms of a nogood but one hold.
    fn follows_at(&self, nogood: u32, other: usize) -> usize {
        if self.late.is_empty() {
            return self.level();
        }
        let terms = self.nogoods.terms(nogood).filter(|&term| term != other);
        let levels = terms.filter_map(|term| {
            let term = self.nogoods.term(term);
            let words = self.space.vars[term.var as usize].words;
            self.level_of(term.var as usize, self.nogoods.mask(term, words))
        });
        levels.max().unwrap_or(0) as usize
    }

    /// Whether all that is left of a term's variable is within the term.
    fn holds(&self, term: usize) -> bool {
        let term = self.nogoods.term(term);
        let left = self.words(term.var as usize);
        left.iter().zip(self.nogoods.mask(term, left.len())).all(|(left, mask)| left & !mask == 0)
    }
}
