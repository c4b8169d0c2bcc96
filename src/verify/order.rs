//! The order of nodes: roles in their order, and releases at which the whole product gathers.
//!
//! **Roles.** A matrix lists roles, first to change first. When a node changes, no node of an earlier
//! role may be behind the release that it goes to, on the way up as on the way down. Roles that change
//! places in a switch are compared within their group: each group is worked by itself. All others are
//! compared in the whole deployment. A switch is no change of releases: who may take over from whom, and
//! whom the others may then follow, relations say. What is stopped may change in any order, as nothing of it
//! is seen before it starts. In one wave any step may come first, so what counts is the state before it.
//!
//! **Gathering.** Nodes may be several releases apart wherever relations hold. They gather in three
//! places, because something that they share is at stake there and not only what two of them say to each
//! other. Past a required stop nobody goes on while another node would still have to go there: what is
//! done at a stop is done by all. A node that waits for work on data goes on after it. And of two
//! releases between which everything is stopped, none starts beside the other, unless nodes on both sides
//! of that step ran before the plan.

use super::replay::Replay;
use crate::catalog::{EdgeScope, PackageIx, Procedure, ReleaseId, RoleIx, Stop, Upgrades};

impl Replay<'_> {
    /// Objects to a change that is made too early. It is asked before the step's wave begins, as nobody
    /// knows which of its steps comes first.
    pub(super) fn turns(&mut self, number: usize) {
        let step = &self.plan.steps[number];
        let node = step.node.as_ref().and_then(|name| self.names.get(name).copied());
        let package = step.package.as_ref().and_then(|name| self.catalog.find(name));
        let (Some(node), Some(package), Some(to)) = (node, package, &step.to) else { return };
        let to = self.catalog.package(package).find(to).map(|rank| (package, rank));
        let from = self.of_product(&self.state.nodes[node], package);
        if let (Some(from), Some(to)) = (from, to) {
            self.gathered(number, from, to);
            self.in_turn(number, node, from, to);
        }
    }

    /// Objects to a node that changes before its turn.
    fn in_turn(&mut self, number: usize, node: usize, from: ReleaseId, to: ReleaseId) {
        let Some(upgrades) = self.catalog.upgrades(to.0) else { return };
        if self.stopped.contains(&node) {
            return;
        }
        let Some(role) = self.state.nodes[node].role else { return };
        let Some(own) = place(upgrades, role) else { return };
        let up = from.0 != to.0 || to.1 > from.1;
        let late = self.census.everyone().find_map(|kind| {
            let other = self.state.nodes[kind].role?;
            let near = changes_places(upgrades, role) && changes_places(upgrades, other);
            let earlier = !near && place(upgrades, other).is_some_and(|place| place < own);
            (earlier && self.is_behind(kind, to, up)).then_some(kind)
        });
        let late = late.or_else(|| self.late_in_group(upgrades, node, own, to, up));
        if let Some(late) = late {
            let message = format!(
                "{} goes to {} before {}, whose role comes first, has got there",
                self.state.nodes[node].name,
                self.catalog.label(to),
                self.state.nodes[late].name
            );
            self.object(number, message);
        }
    }

    /// Returns a node of a group whose role comes before a place and that is behind a release.
    fn late_in_group(
        &self,
        upgrades: &Upgrades,
        node: usize,
        own: usize,
        to: ReleaseId,
        up: bool,
    ) -> Option<usize> {
        let of_group = self.census.of_group(self.state.nodes[node].group);
        of_group.into_iter().find(|&other| {
            let place = self.state.nodes[other].role.and_then(|role| place(upgrades, role));
            other != node && place.is_some_and(|place| place < own) && self.is_behind(other, to, up)
        })
    }

    /// Returns true if a node has not reached a release yet, on the way up or down.
    fn is_behind(&self, node: usize, to: ReleaseId, up: bool) -> bool {
        let runs = self.of_product(&self.state.nodes[node], to.0);
        runs.is_some_and(|runs| match (runs.0 == to.0, up) {
            (true, true) => runs.1 < to.1,
            (true, false) => runs.1 > to.1,
            (false, up) => up,
        })
    }

    /// Objects to a node that leaves a required stop while another still has to go there.
    fn gathered(&mut self, number: usize, from: ReleaseId, to: ReleaseId) {
        let Some(upgrades) = self.catalog.upgrades(to.0) else { return };
        let at = |stop: &Stop, (package, rank): ReleaseId| {
            package == upgrades.package && stop.via.contains(rank)
        };
        let left = upgrades.stops.iter().filter(|stop| at(stop, from) && !at(stop, to));
        let missing = left.into_iter().find_map(|stop| {
            let late = self.census.everyone().find(|&kind| {
                let runs = self.of_product(&self.state.nodes[kind], to.0);
                runs.is_some_and(|runs| stop.scope.covers(runs, to) && !at(stop, runs))
            });
            late.map(|late| (stop, late))
        });
        if let Some((stop, late)) = missing {
            let message = format!(
                "it goes on before {} has come to the required stop {}",
                self.state.nodes[late].name, stop.name
            );
            self.object(number, message);
        }
    }

    /// Objects to a node that starts beside a release from which one comes to its own only while nothing
    /// runs.
    pub(super) fn starts_beside(&mut self, number: usize, node: usize, package: PackageIx) {
        let Some(upgrades) = self.catalog.upgrades(package) else { return };
        let Some(own) = self.of_product(&self.state.nodes[node], package) else { return };
        let all = upgrades.procedures.iter().filter(|(_, how, _)| *how == Procedure::StopAll);
        let apart = |scope: &EdgeScope, a, b| scope.covers(a, b) || scope.covers(b, a);
        let together = |scope: &EdgeScope| {
            self.start.iter().any(|&a| self.start.iter().any(|&b| apart(scope, a, b)))
        };
        let scopes: Vec<_> =
            all.map(|(scope, ..)| scope).filter(|scope| !together(scope)).collect();
        let others = self.census.representatives().into_iter();
        let beside = others
            .filter_map(|other| Some((other, self.of_product(&self.state.nodes[other], package)?)))
            .find(|&(_, other)| scopes.iter().any(|scope| apart(scope, own, other)));
        if let Some((other, release)) = beside {
            let message = format!(
                "{} starts beside {} with {}, though the step between them is made while nothing runs",
                self.state.nodes[node].name,
                self.state.nodes[other].name,
                self.catalog.label(release)
            );
            self.object(number, message);
        }
    }
}

/// Returns the place of a role in a product's order.
fn place(upgrades: &Upgrades, role: RoleIx) -> Option<usize> {
    upgrades.order.iter().position(|roles| roles.contains(&role))
}

/// Returns true if a role is given or taken in a product's switch.
fn changes_places(upgrades: &Upgrades, role: RoleIx) -> bool {
    upgrades.switch.as_ref().is_some_and(|switch| switch.from == role || switch.to == role)
}
