//! skew
pub mod answer;
pub mod catalog;
pub mod deployment;
pub mod finding;
pub mod lifecycle;
pub mod matrix;
pub mod range;
pub mod record;
pub mod resolve;
pub mod skew;
pub mod verify;
pub mod version;
