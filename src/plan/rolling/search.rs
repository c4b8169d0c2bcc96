//! The search for the best order of moves: A* over what the model calls positions.
//!
//! A move restarts nodes of one profile with another release, or hands a role over. What it costs is
//! compared in this order: moves from the point of no return on, switches, restarts. Each cost is a sum
//! over moves, and so is the lower bound on what is left (each node that waits needs its distance in
//! restarts, each group whose holder waits needs one switch), so the first position at the end that
//! is taken from the queue is a best one. That no node hops more often than needed comes before all of
//! this and is not part of the sum: the caller raises the allowed number of hops until there is a way.
//!
//! Positions that cost alike are taken in the order in which they were found, deeper ones first, and
//! moves are tried in the order of profiles and candidates, so the same question has the same answer.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::model::Model;
use super::moves::{Position, restarts, switches};
use super::profiles::{Roster, turned};
use super::rules::{all_are_valid, roster_is_valid};
use super::transition::{Act, Transition};

/// Moves from the point of no return on, switches, restarts.
type Cost = (usize, usize, usize);

/// The end of a search.
pub(super) enum SearchEnd {
    /// The best moves, first to make first.
    Found(Vec<Act>),
    /// There are none; the moves to the position that came nearest to the end.
    Stuck(Vec<Act>),
    /// The search took too long.
    GaveUp,
}

/// The number of positions that are looked at before a search gives up.
const PATIENCE: usize = 100_000;

/// Looks for the best way for some bundles on which no node hops more than `hops` times.
pub(super) fn search(model: &mut Model<'_, '_>, bundles: &[usize], hops: usize) -> SearchEnd {
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
    fn run(mut self, model: &mut Model<'_, '_>) -> SearchEnd {
        let rosters =
            self.bundles.iter().map(|&bundle| model.bundles[bundle].roster.clone()).collect();
        let mut queue = BinaryHeap::new();
        self.reach(model, Position { rosters, past: false }, (0, 0, 0), None, &mut queue);
        let mut nearest = (usize::MAX, 0);
        let mut tried = 0;
        while let Some(Reverse((_, left, at))) = queue.pop() {
            // A better way to the same position was found since.
            if self.known[&self.seen[at].position] != at {
                continue;
            }
            if left == 0 {
                return SearchEnd::Found(self.way(at));
            }
            nearest = nearest.min((left, at));
            tried += 1;
            if tried > PATIENCE {
                return SearchEnd::GaveUp;
            }
            for (act, rosters, cost) in self.moves(model, at) {
                let position = Position { rosters, past: act.is_final };
                let here = self.seen[at].cost;
                let cost = (here.0 + cost.0, here.1 + cost.1, here.2 + cost.2);
                self.reach(model, position, cost, Some((at, act)), &mut queue);
            }
        }
        SearchEnd::Stuck(self.way(nearest.1))
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
    /// end with the hops it has left.
    fn left(&self, model: &mut Model<'_, '_>, position: &Position) -> Option<(usize, usize)> {
        let (mut restarts, mut switches) = (0, 0);
        for (&bundle, roster) in self.bundles.iter().zip(&position.rosters) {
            let groups = model.bundles[bundle].groups.len();
            for &(profile, count) in roster {
                let stated = model.profiles[profile];
                if !model.waits(profile) {
                    continue;
                }
                let rest = model.nearest(stated)?;
                if stated.hops + rest > self.hops {
                    return None;
                }
                restarts += rest * count * groups;
                if model.order.leads(stated.role) {
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

    /// Returns the moves that are allowed at a position, with the rosters they leave and what they cost.
    fn moves(&self, model: &mut Model<'_, '_>, at: usize) -> Vec<(Act, Vec<Roster>, Cost)> {
        let position = &self.seen[at].position;
        let mut found = Vec::new();
        for (place, &bundle) in self.bundles.iter().enumerate() {
            let mut acts = restarts(model, position, place, self.hops);
            acts.extend(switches(model, &position.rosters[place]));
            for (what, is_final) in acts {
                let roster = what.after(&position.rosters[place]);
                let mut rosters = position.rosters.clone();
                rosters[place] = roster;
                if !self.is_valid(model, place, &position.rosters, &rosters, what) {
                    continue;
                }
                let is_final = is_final || position.past;
                let groups = model.bundles[bundle].groups.len();
                let (handed, moved) = match what {
                    Transition::Restart { many, .. } => (0, many * groups),
                    Transition::Switch { .. } => (groups, 0),
                };
                let past = if is_final { handed + moved } else { 0 };
                found.push((Act { bundle, what, is_final }, rosters, (past, handed, moved)));
            }
        }
        found
    }

    /// Returns whether the state after a move is valid, and those while some nodes or groups have made it and
    /// others have not.
    fn is_valid(
        &self,
        model: &mut Model<'_, '_>,
        place: usize,
        before: &[Roster],
        rosters: &[Roster],
        what: Transition,
    ) -> bool {
        if !roster_is_valid(model, &rosters[place]) {
            return false;
        }
        if let Transition::Restart { from, to, many } = what
            && many > 1
        {
            let first = turned(&before[place], from, to, 1);
            if !roster_is_valid(model, &first) {
                return false;
            }
        }
        let groups: Vec<_> =
            self.bundles.iter().map(|&bundle| model.bundles[bundle].groups.len()).collect();
        // While several groups or nodes move one after the other, both states are there at once.
        let several =
            groups[place] > 1 || matches!(what, Transition::Restart { many, .. } if many > 1);
        let earlier = several.then(|| (groups[place], &before[place]));
        all_are_valid(model, groups.iter().copied().zip(rosters).chain(earlier))
    }
}
