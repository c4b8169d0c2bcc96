//! The releases that are kept to their core by a family alone.

use rustc_hash::FxHashMap;

use super::{Catalog, Constraint, Family, NeedKind, PackageIx, Pin, ReleaseId, ReleaseSet};
use crate::version::Version;

/// Returns the pins of all families, by package and then oldest release first.
///
/// A release that pins its core as the mapping does needs no pin, so there are few.
pub(crate) fn pins_of_families(catalog: &Catalog) -> Vec<Pin> {
    let mut pins: Vec<_> =
        catalog.families.iter().flat_map(|family| family_pins(catalog, family)).collect();
    pins.sort_by_key(|pin| pin.release);
    pins
}

fn family_pins(catalog: &Catalog, family: &Family) -> Vec<Pin> {
    let table = CoreTable::new(catalog, family);
    let mut pins = Vec::new();
    for &member in &family.members {
        let stated = catalog.package(member);
        for rank in stated.ranks().filter(|&rank| !family.is_excused((member, rank))) {
            let release = (member, rank);
            let cores = table.cores(stated.version(rank));
            if !keeps_to(catalog, release, family.core, &cores) {
                pins.push(Pin { release, core: family.core, cores, fact: family.fact });
            }
        }
    }
    pins
}

/// Returns true if a release accepts no core outside the set by its own requirements.
fn keeps_to(catalog: &Catalog, release: ReleaseId, core: PackageIx, cores: &ReleaseSet) -> bool {
    let pins =
        |constraint: &Constraint| constraint.target == core && constraint.allowed.is_subset(cores);
    // Nearly every release pins its core, which one comparison shows.
    let pinned =
        catalog.package(release.0).needs(release.1).iter().any(|need| {
            need.kind != NeedKind::Conflicts && pins(catalog.constraint(need.constraint))
        });
    pinned || catalog.accepted(release, core).is_subset(cores)
}

/// The core releases of a family by the numbers that members have beside them.
struct CoreTable {
    by_numbers: FxHashMap<(usize, [u64; 4]), ReleaseSet>,
    /// How many numbers the maps give, each length once.
    lengths: Vec<usize>,
    /// Core releases of which no map speaks.
    free: ReleaseSet,
}

impl CoreTable {
    fn new(catalog: &Catalog, family: &Family) -> Self {
        let core = catalog.package(family.core);
        let none = ReleaseSet::empty(core.len());
        let mut table =
            Self { by_numbers: FxHashMap::default(), lengths: Vec::new(), free: none.clone() };
        for rank in core.ranks() {
            let expected = family.expected(core.version(rank));
            if expected.is_empty() {
                table.free.insert(rank);
            }
            for numbers in expected {
                if !table.lengths.contains(&numbers.len()) {
                    table.lengths.push(numbers.len());
                }
                let cores = table.by_numbers.entry((numbers.len(), numbers.padded()));
                cores.or_insert_with(|| none.clone()).insert(rank);
            }
        }
        table
    }

    fn cores(&self, member: &Version) -> ReleaseSet {
        let mut cores = self.free.clone();
        for &length in &self.lengths {
            let numbers = member.numbers().truncated(length).padded();
            if let Some(given) = self.by_numbers.get(&(length, numbers)) {
                cores.union_with(given);
            }
        }
        cores
    }
}
