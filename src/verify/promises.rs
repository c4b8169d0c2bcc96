//! What a plan promises of the way back, and of work on data.
//!
//! A step can be undone if facts say that its hop can, or if the node can be emptied and filled again by
//! one that still has the older data. From the first step that cannot be undone there is no way back, and the plan
//! must say so no later than there.

use super::edges::{self, downgrade};
use super::notes::DataBack;
use super::replay::Replay;
use crate::catalog::{Migration, ReleaseId};
use crate::record::StepRecord;

impl Replay<'_> {
    /// Objects to a step that is said to be one that can be undone and is not. The node runs `to` after it.
    pub(super) fn way_back(
        &mut self,
        number: usize,
        step: &StepRecord,
        node: usize,
        [from, to]: [ReleaseId; 2],
        data: DataBack,
    ) {
        let promised = step.undoable == Some(true);
        let stated = self.stated_against(node, from, to);
        // What is stated speaks of the files: emptied, a node may get its data from elsewhere.
        let is_fed =
            |replay: &Self| data == DataBack::OwnOrOthers && replay.is_fed_older(node, from);
        let against = stated.clone().or_else(|| self.unread(node, to, from));
        if let Some(why) = against.filter(|_| !is_fed(self)) {
            self.no_return = self.no_return.or(Some(number));
            if promised {
                self.object(number, format!("it cannot be undone: {why}"));
            }
            return;
        }
        let doubt = if stated.is_some() { None } else { self.perhaps_back(from, to) };
        if let Some(why) = doubt.filter(|_| promised) {
            self.object(number, format!("nobody knows whether it can be undone: {why}"));
        }
    }

    /// Returns what the matrix says against the way back of a node. Where roles are handed over the data belong to
    /// groups in which somebody holds them.
    fn stated_against(&self, node: usize, from: ReleaseId, to: ReleaseId) -> Option<String> {
        let rules = self.catalog.upgrades(to.0)?;
        let group = &self.members[self.state.nodes[node].group];
        let has_data = rules.switch.as_ref().is_none_or(|switch| {
            group.iter().any(|&other| self.state.nodes[other].role == Some(switch.from))
        });
        downgrade(rules, to, from, self.state.features).filter(|_| has_data)
    }

    /// Returns true if the data of a node are still in another one that has not itself passed what there is no way
    /// back from: the one in the role that is handed over, or one that can give them to the older release.
    fn is_fed_older(&self, node: usize, release: ReleaseId) -> bool {
        let rules = self.catalog.upgrades(release.0);
        let has_older = |other: usize| {
            let runs = self.of_product(&self.state.nodes[other], release.0);
            let newer = |runs: &ReleaseId| runs.0 != release.0 || runs.1 > release.1;
            let passed = rules.zip(runs.filter(newer));
            passed.is_none_or(|(rules, runs)| {
                downgrade(rules, runs, release, self.state.features).is_none()
            })
        };
        let switch = rules.and_then(|rules| rules.switch.as_ref());
        let leads = |other: &usize| {
            switch.is_some_and(|switch| self.state.nodes[*other].role == Some(switch.from))
        };
        let mates = self.members[self.state.nodes[node].group].iter().copied();
        let leaders = mates.filter(|&other| other != node).filter(leads);
        leaders.chain(self.feeders(node, release)).any(has_older)
    }

    fn perhaps_back(&self, from: ReleaseId, to: ReleaseId) -> Option<&'static str> {
        match self.catalog.upgrades(to.0) {
            Some(rules) => edges::doubt(self.catalog, rules, to, from),
            None => (!edges::is_stated_for_plugins(self.catalog, to, from))
                .then_some("nothing is stated on the way back"),
        }
    }

    /// Compares the plan's point of no return with the first step that cannot be undone.
    pub(super) fn point_of_no_return(&mut self) {
        let Some(first) = self.no_return else { return };
        match self.plan.no_return {
            None => {
                self.object(first, "there is no way back from here, which the plan does not say");
            }
            Some(stated) if stated > first + 1 => {
                let message = format!(
                    "there is no way back from here; the plan says so from step {stated} on"
                );
                self.object(first, message);
            }
            Some(_) => {}
        }
    }

    /// Objects to work on data that runs something else than the matrix, or comes before work that the matrix
    /// has first.
    pub(super) fn work(&mut self, number: usize, step: &StepRecord, stated: &[Migration]) {
        let Some(at) = stated.iter().position(|one| Some(&one.name) == step.name.as_ref()) else {
            return;
        };
        let own = &stated[at];
        if let (Some(found), Some(right)) = (&step.command, &own.command)
            && found != right
        {
            self.object(number, format!("it runs `{found}`, the matrix says `{right}`"));
        }
        if own.irreversible {
            self.no_return = self.no_return.or(Some(number));
            if step.undoable == Some(true) {
                self.object(number, format!("the migration {} cannot be undone", own.name));
            }
        }
        let owed: Vec<_> = self.owed.values().flatten().cloned().collect();
        let is_done = |name: &str, after: usize| {
            self.done.iter().any(|done| done.name == name && done.step > after)
        };
        let late: Vec<_> = stated[..at]
            .iter()
            .filter(|other| other.when == own.when)
            .filter(|other| {
                let mut due = owed.iter().filter(|work| work.name == other.name);
                due.any(|work| !is_done(&other.name, work.step))
            })
            .map(|other| format!("the migration {} comes before {}", other.name, own.name))
            .collect();
        for message in late {
            self.object(number, message);
        }
    }
}
