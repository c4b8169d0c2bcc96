//! Dotted numbers with an optional qualifier: the shape that CalVer, DuckDB and JVM versions share.
//!
//! Owns the parsing and the order of `1.2.3-rc9`; the schemes decide how many numbers are allowed.
//! Digits in a qualifier compare as numbers, so `rc9 < rc12`; strict SemVer compares that text as
//! text and says the opposite, which is why these schemes are not SemVer.

use std::cmp::Ordering;

use super::error::VersionErrorKind;
use super::numbers::Numbers;

/// A dotted version: numbers, then qualifier tokens (empty for a final release).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dotted {
    pub(super) numbers: Numbers,
    qualifier: Vec<Token>,
}

/// One run of letters or digits in a qualifier.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(Stage, String),
    Number(u64),
}

/// The order of well-known qualifier words, as Kestra's own version class defines it for the JVM
/// world (alpha, beta, snapshot, rc, release); unknown words come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Other,
    Alpha,
    Beta,
    Milestone,
    Snapshot,
    Candidate,
    Release,
}

impl Stage {
    fn of(word: &str) -> Self {
        match word {
            "a" | "alpha" => Self::Alpha,
            "b" | "beta" => Self::Beta,
            "m" | "milestone" => Self::Milestone,
            "snapshot" => Self::Snapshot,
            "c" | "cr" | "rc" => Self::Candidate,
            "release" | "final" | "ga" => Self::Release,
            _ => Self::Other,
        }
    }
}

impl Dotted {
    /// Parses `text`, which must hold `min..=max` numbers and may carry a qualifier after `-`, `.` or a letter.
    pub(super) fn parse(text: &str, min: usize, max: usize) -> Result<Self, VersionErrorKind> {
        let body = text.split_once('+').map_or(text, |(body, _build)| body);
        let split = body.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(body.len());
        let (digits, rest) = body.split_at(split);
        let digits = digits.strip_suffix('.').unwrap_or(digits);
        let numbers = Numbers::parse(digits)?;
        if numbers.len() < min || numbers.len() > max {
            return Err(VersionErrorKind::PartCount { min, max, found: numbers.len() });
        }
        Ok(Self { numbers, qualifier: tokens(rest.trim_start_matches('-'))? })
    }

    /// Returns the version that is these numbers.
    pub(super) fn final_release(numbers: Numbers) -> Self {
        Self { numbers, qualifier: Vec::new() }
    }

    /// Returns whether the qualifier marks something before the final release.
    pub(super) fn is_prerelease(&self) -> bool {
        match self.qualifier.first() {
            None => false,
            Some(Token::Word(stage, _)) => *stage != Stage::Release,
            Some(Token::Number(_)) => true,
        }
    }
}

impl Ord for Dotted {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| compare_qualifiers(&self.qualifier, &other.qualifier))
    }
}

impl PartialOrd for Dotted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Splits a qualifier into runs of letters and runs of digits.
fn tokens(text: &str) -> Result<Vec<Token>, VersionErrorKind> {
    let mut tokens = Vec::new();
    for piece in text.split(['-', '.', '_']).filter(|piece| !piece.is_empty()) {
        if let Some(bad) = piece.chars().find(|c| !c.is_ascii_alphanumeric()) {
            return Err(VersionErrorKind::BadCharacter(bad));
        }
        let mut rest = piece;
        while let Some(first) = rest.chars().next() {
            let digit = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != digit).unwrap_or(rest.len());
            let (run, tail) = rest.split_at(end);
            tokens.push(if digit {
                Token::Number(run.parse().map_err(|_| VersionErrorKind::TooLarge)?)
            } else {
                let word = run.to_ascii_lowercase();
                Token::Word(Stage::of(&word), word)
            });
            rest = tail;
        }
    }
    Ok(tokens)
}

fn compare_qualifiers(left: &[Token], right: &[Token]) -> Ordering {
    for (a, b) in left.iter().zip(right) {
        let order = match (a, b) {
            (Token::Word(s, x), Token::Word(t, y)) => s.cmp(t).then_with(|| match s {
                Stage::Other => x.cmp(y),
                Stage::Alpha
                | Stage::Beta
                | Stage::Milestone
                | Stage::Snapshot
                | Stage::Candidate
                | Stage::Release => Ordering::Equal,
            }),
            (Token::Number(x), Token::Number(y)) => x.cmp(y),
            (Token::Number(_), Token::Word(..)) => Ordering::Less,
            (Token::Word(..), Token::Number(_)) => Ordering::Greater,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    match left.len().cmp(&right.len()) {
        Ordering::Equal => Ordering::Equal,
        Ordering::Less => longer_follows(&right[left.len()], left.is_empty()),
        Ordering::Greater => longer_follows(&left[right.len()], right.is_empty()).reverse(),
    }
}

/// Returns how the shorter list compares with one that goes on with `next`: `rc` before `rc1`, but
/// `rc1-SNAPSHOT` before `rc1`, and any qualifier before none at all.
fn longer_follows(next: &Token, shorter_is_final: bool) -> Ordering {
    match next {
        Token::Number(_) if !shorter_is_final => Ordering::Less,
        Token::Number(_) | Token::Word(..) => Ordering::Greater,
    }
}
