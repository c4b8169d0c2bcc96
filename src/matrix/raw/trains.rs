//! The parts of a matrix file that state a release train.

use crate::catalog::{TrainChange, TrainCycle, TrainRelease};
use crate::finding::Evidence;
use crate::matrix::field::{Items, fact, object, stated, with_meta};
use crate::matrix::text::Text;

fact! {
    /// A project's release cycle: its phases, and what each branch is for.
    Train {
        /// The product.
        package: Text<'a>,
        /// What branches and releases are called.
        #[serde(default)]
        names: Vec<TrainName<'a>>,
        /// The names of the releases that a change can be for.
        #[serde(default)]
        releases: Vec<TrainReleaseName<'a>>,
        /// The phases, in their order.
        #[serde(default)]
        phases: Vec<TrainPhase<'a>>,
        /// The kinds of extensions; the first is taken if nobody says.
        #[serde(default)]
        kinds: Vec<TrainKind<'a>>,
        /// Where changes are merged.
        #[serde(default)]
        merges: Items<MergeRow<'a>>,
        /// What branches of extensions target.
        #[serde(default)]
        targets: Items<TargetRow<'a>>,
        /// Which commit of an extension a release ships.
        #[serde(default)]
        ships: Items<ShipRow<'a>>,
        /// How the number of an extension's active branches changes.
        #[serde(default)]
        switches: Items<SwitchRow<'a>>,
        /// Which extensions every release should come with.
        set: Option<TrainSet<'a>>,
    }
}

object! {
    /// A branch or release by the name that the project's document gives it.
    TrainName {
        /// The name.
        name: Text<'a>,
        /// How many release lines it is ahead of that of the newest release.
        #[serde(default)]
        ahead: u16,
        /// The real name: `{version}`, `{line}`, `{next-patch}` and attributes of the line's releases
        /// are filled in.
        real: Text<'a>,
    }
}

object! {
    /// What the document calls a release that a change can be for.
    TrainReleaseName {
        /// The release.
        release: TrainRelease,
        /// One of `names`.
        name: Text<'a>,
    }
}

fact! {
    /// A phase of the cycle.
    TrainPhase {
        /// Its name.
        name: Text<'a>,
        /// Other names of it.
        #[serde(default)]
        alias: Vec<Text<'a>>,
        /// What it is.
        title: Text<'a>,
        /// The active branches, by their `names`.
        branches: Vec<Text<'a>>,
        /// Whether it stands beside the cycle and its branches are those of the lines with long-term support.
        #[serde(default)]
        long_term: bool,
    }
}

fact! {
    /// A kind of extensions.
    TrainKind {
        /// Its name.
        name: Text<'a>,
        /// What its cycle hangs on.
        cycle: TrainCycle,
        /// What that means.
        why: Text<'a>,
    }
}

fact! {
    /// Where a change is merged.
    MergeRow {
        /// The phases it is about.
        phases: Vec<Text<'a>>,
        /// How many active branches the extension has; left out for the product itself.
        #[serde(default)]
        branches: Vec<u32>,
        /// What the change is; anything if left out.
        change: Option<TrainChange>,
        /// The release that the change is for.
        release = "for": TrainRelease,
        /// What `main` of the extension targets, by `names`; anything if left out.
        #[serde(default)]
        targets: Vec<Text<'a>>,
        /// The branch, by its name.
        into: Option<Text<'a>>,
        /// Why it is not allowed.
        refused: Option<Text<'a>>,
    }
}

fact! {
    /// What a branch of an extension targets.
    TargetRow {
        /// The phases it is about.
        phases: Vec<Text<'a>>,
        /// How many active branches the extension has.
        branches: Vec<u32>,
        /// The branch, by its name; any if left out.
        branch: Option<Text<'a>>,
        /// The branches and releases of the product, by their `names`.
        #[serde(default)]
        targets: Vec<Text<'a>>,
        /// Why it is not allowed.
        refused: Option<Text<'a>>,
    }
}

fact! {
    /// Which commit of an extension a release ships.
    ShipRow {
        /// The release.
        release: TrainRelease,
        /// How many active branches the extension has.
        branches: Vec<u32>,
        /// The branch, by its name, or a sentence.
        source_of_truth: Text<'a>,
    }
}

fact! {
    /// A change of the number of active branches of an extension.
    SwitchRow {
        /// How many there are.
        from: u32,
        /// How many there will be.
        to: u32,
        /// When it may happen; in any phase if left out.
        #[serde(default)]
        phases: Vec<Text<'a>>,
        /// When that is, in words.
        when: Text<'a>,
        /// What for.
        #[serde(default)]
        reasons: Vec<Text<'a>>,
        /// What to do; empty if it happens by itself.
        #[serde(default)]
        actions: Vec<Text<'a>>,
    }
}

fact! {
    /// Which extensions every release should come with.
    TrainSet {
        /// The attribute that releases of such extensions carry.
        attribute: Text<'a>,
        /// Its value for those that live in the product's source tree.
        in_tree: Text<'a>,
        /// The releases of the product whose whole list of extensions is known, as a range: what has no
        /// release for one of them is not in its set.
        listed: Option<Text<'a>>,
    }
}
