//! Any bytes as `kestra-plugins`.
#![no_main]
skew_fuzz::reader!("kestra-plugins");
