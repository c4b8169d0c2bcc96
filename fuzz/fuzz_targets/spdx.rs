//! Any bytes as `spdx`.
#![no_main]
skew_fuzz::reader!("spdx");
