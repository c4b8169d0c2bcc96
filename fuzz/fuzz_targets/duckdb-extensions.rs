//! Any bytes as `duckdb-extensions`.
#![no_main]
skew_fuzz::reader!("duckdb-extensions");
