//! Views of whether a plan may go on.

use super::plan::ProbeView;
use super::view::{view, word};
use crate::answer::gate::{GateAnswer, GateCheck, GateOutcome};

word! { OutcomeWord "What came of it." "holds" "fails" "unanswered" "not-concerned" "by-hand" }

view! {
    /// A gate asked of one node, or of all if it compares them.
    GateCheckView<'a>(check: &'a GateCheck) with { let (word, seen, reason) = match &check.outcome {
        GateOutcome::Holds => ("holds", None, None),
        GateOutcome::Fails(found) => ("fails", Some(found.as_str()), None),
        GateOutcome::Unanswered(why) => ("unanswered", None, Some(why.as_str())),
        GateOutcome::NotConcerned => ("not-concerned", None, None),
        GateOutcome::ByHand => ("by-hand", None, None),
    }; } {
        gate: &'a str = &check.gate,
        #[serde(skip_serializing_if = "Option::is_none")]
        node: Option<&'a str> = check.node.as_deref(),
        #[serde(flatten)]
        probe: Option<ProbeView<'a>> = check.probe.as_ref().map(ProbeView::new),
        outcome: OutcomeWord = OutcomeWord(word),
        /// What was found instead.
        #[serde(skip_serializing_if = "Option::is_none")]
        found: Option<&'a str> = seen,
        /// Why there is no answer.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<&'a str> = reason,
    }
}

view! {
    /// What is known before a step of a plan.
    GateAnswerView<'a>(answer: &'a GateAnswer) {
        /// True if the step may be taken.
        go: bool = answer.is_go(),
        /// The step that is next, counted from 1.
        step: usize = answer.step,
        steps: usize = answer.steps,
        checks: Vec<GateCheckView<'a>> = answer.checks.iter().map(GateCheckView::new).collect(),
    }
}
