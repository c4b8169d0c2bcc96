//! Any bytes as `pip-freeze`.
#![no_main]
skew_fuzz::reader!("pip-freeze");
