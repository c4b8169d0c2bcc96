//! Readers of what is really there: foreign bytes in, facts out.
//!
//! A reader here gets bytes and never a path: no file, no socket, no clock. It never panics, whatever
//! the bytes, and keeps a bounded part of them. It believes nothing: what a text means is decided by
//! those who use the facts.

mod archive;
mod artifact;
mod csv;
mod duckdb_extensions;
mod duckdb_footer;
mod duckdb_note;
mod duckdb_signature;
pub mod formats;
mod gather;
mod json;
mod kestra;
mod kubernetes;
mod lines;
mod packages;
mod problems;
mod products;
mod python;
mod saved;
mod sbom;
pub mod valkey;
mod versions;

pub use archive::{ARCHIVE_LIMIT, ARCHIVE_START};
pub use artifact::{ArtifactReader, is_extension, is_package};
pub use duckdb_footer::ExtensionReader;
pub use duckdb_note::install_note;
pub use packages::package_file;
