//! Phases beside the cycle: the lines with long-term support, and the targets that a phase knows.
//!
//! A phase of long-term support stands beside the phases of the newest release, so its branches are not
//! those of that release. They are the branches of the lines that have long-term support on the day the
//! named release came out, as the lifecycle of the matrix says. Where it names none the names stay as the
//! document writes them.

use super::view::{TrainComponent, TrainView};
use crate::catalog::{Rank, TrainCycle, TrainOutcome, TrainPhase};
use crate::lifecycle::lts;
use crate::version::{Line, Step};

impl TrainView<'_> {
    /// Returns the views whose branches a phase is about, newest line first: this one, or one for each line
    /// with long-term support.
    pub(super) fn lines(self, phase: &TrainPhase) -> Vec<Self> {
        let Some(at) = self.at.filter(|_| phase.long_term) else { return vec![self] };
        let ranks = self.long_term(at);
        if ranks.is_empty() {
            return vec![Self { at: None, ..self }];
        }
        ranks.into_iter().map(|rank| Self { at: Some(rank), ..self }).collect()
    }

    /// Returns the first of these.
    pub(super) fn newest_line(self, phase: &TrainPhase) -> Self {
        self.lines(phase).swap_remove(0)
    }

    /// Says why a phase beside the cycle has no real names, if that is so.
    pub(super) fn no_line(self, phase: &TrainPhase) -> Option<String> {
        let at = self.at.filter(|_| phase.long_term)?;
        if !self.long_term(at).is_empty() {
            return None;
        }
        let release = self.catalog.package(self.train.package).release(at);
        Some(match release.date {
            Some(day) => format!("no line is known to have long-term support on {day}"),
            None => "which line has long-term support is not known without a day".to_owned(),
        })
    }

    /// Returns the newest release of each line that has long-term support when a release comes out, newest
    /// line first; only the release itself if its own line is one.
    fn long_term(self, at: Rank) -> Vec<Rank> {
        let package = self.catalog.package(self.train.package);
        let Some(day) = package.release(at).date else { return Vec::new() };
        let Some(set) = lts(self.catalog, self.train.package, day) else { return Vec::new() };
        if set.contains(at) {
            return vec![at];
        }
        let mut found: Vec<(Line, Rank)> = Vec::new();
        for rank in package.ranks().rev().filter(|&rank| set.contains(rank)) {
            let line = package.version(rank).line(Step::Minor);
            if found.iter().all(|(known, _)| *known != line) {
                found.push((line, rank));
            }
        }
        found.into_iter().map(|(_, rank)| rank).collect()
    }

    /// Returns why nothing is known of an extension whose `main` has a target that its phase does not know.
    pub(super) fn untargeted(
        self,
        component: TrainComponent<'_>,
        phase: &TrainPhase,
        asked: Option<&str>,
    ) -> Option<String> {
        let (TrainComponent::Extension(kind, Some(count)), Some(asked)) = (component, asked) else {
            return None;
        };
        if kind.cycle != TrainCycle::Branches {
            return None;
        }
        let rows = self.train.targets.iter();
        let rows =
            rows.filter(|row| row.phases.contains(&phase.name) && row.branches.contains(&count));
        let stated = rows.filter(|row| row.branch.as_deref() == Some("main"));
        let stated = stated.filter_map(|row| match &row.outcome {
            TrainOutcome::These(these) => Some(these),
            TrainOutcome::Refused(_) => None,
        });
        let merges = self.train.merges.iter();
        let merges =
            merges.filter(|row| row.phases.contains(&phase.name) && row.branches.contains(&count));
        let mut known: Vec<&String> =
            stated.flatten().chain(merges.flat_map(|row| &row.targets)).collect();
        known.sort();
        known.dedup();
        let asked = self.written(asked);
        if known.is_empty() || known.contains(&&asked) {
            return None;
        }
        let names: Vec<_> = known.iter().map(|name| self.word(name).shown().to_owned()).collect();
        Some(format!(
            "the release cycle says nothing about this target in {}; main targets {}",
            phase.name,
            names.join(" or ")
        ))
    }
}
