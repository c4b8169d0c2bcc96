//! The integration tests, in one binary.
#![expect(
    clippy::unwrap_used,
    reason = "helpers outside `#[test]` may panic as well; clippy's exception does not reach them"
)]

mod api;
mod check_command;
mod cli;
mod docs;
mod evidence;
mod grids;
mod imports;
#[allow(dead_code, unused_imports, reason = "the benchmarks use the rest")]
mod instances;
mod judge;
mod judge_waves;
mod layering;
mod lifecycles;
mod locks;
mod matrices;
mod oracles;
mod peers;
mod pip;
mod plan_command;
mod plan_oracle;
mod plan_strategies;
mod planner;
mod problems;
mod resolver;
mod run;
mod scenarios;
mod schemas;
mod servers;
mod sets;
mod source;
mod steps;
mod strategies;
mod support;
mod tidy;
mod trains;
mod valkey;
mod versions;
