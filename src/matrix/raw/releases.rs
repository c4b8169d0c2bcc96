//! The releases of a package, in two lists instead of a tree.
//!
//! Most of a big matrix is releases with a version, a date and a few needs. [`Release`] says what may
//! stand there, but a value of it is large and its needs are an allocation each. So a package's releases
//! are read into one list, the needs of all of them into another, and what few releases state is kept
//! apart. What is accepted and refused is the same as if [`Release`] were read.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Channel, Evidence, InlineNeed, Meta, PerPackage, Release, Stated};
use crate::matrix::text::{Short, Text};

/// A package that one release needs, and how. Both forms are the same to their users; the first is what
/// nearly all are, and takes less room.
#[derive(Debug, Clone)]
pub(crate) enum ListedNeed<'a> {
    /// Two texts that stand in the file as they read: a package and a range.
    Plain(&'a str, &'a str),
    /// All else.
    Full(Box<(Text<'a>, Short<'a, InlineNeed<'a>>)>),
}

impl<'a> ListedNeed<'a> {
    fn new(target: Text<'a>, need: Short<'a, Box<InlineNeed<'a>>>) -> Self {
        match (target, need) {
            (Text(Cow::Borrowed(target)), Short::Text(Text(Cow::Borrowed(range)))) => {
                Self::Plain(target, range)
            }
            (target, Short::Text(range)) => Self::Full(Box::new((target, Short::Text(range)))),
            (target, Short::Full(full)) => Self::Full(Box::new((target, Short::Full(*full)))),
        }
    }

    /// Returns the name of the package as it reads.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Plain(target, _) => target,
            Self::Full(full) => &full.0,
        }
    }

    /// Returns the object, if it is written as one.
    pub(crate) fn full(&self) -> Option<&InlineNeed<'a>> {
        match self {
            Self::Plain(..) => None,
            Self::Full(full) => match &full.1 {
                Short::Text(_) => None,
                Short::Full(full) => Some(full),
            },
        }
    }

    /// Returns the publisher's own words, where they differ.
    pub(crate) fn declared(&self) -> Option<&str> {
        self.full()?.declared.as_deref()
    }

    /// Returns the range as it reads.
    pub(crate) fn range_text(&self) -> &str {
        match self {
            Self::Plain(_, range) => range,
            Self::Full(full) => match &full.1 {
                Short::Text(range) => range,
                Short::Full(full) => &full.range,
            },
        }
    }

    /// Returns the range with its place.
    pub(crate) fn range(&self) -> Text<'a> {
        match self {
            Self::Plain(_, range) => Text(Cow::Borrowed(range)),
            Self::Full(full) => match &full.1 {
                Short::Text(range) => range.clone(),
                Short::Full(full) => full.range.clone(),
            },
        }
    }

    /// Returns the name of the package with its place.
    pub(crate) fn target(&self) -> Text<'a> {
        match self {
            Self::Plain(target, _) => Text(Cow::Borrowed(target)),
            Self::Full(full) => full.0.clone(),
        }
    }
}

/// The releases of a package, in file order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Releases<'a> {
    list: Vec<Listed<'a>>,
    /// The needs of all releases.
    needs: Vec<ListedNeed<'a>>,
    /// Whether some need has an id or replaces some, and whether some release states more than most.
    some_named: bool,
    some_rest: bool,
}

/// One release.
#[derive(Debug, Clone)]
pub(crate) struct Listed<'a> {
    pub(crate) version: Text<'a>,
    pub(crate) date: Option<Text<'a>>,
    /// Which of the needs are its own, or [`UNSAID`].
    needs: Range<u32>,
    rest: Option<Box<Rest<'a>>>,
}

/// The needs of a release that does not say what it needs: a range that no list has.
const UNSAID: Range<u32> = u32::MAX..u32::MAX;

/// What few releases state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rest<'a> {
    pub(crate) alias: Vec<Text<'a>>,
    pub(crate) label: Option<Text<'a>>,
    pub(crate) channel: Option<Channel>,
    pub(crate) withdrawn: Option<Text<'a>>,
    pub(crate) unreadable: Option<Text<'a>>,
    pub(crate) uses: PerPackage<'a>,
    pub(crate) attributes: PerPackage<'a>,
    source: Option<Text<'a>>,
    at: Option<Text<'a>>,
    evidence: Option<Evidence>,
    note: Option<Text<'a>>,
    id: Option<Text<'a>>,
    replaces: Vec<Text<'a>>,
}

impl<'a> Releases<'a> {
    /// Returns the releases.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Listed<'a>> {
        self.list.iter()
    }

    /// Returns what a release of this list needs, if it says.
    pub(crate) fn needs(&self, release: &Listed<'a>) -> Option<&[ListedNeed<'a>]> {
        let Range { start, end } = release.needs;
        self.needs.get(start as usize..end as usize)
    }

    /// Returns the releases that state more than most.
    pub(crate) fn with_rest(&self) -> impl Iterator<Item = (&Listed<'a>, &Rest<'a>)> {
        let list = if self.some_rest { &self.list[..] } else { &[] };
        list.iter().filter_map(|release| Some((release, release.rest()?)))
    }

    /// Returns the needs of all releases that are written as objects, if an id stands in one.
    pub(crate) fn named_needs(&self) -> impl Iterator<Item = &InlineNeed<'a>> {
        let needs = if self.some_named { &self.needs[..] } else { &[] };
        needs.iter().filter_map(ListedNeed::full)
    }

    fn push<E: Error>(&mut self, release: Release<'a>) -> Result<(), E> {
        let first = self.needs.len();
        let needs = match release.needs {
            Some(needs) => {
                self.needs.extend(needs.0.into_iter().map(|(name, need)| match need {
                    Short::Text(text) => ListedNeed::new(name, Short::Text(text)),
                    Short::Full(full) => ListedNeed::new(name, Short::Full(Box::new(full))),
                }));
                self.needs_since(first)?
            }
            None => UNSAID,
        };
        let rest = Rest {
            alias: release.alias,
            label: release.label,
            channel: release.channel,
            withdrawn: release.withdrawn,
            unreadable: release.unreadable,
            uses: release.uses,
            attributes: release.attributes,
            source: release.source,
            at: release.at,
            evidence: release.evidence,
            note: release.note,
            id: release.id,
            replaces: release.replaces,
        };
        let Release { version, date, .. } = release;
        (self.some_named, self.some_rest) = (true, true);
        self.list.push(Listed { version, date, needs, rest: Some(Box::new(rest)) });
        Ok(())
    }

    fn needs_since<E: Error>(&self, first: usize) -> Result<Range<u32>, E> {
        match (u32::try_from(first), u32::try_from(self.needs.len())) {
            (Ok(first), Ok(last)) => Ok(first..last),
            _ => Err(E::custom("there are too many needs")),
        }
    }
}

impl<'s, 'a> IntoIterator for &'s Releases<'a> {
    type Item = &'s Listed<'a>;
    type IntoIter = std::slice::Iter<'s, Listed<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> Listed<'a> {
    /// Returns what few releases state, if this one does.
    pub(crate) fn rest(&self) -> Option<&Rest<'a>> {
        self.rest.as_deref()
    }
}

impl<'a> Stated<'a> for Listed<'a> {
    fn meta(&self) -> Meta<'_, 'a> {
        match &self.rest {
            Some(rest) => Meta {
                source: rest.source.as_ref(),
                at: rest.at.as_ref(),
                evidence: rest.evidence,
                note: rest.note.as_ref(),
                id: rest.id.as_ref(),
                replaces: &rest.replaces,
            },
            None => {
                Meta { source: None, at: None, evidence: None, note: None, id: None, replaces: &[] }
            }
        }
    }
}

impl InlineNeed<'_> {
    /// Whether it can be replaced by its id, or tries to replace.
    fn is_named(&self) -> bool {
        self.id.is_some() || !self.replaces.is_empty()
    }
}

impl Rest<'_> {
    /// Whether it says something of the release, and not only where that is known from.
    pub(crate) fn has_details(&self) -> bool {
        !self.alias.is_empty()
            || self.label.is_some()
            || self.withdrawn.is_some()
            || self.unreadable.is_some()
            || !self.attributes.0.is_empty()
    }
}

impl<'a> Releases<'a> {
    /// Reads each text as a release and keeps those that are one.
    pub(crate) fn sound(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut releases = Self::default();
        for release in texts.filter_map(|text| serde_json::from_str(text).ok()) {
            // It does not fail, for the file size limit leaves no room for that many needs.
            drop(releases.push::<serde_json::Error>(release));
        }
        releases
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Releases<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ReleasesVisitor)
    }
}

struct ReleasesVisitor;

impl<'de> Visitor<'de> for ReleasesVisitor {
    type Value = Releases<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut releases = Releases::default();
        while seq.next_element_seed(OneRelease(&mut releases))?.is_some() {}
        // They stay until all is lowered, and lists grow by doubling.
        releases.list.shrink_to_fit();
        releases.needs.shrink_to_fit();
        Ok(releases)
    }
}

/// Reads one release to the end of a list.
struct OneRelease<'v, 'a>(&'v mut Releases<'a>);

impl<'de> DeserializeSeed<'de> for OneRelease<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_struct("Release", KEYS, self)
    }
}

/// The keys of a release, in the order of [`Key`].
const KEYS: &[&str] = &[
    "version",
    "date",
    "alias",
    "label",
    "channel",
    "withdrawn",
    "unreadable",
    "needs",
    "uses",
    "attributes",
    "source",
    "at",
    "evidence",
    "note",
    "id",
    "replaces",
];

#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Version,
    Date,
    Alias,
    Label,
    Channel,
    Withdrawn,
    Unreadable,
    Needs,
    Uses,
    Attributes,
    Source,
    At,
    Evidence,
    Note,
    Id,
    Replaces,
}

impl<'de> Visitor<'de> for OneRelease<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("struct Release")
    }

    /// A struct may also be a list of its values.
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        let release = Release::deserialize(SeqAccessDeserializer::new(seq))?;
        self.0.push(release)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut version, mut date, mut needs) = (None, None, UNSAID);
        let mut rest: Option<Box<Rest<'de>>> = None;
        let mut seen = 0_u32;
        while let Some(key) = map.next_key::<Key>()? {
            let bit = 1 << key as u32;
            if seen & bit != 0 {
                return Err(A::Error::duplicate_field(KEYS[key as usize]));
            }
            seen |= bit;
            match key {
                Key::Version => version = Some(map.next_value()?),
                Key::Date => date = map.next_value()?,
                Key::Needs => needs = map.next_value_seed(Needs(self.0))?,
                Key::Alias => rest.get_or_insert_default().alias = map.next_value()?,
                Key::Label => rest.get_or_insert_default().label = map.next_value()?,
                Key::Channel => rest.get_or_insert_default().channel = map.next_value()?,
                Key::Withdrawn => rest.get_or_insert_default().withdrawn = map.next_value()?,
                Key::Unreadable => rest.get_or_insert_default().unreadable = map.next_value()?,
                Key::Uses => rest.get_or_insert_default().uses = map.next_value()?,
                Key::Attributes => rest.get_or_insert_default().attributes = map.next_value()?,
                Key::Source => rest.get_or_insert_default().source = map.next_value()?,
                Key::At => rest.get_or_insert_default().at = map.next_value()?,
                Key::Evidence => rest.get_or_insert_default().evidence = map.next_value()?,
                Key::Note => rest.get_or_insert_default().note = map.next_value()?,
                Key::Id => rest.get_or_insert_default().id = map.next_value()?,
                Key::Replaces => rest.get_or_insert_default().replaces = map.next_value()?,
            }
        }
        let version = version.ok_or_else(|| A::Error::missing_field(KEYS[0]))?;
        self.0.some_rest |= rest.is_some();
        self.0.list.push(Listed { version, date, needs, rest });
        Ok(())
    }
}

/// Reads the needs of one release to the end of all.
struct Needs<'v, 'a>(&'v mut Releases<'a>);

impl<'de> DeserializeSeed<'de> for Needs<'_, 'de> {
    type Value = Range<u32>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Needs<'_, 'de> {
    type Value = Range<u32>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(UNSAID)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(UNSAID)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let first = self.0.needs.len();
        while let Some((target, need)) = map.next_entry()? {
            let need = ListedNeed::new(target, need);
            self.0.some_named |= need.full().is_some_and(InlineNeed::is_named);
            self.0.needs.push(need);
        }
        self.0.needs_since(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is accepted, and what is said of the rest, is that of [`Release`].
    #[test]
    fn releases_are_read_as_release_is() {
        for release in [
            r#"{"version":"1"}"#,
            r#"{"version":"1","date":null,"needs":null,"label":null}"#,
            r#"{"version":"\u0031","needs":{"a":">=1","\u0062":"\u0031","c":{"range":"1","kind":"optional"}}}"#,
            r#"{"version":"1","alias":["x"],"uses":{"abi":"1"},"id":"x","replaces":["y"],"note":"z"}"#,
            r#"["1",null,[],null,null,null,null,null,{},{},null,null,null,null,null,[]]"#,
            r#"["1"]"#,
            "{}",
            "1",
            r#"{"version":1}"#,
            r#"{"version":"1","version":"2"}"#,
            r#"{"version":"1","date":null,"date":"2020-01-01"}"#,
            r#"{"version":"1","needs":{},"needs":{}}"#,
            r#"{"version":"1","need":{}}"#,
            r#"{"version":"1","needs":[]}"#,
            r#"{"version":"1","needs":{"a":1}}"#,
            r#"{"version":"1","needs":{"a":{"range":"1","rang":"2"}}}"#,
            r#"{"version":"1","alias":null}"#,
            r#"{"version":"1","channel":"stabel"}"#,
        ] {
            let text = format!("[{release}]");
            let one_by_one = serde_json::from_str::<Vec<Release<'_>>>(&text);
            let flat = serde_json::from_str::<Releases<'_>>(&text);
            match (one_by_one, flat) {
                (Ok(mut one_by_one), Ok(flat)) => {
                    let (mut again, one) = (Releases::default(), one_by_one.remove(0));
                    again.push::<serde_json::Error>(one).unwrap();
                    let (again_listed, listed) = (&again.list[0], &flat.list[0]);
                    assert_eq!(listed.version, again_listed.version, "{release}");
                    let needs = |releases: &Releases<'_>| {
                        format!("{:?}", releases.needs(&releases.list[0]))
                    };
                    assert_eq!(needs(&flat), needs(&again), "{release}");
                    let rest = listed.rest().cloned().unwrap_or_default();
                    assert_eq!(format!("{rest:?}"), format!("{:?}", again_listed.rest().unwrap()));
                }
                (Err(one_by_one), Err(flat)) => {
                    assert_eq!(flat.to_string(), one_by_one.to_string());
                }
                (one_by_one, flat) => panic!("{release}: {one_by_one:?} but {flat:?}"),
            }
        }
    }
}
