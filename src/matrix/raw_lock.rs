//! The lock file as it is written; `report/lock` writes the same keys.

use serde::Deserialize;

use super::raw::{Evidence, Kind, NeedKind, Nest, Shape};
use super::text::{Entries, Text};

/// A set of releases that was chosen, and why.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(crate) struct Lock<'a> {
    /// Version of this file format.
    pub(crate) format: u64,
    /// `lock`.
    pub(crate) kind: Text<'a>,
    /// What was asked for.
    pub(crate) request: Request<'a>,
    /// The matrices that the set was chosen from, in the order in which they were loaded.
    pub(crate) matrices: Vec<Matrix<'a>>,
    /// The set.
    pub(crate) packages: Vec<Package<'a>>,
}

/// What was asked for.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(crate) struct Request<'a> {
    /// SPECs as they were typed, most important first.
    pub(crate) specs: Vec<Text<'a>>,
    /// Which of two valid releases is better.
    pub(crate) prefer: Text<'a>,
    /// The day that was judged by, if one mattered.
    pub(crate) as_of: Option<Text<'a>>,
    /// What ran already: version by package.
    #[serde(default)]
    pub(crate) installed: Entries<'a, Text<'a>>,
}

impl Shape for Request<'_> {
    const KIND: &'static Kind =
        &Kind { check: |text| serde_json::from_str::<Request<'_>>(text).map(drop), nests: &[] };
}

/// A matrix file as it was loaded.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(crate) struct Matrix<'a> {
    /// The name that it gives itself.
    pub(crate) name: Text<'a>,
    /// The day its facts were gathered.
    pub(crate) as_of: Option<Text<'a>>,
    /// SHA-256 of its bytes, as 64 lower-case hexadecimal digits.
    pub(crate) sha256: Text<'a>,
}

impl Shape for Matrix<'_> {
    const KIND: &'static Kind =
        &Kind { check: |text| serde_json::from_str::<Matrix<'_>>(text).map(drop), nests: &[] };
}

/// One release of the set.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(crate) struct Package<'a> {
    /// Its package.
    pub(crate) name: Text<'a>,
    /// Its version.
    pub(crate) version: Text<'a>,
    /// Why it is there.
    pub(crate) reason: Reason<'a>,
    /// What the releases of the set ask of it.
    #[serde(default)]
    pub(crate) bound_by: Vec<Constraint<'a>>,
}

impl Shape for Package<'_> {
    const KIND: &'static Kind = &Kind {
        check: |text| serde_json::from_str::<Package<'_>>(text).map(drop),
        nests: &[("reason", Nest::One(Reason::KIND)), ("bound_by", Nest::Each(Constraint::KIND))],
    };
}

/// Why a release is in the set.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(crate) struct Reason<'a> {
    /// The SPEC that asks for it.
    pub(crate) asked: Option<Text<'a>>,
    /// The packages of the set that need it.
    #[serde(default)]
    pub(crate) needed_by: Vec<Text<'a>>,
}

impl Shape for Reason<'_> {
    const KIND: &'static Kind =
        &Kind { check: |text| serde_json::from_str::<Reason<'_>>(text).map(drop), nests: &[] };
}

/// What one release of the set asks of another.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub(crate) struct Constraint<'a> {
    /// The package that asks.
    pub(crate) package: Text<'a>,
    /// How it binds.
    pub(crate) kind: NeedKind,
    /// What is asked.
    pub(crate) asks: Text<'a>,
    /// The publisher's own words, where they differ.
    pub(crate) declared: Option<Text<'a>>,
    /// How that is known.
    pub(crate) evidence: Evidence,
    /// Where from.
    pub(crate) source: Text<'a>,
    /// The address.
    pub(crate) url: Option<Text<'a>>,
}

impl Shape for Constraint<'_> {
    const KIND: &'static Kind =
        &Kind { check: |text| serde_json::from_str::<Constraint<'_>>(text).map(drop), nests: &[] };
}
