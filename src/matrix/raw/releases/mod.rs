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
use serde_json::value::RawValue;

use crate::catalog::{Channel, NeedKind};
use crate::finding::Evidence;
use crate::matrix::diagnose::{Nest, Sink};
use crate::matrix::field::{
    Field, Meta, Object, Standing, Stated, Visit, fact, object, stated, with_meta,
};
use crate::matrix::text::{Entries, PerPackage, Short, Text};

/// Declares a release twice over from one list: as an object like all others, and as what is kept of it,
/// with the visitor that reads the one into the other. `own` is kept in the lists, the rest apart.
macro_rules! release {
    ($(#[$doc:meta])* $name:ident {
        $(#[$version_meta:meta])* own version: $version_type:ty,
        $(#[$date_meta:meta])* own date: $date_type:ty,
        $(#[$needs_meta:meta])* own needs: $needs_type:ty,
        $($(#[$field_meta:meta])* $field:ident: $type:ty,)*
    }) => {
        object! {
            $(#[$doc])*
            $name {
                $(#[$version_meta])* version: $version_type,
                $(#[$date_meta])* date: $date_type,
                $(#[$needs_meta])* needs: $needs_type,
                $($(#[$field_meta])* $field: $type,)*
            }
        }

        /// What few releases state.
        #[derive(Debug, Clone, Default)]
        pub(in crate::matrix) struct ReleaseRest<'a> {
            $(pub(in crate::matrix) $field: $type,)*
        }

        /// The keys of a release, in the order of [`ReleaseKey`].
        const KEYS: &[&str] = &["version", "date", "needs", $(stringify!($field)),*];

        #[derive(Clone, Copy, Deserialize)]
        #[serde(field_identifier)]
        #[expect(non_camel_case_types, reason = "the keys are the names of the fields")]
        enum ReleaseKey { version, date, needs, $($field),* }

        impl<'a> ReleaseList<'a> {
            fn push<E: Error>(&mut self, release: $name<'a>) -> Result<(), E> {
                let needs = self.add_needs(release.needs)?;
                let rest = ReleaseRest { $($field: release.$field),* };
                let $name { version, date, .. } = release;
                (self.some_named, self.some_rest) = (true, true);
                self.list.push(ListedRelease { version, date, needs, rest: Some(Box::new(rest)) });
                Ok(())
            }
        }

        impl<'de> OneRelease<'_, 'de> {
            /// Reads the value of a key that few releases have.
            fn read_rest<A: MapAccess<'de>>(
                key: ReleaseKey,
                rest: &mut ReleaseRest<'de>,
                map: &mut A,
            ) -> Result<(), A::Error> {
                match key {
                    $(ReleaseKey::$field => rest.$field = map.next_value()?,)*
                    ReleaseKey::version | ReleaseKey::date | ReleaseKey::needs => {}
                }
                Ok(())
            }
        }
    };
}

with_meta! { release!
    /// One release.
    Release {
        /// Its version in the package's scheme.
        own version: Text<'a>,
        /// The day it came out.
        own date: Option<Text<'a>>,
        /// What it needs, by package. An empty object states that it needs nothing.
        own needs: Option<Entries<'a, Short<'a, InlineNeed<'a>>>>,
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
        /// The interface levels it was built for.
        #[serde(default)]
        uses: PerPackage<'a>,
        /// Details for display.
        #[serde(default)]
        attributes: PerPackage<'a>,
        /// The platforms that it is built for.
        built_for: Option<Vec<Text<'a>>>,
        /// The platforms that it is not built for; it is built for all others.
        not_built_for: Option<Vec<Text<'a>>>,
    }
}

stated!(ReleaseRest);

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

/// A package that one release needs, and how. Both forms are the same to their users; the first is what
/// nearly all are, and takes less room.
#[derive(Debug, Clone)]
pub(in crate::matrix) enum ListedNeed<'a> {
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
    pub(in crate::matrix) fn name(&self) -> &str {
        match self {
            Self::Plain(target, _) => target,
            Self::Full(full) => &full.0,
        }
    }

    /// Returns the object, if it is written as one.
    pub(in crate::matrix) fn full(&self) -> Option<&InlineNeed<'a>> {
        match self {
            Self::Plain(..) => None,
            Self::Full(full) => match &full.1 {
                Short::Text(_) => None,
                Short::Full(full) => Some(full),
            },
        }
    }

    /// Returns the publisher's own words, where they differ.
    pub(in crate::matrix) fn declared(&self) -> Option<&str> {
        self.full()?.declared.as_deref()
    }

    /// Returns the range as it reads.
    pub(in crate::matrix) fn range_text(&self) -> &str {
        match self {
            Self::Plain(_, range) => range,
            Self::Full(full) => match &full.1 {
                Short::Text(range) => range,
                Short::Full(full) => &full.range,
            },
        }
    }

    /// Returns the range with its place.
    pub(in crate::matrix) fn range(&self) -> Text<'a> {
        match self {
            Self::Plain(_, range) => Text(Cow::Borrowed(range)),
            Self::Full(full) => match &full.1 {
                Short::Text(range) => range.clone(),
                Short::Full(full) => full.range.clone(),
            },
        }
    }

    /// Returns the name of the package with its place.
    pub(in crate::matrix) fn target(&self) -> Text<'a> {
        match self {
            Self::Plain(target, _) => Text(Cow::Borrowed(target)),
            Self::Full(full) => full.0.clone(),
        }
    }
}

/// The releases of a package, in file order.
#[derive(Debug, Clone, Default)]
pub(in crate::matrix) struct ReleaseList<'a> {
    list: Vec<ListedRelease<'a>>,
    /// The needs of all releases.
    needs: Vec<ListedNeed<'a>>,
    /// True if some need has an id or replaces some, and whether some release states more than most.
    some_named: bool,
    some_rest: bool,
}

/// One release.
#[derive(Debug, Clone)]
pub(in crate::matrix) struct ListedRelease<'a> {
    pub(in crate::matrix) version: Text<'a>,
    pub(in crate::matrix) date: Option<Text<'a>>,
    /// Which of the needs are its own, or [`UNSAID`].
    needs: Range<u32>,
    rest: Option<Box<ReleaseRest<'a>>>,
}

/// The needs of a release that does not say what it needs: a range that no list has.
const UNSAID: Range<u32> = u32::MAX..u32::MAX;

impl<'a> ReleaseList<'a> {
    /// Returns the releases.
    pub(in crate::matrix) fn iter(&self) -> std::slice::Iter<'_, ListedRelease<'a>> {
        self.list.iter()
    }

    /// Returns what a release of this list needs, if it says.
    pub(in crate::matrix) fn needs(
        &self,
        release: &ListedRelease<'a>,
    ) -> Option<&[ListedNeed<'a>]> {
        let Range { start, end } = release.needs;
        self.needs.get(start as usize..end as usize)
    }

    /// Returns the releases that state more than most.
    pub(in crate::matrix) fn with_rest(
        &self,
    ) -> impl Iterator<Item = (&ListedRelease<'a>, &ReleaseRest<'a>)> {
        let list = if self.some_rest { &self.list[..] } else { &[] };
        list.iter().filter_map(|release| Some((release, release.rest()?)))
    }

    /// Returns the needs of all releases that are written as objects, if an id stands in one.
    pub(in crate::matrix) fn named_needs(&self) -> impl Iterator<Item = &InlineNeed<'a>> {
        let needs = if self.some_named { &self.needs[..] } else { &[] };
        needs.iter().filter_map(ListedNeed::full)
    }

    /// Adds the needs of a release to those of all.
    fn add_needs<E: Error>(
        &mut self,
        needs: Option<Entries<'a, Short<'a, InlineNeed<'a>>>>,
    ) -> Result<Range<u32>, E> {
        let Some(needs) = needs else { return Ok(UNSAID) };
        let first = self.needs.len();
        self.needs.extend(needs.0.into_iter().map(|(name, need)| match need {
            Short::Text(text) => ListedNeed::new(name, Short::Text(text)),
            Short::Full(full) => ListedNeed::new(name, Short::Full(Box::new(full))),
        }));
        self.needs_since(first)
    }

    fn needs_since<E: Error>(&self, first: usize) -> Result<Range<u32>, E> {
        match (u32::try_from(first), u32::try_from(self.needs.len())) {
            (Ok(first), Ok(last)) => Ok(first..last),
            _ => Err(E::custom("there are too many needs")),
        }
    }
}

impl<'s, 'a> IntoIterator for &'s ReleaseList<'a> {
    type Item = &'s ListedRelease<'a>;
    type IntoIter = std::slice::Iter<'s, ListedRelease<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> ListedRelease<'a> {
    /// Returns what few releases state, if this one does.
    pub(in crate::matrix) fn rest(&self) -> Option<&ReleaseRest<'a>> {
        self.rest.as_deref()
    }
}

impl<'a> Stated<'a> for ListedRelease<'a> {
    fn meta(&self) -> Meta<'_, 'a> {
        self.rest().map_or_else(Meta::default, Stated::meta)
    }
}

impl InlineNeed<'_> {
    /// Whether it can be replaced by its id, or tries to replace.
    fn is_named(&self) -> bool {
        self.id.is_some() || !self.replaces.is_empty()
    }
}

impl ReleaseRest<'_> {
    /// Whether it says something of the release, and not only where that is known from.
    pub(in crate::matrix) fn has_details(&self) -> bool {
        !self.alias.is_empty()
            || self.label.is_some()
            || self.withdrawn.is_some()
            || self.unreadable.is_some()
            || !self.attributes.0.is_empty()
    }
}

impl<'a> ReleaseList<'a> {
    /// Reads each text as a release and keeps those that are one.
    pub(in crate::matrix) fn sound(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut releases = Self::default();
        for release in texts.filter_map(|text| serde_json::from_str(text).ok()) {
            // It does not fail, for the file size limit leaves no room for that many needs.
            drop(releases.push::<serde_json::Error>(release));
        }
        releases
    }
}

impl<'a> Field<'a> for ReleaseList<'a> {
    const NEST: &'static Nest = &Nest::Each(&Nest::Object(Release::SHAPE));

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn read(sink: &mut Sink<'a, '_>, value: &'a RawValue) -> Option<Self> {
        let list: Vec<&'a RawValue> = sink.scalar(value)?;
        Some(Self::sound(list.iter().map(|release| release.get())))
    }

    fn visit<'r>(&'r self, _: Standing, visit: Visit<'_, 'r, 'a>) {
        self.with_rest().for_each(|(release, _)| visit(release.meta(), Standing::Pillar));
        self.named_needs().for_each(|need| visit(need.meta(), Standing::Pillar));
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ReleaseList<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ReleasesVisitor)
    }
}

struct ReleasesVisitor;

impl<'de> Visitor<'de> for ReleasesVisitor {
    type Value = ReleaseList<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut releases = ReleaseList::default();
        while seq.next_element_seed(OneRelease(&mut releases))?.is_some() {}
        // They stay until all is lowered, and lists grow by doubling.
        releases.list.shrink_to_fit();
        releases.needs.shrink_to_fit();
        Ok(releases)
    }
}

/// Reads one release to the end of a list.
struct OneRelease<'v, 'a>(&'v mut ReleaseList<'a>);

impl<'de> DeserializeSeed<'de> for OneRelease<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_struct("Release", KEYS, self)
    }
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
        let mut rest: Option<Box<ReleaseRest<'de>>> = None;
        let mut seen = 0_u32;
        while let Some(key) = map.next_key::<ReleaseKey>()? {
            let bit = 1 << key as u32;
            if seen & bit != 0 {
                return Err(A::Error::duplicate_field(KEYS[key as usize]));
            }
            seen |= bit;
            #[expect(clippy::wildcard_enum_match_arm, reason = "every other key is of the rest")]
            match key {
                ReleaseKey::version => version = Some(map.next_value()?),
                ReleaseKey::date => date = map.next_value()?,
                ReleaseKey::needs => needs = map.next_value_seed(Needs(self.0))?,
                key => Self::read_rest(key, rest.get_or_insert_default(), &mut map)?,
            }
        }
        let version = version.ok_or_else(|| A::Error::missing_field(KEYS[0]))?;
        self.0.some_rest |= rest.is_some();
        self.0.list.push(ListedRelease { version, date, needs, rest });
        Ok(())
    }
}

/// Reads the needs of one release to the end of all.
struct Needs<'v, 'a>(&'v mut ReleaseList<'a>);

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
mod tests;
