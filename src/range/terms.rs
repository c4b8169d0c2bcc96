//! The terms of a range, and which versions they admit.

use std::cmp::Ordering;

use crate::version::{Numbers, Version};

/// The reading of a version without an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bare {
    /// That release, or that release line.
    Exact,
    /// That release or any later one.
    Minimum,
}

impl Bare {
    pub(super) fn op(self) -> Op {
        match self {
            Self::Exact => Op::Equal,
            Self::Minimum => Op::GreaterEqual,
        }
    }
}

/// The meaning of a range, without its text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terms {
    /// The comparators of all alternatives, one after the other.
    pub(super) comparators: Vec<Comparator>,
    /// Where each alternative but the last ends. One without comparators admits everything.
    pub(super) ends: Vec<usize>,
}

/// One comparison.
#[derive(Debug, Clone)]
pub(crate) struct Comparator {
    pub(super) op: Op,
    pub(super) operand: Operand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

#[derive(Debug, Clone)]
pub(super) enum Operand {
    Exact(Version),
    Line { numbers: Numbers, floor: Version },
}

impl Terms {
    /// Returns whether they admit `version`.
    pub(crate) fn admit(&self, version: &Version) -> bool {
        self.alternatives().any(|all| all.iter().all(|comparator| comparator.admits(version)))
    }

    /// Whether a bound that admits versions is a pre-release.
    pub(super) fn names_prerelease(&self) -> bool {
        self.comparators.iter().any(|comparator| match &comparator.operand {
            Operand::Exact(bound) => comparator.op != Op::NotEqual && bound.is_prerelease(),
            Operand::Line { .. } => false,
        })
    }

    /// Returns the lists of comparators of which one must hold as a whole.
    pub(super) fn alternatives(&self) -> impl Iterator<Item = &[Comparator]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ends = self.ends.iter().copied().chain([self.comparators.len()]);
        starts.zip(ends).map(|(start, end)| &self.comparators[start..end])
    }
}

impl Comparator {
    /// Returns the oldest version that could be admitted, if there is such a bound.
    pub(super) fn floor(&self) -> Option<&Version> {
        let (Operand::Exact(bound) | Operand::Line { floor: bound, .. }) = &self.operand;
        match self.op {
            Op::Equal | Op::Greater | Op::GreaterEqual => Some(bound),
            Op::NotEqual | Op::Less | Op::LessEqual => None,
        }
    }

    /// Returns true if it admits nothing from some version on.
    pub(super) fn is_ceiling(&self) -> bool {
        match self.op {
            Op::Equal | Op::Less | Op::LessEqual => true,
            Op::NotEqual | Op::Greater | Op::GreaterEqual => false,
        }
    }

    pub(super) fn admits(&self, version: &Version) -> bool {
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

pub(super) fn compare_to_line(version: &Version, line: Numbers, floor: &Version) -> Ordering {
    let own = version.numbers().truncated(line.len());
    match own.cmp(&line) {
        Ordering::Equal if version.epoch() == floor.epoch() => Ordering::Equal,
        // The floor also tells the schemes of a package that changed its scheme apart.
        Ordering::Equal | Ordering::Less | Ordering::Greater => {
            version.precedence(floor).unwrap_or_else(|| own.cmp(&line))
        }
    }
}

impl Operand {
    pub(super) fn floor(&self) -> &Version {
        match self {
            Self::Exact(version) | Self::Line { floor: version, .. } => version,
        }
    }
}
