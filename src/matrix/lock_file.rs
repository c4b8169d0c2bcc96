//! Lock files, as `resolve --lock` writes them.
//!
//! Owns reading: what is wrong with the shape is said all at once, with its place. Whether the lock
//! is right is the judge's business.

use super::diagnose::{Pieces, Sink, parse_pieces};
use super::field::Object;
use super::file::{FORMAT, check_text};
use super::raw::lock::{LockText, LockedConstraint, LockedMatrix, LockedPackage, LockedRequest};
use super::text::{Entries, Text};
use crate::catalog::Catalog;
use crate::input::{Input, described};
use crate::problem::{Collector, Problem, ProblemCode, Problems, shown};
use crate::record::{ConstraintRecord, LockRecord, MatrixRecord, PackageRecord, RequestRecord};

/// The largest lock file that is read, in bytes: 32 MiB, about a hundred thousand packages.
pub const LOCK_LIMIT: usize = 32 << 20;

/// What a lock says it is.
const KIND: &str = "lock";

/// What to do if a file is no lock.
const HINT: &str = "a lock is what `skew resolve --lock FILE` writes, and a plan what `skew plan \
     --format json` prints";

/// What a file says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// A lock.
    Lock,
    /// A plan.
    Plan,
    /// Neither, or it is no JSON.
    Unclear,
}

/// Tells a lock from a plan by what stands in the file.
pub fn written(bytes: &[u8]) -> Written {
    let text = check_text(bytes, usize::MAX).unwrap_or_default();
    let Ok(pieces) = serde_json::from_str::<Pieces<'_>>(text) else {
        return Written::Unclear;
    };
    if says(&pieces, "kind", KIND) {
        Written::Lock
    } else if says(&pieces, "command", "plan") {
        Written::Plan
    } else {
        Written::Unclear
    }
}

fn value_of<'a>(pieces: &Pieces<'a>, key: &str) -> Option<&'a str> {
    pieces.0.iter().find(|(present, _)| &**present == key).map(|(_, value)| value.get())
}

fn says(pieces: &Pieces<'_>, key: &str, wanted: &str) -> bool {
    let value = value_of(pieces, key).map(serde_json::from_str::<Text<'_>>);
    value.is_some_and(|value| value.is_ok_and(|value| &*value == wanted))
}

/// A lock file that was parsed but not yet compared with a catalog.
#[derive(Debug)]
pub struct LockFile<'a> {
    input: Input<'a>,
    text: &'a str,
    raw: LockText<'a>,
}

impl<'a> LockFile<'a> {
    /// Parses a lock file.
    ///
    /// # Errors
    ///
    /// Returns all problems with the file's shape.
    pub fn parse(input: Input<'a>) -> Result<Self, Problems> {
        let mut list = Collector::default();
        let text = check_text(input.bytes, LOCK_LIMIT)
            .map_err(|problem| problems(input, vec![problem]))?;
        let mut sink = Sink { text, file: 0, problems: &mut list };
        let raw = read(&mut sink);
        match raw {
            Some(raw) if list.met() == 0 => Ok(Self { input, text, raw }),
            Some(_) | None => Err(problems(input, list.into_sorted())),
        }
    }

    /// Returns the lock as it was written down.
    pub fn record(&self) -> LockRecord {
        LockRecord {
            request: request(&self.raw.request),
            matrices: self.raw.matrices.iter().map(matrix).collect(),
            packages: self.raw.packages.iter().map(package).collect(),
        }
    }

    /// Checks that every matrix of the lock was loaded; without one of them nothing can be said.
    ///
    /// # Errors
    ///
    /// Returns a problem for each name that no loaded matrix has.
    pub fn check_matrices(&self, catalog: &Catalog) -> Result<(), Problems> {
        let mut list = Collector::default();
        let mut sink = Sink { text: self.text, file: 0, problems: &mut list };
        let loaded: Vec<_> = catalog.matrices().iter().map(|matrix| matrix.name.as_str()).collect();
        for stated in &self.raw.matrices {
            if !loaded.contains(&&*stated.name) {
                let message = format!("no loaded matrix is named `{}`", shown(&stated.name));
                let hint = "--matrix FILE loads the one that the lock was made from".to_owned();
                let span = stated.name.span(self.text);
                sink.push_at(ProblemCode::UnknownName, span, message, Some(hint));
            }
        }
        if list.met() == 0 { Ok(()) } else { Err(problems(self.input, list.into_sorted())) }
    }
}

fn problems(input: Input<'_>, list: Vec<Problem>) -> Problems {
    described(&[input], list)
}

fn read<'a>(sink: &mut Sink<'a, '_>) -> Option<LockText<'a>> {
    let parsed = serde_json::from_str::<LockText<'a>>(sink.text);
    let raw = match parsed {
        Ok(raw) if raw.format == FORMAT && &*raw.kind == KIND => Some(raw),
        Ok(_) => parse_pieces(sink, None, &[], lock_of),
        Err(error) => parse_pieces(sink, Some(&error), &[], lock_of),
    };
    if let Some(raw) = &raw {
        check(raw, sink);
    }
    raw
}

fn lock_of<'a>(sink: &mut Sink<'a, '_>, pieces: &Pieces<'a>) -> Option<LockText<'a>> {
    if !says(pieces, "kind", KIND) {
        not_a_lock(sink, pieces);
        return None;
    }
    let made = LockText::from_pieces(sink, pieces);
    sink.required(pieces, &KEYS);
    made
}

/// The keys of a lock; all are required.
const KEYS: [&str; 5] = ["format", "kind", "request", "matrices", "packages"];

/// Reports once that the file is something else, instead of every key that it lacks.
fn not_a_lock<'a>(sink: &mut Sink<'a, '_>, pieces: &Pieces<'a>) {
    let stated = value_of(pieces, "kind");
    let message = stated.map_or_else(
        || "expected a lock, found no key `kind`".to_owned(),
        |found| format!("expected the kind `{KIND}`, found `{}`", shown(found.trim_matches('"'))),
    );
    let span = sink.span_of(stated.unwrap_or(&sink.text.trim_start()[..1]));
    sink.push_at(ProblemCode::Format, span, message, Some(HINT.to_owned()));
}

/// Checks what can be checked without a catalog.
fn check<'a>(raw: &LockText<'a>, sink: &mut Sink<'a, '_>) {
    check_days(raw, sink);
    check_digests(raw, sink);
    check_specs(&raw.request.specs, sink);
    sink.repeated(&raw.request.installed);
    let mut names = rustc_hash::FxHashSet::default();
    for package in &raw.packages {
        if !names.insert(&*package.name) {
            let message = format!("the package `{}` is stated twice", shown(&package.name));
            let span = package.name.span(sink.text);
            sink.push_at(ProblemCode::DuplicatePackage, span, message, None);
        }
    }
}

fn check_days<'a>(raw: &LockText<'a>, sink: &mut Sink<'a, '_>) {
    let of_matrices = raw.matrices.iter().filter_map(|matrix| matrix.as_of.as_ref());
    for day in of_matrices.chain(&raw.request.as_of) {
        if day.len() != 10 || day.parse::<jiff::civil::Date>().is_err() {
            let message = format!("expected a date such as `2026-11-20`, found `{}`", shown(day));
            sink.push_at(ProblemCode::Date, day.span(sink.text), message, None);
        }
    }
}

fn check_digests<'a>(raw: &LockText<'a>, sink: &mut Sink<'a, '_>) {
    for matrix in &raw.matrices {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if matrix.sha256.len() != 64 || !matrix.sha256.bytes().all(is_digit) {
            let found = shown(&matrix.sha256);
            let message = format!("expected 64 lower-case hexadecimal digits, found `{found}`");
            sink.push_at(ProblemCode::Shape, matrix.sha256.span(sink.text), message, None);
        }
    }
}

/// A package is asked for once, so that each release has one SPEC to answer to.
fn check_specs<'a>(specs: &[Text<'a>], sink: &mut Sink<'a, '_>) {
    let mut names = rustc_hash::FxHashSet::default();
    for spec in specs {
        let name = spec.split('@').next().unwrap_or_default();
        if !names.insert(name) {
            let message = format!("the package `{}` is asked for twice", shown(name));
            sink.push_at(ProblemCode::DuplicateName, spec.span(sink.text), message, None);
        }
    }
}

fn request(raw: &LockedRequest<'_>) -> RequestRecord {
    let Entries(installed) = &raw.installed;
    RequestRecord {
        specs: texts(&raw.specs),
        prefer: raw.prefer.to_string(),
        as_of: optional(raw.as_of.as_ref()),
        installed: installed
            .iter()
            .map(|(name, version)| (name.to_string(), version.to_string()))
            .collect(),
    }
}

fn matrix(raw: &LockedMatrix<'_>) -> MatrixRecord {
    MatrixRecord {
        name: raw.name.to_string(),
        as_of: optional(raw.as_of.as_ref()),
        sha256: raw.sha256.to_string(),
    }
}

fn package(raw: &LockedPackage<'_>) -> PackageRecord {
    PackageRecord {
        name: raw.name.to_string(),
        version: raw.version.to_string(),
        asked: optional(raw.reason.asked.as_ref()),
        needed_by: texts(&raw.reason.needed_by),
        bound_by: raw.bound_by.iter().map(constraint).collect(),
    }
}

fn constraint(raw: &LockedConstraint<'_>) -> ConstraintRecord {
    ConstraintRecord {
        package: raw.package.to_string(),
        kind: raw.kind,
        asks: raw.asks.to_string(),
        declared: optional(raw.declared.as_ref()),
        evidence: raw.evidence,
        source: raw.source.to_string(),
        url: optional(raw.url.as_ref()),
    }
}

fn texts(raw: &[Text<'_>]) -> Vec<String> {
    raw.iter().map(ToString::to_string).collect()
}

fn optional(raw: Option<&Text<'_>>) -> Option<String> {
    raw.map(ToString::to_string)
}
