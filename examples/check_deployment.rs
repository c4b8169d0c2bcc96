//! Checks a deployment and exits as `skew check` does.
//!
//!     cargo run --example check_deployment
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program prints")]

use std::process::ExitCode;

use skew::answer::Policy;
use skew::api::ask;
use skew::failure::Failure;
use skew::input::File;
use skew::knowledge::KnowledgeBase;
use skew::query::{CheckQuery, Query};
use skew::report::text::{Style, text};

fn main() -> ExitCode {
    match check() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

fn check() -> Result<ExitCode, Failure> {
    let base = KnowledgeBase::default();
    let query = Query::Check(CheckQuery {
        deployment: File::new("valkey-3x3.json", include_bytes!("valkey-3x3.json")),
        rolling: false,
        require_supported: false,
        day: jiff::civil::date(2026, 11, 20),
    });
    let answer = ask(&base, &query)?;
    for finding in &answer.findings {
        println!("{} {}: {}", finding.severity, finding.subject, finding.message);
    }
    // Or as the command line prints it.
    print!("{}", text(&answer, Style { color: false, width: 80, quiet: false }));
    Ok(ExitCode::from(answer.status(Policy::default()).code()))
}
