//! The compatibility graph: upgrade paths, who needs whom, and drawings.
//!
//! Owns every question that is about a graph as such; this is the only place that uses petgraph.
//! Whether a set of releases works together is left to `resolve`, and in which order the nodes of a
//! deployment change to `plan`.

mod components;
mod needs;
mod notes;
mod path;
mod picture;

pub(crate) use components::components;
pub use needs::{dependency_order, reachable, requirement_cycles};
pub use notes::hop;
pub use path::{may_step, no_rules, upgrade_path, upgrade_path_of};
pub use picture::{DEFAULT_LIMIT, Fold, picture};

#[cfg(test)]
mod testing;
