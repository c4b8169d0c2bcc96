//! Any bytes as `cyclonedx`.
#![no_main]
skew_fuzz::reader!("cyclonedx");
