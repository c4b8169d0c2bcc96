//! skew
pub mod catalog; pub mod finding; pub mod matrix; pub mod range; pub mod version;
