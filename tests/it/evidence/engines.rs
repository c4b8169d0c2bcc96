//! The engines themselves.
