//! Observations: what runs somewhere and where that was read, before anyone believes it.
//!
//! Owns the value that every reader of inventories makes, whatever it read: nodes with the versions, roles
//! and groups that the texts state, each with its place. Names and versions are texts here; matching
//! them with a catalog is the business of those who read the deployment file that is made of it.

use std::collections::BTreeMap;
use std::fmt;

use crate::finding::Finding;

/// The version of what runs in a version that nobody can tell, such as an image tagged `latest`.
pub const UNKNOWN_VERSION: &str = "unknown";

/// Where in a text or file something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// It follows from the file as a whole, such as its name.
    Whole,
    /// The line, counted from 1.
    Line(usize),
    /// The byte, counted from 0.
    Byte(u64),
}

/// Where a statement was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Name of the file, as it was given; of an entry in an archive, both names.
    pub file: String,
    /// The place in it.
    pub place: Place,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Whole => f.write_str(&self.file),
            Place::Line(line) => write!(f, "{}:{line}", self.file),
            Place::Byte(byte) => write!(f, "{} at byte {byte}", self.file),
        }
    }
}

/// A text and where it was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stated {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub origin: Origin,
}

/// One running thing, as far as it was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObservedNode {
    /// A name for it, unique in its observation.
    pub name: String,
    /// Where it answers, as `HOST:PORT`, if it is known.
    pub address: Option<Stated>,
    /// The part it plays, in the words of the matrix.
    pub role: Option<Stated>,
    /// The unit that it belongs to, such as a shard.
    pub group: Option<Stated>,
    /// Where it runs, such as an availability zone.
    pub zone: Option<Stated>,
    /// Version by package; [`UNKNOWN_VERSION`] where it cannot be told.
    pub packages: BTreeMap<String, Stated>,
    /// What else is there and no matrix knows, by its name where it was read; [`UNKNOWN_VERSION`] as above.
    pub unknown: BTreeMap<String, Stated>,
}

/// A system as it was observed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// A name for it.
    pub name: String,
    /// Features in use, in the words of the matrix, each once.
    pub features: Vec<Stated>,
    /// The nodes, in a stable order.
    pub nodes: Vec<ObservedNode>,
    /// Remarks about it: what could not be told, what was left out, what looks wrong.
    pub remarks: Vec<Finding>,
}
