//! The edges of a drawing, between the nodes that are in it.

use std::collections::BTreeMap;

use super::drawable::Drawable;
use super::edge_list::EdgeList;
use super::fold::ReleaseGroup;
use crate::answer::graph::{Edge, EdgeKind};
use crate::catalog::{
    Catalog, Constraint, EdgeScope, FeatureSet, InterfaceIx, LevelSpan, NeedKind, PackageIx,
    PackageKind, Rank, ReleaseSet, Upgrades,
};

/// The longest bound that is written on an edge, in characters.
const LABEL_LIMIT: usize = 32;

/// The nodes of one package, oldest first, each with its position in the drawing.
type PackageLines<'i> = Vec<(usize, &'i ReleaseGroup)>;

/// Returns all edges, in order of their ends.
pub(super) fn all(catalog: &Catalog, items: &[Drawable]) -> Vec<Edge> {
    let mut rows: BTreeMap<PackageIx, PackageLines<'_>> = BTreeMap::new();
    let mut interfaces = BTreeMap::new();
    for (place, item) in items.iter().enumerate() {
        match item {
            Drawable::ReleaseGroup(group) => {
                rows.entry(group.package).or_default().push((place, group));
            }
            Drawable::Interface(ix) => drop(interfaces.insert(*ix, place)),
        }
    }
    let mut edges = EdgeList::default();
    for &(place, group) in rows.values().flatten() {
        needs(catalog, &rows, place, group, &mut edges);
        for (interface, level) in uses(catalog, group) {
            if let Some(&to) = interfaces.get(&interface) {
                edges.add(place, to, EdgeKind::Uses, level);
            }
        }
    }
    for row in rows.values() {
        for (&interface, &to) in &interfaces {
            offers(catalog, row, interface, to, &mut edges);
        }
    }
    upgrades(catalog, &rows, &mut edges);
    edges.into_vec()
}

/// Draws what the newest release of a group requires, one edge for each package.
fn needs(
    catalog: &Catalog,
    rows: &BTreeMap<PackageIx, PackageLines<'_>>,
    place: usize,
    group: &ReleaseGroup,
    edges: &mut EdgeList,
) {
    let mut by_target: BTreeMap<PackageIx, Vec<&Constraint>> = BTreeMap::new();
    for constraint in required(catalog, group) {
        by_target.entry(constraint.target).or_default().push(constraint);
    }
    for (target, constraints) in by_target {
        let mut allowed = constraints[0].allowed.clone();
        constraints[1..].iter().for_each(|other| allowed.intersect_with(&other.allowed));
        let row = rows.get(&target).map(Vec::as_slice).unwrap_or_default();
        if let Some(&(lowest, _)) = row.iter().find(|(_, group)| group.meets(&allowed)) {
            edges.add(place, lowest, EdgeKind::Needs, bound(catalog, &constraints, &allowed));
        }
    }
}

fn required<'c>(
    catalog: &'c Catalog,
    group: &ReleaseGroup,
) -> impl Iterator<Item = &'c Constraint> {
    let needs = catalog.package(group.package).needs(group.newest());
    let binding = needs.iter().filter(|need| need.kind == NeedKind::Requires);
    binding.map(|need| catalog.constraint(need.constraint))
}

/// Returns what a node needs of a package, in the matrix's words where it states a range.
fn bound(catalog: &Catalog, constraints: &[&Constraint], allowed: &ReleaseSet) -> String {
    let ranges: Vec<_> = constraints
        .iter()
        .filter(|constraint| constraint.interface.is_none())
        .map(|constraint| constraint.text.as_str())
        .collect();
    let stated = ranges.join(", ");
    if !stated.is_empty() && stated.chars().count() <= LABEL_LIMIT {
        return stated;
    }
    span(catalog, constraints[0].target, allowed)
}

/// Returns the outermost releases of a set as a bound: `=1.5.6`, `>=9.0.1`, `1.0.0 to 1.4.2`.
fn span(catalog: &Catalog, package: PackageIx, set: &ReleaseSet) -> String {
    let stated = catalog.package(package);
    let newest = stated.ranks().rev().find(|&rank| stated.release(rank).is_choosable());
    match (set.oldest(), set.newest()) {
        (Some(low), Some(high)) if low == high => format!("={}", stated.version(low)),
        (Some(low), Some(high)) if newest.is_some_and(|newest| high >= newest) => {
            format!(">={}", stated.version(low))
        }
        (Some(_), Some(_)) | (None, _) | (_, None) => ends(catalog, package, set),
    }
}

/// Returns the outermost releases of a set: `1.3.0 to 1.3.39`.
fn ends(catalog: &Catalog, package: PackageIx, set: &ReleaseSet) -> String {
    let text = |rank| catalog.version((package, rank));
    match (set.oldest(), set.newest()) {
        (Some(low), Some(high)) if low == high => text(low).to_owned(),
        (Some(low), Some(high)) => format!("{} to {}", text(low), text(high)),
        (None, _) | (_, None) => "no known release".to_owned(),
    }
}

/// Returns the interfaces that the newest release of a group was built for, with the levels.
pub(super) fn uses(catalog: &Catalog, group: &ReleaseGroup) -> Vec<(InterfaceIx, String)> {
    required(catalog, group).filter_map(level_of).collect()
}

/// Returns the interface and the level that a constraint is about; its text is `NAME LEVEL` then.
fn level_of(constraint: &Constraint) -> Option<(InterfaceIx, String)> {
    let (_, level) = constraint.text.split_once(' ')?;
    Some((constraint.interface?, level.to_owned()))
}

/// Draws what the nodes of a package offer on an interface, where it differs from the node before.
fn offers(
    catalog: &Catalog,
    row: &PackageLines<'_>,
    interface: InterfaceIx,
    to: usize,
    edges: &mut EdgeList,
) {
    let mut before = None;
    for &(place, group) in row {
        let offered = offer_text(catalog, interface, group.package, group.newest());
        if let Some(text) = &offered
            && offered != before
        {
            edges.add(place, to, EdgeKind::Offers, text.clone());
        }
        before = offered;
    }
}

/// Returns the levels that a release reads, and those it writes where they are others, with no
/// feature in use. `None` if there are none.
fn offer_text(
    catalog: &Catalog,
    interface: InterfaceIx,
    package: PackageIx,
    rank: Rank,
) -> Option<String> {
    let surface = catalog.interface(interface);
    let offer = surface.offer(package, rank)?;
    let text = |spans: &[LevelSpan]| {
        let mut texts: Vec<String> = Vec::new();
        for span in spans.iter().filter(|span| span.counts(FeatureSet::default())) {
            let (low, high) = (surface.level(span.low), surface.level(span.high));
            let text = if low == high { low.to_owned() } else { format!("{low}..{high}") };
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts.join(", ")
    };
    let (reads, writes) = (text(&offer.reads), text(&offer.writes));
    match (reads.is_empty(), writes.is_empty()) {
        (true, true) => None,
        (false, true) => Some(reads),
        (true, false) => Some(format!("writes {writes}")),
        (false, false) if reads == writes => Some(reads),
        (false, false) => Some(format!(
            "reads {reads}
writes {writes}"
        )),
    }
}

/// Draws the steps between neighbouring nodes of each core, and what is said about steps.
fn upgrades(catalog: &Catalog, rows: &BTreeMap<PackageIx, PackageLines<'_>>, edges: &mut EdgeList) {
    for (&package, row) in rows {
        let rules = catalog.upgrades(package);
        if catalog.package(package).kind == PackageKind::Core || rules.is_some() {
            for pair in row.windows(2) {
                edges.add(pair[0].0, pair[1].0, EdgeKind::Upgrade, "");
            }
        }
        if let Some(rules) = rules {
            conditions(catalog, rules, rows, edges);
        }
    }
}

/// Draws each condition once for each package it starts from, at the closest pair of nodes.
fn conditions(
    catalog: &Catalog,
    rules: &Upgrades,
    rows: &BTreeMap<PackageIx, PackageLines<'_>>,
    edges: &mut EdgeList,
) {
    let mut draw = |scope: &EdgeScope, kind: EdgeKind, label: &str| {
        for (leaving, from) in &scope.from {
            for (entering, to) in &scope.to {
                let row = |package| rows.get(package).map(Vec::as_slice).unwrap_or_default();
                let leaves = row(leaving)
                    .iter()
                    .filter(|(_, group)| group.meets(from))
                    .map(|(place, _)| *place);
                let enters = row(entering)
                    .iter()
                    .filter(|(_, group)| group.meets(to))
                    .map(|(place, _)| *place);
                let pair = closest(
                    &leaves.collect::<Vec<_>>(),
                    &enters.collect::<Vec<_>>(),
                    leaving == entering,
                );
                if let Some((from, to)) = pair {
                    edges.add(from, to, kind, label);
                }
            }
        }
    };
    for stop in &rules.stops {
        let via = ends(catalog, rules.package, &stop.via);
        draw(&stop.scope, EdgeKind::Stop, &format!("stop {} at {via}", stop.name));
    }
    for note in &rules.blocked {
        draw(&note.scope, EdgeKind::Blocked, &format!("blocked {}", note.name));
    }
    for note in &rules.risks {
        draw(&note.scope, EdgeKind::Risk, &format!("risk {}", note.name));
    }
    for note in &rules.irreversible {
        draw(&note.scope, EdgeKind::Irreversible, &format!("no way back: {}", note.name));
    }
}

/// Returns the last place left before the first that can be entered; of two packages simply the
/// newest left and the oldest entered. A condition on the way down has the oldest left and the newest
/// entered below it.
fn closest(leaves: &[usize], enters: &[usize], same_package: bool) -> Option<(usize, usize)> {
    if !same_package {
        return Some((*leaves.last()?, *enters.first()?));
    }
    let up = enters.iter().find_map(|&to| Some((*leaves.iter().rfind(|&&from| from < to)?, to)));
    up.or_else(|| {
        leaves.iter().find_map(|&from| Some((from, *enters.iter().rfind(|&&to| to < from)?)))
    })
}
