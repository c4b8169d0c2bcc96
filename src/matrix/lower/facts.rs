//! Where facts come from: sources, inheritance, replacement, dates.

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Lowering;
use crate::catalog::{Fact, FactIx, Source, Until};
use crate::finding::Evidence;
use crate::matrix::problem::ProblemCode;
use crate::matrix::raw::{self, Meta};
use crate::matrix::text::{Entries, Text};

/// Ids that facts carry and that later facts replace.
#[derive(Default)]
pub(super) struct Ids<'r> {
    /// Id to the file that states it.
    stated: FxHashMap<&'r str, usize>,
    /// Replaced id, the file that replaces it.
    replaced: FxHashMap<&'r str, usize>,
}

impl From<raw::Evidence> for Evidence {
    fn from(raw: raw::Evidence) -> Self {
        match raw {
            raw::Evidence::Enforced => Self::Enforced,
            raw::Evidence::Observed => Self::Observed,
            raw::Evidence::Documented => Self::Documented,
            raw::Evidence::Inferred => Self::Inferred,
        }
    }
}

impl<'r, 'a> Lowering<'r, 'a> {
    pub(super) fn sources(&mut self, sources: &'r Entries<'a, raw::Source<'a>>) {
        for (id, source) in &sources.0 {
            let position = self.catalog.sources.len();
            if self.sources[self.file].insert(id, position).is_some() {
                let message = format!("the source `{}` is stated twice", id.escape_debug());
                self.report(Some(id), ProblemCode::DuplicateKey, message);
            }
            self.catalog.sources.push(Source {
                id: id.to_string(),
                title: source.title.to_string(),
                url: source.url.as_ref().map(ToString::to_string),
                evidence: source.evidence.into(),
            });
        }
        self.collect_replaced();
    }

    /// Notes which ids this file replaces, so that the facts concerned are skipped when met.
    fn collect_replaced(&mut self) {
        let file = self.file;
        let raw = &self.files[file].raw;
        let mut note = |meta: Meta<'r, 'a>| {
            for id in meta.replaces {
                self.ids.replaced.insert(id, file);
            }
        };
        raw.requirements
            .iter()
            .for_each(|fact| note(raw::Stated::meta(fact)));
        raw.offers
            .iter()
            .for_each(|fact| note(raw::Stated::meta(fact)));
        raw.needs
            .iter()
            .for_each(|fact| note(raw::Stated::meta(fact)));
        raw.skew
            .iter()
            .for_each(|fact| note(raw::Stated::meta(fact)));
        for relation in &raw.relations {
            relation
                .exceptions
                .iter()
                .for_each(|fact| note(raw::Stated::meta(fact)));
        }
        for lifecycle in &raw.lifecycle {
            lifecycle
                .windows
                .iter()
                .for_each(|fact| note(raw::Stated::meta(fact)));
            lifecycle
                .rules
                .iter()
                .for_each(|fact| note(raw::Stated::meta(fact)));
        }
    }

    /// Whether a later file replaces the fact. Also records the fact's id.
    pub(super) fn is_replaced(&mut self, meta: Meta<'r, 'a>) -> bool {
        let Some(id) = meta.id else { return false };
        self.ids.stated.insert(id, self.file);
        self.ids
            .replaced
            .get(&**id)
            .is_some_and(|&by| by > self.file)
    }

    /// Reports replacements of ids that no earlier fact has.
    pub(super) fn check_replacements(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            let raw = &self.files[file].raw;
            let all = raw
                .requirements
                .iter()
                .map(|fact| &fact.replaces)
                .chain(raw.offers.iter().map(|fact| &fact.replaces))
                .chain(raw.needs.iter().map(|fact| &fact.replaces))
                .chain(raw.skew.iter().map(|fact| &fact.replaces));
            let mut seen = FxHashSet::default();
            for id in all.flatten() {
                let known = self.ids.stated.get(&**id).is_some_and(|&by| by < file);
                if !known && seen.insert(&**id) {
                    let message = format!("no earlier fact has the id `{}`", id.escape_debug());
                    self.report(Some(id), ProblemCode::Replaces, message);
                }
            }
        }
    }

    /// Returns where a fact comes from, inheriting from `parent` what it does not say itself.
    /// `anchor` is the text at which a missing source is reported.
    pub(super) fn fact(
        &mut self,
        meta: Meta<'r, 'a>,
        parent: Option<FactIx>,
        anchor: &Text<'a>,
    ) -> FactIx {
        let silent = meta.source.is_none()
            && meta.at.is_none()
            && meta.evidence.is_none()
            && meta.note.is_none();
        if let (true, Some(parent)) = (silent, parent) {
            return parent;
        }
        let inherited = parent.map(|parent| self.catalog.facts[parent.ix()].clone());
        let source = match meta.source {
            Some(id) => self.source(id),
            None => inherited.as_ref().map(|fact| fact.source),
        };
        let source = source.unwrap_or_else(|| {
            if meta.source.is_none() {
                let message = "expected a `source`, found none here nor to inherit".to_owned();
                self.report(Some(anchor), ProblemCode::NoSource, message);
            }
            self.placeholder_source()
        });
        let own_evidence = meta.source.map(|_| self.catalog.sources[source].evidence);
        let inherited_evidence = inherited.as_ref().map(|fact| fact.evidence);
        let fact = Fact {
            source,
            evidence: meta
                .evidence
                .map(Into::into)
                .or(own_evidence)
                .or(inherited_evidence)
                .unwrap_or(Evidence::Inferred),
            at: match (meta.at, meta.source) {
                (Some(at), _) => Some(at.to_string()),
                (None, Some(_)) => None,
                (None, None) => inherited.and_then(|fact| fact.at),
            },
            note: meta.note.map(ToString::to_string),
        };
        self.catalog.facts.push(fact);
        FactIx::new(self.catalog.facts.len() - 1)
    }

    fn source(&mut self, id: &Text<'a>) -> Option<usize> {
        if let Some(&position) = self.sources[self.file].get(&**id) {
            return Some(position);
        }
        let known: Vec<_> = self.sources[self.file].keys().copied().collect();
        self.unknown_name(id, "source", &known);
        None
    }

    /// A source that stands in for a missing one, so that lowering can go on.
    fn placeholder_source(&mut self) -> usize {
        let known = self
            .catalog
            .sources
            .iter()
            .position(|source| source.id.is_empty());
        known.unwrap_or_else(|| {
            self.catalog.sources.push(Source {
                id: String::new(),
                title: String::new(),
                url: None,
                evidence: Evidence::Inferred,
            });
            self.catalog.sources.len() - 1
        })
    }

    /// Parses a day, reporting one that does not exist.
    pub(super) fn date(&mut self, text: &Text<'a>) -> Option<Date> {
        let date = parse_date(text);
        if date.is_none() {
            let message = format!(
                "expected a date `YYYY-MM-DD`, found `{}`",
                text.escape_debug()
            );
            self.report(Some(text), ProblemCode::Date, message)
                .maybe_hint(
                    swapped(text)
                        .map(|date| format!("`{date}` exists: are month and day swapped?")),
                );
        }
        date
    }

    /// Parses the end of a window: a day or a month.
    pub(super) fn until(&mut self, text: &Text<'a>) -> Option<Until> {
        if text.len() == 7 {
            let first = parse_date(&format!("{}-01", &**text));
            if let Some(first) = first {
                return Some(Until::Month(first));
            }
        }
        self.date(text).map(Until::Day)
    }
}

fn parse_date(text: &str) -> Option<Date> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(ix, byte)| match ix {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    shaped.then(|| text.parse().ok()).flatten()
}

/// Returns the date with month and day exchanged, if that is one.
fn swapped(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    parse_date(&format!("{year}-{day}-{month}"))
}
