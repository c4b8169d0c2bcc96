//! The constraints of all needs, of which few are ever looked at.
//!
//! A big matrix states hundreds of thousands of ranges, and a question touches some of them. So a range is
//! kept as its text and the ranks that it admits, which nearly always are one span, and becomes a
//! [`Constraint`] when it is first asked for.

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Constraint, ConstraintIx, PackageIx, ReleaseSet};

/// A table of constraints by [`ConstraintIx`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Constraints {
    rows: Vec<Row>,
    /// The texts of the ranges, in order of the rows.
    texts: String,
    /// The publishers' own words, where they differ from the range.
    declared: FxHashMap<ConstraintIx, Box<str>>,
    /// Those that are no ranges, with the releases that they allow or of which no fact says whether they do.
    others: FxHashMap<ConstraintIx, (Constraint, Admitted)>,
    /// One place for each range, filled when it is first asked for.
    made: OnceLock<Box<[Made]>>,
}

type Made = OnceLock<Box<Constraint>>;

/// A range.
#[derive(Debug, Clone)]
struct Row {
    target: PackageIx,
    /// Where its text begins. It ends where the next one begins.
    text: u32,
    /// Whether a bare version is a minimum.
    minimum: bool,
    admitted: Admitted,
}

/// Releases of one package: how many there are, and those `from..to`, or a set.
#[derive(Debug, Clone)]
pub(crate) enum Admitted {
    Span { size: u32, from: u32, to: u32 },
    Set(Box<ReleaseSet>),
}

impl Admitted {
    /// Returns a span of `size` releases.
    pub(crate) fn span(size: usize, span: Range<usize>) -> Self {
        Self::Span { size: small(size), from: small(span.start), to: small(span.end) }
    }

    /// Returns the releases of a set.
    pub(crate) fn set(set: ReleaseSet) -> Self {
        let span = match (set.oldest(), set.newest()) {
            (Some(oldest), Some(newest)) => oldest.ix()..newest.ix() + 1,
            _ => 0..0,
        };
        if span.len() == set.count() {
            return Self::span(set.size(), span);
        }
        Self::Set(Box::new(set))
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Span { from, to, .. } => from >= to,
            Self::Set(set) => set.is_empty(),
        }
    }

    /// Writes the releases into the words of a set, which has none yet.
    pub(crate) fn write(&self, words: &mut [usize]) {
        match self {
            Self::Span { from, to, .. } => fill(words, *from as usize..*to as usize),
            Self::Set(set) => words[..set.words().len()].copy_from_slice(set.words()),
        }
    }

    fn to_set(&self) -> ReleaseSet {
        match self {
            Self::Span { size, from, to } => {
                let mut set = ReleaseSet::empty(*size as usize);
                set.insert_span(*from as usize..*to as usize);
                set
            }
            Self::Set(set) => (**set).clone(),
        }
    }
}

impl Constraints {
    /// Returns how many there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a range of a package's releases and says which these are.
    pub(crate) fn add_range(
        &mut self,
        target: PackageIx,
        text: &str,
        minimum: bool,
        declared: Option<&str>,
        admitted: Admitted,
    ) -> ConstraintIx {
        let ix = ConstraintIx::new(self.len());
        let start = small(self.texts.len());
        // The places are as many as there are ranges.
        drop(self.made.take());
        self.texts.push_str(text);
        self.rows.push(Row { target, text: start, minimum, admitted });
        if let Some(declared) = declared {
            self.declared.insert(ix, declared.into());
        }
        ix
    }

    /// Adds a constraint that is not a range.
    pub(crate) fn add(&mut self, other: Constraint) -> ConstraintIx {
        let admitted = Admitted::set(other.allowed.clone());
        let ix = self.add_range(other.target, "", false, None, admitted);
        let mut possible = other.allowed.clone();
        possible.union_with(&other.unknown);
        self.others.insert(ix, (other, Admitted::set(possible)));
        ix
    }

    /// Whether a constraint is a range that is written so.
    pub(crate) fn is(
        &self,
        ix: ConstraintIx,
        text: &str,
        minimum: bool,
        declared: Option<&str>,
    ) -> bool {
        self.text(ix) == text
            && self.rows[ix.ix()].minimum == minimum
            && (self.declared.is_empty() || self.declared.get(&ix).map(|text| &**text) == declared)
    }

    /// Returns a range as it was written.
    fn text(&self, ix: ConstraintIx) -> &str {
        let start = self.rows[ix.ix()].text as usize;
        let end = self.rows.get(ix.ix() + 1).map_or(self.texts.len(), |next| next.text as usize);
        &self.texts[start..end]
    }

    /// Returns the releases that a constraint allows, without making it.
    pub(crate) fn admitted(&self, ix: ConstraintIx) -> &Admitted {
        &self.rows[ix.ix()].admitted
    }

    /// Whether no fact decides of some release if it satisfies some constraint.
    pub(crate) fn has_open(&self) -> bool {
        self.others.values().any(|(other, _)| !other.unknown.is_empty())
    }

    /// Returns the releases that a constraint allows, and those of which no fact says whether it does.
    pub(crate) fn possible(&self, ix: ConstraintIx) -> &Admitted {
        self.others.get(&ix).map_or_else(|| self.admitted(ix), |(_, possible)| possible)
    }

    /// Returns a constraint.
    pub(crate) fn get(&self, ix: ConstraintIx) -> &Constraint {
        if let Some((other, _)) = self.others.get(&ix) {
            return other;
        }
        let made = self.made.get_or_init(|| vec![Made::new(); self.len()].into());
        made[ix.ix()].get_or_init(|| Box::new(self.make(ix)))
    }

    fn make(&self, ix: ConstraintIx) -> Constraint {
        let (row, range) = (&self.rows[ix.ix()], self.text(ix));
        let allowed = row.admitted.to_set();
        let at_least =
            row.minimum && range.starts_with(|c: char| c.is_ascii_digit()) && !range.ends_with('+');
        let (text, declared) = if at_least {
            (format!(">={range}"), Some(range.to_owned()))
        } else {
            (range.to_owned(), self.declared.get(&ix).map(ToString::to_string))
        };
        let unknown = ReleaseSet::none();
        Constraint { target: row.target, text, interface: None, declared, allowed, unknown }
    }
}

/// Sets a span of bits.
fn fill(words: &mut [usize], span: Range<usize>) {
    const BITS: usize = usize::BITS as usize;
    if span.is_empty() {
        return;
    }
    let (first, last) = (span.start / BITS, (span.end - 1) / BITS);
    words[first..=last].fill(usize::MAX);
    words[first] &= usize::MAX << (span.start % BITS);
    words[last] &= usize::MAX >> (BITS - 1 - (span.end - 1) % BITS);
}

/// # Panics
///
/// Panics past 2^32, which the file size limit rules out.
fn small(number: usize) -> u32 {
    u32::try_from(number).expect("files are too small to hold 2^32 of anything")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way to look at a range says the same, whichever form it is kept in.
    #[test]
    fn spans_and_sets_agree() {
        let size = 150;
        for (from, to) in [(0, 0), (0, 1), (3, 64), (63, 65), (64, 128), (1, 150), (149, 150)] {
            let mut set = ReleaseSet::empty(size);
            set.insert_span(from..to);
            let span = Admitted::set(set.clone());
            assert!(matches!(span, Admitted::Span { .. }));
            for admitted in [span, Admitted::Set(Box::new(set.clone()))] {
                let (mut table, target) = (Constraints::default(), PackageIx::new(0));
                assert_eq!(admitted.is_empty(), set.is_empty());
                let ix = table.add_range(target, "1", true, None, admitted);
                let mut words = [0; 3];
                table.admitted(ix).write(&mut words);
                assert_eq!(words.as_slice(), set.words());
                assert_eq!(table.get(ix).allowed, set);
                assert_eq!(table.get(ix).text, ">=1");
            }
        }
    }
}
