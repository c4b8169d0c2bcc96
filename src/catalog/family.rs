//! Packages that are released together under different numbers.
//!
//! Owns a family's mapping of numbers. What is to be said about a set is not decided here.

use super::{FactIx, PackageIx, Rank, ReleaseId, ReleaseSet};
use crate::version::{Numbers, Version};

/// Packages that are released together under different numbers.
#[derive(Debug, Clone)]
pub struct Family {
    /// Its name.
    pub name: String,
    /// The package whose number the others follow.
    pub core: PackageIx,
    /// The packages that follow.
    pub members: Vec<PackageIx>,
    /// Names of packages that follow though no matrix lists them.
    pub open: OpenNames,
    /// How numbers correspond.
    pub maps: Vec<FamilyMap>,
    /// Where they do not.
    pub exceptions: Vec<FamilyException>,
    /// Where it is known from.
    pub fact: FactIx,
}

/// Names of packages, as patterns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenNames {
    /// How they begin.
    pub prefixes: Vec<String>,
    /// Names that begin so and are none of them.
    pub apart: Vec<String>,
}

impl OpenNames {
    /// Returns true if a name is one of them.
    pub fn have(&self, name: &str) -> bool {
        let begins = |prefix: &String| name.starts_with(prefix.as_str());
        self.prefixes.iter().any(begins) && self.apart.iter().all(|other| other != name)
    }
}

impl Family {
    /// Returns the numbers that members have beside a core release, one for each map that speaks of it.
    /// None if no map does; then nothing is expected of members.
    pub fn expected(&self, core: &Version) -> Vec<Numbers> {
        let numbers = core.numbers();
        let given = self.maps.iter().filter_map(|map| {
            // `1.0` and `1.0.0` are one version, so missing numbers are zeros.
            let length = map.core.len().max(numbers.len());
            let core = numbers.padded();
            map.member_of(core.get(..length)?)
        });
        given.map(|wanted| Numbers::new(&wanted)).collect()
    }

    /// Whether a member's release is numbered on its own, by a stated exception.
    pub fn is_excused(&self, (member, rank): ReleaseId) -> bool {
        self.exceptions
            .iter()
            .any(|stated| stated.member == Some(member) && stated.releases.contains(rank))
    }

    /// Returns the exception that says why a core release came out without members.
    pub fn bare(&self, core: Rank) -> Option<&FamilyException> {
        self.exceptions
            .iter()
            .find(|stated| stated.member.is_none() && stated.releases.contains(core))
    }
}

/// Whether a member's version has one of the expected numbers. What follows them does not matter: a
/// post release goes with the same core.
pub(crate) fn is_expected(expected: &[Numbers], version: &Version) -> bool {
    expected.iter().any(|wanted| version.numbers().truncated(wanted.len()) == *wanted)
}

/// A correspondence such as `1.x.y` to `0.{x+16}.y`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyMap {
    /// Pattern of the core's numbers.
    pub core: Vec<FamilyPart>,
    /// Pattern of the members' numbers.
    pub member: Vec<FamilyPart>,
}

/// One number of a family pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FamilyPart {
    /// This number.
    Literal(u64),
    /// A named number plus an offset.
    Variable(char, u64),
}

impl FamilyMap {
    /// Returns the members' numbers that belong to a core's numbers.
    pub fn member_of(&self, core: &[u64]) -> Option<Vec<u64>> {
        if core.len() != self.core.len() {
            return None;
        }
        let mut bound = Vec::new();
        for (part, &number) in self.core.iter().zip(core) {
            match *part {
                FamilyPart::Literal(literal) if literal != number => return None,
                FamilyPart::Literal(_) => {}
                FamilyPart::Variable(name, offset) => {
                    bound.push((name, number.checked_sub(offset)?));
                }
            }
        }
        let value = |part: &FamilyPart| match *part {
            FamilyPart::Literal(literal) => Some(literal),
            FamilyPart::Variable(name, offset) => bound
                .iter()
                .find(|(named, _)| *named == name)
                .and_then(|(_, number)| number.checked_add(offset)),
        };
        self.member.iter().map(value).collect()
    }
}

/// Releases that their family's mapping does not speak of: a member's that are numbered on their own,
/// or the core's that came out without members.
#[derive(Debug, Clone)]
pub struct FamilyException {
    /// The member; none if the exception is about the core.
    pub member: Option<PackageIx>,
    /// Its releases, or the core's if no member is named.
    pub releases: ReleaseSet,
    /// Why.
    pub why: String,
    /// Where it is known from.
    pub fact: FactIx,
}

/// A release that its own requirements leave freer than its family does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// A release of a member.
    pub release: ReleaseId,
    /// The package whose number it follows.
    pub core: PackageIx,
    /// The releases of the core that it goes with: those that the mapping gives, and those of which no
    /// map speaks.
    pub cores: ReleaseSet,
    /// Where the family is known from.
    pub fact: FactIx,
}
