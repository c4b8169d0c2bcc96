//! Any bytes as `pylock`.
#![no_main]
skew_fuzz::reader!("pylock");
