//! Any bytes as `kubernetes`.
#![no_main]
skew_fuzz::reader!("kubernetes");
