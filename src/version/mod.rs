//! Versions and the schemes that order them.
//!
//! Owns parsing, printing and comparing one version. Which releases exist, and their ranks, is the
//! catalog's business. A [`Version`] keeps the text it was read from; order and equality follow the
//! scheme. Versions of different packages do not compare: [`Version`] has no `Ord`, and
//! [`Version::precedence`] answers `None` across schemes.

mod dotted;
mod error;
mod key;
mod label;
mod numbering;
mod numbers;
mod parsed;
mod plain;
mod scheme;
#[cfg(test)]
mod tests;

pub use error::{VersionError, VersionErrorKind};
pub use numbering::Numbering;
pub use numbers::Numbers;
pub use parsed::{Line, Version};
pub(crate) use plain::{Plain, PlainKey};
pub use scheme::{Scheme, Step};
