//! What the tests of the writers share.

use crate::answer::graph::{Edge, EdgeKind, Node, NodeKind, Picture};
use crate::catalog::Stability;

fn node(id: &str, label: &str, kind: NodeKind) -> Node {
    Node { id: id.to_owned(), label: label.to_owned(), kind }
}

fn edge(from: usize, to: usize, kind: EdgeKind, label: &str) -> Edge {
    Edge { from, to, kind, label: label.to_owned() }
}

/// One node and one edge of most kinds.
pub(super) fn small() -> Picture {
    Picture {
        title: "around app".to_owned(),
        nodes: vec![
            node("app@1.0", "app 1.0\n1.0.4", NodeKind::CoreLine),
            node("app@2.0", "app 2.0\n2.0.1", NodeKind::CoreLine),
            node("plug@1.2", "plug 1.2\n1.2.0", NodeKind::PluginLine),
            node("java@25", "java 25", NodeKind::RuntimeLine),
            node("interface:abi", "abi\nstable", NodeKind::Interface(Stability::Stable)),
            node("more", "3 more not drawn", NodeKind::More),
        ],
        edges: vec![
            edge(0, 1, EdgeKind::Risk, "risk slow-start"),
            edge(0, 4, EdgeKind::Offers, "1..3"),
            edge(2, 0, EdgeKind::Needs, ">=1.0.2,<2"),
            edge(2, 4, EdgeKind::Uses, "2"),
            edge(2, 3, EdgeKind::Needs, ""),
        ],
    }
}

/// Names that try to end a string, a statement or the drawing.
pub(super) fn hostile() -> Picture {
    Picture {
        title: "x\"];\n---\n%%{init: {}}%%".to_owned(),
        nodes: vec![
            node(
                "a\"]; evil [\"",
                "\"]; <script>alert(1)</script> & #quot; \\",
                NodeKind::CoreLine,
            ),
            node("end\u{1b}[31m\\", "end`**%%{init}%%|x|\r\u{202e}\u{0}", NodeKind::PluginLine),
        ],
        edges: vec![
            edge(0, 1, EdgeKind::Stop, "|\"--> n7\nend"),
            edge(0, 9, EdgeKind::Needs, "no such node"),
        ],
    }
}
