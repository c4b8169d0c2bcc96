//! The plan of one leg, counted from its own first hop, step and wave.

use std::collections::BTreeSet;

use crate::answer::path::{Hop, Note};
use crate::answer::plan::{Action, GateAsk, Plan, PointOfNoReturn, Rollback, Step};
use crate::finding::Finding;

/// The plan of one leg.
#[derive(Default)]
pub(super) struct Segment {
    pub(super) hops: Vec<Hop>,
    pub(super) steps: Vec<Step>,
    /// The wave that comes next.
    pub(super) wave: usize,
    pub(super) point_of_no_return: Option<PointOfNoReturn>,
    /// Advice and accepted risks of the hops.
    pub(super) advice: Vec<Finding>,
    /// Doubts about the packages that run then.
    pub(super) doubts: Vec<Finding>,
    /// Warnings about single steps.
    pub(super) warnings: Vec<Finding>,
}

/// A step that was checked, before it has a place in a plan.
pub(super) struct CheckedStep {
    pub(super) action: Action,
    /// Names of the relations and rules that hold after it.
    pub(super) allowed_by: BTreeSet<String>,
    pub(super) gates: Vec<GateAsk>,
    pub(super) rollback: Rollback,
    /// Why there is no way back from it on.
    pub(super) closes: Option<Note>,
    pub(super) warning: Option<Finding>,
}

impl Segment {
    /// Adds a step of the hop at a place to the wave.
    pub(super) fn push(&mut self, hop: usize, step: CheckedStep) {
        let at = self.steps.len();
        if let Some(Note { message, moment, cite, .. }) = step.closes {
            let point = PointOfNoReturn { step: at, why: message, moment, cite };
            self.point_of_no_return.get_or_insert(point);
        }
        self.warnings.extend(step.warning);
        self.steps.push(Step {
            action: step.action,
            hop,
            wave: self.wave,
            allowed_by: step.allowed_by,
            gates: step.gates,
            rollback: step.rollback,
        });
    }

    /// Returns the nodes whose packages change.
    pub(super) fn changed(&self) -> impl Iterator<Item = usize> {
        self.steps.iter().filter_map(|step| match step.action {
            Action::Upgrade { node, .. } | Action::Install { node, .. } => Some(node),
            Action::Switch { .. }
            | Action::Stop { .. }
            | Action::Start { .. }
            | Action::Migrate { .. } => None,
        })
    }

    /// Appends the segment to a plan, whose next wave is `wave`.
    pub(super) fn append_to(self, plan: &mut Plan, wave: usize) {
        let (first_hop, first_step) = (plan.hops.len(), plan.steps.len());
        plan.hops.extend(self.hops);
        let place = |step: Step| Step { hop: first_hop + step.hop, wave: wave + step.wave, ..step };
        plan.steps.extend(self.steps.into_iter().map(place));
        if let Some(point) = self.point_of_no_return {
            let step = first_step + point.step;
            plan.point_of_no_return.get_or_insert(PointOfNoReturn { step, ..point });
        }
        plan.findings.extend(self.advice);
        for doubt in self.doubts {
            if !plan.findings.contains(&doubt) {
                plan.findings.push(doubt);
            }
        }
        plan.findings.extend(self.warnings);
    }
}
