//! `observe`: a running system as a deployment file.

use super::super::args::Common;
use super::super::args::Format as PrintFormat;
use super::super::args::live::ObserveArgs;
use super::super::output::{self, Printed};
use super::super::{Failure, reach, world};
use super::import;
use crate::live::{NothingAnswered, advice, observe};

/// How many addresses a message names.
const NAMED: usize = 5;

pub(super) fn run(common: &Common, asked: &ObserveArgs) -> Result<Printed, Failure> {
    if !matches!(common.format, PrintFormat::Human | PrintFormat::Json) {
        return Err(Failure::new("observe writes a deployment file")
            .hint("give that file to `skew check` and ask it for the format"));
    }
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
    let catalog = world::everything(common)?;
    let quiet = common.quiet;
    let start = |count: usize| {
        if !quiet {
            let nodes = if count == 1 { "node" } else { "nodes" };
            output::note(&format!("asking {count} {nodes}"));
        }
    };
    let observed = observe(&catalog, &access, &seeds, start).map_err(nothing)?;
    let mut observation = observed.observation;
    observation.name = asked.name.clone().unwrap_or_else(|| seeds[0].to_string());
    import::add_features(&catalog, &asked.feature, &mut observation)?;
    Ok(import::answer(common, &observation))
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
