//! Whether a plan may go on: gates, judged on what the nodes answered.

use crate::catalog::Probe;

/// What is known before a step of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GateAnswer {
    /// The step that is next, counted from 1; one more than there are steps for the end of the plan.
    pub step: usize,
    /// How many steps the plan has.
    pub steps: usize,
    /// What was asked, in the order of the plan.
    pub checks: Vec<GateCheck>,
}

impl GateAnswer {
    /// Whether the step may be taken.
    pub fn is_go(&self) -> bool {
        self.checks.iter().all(|check| match check.outcome {
            GateOutcome::Holds | GateOutcome::ByHand | GateOutcome::NotConcerned => true,
            GateOutcome::Fails(_) | GateOutcome::Unanswered(_) => false,
        })
    }

    /// Returns how many checks hold.
    pub fn holding(&self) -> usize {
        self.checks.iter().filter(|check| check.outcome == GateOutcome::Holds).count()
    }

    /// Returns the checks that keep the step from being taken.
    pub fn failing(&self) -> impl Iterator<Item = &GateCheck> {
        self.checks.iter().filter(|check| {
            matches!(check.outcome, GateOutcome::Fails(_) | GateOutcome::Unanswered(_))
        })
    }
}

/// A gate asked of one node, or of all if it compares them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateCheck {
    /// The gate's name.
    pub gate: String,
    /// The node; `None` if nodes are compared.
    pub node: Option<String>,
    /// The question and the wanted answer; `None` if the plan does not say.
    pub probe: Option<Probe>,
    /// What came of it.
    pub outcome: GateOutcome,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GateOutcome {
    /// The answer is the wanted one.
    Holds,
    /// It is another; what was found.
    Fails(String),
    /// There is no answer, and why.
    Unanswered(String),
    /// The gate is not about this node.
    NotConcerned,
    /// People must look.
    ByHand,
}
