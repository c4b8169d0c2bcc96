//! Borrowed text and its place in the file.
//!
//! Owns the small serde types that keep a pointer into the input, so that a problem found long
//! after parsing can still be shown with line and caret. The pointer difference is taken only when
//! something is printed.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, Range};

use rustc_hash::FxHashSet;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// A JSON string, borrowed from the input unless it holds escapes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl Text<'_> {
    /// Returns the byte range of the text in `input`, from which it was read. A text with escapes
    /// was copied; it is looked for, and the first one that reads the same is taken.
    pub(crate) fn span(&self, input: &str) -> Option<Range<usize>> {
        match &self.0 {
            Cow::Borrowed(part) => {
                let start = (part.as_ptr() as usize).checked_sub(input.as_ptr() as usize)?;
                (start + part.len() <= input.len()).then(|| start..start + part.len())
            }
            Cow::Owned(wanted) => find_escaped(input, wanted),
        }
    }

    /// Whether the text stands in the file as it reads, so that offsets into it are offsets there.
    pub(crate) fn is_verbatim(&self) -> bool {
        matches!(self.0, Cow::Borrowed(_))
    }
}

/// Finds the first string with escapes in a JSON text that reads `wanted`.
fn find_escaped(input: &str, wanted: &str) -> Option<Range<usize>> {
    let bytes = input.as_bytes();
    let mut at = 0;
    while let Some(open) = bytes[at..].iter().position(|&byte| byte == b'"') {
        let start = at + open + 1;
        let mut end = start;
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let inner = input.get(start..end)?;
        let same = inner.contains('\\')
            && serde_json::from_str::<String>(&format!("\"{inner}\""))
                .is_ok_and(|text| text == wanted);
        if same {
            return Some(start..end);
        }
        at = end + 1;
        if at >= bytes.len() {
            return None;
        }
    }
    None
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

/// A JSON object whose keys are names that users choose, in file order, repetitions kept.
#[derive(Debug, Clone)]
pub(crate) struct Entries<'a, V>(pub(crate) Vec<(Text<'a>, V)>);

/// A number, range or text per package.
pub(crate) type PerPackage<'a> = Entries<'a, Text<'a>>;

impl<V> Default for Entries<'_, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de: 'a, 'a, V: Deserialize<'de>> Deserialize<'de> for Entries<'a, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for EntriesVisitor<V> {
    type Value = Entries<'de, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(0).min(64));
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

impl<'a, V> Entries<'a, V> {
    /// Returns the keys that stood before already.
    pub(crate) fn repeated(&self) -> Vec<&Text<'a>> {
        let positions = repeated(self.0.len(), |ix| &self.0[ix].0);
        positions.into_iter().map(|ix| &self.0[ix].0).collect()
    }
}

/// Returns the positions of keys that stood before already.
pub(crate) fn repeated<'k>(count: usize, key: impl Fn(usize) -> &'k str) -> Vec<usize> {
    if count <= 8 {
        let before = |ix: usize| (0..ix).any(|earlier| key(earlier) == key(ix));
        return (1..count).filter(|&ix| before(ix)).collect();
    }
    let mut seen = FxHashSet::default();
    (0..count).filter(|&ix| !seen.insert(key(ix))).collect()
}

/// A value that may be written as one string or as an object.
#[derive(Debug, Clone)]
pub(crate) enum Short<'a, T> {
    /// The short form.
    Text(Text<'a>),
    /// The long form.
    Full(T),
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Short<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShortVisitor(PhantomData))
    }
}

struct ShortVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ShortVisitor<T> {
    type Value = Short<'de, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an object")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Short::Text(Text(Cow::Borrowed(text))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Short::Text(Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Short::Full)
    }
}

/// What the schemas say of these types.
#[cfg(test)]
mod schema {
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::{Entries, Short, Text};

    impl JsonSchema for Text<'_> {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Text".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "string" })
        }
    }

    impl<V: JsonSchema> JsonSchema for Entries<'_, V> {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> std::borrow::Cow<'static, str> {
            format!("Entries_of_{}", V::schema_name()).into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let value = generator.subschema_for::<V>();
            json_schema!({ "type": "object", "additionalProperties": value })
        }
    }

    impl<T: JsonSchema> JsonSchema for Short<'_, T> {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> std::borrow::Cow<'static, str> {
            format!("Short_{}", T::schema_name()).into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let full = generator.subschema_for::<T>();
            json_schema!({ "anyOf": [{ "type": "string" }, full] })
        }
    }
}
