//! Questions about release trains.

use serde::{Deserialize, Serialize};

use super::declare::query;
use crate::catalog::{TrainChange, TrainRelease};
use crate::spec::Spec;

query! {
    /// A question about the release train of a product.
    pub struct TrainQuery {
        /// The product, perhaps with its newest release, whose branches are then named.
        pub product: Spec,
        /// The question.
        pub question: TrainQuestion,
    }
}

/// Questions about a release train. Branches, phases and kinds have the names that the train states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum TrainQuestion {
    /// The phases of the cycle, or one of them, with their active branches.
    Phases {
        /// Only this phase.
        #[serde(default)]
        phase: Option<String>,
    },
    /// The branch that a change goes to.
    Merge {
        /// The phase of the cycle.
        phase: String,
        /// The kind of change, where the product's own tables tell fixes from features.
        #[serde(default)]
        change: Option<ChangeKind>,
        /// The release that the change is for.
        release: TrainTarget,
        /// The extension that the change is to; the product itself if left out.
        #[serde(default)]
        extension: Option<TrainParty>,
        /// What the main branch of the extension targets.
        #[serde(default)]
        target: Option<String>,
    },
    /// The target of a branch of an extension.
    Target {
        /// The phase of the cycle.
        phase: String,
        /// The extension.
        extension: TrainParty,
        /// The branch.
        branch: String,
    },
    /// The commit of an extension that a release ships.
    Ships {
        /// The release.
        release: TrainTarget,
        /// The extension.
        extension: TrainParty,
    },
    /// The way to another number of active branches.
    Switch {
        /// The number there is.
        from: u32,
        /// The number there should be.
        to: u32,
        /// The phase of the cycle.
        phase: String,
    },
    /// Whether a release comes with the complete set of extensions.
    Ready,
}

query! {
    /// An extension as far as its release train matters.
    #[derive(Default)]
    pub struct TrainParty {
        /// The number of its active branches.
        #[serde(default)]
        pub branches: Option<u32>,
        /// Its kind; the first of the train if left out.
        #[serde(default)]
        pub kind: Option<String>,
    }
}

/// Declares words of a query beside those of the catalog.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident = $catalog:ident { $($(#[$word_meta:meta])* $word:ident),* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$word_meta])* $word),* }

        impl From<$name> for $catalog {
            fn from(word: $name) -> Self {
                match word { $($name::$word => Self::$word),* }
            }
        }
    };
}

words! {
    /// The kind of a change.
    ChangeKind = TrainChange {
        /// A correction.
        Fix,
        /// Something new.
        Feature
    }
}

words! {
    /// A release, seen from the newest one.
    TrainTarget = TrainRelease {
        /// The next patch of the newest release.
        Patch,
        /// The next minor release.
        Minor,
        /// The minor release after the next.
        NextMinor
    }
}
