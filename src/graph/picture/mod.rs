//! Drawings of a catalog, small enough to read.
//!
//! Releases are folded into one node per release line, unless patches are asked for. Which nodes are
//! drawn is settled first ([`draw_list`]): the packages in focus get half of the room, newest lines
//! first; interfaces and the newest runtimes come next; the others share the rest, the newest line of
//! each before the second newest of any. Edges are then drawn between what is there, so that a plugin
//! points at the lowest core line *in the drawing* that it accepts; its label says the true bound.

mod draw_list;
mod drawable;
mod edge_list;
mod edges;
mod focus;
mod fold;

use std::collections::BTreeSet;

use self::draw_list::DrawList;
use self::focus::Focus;
pub use self::fold::Fold;
use crate::answer::graph::{Node, NodeKind, Picture};
use crate::catalog::{Catalog, PackageIx, ReleaseSet};

/// The most nodes that a drawing may have and still be read.
pub const DEFAULT_LIMIT: usize = 60;

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
    let focus = Focus::new(catalog, around);
    let list = DrawList::new(catalog, &focus, fold).keep(limit);
    let mut nodes: Vec<_> = list.items.iter().map(|item| item.node(catalog)).collect();
    make_unique(&mut nodes);
    let edges = edges::all(catalog, &list.items);
    if list.left_out > 0 {
        let label = format!("{} more not drawn", list.left_out);
        nodes.push(Node { id: "more".to_owned(), label, kind: NodeKind::More });
    }
    Picture { title: focus.title(catalog), nodes, edges }
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

#[cfg(test)]
mod tests;
