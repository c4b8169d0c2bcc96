//! Any bytes as a DuckDB extension file, in two pieces.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| skew_fuzz::extension_file(bytes));
