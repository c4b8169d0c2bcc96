//! Interface levels in one order per interface.

use std::cmp::Ordering;

use crate::problem::shown;
use crate::version::{Numbering, Scheme, Version};

/// The levels of one interface, lowest first once sealed.
#[derive(Debug, Clone)]
pub(super) struct LevelTable {
    numbering: Option<Numbering>,
    values: Vec<(LevelValue, String)>,
}

#[derive(Debug, Clone)]
enum LevelValue {
    Number(u64),
    Version(Version),
}

impl LevelValue {
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Version(a), Self::Version(b)) => a.precedence(b).unwrap_or(Ordering::Equal),
            (Self::Number(_), Self::Version(_)) => Ordering::Less,
            (Self::Version(_), Self::Number(_)) => Ordering::Greater,
        }
    }
}

/// One end of a level span, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LevelEnd<'t> {
    /// Left open.
    Open,
    /// The release's own version.
    Own,
    /// This level.
    Level(&'t str),
}

impl LevelTable {
    /// Returns an empty table for `number` levels or those of a scheme.
    pub(super) fn new(levels: &str) -> Option<Self> {
        let numbering = match levels {
            "number" => None,
            name => Some(Numbering::new(
                Scheme::named(name).filter(|&scheme| scheme != Scheme::Listed)?,
            )),
        };
        Some(Self { numbering, values: Vec::new() })
    }

    /// Adds a level, if it parses.
    pub(super) fn add(&mut self, text: &str) -> Result<(), String> {
        let value = self.parse(text)?;
        self.values.push((value, text.to_owned()));
        Ok(())
    }

    fn parse(&self, text: &str) -> Result<LevelValue, String> {
        match &self.numbering {
            None => text.parse().map(LevelValue::Number).map_err(|_| {
                let found = shown(text);
                format!("expected a level number such as `80`, found `{found}`")
            }),
            Some(numbering) => {
                numbering.parse(text).map(LevelValue::Version).map_err(|error| error.about(text))
            }
        }
    }

    pub(super) fn is_before(&self, a: &str, b: &str) -> bool {
        match (self.parse(a), self.parse(b)) {
            (Ok(a), Ok(b)) => a.order(&b) == Ordering::Less,
            (Ok(_) | Err(_), _) => false,
        }
    }

    /// Sorts the levels; positions hold from here on. Returns their texts.
    pub(super) fn seal(&mut self) -> Vec<String> {
        self.values.sort_by(|(a, _), (b, _)| a.order(b));
        self.values.dedup_by(|(a, _), (b, _)| a.order(b) == Ordering::Equal);
        self.values.iter().map(|(_, text)| text.clone()).collect()
    }

    /// Returns the position of a level that was added before.
    pub(super) fn position(&self, text: &str) -> Option<u32> {
        let wanted = self.parse(text).ok()?;
        let found = self.values.binary_search_by(|(value, _)| value.order(&wanted)).ok()?;
        u32::try_from(found).ok()
    }
}

/// Splits a level text into the ends of its span.
pub(super) fn ends(text: &str) -> (LevelEnd<'_>, LevelEnd<'_>) {
    fn end(text: &str) -> LevelEnd<'_> {
        match text {
            "" => LevelEnd::Open,
            "self" => LevelEnd::Own,
            level => LevelEnd::Level(level),
        }
    }
    if text == "*" {
        return (LevelEnd::Open, LevelEnd::Open);
    }
    if let Some((low, high)) = text.split_once("..=") {
        return (end(low), end(high));
    }
    match text.strip_suffix("..") {
        Some(low) => (end(low), LevelEnd::Open),
        None => (end(text), end(text)),
    }
}
