//! The matrix format as anyone would write it down for `serde_json`: borrowed text, one struct per object.
//! Lists that hold little text in a big matrix are skipped, which makes this parse the faster.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

#[derive(Deserialize)]
#[expect(dead_code, reason = "only parsing is measured")]
pub(crate) struct Matrix<'a> {
    format: u64,
    name: &'a str,
    title: Option<&'a str>,
    as_of: Option<&'a str>,
    extends: Option<&'a str>,
    sources: Option<IgnoredAny>,
    #[serde(borrow, default)]
    packages: Vec<Package<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only parsing is measured")]
struct Package<'a> {
    name: &'a str,
    title: Option<&'a str>,
    kind: Option<&'a str>,
    core: Option<&'a str>,
    scheme: Option<IgnoredAny>,
    ranges: Option<&'a str>,
    listing: Option<&'a str>,
    #[serde(borrow, default)]
    releases: Vec<Release<'a>>,
    source: Option<&'a str>,
    at: Option<&'a str>,
    evidence: Option<&'a str>,
    note: Option<&'a str>,
    id: Option<&'a str>,
    #[serde(borrow, default)]
    replaces: Vec<&'a str>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only parsing is measured")]
struct Release<'a> {
    version: &'a str,
    date: Option<&'a str>,
    #[serde(borrow, default)]
    alias: Vec<&'a str>,
    label: Option<&'a str>,
    channel: Option<&'a str>,
    withdrawn: Option<&'a str>,
    unreadable: Option<&'a str>,
    #[serde(borrow)]
    needs: Option<Pairs<'a, Need<'a>>>,
    #[serde(borrow, default)]
    uses: Pairs<'a, &'a str>,
    #[serde(borrow, default)]
    attributes: Pairs<'a, &'a str>,
    source: Option<&'a str>,
    at: Option<&'a str>,
    evidence: Option<&'a str>,
    note: Option<&'a str>,
    id: Option<&'a str>,
    #[serde(borrow, default)]
    replaces: Vec<&'a str>,
}

/// A range, or an object that has one.
enum Need<'a> {
    #[expect(dead_code, reason = "only parsing is measured")]
    Range(&'a str),
    #[expect(dead_code, reason = "only parsing is measured")]
    Full(Box<FullNeed<'a>>),
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only parsing is measured")]
struct FullNeed<'a> {
    range: &'a str,
    declared: Option<&'a str>,
    kind: Option<&'a str>,
    source: Option<&'a str>,
    at: Option<&'a str>,
    evidence: Option<&'a str>,
    note: Option<&'a str>,
}

struct NeedVisitor;

impl<'de> Visitor<'de> for NeedVisitor {
    type Value = Need<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a need")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Need::Range(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let full = FullNeed::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(Need::Full(Box::new(full)))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Need<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NeedVisitor)
    }
}

/// An object as a list of its entries, which is the cheapest container.
struct Pairs<'a, V>(#[expect(dead_code, reason = "only parsing is measured")] Vec<(&'a str, V)>);

impl<V> Default for Pairs<'_, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

struct PairsVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for PairsVisitor<V> {
    type Value = Pairs<'de, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

impl<'de: 'a, 'a, V: Deserialize<'de>> Deserialize<'de> for Pairs<'a, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor(PhantomData))
    }
}
