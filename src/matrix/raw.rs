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

/// An object of the format whose shape can be explained key by key.
pub(crate) trait Shape {
    const KIND: &'static Kind;
}

/// What is known of an object's shape without its type.
pub(crate) struct Kind {
    /// Tries a text of any lifetime.
    pub(crate) check: fn(&str) -> Result<(), serde_json::Error>,
    /// The keys that hold further objects.
    pub(crate) nests: &'static [(&'static str, Nest)],
}

/// How a key holds further objects. The text forms also allow a string in an object's place.
#[derive(Clone, Copy)]
pub(crate) enum Nest {
    One(&'static Kind),
    OneOrText(&'static Kind),
    Each(&'static Kind),
    EachOrText(&'static Kind),
    NamedOrText(&'static Kind),
}

/// Declares an object without fact keys. `nests` names the keys that hold further objects.
macro_rules! plain {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }
     $(nests { $($key:literal $how:ident $nested:ident,)* })?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
        pub(crate) struct $name<'a> {
            $($(#[$field_meta])* pub(crate) $field: $type,)*
        }

        impl Shape for $name<'_> {
            const KIND: &'static Kind = &Kind {
                check: |text| serde_json::from_str::<$name<'_>>(text).map(drop),
                nests: &[$($(($key, Nest::$how(<$nested<'static> as Shape>::KIND)),)*)?],
            };
        }
    };
}

/// Declares an object that states a fact: the keys of [`Meta`] and its own.
macro_rules! fact {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }
     $(nests $nests:tt)?) => {
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
            $(nests $nests)?
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

mod policies;
mod releases;
mod surfaces;
mod trains;

pub(crate) use policies::{
    Blocked, Cadence, Downgrade, EdgeItem, Family, FamilyException, FamilyMap, Gate, Irreversible,
    Lifecycle, LineClass, Migration, MigrationTime, PhaseRule, Procedure, Side, StepLimit,
    StepProcedure, Stop, Superseded, Switch, Unit, Upgrades, Weekday, Window,
};
pub(crate) use releases::{Listed, ListedNeed, Releases, Rest};
pub(crate) use surfaces::{
    Applies, Binds, Bites, Contract, Exception, Feature, GuardedLevel, Interface, InterfaceNeed,
    Offer, Probe, Promise, Relation, Reliance, Role, Severity, SkewRule, Stability, Use, Verdict,
    Within,
};
pub(crate) use trains::{MergeRow, TargetRow, Train, TrainChange, TrainCycle, TrainRelease};

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
        /// Which promises of their core plugins rely on.
        #[serde(default)]
        relies: Vec<Reliance<'a>>,
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
        /// Release cycles: which branch a change goes to, and what ships.
        #[serde(default)]
        trains: Vec<Train<'a>>,
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
        /// For a plugin: the package it extends; for a bundle: the core in it.
        core: Option<Text<'a>>,
        /// How its versions are read.
        scheme: Option<Short<'a, SchemeChange<'a>>>,
        /// How a bare version is read in its requirements.
        ranges: Option<Ranges>,
        /// Whether `releases` names all that exist.
        listing: Option<Listing>,
        /// Where the list begins, if older releases are left out of it.
        listed_from: Option<Text<'a>>,
        /// What it is called elsewhere: package URLs without versions, by which inventories are read.
        #[serde(default)]
        known_as: Vec<Text<'a>>,
        /// How its program calls itself where loaded modules are listed.
        #[serde(default)]
        reported_as: Vec<ReportedAs<'a>>,
        /// Its releases.
        #[serde(default)]
        #[cfg_attr(test, schemars(with = "Vec<Release<'static>>"))]
        releases: Releases<'a>,
    }
    nests {
        "scheme" OneOrText SchemeChange,
        "reported_as" Each ReportedAs,
        "releases" Each Release,
    }
}

plain! {
    /// A name in a list of loaded modules, and how the number beside it is made.
    ReportedAs {
        /// The name.
        module: Text<'a>,
        /// The releases that make their number this way; all if left out.
        releases: Option<Text<'a>>,
        /// How the number is made of the version; left out if there is no rule.
        number: Option<VersionNumber>,
    }
}

/// A version as one number: the sum of its parts, each times what stands here.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct VersionNumber {
    /// The factor of the first part.
    pub(crate) major: u64,
    /// The factor of the second part.
    pub(crate) minor: u64,
    /// The factor of the third part.
    pub(crate) patch: u64,
    /// What is added at the end.
    #[serde(default)]
    pub(crate) plus: u64,
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
        /// A core and parts of fixed releases that are had as a whole, such as a container image.
        Bundle,
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
    nests {
        "needs" NamedOrText InlineNeed,
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
