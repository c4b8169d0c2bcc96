//! The matrix file as it is written: one Rust type per JSON object, nothing checked yet.
//!
//! Owns the file format and, through its documentation comments, the published schema. What the
//! values mean, and whether they make sense, is decided when they are lowered.

use serde::Deserialize;

use super::text::{Entries, Short, Text};

/// A number, range or text per package.
pub(crate) type PerPackage<'a> = Entries<'a, Text<'a>>;

/// Where a fact comes from; every object that states one has these keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meta<'r, 'a> {
    pub(crate) source: Option<&'r Text<'a>>,
    pub(crate) at: Option<&'r Text<'a>>,
    pub(crate) evidence: Option<Evidence>,
    pub(crate) note: Option<&'r Text<'a>>,
    pub(crate) id: Option<&'r Text<'a>>,
    pub(crate) replaces: &'r [Text<'a>],
}

/// An object that states a fact.
pub(crate) trait Stated<'a> {
    fn meta(&self) -> Meta<'_, 'a>;
}

/// An object of the format whose shape can be tried on a text of any lifetime.
pub(crate) trait Shape {
    fn check(text: &str) -> Result<(), serde_json::Error>;
}

/// Declares an object without fact keys.
macro_rules! plain {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
        pub(crate) struct $name<'a> {
            $($(#[$field_meta])* pub(crate) $field: $type,)*
        }

        impl Shape for $name<'_> {
            fn check(text: &str) -> Result<(), serde_json::Error> {
                serde_json::from_str::<$name<'_>>(text).map(drop)
            }
        }
    };
}

/// Declares an object that states a fact: the keys of [`Meta`] and its own.
macro_rules! fact {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        plain! {
            $(#[$doc])*
            $name {
                $($(#[$field_meta])* $field: $type,)*
                /// A key of `sources`; inherited if left out.
                source: Option<Text<'a>>,
                /// Where in the source.
                at: Option<Text<'a>>,
                /// How the fact is known; default: as the source says.
                evidence: Option<Evidence>,
                /// What a reader must know about the fact.
                note: Option<Text<'a>>,
                /// A name by which an overlay can replace the fact.
                id: Option<Text<'a>>,
                /// Ids of earlier facts that this one replaces.
                #[serde(default)]
                replaces: Vec<Text<'a>>,
            }
        }

        impl<'a> Stated<'a> for $name<'a> {
            fn meta(&self) -> Meta<'_, 'a> {
                Meta {
                    source: self.source.as_ref(),
                    at: self.at.as_ref(),
                    evidence: self.evidence,
                    note: self.note.as_ref(),
                    id: self.id.as_ref(),
                    replaces: &self.replaces,
                }
            }
        }
    };
}

/// Declares an enumeration of words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        pub(crate) enum $name { $($(#[$variant_doc])* $variant,)* }
    };
}

plain! {
    /// What is known about one product family.
    Matrix {
        /// Version of this file format.
        format: u64,
        /// Lower-case name of the matrix.
        name: Text<'a>,
        /// One line for people.
        title: Option<Text<'a>>,
        /// The day on which the facts were gathered.
        as_of: Option<Text<'a>>,
        /// Name of the matrix that this file is an overlay of.
        extends: Option<Text<'a>>,
        /// Where facts come from, by key.
        #[serde(default)]
        sources: Entries<'a, Source<'a>>,
        /// Things with ordered releases.
        #[serde(default)]
        packages: Vec<Package<'a>>,
        /// What ranges of releases accept of other packages.
        #[serde(default)]
        requirements: Vec<Requirement<'a>>,
        /// Things in use that change what is compatible.
        #[serde(default)]
        features: Vec<Feature<'a>>,
        /// What the project promises.
        #[serde(default)]
        contracts: Vec<Contract<'a>>,
        /// Named surfaces with levels.
        #[serde(default)]
        interfaces: Vec<Interface<'a>>,
        /// Which levels releases write and read.
        #[serde(default)]
        offers: Vec<Offer<'a>>,
        /// Which levels plugin releases were built for.
        #[serde(default)]
        needs: Vec<InterfaceNeed<'a>>,
        /// Parts that nodes play.
        #[serde(default)]
        roles: Vec<Role<'a>>,
        /// Who talks to whom.
        #[serde(default)]
        relations: Vec<Relation<'a>>,
        /// How far two sides may be apart.
        #[serde(default)]
        skew: Vec<SkewRule<'a>>,
        /// How products are upgraded.
        #[serde(default)]
        upgrades: Vec<Upgrades<'a>>,
        /// Packages released together under different numbers.
        #[serde(default)]
        families: Vec<Family<'a>>,
        /// How long release lines live.
        #[serde(default)]
        lifecycle: Vec<Lifecycle<'a>>,
    }
}

plain! {
    /// Where facts come from.
    Source {
        /// What it is.
        title: Text<'a>,
        /// Its address; `{at}`, `{package}` and `{version}` are filled in.
        url: Option<Text<'a>>,
        /// How facts from it are known.
        evidence: Evidence,
    }
}

words! {
    /// How a fact is known.
    Evidence {
        /// The software itself refuses.
        Enforced,
        /// It was run.
        Observed,
        /// The project says so.
        Documented,
        /// It follows from other facts.
        Inferred,
    }
}

fact! {
    /// A thing with ordered releases.
    Package {
        /// The name users write.
        name: Text<'a>,
        /// One line for people.
        title: Option<Text<'a>>,
        /// The part it plays. Left out only in an overlay that adds to a known package.
        kind: Option<PackageKind>,
        /// For a plugin: the package it extends.
        core: Option<Text<'a>>,
        /// How its versions are read.
        scheme: Option<Short<'a, SchemeChange<'a>>>,
        /// How a bare version is read in its requirements.
        ranges: Option<Ranges>,
        /// Whether `releases` names all that exist.
        listing: Option<Listing>,
        /// Its releases.
        #[serde(default)]
        releases: Vec<Release<'a>>,
    }
}

plain! {
    /// Two schemes and the version at which the second began.
    SchemeChange {
        /// The scheme before.
        first: Text<'a>,
        /// The first version of the second scheme.
        at: Text<'a>,
        /// The scheme after.
        then: Text<'a>,
    }
}

words! {
    /// The part a package plays.
    PackageKind {
        /// What plugins load into.
        Core,
        /// A part with versions of its own.
        Plugin,
        /// What everything runs on.
        Runtime,
        /// An operating system and processor.
        Platform,
    }
}

words! {
    /// How a bare version is read.
    Ranges {
        /// As that release or release line.
        Native,
        /// As that release or a later one.
        Minimum,
    }
}

words! {
    /// Whether a release list is complete.
    Listing {
        /// All releases are listed.
        Complete,
        /// Releases of listed lines may be missing.
        Partial,
    }
}

words! {
    /// How finished a release is.
    Channel {
        /// For use.
        Stable,
        /// For trying out.
        Prerelease,
        /// A branch without a release.
        Development,
    }
}

fact! {
    /// One release.
    Release {
        /// Its version in the package's scheme.
        version: Text<'a>,
        /// The day it came out.
        date: Option<Text<'a>>,
        /// Other names of the same release.
        #[serde(default)]
        alias: Vec<Text<'a>>,
        /// What the publisher calls it, where that differs.
        label: Option<Text<'a>>,
        /// How finished it is.
        channel: Option<Channel>,
        /// Why it must not be used.
        withdrawn: Option<Text<'a>>,
        /// Why its requirements are not known.
        unreadable: Option<Text<'a>>,
        /// What it needs, by package. An empty object states that it needs nothing.
        needs: Option<Entries<'a, Short<'a, InlineNeed<'a>>>>,
        /// The interface levels it was built for.
        #[serde(default)]
        uses: PerPackage<'a>,
        /// Details for display.
        #[serde(default)]
        attributes: PerPackage<'a>,
    }
}

fact! {
    /// What one release needs of one package.
    InlineNeed {
        /// The accepted releases.
        range: Text<'a>,
        /// The publisher's words, where they were rewritten.
        declared: Option<Text<'a>>,
        /// How it binds.
        kind: Option<NeedKind>,
    }
}

words! {
    /// How a requirement binds.
    NeedKind {
        /// The package must be there.
        Requires,
        /// It binds only if the package is there.
        Optional,
        /// The package must not be there.
        Conflicts,
    }
}

fact! {
    /// What a range of releases accepts of another package.
    Requirement {
        /// The package that needs something.
        package: Text<'a>,
        /// Its releases; all if left out.
        releases: Option<Text<'a>>,
        /// The package that is needed.
        needs: Text<'a>,
        /// The accepted releases.
        range: Text<'a>,
        /// How it binds.
        kind: Option<NeedKind>,
        /// The publisher's words, where they were rewritten.
        declared: Option<Text<'a>>,
    }
}

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

plain! {
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
    }
}

words! {
    /// What a step may do to a contract.
    Promise {
        /// Nothing breaks.
        Kept,
        /// Only what is newly opted into can break.
        OptIn,
        /// It may break.
        MayBreak,
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

words! {
    /// How far levels may be relied on.
    Stability {
        /// Old levels keep working.
        Stable,
        /// Exactly one level works.
        Unstable,
        /// Released with the core.
        InTree,
        /// May change in any release.
        Experimental,
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
        writes: Vec<Short<'a, Level<'a>>>,
        /// Levels it accepts.
        #[serde(default)]
        reads: Vec<Short<'a, Level<'a>>>,
    }
}

plain! {
    /// Levels that count under a condition.
    Level {
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
        #[serde(rename = "use")]
        usage: Option<Use>,
        /// What it depends on.
        #[serde(default)]
        interfaces: Vec<RelationInterface<'a>>,
        /// What levels do not say.
        #[serde(default)]
        exceptions: Vec<Exception<'a>>,
    }
}

words! {
    /// Which nodes a relation is between.
    Within {
        /// A node and its own earlier release.
        Node,
        /// Nodes of one group.
        Group,
        /// All nodes.
        Deployment,
    }
}

words! {
    /// When a relation is exercised.
    Use {
        /// All the time.
        Continuous,
        /// Only when asked for.
        OnDemand,
    }
}

words! {
    /// When a broken relation shows.
    Bites {
        /// At once.
        Now,
        /// At the next full synchronisation.
        FullSync,
        /// At the next restart.
        Restart,
        /// When data is moved.
        Migration,
    }
}

words! {
    /// Whether two things fit together.
    Verdict {
        /// They do.
        Compatible,
        /// Nobody knows.
        Unknown,
        /// They do not.
        Incompatible,
    }
}

words! {
    /// How bad a finding is.
    Severity {
        /// Worth knowing.
        Info,
        /// Should not stay so.
        Warning,
        /// Does not work, or is forbidden.
        Error,
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

words! {
    /// When a skew rule is applied.
    Applies {
        /// In every state.
        Always,
        /// Only in states meant to last.
        Steady,
        /// Only while an upgrade is under way.
        Rolling,
    }
}

/// A range of the entry's package, or a range per package.
pub(crate) type Side<'a> = Short<'a, PerPackage<'a>>;

fact! {
    /// How one product is upgraded.
    Upgrades {
        /// The product.
        package: Text<'a>,
        /// Packages that it can take the place of.
        #[serde(default)]
        from_packages: Vec<Text<'a>>,
        /// Roles, first to change first.
        #[serde(default)]
        order: Vec<Vec<Text<'a>>>,
        /// The role change that must happen before the last role's nodes change.
        switch: Option<Switch<'a>>,
        /// Limits on what one hop may cross.
        #[serde(default)]
        steps: Vec<StepLimit<'a>>,
        /// Releases that must be passed through.
        #[serde(default)]
        stops: Vec<Stop<'a>>,
        /// Steps that are not allowed.
        #[serde(default)]
        blocked: Vec<EdgeItem<'a>>,
        /// Steps that need acceptance by name.
        #[serde(default)]
        risks: Vec<EdgeItem<'a>>,
        /// What the project advises.
        #[serde(default)]
        advice: Vec<EdgeItem<'a>>,
        /// Steps without a way back.
        #[serde(default)]
        irreversible: Vec<Irreversible<'a>>,
        /// Steps that are not rolling.
        #[serde(default)]
        procedures: Vec<StepProcedure<'a>>,
        /// Work on data.
        #[serde(default)]
        migrations: Vec<Migration<'a>>,
        /// What must hold between steps.
        #[serde(default)]
        gates: Vec<Gate<'a>>,
        /// How a node is restarted, with placeholders.
        restart: Option<Text<'a>>,
        /// Whether there is a way back at all.
        downgrade: Option<Downgrade>,
        /// Why there is none.
        downgrade_why: Option<Text<'a>>,
    }
}

words! {
    /// Whether a product can be taken back.
    Downgrade {
        /// Where the rules allow it.
        Rules,
        /// Never.
        Refused,
    }
}

fact! {
    /// A change of roles within a group.
    Switch {
        /// What the product calls it.
        name: Text<'a>,
        /// The role that is given up.
        from: Text<'a>,
        /// The role that takes over.
        to: Text<'a>,
        /// What to run.
        command: Option<Text<'a>>,
    }
}

fact! {
    /// A limit on what one hop may cross.
    StepLimit {
        /// What is counted.
        unit: Unit,
        /// How many lines.
        count: u32,
        /// The roles it binds; all if empty.
        #[serde(default)]
        roles: Vec<Text<'a>>,
    }
}

words! {
    /// A unit of version distance.
    Unit {
        /// Major lines.
        Major,
        /// Minor lines.
        Minor,
        /// Single releases.
        Patch,
    }
}

fact! {
    /// A release that must be passed through.
    Stop {
        /// Its name.
        name: Text<'a>,
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// Where to stop.
        via: Text<'a>,
        /// Why.
        why: Text<'a>,
    }
}

fact! {
    /// A blocked step, a risk or advice.
    EdgeItem {
        /// Its name.
        name: Text<'a>,
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// It counts only if all of these features are in use.
        #[serde(default)]
        when: Vec<Text<'a>>,
        /// It does not count if any of these features is in use.
        #[serde(default)]
        unless: Vec<Text<'a>>,
        /// What to say.
        #[serde(alias = "why")]
        message: Text<'a>,
        /// Where to read on.
        url: Option<Text<'a>>,
    }
}

fact! {
    /// A step without a way back.
    Irreversible {
        /// Its name.
        name: Text<'a>,
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// Why there is no way back.
        why: Text<'a>,
        /// From which moment on.
        moment: Option<Text<'a>>,
        /// It counts only if all of these features are in use.
        #[serde(default)]
        when: Vec<Text<'a>>,
        /// It does not count if any of these features is in use.
        #[serde(default)]
        unless: Vec<Text<'a>>,
    }
}

fact! {
    /// How nodes change in a step.
    StepProcedure {
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// The procedure.
        procedure: Procedure,
        /// Why.
        why: Text<'a>,
    }
}

words! {
    /// How nodes change.
    Procedure {
        /// One after the other.
        Rolling,
        /// All are stopped first.
        StopAll,
    }
}

fact! {
    /// Work on data that a step brings.
    Migration {
        /// Its name.
        name: Text<'a>,
        /// Releases one comes from.
        from: Side<'a>,
        /// Releases one goes to.
        to: Side<'a>,
        /// When it runs.
        when: MigrationTime,
        /// What to run.
        command: Option<Text<'a>>,
        /// What it does.
        message: Text<'a>,
        /// Whether it cannot be undone.
        #[serde(default)]
        irreversible: bool,
    }
}

words! {
    /// When a migration runs.
    MigrationTime {
        /// Before the first node changes.
        Before,
        /// While all nodes are stopped.
        Stopped,
        /// After the last node changed.
        After,
    }
}

fact! {
    /// What must hold before the step after a given one.
    Gate {
        /// Its name.
        name: Text<'a>,
        /// The actions after which it is asked.
        after: Vec<Text<'a>>,
        /// The roles it is about; all if empty.
        #[serde(default)]
        roles: Vec<Text<'a>>,
        /// What to run.
        command: Text<'a>,
        /// Which part of the answer to look at.
        field: Option<Text<'a>>,
        /// What it must be.
        expect: Text<'a>,
        /// Why it matters.
        why: Text<'a>,
    }
}

fact! {
    /// Packages released together under different numbers.
    Family {
        /// Its name.
        name: Text<'a>,
        /// The package whose number the others follow.
        core: Text<'a>,
        /// The packages that follow.
        members: Vec<Text<'a>>,
        /// How numbers correspond.
        maps: Vec<FamilyMap<'a>>,
        /// Where they do not.
        #[serde(default)]
        exceptions: Vec<FamilyException<'a>>,
    }
}

plain! {
    /// A correspondence of numbers.
    FamilyMap {
        /// Such as `1.x.y`.
        core: Text<'a>,
        /// Such as `0.{x+16}.y`.
        member: Text<'a>,
    }
}

fact! {
    /// Releases off their family's mapping.
    FamilyException {
        /// The member; all if left out.
        member: Option<Text<'a>>,
        /// Its releases, or the core's if no member is named.
        releases: Text<'a>,
        /// Why.
        why: Text<'a>,
    }
}

fact! {
    /// How long the lines of a package live.
    Lifecycle {
        /// The package.
        package: Text<'a>,
        /// What a line is.
        line: Unit,
        /// Lines with long-term support.
        #[serde(default)]
        lts: Vec<Text<'a>>,
        /// The policy.
        #[serde(default)]
        rules: Vec<PhaseRule<'a>>,
        /// Stated dates.
        #[serde(default)]
        windows: Vec<Window<'a>>,
    }
}

fact! {
    /// A rule of a release policy.
    PhaseRule {
        /// The phase it gives.
        phase: Text<'a>,
        /// The lines it is about.
        applies_to: LineClass,
        /// Years after the line's first final release.
        years: Option<u16>,
        /// Months after the line's first final release.
        months: Option<u16>,
        /// `superseded`: until the next line comes out.
        until: Option<Superseded>,
    }
}

words! {
    /// Lines a rule is about.
    LineClass {
        /// Every line.
        All,
        /// Lines with long-term support.
        Lts,
        /// Lines without.
        NotLts,
        /// The newest minor line of each major line.
        LatestMinorOfMajor,
    }
}

words! {
    /// The end of a phase by the next line.
    Superseded {
        /// The next line came out.
        Superseded,
    }
}

fact! {
    /// Stated dates of one line.
    Window {
        /// The line.
        line: Text<'a>,
        /// The phase.
        phase: Text<'a>,
        /// First day.
        from: Option<Text<'a>>,
        /// Last day, or month.
        until: Option<Text<'a>>,
    }
}
