//! Views of drawings.

use super::view::{view, word};
use crate::answer::graph::{Edge, Node, NodeKind, Picture};

word! { NodeWord "What a node stands for." "core" "plugin" "runtime" "interface" "more" }

view! {
    /// A node of a drawing.
    NodeView<'a>(node: &'a Node) {
        /// Its name, unique in the drawing.
        id: &'a str = &node.id,
        label: &'a str = &node.label,
        kind: NodeWord = NodeWord(kind(node.kind)),
        /// Of an interface: how far its levels may be relied on.
        #[serde(skip_serializing_if = "Option::is_none")]
        stability: Option<&'static str> = match node.kind {
            NodeKind::Interface(stability) => Some(stability.name()),
            NodeKind::CoreLine | NodeKind::PluginLine | NodeKind::RuntimeLine | NodeKind::More => None,
        },
    }
}

view! {
    /// An edge of a drawing.
    EdgeView<'a>(picture: &'a Picture, edge: &'a Edge) {
        /// The node that it leaves.
        from: &'a str = &picture.nodes[edge.from].id,
        /// The node that it enters.
        to: &'a str = &picture.nodes[edge.to].id,
        kind: &'static str = edge.kind.name(),
        label: &'a str = &edge.label,
    }
}

view! {
    /// A drawing as data.
    PictureView<'a>(picture: &'a Picture) {
        title: &'a str = &picture.title,
        nodes: Vec<NodeView<'a>> = picture.nodes.iter().map(NodeView::new).collect(),
        edges: Vec<EdgeView<'a>> =
            picture.edges.iter().map(|edge| EdgeView::new(picture, edge)).collect(),
    }
}

fn kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::CoreLine => "core",
        NodeKind::PluginLine => "plugin",
        NodeKind::RuntimeLine => "runtime",
        NodeKind::Interface(_) => "interface",
        NodeKind::More => "more",
    }
}
