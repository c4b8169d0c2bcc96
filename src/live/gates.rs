//! Answers to the questions of gates.

use std::collections::{BTreeMap, BTreeSet};

use super::access::{Access, CommandOutput};
use super::address::Address;
use super::observe::advice;
use super::pool::for_each;
use super::wire;
use crate::evidence::valkey;
use crate::gate::{GateQuestion, NodeReply};

/// Asks every question, all of a node over one connection. `addresses` has where each node answers.
pub fn answers(
    access: &Access,
    addresses: &BTreeMap<String, Address>,
    questions: &BTreeSet<GateQuestion>,
) -> BTreeMap<GateQuestion, NodeReply> {
    let mut by_node: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (node, command) in questions {
        by_node.entry(node).or_default().push(command.clone());
    }
    let asked = for_each(by_node.into_iter().collect(), |(node, commands)| {
        let said = match addresses.get(node) {
            Some(address) => wire::ask(access, address, &commands)
                .and_then(let_in)
                .map_err(|why| format!("{address}: {why}")),
            None => Err("nobody said where it answers".to_owned()),
        };
        (node, commands, said)
    });
    let mut answers = BTreeMap::new();
    for (node, commands, said) in asked {
        for (ix, command) in commands.into_iter().enumerate() {
            let answer = match said.as_ref().map(|said| said.get(ix)) {
                Ok(Some(Ok(text))) => NodeReply::Reply(valkey::reply(&command, text)),
                Ok(Some(Err(words))) => NodeReply::Refused(words.clone()),
                Ok(None) => NodeReply::Silent("it was not asked".to_owned()),
                Err(why) => NodeReply::Silent(why.clone()),
            };
            answers.insert((node.to_owned(), command), answer);
        }
    }
    answers
}

/// A node that asks for a password first has answered nothing.
fn let_in(said: Vec<CommandOutput>) -> Result<Vec<CommandOutput>, String> {
    let closed =
        |one: &CommandOutput| one.as_ref().err().filter(|why| why.starts_with("NOAUTH ")).cloned();
    match said.iter().find_map(closed) {
        Some(why) => {
            let why = why.trim_end_matches('.');
            Err(advice(why).map_or_else(|| why.to_owned(), |advice| format!("{why} ({advice})")))
        }
        None => Ok(said),
    }
}
