//! Answers as replies: parts with named values, for expectations to be judged on.

use super::info::{self, Info};
use super::leaves::leaves;
use super::lists;
use super::nodes::{self, Peer};
use super::text::{AnswerKind, AnswerLine, lines};
use crate::reply::{Part, Reply};

/// Reads the answer to a command.
///
/// Fields are: of `INFO` and `CLUSTER INFO` the keys, and of a line about a database also its parts; of
/// `CLUSTER NODES` `flags`, `link`, `slots` and `open_slots`, a part for each node under its id; of
/// `CLUSTER SHARDS` `role`, `health` and `zone`, likewise; of `MODULE LIST` `ver`, a part for each module
/// under its name, whose whole is name and version; of `CONFIG GET` the directives; of `ROLE` the positions
/// from 0 on; of `ACL LIST` `rules`. Any other answer is one text.
pub fn reply(command: &str, text: &str) -> Reply {
    of_kind(&AnswerKind::of(command), &lines(text), text)
}

/// Reads an answer whose kind is known.
pub(super) fn of_kind(kind: &AnswerKind, lines: &[AnswerLine<'_>], text: &str) -> Reply {
    let one = |values| Reply { parts: vec![Part { key: String::new(), own: true, values }] };
    match kind {
        AnswerKind::Info | AnswerKind::ClusterInfo => one(info_values(&Info::read(lines))),
        AnswerKind::ClusterNodes => Reply { parts: nodes::read(lines).iter().map(peer).collect() },
        AnswerKind::ClusterShards => {
            let nodes = lists::shards(&leaves(lines));
            Reply { parts: nodes.into_iter().map(shard_node).collect() }
        }
        AnswerKind::ModuleList => {
            let modules = lists::modules(&leaves(lines));
            Reply { parts: modules.into_iter().map(module).collect() }
        }
        AnswerKind::Config => one(lists::config(&leaves(lines))),
        AnswerKind::Role => {
            let numbered = leaves(lines).into_iter().enumerate();
            one(numbered.map(|(ix, leaf)| (ix.to_string(), leaf.text, leaf.line)).collect())
        }
        AnswerKind::AclList => {
            let rules = lines.iter().filter(|line| line.text.contains("user "));
            let value =
                |line: &AnswerLine<'_>| ("rules".to_owned(), line.text.to_owned(), line.number);
            one(rules.map(value).collect())
        }
        AnswerKind::Sentinel => Reply { parts: sentinel(lists::config(&leaves(lines))) },
        AnswerKind::Other => Reply::of_text(text.trim_end(), 1),
    }
}

fn info_values(info: &Info<'_>) -> Vec<(String, String, usize)> {
    let mut values = Vec::new();
    for entry in info.entries() {
        values.push((entry.key.to_owned(), entry.value.to_owned(), entry.line));
        let number = entry.key.strip_prefix("db");
        if number.is_some_and(|number| number.parse::<u32>().is_ok()) {
            let parts = info::parts(entry.value);
            values.extend(parts.map(|(name, text)| (name.to_owned(), text.to_owned(), entry.line)));
        }
    }
    values
}

fn peer(peer: &Peer<'_>) -> Part {
    let fields = [("flags", &peer.flags), ("slots", &peer.slots), ("open_slots", &peer.open_slots)];
    let value = |name: &str, text: &str| (name.to_owned(), text.to_owned(), peer.line);
    let mut values: Vec<_> = fields
        .into_iter()
        .flat_map(|(name, texts)| texts.iter().map(move |text| value(name, text)))
        .collect();
    values.push(value("link", peer.link));
    Part { key: peer.id.to_owned(), own: peer.is("myself"), values }
}

fn shard_node(node: lists::ShardNode) -> Part {
    let line = node.line;
    let mut values =
        vec![("role".to_owned(), node.role, line), ("health".to_owned(), node.health, line)];
    values.extend(node.zone.map(|zone| ("zone".to_owned(), zone, line)));
    Part { key: node.id, own: false, values }
}

/// Cuts names and values into entries; each begins with its name.
fn sentinel(pairs: Vec<(String, String, usize)>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for pair in pairs {
        if pair.0 == "name" {
            parts.push(Part { key: pair.1.clone(), own: false, values: Vec::new() });
        }
        if let Some(part) = parts.last_mut() {
            part.values.push(pair);
        }
    }
    parts
}

fn module(module: lists::Module) -> Part {
    let whole = (String::new(), format!("{} {}", module.name, module.number), module.line);
    let number = ("ver".to_owned(), module.number.to_string(), module.line);
    Part { key: module.name, own: false, values: vec![whole, number] }
}
