//! Bills of materials: what an image or an environment is made of, by package URL.
//!
//! A file is a node. Of its hundreds of components those count that a matrix knows; the others are counted.

mod bill;
mod cyclonedx;
mod spdx;

pub(super) use cyclonedx::{cyclonedx, looks_like_cyclonedx};
pub(super) use spdx::{looks_like_spdx, spdx};
