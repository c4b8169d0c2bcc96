//! Drawings as Mermaid flowcharts.
//!
//! Node ids are `n0`, `n1`, ...: Mermaid cannot quote them. Labels are quoted, and what means
//! something inside quotes (HTML, entities, Markdown, directives) is written as a `#code;`.

use std::fmt::Write as _;

use super::escape::spell_out;
use crate::answer::graph::{Edge, EdgeKind, Node, NodeKind, Picture};
use crate::catalog::Stability;

/// The classes of nodes and how they look.
const CLASSES: [(&str, &str); 8] = [
    ("core", "fill:#dbeafe,stroke:#1d4ed8,color:#0f172a"),
    ("plugin", "fill:#f1f5f9,stroke:#64748b,color:#0f172a"),
    ("runtime", "fill:#fefce8,stroke:#a16207,color:#0f172a"),
    ("stable", "fill:#dcfce7,stroke:#15803d,color:#0f172a"),
    ("unstable", "fill:#fee2e2,stroke:#b91c1c,color:#0f172a"),
    ("intree", "fill:#e0e7ff,stroke:#4338ca,color:#0f172a"),
    ("experimental", "fill:#fef3c7,stroke:#a16207,stroke-dasharray:4,color:#0f172a"),
    ("more", "fill:none,stroke:none"),
];

/// Writes a drawing as one `flowchart`.
pub fn mermaid(picture: &Picture) -> String {
    let mut out = format!("---\ntitle: {}\n---\nflowchart LR\n", yaml(&picture.title));
    for (place, node) in picture.nodes.iter().enumerate() {
        line(&mut out, &node_text(place, node));
    }
    let known = |edge: &&Edge| edge.from.max(edge.to) < picture.nodes.len();
    for edge in picture.edges.iter().filter(known) {
        let label = if edge.label.is_empty() {
            String::new()
        } else {
            format!("|\"{}\"|", escaped(&edge.label))
        };
        line(&mut out, &format!("n{} {}{label} n{}", edge.from, arrow(edge.kind), edge.to));
    }
    for (name, style) in CLASSES {
        if picture.nodes.iter().any(|node| class(node.kind) == name) {
            line(&mut out, &format!("classDef {name} {style}"));
        }
    }
    out
}

fn line(out: &mut String, statement: &str) {
    out.push_str("  ");
    out.push_str(statement);
    out.push('\n');
}

fn node_text(place: usize, node: &Node) -> String {
    let (open, close) = match node.kind {
        NodeKind::CoreLine | NodeKind::More => ("[", "]"),
        NodeKind::PluginLine => ("(", ")"),
        NodeKind::RuntimeLine => ("[[", "]]"),
        NodeKind::Interface(_) => ("{{", "}}"),
    };
    format!("n{place}{open}\"{}\"{close}:::{}", escaped(&node.label), class(node.kind))
}

fn class(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::CoreLine => "core",
        NodeKind::PluginLine => "plugin",
        NodeKind::RuntimeLine => "runtime",
        NodeKind::Interface(Stability::Stable) => "stable",
        NodeKind::Interface(Stability::Unstable) => "unstable",
        NodeKind::Interface(Stability::InTree) => "intree",
        NodeKind::Interface(Stability::Experimental) => "experimental",
        NodeKind::More => "more",
    }
}

fn arrow(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Needs => "-->",
        EdgeKind::Offers => "-.->",
        EdgeKind::Uses => "--o",
        EdgeKind::Upgrade | EdgeKind::Irreversible | EdgeKind::Risk => "==>",
        EdgeKind::Stop | EdgeKind::Blocked => "--x",
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br/>"),
            '"' | '#' | '&' | '<' | '>' | '[' | ']' | '{' | '}' | '|' | '\\' | '`' | '*' | '%'
            | ';' => {
                write!(out, "#{};", u32::from(c)).expect("writing to a string cannot fail");
            }
            _ => match spell_out(c) {
                Some(code) => out.push_str(&code),
                None => out.push(c),
            },
        }
    }
    out
}

/// Writes a YAML string in double quotes.
fn yaml(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push(' '),
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
        insta::assert_snapshot!(mermaid(&small()), @r##"
        ---
        title: "around app"
        ---
        flowchart LR
          n0["app 1.0<br/>1.0.4"]:::core
          n1["app 2.0<br/>2.0.1"]:::core
          n2("plug 1.2<br/>1.2.0"):::plugin
          n3[["java 25"]]:::runtime
          n4{{"abi<br/>stable"}}:::stable
          n5["3 more not drawn"]:::more
          n0 ==>|"risk slow-start"| n1
          n0 -.->|"1..3"| n4
          n2 -->|"#62;=1.0.2,#60;2"| n0
          n2 --o|"2"| n4
          n2 --> n3
          classDef core fill:#dbeafe,stroke:#1d4ed8,color:#0f172a
          classDef plugin fill:#f1f5f9,stroke:#64748b,color:#0f172a
          classDef runtime fill:#fefce8,stroke:#a16207,color:#0f172a
          classDef stable fill:#dcfce7,stroke:#15803d,color:#0f172a
          classDef more fill:none,stroke:none
        "##);
    }

    #[test]
    fn names_cannot_break_out() {
        insta::assert_snapshot!(mermaid(&hostile()), @r##"
        ---
        title: "x\"]; --- %%{init: {}}%%"
        ---
        flowchart LR
          n0["#34;#93;#59; #60;script#62;alert(1)#60;/script#62; #38; #35;quot#59; #92;"]:::core
          n1("end#96;#42;#42;#37;#37;#123;init#125;#37;#37;#124;x#124;U+000DU+202EU+0000"):::plugin
          n0 --x|"#124;#34;--#62; n7<br/>end"| n1
          classDef core fill:#dbeafe,stroke:#1d4ed8,color:#0f172a
          classDef plugin fill:#f1f5f9,stroke:#64748b,color:#0f172a
        "##);
    }
}
