//! Why there is no upgrade path, and what would help.
//!
//! An obstacle without which a path appears is a reason by itself. If there is none, several stand
//! in the way at once: all are taken away and put back one by one, hardest first, and those that
//! close the way again are the reasons. None of them can be left out of that set.

use std::collections::BTreeSet;

use fixedbitset::FixedBitSet;

use super::hop_graph::HopGraph;
use super::obstacles::{Obstacle, OpenSteps};
use super::query::{PathQuery, Route};
use super::wording::trim;
use crate::answer::path::{Alternative, Change, NoPath};
use crate::catalog::{
    Catalog, Channel, EdgeNote, FactIx, PackageIx, Release, ReleaseId, ReleaseSet, StepLimit, Stop,
};
use crate::finding::{Check, Finding, Severity};

/// Returns the answer for two packages of which no fact says that one takes the other's place.
pub(super) fn strangers(catalog: &Catalog, from: ReleaseId, to: ReleaseId) -> NoPath {
    let (old, new) = (&catalog.package(from.0).name, &catalog.package(to.0).name);
    let message = format!("no fact says that {new} can take the place of {old}");
    let subject = format!("{} -> {}", catalog.label(from), catalog.label(to));
    let reason = Finding::new(Check::NoPath, Severity::Error, subject, message);
    NoPath { reasons: vec![reason], alternatives: Vec::new() }
}

/// Explains why the graph has no path.
pub(super) fn no_path(
    query: &PathQuery<'_>,
    route: &Route<'_>,
    graph: &HopGraph<'_>,
    accepted_risks: &BTreeSet<String>,
) -> NoPath {
    let reasons = reasons(graph);
    let explained =
        reasons.ones().map(|reason| finding(query, route.package, graph.obstacles[reason]));
    NoPath {
        reasons: explained.collect(),
        alternatives: alternatives(query, route, graph, accepted_risks),
    }
}

/// Returns what somebody has to establish before a way that no fact excludes is one; `None` if facts exclude
/// every way.
pub(super) fn open_way(
    query: &PathQuery<'_>,
    route: &Route<'_>,
    graph: &HopGraph<'_>,
) -> Option<NoPath> {
    let way = graph.search(&graph.known())?;
    let releases = graph.releases(&way);
    let mut reasons = Vec::new();
    for (places, pair) in way.windows(2).zip(releases.windows(2)) {
        let against = graph.against(places[0], places[1]);
        let made = against.map(|obstacle| {
            let said = finding(query, route.package, obstacle);
            Finding { subject: query.subject(pair[0], pair[1]), ..said }
        });
        reasons.extend(made);
    }
    Some(NoPath { reasons, alternatives: Vec::new() })
}

/// Says that nobody states how a package is upgraded, and where it would be stated.
pub fn no_rules(catalog: &Catalog, package: PackageIx, subject: String) -> Finding {
    let stated = catalog.package(package);
    let own = format!("an entry for {} in `upgrades`", stated.name);
    let missing = match stated.core {
        Some(core) => format!("{own}, or `plugins` in that of {}", catalog.package(core).name),
        None => own,
    };
    missing_fact(subject, format!("no matrix says how {} is upgraded", stated.name), &missing)
}

fn missing_fact(subject: String, message: String, missing: &str) -> Finding {
    Finding::new(Check::HopUnknown, Severity::Warning, subject, message)
        .hinting(format!("somebody has to establish it first; a matrix states it as {missing}"))
}

/// Says which statement on a step is missing.
fn open_step(query: &PathQuery<'_>, package: PackageIx, open: OpenSteps<'_>) -> Finding {
    let name = &query.catalog.package(package).name;
    let subject = query.subject(query.from, query.to);
    let (message, missing) = match open {
        OpenSteps::NoRules => return no_rules(query.catalog, package, subject),
        OpenSteps::Uncovered(_) => (
            format!("no edge that is stated for {name} covers the step"),
            "an edge in `allowed`, or `otherwise`",
        ),
        OpenSteps::WayBack(_) => (
            format!("no fact says whether {name} can be taken back to an older release"),
            "`downgrade`, or the step in `reversible`",
        ),
        OpenSteps::Younger(_) => (
            "the release one comes from is younger than the one one goes to, which may not read its data"
                .to_owned(),
            "the step as an edge in `allowed`",
        ),
    };
    missing_fact(subject, message, missing)
}

fn reasons(graph: &HopGraph<'_>) -> FixedBitSet {
    let all = graph.known();
    let opens = |obstacle: &usize| {
        let mut rest = all.clone();
        rest.set(*obstacle, false);
        graph.search(&rest).is_some()
    };
    let singles: FixedBitSet = all.ones().filter(opens).collect();
    if !singles.is_clear() {
        return singles;
    }
    removal(graph, &all)
}

/// Returns a smallest part of `candidates` (none of it can be spared) without which there is a path.
/// Those that come first are rather left standing.
fn removal(graph: &HopGraph<'_>, candidates: &FixedBitSet) -> FixedBitSet {
    let mut active = graph.known();
    active.difference_with(candidates);
    let mut removed = FixedBitSet::with_capacity(active.len());
    for obstacle in candidates.ones() {
        active.insert(obstacle);
        if graph.search(&active).is_none() {
            active.set(obstacle, false);
            removed.insert(obstacle);
        }
    }
    removed
}

fn alternatives(
    query: &PathQuery<'_>,
    route: &Route<'_>,
    graph: &HopGraph<'_>,
    accepted_risks: &BTreeSet<String>,
) -> Vec<Alternative> {
    let settle = || {
        let releases = graph.releases(&graph.nearest(&graph.all())?);
        Some(Alternative { change: Change::SettleFor(*releases.last()?), releases })
    };
    let found = [accept_risks(graph), go_over(query, route, accepted_risks), settle()];
    found.into_iter().flatten().collect()
}

/// Returns the path that opens when risks are accepted, with the fewest names it takes.
fn accept_risks(graph: &HopGraph<'_>) -> Option<Alternative> {
    let name = |place: usize| match graph.obstacles[place] {
        Obstacle::Risk(risk) => Some(&risk.name),
        Obstacle::Irreversible(_)
        | Obstacle::Migration(_)
        | Obstacle::Refused(..)
        | Obstacle::Blocked(_)
        | Obstacle::Stop(_)
        | Obstacle::Withdrawn(_)
        | Obstacle::Undrawn(_)
        | Obstacle::Open(_)
        | Obstacle::Limit(_) => None,
    };
    let risks: FixedBitSet = graph.all().ones().filter(|&place| name(place).is_some()).collect();
    let mut rest = graph.all();
    rest.difference_with(&risks);
    graph.search(&rest)?;
    let removed = removal(graph, &risks);
    let names: BTreeSet<String> = removed.ones().filter_map(name).cloned().collect();
    // Two notes may share a name, and it is names that are accepted.
    let accepted = |place: &usize| name(*place).is_some_and(|name| names.contains(name));
    let mut active = graph.all();
    active.difference_with(&risks.ones().filter(accepted).collect());
    let releases = graph.releases(&graph.search(&active)?);
    Some(Alternative { change: Change::AcceptRisks(names.into_iter().collect()), releases })
}

/// Returns the path that opens when pre-releases may lie on it.
fn go_over(
    query: &PathQuery<'_>,
    route: &Route<'_>,
    accepted_risks: &BTreeSet<String>,
) -> Option<Alternative> {
    let passable =
        |release: &Release| release.withdrawn.is_none() && release.channel != Channel::Development;
    let graph = HopGraph::new(query, route, accepted_risks, passable);
    let releases = graph.releases(&graph.search(&graph.all())?);
    let passed = &releases[1..releases.len() - 1];
    let release = |&(package, rank): &ReleaseId| query.catalog.package(package).release(rank);
    let unusual = passed.iter().copied().filter(|id| !Release::is_choosable(release(id))).collect();
    Some(Alternative { change: Change::GoOver(unusual), releases })
}

/// Says how an obstacle stands in the way.
fn finding(query: &PathQuery<'_>, package: PackageIx, obstacle: Obstacle<'_>) -> Finding {
    let catalog = query.catalog;
    let made = |fact: FactIx, message: String| {
        let subject = query.subject(query.from, query.to);
        let cite = catalog.cite_for(fact, Some(query.to));
        Finding::new(Check::NoPath, Severity::Error, subject, message).citing(cite)
    };
    let backup = "to go back all the same, restore a backup from before the upgrade";
    match obstacle {
        Obstacle::Irreversible(note) => {
            let message = format!("`{}` leaves no way back: {}", note.name, trim(&note.message));
            let made = made(note.scope.fact, message);
            conditional(catalog, note, made.hinting(backup))
        }
        Obstacle::Migration(migration) => {
            let message = format!(
                "the migration `{}` cannot be undone: {}",
                migration.name,
                trim(&migration.message)
            );
            made(migration.scope.fact, message).hinting(backup)
        }
        Obstacle::Open(open) => open_step(query, package, open),
        Obstacle::Withdrawn(edge) => {
            let why = edge.withdrawn.as_deref().unwrap_or_default();
            made(edge.scope.fact, format!("the step was withdrawn: {}", trim(why)))
        }
        Obstacle::Undrawn(rules) => made(
            rules.fact,
            "the stated steps are all there are, and this is none of them".to_owned(),
        ),
        Obstacle::Refused(why, rules) => {
            let fact = rules.fact;
            let name = &catalog.package(package).name;
            let why = if why.is_empty() { String::new() } else { format!(": {}", trim(why)) };
            made(fact, format!("{name} cannot be taken back to an older release{why}"))
                .hinting(backup)
        }
        Obstacle::Blocked(note) => {
            let message = format!("`{}` forbids the step: {}", note.name, trim(&note.message));
            conditional(catalog, note, made(note.scope.fact, message))
        }
        Obstacle::Stop(stop) => made(stop.scope.fact, stop_message(catalog, package, stop)),
        Obstacle::Limit(limit) => made(limit.fact, limit_message(limit)),
        Obstacle::Risk(note) => {
            let message =
                format!("the risk `{}` is not accepted: {}", note.name, trim(&note.message));
            made(note.scope.fact, message).hinting(format!("accept the risk `{}`", note.name))
        }
    }
}

/// Adds on which features the note depends, if any.
fn conditional(catalog: &Catalog, note: &EdgeNote, finding: Finding) -> Finding {
    if note.when.is_empty() {
        return finding;
    }
    let names: Vec<_> = note
        .when
        .iter()
        .map(|feature| format!("`{}`", catalog.features()[feature.ix()].name))
        .collect();
    finding.hinting(format!("this holds while {} is in use", names.join(" and ")))
}

fn stop_message(catalog: &Catalog, package: PackageIx, stop: &Stop) -> String {
    let place = match (stop.via.oldest(), stop.via.newest()) {
        (Some(first), Some(last)) if first == last => catalog.label((package, first)),
        (Some(first), Some(last)) => {
            let to = catalog.version((package, last));
            format!("{} to {to}", catalog.label((package, first)))
        }
        (None, _) | (_, None) => "releases that are not known".to_owned(),
    };
    let none_usable =
        if usable(catalog, package, &stop.via) { "" } else { ", of which none may be chosen" };
    format!("`{}` asks for a stop at {place}{none_usable}: {}", stop.name, trim(&stop.message))
}

fn usable(catalog: &Catalog, package: PackageIx, set: &ReleaseSet) -> bool {
    set.is_empty() || set.iter().any(|rank| catalog.package(package).release(rank).is_choosable())
}

fn limit_message(limit: &StepLimit) -> String {
    let (count, unit) = (limit.count, limit.unit.name());
    let lines = if count == 1 { "line" } else { "lines" };
    format!("one hop may cross at most {count} {unit} {lines}, which does not reach far enough")
}
