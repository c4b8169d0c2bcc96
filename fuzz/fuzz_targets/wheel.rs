//! Any bytes as `wheel`.
#![no_main]
skew_fuzz::reader!("wheel");
