//! Facts that forbid steps, and what they forbid among the releases of one question.

use std::collections::BTreeSet;

use fixedbitset::FixedBitSet;
use jiff::civil::Date;

use super::query::{PathDirection, Route};
use crate::catalog::{
    Catalog, Downgrade, DrawnEdge, EdgeNote, EdgeScope, FeatureSet, Migration, Otherwise,
    PackageIx, ReleaseId, RoleIx, StepLimit, Stop, Upgrades, holds,
};
use crate::version::Step;

/// A fact that forbids steps.
#[derive(Clone, Copy)]
pub(super) enum Obstacle<'c> {
    Irreversible(&'c EdgeNote),
    Migration(&'c Migration),
    Refused(&'c str, &'c Upgrades),
    Blocked(&'c EdgeNote),
    Stop(&'c Stop),
    Limit(&'c StepLimit),
    Risk(&'c EdgeNote),
    /// Edges that were drawn and taken back.
    Withdrawn(&'c DrawnEdge),
    /// Edges that were never drawn, where those that are drawn are all.
    Undrawn(&'c Upgrades),
    /// Steps of which nobody has said whether they may be taken.
    Open(OpenSteps<'c>),
}

/// The reason for which nobody knows whether steps may be taken.
#[derive(Clone, Copy)]
pub(super) enum OpenSteps<'c> {
    /// Nothing is stated on how the product is upgraded.
    NoRules,
    /// No stated edge covers them.
    Uncovered(&'c Upgrades),
    /// Nothing is stated on the way back.
    WayBack(&'c Upgrades),
    /// The release one comes from is younger than the one of a later line that one goes to.
    Younger(&'c Upgrades),
}

impl Obstacle<'_> {
    /// Returns true if it only says that nobody knows.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }
}

/// The steps between places that an obstacle forbids.
pub(super) enum Forbidden {
    /// Those from a place of the first set to one of the second, unless one is in the third.
    Between(FixedBitSet, FixedBitSet, FixedBitSet),
    /// Those that cross more than so many lines. Each place has its line's number; those of another
    /// package have none, because lines of two packages do not count together.
    Lines(Vec<Option<usize>>, usize),
    /// All but those from a place of the first set of some pair to one of its second.
    Except(Vec<(FixedBitSet, FixedBitSet)>),
    /// Those to a later line, of which the first day is before that of the release one comes from. Each place
    /// has its line and its day.
    Younger(Vec<Option<(usize, Date)>>, Vec<(FixedBitSet, FixedBitSet)>),
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
            Self::Except(pairs) => !pairs.iter().any(|(a, b)| a.contains(from) && b.contains(to)),
            Self::Younger(places, stated) => match (places[from], places[to]) {
                (Some((a, first)), Some((b, second))) => {
                    let mut pairs = stated.iter();
                    let covered =
                        |(a, b): &(FixedBitSet, FixedBitSet)| a.contains(from) && b.contains(to);
                    a != b && first > second && !pairs.any(covered)
                }
                (None, _) | (_, None) => false,
            },
            Self::All => true,
        }
    }
}

/// Returns what forbids the steps of a package without rules of its own, by the rules of its core.
fn plugin_obstacles(of_core: Option<&Upgrades>, direction: PathDirection) -> Option<Obstacle<'_>> {
    let up = direction == PathDirection::Up;
    let is_stated = of_core.is_some_and(|rules| rules.states_plugin_steps(up));
    (!is_stated).then_some(Obstacle::Open(OpenSteps::NoRules))
}

/// Returns what forbids steps in a direction, hardest first: by a product's own rules, or those of its core.
pub(super) fn obstacles<'c>(
    rules: Result<&'c Upgrades, Option<&'c Upgrades>>,
    direction: PathDirection,
    features: FeatureSet,
    accepted_risks: &BTreeSet<String>,
    roles: &[RoleIx],
) -> Vec<Obstacle<'c>> {
    let counts = |note: &&EdgeNote| features.includes(note.when) && !features.meets(note.unless);
    let mut found = Vec::new();
    let rules = match rules {
        Ok(rules) => rules,
        Err(of_core) => return plugin_obstacles(of_core, direction).into_iter().collect(),
    };
    let withdrawn = rules.drawn.iter().filter(|edge| edge.withdrawn.is_some());
    found.extend(withdrawn.map(Obstacle::Withdrawn));
    match (direction, rules.otherwise) {
        (PathDirection::Up, Otherwise::Refused) => found.push(Obstacle::Undrawn(rules)),
        (PathDirection::Up, Otherwise::Unknown) => {
            found.push(Obstacle::Open(OpenSteps::Uncovered(rules)));
        }
        (PathDirection::Up, Otherwise::Allowed) | (PathDirection::Down, _) => {}
    }
    if direction == PathDirection::Up {
        found.push(Obstacle::Open(OpenSteps::Younger(rules)));
    }
    if direction == PathDirection::Down {
        match &rules.downgrade {
            Downgrade::Refused(why) => found.push(Obstacle::Refused(why, rules)),
            Downgrade::Unknown => found.push(Obstacle::Open(OpenSteps::WayBack(rules))),
            Downgrade::Allowed => {}
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
        Obstacle::Open(OpenSteps::NoRules) => Forbidden::All,
        Obstacle::Refused(_, rules) | Obstacle::Open(OpenSteps::WayBack(rules)) => {
            let undone = rules.reversals.iter().filter(|one| one.possible);
            let undone = undone.map(|one| (enters(&one.scope), leaves(&one.scope)));
            let drawn = standing(rules).map(|scope| (leaves(scope), enters(scope)));
            Forbidden::Except(undone.chain(drawn).collect())
        }
        Obstacle::Undrawn(rules) | Obstacle::Open(OpenSteps::Uncovered(rules)) => {
            Forbidden::Except(standing(rules).map(|scope| (leaves(scope), enters(scope))).collect())
        }
        Obstacle::Open(OpenSteps::Younger(rules)) => Forbidden::Younger(
            ages(catalog, route.package, places),
            standing(rules).map(|scope| (leaves(scope), enters(scope))).collect(),
        ),
        Obstacle::Withdrawn(edge) => {
            Forbidden::Between(leaves(&edge.scope), enters(&edge.scope), none)
        }
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

/// Returns the edges that are drawn and were not taken back.
fn standing(rules: &Upgrades) -> impl Iterator<Item = &EdgeScope> {
    rules.drawn.iter().filter(|edge| edge.withdrawn.is_none()).map(|edge| &edge.scope)
}

/// Returns each place's minor line and the day of its release.
fn ages(catalog: &Catalog, package: PackageIx, places: &[ReleaseId]) -> Vec<Option<(usize, Date)>> {
    let stated = catalog.package(package);
    let lines = stated.lines(Step::Minor);
    let age = |&(owner, rank): &ReleaseId| {
        let line = (owner == package).then(|| stated.version(rank).line(Step::Minor))?;
        Some((lines.iter().position(|&other| other == line)?, stated.release(rank).date?))
    };
    places.iter().map(age).collect()
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
