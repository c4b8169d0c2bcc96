//! Any bytes as `valkey`.
#![no_main]
skew_fuzz::reader!("valkey");
