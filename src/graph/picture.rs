//! Drawings of a catalog, small enough to read.
//!
//! Releases are folded into one node per release line, unless patches are asked for. Which nodes are
//! drawn is settled first ([`Draft::keep`]): the packages in focus get half of the room, newest lines
//! first; interfaces and the newest runtimes come next; the others share the rest, the newest line of
//! each before the second newest of any. Edges are then drawn between what is there, so that a plugin
//! points at the lowest core line *in the drawing* that it accepts; its label says the true bound.

mod edges;
mod fold;

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::graph::{Edge, EdgeKind, Node, NodeKind, Picture};
use crate::catalog::{Catalog, InterfaceIx, NeedKind, PackageIx, PackageKind, ReleaseSet};

pub(super) use fold::Group;

/// How many nodes a drawing may have and still be read.
pub const DEFAULT_LIMIT: usize = 60;

/// How many lines of a runtime come before the plugins: many point there, and few lines live at once.
const RUNTIME_LINES: usize = 6;

/// What becomes one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fold {
    /// A release line, such as 9.1.
    Lines,
    /// A release.
    Patches,
}

/// Draws the catalog, or what is around some packages: they, their cores, what they need and who
/// needs them. A set narrows a package to some of its releases. Withdrawn releases and, unless a set
/// names them, pre-releases are not drawn. At most `limit` nodes are, and one more that says how many
/// were left out.
pub fn picture(
    catalog: &Catalog,
    around: Option<&[(PackageIx, Option<ReleaseSet>)]>,
    fold: Fold,
    limit: usize,
) -> Picture {
    let scope = Scope::new(catalog, around);
    let draft = Draft::new(catalog, &scope, fold).keep(limit);
    let mut nodes: Vec<_> = draft.items.iter().map(|item| node(catalog, item)).collect();
    make_unique(&mut nodes);
    let edges = edges::all(catalog, &draft.items);
    if draft.left_out > 0 {
        let label = format!("{} more not drawn", draft.left_out);
        nodes.push(Node { id: "more".to_owned(), label, kind: NodeKind::More });
    }
    Picture { title: title(catalog, &scope), nodes, edges }
}

/// Which packages are drawn, which of them in the first place, and which of their releases.
struct Scope {
    focus: BTreeMap<PackageIx, Option<ReleaseSet>>,
    packages: BTreeSet<PackageIx>,
    whole: bool,
}

impl Scope {
    fn new(catalog: &Catalog, around: Option<&[(PackageIx, Option<ReleaseSet>)]>) -> Self {
        let Some(specs) = around else {
            let cores = catalog.packages().filter(|(_, package)| package.kind == PackageKind::Core);
            return Self {
                focus: cores.map(|(ix, _)| (ix, None)).collect(),
                packages: catalog.packages().map(|(ix, _)| ix).collect(),
                whole: true,
            };
        };
        let mut focus: BTreeMap<PackageIx, Option<ReleaseSet>> = BTreeMap::new();
        for (package, set) in specs {
            match (focus.get_mut(package), set) {
                (None, _) => drop(focus.insert(*package, set.clone())),
                (Some(Some(known)), Some(more)) => known.union_with(more),
                (Some(known), _) => *known = None,
            }
        }
        let packages = neighbours(catalog, &focus);
        Self { focus, packages, whole: false }
    }
}

/// Returns the packages in focus, their cores, what they need and who needs them.
fn neighbours(
    catalog: &Catalog,
    focus: &BTreeMap<PackageIx, Option<ReleaseSet>>,
) -> BTreeSet<PackageIx> {
    let mut found: BTreeSet<_> = focus.keys().copied().collect();
    found.extend(focus.keys().filter_map(|&package| catalog.package(package).core));
    for (ix, package) in catalog.packages() {
        let wanted = |rank| match focus.get(&ix) {
            Some(Some(set)) => set.contains(rank),
            Some(None) | None => true,
        };
        let needs =
            package.ranks().filter(|&rank| wanted(rank)).flat_map(|rank| package.needs(rank));
        for need in needs.filter(|need| need.kind == NeedKind::Requires) {
            let target = need.target;
            if focus.contains_key(&ix) {
                found.insert(target);
            } else if focus.contains_key(&target) {
                found.insert(ix);
            }
        }
    }
    found
}

/// Something that may become a node.
pub(super) enum Item {
    Group(Group),
    Interface(InterfaceIx),
}

/// The candidates for nodes.
struct Draft {
    items: Vec<Item>,
    /// For each item how soon it is given room, lowest first.
    priority: Vec<(u8, usize)>,
    left_out: usize,
}

impl Draft {
    fn new(catalog: &Catalog, scope: &Scope, fold: Fold) -> Self {
        let mut draft = Self { items: Vec::new(), priority: Vec::new(), left_out: 0 };
        for &package in &scope.packages {
            let focus = scope.focus.get(&package);
            let groups = fold::groups(catalog, package, focus.and_then(Option::as_ref), fold);
            let tier = |age| match catalog.package(package).kind {
                _ if focus.is_some() => 0,
                PackageKind::Runtime if age < RUNTIME_LINES => 1,
                PackageKind::Core
                | PackageKind::Plugin
                | PackageKind::Runtime
                | PackageKind::Platform
                | PackageKind::Bundle => 2,
            };
            let ages = (0..groups.len()).rev();
            for (group, age) in groups.into_iter().zip(ages) {
                draft.push(Item::Group(group), (tier(age), age));
            }
        }
        draft.interfaces(catalog, scope);
        draft
    }

    /// Adds the interfaces that something drawn offers and, around a package, that one in focus
    /// offers or uses.
    fn interfaces(&mut self, catalog: &Catalog, scope: &Scope) {
        let used = |ix| {
            let focus = self.items.iter().filter_map(|item| match item {
                Item::Group(group) if scope.focus.contains_key(&group.package) => Some(group),
                Item::Group(_) | Item::Interface(_) => None,
            });
            focus
                .into_iter()
                .any(|group| edges::uses(catalog, group).iter().any(|(used, _)| *used == ix))
        };
        let mut found = Vec::new();
        for (ix, interface) in catalog.interfaces().iter().enumerate() {
            let ix = InterfaceIx::new(ix);
            let mut hosts = interface.hosts();
            if hosts.any(|host| scope.focus.contains_key(&host)) || used(ix) {
                found.push(ix);
            }
        }
        for ix in found {
            self.push(Item::Interface(ix), (1, 0));
        }
    }

    fn push(&mut self, item: Item, priority: (u8, usize)) {
        self.items.push(item);
        self.priority.push(priority);
    }

    /// Keeps at most `limit` items, in their order.
    fn keep(mut self, limit: usize) -> Self {
        let mut order: Vec<_> = (0..self.items.len()).collect();
        order.sort_by_key(|&item| self.priority[item]);
        let first = order.iter().filter(|&&item| self.priority[item].0 == 0).count();
        if first < order.len() {
            // What does not fit in the first half waits until the others had their turn.
            order[limit.div_ceil(2).min(first)..].rotate_left(first - limit.div_ceil(2).min(first));
        }
        let kept: BTreeSet<_> = order.into_iter().take(limit).collect();
        self.left_out = self.items.len() - kept.len();
        let items = self.items.into_iter().enumerate();
        self.items = items.filter(|(item, _)| kept.contains(item)).map(|(_, item)| item).collect();
        self
    }
}

fn node(catalog: &Catalog, item: &Item) -> Node {
    match item {
        Item::Group(group) => group.node(catalog),
        Item::Interface(ix) => {
            let interface = catalog.interface(*ix);
            Node {
                id: format!("interface:{}", interface.name),
                label: format!("{}\n{}", interface.name, interface.stability.name()),
                kind: NodeKind::Interface(interface.stability),
            }
        }
    }
}

/// Numbers the ids that occur again: two matrices may name an interface alike.
fn make_unique(nodes: &mut [Node]) {
    let mut seen = BTreeSet::new();
    for (place, node) in nodes.iter_mut().enumerate() {
        if !seen.insert(node.id.clone()) {
            node.id = format!("{}#{place}", node.id);
        }
    }
}

fn title(catalog: &Catalog, scope: &Scope) -> String {
    if scope.whole {
        let names: Vec<_> = catalog.matrices().iter().map(|matrix| matrix.name.as_str()).collect();
        return names.join(", ");
    }
    let names: Vec<_> =
        scope.focus.keys().map(|&package| catalog.package(package).name.as_str()).collect();
    format!("around {}", names.join(", "))
}

/// Collects edges so that each pair of nodes has one, which keeps the gravest kind and all labels.
#[derive(Default)]
pub(super) struct Edges(BTreeMap<(usize, usize), (EdgeKind, Vec<String>)>);

impl Edges {
    pub(super) fn add(&mut self, from: usize, to: usize, kind: EdgeKind, label: impl Into<String>) {
        let label = label.into();
        let (known, labels) = self.0.entry((from, to)).or_insert((kind, Vec::new()));
        *known = kind.max(*known);
        if !label.is_empty() && !labels.contains(&label) {
            labels.push(label);
        }
    }

    pub(super) fn into_vec(self) -> Vec<Edge> {
        let edge = |((from, to), (kind, labels)): (_, (_, Vec<String>))| Edge {
            from,
            to,
            kind,
            label: labels.join("\n"),
        };
        self.0.into_iter().map(edge).collect()
    }
}

#[cfg(test)]
mod tests;
