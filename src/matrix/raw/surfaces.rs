//! The parts of a matrix file that say who offers what and who talks to whom.

use crate::catalog::{Applies, Binds, Promise, Stability, Use, Within};
use crate::finding::{Bites, Evidence, Severity, Verdict};
use crate::matrix::field::{Items, fact, object, stated, with_meta};
use crate::matrix::text::{PerPackage, Short, Text};

fact! {
    /// A thing in use that changes what is compatible.
    Feature {
        /// Its name.
        name: Text<'a>,
        /// One line for people.
        title: Text<'a>,
        /// Where it exists.
        #[serde(default)]
        since: PerPackage<'a>,
        /// How to find out whether it is in use.
        detect: Option<Probe<'a>>,
    }
}

object! {
    /// A question to a running system and the answer that is wanted.
    Probe {
        /// What to run.
        command: Text<'a>,
        /// Which part of the answer to look at.
        field: Option<Text<'a>>,
        /// What it must be.
        expect: Text<'a>,
    }
}

fact! {
    /// A promise about a part of a product.
    Contract {
        /// Its name.
        name: Text<'a>,
        /// The package that promises.
        package: Text<'a>,
        /// One line for people.
        title: Text<'a>,
        /// What a patch step may do to it.
        patch: Option<Promise>,
        /// What a minor step may do to it.
        minor: Option<Promise>,
        /// What a major step may do to it.
        major: Option<Promise>,
        /// Whose steps it speaks of; default: the package's own.
        binds: Option<Binds>,
    }
}

fact! {
    /// A promise of a core that plugin releases rely on, such as that for experimental parts.
    Reliance {
        /// The plugin, or a core for all of its plugins.
        package: Text<'a>,
        /// Its releases; all if left out. Not for a core.
        releases: Option<Text<'a>>,
        /// The contract of the core.
        contract: Text<'a>,
    }
}

fact! {
    /// A named surface with levels.
    Interface {
        /// Its name.
        name: Text<'a>,
        /// One line for people.
        title: Text<'a>,
        /// `number`, or the scheme of its levels.
        levels: Text<'a>,
        /// How far its levels may be relied on.
        stability: Stability,
        /// The contract that covers it.
        contract: Option<Text<'a>>,
    }
}

fact! {
    /// Which levels a range of releases writes and reads.
    Offer {
        /// The package that offers.
        package: Text<'a>,
        /// Its releases; all if left out.
        releases: Option<Text<'a>>,
        /// The interface.
        interface: Text<'a>,
        /// Levels it can produce.
        #[serde(default)]
        writes: Vec<Short<'a, GuardedLevel<'a>>>,
        /// Levels it accepts.
        #[serde(default)]
        reads: Vec<Short<'a, GuardedLevel<'a>>>,
    }
}

object! {
    /// Levels that count under a condition.
    GuardedLevel {
        /// One level or a span of them.
        level: Text<'a>,
        /// All of these features must be in use.
        #[serde(default)]
        when: Vec<Text<'a>>,
        /// None of these features may be in use.
        #[serde(default)]
        unless: Vec<Text<'a>>,
    }
}

fact! {
    /// Which level a range of plugin releases was built for.
    InterfaceNeed {
        /// The plugin.
        package: Text<'a>,
        /// Its releases; all if left out.
        releases: Option<Text<'a>>,
        /// The interface.
        interface: Text<'a>,
        /// The level, or `self` for the release's own version.
        level: Text<'a>,
        /// The package that offers it, where several do.
        host: Option<Text<'a>>,
    }
}

fact! {
    /// A part that nodes play.
    Role {
        /// Its name.
        name: Text<'a>,
        /// One line for people.
        title: Option<Text<'a>>,
        /// The packages that play it.
        runs: Vec<Text<'a>>,
        /// Fewest nodes of it in a group.
        min: Option<u32>,
        /// Most nodes of it in a group.
        max: Option<u32>,
        /// Whether a group must keep one to be written to.
        #[serde(default)]
        writable: bool,
        /// Whether only one may be away at a time.
        #[serde(default)]
        quorum: bool,
        /// Whether a node without a role has this one.
        #[serde(default)]
        default: bool,
        /// Other words for it, such as those of charts, by which inventories are read.
        #[serde(default)]
        known_as: Vec<Text<'a>>,
    }
}

fact! {
    /// Who talks to whom.
    Relation {
        /// Its name.
        name: Text<'a>,
        /// One line for people.
        title: Text<'a>,
        /// Roles on the giving side.
        from: Vec<Text<'a>>,
        /// Roles on the taking side.
        to: Vec<Text<'a>>,
        /// Which nodes it is between.
        within: Within,
        /// When it is exercised.
        usage = "use": Option<Use>,
        /// What it depends on.
        #[serde(default)]
        interfaces: Items<RelationInterface<'a>>,
        /// What levels do not say.
        #[serde(default)]
        exceptions: Items<Exception<'a>>,
    }
}

fact! {
    /// An interface that a relation depends on.
    RelationInterface {
        /// The interface.
        interface: Text<'a>,
        /// What the operator sees when it breaks.
        breaks: Text<'a>,
        /// When that shows.
        bites: Bites,
    }
}

fact! {
    /// A pair of releases for which levels do not tell the whole story.
    Exception {
        /// Its name.
        name: Option<Text<'a>>,
        /// Releases on the giving side.
        from: PerPackage<'a>,
        /// Releases on the taking side.
        to: PerPackage<'a>,
        /// All of these features must be in use.
        #[serde(default)]
        when: Vec<Text<'a>>,
        /// None of these features may be in use.
        #[serde(default)]
        unless: Vec<Text<'a>>,
        /// What follows.
        verdict: Verdict,
        /// How bad it is; default: error if incompatible, else warning.
        severity: Option<Severity>,
        /// What the operator sees.
        breaks: Text<'a>,
        /// When that shows.
        bites: Option<Bites>,
    }
}

fact! {
    /// How far two sides of a relation may be apart.
    SkewRule {
        /// Its stable code.
        code: Text<'a>,
        /// The relation it is about.
        relation: Text<'a>,
        /// Such as `from <= to by major` or `from - to <= 3 minor`.
        rule: Text<'a>,
        /// How bad a violation is.
        severity: Severity,
        /// When it is applied; default: always.
        applies: Option<Applies>,
        /// What to say.
        message: Text<'a>,
    }
}
