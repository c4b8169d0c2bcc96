//! Looking at nothing but what is chosen.
//!
//! Most releases of a registry are never in question. So a package need not be lowered: when its turn
//! comes, its releases are tried in the order of preference, and the first one is chosen that may be
//! chosen at all and whose needs leave something of every package that they speak of. Only what that
//! one asks is then taken away. If no release is left, what the releases ask is the reason, and it is
//! looked up when the contradiction is analyzed: for as many releases as it holds of, so that a nogood
//! says more than what was tried.
//!
//! What follows is never more than what is stated, so the first answer is the best one here too; only
//! contradictions are found later than with everything lowered.
//!
//! **Which contradictions are looked for.** At first only those of what is chosen. Once the first decision
//! is made, which is the core, each requirement is looked at: most releases of a core that have no set are seen
//! through by that ([`fit`]). After the first contradiction of any other kind, everything that must be
//! there keeps a release in sight that still fits, and it is a contradiction when there is none
//! ([`watch`]). What contradictions come back to is lowered after all ([`hot`]).

mod ask;
mod fit;
mod hot;
mod watch;

use super::analyze::Why;
use super::space::{BITS, NONE, Variable, Word, has, small};
use super::{Emptied, Engine, Reason, Var};
use crate::catalog::{PackageIx, Rank};

use ask::Ask;

/// What is known of releases that were not lowered. None of it changes the answer.
#[derive(Debug, Default)]
pub(super) struct Outlook {
    /// Whether everything that must be there is looked after.
    pub(super) watchful: bool,
    /// For each variable, the release that was found to fit last.
    fitting: Vec<u32>,
    /// For each variable, those whose fitting release speaks of it; some no longer do.
    leaning: Vec<Vec<u32>>,
    /// Values that are known not to go with the first decision, and for each variable which that was.
    unfit: Vec<Word>,
    unfit_with: Vec<u32>,
    /// For each variable, the values that go with each value of the first decision, if they are kept.
    by_first: Option<Vec<Vec<Word>>>,
    /// For each variable, how many nogoods speak of it.
    blamed: Vec<u32>,
    /// Variables that are to be lowered.
    hot: Vec<u32>,
}

impl Outlook {
    /// Makes room for variables that were added, with so many words in all.
    pub(super) fn extend(&mut self, vars: usize, words: usize) {
        self.fitting.resize(vars, NONE);
        self.leaning.resize_with(vars, Vec::new);
        self.unfit.resize(words, 0);
        self.unfit_with.resize(vars, NONE);
        self.blamed.resize(vars, 0);
    }
}

impl<'c> Engine<'c> {
    /// Returns what a release asks, the core to which its family binds it included.
    fn asks(&self, package: PackageIx, rank: Rank) -> impl Iterator<Item = Ask<'c>> + use<'c> {
        let catalog = self.space.catalog;
        let needs = catalog.package(package).needs(rank).iter();
        needs.map(|need| Ask::of(catalog, need)).chain(self.pin(package, rank))
    }

    /// Returns what its family asks of a release.
    fn pin(&self, package: PackageIx, rank: Rank) -> Option<Ask<'c>> {
        let at = self.space.pin((package, rank))?;
        Some(Ask::of_family(&self.space.catalog.pins()[at]))
    }

    /// Decides a variable: the best release that goes with what is left.
    pub(super) fn choose_fitting(&mut self, var: Var) -> Result<(), Emptied> {
        let Some(bit) = self.best_fitting(var) else {
            return self.give_up(var);
        };
        let package = self.space.vars[var].package;
        for ask in self.asks(package, Rank::new(bit)) {
            self.var(ask.target);
        }
        self.choose(var, bit)?;
        for ask in self.asks(package, Rank::new(bit)) {
            let target = self.var(ask.target);
            let Variable { words, absent, .. } = self.space.vars[target];
            ask.excluded(absent, words, &mut self.scratch);
            self.remove_scratch(target, Reason::Asked(small(var)))?;
        }
        if self.agenda.is_first(var) && !self.outlook.watchful { self.survey(var) } else { Ok(()) }
    }

    /// Looks, once the first variable is decided, whether each of the others still has a release: most
    /// releases of a core that have no set are seen through here.
    fn survey(&mut self, first: Var) -> Result<(), Emptied> {
        for at in 0..self.agenda.fixed_len() {
            let var = self.agenda.fixed(at);
            if var == first || !self.is_present(var) {
                continue;
            }
            match self.any_fitting(var, self.outlook.fitting[var]) {
                Some(bit) => self.outlook.fitting[var] = small(bit),
                None => return self.give_up(var),
            }
        }
        Ok(())
    }

    /// None of the releases that is left goes with the rest.
    fn give_up(&mut self, var: Var) -> Result<(), Emptied> {
        let Variable { at, words, .. } = self.space.vars[var];
        self.scratch.clear();
        self.scratch.extend_from_slice(&self.left[at..at + words]);
        self.remove_scratch(var, Reason::Unfit)
    }

    /// Of each release that is gone, something that it asks is gone.
    pub(super) fn unfit_reason(&self, var: Var, gone: &[Word], why: &mut Why) {
        let Variable { package, absent, .. } = self.space.vars[var];
        let mut excluded = Vec::new();
        for bit in (0..absent).filter(|&bit| has(gone, bit)) {
            let rank = Rank::new(bit);
            if !self.space.domains.is_left((package, rank)) {
                continue;
            }
            let mut best: Option<(u32, Var, Ask<'_>)> = None;
            for ask in self.asks(package, rank) {
                let Some(target) = self.space.find(ask.target) else {
                    continue;
                };
                if target == var {
                    if !ask.admits(bit) {
                        best = None;
                        break;
                    }
                    continue;
                }
                let Variable { words, absent, .. } = self.space.vars[target];
                if !ask.meets(self.words(target), absent) {
                    ask.excluded(absent, words, &mut excluded);
                    let level = self.level_of(target, &excluded).unwrap_or(0);
                    if best.is_none_or(|(other, ..)| level < other) {
                        best = Some((level, target, ask));
                    }
                }
            }
            if let Some((_, target, ask)) = best {
                let Variable { words, absent, .. } = self.space.vars[target];
                ask.excluded(absent, words, &mut excluded);
                why.narrow(target, &excluded);
            }
        }
    }

    /// The values are gone because of what another variable asks: as every release does that goes with
    /// none of them.
    pub(super) fn asked_reason(&self, from: Var, to: Var, gone: &[Word], why: &mut Why) {
        let Variable { package, words, .. } = self.space.vars[from];
        let Variable { package: target, absent, .. } = self.space.vars[to];
        let first = why.words.len();
        why.terms.push((from, first));
        why.words.resize(first + words, 0);
        for rank in self.space.catalog.package(package).ranks() {
            let mut asks = self.asks(package, rank).filter(|ask| ask.target == target);
            if asks.any(|ask| !ask.meets(gone, absent)) {
                why.words[first + rank.ix() / BITS] |= 1 << (rank.ix() % BITS);
            }
        }
    }
}
