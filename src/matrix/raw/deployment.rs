//! The deployment file as users write it; the names of its keys are fixed.

use crate::matrix::field::object;
use crate::matrix::text::{Entries, Text};

object! {
    /// Nodes and the features in use.
    DeploymentFile {
        /// Version of this file format.
        format: u64,
        /// Name of the deployment.
        name: Text<'a>,
        /// Features in use.
        #[serde(default)]
        features: Vec<Text<'a>>,
        /// Its nodes.
        nodes: Vec<NodeEntry<'a>>,
        /// The schema of this file, for editors.
        _schema = "$schema": Option<Text<'a>>,
    }
}

object! {
    /// One running thing.
    NodeEntry {
        /// Its name.
        name: Text<'a>,
        /// A role of the matrix; may be left out where the matrix has one role or a default one.
        role: Option<Text<'a>>,
        /// The group it belongs to, such as a shard.
        group: Option<Text<'a>>,
        /// The zone it runs in.
        zone: Option<Text<'a>>,
        /// Where it answers, as `HOST:PORT`.
        address: Option<Text<'a>>,
        /// Version by package.
        packages: Entries<'a, Text<'a>>,
        /// What else is there and no matrix knew when the inventory was made, with its version; written by `import`.
        #[serde(default)]
        unknown: Entries<'a, Text<'a>>,
        /// What was wrong with it when the inventory was made, by code; written by `import` and `observe`.
        #[serde(default)]
        remarks: Entries<'a, Text<'a>>,
        /// Where the values above were read, by key or package; written by `import` and `observe`, for people.
        #[serde(default)]
        _sources = "sources": Entries<'a, Text<'a>>,
    }
}
