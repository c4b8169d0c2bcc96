//! A plan as a runbook.

use std::collections::BTreeMap;
use std::ops::Range;

use super::path;
use super::style::{Style, bad, flat, good, strong, wrap};
use super::table::TextTable;
use crate::answer::plan::{Action, GateAsk, NoPlan, Plan, Rollback, Step};
use crate::catalog::Catalog;
use crate::deployment::Deployment;
use crate::report::fold;
use crate::report::promise::{downtime, way_back};
use crate::report::words::gate_question;

/// Prints a plan.
pub(super) fn text(
    catalog: &Catalog,
    deployment: &Deployment,
    plan: &Plan,
    style: Style,
) -> String {
    let targets: Vec<_> = plan.targets.iter().map(|&target| catalog.label(target)).collect();
    let head = format!("{} to {}", flat(&deployment.name), targets.join(" and "));
    if plan.steps.is_empty() {
        return format!("{}: {head}: nothing to do\n", good("already there"));
    }
    let mut out = format!("{}: {head}\n{}", good("plan"), summary(plan, style));
    out.push_str(&gate_list("before you start", &plan.preflight, style));
    for leg in legs(plan) {
        for ix in leg.clone() {
            out.push_str(&path::one(catalog, ix, &plan.hops[ix], style));
        }
        out.push('\n');
        out.push_str(&steps(catalog, deployment, plan, leg, style));
    }
    let loose: Vec<_> = plan.steps.iter().filter(|step| step.hop >= plan.hops.len()).collect();
    if !loose.is_empty() {
        out.push('\n');
        let rest = plan.hops.len()..usize::MAX;
        out.push_str(&steps(catalog, deployment, plan, rest, style));
    }
    out.push_str(&gate_lists(plan, style));
    out.push_str(&ways_back(plan, style));
    for (package, restart) in &plan.restart {
        let text = format!("restart of {}: {restart}", catalog.package(*package).name);
        out.push_str(&format!("\n{}\n", wrap(&text, style.width, 2)));
    }
    out
}

/// Returns the hops in runs whose steps do not mix with those of others.
fn legs(plan: &Plan) -> Vec<Range<usize>> {
    let mut legs: Vec<(Range<usize>, usize)> = Vec::new();
    for hop in 0..plan.hops.len() {
        let mut own = plan.steps.iter().enumerate().filter(|(_, step)| step.hop == hop);
        let first = own.next().map_or(plan.steps.len(), |(ix, _)| ix);
        let last = own.next_back().map_or(first, |(ix, _)| ix);
        match legs.last_mut() {
            Some((run, end)) if first < *end => {
                run.end = hop + 1;
                *end = last.max(*end);
            }
            _ => legs.push((hop..hop + 1, last)),
        }
    }
    legs.into_iter().map(|(run, _)| run).collect()
}

fn summary(plan: &Plan, style: Style) -> String {
    let counted = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        count => Some(format!("{count} {word}{}", if word.ends_with("ch") { "es" } else { "s" })),
    };
    let parts: Vec<_> = [
        counted(plan.steps.len(), "step"),
        counted(plan.waves(), "wave"),
        counted(plan.count("upgrade"), "restart"),
        counted(plan.count("switch"), "switch"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let counts =
        format!("{}, {}; every state between was checked", parts.join(", "), downtime(plan));
    let mut out = format!("  {}\n", wrap(&counts, style.width, 2));
    let back = way_back(plan);
    out.push_str(&format!("  {}\n", strong(&wrap(&back, style.width, 4))));
    out
}

fn steps(
    catalog: &Catalog,
    deployment: &Deployment,
    plan: &Plan,
    hops: Range<usize>,
    style: Style,
) -> String {
    let mut table =
        TextTable::new(&["step", "wave", "do", "where", "back", "what"]).right(0).right(1);
    let point = plan.point_of_no_return.as_ref().map(|point| point.step);
    let lines =
        fold::lines(plan).into_iter().filter(|line| hops.contains(&plan.steps[line[0]].hop));
    for line in lines {
        let step = &plan.steps[line[0]];
        let (place, mut what) = words(catalog, deployment, step);
        let place = match line.len() {
            1 => place,
            count => {
                if matches!(step.action, Action::Switch { .. }) {
                    what = format!("{what} and {} more", count - 1);
                }
                places(catalog, deployment, plan, &line)
            }
        };
        if point.is_some_and(|point| line.contains(&point)) {
            // The step itself can often be undone while it is under way: its completion ends that.
            let mark = match &step.rollback {
                Rollback::Possible(_) | Rollback::Unknown(_) => "<- no return once done",
                Rollback::Impossible(_) => "<- point of no return",
            };
            what = format!("{what}  {}", strong(mark));
        }
        let back = match &step.rollback {
            Rollback::Possible(_) => "yes",
            Rollback::Impossible(_) => "no",
            Rollback::Unknown(_) => "?",
        };
        let numbers = numbers(&line.iter().map(|step| step + 1).collect::<Vec<_>>());
        let wave = (step.wave + 1).to_string();
        table.row(vec![numbers, wave, verb(catalog, plan, step), place, back.to_owned(), what]);
    }
    table.print(1, style.width)
}

/// Names the first few places of steps that do the same.
fn places(catalog: &Catalog, deployment: &Deployment, plan: &Plan, line: &[usize]) -> String {
    let places: Vec<String> =
        line.iter().map(|&step| words(catalog, deployment, &plan.steps[step]).0).collect();
    fold::some(&places.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Returns the product's own word for a switch, else the action's name.
fn verb(catalog: &Catalog, plan: &Plan, step: &Step) -> String {
    let product = plan.hops.get(step.hop).and_then(|hop| catalog.upgrades(hop.to.0));
    match (&step.action, product.and_then(|upgrades| upgrades.switch.as_ref())) {
        (Action::Switch { .. }, Some(switch)) => switch.name.clone(),
        _ => step.action.name().to_owned(),
    }
}

fn words(catalog: &Catalog, deployment: &Deployment, step: &Step) -> (String, String) {
    let name = |node: usize| deployment.nodes[node].name.clone();
    match &step.action {
        Action::Upgrade { node, from, to, with } => {
            let to =
                if from.0 == to.0 { catalog.version(*to).to_owned() } else { catalog.label(*to) };
            let mut what = format!("{} -> {to}", catalog.label(*from));
            for (_, after) in with {
                what.push_str(&format!(" + {}", catalog.label(*after)));
            }
            (name(*node), what)
        }
        Action::Install { node, to, .. } => (name(*node), catalog.label(*to)),
        Action::Switch { group, from_node, to_node } => (
            deployment.groups[*group].clone(),
            format!("{} -> {}", name(*from_node), name(*to_node)),
        ),
        Action::Stop { node } | Action::Start { node } => (name(*node), String::new()),
        Action::Migrate { name, command, .. } => {
            ("-".to_owned(), command.clone().unwrap_or_else(|| name.clone()))
        }
    }
}

/// Prints each distinct gate once, by the action after which it is asked; where it is not asked after
/// every step of that action, the steps are named.
fn gate_lists(plan: &Plan, style: Style) -> String {
    let mut by_action: BTreeMap<&str, Vec<(GateAsk, Vec<usize>)>> = BTreeMap::new();
    for (ix, step) in plan.steps.iter().enumerate() {
        let gates = by_action.entry(step.action.name()).or_default();
        for gate in &step.gates {
            match gates.iter_mut().find(|(known, _)| known.name == gate.name) {
                Some((_, steps)) => steps.push(ix + 1),
                None => gates.push((gate.clone(), vec![ix + 1])),
            }
        }
    }
    let lists = by_action.into_iter().map(|(action, gates)| {
        let asked = gates.into_iter().map(|(mut gate, steps)| {
            if steps.len() < plan.count(action) {
                let word = if steps.len() == 1 { "step" } else { "steps" };
                gate.why = format!("{}; after {word} {}", gate.why, numbers(&steps));
            }
            gate
        });
        gate_list(
            &format!("after each {action}, before the next step"),
            &asked.collect::<Vec<_>>(),
            style,
        )
    });
    lists.collect()
}

fn gate_list(title: &str, gates: &[GateAsk], style: Style) -> String {
    if gates.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", strong(title));
    for gate in gates {
        let text = format!("{} ({})", gate_question(&gate.probe), gate.why);
        out.push_str(&format!("  - {}\n", wrap(&text, style.width, 4)));
    }
    out
}

/// Prints the distinct ways to undo steps, with the steps they are for.
fn ways_back(plan: &Plan, style: Style) -> String {
    let mut ways: Vec<(String, Vec<usize>)> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for (ix, step) in plan.steps.iter().enumerate() {
        let text = match &step.rollback {
            Rollback::Possible(how) => how.clone(),
            Rollback::Impossible(why) => format!("no way back: {why}"),
            Rollback::Unknown(why) => format!("not known: {why}"),
        };
        let at = *known.entry(text.clone()).or_insert(ways.len());
        match ways.get_mut(at) {
            Some((_, steps)) => steps.push(ix + 1),
            None => ways.push((text, vec![ix + 1])),
        }
    }
    let mut table = TextTable::new(&["steps", "the way back"]);
    let shown = 12;
    for (text, steps) in ways.iter().take(shown) {
        table.row(vec![numbers(steps), text.clone()]);
    }
    let more = if ways.len() > shown {
        format!("  ... and {} more, in the JSON form\n", ways.len() - shown)
    } else {
        String::new()
    };
    format!("\n{}\n{}{more}", strong("if you must go back"), table.print(2, style.width))
}

/// Prints `1-3, 5`, shortened where it gets long.
fn numbers(steps: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &step in steps {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == step => *last = step,
            _ => runs.push((step, step)),
        }
    }
    let mut texts: Vec<_> = runs
        .iter()
        .take(3)
        .map(
            |&(first, last)| {
                if first == last { first.to_string() } else { format!("{first}-{last}") }
            },
        )
        .collect();
    if runs.len() > 3 {
        texts.push("...".to_owned());
    }
    texts.join(", ")
}

/// Prints that there is no plan. The reasons are findings of the answer.
pub(super) fn none(none: &NoPlan, style: Style) -> String {
    let mut out = format!("{}\n", bad("no plan"));
    for (ix, alternative) in none.alternatives.iter().enumerate() {
        let word = if ix == 0 { "instead" } else { "or     " };
        out.push_str(&format!("  {word}  {}\n", wrap(alternative, style.width, 11)));
    }
    out
}
