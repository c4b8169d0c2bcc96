//! What to say when a file does not have the right shape.
//!
//! The typed parser stops at its first error, which is fast and enough for a sound file. For an
//! unsound one this module takes the same text apart with `serde_json`'s raw values: every element of
//! every list is parsed by itself, and of an element that fails every key is tried by itself. So all
//! unknown keys and wrong types show at once, each with its place, and the elements that are sound are
//! still lowered and checked. It costs several passes over the text, and only when something is wrong.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::lower::Parsed;
use super::problem::{Problem, ProblemCode, nearest};
use super::raw::{self, Shape};
use super::text::{Entries, Text};
use crate::finding::Severity;

pub(super) type Pieces<'a> = Entries<'a, &'a RawValue>;

/// Parses a matrix, reporting everything that is wrong with its shape. Returns what is sound, or
/// nothing if the text is not a JSON object with a name.
pub(super) fn parse_matrix<'a>(
    text: &'a str,
    file: usize,
    problems: &mut Vec<Problem>,
) -> Option<Parsed<'a>> {
    let error = match serde_json::from_str::<raw::Matrix<'a>>(text) {
        Ok(raw) => {
            return Some(Parsed {
                text,
                raw,
                broken: false,
            });
        }
        Err(error) => error,
    };
    let mut sink = Sink {
        text,
        file,
        problems,
    };
    let raw = parse_pieces(&mut sink, &error, matrix_of)?;
    Some(Parsed {
        text,
        raw,
        broken: true,
    })
}

/// Takes a text apart that the typed parser refused with `error`, and makes what is sound of it.
pub(super) fn parse_pieces<'a, T>(
    sink: &mut Sink<'a, '_>,
    error: &serde_json::Error,
    make: fn(&mut Sink<'a, '_>, &Pieces<'a>) -> Option<T>,
) -> Option<T> {
    let pieces = sink.pieces(error)?;
    let before = sink.problems.len();
    let made = make(sink, &pieces);
    if sink.problems.len() == before {
        // Nothing is wrong piece by piece: say at least what the typed parser said.
        sink.push(
            ProblemCode::Shape,
            Some(offset_in(sink.text, error)),
            bare(error),
            None,
        );
    }
    made
}

/// Parses a file whose mistakes are shown one at a time.
pub(super) fn parse_simple<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|error| {
        let start = offset_in(text, &error);
        let end = (start + 1..=text.len())
            .find(|&at| text.is_char_boundary(at))
            .unwrap_or(start);
        let code = if error.is_data() {
            ProblemCode::Shape
        } else {
            ProblemCode::Syntax
        };
        let message = bare(&error);
        Problem {
            code,
            severity: Severity::Error,
            file: 0,
            span: Some(start..end),
            message,
            hint: None,
        }
    })
}

/// The keys of a matrix, for the nearest known one.
const MATRIX_KEYS: [&str; 19] = [
    "format",
    "name",
    "title",
    "as_of",
    "extends",
    "sources",
    "packages",
    "requirements",
    "features",
    "contracts",
    "interfaces",
    "offers",
    "needs",
    "roles",
    "relations",
    "skew",
    "upgrades",
    "families",
    "lifecycle",
];

fn matrix_of<'a>(sink: &mut Sink<'a, '_>, pieces: &Pieces<'a>) -> Option<raw::Matrix<'a>> {
    let mut format = None;
    let mut name = None;
    let mut made = raw::Matrix {
        format: 0,
        name: Text("".into()),
        title: None,
        as_of: None,
        extends: None,
        sources: Entries::default(),
        packages: Vec::new(),
        requirements: Vec::new(),
        features: Vec::new(),
        contracts: Vec::new(),
        interfaces: Vec::new(),
        offers: Vec::new(),
        needs: Vec::new(),
        roles: Vec::new(),
        relations: Vec::new(),
        skew: Vec::new(),
        upgrades: Vec::new(),
        families: Vec::new(),
        lifecycle: Vec::new(),
    };
    for (key, value) in &pieces.0 {
        match &**key {
            "format" => format = sink.scalar(value),
            "name" => name = sink.scalar(value),
            "title" => made.title = sink.scalar(value),
            "as_of" => made.as_of = sink.scalar(value),
            "extends" => made.extends = sink.scalar(value),
            "sources" => made.sources = sink.named(value),
            "packages" => made.packages = sink.list(value, Sink::package),
            "requirements" => made.requirements = sink.list(value, Sink::element),
            "features" => made.features = sink.list(value, Sink::element),
            "contracts" => made.contracts = sink.list(value, Sink::element),
            "interfaces" => made.interfaces = sink.list(value, Sink::element),
            "offers" => made.offers = sink.list(value, Sink::element),
            "needs" => made.needs = sink.list(value, Sink::element),
            "roles" => made.roles = sink.list(value, Sink::element),
            "relations" => made.relations = sink.list(value, Sink::element),
            "skew" => made.skew = sink.list(value, Sink::element),
            "upgrades" => made.upgrades = sink.list(value, Sink::element),
            "families" => made.families = sink.list(value, Sink::element),
            "lifecycle" => made.lifecycle = sink.list(value, Sink::element),
            _ => sink.unknown_key(key, &MATRIX_KEYS),
        }
    }
    sink.repeated(pieces);
    sink.required(pieces, &["format", "name"]);
    made.format = format?;
    made.name = name?;
    Some(made)
}

/// Collects problems of one file.
pub(super) struct Sink<'a, 'p> {
    pub(super) text: &'a str,
    pub(super) file: usize,
    pub(super) problems: &'p mut Vec<Problem>,
}

impl<'a> Sink<'a, '_> {
    /// Takes the top-level object apart, or reports why the text is none.
    pub(super) fn pieces(&mut self, error: &serde_json::Error) -> Option<Pieces<'a>> {
        match serde_json::from_str::<Pieces<'a>>(self.text) {
            Ok(pieces) => Some(pieces),
            Err(own) if own.is_data() => {
                let (code, message) = (
                    ProblemCode::Shape,
                    format!(
                        "expected an object with `format` and `name`: {}",
                        bare(&own)
                    ),
                );
                self.push(code, Some(offset_in(self.text, &own)), message, None);
                None
            }
            Err(own) => {
                let syntax = if own.is_syntax() || own.is_eof() {
                    &own
                } else {
                    error
                };
                let hint = if bare(syntax).contains("recursion limit") {
                    Some(format!("files may be nested {} deep", super::DEPTH_LIMIT))
                } else if own.is_eof() {
                    Some("the file looks cut off".to_owned())
                } else {
                    None
                };
                self.push(
                    ProblemCode::Syntax,
                    Some(offset_in(self.text, syntax)),
                    bare(syntax),
                    hint,
                );
                None
            }
        }
    }

    /// Parses one plain value.
    pub(super) fn scalar<T: Deserialize<'a>>(&mut self, value: &'a RawValue) -> Option<T> {
        match serde_json::from_str(value.get()) {
            Ok(value) => Some(value),
            Err(error) => {
                self.wrong_value(value, &error);
                None
            }
        }
    }

    /// Parses a list, each element by itself.
    pub(super) fn list<T>(
        &mut self,
        value: &'a RawValue,
        parse: fn(&mut Self, &'a RawValue) -> Option<T>,
    ) -> Vec<T> {
        match serde_json::from_str::<Vec<&'a RawValue>>(value.get()) {
            Ok(elements) => elements
                .into_iter()
                .filter_map(|element| parse(self, element))
                .collect(),
            Err(error) => {
                self.wrong_value(value, &error);
                Vec::new()
            }
        }
    }

    /// Parses an object whose keys are chosen by the user, each value by itself.
    pub(super) fn named<T: Deserialize<'a> + Shape>(
        &mut self,
        value: &'a RawValue,
    ) -> Entries<'a, T> {
        match serde_json::from_str::<Pieces<'a>>(value.get()) {
            Ok(pieces) => Entries(
                pieces
                    .0
                    .into_iter()
                    .filter_map(|(key, value)| Some((key, self.element(value)?)))
                    .collect(),
            ),
            Err(error) => {
                self.wrong_value(value, &error);
                Entries::default()
            }
        }
    }

    /// Parses one element; if it fails, reports each of its keys that is wrong.
    pub(super) fn element<T: Deserialize<'a> + Shape>(&mut self, value: &'a RawValue) -> Option<T> {
        let error = match serde_json::from_str(value.get()) {
            Ok(element) => return Some(element),
            Err(error) => error,
        };
        let before = self.problems.len();
        match serde_json::from_str::<Pieces<'a>>(value.get()) {
            Ok(pieces) => self.explain::<T>(value, &pieces, &error, |_, _, _| false),
            Err(error) => self.wrong_value(value, &error),
        }
        if self.problems.len() == before {
            self.wrong_value(value, &error);
        }
        None
    }

    fn package(&mut self, value: &'a RawValue) -> Option<raw::Package<'a>> {
        let error = match serde_json::from_str(value.get()) {
            Ok(package) => return Some(package),
            Err(error) => error,
        };
        match serde_json::from_str::<Pieces<'a>>(value.get()) {
            Ok(pieces) => {
                self.explain::<raw::Package<'_>>(value, &pieces, &error, |sink, key, value| {
                    let releases = key == "releases";
                    if releases {
                        sink.list(value, Self::element::<raw::Release<'a>>);
                    }
                    releases
                })
            }
            Err(error) => self.wrong_value(value, &error),
        }
        None
    }

    /// Tries each key of an object by itself. `special` may take over a key.
    fn explain<T: Shape>(
        &mut self,
        whole: &'a RawValue,
        pieces: &Pieces<'a>,
        error: &serde_json::Error,
        special: impl Fn(&mut Self, &str, &'a RawValue) -> bool,
    ) {
        for (key, value) in &pieces.0 {
            if special(self, key, value) {
                continue;
            }
            let quoted = serde_json::to_string(&**key).unwrap_or_default();
            let trial = format!("{{{quoted}:{}}}", value.get());
            if let Err(error) = T::check(&trial) {
                let message = bare(&error);
                if message.starts_with("unknown field") {
                    let known =
                        quoted_words(message.split_once("expected").map_or("", |(_, list)| list));
                    self.unknown_key(key, &known);
                } else if !message.starts_with("missing field") {
                    let offset = offset_in(&trial, &error).saturating_sub(quoted.len() + 2);
                    self.wrong_at(value, offset, bare(&error));
                }
            }
        }
        self.repeated(pieces);
        let message = bare(error);
        if message.starts_with("missing field") {
            let (code, message) = (
                ProblemCode::Shape,
                message.replace("missing field", "missing key"),
            );
            self.push(
                code,
                self.span_of(whole.get()).map(|span| span.start),
                message,
                None,
            );
        }
    }

    /// Reports keys that stand twice.
    pub(super) fn repeated(&mut self, pieces: &Pieces<'a>) {
        for (ix, (key, _)) in pieces.0.iter().enumerate() {
            if pieces.0[..ix].iter().any(|(earlier, _)| earlier == key) {
                let message = format!("the key `{}` stands twice", key.escape_debug());
                self.push_at(
                    ProblemCode::DuplicateKey,
                    key.span(self.text),
                    message,
                    None,
                );
            }
        }
    }

    /// Reports keys that are missing from the top-level object.
    pub(super) fn required(&mut self, pieces: &Pieces<'a>, keys: &[&str]) {
        for key in keys {
            if pieces.0.iter().all(|(present, _)| &**present != *key) {
                self.push(
                    ProblemCode::Shape,
                    Some(0),
                    format!("missing key `{key}`"),
                    None,
                );
            }
        }
    }

    /// Reports a key that the format does not have.
    pub(super) fn unknown_key(&mut self, key: &Text<'a>, known: &[&str]) {
        let near =
            nearest(key, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let hint = near.or_else(|| Some(format!("the keys here are {}", known.join(", "))));
        let message = format!("unknown key `{}`", key.escape_debug());
        self.push_at(ProblemCode::UnknownKey, key.span(self.text), message, hint);
    }

    /// Reports a value of the wrong type, as the parser of that value alone saw it.
    fn wrong_value(&mut self, value: &'a RawValue, error: &serde_json::Error) {
        self.wrong_at(value, offset_in(value.get(), error), bare(error));
    }

    /// Reports a mistake at an offset into a value; a plain value is marked whole.
    fn wrong_at(&mut self, value: &'a RawValue, offset: usize, message: String) {
        let Some(whole) = self.span_of(value.get()) else {
            return;
        };
        let span = if value.get().starts_with(['{', '[']) {
            let start = (whole.start + offset).min(whole.end);
            start..(start + 1).min(whole.end)
        } else {
            whole
        };
        self.push_at(ProblemCode::Shape, Some(span), message, None);
    }

    fn span_of(&self, part: &str) -> Option<std::ops::Range<usize>> {
        let start = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (start + part.len() <= self.text.len()).then(|| start..start + part.len())
    }

    fn push(
        &mut self,
        code: ProblemCode,
        offset: Option<usize>,
        message: String,
        hint: Option<String>,
    ) {
        let span = offset.map(|offset| offset..(offset + 1).min(self.text.len()).max(offset));
        self.push_at(code, span, message, hint);
    }

    fn push_at(
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

/// Returns the byte offset of an error in the text it counts in, on a character boundary.
fn offset_in(text: &str, error: &serde_json::Error) -> usize {
    let line_start: usize = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let offset = (line_start + error.column().saturating_sub(1)).min(text.len());
    (0..=offset)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

/// Returns an error's text without its place, with `expected` first as everywhere in this program.
fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(text, _)| text);
    match text
        .strip_prefix("invalid type: ")
        .or_else(|| text.strip_prefix("invalid value: "))
    {
        Some(rest) => match rest.rsplit_once(", expected ") {
            Some((found, expected)) => format!(
                "expected {expected}, found {}",
                found.escape_debug().to_string().replace("\\\"", "\"")
            ),
            None => text.to_owned(),
        },
        None => escape_controls(text),
    }
}

/// Escapes control characters, which an error text may quote from the file.
fn escape_controls(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if c.is_control() {
                c.escape_default().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect()
}

/// Returns the words in backticks.
fn quoted_words(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}
