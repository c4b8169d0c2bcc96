//! The packages that a drawing is about.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, NeedKind, PackageIx, PackageKind, ReleaseSet};

/// The packages that are drawn, which of them in the first place, and which of their releases.
pub(super) struct Focus {
    pub(super) stated: BTreeMap<PackageIx, Option<ReleaseSet>>,
    pub(super) packages: BTreeSet<PackageIx>,
    whole: bool,
}

impl Focus {
    pub(super) fn new(
        catalog: &Catalog,
        around: Option<&[(PackageIx, Option<ReleaseSet>)]>,
    ) -> Self {
        let Some(specs) = around else {
            let cores = catalog.packages().filter(|(_, package)| package.kind == PackageKind::Core);
            return Self {
                stated: cores.map(|(ix, _)| (ix, None)).collect(),
                packages: catalog.packages().map(|(ix, _)| ix).collect(),
                whole: true,
            };
        };
        let mut focus: BTreeMap<PackageIx, Option<ReleaseSet>> = BTreeMap::new();
        for (package, set) in specs {
            match (focus.get_mut(package), set) {
                (None, _) => drop(focus.insert(*package, set.clone())),
                (Some(Some(known)), Some(more)) => known.union_with(more),
                (Some(known), _) => *known = None,
            }
        }
        let packages = neighbours(catalog, &focus);
        Self { stated: focus, packages, whole: false }
    }

    /// Returns the title of the drawing.
    pub(super) fn title(&self, catalog: &Catalog) -> String {
        if self.whole {
            let names: Vec<_> =
                catalog.matrices().iter().map(|matrix| matrix.name.as_str()).collect();
            return names.join(", ");
        }
        let names: Vec<_> =
            self.stated.keys().map(|&package| catalog.package(package).name.as_str()).collect();
        format!("around {}", names.join(", "))
    }
}

/// Returns the packages in focus, their cores, what they need and who needs them.
fn neighbours(
    catalog: &Catalog,
    focus: &BTreeMap<PackageIx, Option<ReleaseSet>>,
) -> BTreeSet<PackageIx> {
    let mut found: BTreeSet<_> = focus.keys().copied().collect();
    found.extend(focus.keys().filter_map(|&package| catalog.package(package).core));
    for (ix, package) in catalog.packages() {
        let wanted = |rank| match focus.get(&ix) {
            Some(Some(set)) => set.contains(rank),
            Some(None) | None => true,
        };
        let needs =
            package.ranks().filter(|&rank| wanted(rank)).flat_map(|rank| package.needs(rank));
        for need in needs.filter(|need| need.kind == NeedKind::Requires) {
            let target = need.target;
            if focus.contains_key(&ix) {
                found.insert(target);
            } else if focus.contains_key(&target) {
                found.insert(ix);
            }
        }
    }
    found
}
