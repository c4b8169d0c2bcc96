//! A drawing of a catalog: nodes and edges with labels, ready for any graph format.
//!
//! Owns the value that the graph engine makes and the DOT and Mermaid writers print. Labels hold
//! plain text; escaping is left to the writers. A `\n` in a label is a line break.

use crate::catalog::Stability;

/// What a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// Releases of a core.
    CoreLine,
    /// Releases of a plugin.
    PluginLine,
    /// Releases of a runtime or a platform.
    RuntimeLine,
    /// An interface, with how far its levels may be relied on.
    Interface(Stability),
    /// What was left out to keep the drawing readable.
    More,
}

/// A node of a drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name, unique in the drawing: `valkey@9.1`, `interface:rdb`.
    pub id: String,
    /// What to write on it.
    pub label: String,
    /// What it stands for.
    pub kind: NodeKind,
}

/// What an edge says. Of several that hold for one pair the greatest is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeKind {
    /// One package accepts releases of the other from here on.
    Needs,
    /// A release offers levels of an interface.
    Offers,
    /// A release was built for a level of an interface.
    Uses,
    /// An upgrade step without conditions.
    Upgrade,
    /// A step without a way back.
    Irreversible,
    /// A step that must be accepted.
    Risk,
    /// A step that must stop on the way.
    Stop,
    /// A step that is not allowed.
    Blocked,
}

impl EdgeKind {
    /// Returns the lower-case word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Needs => "needs",
            Self::Offers => "offers",
            Self::Uses => "uses",
            Self::Upgrade => "upgrade",
            Self::Irreversible => "irreversible",
            Self::Risk => "risk",
            Self::Stop => "stop",
            Self::Blocked => "blocked",
        }
    }
}

/// An edge of a drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Position of the node it leaves.
    pub from: usize,
    /// Position of the node it enters.
    pub to: usize,
    /// What it says.
    pub kind: EdgeKind,
    /// What to write on it; may be empty.
    pub label: String,
}

/// A drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it shows.
    pub title: String,
    /// The nodes. Edges name them by position.
    pub nodes: Vec<Node>,
    /// The edges.
    pub edges: Vec<Edge>,
}
