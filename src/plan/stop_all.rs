//! A hop that stops everything: stop, change, migrate, start.

use std::collections::BTreeSet;

use super::goal::Task;
use super::hops::irreversible;
use super::products::sources;
use super::progress::Progress;
use super::refusal::Refusal;
use super::roles::RoleOrder;
use super::route::Leg;
use super::segment::{CheckedStep, Segment};
use super::sets::SetsAfter;
use super::work::work;
use super::{cut_off, gates, remarks, steps};
use crate::answer::path::Hop;
use crate::answer::plan::{Action, Rollback};
use crate::catalog::{Catalog, MigrationTime};
use crate::finding::{Check, Finding, Severity};
use crate::graph::may_step;

/// Plans the hop: nodes that are at the target already are stopped too, as it is made while nothing runs.
pub(super) fn run(
    task: &Task<'_>,
    progress: &mut Progress<'_>,
    leg: &Leg,
    hop: &Hop,
    sets: &SetsAfter,
    segment: &mut Segment,
) -> Result<(), Refusal> {
    refuse_cut_off(task, progress, leg)?;
    let fleet = &progress.state.fleet;
    let after = leg.moving.keys().map(|&node| (node, &sets[&hop.to][&fleet.node(node).packages]));
    segment.doubts = remarks::doubts(fleet, after.collect());
    segment.warnings.push(notice(task.catalog, hop));
    let sources = sources(task.catalog, hop.to.0);
    let concerned = (0..fleet.deployment.nodes.len())
        .filter(|&node| sources.iter().any(|it| fleet.node(node).packages.contains_key(it)));
    let all = in_order(task, progress, hop, concerned);
    let ordered = in_order(task, progress, hop, leg.moving.keys().copied());
    stop(task, progress, hop, &all, segment)?;
    for &node in &ordered {
        let (state, closed) = (&mut progress.state, progress.closed.as_ref());
        segment.push(0, steps::upgrade_stopped(task, state, closed, node, hop.to, sets)?);
    }
    segment.wave += 1;
    work(task, progress, hop, MigrationTime::Stopped, segment);
    start(task, progress, leg, hop, &all, segment)?;
    ask_all(task, progress, hop, &ordered, segment);
    segment.wave += 1;
    Ok(())
}

/// Says that a hop stops everything, and why.
fn notice(catalog: &Catalog, hop: &Hop) -> Finding {
    let why = hop.procedure_why.as_ref().map_or("as you allowed", |(why, _)| why.as_str());
    let product = &catalog.package(hop.to.0).name;
    let message = format!("this hop stops every node of {product}: {why}");
    let subject = remarks::subject(catalog, hop);
    let mut finding = Finding::new(Check::EdgeAdvice, Severity::Warning, subject, message);
    finding.cites.extend(hop.procedure_why.iter().map(|(_, cite)| cite.clone()));
    finding
}

/// Refuses a hop that some role's limits do not allow, for nodes that take it all together.
fn refuse_cut_off(task: &Task<'_>, progress: &Progress<'_>, leg: &Leg) -> Result<(), Refusal> {
    let fleet = &progress.state.fleet;
    let moving = leg.moving.iter();
    let starts: BTreeSet<_> =
        moving.map(|(&node, &running)| (fleet.node(node).role, running)).collect();
    let (features, risks) = (fleet.deployment.features, &task.goal.accepted_risks);
    for (role, from) in starts {
        if !may_step(task.catalog, from, leg.end, role, features, risks) {
            return Err(cut_off::refusal(fleet, leg, role, from).into());
        }
    }
    Ok(())
}

/// Returns nodes in the matrix's order of roles.
fn in_order(
    task: &Task<'_>,
    progress: &Progress<'_>,
    hop: &Hop,
    nodes: impl Iterator<Item = usize>,
) -> Vec<usize> {
    let order = RoleOrder::new(task.catalog.upgrades(hop.to.0));
    let mut ordered: Vec<_> = nodes.collect();
    ordered.sort_by_key(|&node| (order.place(progress.state.fleet.node(node).role), node));
    ordered
}

/// Begins a wave if the role of a node changes at another time than that of the node before it.
fn next_place(
    task: &Task<'_>,
    progress: &Progress<'_>,
    hop: &Hop,
    (before, node): (Option<&usize>, usize),
    segment: &mut Segment,
) {
    let order = RoleOrder::new(task.catalog.upgrades(hop.to.0));
    let place = |node: usize| order.place(progress.state.fleet.node(node).role);
    if before.is_some_and(|&before| place(before) != place(node)) {
        segment.wave += 1;
    }
}

fn stop(
    task: &Task<'_>,
    progress: &mut Progress<'_>,
    hop: &Hop,
    all: &[usize],
    segment: &mut Segment,
) -> Result<(), Refusal> {
    let mut before = None;
    for node in all {
        next_place(task, progress, hop, (before, *node), segment);
        progress.state.fleet.set_stopped(*node, true);
        let back = Rollback::Possible("start it again".to_owned());
        let action = Action::Stop { node: *node };
        let state = &mut progress.state;
        segment.push(0, steps::with_plain_check(task, state, hop.to, action, back, &[])?);
        before = Some(node);
    }
    segment.wave += 1;
    Ok(())
}

fn start(
    task: &Task<'_>,
    progress: &mut Progress<'_>,
    leg: &Leg,
    hop: &Hop,
    all: &[usize],
    segment: &mut Segment,
) -> Result<(), Refusal> {
    let mut before = None;
    for node in all.iter().rev() {
        next_place(task, progress, hop, (before, *node), segment);
        let closes = irreversible(hop).filter(|_| before.is_none());
        if closes.is_some() {
            progress.closed.clone_from(&closes);
        }
        let state = &mut progress.state;
        state.fleet.set_stopped(*node, false);
        let (back, own) = steps::back_from_start(state, hop, *node, leg.moving.get(node).copied());
        let action = Action::Start { node: *node };
        let step = steps::with_plain_check(task, state, hop.to, action, back, &[*node])?;
        let closes = closes.or(own);
        segment.push(0, CheckedStep { closes, ..step });
        before = Some(node);
    }
    Ok(())
}

/// Asks what is asked after upgrades once everything runs again: a stopped node cannot answer,
/// and a product that is half started does not look healthy.
fn ask_all(
    task: &Task<'_>,
    progress: &Progress<'_>,
    hop: &Hop,
    upgraded: &[usize],
    segment: &mut Segment,
) {
    let deployment = &progress.state.fleet.deployment;
    let upgrades = task.catalog.upgrades(hop.to.0);
    let asked = gates::after(task, deployment, "upgrade", upgrades, upgraded, hop.to);
    if let Some(last) = segment.steps.last_mut() {
        for gate in asked {
            if last.gates.iter().all(|known| known.name != gate.name) {
                last.gates.push(gate);
            }
        }
    }
}
