//! Any bytes as `kestra-jar`.
#![no_main]
skew_fuzz::reader!("kestra-jar");
