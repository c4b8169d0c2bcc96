//! A whole system, found from some of its nodes.
//!
//! Each node that answers speaks of others: its cluster, its primary, its replicas, the servers that a Sentinel
//! watches. These are asked in turn until nobody new is spoken of.

use std::collections::{BTreeMap, BTreeSet};

use super::access::{Access, CommandOutput, RIGHTS, is_read_only};
use super::address::Address;
use super::pool::for_each;
use super::wire;
use crate::catalog::Catalog;
use crate::evidence::valkey;
use crate::finding::{Check, Code, Finding, Severity};
use crate::input::Input;
use crate::observation::{Observation, ObservedNode, Place, Stated};

/// Most nodes that are asked.
const MOST: usize = 10_000;

/// The first command that every node is sent.
const FIRST: &str = "INFO everything";
/// The command that older servers have instead.
const FIRST_ELSE: &str = "INFO";

/// The nodes that were found.
#[derive(Debug)]
pub struct Observed {
    /// The nodes.
    pub observation: Observation,
    /// Number of nodes that answered.
    pub answered: usize,
}

/// None of the addresses gave an answer: each with its reason.
#[derive(Debug)]
pub struct NothingAnswered(pub Vec<(Address, String)>);

/// The answers of a node, command by command.
struct Told {
    at: Address,
    said: Vec<(String, CommandOutput)>,
}

/// Asks nodes and all that they speak of. `start` says before each round how many are asked.
///
/// # Errors
///
/// Returns why no node of `seeds` answered.
pub fn observe(
    catalog: &Catalog,
    access: &Access,
    seeds: &[Address],
    mut start: impl FnMut(usize),
) -> Result<Observed, NothingAnswered> {
    let probes = probes(catalog);
    let mut known: BTreeSet<Address> = BTreeSet::new();
    let mut told: Vec<Told> = Vec::new();
    let mut silent: BTreeMap<Address, String> = BTreeMap::new();
    let mut next: Vec<Address> = seeds.to_vec();
    loop {
        next.retain(|address| known.insert(address.clone()));
        next.truncate(MOST.saturating_sub(told.len()));
        if next.is_empty() {
            break;
        }
        start(next.len());
        let round = for_each(next, |at| (interview(access, &at, &probes), at));
        for (said, at) in round {
            match said {
                Ok(said) => told.push(Told { at, said }),
                Err(why) => drop(silent.insert(at, why)),
            }
        }
        if told.is_empty() {
            return Err(NothingAnswered(silent.into_iter().collect()));
        }
        next = with_inputs(&told, spoken_of);
    }
    let mut observation =
        with_inputs(&told, |inputs| valkey::read(catalog, inputs)).unwrap_or_default();
    observation.nodes.iter_mut().for_each(whole_answers);
    observation.features.iter_mut().for_each(whole_answer);
    explain(&mut observation, &silent);
    refusals(&told, &mut observation.remarks);
    Ok(Observed { observation, answered: told.len() })
}

/// Returns the addresses that the answers speak of and that can be asked.
fn spoken_of(inputs: &[Input<'_>]) -> Vec<Address> {
    let neighbors = valkey::neighbors(inputs).into_iter();
    neighbors.filter_map(|one| Address::parse(&one.address).ok()).map(|(at, _)| at).collect()
}

/// Returns the commands that tell which features are in use.
fn probes(catalog: &Catalog) -> Vec<String> {
    let probes = catalog.features().iter().filter_map(|feature| feature.detect.as_ref());
    let commands = probes.map(|probe| probe.command.clone());
    let commands: BTreeSet<String> = commands.filter(|command| is_read_only(command)).collect();
    commands.into_iter().filter(|command| !command.starts_with("INFO")).collect()
}

/// Asks one node: what it is, and then what such a node can tell.
fn interview(
    access: &Access,
    at: &Address,
    probes: &[String],
) -> Result<Vec<(String, CommandOutput)>, String> {
    let mut session = wire::Session::open(access, at)?;
    let mut said = Vec::new();
    let mut info = session.ask(FIRST)?;
    if info.is_err() {
        info = session.ask(FIRST_ELSE)?;
    }
    let text = info.map_err(|refusal| format!("INFO refused: {refusal}"))?;
    let is = |mode: &str| {
        let modes = [format!("redis_mode:{mode}"), format!("server_mode:{mode}")];
        text.lines().any(|line| modes.iter().any(|known| line.trim_end() == known))
    };
    let mut commands: Vec<String> = vec!["ROLE".to_owned()];
    if is("sentinel") {
        commands.push("SENTINEL MASTERS".to_owned());
        for name in watched(&text) {
            commands.push(format!("SENTINEL REPLICAS {name}"));
            commands.push(format!("SENTINEL SENTINELS {name}"));
        }
    } else {
        if is("cluster") {
            commands.push("CLUSTER NODES".to_owned());
            commands.push("CLUSTER SHARDS".to_owned());
        }
        commands.push("MODULE LIST".to_owned());
        commands.extend(probes.iter().cloned());
    }
    said.push((FIRST.to_owned(), Ok(text)));
    for command in commands {
        let answer = session.ask(&command)?;
        said.push((command, answer));
    }
    Ok(said)
}

/// Returns the names of the primaries that a Sentinel watches, from its INFO. A name with a space would be two
/// words of a command and is left out.
fn watched(info: &str) -> Vec<String> {
    let lines = info.lines().filter(|line| line.starts_with("master"));
    let names = lines.filter_map(|line| {
        let name = line.split_once(":name=")?.1.split(',').next()?;
        (!name.contains(char::is_whitespace)).then(|| name.to_owned())
    });
    names.collect()
}

/// Gives the answers to a reader, each node's as a text with prompts.
fn with_inputs<R>(told: &[Told], read: impl FnOnce(&[Input<'_>]) -> R) -> R {
    let texts: Vec<(String, String)> =
        told.iter().map(|told| (told.at.to_string(), transcript(told))).collect();
    let inputs: Vec<Input<'_>> =
        texts.iter().map(|(name, text)| Input { name, bytes: text.as_bytes() }).collect();
    read(&inputs)
}

fn transcript(told: &Told) -> String {
    let mut text = String::new();
    for (command, said) in &told.said {
        let Ok(answer) = said else { continue };
        text.push_str(&format!("{}> {command}\n", told.at));
        for line in answer.split('\n') {
            // No line of an answer may be taken for a prompt.
            let indent = if line.contains("> ") { " " } else { "" };
            text.push_str(&format!("{indent}{line}\n"));
        }
    }
    text
}

/// Lines of an answer that nobody saved help nobody; the node that gave it does.
fn whole_answers(node: &mut ObservedNode) {
    let stated = [&mut node.address, &mut node.role, &mut node.group, &mut node.zone];
    stated.into_iter().flatten().for_each(whole_answer);
    node.packages.values_mut().for_each(whole_answer);
}

fn whole_answer(stated: &mut Stated) {
    stated.origin.place = Place::Whole;
}

/// Says of nodes without an answer why there is none.
fn explain(observation: &mut Observation, silent: &BTreeMap<Address, String>) {
    for (address, why) in silent {
        let text = address.to_string();
        let is_there = |node: &&ObservedNode| {
            node.address.as_ref().is_some_and(|address| address.text == text) || node.name == text
        };
        let name = observation.nodes.iter().find(is_there).map_or(&text, |node| &node.name).clone();
        let about =
            |one: &Finding| one.code == Code::Check(Check::VersionUnknown) && one.subject == name;
        observation.remarks.retain(|one| !about(one));
        let cause = why.trim_end_matches('.');
        let message = format!("{text} does not answer: {cause}; its version is not known");
        let finding = Finding::new(Check::VersionUnknown, Severity::Warning, name, message);
        let hint = advice(why).unwrap_or_else(|| {
            "ask again, or write its version into the deployment file".to_owned()
        });
        observation.remarks.push(finding.hinting(hint));
    }
}

/// Says what helps against a refusal, if that is known.
pub fn advice(why: &str) -> Option<String> {
    if why.contains("NOAUTH ") {
        return Some("set SKEW_VALKEY_PASSWORD, or give --password-file".to_owned());
    }
    why.contains("NOPERM ").then(|| format!("the user needs {RIGHTS}"))
}

/// Says which commands were refused, and by whom: in one remark what the same nodes refused with the same word.
fn refusals(told: &[Told], remarks: &mut Vec<Finding>) {
    let mut by_command: BTreeMap<(&str, &str), BTreeSet<&Address>> = BTreeMap::new();
    for one in told {
        for (command, said) in &one.said {
            // What a server does not know it does not have.
            if let Err(why) = said
                && !why.contains("unknown")
            {
                by_command.entry((command, why)).or_default().insert(&one.at);
            }
        }
    }
    // Refused commands with the answer, by the nodes and the answer's first word.
    let mut alike: BTreeMap<_, Vec<(&str, &str)>> = BTreeMap::new();
    for ((command, why), nodes) in by_command {
        let word = why.split(' ').next().unwrap_or_default();
        alike.entry((nodes, word)).or_default().push((command, why));
    }
    for ((nodes, word), commands) in alike {
        let message = match commands.as_slice() {
            [(command, why)] => format!("{command} was refused: {why}"),
            several => {
                let names: Vec<&str> = several.iter().map(|(command, _)| *command).collect();
                format!("these commands were refused with {word}: {}", names.join("; "))
            }
        };
        let first = nodes.first().map(ToString::to_string).unwrap_or_default();
        let subject = match nodes.len() {
            0 | 1 => first,
            count => format!("{first} and {} more", count - 1),
        };
        let finding = Finding::new(Check::EntryLeftOut, Severity::Warning, subject, message);
        remarks.push(match commands.first().and_then(|(_, why)| advice(why)) {
            Some(advice) => finding.hinting(advice),
            None => finding,
        });
    }
}
