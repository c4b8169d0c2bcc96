//! `CLUSTER SHARDS`, `ROLE`, `MODULE LIST` and `CONFIG GET`: nested answers, read from their flat list of texts.

use super::leaves::Leaf;

/// A node of `CLUSTER SHARDS`: what it adds to `CLUSTER NODES`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ShardNode {
    pub(super) id: String,
    /// `master` or `replica`.
    pub(super) role: String,
    /// The name or address that clients are to use.
    pub(super) endpoint: String,
    pub(super) port: String,
    pub(super) zone: Option<String>,
    pub(super) health: String,
    /// Which of the shards of the answer it is in.
    pub(super) shard: usize,
    pub(super) line: usize,
}

/// Reads the nodes of all shards. Keys that are not known are skipped with their values.
pub(super) fn shards(leaves: &[Leaf]) -> Vec<ShardNode> {
    let mut nodes: Vec<ShardNode> = Vec::new();
    let (mut shard, mut inside) = (0, false);
    let mut ix = 0;
    while let Some(leaf) = leaves.get(ix) {
        let value = || leaves.get(ix + 1).map(|leaf| leaf.text.clone()).unwrap_or_default();
        match leaf.text.as_str() {
            "slots" => {
                (shard, inside) = (shard + 1, false);
                ix += 1;
                while leaves.get(ix).is_some_and(|leaf| leaf.text != "nodes") {
                    ix += 1;
                }
                continue;
            }
            "nodes" => {
                inside = true;
                ix += 1;
                continue;
            }
            "id" if inside && leaves.get(ix + 2).is_some_and(|leaf| is_port(&leaf.text)) => {
                nodes.push(ShardNode {
                    id: value(),
                    shard,
                    line: leaf.line,
                    ..ShardNode::default()
                });
            }
            // The id of the shard itself ends it.
            "id" => inside = false,
            key if inside => set(nodes.last_mut(), key, value()),
            _ => {}
        }
        ix += 2;
    }
    nodes
}

fn is_port(key: &str) -> bool {
    matches!(key, "port" | "tls-port")
}

fn set(node: Option<&mut ShardNode>, key: &str, value: String) {
    let Some(node) = node else { return };
    match key {
        "port" => node.port = value,
        "tls-port" if node.port.is_empty() => node.port = value,
        "endpoint" => node.endpoint = value,
        "role" => node.role = value,
        "health" => node.health = value,
        "availability-zone" if !value.is_empty() => node.zone = Some(value),
        _ => {}
    }
}

/// An answer to `ROLE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RoleOf {
    /// It takes writes; host and port of its replicas.
    Primary(Vec<(String, String)>),
    /// It follows a primary: host and port.
    Replica(String, String),
    /// It watches primaries with these names.
    Sentinel(Vec<String>),
}

/// Reads the answer of `ROLE`, with the line of its first word.
pub(super) fn role(leaves: &[Leaf]) -> Option<(RoleOf, usize)> {
    let texts: Vec<&str> = leaves.iter().map(|leaf| leaf.text.as_str()).collect();
    let line = leaves.first()?.line;
    let role = match *texts.first()? {
        "master" | "primary" => {
            let replicas = texts.get(2..).unwrap_or_default().chunks_exact(3);
            let pairs = replicas.map(|one| (one[0].to_owned(), one[1].to_owned()));
            RoleOf::Primary(pairs.collect())
        }
        "slave" | "replica" => {
            RoleOf::Replica((*texts.get(1)?).to_owned(), (*texts.get(2)?).to_owned())
        }
        "sentinel" => {
            let names = texts.iter().skip(1).filter(|name| !name.is_empty());
            RoleOf::Sentinel(names.map(|name| (*name).to_owned()).collect())
        }
        _ => return None,
    };
    Some((role, line))
}

/// A module that a node has loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Module {
    pub(super) name: String,
    /// The version as the module reports it.
    pub(super) number: u64,
    pub(super) line: usize,
}

/// Reads the answer of `MODULE LIST`.
pub(super) fn modules(leaves: &[Leaf]) -> Vec<Module> {
    let entries = leaves.windows(4).filter(|four| four[0].text == "name" && four[2].text == "ver");
    let module = |four: &[Leaf]| {
        let number = four[3].text.parse().ok()?;
        Some(Module { name: four[1].text.clone(), number, line: four[1].line })
    };
    entries.filter_map(module).collect()
}

/// Reads names and values of `CONFIG GET`.
pub(super) fn config(leaves: &[Leaf]) -> Vec<(String, String, usize)> {
    // An empty value at the end of bare lines cannot be told from the end of the file.
    let pairs = leaves.chunks(2).map(|pair| {
        let value = pair.get(1).map(|leaf| leaf.text.clone()).unwrap_or_default();
        (pair[0].text.clone(), value, pair[0].line)
    });
    pairs.filter(|(name, ..)| !name.is_empty()).collect()
}
