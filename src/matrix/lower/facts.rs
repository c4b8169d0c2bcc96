//! Where facts come from: sources, inheritance, replacement, dates.

use jiff::civil::Date;

use super::Lowering;
use crate::catalog::{Fact, FactIx, Source, Until};
use crate::finding::Evidence;
use crate::matrix::field::{Field, Items, Meta, Standing, Stated};
use crate::matrix::raw;
use crate::matrix::text::{Entries, Text};
use crate::problem::{ProblemCode, shown};

const CANNOT_REPLACE: &str = "packages, releases, features, contracts, interfaces, roles, relations and whole entries can only be added to";

impl<'r, 'a> Lowering<'r, 'a> {
    pub(super) fn sources(&mut self, sources: &'r Entries<'a, raw::Source<'a>>) {
        for (id, source) in &sources.0 {
            let position = self.catalog.sources.len();
            if self.sources[self.file].insert(id, position).is_some() {
                let message = format!("the source `{}` is stated twice", shown(id));
                self.report(Some(id), ProblemCode::DuplicateKey, message);
            }
            self.catalog.sources.push(Source {
                id: id.to_string(),
                title: source.title.to_string(),
                url: source.url.as_ref().map(ToString::to_string),
                evidence: source.evidence,
            });
        }
        self.collect_ids();
    }

    /// Notes the ids that this file states and replaces, so that the facts concerned are skipped
    /// when met.
    fn collect_ids(&mut self) {
        let (file, scope) = (self.file, self.scope());
        let mut twice = Vec::new();
        self.files[file].raw.visit(Standing::Pillar, &mut |meta, standing| {
            if let Some(id) = meta.id {
                let first = self.ids.stated.entry((scope, id)).or_insert((file, standing));
                let again = first.0 == file && !self.ids.seen.insert((file, &**id));
                twice.extend(again.then_some(id));
            }
            for id in meta.replaces {
                self.ids.replaced.insert((scope, id), file);
            }
        });
        for id in twice {
            let message = format!("the id `{}` is stated twice", shown(id));
            self.report(Some(id), ProblemCode::DuplicateName, message);
        }
    }

    /// Returns the facts that no later file replaces.
    pub(super) fn standing<T: Stated<'a>>(&self, facts: &'r Items<T>) -> Vec<&'r T> {
        let scope = self.scope();
        let replaced = |fact: &T| {
            let by = fact.meta().id.and_then(|id| self.ids.replaced.get(&(scope, &**id)));
            by.is_some_and(|&by| by > self.file)
        };
        facts.all().iter().filter(|fact| !replaced(fact)).collect()
    }

    /// Reports replacements of ids that no earlier fact has, or that cannot be.
    pub(super) fn check_replacements(&mut self) {
        for file in 0..self.files.len() {
            self.file = file;
            let scope = self.scope();
            let mut wrong = Vec::new();
            self.files[file].raw.visit(Standing::Pillar, &mut |meta, standing| {
                for id in meta.replaces {
                    let earlier = self.ids.stated.get(&(scope, &**id));
                    let earlier = earlier.filter(|(by, _)| *by < file);
                    match (standing, earlier) {
                        (Standing::Item, None) => {
                            wrong.push((id, "no earlier fact of the matrix has this id"));
                        }
                        (Standing::Item, Some((_, Standing::Item))) => {}
                        (Standing::Pillar, _) | (Standing::Item, Some((_, Standing::Pillar))) => {
                            wrong.push((id, CANNOT_REPLACE));
                        }
                    }
                }
            });
            for (id, why) in wrong {
                let message = format!("`{}` is not replaced: {why}", shown(id));
                self.report(Some(id), ProblemCode::Replaces, message);
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
        let inherited = parent.map(|parent| {
            let fact = &self.catalog.facts[parent.ix()];
            (fact.source, fact.evidence)
        });
        let source = match meta.source {
            Some(id) => self.source(id),
            None => inherited.map(|(source, _)| source),
        };
        let source = source.unwrap_or_else(|| {
            if meta.source.is_none() {
                let message = "expected a `source`, found none here nor to inherit".to_owned();
                self.report(Some(anchor), ProblemCode::NoSource, message);
            }
            self.placeholder_source()
        });
        let own_evidence = meta.source.map(|_| self.catalog.sources[source].evidence);
        let inherited_evidence = inherited.map(|(_, evidence)| evidence);
        let fact = Fact {
            source,
            evidence: meta
                .evidence
                .or(own_evidence)
                .or(inherited_evidence)
                .unwrap_or(Evidence::Inferred),
            at: match (meta.at, meta.source) {
                (Some(at), _) => Some(at.to_string()),
                (None, Some(_)) => None,
                (None, None) => {
                    parent.and_then(|parent| self.catalog.facts[parent.ix()].at.clone())
                }
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
        let mut known: Vec<_> = self.sources[self.file].keys().copied().collect();
        known.sort_unstable();
        let hint = self.near(id, known);
        self.unknown_name(id, "source", hint);
        None
    }

    /// A source that stands in for a missing one, so that lowering can go on.
    fn placeholder_source(&mut self) -> usize {
        let known = self.catalog.sources.iter().position(|source| source.id.is_empty());
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
            let message = format!("expected a date `YYYY-MM-DD`, found `{}`", shown(text));
            self.report(Some(text), ProblemCode::Date, message).maybe_hint(
                swapped(text).map(|date| format!("`{date}` exists: are month and day swapped?")),
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
    let number =
        |digits: &str| digits.bytes().fold(0, |sum, digit| sum * 10 + i16::from(digit - b'0'));
    let small = |digits: &str| i8::try_from(number(digits)).ok();
    if !shaped {
        return None;
    }
    Date::new(number(&text[..4]), small(&text[5..7])?, small(&text[8..])?).ok()
}

/// Returns the date with month and day exchanged, if that is one.
fn swapped(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    parse_date(&format!("{year}-{day}-{month}"))
}
