//! Plans an upgrade and has the plan judged by code that did not make it.
//!
//!     cargo run --example plan_and_verify
#![expect(clippy::print_stdout, reason = "a program prints")]

use std::error::Error;

use skew::api::ask;
use skew::finding::Verdict;
use skew::input::File;
use skew::knowledge::KnowledgeBase;
use skew::query::{PlanQuery, Query, VerifyQuery};
use skew::report::json;
use skew::spec::Spec;

fn main() -> Result<(), Box<dyn Error>> {
    let base = KnowledgeBase::default();
    let deployment = File::new("valkey-3x3.json", include_bytes!("valkey-3x3.json"));
    let planned = ask(
        &base,
        &Query::Plan(PlanQuery {
            deployment: deployment.clone(),
            to: vec![Spec::parse("valkey@9.1.2")?],
            max_unavailable: None,
            per_zone: false,
            canary: 0,
            accept_risks: Vec::new(),
            allow_downtime: false,
            require_supported: false,
            day: "2026-11-20".parse()?,
        }),
    )?;
    // What a change ticket keeps, and what a later run is held to.
    let plan = File::new("plan.json", json::json(&planned));
    let verified =
        ask(&base, &Query::Verify(VerifyQuery { file: plan, against: Some(deployment) }))?;
    if verified.verdict != Some(Verdict::Compatible) {
        return Err("the judge refuses the plan".into());
    }
    println!("planned and verified");
    Ok(())
}
