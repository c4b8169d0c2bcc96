//! The row of a line: its phases, its ends, and what they rest on.

use super::history::{History, LinePast};
use super::phases::Life;
use super::spans::{days, known_end, last_end};
use crate::answer::support::{Phase, SupportRow};
use crate::finding::Cite;

impl History<'_> {
    pub(super) fn row(&self, past: &LinePast) -> SupportRow {
        let life = self.life(past);
        let running = life.running.and_then(|ix| known_end(&life.stretches[ix].span.end));
        SupportRow {
            package: self.ix,
            line: past.line,
            release: None,
            lts: self.is_lts(past.line),
            released: past.first,
            newest: self.newest(past),
            phase: life.phase,
            ends: last_end(&life.stretches).map(|(until, _)| until),
            phase_ends: running,
            days_left: running.map(|until| days(self.as_of, until)),
            basis: self.basis(past, &life),
            cites: self.cites(past, &life),
            phases: life.stretches.into_iter().map(|stretch| stretch.span).collect(),
        }
    }

    fn basis(&self, past: &LinePast, life: &Life) -> String {
        let Some(first) = life.stretches.first() else {
            return match life.phase {
                Phase::PreRelease => "no stable release is out".to_owned(),
                Phase::NotReleased => "nothing of it is out".to_owned(),
                Phase::Withdrawn => "every release was withdrawn".to_owned(),
                Phase::Active
                | Phase::Lts
                | Phase::Supported
                | Phase::Maintenance
                | Phase::ExtendedSecurity
                | Phase::Superseded
                | Phase::EndOfLife
                | Phase::Unknown => self.undated(past),
            };
        };
        if life.stretches.iter().all(|stretch| stretch.basis == first.basis) {
            return first.basis.clone();
        }
        let parts = life
            .stretches
            .iter()
            .map(|stretch| format!("{}: {}", stretch.span.phase, stretch.basis));
        parts.collect::<Vec<_>>().join("; ")
    }

    /// Returns what is known of a line without phases: what the matrix notes of the policy.
    fn undated(&self, past: &LinePast) -> String {
        let note = self.lifecycle.and_then(|lifecycle| self.catalog.cite(lifecycle.fact).note);
        note.unwrap_or_else(|| format!("no fact dates the support of {}", self.label(past)))
    }

    fn cites(&self, past: &LinePast, life: &Life) -> Vec<Cite> {
        let release = Some((self.ix, self.newest(past)));
        let mut facts: Vec<_> = life.stretches.iter().map(|stretch| stretch.fact).collect();
        if facts.is_empty() {
            facts.extend(self.lifecycle.map(|lifecycle| lifecycle.fact));
        }
        let mut cites: Vec<Cite> = Vec::new();
        for cite in facts.into_iter().map(|fact| self.catalog.cite_for(fact, release)) {
            if !cites.contains(&cite) {
                cites.push(cite);
            }
        }
        cites
    }
}
