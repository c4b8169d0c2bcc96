//! Several sets side by side: what all have alike, and in what they differ.

use crate::answer::selection::Selection;
use crate::catalog::{PackageIx, Rank, ReleaseId};

/// Sets, compared.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// Releases that are in each of them.
    pub(super) same: Vec<ReleaseId>,
    /// The other packages, in the order of the sets.
    pub(super) differing: Vec<PackageIx>,
    /// For each set the releases of these; `None` where a set does without.
    pub(super) rows: Vec<Vec<Option<Rank>>>,
}

impl Compared {
    pub(super) fn new(sets: &[Selection]) -> Self {
        let mut compared = Self::default();
        for package in packages(sets) {
            let mut ranks = sets.iter().map(|set| rank_of(set, package));
            match ranks.next().flatten() {
                Some(rank) if ranks.all(|other| other == Some(rank)) => {
                    compared.same.push((package, rank));
                }
                Some(_) | None => compared.differing.push(package),
            }
        }
        let row = |set| compared.differing.iter().map(|&package| rank_of(set, package)).collect();
        compared.rows = sets.iter().map(row).collect();
        compared
    }
}

/// Returns every package of some sets: in the order of the first, then what only later ones have.
fn packages(sets: &[Selection]) -> Vec<PackageIx> {
    let mut packages = Vec::new();
    for pick in sets.iter().flat_map(|set| &set.picks) {
        if !packages.contains(&pick.release.0) {
            packages.push(pick.release.0);
        }
    }
    packages
}

fn rank_of(set: &Selection, package: PackageIx) -> Option<Rank> {
    let pick = set.picks.iter().find(|pick| pick.release.0 == package)?;
    Some(pick.release.1)
}
