//! The integration tests, in one binary.
#![expect(
    clippy::unwrap_used,
    reason = "helpers outside `#[test]` may panic as well; clippy's exception does not reach them"
)]

mod layering;
mod matrices;
mod problems;
mod schemas;
mod source;
mod tidy;
mod versions;
