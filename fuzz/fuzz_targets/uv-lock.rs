//! Any bytes as `uv-lock`.
#![no_main]
skew_fuzz::reader!("uv-lock");
