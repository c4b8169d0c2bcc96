//! The machine form: one JSON object per answer, keys in a fixed order.
//!
//! Each answer has a view, a struct of its keys; the published schemas (`schemas/answer`) are made from the
//! views by a test. Views borrow from the answer, and the steps of a plan are made while they are written.

mod deployment;
mod diff;
mod envelope;
mod gate;
mod grid;
mod inspect;
mod layout;
mod package;
mod path;
mod picture;
mod plan;
mod problems;
mod schema;
mod sets;
mod shared;
mod support;
mod train;
mod view;

pub use self::deployment::deployment_file;
pub use self::envelope::{FORMAT_VERSION, failure, json, write, write_document};
pub use self::layout::{compact, pretty};
pub(super) use self::shared::{MatrixView, Pairs};
pub(super) use self::view::view;
