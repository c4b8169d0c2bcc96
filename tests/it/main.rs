//! The integration tests, in one binary.

mod layering;
mod matrices;
mod problems;
mod schemas;
mod source;
mod tidy;
mod versions;
