//! The grammar of ranges.

use super::error::{RangeError, RangeErrorKind};
use super::terms::{Bare, Comparator, Op, Operand, Terms};
use crate::version::{Numbering, Numbers, Scheme, Step, Version};

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
