//! The search for the best order of moves: A* over what the model calls positions.
//!
//! A move restarts nodes of one kind with another release, or hands a role over. What it costs is
//! compared in this order: moves from the point of no return on, switches, restarts. Each cost is a sum
//! over moves, and so is the lower bound on what is left (each node that waits needs its distance in
//! restarts, each group whose holder waits needs one switch), so the first position at the goal that
//! is taken from the queue is a best one. That no node hops more often than needed comes before all of
//! this and is not part of the sum: the caller raises the allowed number of hops until there is a way.
//!
//! Positions that cost alike are taken in the order in which they were found, deeper ones first, and
//! moves are tried in the order of kinds and candidates, so the same question has the same answer.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::model::{Kind, KindIx, Model, Team, turned, without};
use crate::catalog::ReleaseId;

/// What is done to some nodes of every group of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// Nodes of a kind are restarted with another release.
    Restart {
        from: KindIx,
        to: KindIx,
        /// How many in each group.
        many: usize,
    },
    /// A role is handed over: what giver and taker are before, and after.
    Switch { giver: KindIx, taker: KindIx, given: KindIx, taken: KindIx },
}

impl Move {
    /// Returns what a team is after the move.
    pub(super) fn after(self, team: &Team) -> Team {
        match self {
            Self::Restart { from, to, many } => turned(team, from, to, many),
            Self::Switch { giver, taker, given, taken } => {
                turned(&turned(team, giver, given, 1), taker, taken, 1)
            }
        }
    }
}

/// A move of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Act {
    /// Position of the bundle.
    pub(super) bundle: usize,
    pub(super) what: Move,
    /// Whether it is the point of no return or comes after it.
    pub(super) is_final: bool,
}

/// The teams of the bundles that are searched together, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Position {
    teams: Vec<Team>,
    /// Whether the point of no return was passed.
    past: bool,
}

/// Moves from the point of no return on, switches, restarts.
type Cost = (usize, usize, usize);

/// How a search ended.
pub(super) enum Outcome {
    /// The best moves, first to make first.
    Found(Vec<Act>),
    /// There are none; the moves to the position that came nearest to the goal.
    Stuck(Vec<Act>),
    /// The search took too long.
    GaveUp,
}

/// How many positions are looked at before a search gives up.
const PATIENCE: usize = 100_000;

/// Looks for the best way for some bundles on which no node hops more than `hops` times.
pub(super) fn search(model: &mut Model<'_, '_>, bundles: &[usize], hops: usize) -> Outcome {
    Search { bundles, hops, seen: Vec::new(), known: FxHashMap::default() }.run(model)
}

/// A position that was reached, and how.
struct Reached {
    position: Position,
    cost: Cost,
    by: Option<(usize, Act)>,
}

struct Search<'b> {
    bundles: &'b [usize],
    hops: usize,
    seen: Vec<Reached>,
    known: FxHashMap<Position, usize>,
}

impl Search<'_> {
    fn run(mut self, model: &mut Model<'_, '_>) -> Outcome {
        let teams = self.bundles.iter().map(|&bundle| model.bundles[bundle].team.clone()).collect();
        let mut queue = BinaryHeap::new();
        self.reach(model, Position { teams, past: false }, (0, 0, 0), None, &mut queue);
        let mut nearest = (usize::MAX, 0);
        let mut tried = 0;
        while let Some(Reverse((_, left, at))) = queue.pop() {
            // A better way to the same position was found since.
            if self.known[&self.seen[at].position] != at {
                continue;
            }
            if left == 0 {
                return Outcome::Found(self.way(at));
            }
            nearest = nearest.min((left, at));
            tried += 1;
            if tried > PATIENCE {
                return Outcome::GaveUp;
            }
            for (act, teams, cost) in self.moves(model, at) {
                let position = Position { teams, past: act.is_final };
                let here = self.seen[at].cost;
                let cost = (here.0 + cost.0, here.1 + cost.1, here.2 + cost.2);
                self.reach(model, position, cost, Some((at, act)), &mut queue);
            }
        }
        Outcome::Stuck(self.way(nearest.1))
    }

    fn reach(
        &mut self,
        model: &mut Model<'_, '_>,
        position: Position,
        cost: Cost,
        by: Option<(usize, Act)>,
        queue: &mut BinaryHeap<Reverse<(Cost, usize, usize)>>,
    ) {
        let known = self.known.get(&position).copied();
        if known.is_some_and(|known| self.seen[known].cost <= cost) {
            return;
        }
        let Some((left, switches)) = self.left(model, &position) else {
            return;
        };
        let after = if position.past { left + switches } else { 0 };
        let bound = (cost.0 + after, cost.1 + switches, cost.2 + left);
        let at = self.seen.len();
        self.known.insert(position.clone(), at);
        self.seen.push(Reached { position, cost, by });
        queue.push(Reverse((bound, left + switches, at)));
    }

    /// Returns how many restarts and switches are needed at least, `None` if some node cannot reach the
    /// goal with the hops it has left.
    fn left(&self, model: &mut Model<'_, '_>, position: &Position) -> Option<(usize, usize)> {
        let (mut restarts, mut switches) = (0, 0);
        for (&bundle, team) in self.bundles.iter().zip(&position.teams) {
            let groups = model.bundles[bundle].groups.len();
            for &(kind, count) in team {
                let stated = model.kinds[kind];
                if !model.waits(kind) {
                    continue;
                }
                let rest = nearest(model, stated)?;
                if stated.hops + rest > self.hops {
                    return None;
                }
                restarts += rest * count * groups;
                if model.leads(stated.role) {
                    switches += count * groups;
                }
            }
        }
        Some((restarts, switches))
    }

    fn way(&self, mut at: usize) -> Vec<Act> {
        let mut acts = Vec::new();
        while let Some((before, act)) = self.seen[at].by {
            acts.push(act);
            at = before;
        }
        acts.reverse();
        acts
    }

    /// Returns the moves that are allowed at a position, with the teams they leave and what they cost.
    fn moves(&self, model: &mut Model<'_, '_>, at: usize) -> Vec<(Act, Vec<Team>, Cost)> {
        let position = &self.seen[at].position;
        let mut found = Vec::new();
        for (place, &bundle) in self.bundles.iter().enumerate() {
            let mut acts = restarts(model, position, place, self.hops);
            acts.extend(switches(model, &position.teams[place]));
            for (what, is_final) in acts {
                let team = what.after(&position.teams[place]);
                let mut teams = position.teams.clone();
                teams[place] = team;
                if !self.is_valid(model, place, &position.teams, &teams, what) {
                    continue;
                }
                let is_final = is_final || position.past;
                let groups = model.bundles[bundle].groups.len();
                let (handed, moved) = match what {
                    Move::Restart { many, .. } => (0, many * groups),
                    Move::Switch { .. } => (groups, 0),
                };
                let past = if is_final { handed + moved } else { 0 };
                found.push((Act { bundle, what, is_final }, teams, (past, handed, moved)));
            }
        }
        found
    }

    /// Whether the state after a move is valid, and those while some nodes or groups have made it and
    /// others have not.
    fn is_valid(
        &self,
        model: &mut Model<'_, '_>,
        place: usize,
        before: &[Team],
        teams: &[Team],
        what: Move,
    ) -> bool {
        if !model.team_is_valid(&teams[place]) {
            return false;
        }
        if let Move::Restart { from, to, many } = what
            && many > 1
        {
            let first = turned(&before[place], from, to, 1);
            if !model.team_is_valid(&first) {
                return false;
            }
        }
        let groups: Vec<_> =
            self.bundles.iter().map(|&bundle| model.bundles[bundle].groups.len()).collect();
        // While several groups or nodes move one after the other, both states are there at once.
        let several = groups[place] > 1 || matches!(what, Move::Restart { many, .. } if many > 1);
        let earlier = several.then(|| (groups[place], &before[place]));
        model.all_are_valid(groups.iter().copied().zip(teams).chain(earlier))
    }
}

/// Returns the fewest hops that a kind needs in any role that it may get.
pub(super) fn nearest(model: &mut Model<'_, '_>, kind: Kind) -> Option<usize> {
    let running = kind.running?;
    let roles = model.roles_ahead(kind.role);
    roles.into_iter().filter_map(|role| model.ground.distance(running, role)).min()
}

/// Returns the restarts that the order of roles, the releases' facts and what nodes have on disk allow,
/// and whether each is final.
fn restarts(
    model: &mut Model<'_, '_>,
    position: &Position,
    place: usize,
    hops: usize,
) -> Vec<(Move, bool)> {
    let team = &position.teams[place];
    let mut found = Vec::new();
    for &(from, count) in team {
        let kind = model.kinds[from];
        let Some(running) = kind.running.filter(|_| model.waits(from) && !model.leads(kind.role))
        else {
            continue;
        };
        for candidate in 0..model.ground.candidates.len() {
            let release = model.ground.candidates[candidate];
            if !model.ground.allows(running, release, kind.role) {
                continue;
            }
            let further = Kind { running: Some(release), ..kind };
            let rest = if release == model.ground.goal { Some(0) } else { nearest(model, further) };
            if rest.is_none_or(|rest| kind.hops + 1 + rest > hops)
                || !is_in_turn(model, position, place, kind, release)
            {
                continue;
            }
            let others = without(team, from);
            let Some(to) = model.moved(from, running, release) else { continue };
            if !model.starts(kind.role, running, release, &others) {
                continue;
            }
            let is_final = model.is_final(kind.role, running, release, &others)
                || !model.starts(kind.role, release, running, &others);
            for many in amounts(model, team, kind, count) {
                found.push((Move::Restart { from, to, many }, is_final));
            }
        }
    }
    found
}

/// Returns how many nodes of a kind may move at once: all, or first one where it can take a role over.
fn amounts(model: &Model<'_, '_>, team: &Team, kind: Kind, count: usize) -> Vec<usize> {
    if model.single {
        return vec![1];
    }
    let may_take = model.switches(kind.role)
        && team.iter().any(|&(other, _)| model.leads(model.kinds[other].role));
    if may_take && count > 1 { vec![count, 1] } else { vec![count] }
}

/// Whether nobody of an earlier role must change first.
fn is_in_turn(
    model: &Model<'_, '_>,
    position: &Position,
    place: usize,
    kind: Kind,
    to: ReleaseId,
) -> bool {
    position.teams.iter().enumerate().all(|(other, team)| {
        team.iter().all(|&(earlier, _)| {
            let role = model.kinds[earlier].role;
            (other != place && model.within_group(role, kind.role))
                || !model.goes_before(earlier, kind.role, to)
        })
    })
}

/// Returns the switches from a holder that has still to move to one that is ahead of it, and whether
/// each is final.
fn switches(model: &mut Model<'_, '_>, team: &Team) -> Vec<(Move, bool)> {
    let Some(switch) = model.switch() else {
        return Vec::new();
    };
    let (holds, takes) = (Some(switch.from), Some(switch.to));
    let mut found = Vec::new();
    for &(giver, _) in team.iter().filter(|&&(kind, _)| model.kinds[kind].role == holds) {
        for &(taker, _) in team.iter().filter(|&&(kind, _)| model.kinds[kind].role == takes) {
            let (gives, gets) = (model.kinds[giver], model.kinds[taker]);
            let (Some(from), Some(to)) = (gives.running, gets.running) else { continue };
            let ahead = model.ground.remaining(to) < model.ground.remaining(from);
            if !model.waits(giver) || !ahead {
                continue;
            }
            found.push((giver, taker, from, to));
        }
    }
    let mut moves = Vec::new();
    for (giver, taker, from, to) in found {
        let given = model.kind(Kind { role: takes, ..model.kinds[giver] });
        let taken = model.kind(Kind { role: holds, ..model.kinds[taker] });
        moves.push((Move::Switch { giver, taker, given, taken }, model.crosses(from, to)));
    }
    moves
}
