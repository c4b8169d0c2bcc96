//! Which files are meant by the paths on the command line.

mod folder;
mod import;
mod inspect;

pub(super) use import::{guessing, imported, name, only_named};
pub(super) use inspect::inspected;
