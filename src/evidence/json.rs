//! JSON with places: every value is a part of the text, so what is read of it has its line.
//!
//! Values are taken apart one level at a time, and only those that somebody asks for. A key that stands
//! twice counts as the first one; `null` counts as a key that is not there, as most writers mean it.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::lines::Lines;
use crate::input::Input;
use crate::observation::{Origin, Stated};
use crate::problem::{Problem, ProblemCode, shown};
use crate::wording;

/// Most values of a list or an object, so that a text of commas costs no more than one of facts.
const MOST: usize = 1_000_000;

fn too_many() -> String {
    format!("there are more than {MOST} values in one list")
}

/// A JSON text that was taken apart at least once.
pub(super) struct Json<'a> {
    text: &'a str,
    lines: Lines<'a>,
}

/// A value of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsonValue<'a>(&'a RawValue);

/// An object of it, and where it stands.
#[derive(Debug)]
pub(super) struct JsonObject<'a> {
    entries: Vec<(Cow<'a, str>, JsonValue<'a>)>,
    whole: JsonValue<'a>,
}

impl<'a> JsonValue<'a> {
    /// Returns the text of the value as it stands in the file.
    pub(super) fn part(self) -> &'a str {
        self.0.get()
    }

    fn is_null(self) -> bool {
        self.part() == "null"
    }

    /// Names what it is.
    fn kind(self) -> &'static str {
        match self.part().as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            Some(_) | None => "a number",
        }
    }

    /// Returns the text of a string, and nothing of all else.
    pub(super) fn as_text(self) -> Option<Cow<'a, str>> {
        serde_json::from_str::<Texts<'a>>(self.part()).ok().map(|text| text.0)
    }
}

/// A string, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Texts<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> JsonObject<'a> {
    /// Returns the value of a key.
    pub(super) fn get(&self, key: &str) -> Option<JsonValue<'a>> {
        let found = self.entries.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| *value).filter(|value| !value.is_null())
    }

    /// Returns the string of a key, and nothing if it is not there or no string.
    pub(super) fn text(&self, key: &str) -> Option<Cow<'a, str>> {
        self.get(key)?.as_text()
    }

    /// Returns the keys and values, each key once.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, JsonValue<'a>)> {
        self.entries.iter().map(|(key, value)| (&**key, *value))
    }

    /// Returns the object as a value.
    pub(super) fn whole(&self) -> JsonValue<'a> {
        self.whole
    }
}

impl<'a> Json<'a> {
    /// Takes a text that holds one value. `text` is that of the input.
    pub(super) fn one(input: &Input<'a>, text: &'a str) -> Result<(Self, JsonValue<'a>), Problem> {
        let value = serde_json::from_str::<&RawValue>(text)
            .map_err(|error| wording::problem(text, &error))?;
        Ok((Self { text, lines: Lines::new(input.name, text) }, JsonValue(value)))
    }

    /// Takes a text that holds any number of values one after the other, such as one a line.
    pub(super) fn many(
        input: &Input<'a>,
        text: &'a str,
    ) -> Result<(Self, Vec<JsonValue<'a>>), Problem> {
        let mut read = Vec::new();
        for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
            if read.len() == MOST {
                return Err(Problem::of_file(ProblemCode::Limit, too_many()));
            }
            read.push(JsonValue(value.map_err(|error| wording::problem(text, &error))?));
        }
        Ok((Self { text, lines: Lines::new(input.name, text) }, read))
    }

    fn span(&self, value: JsonValue<'_>) -> Range<usize> {
        // Of a long value only the beginning is marked.
        let span = self.lines.span(value.part());
        let end = self.text[span.clone()].find('\n').map_or(span.end, |at| span.start + at);
        span.start..end
    }

    /// Returns where a value stands.
    pub(super) fn origin(&self, value: JsonValue<'_>) -> Origin {
        self.lines.origin(value.part())
    }

    /// Returns a text that was read from a value.
    pub(super) fn stated(&self, text: impl Into<String>, value: JsonValue<'_>) -> Stated {
        self.lines.stated(text, value.part())
    }

    /// Returns a problem about a value.
    pub(super) fn problem(&self, value: JsonValue<'_>, message: String) -> Problem {
        Problem { span: Some(self.span(value)), ..Problem::of_file(ProblemCode::Shape, message) }
    }

    fn expected(&self, wanted: &str, value: JsonValue<'_>) -> Problem {
        self.problem(value, format!("expected {wanted}, found {}", value.kind()))
    }

    /// Takes an object apart.
    pub(super) fn object(&self, value: JsonValue<'a>) -> Result<JsonObject<'a>, Problem> {
        if !value.part().starts_with('{') {
            return Err(self.expected("an object", value));
        }
        let entries = serde_json::from_str::<JsonEntries<'a>>(value.part());
        // It was parsed before; only names that are no text, such as half an escape, are found here.
        let entries = entries.map_err(|error| self.problem(value, wording::plain(&error)))?;
        Ok(JsonObject { entries: entries.0, whole: value })
    }

    /// Takes an array apart.
    pub(super) fn list(&self, value: JsonValue<'a>) -> Result<Vec<JsonValue<'a>>, Problem> {
        if !value.part().starts_with('[') {
            return Err(self.expected("an array", value));
        }
        let list = serde_json::from_str::<JsonList<'a>>(value.part());
        let list = list.map_err(|error| self.problem(value, wording::plain(&error)))?;
        Ok(list.0)
    }

    /// Reads a string.
    pub(super) fn text(&self, value: JsonValue<'a>) -> Result<Cow<'a, str>, Problem> {
        value.as_text().ok_or_else(|| self.expected("a string", value))
    }

    /// Returns the value of a key that must be there.
    pub(super) fn required(
        &self,
        object: &JsonObject<'a>,
        key: &str,
    ) -> Result<JsonValue<'a>, Problem> {
        let missing = || self.problem(object.whole, format!("missing key `{}`", shown(key)));
        object.get(key).ok_or_else(missing)
    }

    /// Returns the array of a key, which is empty if the key is not there.
    pub(super) fn list_of(
        &self,
        object: &JsonObject<'a>,
        key: &str,
    ) -> Result<Vec<JsonValue<'a>>, Problem> {
        object.get(key).map_or(Ok(Vec::new()), |value| self.list(value))
    }

    /// Returns the object of a key, which is empty if the key is not there.
    pub(super) fn object_of(
        &self,
        object: &JsonObject<'a>,
        key: &str,
    ) -> Result<JsonObject<'a>, Problem> {
        let empty = || JsonObject { entries: Vec::new(), whole: object.whole };
        object.get(key).map_or_else(|| Ok(empty()), |value| self.object(value))
    }
}

/// The keys and values of an object, in file order, each key once.
struct JsonEntries<'a>(Vec<(Cow<'a, str>, JsonValue<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for JsonEntries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(JsonEntriesVisitor).map(JsonEntries)
    }
}

struct JsonEntriesVisitor;

impl<'de> Visitor<'de> for JsonEntriesVisitor {
    type Value = Vec<(Cow<'de, str>, JsonValue<'de>)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut entries = Vec::new();
        let mut seen = FxHashSet::default();
        while let Some((key, value)) = map.next_entry::<Texts<'de>, &'de RawValue>()? {
            if seen.insert(key.0.clone()) {
                entries.push((key.0, JsonValue(value)));
            }
            if entries.len() > MOST {
                return Err(M::Error::custom(too_many()));
            }
        }
        Ok(entries)
    }
}

/// The values of an array.
struct JsonList<'a>(Vec<JsonValue<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for JsonList<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(JsonListVisitor).map(JsonList)
    }
}

struct JsonListVisitor;

impl<'de> Visitor<'de> for JsonListVisitor {
    type Value = Vec<JsonValue<'de>>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Self::Value, S::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element::<&'de RawValue>()? {
            if list.len() == MOST {
                return Err(S::Error::custom(too_many()));
            }
            list.push(JsonValue(value));
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(text: &str) -> Input<'_> {
        Input { name: "f.json", bytes: text.as_bytes() }
    }

    #[test]
    fn what_is_read_has_its_line() {
        let text = "{ \"a\": [1,\n  {\"b\": \"x\\ny\", \"b\": 2, \"c\": null}] }";
        let (json, whole) = Json::one(&input(text), text).expect("it is JSON");
        let whole = json.object(whole).expect("an object");
        let list = json.list_of(&whole, "a").expect("an array");
        let inner = json.object(list[1]).expect("an object");
        assert_eq!(inner.text("b").as_deref(), Some("x\ny"));
        assert_eq!(json.origin(inner.get("b").expect("b")).to_string(), "f.json:2");
        assert!(inner.get("c").is_none() && inner.entries().count() == 2);
        let wrong = json.text(list[0]).expect_err("a number");
        assert_eq!(wrong.message, "expected a string, found a number");
        assert_eq!(wrong.span.map(|span| &text[span]), Some("1"));
    }

    #[test]
    fn one_value_a_line() {
        let text = "{\"a\":1}\n{\"a\":2}\n";
        let (json, values) = Json::many(&input(text), text).expect("it is JSON");
        assert_eq!(json.origin(values[1]).to_string(), "f.json:2");
        let wrong = Json::many(&input("{}\n{"), "{}\n{").err().expect("it is not");
        assert_eq!(wrong.code, ProblemCode::Syntax);
    }
}
