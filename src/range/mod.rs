//! Constraint expressions: `>=1.2,<2 || 3.*`, `[1.0,2.0)`, `0.8.+`, `~=1.4`.
//!
//! Owns the grammar and what an expression means for one version; turning it into a set of a
//! package's releases is the catalog's business.
//!
//! One grammar serves every scheme, because its operators mean the same to their users everywhere,
//! with three rules that are worth knowing:
//!
//! - A text with fewer numbers than a complete version names a *release line*. Alone, or after `=`
//!   and `!=`, it stands for all of that line, pre-releases included; after `<=` and `>` for the
//!   line as a whole; after `>=` and `<` for its first final release.
//! - `<2.0.0` leaves out the pre-releases of 2.0.0, although they sort before it: whoever excludes a
//!   version excludes what leads up to it. PEP 440 says the same. What leads up to *another* release
//!   stays in: `<1.0.post1` admits `1.0rc1`, as Python's `packaging` does since its release 26.
//! - A package may read a bare version as a minimum ([`Bare::Minimum`]), as Kestra's plugins mean it.

use std::cmp::Ordering;

use crate::version::{Numbering, Numbers, Scheme, Step, Version};

pub(crate) use quick::Ladder;

/// The reading of a version without an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bare {
    /// That release, or that release line.
    Exact,
    /// That release or any later one.
    Minimum,
}

impl Bare {
    fn op(self) -> Op {
        match self {
            Self::Exact => Op::Equal,
            Self::Minimum => Op::GreaterEqual,
        }
    }
}

/// A constraint on the versions of one package.
#[derive(Debug, Clone)]
pub struct Range {
    text: Box<str>,
    terms: Terms,
}

/// The meaning of a range, without its text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terms {
    /// The comparators of all alternatives, one after the other.
    comparators: Vec<Comparator>,
    /// Where each alternative but the last ends. One without comparators admits everything.
    ends: Vec<usize>,
}

/// One comparison.
#[derive(Debug, Clone)]
pub(crate) struct Comparator {
    op: Op,
    operand: Operand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

#[derive(Debug, Clone)]
enum Operand {
    Exact(Version),
    Line { numbers: Numbers, floor: Version },
}

impl Range {
    /// Parses `text` as a constraint on a package numbered by `numbering`.
    ///
    /// # Errors
    ///
    /// The text is not a constraint; the error holds the byte offset of the part that is wrong.
    pub fn parse(text: &str, numbering: &Numbering, bare: Bare) -> Result<Self, RangeError> {
        let mut terms = Terms::default();
        terms.parse(text, numbering, bare)?;
        Ok(Self { text: text.into(), terms })
    }

    /// Returns the text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the range admits `version`.
    pub fn contains(&self, version: &Version) -> bool {
        self.terms.admit(version)
    }

    /// Returns the version below which the range admits nothing, as it is stated; `None` if it has no lower
    /// bound. The version itself need not be admitted.
    pub fn floor(&self) -> Option<Version> {
        let lower = |all: &[Comparator]| -> Option<Version> {
            let bounds = all.iter().filter_map(Comparator::floor);
            bounds.cloned().reduce(|a, b| if a.is_before(&b) { b } else { a })
        };
        let floors: Option<Vec<_>> = self.terms.alternatives().map(lower).collect();
        floors?.into_iter().reduce(|a, b| if b.is_before(&a) { b } else { a })
    }

    /// Returns what the range says.
    pub(crate) fn terms(&self) -> &Terms {
        &self.terms
    }
}

impl Terms {
    /// Reads a constraint in place of what was there, for those who read many.
    pub(crate) fn parse(
        &mut self,
        text: &str,
        numbering: &Numbering,
        bare: Bare,
    ) -> Result<(), RangeError> {
        let parser = Parser { text, numbering, bare };
        self.comparators.clear();
        self.ends.clear();
        let mut rest = text;
        // Most have one alternative, and looking for a character is cheaper than for a text.
        while let Some((part, more)) = rest.contains('|').then(|| rest.split_once("||")).flatten() {
            parser.conjunction(part.trim(), &mut self.comparators)?;
            self.ends.push(self.comparators.len());
            rest = more;
        }
        parser.conjunction(rest.trim(), &mut self.comparators)
    }

    /// Returns whether they admit `version`.
    pub(crate) fn admit(&self, version: &Version) -> bool {
        self.alternatives().any(|all| all.iter().all(|comparator| comparator.admits(version)))
    }

    /// Returns the lists of comparators of which one must hold as a whole.
    fn alternatives(&self) -> impl Iterator<Item = &[Comparator]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ends = self.ends.iter().copied().chain([self.comparators.len()]);
        starts.zip(ends).map(|(start, end)| &self.comparators[start..end])
    }
}

impl Comparator {
    /// Returns the oldest version that could be admitted, if there is such a bound.
    fn floor(&self) -> Option<&Version> {
        let (Operand::Exact(bound) | Operand::Line { floor: bound, .. }) = &self.operand;
        match self.op {
            Op::Equal | Op::Greater | Op::GreaterEqual => Some(bound),
            Op::NotEqual | Op::Less | Op::LessEqual => None,
        }
    }

    fn admits(&self, version: &Version) -> bool {
        match &self.operand {
            Operand::Exact(bound) => self.op.admits_exact(version, bound),
            Operand::Line { numbers, floor } => self.op.admits_line(version, *numbers, floor),
        }
    }
}

impl Op {
    fn admits_exact(self, version: &Version, bound: &Version) -> bool {
        let Some(order) = version.precedence(bound) else {
            return self == Self::NotEqual;
        };
        let equal = order == Ordering::Equal || version.is_local_of(bound);
        match self {
            Self::Equal => equal,
            Self::NotEqual => !equal,
            Self::Less => order == Ordering::Less && !version.is_prerelease_of(bound),
            Self::LessEqual => order == Ordering::Less || equal,
            Self::Greater => order == Ordering::Greater && !equal && !version.is_post_of(bound),
            Self::GreaterEqual => order != Ordering::Less,
        }
    }

    fn admits_line(self, version: &Version, line: Numbers, floor: &Version) -> bool {
        match self {
            Self::Less | Self::GreaterEqual => self.admits_exact(version, floor),
            Self::Equal | Self::NotEqual | Self::LessEqual | Self::Greater => {
                self.holds(compare_to_line(version, line, floor))
            }
        }
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order == Ordering::Equal,
            Self::NotEqual => order != Ordering::Equal,
            Self::Less => order == Ordering::Less,
            Self::LessEqual => order != Ordering::Greater,
            Self::Greater => order == Ordering::Greater,
            Self::GreaterEqual => order != Ordering::Less,
        }
    }
}

fn compare_to_line(version: &Version, line: Numbers, floor: &Version) -> Ordering {
    let own = version.numbers().truncated(line.len());
    match own.cmp(&line) {
        Ordering::Equal if version.epoch() == floor.epoch() => Ordering::Equal,
        // The floor also tells the schemes of a package that changed its scheme apart.
        Ordering::Equal | Ordering::Less | Ordering::Greater => {
            version.precedence(floor).unwrap_or_else(|| own.cmp(&line))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    numbering: &'a Numbering,
    bare: Bare,
}

impl Parser<'_> {
    /// Parses comparisons joined by commas, or one interval.
    fn conjunction(&self, part: &str, all: &mut Vec<Comparator>) -> Result<(), RangeError> {
        if part.starts_with(['[', '(', ']']) {
            return self.interval(part, all);
        }
        for piece in part.split(',').map(str::trim) {
            if piece.is_empty() {
                return Err(self.error(piece, RangeErrorKind::Empty));
            }
            if piece != "*" {
                self.comparison(piece, all)?;
            }
        }
        Ok(())
    }

    fn comparison(&self, piece: &str, all: &mut Vec<Comparator>) -> Result<(), RangeError> {
        let operator_length = piece
            .find(|c: char| !"<>=!~^".contains(c))
            .ok_or_else(|| self.error(piece, RangeErrorKind::MissingVersion))?;
        let (operator, rest) = piece.split_at(operator_length);
        let version = rest.trim_start();
        match operator {
            "" => self.bare_version(version, all),
            "^" => self.compatible(version, Step::Major, all),
            "~" => self.compatible(version, Step::Minor, all),
            "~=" => self.compatible_release(version, all),
            _ => {
                let op = match operator {
                    "=" | "==" => Op::Equal,
                    "!=" => Op::NotEqual,
                    "<" => Op::Less,
                    "<=" => Op::LessEqual,
                    ">" => Op::Greater,
                    ">=" => Op::GreaterEqual,
                    _ => return Err(self.error(operator, RangeErrorKind::UnknownOperator)),
                };
                let operand = self.operand(version, op)?;
                all.push(Comparator { op, operand });
                Ok(())
            }
        }
    }

    fn bare_version(&self, text: &str, all: &mut Vec<Comparator>) -> Result<(), RangeError> {
        let whole_line = text.ends_with(".*") || text.ends_with(".+");
        let op = if whole_line { Op::Equal } else { self.bare.op() };
        all.push(Comparator { op, operand: self.operand(text, Op::Equal)? });
        Ok(())
    }

    /// `^` and `~`: at least this version, within its line at the given step.
    fn compatible(
        &self,
        text: &str,
        step: Step,
        all: &mut Vec<Comparator>,
    ) -> Result<(), RangeError> {
        let operand = self.operand(text, Op::GreaterEqual)?;
        let floor = operand.floor();
        let mut keep = if step == Step::Major && floor.numbers().padded()[0] != 0 { 1 } else { 2 };
        if self.numbering.scheme() == Scheme::Calver {
            keep = 2;
        }
        all.push(self.line_of(floor, keep, text)?);
        all.push(Comparator { op: Op::GreaterEqual, operand });
        Ok(())
    }

    /// PEP 440's `~=1.4.5`: `>=1.4.5, ==1.4.*`.
    fn compatible_release(&self, text: &str, all: &mut Vec<Comparator>) -> Result<(), RangeError> {
        let operand = self.operand(text, Op::GreaterEqual)?;
        let written = match &operand {
            Operand::Exact(version) => version.numbers().len(),
            Operand::Line { numbers, .. } => numbers.len(),
        };
        if written < 2 {
            return Err(self.error(text, RangeErrorKind::TooShort));
        }
        all.push(self.line_of(operand.floor(), written - 1, text)?);
        all.push(Comparator { op: Op::GreaterEqual, operand });
        Ok(())
    }

    fn line_of(
        &self,
        version: &Version,
        keep: usize,
        text: &str,
    ) -> Result<Comparator, RangeError> {
        let numbers = version.numbers().truncated(keep);
        let floor = self
            .numbering
            .floor(numbers, version.epoch())
            .ok_or_else(|| self.error(text, RangeErrorKind::NoLine))?;
        Ok(Comparator { op: Op::Equal, operand: Operand::Line { numbers, floor } })
    }

    fn operand(&self, text: &str, op: Op) -> Result<Operand, RangeError> {
        if text.is_empty() {
            return Err(self.error(text, RangeErrorKind::MissingVersion));
        }
        if let Some(line) = text.strip_suffix(".*").or_else(|| text.strip_suffix(".+")) {
            if !matches!(op, Op::Equal | Op::NotEqual) {
                return Err(self.error(text, RangeErrorKind::Wildcard));
            }
            return self.wildcard(text, line);
        }
        if self.numbering.scheme() != Scheme::Pep440 {
            if let Some((numbers, floor)) = self.numbering.parse_line(text) {
                return Ok(Operand::Line { numbers, floor });
            }
        } else if self.bare_line(op) {
            // In PEP 440 `==1.4` is the release 1.4; only a text without operator is a line.
            if let Some((numbers, floor)) =
                self.numbering.parse_line(text).filter(|_| !self.has_operator(text))
            {
                return Ok(Operand::Line { numbers, floor });
            }
        }
        match self.numbering.parse(text) {
            Ok(version) => Ok(Operand::Exact(version)),
            Err(error) => Err(self.error(text, RangeErrorKind::Version(error.to_string()))),
        }
    }

    fn bare_line(&self, op: Op) -> bool {
        op == Op::Equal && self.bare == Bare::Exact
    }

    fn has_operator(&self, operand: &str) -> bool {
        let before = &self.text[..self.offset(operand)];
        before.trim_end().ends_with(['=', '<', '>', '~', '!', '^'])
    }

    fn wildcard(&self, text: &str, line: &str) -> Result<Operand, RangeError> {
        let wrong = || self.error(text, RangeErrorKind::NoLine);
        let (epoch, digits) = match self.numbering.scheme() {
            Scheme::Duckdb => ("0", line.strip_prefix('v').unwrap_or(line)),
            Scheme::Pep440 => line.split_once('!').unwrap_or(("0", line)),
            Scheme::Semver | Scheme::Calver | Scheme::Natural | Scheme::Listed => ("0", line),
        };
        let epoch = epoch.parse().map_err(|_| wrong())?;
        let parts: Result<Vec<_>, _> = digits.split('.').map(str::parse).collect();
        let parts = parts.map_err(|_| wrong())?;
        let numbers = Numbers::new(&parts);
        match self.numbering.floor(numbers, epoch) {
            Some(floor) if parts.len() <= 4 => Ok(Operand::Line { numbers, floor }),
            Some(_) | None => Err(wrong()),
        }
    }

    /// `[a,b)`, `(,b]`, `[a,)`.
    fn interval(&self, part: &str, all: &mut Vec<Comparator>) -> Result<(), RangeError> {
        let lower = if part.starts_with('[') { Op::GreaterEqual } else { Op::Greater };
        let upper = match part.chars().last() {
            Some(']') => Op::LessEqual,
            Some(')') => Op::Less,
            _ => return Err(self.error(part, RangeErrorKind::UnclosedInterval)),
        };
        if part.len() < 2 {
            return Err(self.error(part, RangeErrorKind::UnclosedInterval));
        }
        let inner = &part[1..part.len() - 1];
        let Some((low, high)) = inner.split_once(',') else {
            let version = inner.trim();
            let operand = self.operand(version, Op::Less)?;
            all.push(Comparator { op: Op::Equal, operand });
            return Ok(());
        };
        for (op, text) in [(lower, low.trim()), (upper, high.trim())] {
            if !text.is_empty() {
                let operand = Operand::Exact(self.operand(text, op)?.floor().clone());
                all.push(Comparator { op, operand });
            }
        }
        Ok(())
    }

    fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len())
    }

    fn error(&self, part: &str, kind: RangeErrorKind) -> RangeError {
        let hint = self.hint(part, &kind);
        RangeError { offset: self.offset(part), part: part.into(), kind, hint }
    }

    fn hint(&self, part: &str, kind: &RangeErrorKind) -> Option<&'static str> {
        let split_operator = part.starts_with(['=', '<', '>']) || self.text.contains("> =");
        match kind {
            RangeErrorKind::Version(_) if split_operator => {
                Some("remove the space inside the operator")
            }
            RangeErrorKind::Version(_) if part.contains(' ') => {
                Some("join comparisons with `,` (and) or `||` (or)")
            }
            RangeErrorKind::UnknownOperator => {
                Some("the operators are `>=`, `>`, `<=`, `<`, `=`, `!=`, `^`, `~` and `~=`")
            }
            RangeErrorKind::Empty
            | RangeErrorKind::MissingVersion
            | RangeErrorKind::TooShort
            | RangeErrorKind::Wildcard
            | RangeErrorKind::NoLine
            | RangeErrorKind::UnclosedInterval
            | RangeErrorKind::Version(_) => None,
        }
    }
}

impl Operand {
    fn floor(&self) -> &Version {
        match self {
            Self::Exact(version) | Self::Line { floor: version, .. } => version,
        }
    }
}

/// Why a text is not a constraint, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a constraint such as `>=1.2,<2`, found `{part}`: {kind}")]
pub struct RangeError {
    /// Byte offset of `part` in the text.
    pub offset: usize,
    /// The part that is wrong.
    pub part: String,
    /// The mistake in it.
    pub kind: RangeErrorKind,
    /// Advice on what to do about it.
    pub hint: Option<&'static str>,
}

/// The ways in which a text fails to be a constraint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeErrorKind {
    /// Occurs for an empty text, or nothing between commas.
    #[error("nothing is there")]
    Empty,
    /// Occurs when an operator stands alone.
    #[error("a version is missing after the operator")]
    MissingVersion,
    /// Occurs for `=>` and the like.
    #[error("unknown operator")]
    UnknownOperator,
    /// Occurs for `~=1`.
    #[error("`~=` needs at least two numbers")]
    TooShort,
    /// Occurs for `>=1.*`.
    #[error("a wildcard goes only with `=` and `!=`")]
    Wildcard,
    /// Occurs when no release line can be made of the text.
    #[error("it names no release line")]
    NoLine,
    /// Occurs when an interval does not end in `]` or `)`.
    #[error("the interval is not closed")]
    UnclosedInterval,
    /// Occurs when the operand is not a version.
    #[error("{0}")]
    Version(String),
}

mod quick;
mod spans;
#[cfg(test)]
mod tests;
