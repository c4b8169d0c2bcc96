//! Any bytes as `kestra-compatibility`.
#![no_main]
skew_fuzz::reader!("kestra-compatibility");
