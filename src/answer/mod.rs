//! Answers: plain results, no logic.
//!
//! Engines make them, the judge checks them, writers print them. They hold positions of one catalog
//! and never text that could be derived from it, except for sentences.

pub mod diff;
pub mod gate;
pub mod graph;
pub mod grid;
pub mod inspect;
pub mod path;
pub mod plan;
pub mod selection;
mod status;
pub mod support;
pub mod train;
mod whole;

pub use status::{Policy, Status, UnknownPolicy};
pub use whole::{Answer, Body};
