//! The integration tests, one binary.

mod cli;
mod docs;
mod run;
