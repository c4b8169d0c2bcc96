//! Any bytes as `requirements`.
#![no_main]
skew_fuzz::reader!("requirements");
