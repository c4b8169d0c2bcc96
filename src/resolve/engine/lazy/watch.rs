//! Looking after what must be there: a contradiction is found when the last release goes that fits.
//!
//! Each package that must be there leans on one release that fits. Only when something goes from a package
//! that this release speaks of does it have to be looked at again, and only when it no longer fits is
//! another one looked for. Going back leaves more of everything, so what leans stays as it is.

use super::super::space::{NONE, small};
use super::super::{Emptied, Engine, Var};
use crate::catalog::Rank;

impl Engine<'_> {
    /// From now on, looks after each change whether everything still has a release that fits.
    pub(in super::super) fn watch_all(&mut self) {
        self.outlook.watchful = true;
        for var in 0..self.space.vars.len() {
            if self.is_present(var) {
                self.arrive(var);
            }
        }
    }

    /// Looks whether a variable that must be there still has a release that fits.
    pub(in super::super) fn lean(&mut self, var: Var) -> Result<(), Emptied> {
        let known = self.outlook.fitting[var];
        if known != NONE && self.has(var, known as usize) && self.fits(var, known as usize) {
            return Ok(());
        }
        self.lean_anew(var, known)
    }

    fn lean_anew(&mut self, var: Var, known: u32) -> Result<(), Emptied> {
        let Some(bit) = self.any_fitting(var, known) else {
            return self.give_up(var);
        };
        self.outlook.fitting[var] = small(bit);
        let package = self.space.vars[var].package;
        for ask in self.asks(package, Rank::new(bit)) {
            let target = self.var(ask.target);
            if !self.outlook.leaning[target].contains(&small(var)) {
                self.outlook.leaning[target].push(small(var));
            }
        }
        Ok(())
    }

    /// Looks, after a variable lost values, whether what leans on it still can.
    pub(in super::super) fn lean_on(&mut self, var: Var) -> Result<(), Emptied> {
        if self.is_present(var) {
            self.lean(var)?;
        }
        let mut leaning = std::mem::take(&mut self.outlook.leaning[var]);
        let mut done = Ok(());
        leaning.retain(|&other| {
            let other = other as usize;
            if done.is_err() || !self.is_present(other) {
                return true;
            }
            match self.still_leans(other, var) {
                Some(true) => true,
                Some(false) => {
                    done = self.lean_anew(other, self.outlook.fitting[other]);
                    true
                }
                None => false,
            }
        });
        leaning.append(&mut self.outlook.leaning[var]);
        self.outlook.leaning[var] = leaning;
        done
    }

    /// Whether what a variable leans on leaves something of another; `None` if it does not speak of it.
    fn still_leans(&self, var: Var, on: Var) -> Option<bool> {
        let known = self.outlook.fitting[var];
        if known == NONE {
            return None;
        }
        let (package, target) = (self.space.vars[var].package, self.space.vars[on].package);
        let asks = self.asks(package, Rank::new(known as usize)).filter(|ask| ask.target == target);
        let mut still = None;
        for ask in asks {
            let meets = ask.meets(self.words(on), self.space.vars[on].absent);
            still = Some(still.unwrap_or(true) && meets);
        }
        still
    }
}
