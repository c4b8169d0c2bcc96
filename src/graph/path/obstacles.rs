//! Facts that forbid steps, and what they forbid among the releases of one question.

use std::collections::BTreeSet;

use fixedbitset::FixedBitSet;

use super::query::{PathDirection, Route};
use crate::catalog::{
    Catalog, Downgrade, EdgeNote, EdgeScope, FactIx, FeatureSet, Migration, PackageIx, ReleaseId,
    RoleIx, StepLimit, Stop, Upgrades, holds,
};

/// A fact that forbids steps.
#[derive(Clone, Copy)]
pub(super) enum Obstacle<'c> {
    Irreversible(&'c EdgeNote),
    Migration(&'c Migration),
    Refused(&'c str, FactIx),
    Blocked(&'c EdgeNote),
    Stop(&'c Stop),
    Limit(&'c StepLimit),
    Risk(&'c EdgeNote),
}

/// The steps between places that an obstacle forbids.
pub(super) enum Forbidden {
    /// Those from a place of the first set to one of the second, unless one is in the third.
    Between(FixedBitSet, FixedBitSet, FixedBitSet),
    /// Those that cross more than so many lines. Each place has its line's number; those of another
    /// package have none, because lines of two packages do not count together.
    Lines(Vec<Option<usize>>, usize),
    /// All.
    All,
}

impl Forbidden {
    /// Returns whether a step between two places is forbidden.
    pub(super) fn forbids(&self, from: usize, to: usize) -> bool {
        match self {
            Self::Between(leave, enter, exempt) => {
                leave.contains(from)
                    && enter.contains(to)
                    && !exempt.contains(from)
                    && !exempt.contains(to)
            }
            Self::Lines(lines, count) => match (lines[from], lines[to]) {
                (Some(a), Some(b)) => a.abs_diff(b) > *count,
                (None, _) | (_, None) => false,
            },
            Self::All => true,
        }
    }
}

/// Returns what forbids steps in a direction, hardest first.
pub(super) fn obstacles<'c>(
    rules: &'c Upgrades,
    direction: PathDirection,
    features: FeatureSet,
    accepted_risks: &BTreeSet<String>,
    roles: &[RoleIx],
) -> Vec<Obstacle<'c>> {
    let counts = |note: &&EdgeNote| features.includes(note.when) && !features.meets(note.unless);
    let mut found = Vec::new();
    if direction == PathDirection::Down {
        if let Downgrade::Refused(why) = &rules.downgrade {
            found.push(Obstacle::Refused(why, rules.fact));
        }
        found.extend(rules.irreversible.iter().filter(counts).map(Obstacle::Irreversible));
        let undoable = rules.migrations.iter().filter(|migration| migration.irreversible);
        found.extend(undoable.map(Obstacle::Migration));
    }
    found.extend(rules.blocked.iter().filter(counts).map(Obstacle::Blocked));
    found.extend(rules.stops.iter().map(Obstacle::Stop));
    let binds = |limit: &&StepLimit| {
        limit.roles.is_empty() || roles.iter().any(|role| limit.roles.contains(role))
    };
    found.extend(rules.limits.iter().filter(binds).map(Obstacle::Limit));
    let risks = rules.risks.iter().filter(counts);
    found.extend(risks.filter(|risk| !accepted_risks.contains(&risk.name)).map(Obstacle::Risk));
    found
}

/// Returns the steps between places that an obstacle forbids.
pub(super) fn forbidden_by(
    catalog: &Catalog,
    route: &Route<'_>,
    obstacle: Obstacle<'_>,
    places: &[ReleaseId],
) -> Forbidden {
    let bits = |test: &dyn Fn(ReleaseId) -> bool| {
        let mut bits = FixedBitSet::with_capacity(places.len());
        bits.extend((0..places.len()).filter(|&place| test(places[place])));
        bits
    };
    let none = FixedBitSet::with_capacity(places.len());
    let leaves = |scope: &EdgeScope| bits(&|release| holds(&scope.from, release));
    let enters = |scope: &EdgeScope| bits(&|release| holds(&scope.to, release));
    match obstacle {
        Obstacle::Refused(..) => Forbidden::All,
        Obstacle::Blocked(note) | Obstacle::Risk(note) => {
            Forbidden::Between(leaves(&note.scope), enters(&note.scope), none)
        }
        // The way back enters what the way up leaves.
        Obstacle::Irreversible(note) => {
            Forbidden::Between(enters(&note.scope), leaves(&note.scope), none)
        }
        Obstacle::Migration(migration) => {
            Forbidden::Between(enters(&migration.scope), leaves(&migration.scope), none)
        }
        Obstacle::Stop(stop) => {
            let via = bits(&|(package, rank)| package == route.package && stop.via.contains(rank));
            Forbidden::Between(leaves(&stop.scope), enters(&stop.scope), via)
        }
        Obstacle::Limit(limit) => {
            Forbidden::Lines(lines(catalog, route.package, limit, places), limit.count as usize)
        }
    }
}

/// Returns the number of each place's release line, counted from the oldest.
fn lines(
    catalog: &Catalog,
    package: PackageIx,
    limit: &StepLimit,
    places: &[ReleaseId],
) -> Vec<Option<usize>> {
    let lines = catalog.package(package).lines(limit.unit);
    let number = |&(owner, rank): &ReleaseId| {
        let line = catalog.package(owner).version(rank).line(limit.unit);
        (owner == package).then(|| lines.iter().position(|&other| other == line)).flatten()
    };
    places.iter().map(number).collect()
}
