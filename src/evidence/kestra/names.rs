//! Artifacts by their coordinates, and the core that loads them.

use crate::catalog::{Catalog, PackageIx};
use crate::evidence::gather::add;
use crate::evidence::products::RecognisedProduct;
use crate::evidence::saved::Saved;
use crate::finding::Finding;
use crate::observation::{ObservedNode, Origin};

/// The package that loads the plugins.
const CORE: &str = "kestra";

/// The group of the project's own plugins.
const GROUP: &str = "io.kestra.plugin";

/// Returns the package of an artifact: by what it is known as, else by its own name.
pub(super) fn package_of(
    catalog: &Catalog,
    group: Option<&str>,
    artifact: &str,
) -> Option<PackageIx> {
    let known = catalog.known_as(&format!("maven/{}/{artifact}", group.unwrap_or(GROUP)));
    let of_core = |package: &PackageIx| {
        let core = catalog.package(*package).core;
        core.is_some_and(|core| catalog.package(core).name == CORE)
    };
    known.or_else(|| catalog.find(artifact).filter(of_core))
}

/// Adds the core to a node, in a version that only the user can tell.
pub(super) fn add_core(
    saved: &Saved<'_>,
    node: &mut ObservedNode,
    origin: &Origin,
    why: &str,
    remarks: &mut Vec<Finding>,
) {
    if let Some(package) = saved.catalog.find(CORE) {
        add(
            saved,
            node,
            RecognisedProduct { package, version: Err(why.to_owned()) },
            origin,
            remarks,
        );
    }
}
