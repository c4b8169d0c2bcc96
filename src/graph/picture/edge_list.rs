//! Edges while they are collected.

use std::collections::BTreeMap;

use crate::answer::graph::{Edge, EdgeKind};

/// Collects edges so that each pair of nodes has one, which keeps the gravest kind and all labels.
#[derive(Default)]
pub(super) struct EdgeList(BTreeMap<(usize, usize), (EdgeKind, Vec<String>)>);

impl EdgeList {
    /// Adds an edge, or its label to the edge between the same nodes.
    pub(super) fn add(&mut self, from: usize, to: usize, kind: EdgeKind, label: impl Into<String>) {
        let label = label.into();
        let (known, labels) = self.0.entry((from, to)).or_insert((kind, Vec::new()));
        *known = kind.max(*known);
        if !label.is_empty() && !labels.contains(&label) {
            labels.push(label);
        }
    }

    /// Returns all edges, in order of their ends.
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
