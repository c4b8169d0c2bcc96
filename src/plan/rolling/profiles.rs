//! Nodes that are alike, and groups as counts of them.

use std::collections::BTreeMap;
use std::ops::Index;

use rustc_hash::FxHashMap;

use crate::catalog::{ReleaseId, RoleIx};
use crate::plan::sets::Packages;

/// Position of a profile.
pub(super) type ProfileIx = usize;

/// A group: its profiles and how many nodes it has of each, in the order of profiles.
pub(super) type Roster = Vec<(ProfileIx, usize)>;

/// Something that nodes have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Profile {
    pub(super) role: Option<RoleIx>,
    /// Position of what it runs.
    pub(super) packages: usize,
    /// The release of the product that it runs; `None` if it takes no part in the way.
    pub(super) running: Option<ReleaseId>,
    /// The number of times that it has moved.
    pub(super) hops: usize,
}

/// All profiles that were seen, and what they run.
#[derive(Default)]
pub(super) struct Profiles {
    list: Vec<Profile>,
    by_value: FxHashMap<Profile, ProfileIx>,
    packages: Vec<Packages>,
    packages_ix: BTreeMap<Packages, usize>,
}

impl Profiles {
    pub(super) fn list(&self) -> &[Profile] {
        &self.list
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns the position of a profile.
    pub(super) fn add(&mut self, profile: Profile) -> ProfileIx {
        *self.by_value.entry(profile).or_insert_with(|| {
            self.list.push(profile);
            self.list.len() - 1
        })
    }

    /// Returns the position of packages.
    pub(super) fn intern(&mut self, packages: &Packages) -> usize {
        if let Some(&known) = self.packages_ix.get(packages) {
            return known;
        }
        self.packages_ix.insert(packages.clone(), self.packages.len());
        self.packages.push(packages.clone());
        self.packages.len() - 1
    }

    pub(super) fn packages(&self, at: usize) -> &Packages {
        &self.packages[at]
    }
}

impl Index<ProfileIx> for Profiles {
    type Output = Profile;

    fn index(&self, profile: ProfileIx) -> &Profile {
        &self.list[profile]
    }
}

/// Returns a roster with some nodes of one profile turned into another.
pub(super) fn turned(roster: &Roster, from: ProfileIx, to: ProfileIx, many: usize) -> Roster {
    let mut counts: BTreeMap<ProfileIx, usize> = roster.iter().copied().collect();
    if let Some(count) = counts.get_mut(&from) {
        *count = count.saturating_sub(many);
    }
    *counts.entry(to).or_insert(0) += many;
    counts.retain(|_, count| *count > 0);
    counts.into_iter().collect()
}

/// Returns a roster without one node of a profile.
pub(super) fn without(roster: &Roster, profile: ProfileIx) -> Roster {
    let mut rest = roster.clone();
    rest.iter_mut().filter(|entry| entry.0 == profile).for_each(|entry| entry.1 -= 1);
    rest.retain(|entry| entry.1 > 0);
    rest
}
