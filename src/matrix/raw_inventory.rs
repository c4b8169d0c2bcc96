//! The deployment file as users write it; the names of its keys are fixed.

use serde::Deserialize;

use super::raw::{Kind, Shape};
use super::text::{Entries, Text};

/// Nodes and the features in use.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(crate) struct Inventory<'a> {
    /// Version of this file format.
    pub(crate) format: u64,
    /// Name of the deployment.
    pub(crate) name: Text<'a>,
    /// Features in use.
    #[serde(default)]
    pub(crate) features: Vec<Text<'a>>,
    /// Its nodes.
    pub(crate) nodes: Vec<Node<'a>>,
}

/// One running thing.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(crate) struct Node<'a> {
    /// Its name.
    pub(crate) name: Text<'a>,
    /// A role of the matrix; may be left out where the matrix has one role or a default one.
    pub(crate) role: Option<Text<'a>>,
    /// The group it belongs to, such as a shard.
    pub(crate) group: Option<Text<'a>>,
    /// The zone it runs in.
    pub(crate) zone: Option<Text<'a>>,
    /// Where it answers, as `HOST:PORT`.
    pub(crate) address: Option<Text<'a>>,
    /// Version by package.
    pub(crate) packages: Entries<'a, Text<'a>>,
    /// What was wrong with it when the inventory was made, by code; written by `import` and `observe`.
    #[serde(default)]
    pub(crate) remarks: Entries<'a, Text<'a>>,
    /// Where the values above were read, by key or package; written by `import` and `observe`, for people.
    #[serde(default, rename = "sources")]
    pub(crate) _sources: Entries<'a, Text<'a>>,
}

impl Shape for Node<'_> {
    const KIND: &'static Kind =
        &Kind { check: |text| serde_json::from_str::<Node<'_>>(text).map(drop), nests: &[] };
}
