//! What to say when a file does not have the right shape.
//!
//! The typed parser stops at its first error, which is fast and enough for a sound file. For an
//! unsound one this module takes the same text apart with `serde_json`'s raw values: every element of
//! every list is parsed by itself, and of an element that fails every key is tried by itself, down to
//! the innermost object (its kind). So all unknown keys, missing keys and wrong types show at once, each
//! with its place, and the elements that are sound are still lowered and checked. It costs several
//! passes over the text, and only when something is wrong.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::file::FORMAT;
use super::text::{Entries, Text};
use crate::finding::Severity;
use crate::problem::{Collector, Problem, ProblemCode, nearest, shown};
use crate::wording::{self, Wrong, character_at, offset_in};

/// What is known of an object's shape without its type.
pub(super) struct Shape {
    /// Tries a text of any lifetime.
    pub(super) check: fn(&str) -> Result<(), serde_json::Error>,
    /// The keys, and what objects each holds.
    pub(super) keys: &'static [(&'static str, &'static Nest)],
}

/// The objects in a value.
pub(super) enum Nest {
    /// None.
    Leaf,
    /// It is one.
    Object(&'static Shape),
    /// It is a text or holds objects.
    OrText(&'static Self),
    /// The elements of an array hold them.
    Each(&'static Self),
    /// The values of an object with free keys hold them.
    Named(&'static Self),
}

impl Nest {
    fn holds_objects(&self) -> bool {
        match self {
            Self::Leaf => false,
            Self::Object(_) => true,
            Self::OrText(inner) | Self::Each(inner) | Self::Named(inner) => inner.holds_objects(),
        }
    }
}

/// A JSON object taken apart.
pub(super) type Pieces<'a> = Entries<'a, &'a RawValue>;

/// Takes a text apart that the typed parser refused, and makes what is sound of it.
pub(super) fn parse_pieces<'a, T>(
    sink: &mut Sink<'a, '_>,
    error: Option<&serde_json::Error>,
    required: &[&str],
    make: fn(&mut Sink<'a, '_>, &Pieces<'a>) -> Option<T>,
) -> Option<T> {
    let pieces = sink.pieces()?;
    if sink.is_of_another_format(&pieces) {
        return None;
    }
    let before = sink.problems.met();
    let made = make(sink, &pieces);
    sink.required(&pieces, required);
    if let Some(error) = error
        && sink.problems.met() == before
    {
        // Nothing is wrong piece by piece: say at least what the typed parser said.
        let offset = offset_in(sink.text, error);
        sink.push(ProblemCode::Shape, offset, wording::plain(error), None);
    }
    made
}

/// Parses a file whose mistakes are shown one at a time.
pub(super) fn parse_simple<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|error| wording::problem(text, &error))
}

/// Collects problems of one file.
pub(super) struct Sink<'a, 'p> {
    pub(super) text: &'a str,
    pub(super) file: usize,
    pub(super) problems: &'p mut Collector,
}

impl<'a> Sink<'a, '_> {
    /// Takes the top-level object apart, or reports why the text is none.
    fn pieces(&mut self) -> Option<Pieces<'a>> {
        let error = match serde_json::from_str::<Pieces<'a>>(self.text) {
            Ok(pieces) => return Some(pieces),
            Err(error) => error,
        };
        let offset = offset_in(self.text, &error);
        if !self.text.trim_start().starts_with('{') {
            let start = self.text.len() - self.text.trim_start().len();
            let code = if error.is_data() { ProblemCode::Shape } else { ProblemCode::Syntax };
            let found = self.text[start..].chars().next().unwrap_or(' ');
            let message =
                format!("expected a JSON object, which begins with `{{`, found `{found}`");
            self.push(code, start, message, None);
            return None;
        }
        let cut = error.is_eof().then(|| "the file looks cut off".to_owned());
        self.push(ProblemCode::Syntax, offset, wording::plain(&error), cut);
        None
    }

    /// Reports a format that this program does not know; nothing else can then be said of the file.
    fn is_of_another_format(&mut self, pieces: &Pieces<'a>) -> bool {
        let stated = pieces.0.iter().find(|(key, _)| &**key == "format");
        let Some((_, value)) = stated else {
            return false;
        };
        let number = value.get().starts_with(|c: char| c == '-' || c.is_ascii_digit());
        let other = number && value.get().parse() != Ok(FORMAT);
        if other {
            let message = format!("expected format {}, found {}", FORMAT, shown(value.get()));
            let hint = "a newer release of skew may read this file".to_owned();
            self.push_at(ProblemCode::Format, self.span_of(value.get()), message, Some(hint));
        }
        other
    }

    /// Parses one plain value.
    pub(super) fn scalar<T: Deserialize<'a>>(&mut self, value: &'a RawValue) -> Option<T> {
        serde_json::from_str(value.get()).map_err(|error| self.wrong_value(value, &error)).ok()
    }

    /// Parses a list, each element by itself.
    pub(super) fn list<T>(
        &mut self,
        value: &'a RawValue,
        parse: fn(&mut Self, &'a RawValue) -> Option<T>,
    ) -> Vec<T> {
        let elements: Vec<&'a RawValue> = self.scalar(value).unwrap_or_default();
        elements.into_iter().filter_map(|element| parse(self, element)).collect()
    }

    /// Parses an object whose keys are chosen by the user, each value by itself.
    pub(super) fn named<T>(
        &mut self,
        value: &'a RawValue,
        parse: fn(&mut Self, &'a RawValue) -> Option<T>,
    ) -> Vec<(Text<'a>, T)> {
        let pieces: Pieces<'a> = self.scalar(value).unwrap_or_default();
        let entries = pieces.0.into_iter();
        entries.filter_map(|(key, value)| Some((key, parse(self, value)?))).collect()
    }

    /// Parses one element; if it fails, reports everything in it that is wrong.
    pub(super) fn element<T: Deserialize<'a>>(
        &mut self,
        value: &'a RawValue,
        shape: &Shape,
    ) -> Option<T> {
        serde_json::from_str(value.get()).map_err(|error| self.explain(shape, value, &error)).ok()
    }

    /// Makes what is sound of an object whose mistakes were reported.
    pub(super) fn quietly<T>(
        &mut self,
        value: &'a RawValue,
        make: fn(&mut Sink<'a, '_>, &Pieces<'a>) -> Option<T>,
    ) -> Option<T> {
        let pieces: Pieces<'a> = serde_json::from_str(value.get()).ok()?;
        let mut unheard = Collector::default();
        make(&mut Sink { text: self.text, file: self.file, problems: &mut unheard }, &pieces)
    }

    /// Reports what is wrong with an object that was refused with `error`.
    fn explain(&mut self, shape: &Shape, value: &'a RawValue, error: &serde_json::Error) {
        let before = self.problems.met();
        match serde_json::from_str::<Pieces<'a>>(value.get()) {
            Ok(pieces) => self.explain_keys(shape, value, &pieces),
            Err(error) => self.wrong_value(value, &error),
        }
        if self.problems.met() == before {
            self.wrong_value(value, error);
        }
    }

    /// Tries each key of an object by itself.
    fn explain_keys(&mut self, shape: &Shape, whole: &'a RawValue, pieces: &Pieces<'a>) {
        // What unknown keys were probably meant to be is not missing.
        let mut present: Vec<String> = pieces.0.iter().map(|(key, _)| key.to_string()).collect();
        for (key, value) in &pieces.0 {
            let quoted = serde_json::to_string(&**key).unwrap_or_default();
            let trial = format!("{{{quoted}:{}}}", value.get());
            let Err(error) = (shape.check)(&trial) else {
                continue;
            };
            let nest = shape.keys.iter().find(|(name, _)| *name == &**key).map(|(_, nest)| *nest);
            let nest = nest.filter(|nest| nest.holds_objects());
            match (wording::read(&error), nest) {
                (Wrong::MissingKey(_), None) => {}
                (_, Some(nest)) => self.nested(nest, value),
                (Wrong::UnknownKey { .. }, None) => present.extend(self.unknown_key(key, shape)),
                (Wrong::UnknownWord { .. } | Wrong::Other(_), None) => {
                    let offset = offset_in(&trial, &error).saturating_sub(quoted.len() + 2);
                    self.wrong_at(value, offset, &error);
                }
            }
        }
        self.repeated(pieces);
        for key in required_keys(shape) {
            if !present.contains(&key) {
                let start = self.span_of(whole.get()).map_or(0, |span| span.start);
                self.push(ProblemCode::Shape, start, format!("missing key `{key}`"), None);
            }
        }
    }

    /// Explains the objects in a value.
    fn nested(&mut self, nest: &Nest, value: &'a RawValue) {
        match nest {
            Nest::Leaf => {}
            Nest::Object(shape) => {
                if let Err(error) = (shape.check)(value.get()) {
                    self.explain(shape, value, &error);
                }
            }
            Nest::OrText(inner) => {
                if serde_json::from_str::<Text<'_>>(value.get()).is_err() {
                    self.nested(inner, value);
                }
            }
            Nest::Each(inner) => {
                let elements: Vec<&'a RawValue> = self.scalar(value).unwrap_or_default();
                for element in elements {
                    self.nested(inner, element);
                }
            }
            Nest::Named(inner) => {
                let pieces: Pieces<'a> = self.scalar(value).unwrap_or_default();
                pieces.0.into_iter().for_each(|(_, value)| self.nested(inner, value));
            }
        }
    }

    /// Reports keys that stand twice.
    pub(super) fn repeated<V>(&mut self, entries: &Entries<'a, V>) {
        for key in entries.repeated() {
            let message = format!("the key `{}` stands twice", shown(key));
            self.push_at(ProblemCode::DuplicateKey, key.span(self.text), message, None);
        }
    }

    /// Reports keys that are missing from the top-level object.
    pub(super) fn required(&mut self, pieces: &Pieces<'a>, keys: &[&str]) {
        for key in keys {
            if pieces.0.iter().all(|(present, _)| &**present != *key) {
                let message = format!("missing key `{key}`");
                self.push(ProblemCode::Shape, 0, message, None);
            }
        }
    }

    /// Reports a key that the format does not have. Returns the one that was probably meant.
    pub(super) fn unknown_key(&mut self, key: &Text<'a>, shape: &Shape) -> Option<String> {
        if self.problems.is_full() {
            return None;
        }
        let known: Vec<_> = shape.keys.iter().map(|(name, _)| *name).collect();
        let near = nearest(key, known.iter().copied());
        let hint = near.map_or_else(
            || {
                // The schema's key is for editors.
                let keys: Vec<_> =
                    known.iter().copied().filter(|key| !key.starts_with('$')).collect();
                format!("the keys here are {}", keys.join(", "))
            },
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("unknown key `{}`", shown(key));
        self.push_at(ProblemCode::UnknownKey, key.span(self.text), message, Some(hint));
        near.map(ToOwned::to_owned)
    }

    /// Reports a value that is wrong, as the parser of that value alone saw it.
    fn wrong_value(&mut self, value: &'a RawValue, error: &serde_json::Error) {
        self.wrong_at(value, offset_in(value.get(), error), error);
    }

    /// Reports a mistake at an offset into a value; a plain value is marked whole.
    fn wrong_at(&mut self, value: &'a RawValue, offset: usize, error: &serde_json::Error) {
        let Some(whole) = self.span_of(value.get()) else {
            return;
        };
        let span = if value.get().starts_with(['{', '[']) {
            character_at(self.text, (whole.start + offset).min(whole.end))
        } else {
            whole
        };
        let (message, hint) = match wording::read(error) {
            Wrong::UnknownWord { word, known } => {
                let near = nearest(&word, known.iter().map(String::as_str));
                let hint = near.map(|near| format!("did you mean `{near}`?"));
                (wording::unknown_word(&word, &known), hint)
            }
            Wrong::UnknownKey { .. } | Wrong::MissingKey(_) | Wrong::Other(_) => {
                (wording::plain(error), None)
            }
        };
        self.push_at(ProblemCode::Shape, Some(span), message, hint);
    }

    pub(super) fn span_of(&self, part: &str) -> Option<std::ops::Range<usize>> {
        let start = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (start + part.len() <= self.text.len()).then(|| start..start + part.len())
    }

    fn push(&mut self, code: ProblemCode, offset: usize, message: String, hint: Option<String>) {
        let span = character_at(self.text, offset);
        self.push_at(code, Some(span), message, hint);
    }

    pub(super) fn push_at(
        &mut self,
        code: ProblemCode,
        span: Option<std::ops::Range<usize>>,
        message: String,
        hint: Option<String>,
    ) {
        let span = span.filter(|span| {
            self.text.is_char_boundary(span.start) && self.text.is_char_boundary(span.end)
        });
        self.problems.push(Problem {
            code,
            severity: Severity::Error,
            file: self.file,
            span,
            message,
            hint,
        });
    }
}

/// Returns the keys that an object must have. The typed parser names them one after the other, if
/// each is given some value that it accepts.
fn required_keys(shape: &Shape) -> Vec<String> {
    let mut given: Vec<(String, String)> = Vec::new();
    while let Some(key) = missing_key(shape, &given) {
        let fits = ["\"\"", "0", "[]", "{}", "false"].into_iter().find_map(|value| {
            given.push((key.clone(), value.to_owned()));
            let fits = accepted(shape, &mut given);
            if !fits {
                given.pop();
            }
            fits.then_some(())
        });
        if fits.is_none() {
            given.push((key, String::new()));
            break;
        }
    }
    given.into_iter().map(|(key, _)| key).collect()
}

fn object(given: &[(String, String)]) -> String {
    let pairs: Vec<_> = given.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    format!("{{{}}}", pairs.join(","))
}

fn missing_key(shape: &Shape, given: &[(String, String)]) -> Option<String> {
    match wording::read(&(shape.check)(&object(given)).err()?) {
        Wrong::MissingKey(key) => Some(key),
        Wrong::UnknownKey { .. } | Wrong::UnknownWord { .. } | Wrong::Other(_) => None,
    }
}

/// Whether the last value given is accepted; a word is replaced by one of those allowed.
fn accepted(shape: &Shape, given: &mut [(String, String)]) -> bool {
    let Err(error) = (shape.check)(&object(given)) else {
        return true;
    };
    match (wording::read(&error), given.last_mut()) {
        (Wrong::MissingKey(_), _) => true,
        (Wrong::UnknownWord { known, .. }, Some((_, value))) => match known.first() {
            Some(word) => {
                *value = format!("\"{word}\"");
                true
            }
            None => false,
        },
        (Wrong::UnknownKey { .. } | Wrong::UnknownWord { .. } | Wrong::Other(_), _) => false,
    }
}
