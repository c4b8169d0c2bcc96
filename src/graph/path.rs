//! The search for an upgrade path: fewest hops over allowed edges.
//!
//! The releases that a path may touch are put in the order of travel, so every hop leads to a later
//! place in that list and no path can go through a downgrade on its way up. Each fact that forbids
//! edges becomes an [`Obstacle`]: two bitsets over these places, or a count of lines. A search runs
//! backwards from the target in layers; the path is then read off forwards, taking at each place the
//! newest release that is one hop nearer, those of a required stop first. That makes the answer the
//! latest one in lexicographic order.
//!
//! Why there is no path is found by leaving obstacles out ([`super::explain`]).

use std::collections::BTreeSet;

use fixedbitset::FixedBitSet;

use super::explain;
use super::notes::{hop, rules_of, stop_note};
use crate::answer::path::{Hop, NoPath, Note, PathAnswer};
use crate::catalog::{
    Catalog, Downgrade, EdgeNote, EdgeScope, FactIx, FeatureSet, Migration, PackageIx, Rank,
    Release, ReleaseId, RoleIx, StepLimit, Stop, Upgrades, holds,
};
use crate::finding::{Check, Finding, Severity};

/// Finds the way from one release to another with the fewest hops.
///
/// It goes over stable releases that were not withdrawn. A hop must lead towards the target, must not
/// be blocked or pass by a required stop, must cross no more lines than allowed, and its risks must
/// be accepted by name. A way down is refused where the way up is stated to have no return. A product
/// whose matrix says nothing on upgrades is taken there in one hop, with a finding.
///
/// # Errors
///
/// Returns the facts that cut the target off, and what would help.
pub fn upgrade_path(
    catalog: &Catalog,
    from: ReleaseId,
    to: ReleaseId,
    features: FeatureSet,
    accepted_risks: &BTreeSet<String>,
) -> Result<PathAnswer, NoPath> {
    upgrade_path_of(catalog, from, to, &[], features, accepted_risks)
}

/// Finds the way that nodes in some roles take together, as [`upgrade_path`] does: the limits on hops of
/// each of these roles count beside those of all.
///
/// # Errors
///
/// Returns the facts that cut the target off, and what would help.
pub fn upgrade_path_of(
    catalog: &Catalog,
    from: ReleaseId,
    to: ReleaseId,
    roles: &[RoleIx],
    features: FeatureSet,
    accepted_risks: &BTreeSet<String>,
) -> Result<PathAnswer, NoPath> {
    if from == to {
        return Ok(PathAnswer { hops: Vec::new(), findings: Vec::new() });
    }
    let journey = Journey { catalog, from, to, features };
    let Some(bearing) = journey.bearing() else {
        return Err(explain::strangers(catalog, from, to));
    };
    let usable = Release::is_choosable;
    let ground = Ground::of_roles(&journey, &bearing, accepted_risks, usable, roles);
    match ground.search(&ground.all()) {
        Some(places) => Ok(journey.answer(&bearing, &ground.releases(&places))),
        None => Err(explain::no_path(&journey, &bearing, &ground, accepted_risks)),
    }
}

/// Whether a node in a role may go from one release to another in one hop, towards the other.
///
/// The same facts count as for a path, and the limits on hops of that role beside those of all.
pub fn may_step(
    catalog: &Catalog,
    from: ReleaseId,
    to: ReleaseId,
    role: Option<RoleIx>,
    features: FeatureSet,
    accepted_risks: &BTreeSet<String>,
) -> bool {
    let journey = Journey { catalog, from, to, features };
    let Some(bearing) = journey.bearing().filter(|_| from != to) else {
        return false;
    };
    let ground = Ground::of_roles(&journey, &bearing, accepted_risks, |_| false, role.as_slice());
    ground.allows(&ground.all(), 0, 1)
}

/// What was asked.
#[derive(Clone, Copy)]
pub(super) struct Journey<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) from: ReleaseId,
    pub(super) to: ReleaseId,
    pub(super) features: FeatureSet,
}

/// Whether a path leads to newer releases or back to older ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}

/// Where a journey leads: over releases of which package, in which direction, by which rules.
pub(super) struct Bearing<'c> {
    /// The package whose releases may lie on the way.
    pub(super) package: PackageIx,
    pub(super) direction: Direction,
    pub(super) rules: Option<&'c Upgrades>,
}

impl<'c> Journey<'c> {
    /// Returns `None` if neither package takes the place of the other.
    fn bearing(&self) -> Option<Bearing<'c>> {
        let (from, to) = (self.from, self.to);
        let rules = rules_of(self.catalog, from.0, to.0);
        let up = match rules {
            _ if from.0 == to.0 => to.1 > from.1,
            Some(rules) => rules.package == to.0,
            None => return None,
        };
        Some(if up {
            Bearing { package: to.0, direction: Direction::Up, rules }
        } else {
            Bearing { package: from.0, direction: Direction::Down, rules }
        })
    }

    fn answer(&self, bearing: &Bearing<'c>, releases: &[ReleaseId]) -> PathAnswer {
        let hops: Vec<_> = releases
            .windows(2)
            .enumerate()
            .map(|(place, pair)| Hop {
                stops: self.stops(bearing.rules, releases, place),
                ..hop(self.catalog, pair[0], pair[1], self.features)
            })
            .collect();
        let mut findings = self.caveats(bearing, releases);
        findings.extend(hops.iter().flat_map(|hop| self.remarks(hop)));
        PathAnswer { hops, findings }
    }

    /// Returns the stops for which the path passes through one end of its hop number `place`.
    fn stops(&self, rules: Option<&Upgrades>, releases: &[ReleaseId], place: usize) -> Vec<Note> {
        let explains = |stop: &&Stop| {
            [place, place + 1].into_iter().any(|at| {
                let (before, after) = (&releases[..at], releases.get(at + 1..).unwrap_or_default());
                self.is_via(stop, releases[at])
                    && before.iter().any(|&a| after.iter().any(|&b| stop.scope.covers(a, b)))
            })
        };
        let stops = rules.map(|rules| rules.stops.as_slice()).unwrap_or_default();
        let note = |stop| stop_note(self.catalog, stop, releases[place + 1]);
        stops.iter().filter(explains).map(note).collect()
    }

    /// Whether the release is one to stop at. Stops name releases of the package that has the rules.
    fn is_via(&self, stop: &Stop, (package, rank): ReleaseId) -> bool {
        let owner = rules_of(self.catalog, self.from.0, self.to.0).map(|rules| rules.package);
        owner == Some(package) && stop.via.contains(rank)
    }

    /// Returns what is to be said about the path as a whole.
    fn caveats(&self, bearing: &Bearing<'c>, releases: &[ReleaseId]) -> Vec<Finding> {
        let mut found = Vec::new();
        let advice = |severity, message: String| {
            Finding::new(Check::EdgeAdvice, severity, self.subject(self.from, self.to), message)
        };
        let Some(rules) = bearing.rules else {
            let name = &self.catalog.package(bearing.package).name;
            let message =
                format!("no matrix says how {name} is upgraded, so no step is known to be wrong");
            found.push(advice(Severity::Info, message));
            return found;
        };
        for stop in rules.stops.iter().filter(|stop| stop.scope.covers(self.from, self.to)) {
            // Only possible where a stop's ranges leave a gap that a hop fits through.
            if !releases.iter().any(|&release| self.is_via(stop, release)) {
                let message = format!(
                    "the path does not pass through the stop `{}`: {}",
                    stop.name,
                    trim(&stop.message)
                );
                let cite = self.catalog.cite_for(stop.scope.fact, Some(self.to));
                found.push(advice(Severity::Warning, message).citing(cite));
            }
        }
        if let Some(why) = &self.catalog.package(self.to.0).release(self.to.1).withdrawn {
            let message = format!("{} was withdrawn: {}", self.catalog.label(self.to), trim(why));
            found.push(Finding::new(
                Check::ReleaseWithdrawn,
                Severity::Warning,
                self.catalog.label(self.to),
                message,
            ));
        }
        found
    }

    /// Returns the notes of a hop as findings.
    fn remarks(&self, hop: &Hop) -> Vec<Finding> {
        let subject = self.subject(hop.from, hop.to);
        let finding = |check, severity, note: &Note| {
            let message = match &note.moment {
                Some(moment) => format!("{}, {}", trim(&note.message), trim(moment)),
                None => trim(&note.message).to_owned(),
            };
            Finding::new(check, severity, subject.clone(), message).citing(note.cite.clone())
        };
        let risks = hop.risks.iter().map(|note| finding(Check::EdgeRisk, Severity::Warning, note));
        let irreversible = hop
            .irreversible
            .iter()
            .map(|note| finding(Check::EdgeIrreversible, Severity::Warning, note));
        let advice = hop.advice.iter().map(|note| finding(Check::EdgeAdvice, Severity::Info, note));
        risks.chain(irreversible).chain(advice).collect()
    }

    /// Returns the name of a step in findings.
    pub(super) fn subject(&self, from: ReleaseId, to: ReleaseId) -> String {
        let end = if from.0 == to.0 {
            self.catalog.version(to).to_owned()
        } else {
            self.catalog.label(to)
        };
        format!("{} -> {end}", self.catalog.label(from))
    }
}

/// Returns a matrix's sentence without its full stop, as findings have none.
pub(super) fn trim(sentence: &str) -> &str {
    let cut = sentence.trim_end();
    cut.strip_suffix('.').unwrap_or(cut)
}

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
enum Cut {
    /// Those from a place of the first set to one of the second, unless one is in the third.
    Between(FixedBitSet, FixedBitSet, FixedBitSet),
    /// Those that cross more than so many lines. Each place has its line's number; those of another
    /// package have none, because lines of two packages do not count together.
    Lines(Vec<Option<usize>>, usize),
    /// All.
    All,
}

impl Cut {
    fn forbids(&self, from: usize, to: usize) -> bool {
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

/// The releases that a path may touch, in the order of travel, and what forbids steps between them.
pub(super) struct Ground<'c> {
    places: Vec<ReleaseId>,
    pub(super) obstacles: Vec<Obstacle<'c>>,
    cuts: Vec<Cut>,
    /// How much each place is wanted as a stop: those of required stops first, then by age.
    wanted: Vec<(bool, Rank)>,
}

impl<'c> Ground<'c> {
    pub(super) fn new(
        journey: &Journey<'c>,
        bearing: &Bearing<'c>,
        accepted_risks: &BTreeSet<String>,
        usable: impl Fn(&Release) -> bool,
    ) -> Self {
        Self::of_roles(journey, bearing, accepted_risks, usable, &[])
    }

    /// The ground for nodes in some roles; limits that bind only other roles do not count.
    fn of_roles(
        journey: &Journey<'c>,
        bearing: &Bearing<'c>,
        accepted_risks: &BTreeSet<String>,
        usable: impl Fn(&Release) -> bool,
        roles: &[RoleIx],
    ) -> Self {
        let places = places(journey, bearing, usable);
        let obstacles = bearing
            .rules
            .map(|rules| {
                obstacles(rules, bearing.direction, journey.features, accepted_risks, roles)
            })
            .unwrap_or_default();
        let cuts = obstacles
            .iter()
            .map(|obstacle| cut(journey.catalog, bearing, *obstacle, &places))
            .collect();
        let stops = bearing.rules.map(|rules| rules.stops.as_slice()).unwrap_or_default();
        let on_the_way = |stop: &&Stop| stop.scope.covers(journey.from, journey.to);
        let required =
            |release| stops.iter().filter(on_the_way).any(|stop| journey.is_via(stop, release));
        let wanted = places.iter().map(|&release| (required(release), release.1)).collect();
        Self { places, obstacles, cuts, wanted }
    }

    /// Returns the set of all obstacles, by position.
    pub(super) fn all(&self) -> FixedBitSet {
        let mut all = FixedBitSet::with_capacity(self.cuts.len());
        all.insert_range(..);
        all
    }

    pub(super) fn releases(&self, places: &[usize]) -> Vec<ReleaseId> {
        places.iter().map(|&place| self.places[place]).collect()
    }

    /// Returns the places of the best path where only the obstacles in `active` count.
    pub(super) fn search(&self, active: &FixedBitSet) -> Option<Vec<usize>> {
        self.walk(&self.distances(active, self.places.len() - 1), active)
    }

    /// Returns the path to the place nearest to the target that can be reached at all.
    pub(super) fn nearest(&self, active: &FixedBitSet) -> Option<Vec<usize>> {
        let mut reached = vec![0];
        for place in 1..self.places.len() - 1 {
            if reached.iter().any(|&before| self.allows(active, before, place)) {
                reached.push(place);
            }
        }
        let target = reached.pop().filter(|&target| target > 0)?;
        self.walk(&self.distances(active, target), active)
    }

    /// Returns for each place up to `target` how many hops it is away, `None` if it is cut off or
    /// farther away than the start.
    fn distances(&self, active: &FixedBitSet, target: usize) -> Vec<Option<usize>> {
        let mut distances = vec![None; target + 1];
        distances[target] = Some(0);
        let mut layer = vec![target];
        let mut open: Vec<_> = (0..target).collect();
        for distance in 1.. {
            let (near, rest): (Vec<_>, Vec<_>) = open
                .into_iter()
                .partition(|&place| layer.iter().any(|&next| self.allows(active, place, next)));
            for &place in &near {
                distances[place] = Some(distance);
            }
            if near.is_empty() || near.first() == Some(&0) {
                break;
            }
            (layer, open) = (near, rest);
        }
        distances
    }

    /// Follows the distances from the start, taking the most wanted place at each step.
    fn walk(&self, distances: &[Option<usize>], active: &FixedBitSet) -> Option<Vec<usize>> {
        let mut path = vec![0];
        for left in (0..distances[0]?).rev() {
            let here = path[path.len() - 1];
            let nearer =
                |&place: &usize| distances[place] == Some(left) && self.allows(active, here, place);
            path.push(
                (here + 1..distances.len())
                    .filter(nearer)
                    .max_by_key(|&place| self.wanted[place])?,
            );
        }
        Some(path)
    }

    fn allows(&self, active: &FixedBitSet, from: usize, to: usize) -> bool {
        from < to && !active.ones().any(|obstacle| self.cuts[obstacle].forbids(from, to))
    }
}

/// Returns the start, the usable releases between in the order of travel, and the target.
fn places(
    journey: &Journey<'_>,
    bearing: &Bearing<'_>,
    usable: impl Fn(&Release) -> bool,
) -> Vec<ReleaseId> {
    let package = journey.catalog.package(bearing.package);
    // An end in another package lies below all releases of this one.
    let rank_in = |(owner, rank): ReleaseId| (owner == bearing.package).then_some(rank);
    let (start, target) = (rank_in(journey.from), rank_in(journey.to));
    let (low, high) = match bearing.direction {
        Direction::Up => (start, target),
        Direction::Down => (target, start),
    };
    let within = |rank: &Rank| Some(*rank) > low && Some(*rank) < high;
    let between = package.ranks().filter(within).filter(|&rank| usable(package.release(rank)));
    let mut middle: Vec<_> = between.map(|rank| (bearing.package, rank)).collect();
    if bearing.direction == Direction::Down {
        middle.reverse();
    }
    [vec![journey.from], middle, vec![journey.to]].concat()
}

/// Returns what forbids steps in a direction, hardest first.
fn obstacles<'c>(
    rules: &'c Upgrades,
    direction: Direction,
    features: FeatureSet,
    accepted_risks: &BTreeSet<String>,
    roles: &[RoleIx],
) -> Vec<Obstacle<'c>> {
    let counts = |note: &&EdgeNote| features.includes(note.when) && !features.meets(note.unless);
    let mut found = Vec::new();
    if direction == Direction::Down {
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

/// Lowers an obstacle to places.
fn cut(
    catalog: &Catalog,
    bearing: &Bearing<'_>,
    obstacle: Obstacle<'_>,
    places: &[ReleaseId],
) -> Cut {
    let bits = |test: &dyn Fn(ReleaseId) -> bool| {
        let mut bits = FixedBitSet::with_capacity(places.len());
        bits.extend((0..places.len()).filter(|&place| test(places[place])));
        bits
    };
    let none = FixedBitSet::with_capacity(places.len());
    let leaves = |scope: &EdgeScope| bits(&|release| holds(&scope.from, release));
    let enters = |scope: &EdgeScope| bits(&|release| holds(&scope.to, release));
    match obstacle {
        Obstacle::Refused(..) => Cut::All,
        Obstacle::Blocked(note) | Obstacle::Risk(note) => {
            Cut::Between(leaves(&note.scope), enters(&note.scope), none)
        }
        // The way back enters what the way up leaves.
        Obstacle::Irreversible(note) => {
            Cut::Between(enters(&note.scope), leaves(&note.scope), none)
        }
        Obstacle::Migration(migration) => {
            Cut::Between(enters(&migration.scope), leaves(&migration.scope), none)
        }
        Obstacle::Stop(stop) => {
            let via =
                bits(&|(package, rank)| package == bearing.package && stop.via.contains(rank));
            Cut::Between(leaves(&stop.scope), enters(&stop.scope), via)
        }
        Obstacle::Limit(limit) => {
            Cut::Lines(lines(catalog, bearing.package, limit, places), limit.count as usize)
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

#[cfg(test)]
mod tests;
