//! A node of a fleet, asked or only known.

use super::asked::NodeAnswers;
use super::nodes::Peer;
use crate::observation::Stated;

pub(super) const PRIMARY: &str = "primary";

pub(super) const REPLICA: &str = "replica";

pub(super) const SENTINEL: &str = "sentinel";

/// A node, asked or only known.
#[derive(Debug, Clone, Default)]
pub(super) struct Member<'n, 'a> {
    pub(super) asked: Option<&'n NodeAnswers<'a>>,
    /// The line of it in its cluster's list, with the file.
    pub(super) peer: Option<(&'n Peer<'a>, &'a str)>,
    /// The address at which others reach it.
    pub(super) announced: Option<Stated>,
    pub(super) role: Option<Stated>,
    /// Position of its primary, or where it is said to be.
    pub(super) primary: Option<Primary>,
    pub(super) name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Primary {
    At(usize),
    Elsewhere(String),
}

/// Returns the role that a word of either product stands for.
pub(super) fn role_word(word: &str) -> Option<&'static str> {
    match word {
        "master" | "primary" => Some(PRIMARY),
        "slave" | "replica" => Some(REPLICA),
        _ => None,
    }
}

/// A node that others speak of, and where it answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Neighbor {
    /// `HOST:PORT`, as the one who spoke of it reaches it.
    pub address: String,
    /// The id of a cluster node.
    pub id: Option<String>,
}
