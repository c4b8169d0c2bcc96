//! Whether a plan may go on.

use super::style::{Style, bad, flat, good, wrap};
use crate::answer::gate::{GateAnswer, GateCheck, GateOutcome};
use crate::report::words::gate_question;

/// Prints the answer and every check that does not hold.
pub(super) fn text(answer: &GateAnswer, style: Style) -> String {
    let next = if answer.step > answer.steps {
        "the end of the plan".to_owned()
    } else {
        format!("step {} of {}", answer.step, answer.steps)
    };
    let verdict = if answer.is_go() { good("go") } else { bad("no-go") };
    let asked = answer.holding() + answer.failing().count();
    let mut out = format!("{verdict}: {next}; {} of {asked} checks hold\n", answer.holding());
    for check in answer.failing() {
        out.push_str(&failing(check, style));
    }
    for check in answer.checks.iter().filter(|check| check.outcome == GateOutcome::ByHand) {
        let line = format!("{} by hand: {}", check.gate, question(check));
        out.push_str(&format!("\n{}\n", wrap(&line, style.width, 0)));
    }
    out
}

fn failing(check: &GateCheck, style: Style) -> String {
    let at = check.node.as_deref().map(|node| format!(" on {node}")).unwrap_or_default();
    let found = match &check.outcome {
        GateOutcome::Unanswered(why) => format!("no answer: {why}"),
        GateOutcome::Fails(found) => format!("found {found}"),
        GateOutcome::Holds | GateOutcome::NotConcerned | GateOutcome::ByHand => String::new(),
    };
    let head = format!("{}{at}", check.gate);
    let asked = wrap(&format!("expected {}", question(check)), style.width, 2);
    format!("\n{}\n  {asked}\n  {}\n", bad(&flat(&head)), wrap(&found, style.width, 2))
}

fn question(check: &GateCheck) -> String {
    check.probe.as_ref().map_or_else(|| "what the gate's name says".to_owned(), gate_question)
}
