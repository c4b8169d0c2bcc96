//! Resolves a set with a matrix of one's own.
//!
//!     cargo run --example resolve_own_matrix
#![expect(clippy::print_stdout, reason = "a program prints")]

use std::error::Error;

use skew::answer::Body;
use skew::answer::selection::Resolution;
use skew::api::ask;
use skew::input::File;
use skew::knowledge::KnowledgeBase;
use skew::query::{Preference, Query, ResolveQuery};
use skew::spec::Spec;

fn main() -> Result<(), Box<dyn Error>> {
    let matrix = File::new("widgets.json", include_bytes!("widgets.json"));
    let base = KnowledgeBase::new([matrix]);
    let query = Query::Resolve(ResolveQuery {
        specs: vec![Spec::parse("widget-server")?, Spec::parse("widget-auth")?],
        day: "2026-11-20".parse()?,
        day_is_chosen: true,
        prefer: Preference::Newest,
        installed: None,
        why: vec!["widget-server".to_owned()],
        budget: None,
    });
    let answer = ask(&base, &query)?;
    let Body::Resolution(resolved) = &answer.body else { return Err("a set was asked for".into()) };
    match &resolved.resolution {
        Resolution::Found(set) => {
            for pick in &set.picks {
                println!("{}", answer.catalog.label(pick.release));
            }
        }
        Resolution::Undecided(open) => {
            for missing in &open.missing {
                println!("{}", missing.text);
            }
        }
        Resolution::Impossible(conflict) => {
            for clash in &conflict.clashes {
                println!("{}", clash.text);
            }
        }
        Resolution::Unknown { steps } => println!("no answer after {steps} steps"),
    }
    for matrix in &answer.knowledge {
        println!("from {} of {}", matrix.name, matrix.as_of.as_deref().unwrap_or("no stated day"));
    }
    Ok(())
}
