//! A hop that stops everything: stop, change, migrate, start.

use std::collections::BTreeSet;

use super::fleet::Fleet;
use super::goal::Task;
use super::hops::irreversible;
use super::products::{running, sources};
use super::progress::Progress;
use super::refusal::Refusal;
use super::roles::RoleOrder;
use super::route::Leg;
use super::segment::{CheckedStep, Segment};
use super::sets::SetsAfter;
use super::state::State;
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
    let all = by_role(task, fleet, hop, concerned);
    let ordered = by_role(task, fleet, hop, leg.moving.keys().copied()).concat();
    stop(task, &mut progress.state, hop, &all, segment)?;
    for &node in &ordered {
        let (state, closed) = (&mut progress.state, progress.closed.as_ref());
        segment.push(0, steps::upgrade_stopped(task, state, closed, node, hop.to, sets)?);
    }
    segment.wave += 1;
    work(task, progress, hop, MigrationTime::Stopped, segment);
    start(task, progress, leg, hop, &all, segment)?;
    ask_all(task, progress, hop, &ordered, segment);
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

/// Returns nodes in the matrix's order of roles, those whose turn comes at the same time together.
fn by_role(
    task: &Task<'_>,
    fleet: &Fleet<'_>,
    hop: &Hop,
    nodes: impl Iterator<Item = usize>,
) -> Vec<Vec<usize>> {
    let order = RoleOrder::new(task.catalog.upgrades(hop.to.0));
    let place = |node: &usize| order.place(fleet.node(*node).role);
    let mut nodes: Vec<_> = nodes.collect();
    nodes.sort_by_key(|node| (place(node), *node));
    nodes.chunk_by(|a, b| place(a) == place(b)).map(<[usize]>::to_vec).collect()
}

fn stop(
    task: &Task<'_>,
    state: &mut State<'_>,
    hop: &Hop,
    all: &[Vec<usize>],
    segment: &mut Segment,
) -> Result<(), Refusal> {
    for nodes in all {
        for &node in nodes {
            state.fleet.set_stopped(node, true);
            let back = Rollback::Possible("start it again".to_owned());
            let action = Action::Stop { node };
            segment.push(0, steps::with_plain_check(task, state, hop.to, action, back, &[])?);
        }
        segment.wave += 1;
    }
    Ok(())
}

/// Starts nodes, the last role first. With the first start the way back is closed, if it is.
fn start(
    task: &Task<'_>,
    progress: &mut Progress<'_>,
    leg: &Leg,
    hop: &Hop,
    all: &[Vec<usize>],
    segment: &mut Segment,
) -> Result<(), Refusal> {
    let mut closes = irreversible(hop);
    progress.closed = closes.clone().or(progress.closed.take());
    let state = &mut progress.state;
    for nodes in all.iter().rev() {
        for &node in nodes.iter().rev() {
            state.fleet.set_stopped(node, false);
            let before = leg.moving.get(&node).copied();
            let (back, own) = steps::back_from_start(state, hop, node, before);
            let action = Action::Start { node };
            // Another one than the hop's, if the node was ahead.
            let runs = running(task.catalog, state.fleet.node(node), hop.to.0).unwrap_or(hop.to);
            let step = steps::with_plain_check(task, state, runs, action, back, &[node])?;
            let closes = closes.take().or(own);
            segment.push(0, CheckedStep { closes, ..step });
        }
        segment.wave += 1;
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
