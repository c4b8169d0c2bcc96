//! Drawings as Graphviz DOT.
//!
//! Ids and labels are quoted strings. Inside them a quote and a backslash are escaped, an ampersand
//! is written as an entity because Graphviz decodes entities, and control characters are spelt out.

use super::escape::spell_out;
use crate::answer::graph::{EdgeKind, NodeKind, Picture};
use crate::catalog::Stability;

/// Writes a drawing as one `digraph`.
pub fn dot(picture: &Picture) -> String {
    let mut out = String::from("digraph skew {\n");
    line(&mut out, &format!("label={}", quoted(&picture.title)));
    line(&mut out, "labelloc=t");
    line(&mut out, "rankdir=LR");
    line(&mut out, "node [shape=box, fontname=\"sans-serif\", fontsize=11]");
    line(&mut out, "edge [fontname=\"sans-serif\", fontsize=9]");
    for node in &picture.nodes {
        let label = quoted(&node.label);
        line(&mut out, &format!("{} [label={label}{}]", quoted(&node.id), node_style(node.kind)));
    }
    for edge in &picture.edges {
        let (Some(from), Some(to)) = (picture.nodes.get(edge.from), picture.nodes.get(edge.to))
        else {
            continue;
        };
        let ends = format!("{} -> {}", quoted(&from.id), quoted(&to.id));
        let label = if edge.label.is_empty() {
            String::new()
        } else {
            format!("label={}, ", quoted(&edge.label))
        };
        line(&mut out, &format!("{ends} [{label}{}]", edge_style(edge.kind)));
    }
    out.push_str("}\n");
    out
}

fn line(out: &mut String, statement: &str) {
    out.push_str("  ");
    out.push_str(statement);
    out.push_str(";\n");
}

fn node_style(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::CoreLine => ", style=filled, fillcolor=\"#dbeafe\"",
        NodeKind::PluginLine => ", style=\"rounded,filled\", fillcolor=\"#f1f5f9\"",
        NodeKind::RuntimeLine => ", shape=component",
        NodeKind::Interface(Stability::Stable) => ", shape=hexagon, color=\"#15803d\"",
        NodeKind::Interface(Stability::Unstable) => ", shape=hexagon, color=\"#b91c1c\"",
        NodeKind::Interface(Stability::InTree) => ", shape=hexagon, color=\"#1d4ed8\"",
        NodeKind::Interface(Stability::Experimental) => {
            ", shape=hexagon, color=\"#a16207\", style=dashed"
        }
        NodeKind::More => ", shape=plaintext",
    }
}

fn edge_style(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Needs => "color=\"#475569\"",
        EdgeKind::Offers => "color=\"#15803d\", style=dashed, arrowhead=onormal",
        EdgeKind::Uses => "color=\"#15803d\", arrowhead=vee",
        EdgeKind::Upgrade => "penwidth=2",
        EdgeKind::Irreversible => "penwidth=2, color=\"#b91c1c\"",
        EdgeKind::Risk => "penwidth=2, color=\"#c2410c\", style=dashed",
        EdgeKind::Stop => "penwidth=2, color=\"#c2410c\", arrowhead=tee",
        EdgeKind::Blocked => "penwidth=2, color=\"#b91c1c\", style=dotted, arrowhead=tee",
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            '\n' => out.push_str("\\n"),
            _ => match spell_out(c) {
                Some(code) => out.push_str(&code),
                None => out.push(c),
            },
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{hostile, small};

    #[test]
    fn golden() {
        insta::assert_snapshot!(dot(&small()), @r##"
        digraph skew {
          label="around app";
          labelloc=t;
          rankdir=LR;
          node [shape=box, fontname="sans-serif", fontsize=11];
          edge [fontname="sans-serif", fontsize=9];
          "app@1.0" [label="app 1.0\n1.0.4", style=filled, fillcolor="#dbeafe"];
          "app@2.0" [label="app 2.0\n2.0.1", style=filled, fillcolor="#dbeafe"];
          "plug@1.2" [label="plug 1.2\n1.2.0", style="rounded,filled", fillcolor="#f1f5f9"];
          "java@25" [label="java 25", shape=component];
          "interface:abi" [label="abi\nstable", shape=hexagon, color="#15803d"];
          "more" [label="3 more not drawn", shape=plaintext];
          "app@1.0" -> "app@2.0" [label="risk slow-start", penwidth=2, color="#c2410c", style=dashed];
          "app@1.0" -> "interface:abi" [label="1..3", color="#15803d", style=dashed, arrowhead=onormal];
          "plug@1.2" -> "app@1.0" [label=">=1.0.2,<2", color="#475569"];
          "plug@1.2" -> "interface:abi" [label="2", color="#15803d", arrowhead=vee];
          "plug@1.2" -> "java@25" [color="#475569"];
        }
        "##);
    }

    #[test]
    fn names_cannot_break_out() {
        insta::assert_snapshot!(dot(&hostile()), @r##"
        digraph skew {
          label="x\"];\n---\n%%{init: {}}%%";
          labelloc=t;
          rankdir=LR;
          node [shape=box, fontname="sans-serif", fontsize=11];
          edge [fontname="sans-serif", fontsize=9];
          "a\"]; evil [\"" [label="\"]; <script>alert(1)</script> &amp; #quot; \\", style=filled, fillcolor="#dbeafe"];
          "endU+001B[31m\\" [label="end`**%%{init}%%|x|U+000DU+202EU+0000", style="rounded,filled", fillcolor="#f1f5f9"];
          "a\"]; evil [\"" -> "endU+001B[31m\\" [label="|\"--> n7\nend", penwidth=2, color="#c2410c", arrowhead=tee];
        }
        "##);
    }
}
