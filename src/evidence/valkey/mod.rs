//! Valkey and Redis: what nodes answer to read-only commands, saved to files or just fetched.
//!
//! No answer tells everything: versions are in `INFO`, shards in `CLUSTER NODES`, modules in `MODULE LIST`,
//! and each speaks of one node only or never of versions. So `text` cuts files into answers, the readers of
//! single answers (`info`, `nodes`, `lists`) take them apart, `asked` joins those of one node, and `fleet`
//! joins nodes into one deployment. `answers` makes of any answer a [`Reply`](crate::reply::Reply), on which
//! gates and the features of the matrix are judged.

mod answers;
mod asked;
mod features;
mod fleet;
mod info;
mod leaves;
mod lists;
mod member;
mod modules;
mod nodes;
mod text;
mod topology;
mod views;

pub use answers::reply;
pub use member::Neighbor;

use info::Info;
use leaves::leaves;
use text::AnswerKind;

use std::collections::BTreeMap;

use super::versions::believed;
use crate::catalog::Catalog;
use crate::evidence::saved::{TEXT_LIMIT, Take};
use crate::input::{Input, text_of};
use crate::observation::Observation;
use crate::problem::Problems;

/// Reads the answers of some nodes, in any number of files.
///
/// # Errors
///
/// Returns each file that is not text or holds no answer.
pub fn read(catalog: &Catalog, inputs: &[Input<'_>]) -> Result<Observation, Problems> {
    let nodes = asked::read(inputs)?;
    Ok(believed(catalog, &BTreeMap::new(), fleet::observation(catalog, &nodes)))
}

/// Takes files that are named, and the text files of a folder.
pub fn takes(path: &str, named: bool) -> Take {
    let is_text = [".txt", ".json", ".conf"].iter().any(|ending| path.ends_with(ending));
    if named || is_text { Take::Bytes } else { Take::Nothing }
}

/// Returns whether a file has an answer that nothing but such a server gives.
pub fn looks_like(input: &Input<'_>) -> bool {
    let Ok(text) = text_of(input.bytes, TEXT_LIMIT) else { return false };
    text::cut(input.name, text).iter().any(|text| match text.kind {
        AnswerKind::Info => {
            let info = Info::read(&text.lines);
            info.text("redis_version").is_some() || info.has("keyspace")
        }
        AnswerKind::ClusterNodes => true,
        AnswerKind::ClusterShards => !lists::shards(&leaves(&text.lines)).is_empty(),
        AnswerKind::Role => lists::role(&leaves(&text.lines)).is_some(),
        AnswerKind::ModuleList => !lists::modules(&leaves(&text.lines)).is_empty(),
        AnswerKind::ClusterInfo
        | AnswerKind::Config
        | AnswerKind::AclList
        | AnswerKind::Sentinel
        | AnswerKind::Other => false,
    })
}

/// Returns the nodes that the answers speak of, those that answered among them. Who asks a running system goes
/// on with these.
pub fn neighbors(inputs: &[Input<'_>]) -> Vec<Neighbor> {
    asked::read(inputs).map(|nodes| fleet::neighbors(&nodes)).unwrap_or_default()
}
