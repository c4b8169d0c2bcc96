//! Any bytes as a jar or wheel.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| skew_fuzz::package_file(bytes));
