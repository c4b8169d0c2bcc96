//! The matrix file as it is written: one Rust type per JSON object, nothing checked yet.
//!
//! Through its documentation comments this is the published schema, too.

use serde::Deserialize;

use super::policies::{Family, Lifecycle, Upgrades};
use super::releases::ReleaseList;
use super::surfaces::{
    Contract, Feature, Interface, InterfaceNeed, Offer, Relation, Reliance, Role, SkewRule,
};
use super::trains::Train;
use crate::catalog::{Listing, NeedKind, PackageKind};
use crate::finding::Evidence;
use crate::matrix::field::{Items, fact, leaves, object, stated, with_meta};
use crate::matrix::text::{Entries, Short, Text};
use crate::matrix::words::BareReading;

object! {
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
        requirements: Items<Requirement<'a>>,
        /// Things in use that change what is compatible.
        #[serde(default)]
        features: Vec<Feature<'a>>,
        /// What the project promises.
        #[serde(default)]
        contracts: Vec<Contract<'a>>,
        /// Which promises of their core plugins rely on.
        #[serde(default)]
        relies: Items<Reliance<'a>>,
        /// Named surfaces with levels.
        #[serde(default)]
        interfaces: Vec<Interface<'a>>,
        /// Which levels releases write and read.
        #[serde(default)]
        offers: Items<Offer<'a>>,
        /// Which levels plugin releases were built for.
        #[serde(default)]
        needs: Items<InterfaceNeed<'a>>,
        /// Parts that nodes play.
        #[serde(default)]
        roles: Vec<Role<'a>>,
        /// Who talks to whom.
        #[serde(default)]
        relations: Vec<Relation<'a>>,
        /// How far two sides may be apart.
        #[serde(default)]
        skew: Items<SkewRule<'a>>,
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
        /// The schema of this file, for editors.
        _schema = "$schema": Option<Text<'a>>,
    }
}

object! {
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
        ranges: Option<BareReading>,
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
        #[cfg_attr(test, schemars(with = "Vec<super::releases::Release<'static>>"))]
        releases: ReleaseList<'a>,
    }
    salvaged true
}

object! {
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
pub(in crate::matrix) struct VersionNumber {
    /// The factor of the first part.
    pub(in crate::matrix) major: u64,
    /// The factor of the second part.
    pub(in crate::matrix) minor: u64,
    /// The factor of the third part.
    pub(in crate::matrix) patch: u64,
    /// What is added at the end.
    #[serde(default)]
    pub(in crate::matrix) plus: u64,
}

leaves!(VersionNumber);

object! {
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
