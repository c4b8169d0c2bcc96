//! A plan as a checklist, to be ticked off in a ticket.

use std::fmt::Write as _;

use super::escape::{code, escape};
use crate::answer::plan::{Action, GateAsk, Plan, Rollback, Step};
use crate::catalog::Catalog;
use crate::deployment::Deployment;
use crate::limits::{Limits, Share};
use crate::report::fold;
use crate::report::promise::{downtime, way_back};
use crate::report::words::{numbered, what};

/// Prints a plan: what it comes to, what to ask first, then wave by wave each step with what must hold
/// after it and how it is undone.
pub(super) fn checklist(catalog: &Catalog, deployment: &Deployment, plan: &Plan, out: &mut String) {
    let targets: Vec<_> = plan.targets.iter().map(|&target| catalog.label(target)).collect();
    let _ = writeln!(out, "{} to {}\n", escape(&deployment.name), escape(&targets.join(" and ")));
    if plan.steps.is_empty() {
        out.push_str("Nothing to do.\n\n");
        return;
    }
    summary(plan, out);
    if !plan.preflight.is_empty() {
        out.push_str("\n## Before you start\n\n");
        for gate in &plan.preflight {
            let _ = writeln!(out, "- [ ] {}", question(deployment, gate, None));
        }
    }
    let mut wave = None;
    for line in fold::lines(plan) {
        let steps: Vec<&Step> = line.iter().map(|&step| &plan.steps[step]).collect();
        if wave != Some(steps[0].wave) {
            wave = Some(steps[0].wave);
            let _ = writeln!(out, "\n## Wave {}\n", steps[0].wave + 1);
        }
        if plan.point_of_no_return.as_ref().is_some_and(|point| line.contains(&point.step)) {
            out.push_str("**From here on there is no way back.**\n\n");
        }
        item(catalog, deployment, (line[0], &steps), out);
    }
    out.push('\n');
}

fn summary(plan: &Plan, out: &mut String) {
    let mut parts = vec![numbered(plan.steps.len(), "step"), numbered(plan.waves(), "wave")];
    let counted = [("upgrade", "restart"), ("switch", "switch")];
    let counted = counted.map(|(action, word)| (plan.count(action), word));
    parts.extend(counted.iter().filter(|it| it.0 > 0).map(|&(count, word)| numbered(count, word)));
    parts.push(downtime(plan));
    let _ = writeln!(out, "- {}", parts.join(", "));
    let _ = writeln!(out, "- Down at once: {}", limits(&plan.limits));
    let back = way_back(plan);
    let _ = writeln!(out, "- Way back: {}", escape(&back));
}

fn limits(limits: &Limits) -> String {
    let mut text = match limits.max_unavailable {
        Share::Nodes(nodes) => format!("at most {} of a group", numbered(nodes, "node")),
        Share::Percent(percent) => format!("at most {percent}% of a group"),
    };
    if limits.per_zone {
        text.push_str(", one zone at a time");
    }
    if limits.canary > 0 {
        text.push_str(&format!("; {} first", numbered(limits.canary, "node")));
    }
    text
}

/// Prints the steps of one line.
fn item(
    catalog: &Catalog,
    deployment: &Deployment,
    (first, steps): (usize, &[&Step]),
    out: &mut String,
) {
    let actions: Vec<&Action> = steps.iter().map(|step| &step.action).collect();
    let text = what(catalog, deployment, &actions);
    let many = if steps.len() > 1 { format!(" ({} steps)", steps.len()) } else { String::new() };
    let _ = writeln!(out, "- [ ] **{}.** {}{many}", first + 1, escape(&text));
    let asked = steps.iter().flat_map(|step| {
        step.gates.iter().map(|gate| question(deployment, gate, Some(&step.action)))
    });
    listed(asked, "  - [ ] ", out);
    let back = steps.iter().map(|step| match &step.rollback {
        Rollback::Possible(how) => escape(&format!("back: {how}")),
        Rollback::Impossible(why) => escape(&format!("no way back: {why}")),
        Rollback::Unknown(why) => escape(&format!("way back not known: {why}")),
    });
    listed(back, "  - ", out);
}

/// Prints each distinct text once; of many that differ only in names, the first few.
fn listed(texts: impl Iterator<Item = String>, before: &str, out: &mut String) {
    const SHOWN: usize = 24;
    let mut known: Vec<String> = Vec::new();
    let mut more = 0_usize;
    for text in texts {
        if known.len() < SHOWN && !known.contains(&text) {
            let _ = writeln!(out, "{before}{text}");
            known.push(text);
        } else if !known.contains(&text) {
            more += 1;
        }
    }
    if more > 0 {
        let _ = writeln!(out, "{before}and {more} more like these");
    }
}

/// Prints what to ask, of whom if it is not the node of the step alone, what to expect and why.
fn question(deployment: &Deployment, gate: &GateAsk, action: Option<&Action>) -> String {
    let field = gate.probe.field.as_ref().map(|field| format!(" {field}")).unwrap_or_default();
    let switches = matches!(action, Some(Action::Switch { .. }));
    let own = action.filter(|_| !switches).and_then(Action::node);
    let names: Vec<&str> =
        gate.nodes.iter().map(|&node| deployment.nodes[node].name.as_str()).collect();
    let place = match gate.nodes.as_slice() {
        [] => String::new(),
        [node] if own == Some(*node) => String::new(),
        _ => format!(" on {}", fold::some(&names)),
    };
    format!(
        "{}{}: {} ({})",
        code(&gate.probe.command),
        escape(&format!("{field}{place}")),
        escape(&gate.probe.expect.to_string()),
        escape(&gate.why)
    )
}
