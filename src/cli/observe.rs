//! `observe`: a running system as a deployment file.

use super::args::Common;
use super::args::live::ObserveArgs;
use super::{output, reach};
use crate::answer::Answer;
use crate::api::{add_features, observed};
use crate::failure::Failure;
use crate::knowledge::{KnowledgeBase, Topic};
use crate::live::{NothingAnswered, advice, observe};

/// How many addresses a message names.
const NAMED: usize = 5;

pub(super) fn answer(
    common: &Common,
    base: &KnowledgeBase,
    asked: &ObserveArgs,
) -> Result<Answer, Failure> {
    let mut seeds = Vec::new();
    let mut schemes = Vec::new();
    for url in &asked.urls {
        let (address, tls) = reach::address(url)?;
        seeds.push(address);
        schemes.push(tls);
    }
    let tls = schemes.contains(&true);
    if tls && schemes.contains(&false) {
        return Err(Failure::new("some addresses ask for TLS, and some do not")
            .hint("observe the two systems one after the other"));
    }
    let access = reach::access(&asked.reach, tls)?;
    let catalog = base.load(&Topic::all_packages())?;
    let quiet = common.quiet;
    let start = |count: usize| {
        if !quiet {
            let nodes = if count == 1 { "node" } else { "nodes" };
            output::note(&format!("asking {count} {nodes}"));
        }
    };
    let found = observe(&catalog, &access, &seeds, start).map_err(nothing)?;
    let mut observation = found.observation;
    observation.name = asked.name.clone().unwrap_or_else(|| seeds[0].to_string());
    add_features(base, &catalog, &asked.feature, &mut observation)?;
    Ok(observed(catalog, "observe", observation))
}

fn nothing(NothingAnswered(silent): NothingAnswered) -> Failure {
    let named = silent.iter().take(NAMED).map(|(address, why)| format!("{address}: {why}"));
    let failure =
        Failure::new(format!("no node answered: {}", named.collect::<Vec<_>>().join("; ")));
    match silent.iter().find_map(|(_, why)| advice(why)) {
        Some(advice) => failure.hint(advice),
        None => failure,
    }
}
