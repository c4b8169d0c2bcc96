//! For tickets: plans as a checklist, sets as tables.

mod selection;

use std::fmt::Write as _;

use super::text::clean;
use super::{Body, Report};
use crate::answer::plan::{Action, GateAsk, Plan, Rollback};
use crate::catalog::Catalog;
use crate::deployment::Deployment;

/// Prints a report as Markdown: a plan as a checklist, sets as tables, anything else as its findings.
pub fn markdown(report: &Report<'_>) -> String {
    let mut out = format!("# skew {}\n\n", report.command);
    match &report.body {
        Body::Plan { deployment, plan, .. } => {
            if let Ok(plan) = plan.as_ref() {
                checklist(report.catalog, deployment, plan, &mut out);
            }
        }
        Body::Resolution(resolved) => selection::resolved(report, resolved, &mut out),
        Body::Sets(sets) => selection::sets(report, sets, &mut out),
        Body::Findings { .. }
        | Body::Pair { .. }
        | Body::Path { .. }
        | Body::Support { .. }
        | Body::Inspect(_)
        | Body::Packages(_)
        | Body::Package(_) => {}
    }
    for finding in &report.findings {
        let _ = writeln!(
            out,
            "- **{}** `{}` {}: {}",
            finding.severity,
            escape(finding.code.as_str()),
            escape(&finding.subject),
            escape(&finding.message)
        );
    }
    out
}

fn checklist(catalog: &Catalog, deployment: &Deployment, plan: &Plan, out: &mut String) {
    let targets: Vec<_> = plan.targets.iter().map(|&target| catalog.label(target)).collect();
    let _ = writeln!(out, "{} to {}\n", escape(&deployment.name), escape(&targets.join(" and ")));
    let back = match &plan.point_of_no_return {
        Some(point) => format!("step {}: {}", point.step + 1, escape(&point.why)),
        None => "none".to_owned(),
    };
    let _ = writeln!(out, "Point of no return: {back}\n");
    for gate in &plan.preflight {
        let _ = writeln!(out, "- [ ] before: {}", question(gate));
    }
    out.push('\n');
    for (ix, step) in plan.steps.iter().enumerate() {
        let _ = writeln!(
            out,
            "- [ ] **{}.** {}",
            ix + 1,
            escape(&action(catalog, deployment, &step.action))
        );
        for gate in &step.gates {
            let _ = writeln!(out, "  - [ ] {}", question(gate));
        }
        let back = match &step.rollback {
            Rollback::Possible(how) => format!("back: {how}"),
            Rollback::Impossible(why) => format!("no way back: {why}"),
        };
        let _ = writeln!(out, "  - {}", escape(&back));
    }
    out.push('\n');
}

/// Prints what to ask and what to expect.
fn question(gate: &GateAsk) -> String {
    let field = gate.probe.field.as_ref().map(|field| format!(" {field}")).unwrap_or_default();
    format!("`{}`{}: {}", escape(&gate.probe.command), escape(&field), escape(&gate.probe.expect))
}

fn action(catalog: &Catalog, deployment: &Deployment, action: &Action) -> String {
    let name = |node: &usize| deployment.nodes[*node].name.as_str();
    match action {
        Action::Upgrade { node, from, to, .. } => {
            format!("upgrade {}: {} to {}", name(node), catalog.label(*from), catalog.label(*to))
        }
        Action::Install { node, to, .. } => {
            format!("install {} on {}", catalog.label(*to), name(node))
        }
        Action::Switch { group, from_node, to_node } => {
            format!(
                "switch {} from {} to {}",
                deployment.groups[*group],
                name(from_node),
                name(to_node)
            )
        }
        Action::Stop { node } => format!("stop {}", name(node)),
        Action::Start { node } => format!("start {}", name(node)),
        Action::Migrate { name, command, .. } => {
            let command =
                command.as_ref().map(|command| format!(": {command}")).unwrap_or_default();
            format!("migrate {name}{command}")
        }
    }
}

/// Escapes what Markdown or HTML would read as markup.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in clean(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '*' | '_' | '[' | ']' | '|' | '\\' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
