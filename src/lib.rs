//! skew
pub mod answer;
pub mod catalog;
pub mod cli;
pub mod deployment;
pub mod finding;
pub mod graph;
pub mod lifecycle;
pub mod matrix;
pub mod plan;
pub mod problem;
pub mod range;
pub mod record;
pub mod report;
pub mod resolve;
pub mod skew;
pub mod verify;
pub mod version;
