//! What of Kestra is found in files: the names of plugins, the plugins themselves, and what the vendor says
//! fits a core.
//!
//! Kestra keeps a plugin as `GROUP__ARTIFACT__VERSION.jar`, with `_` for each full stop of group and
//! version, and a classifier before the version if there is one. Images that were built by other means have
//! Maven's names, `ARTIFACT-VERSION.jar`. Neither a folder nor the vendor's answer says which Kestra it is
//! about.

mod compatibility;
mod jar;
mod plugins;

pub(super) use compatibility::{compatibility, looks_like_compatibility};
pub(super) use jar::{jars, looks_like_jar, plugin_jar, takes_jars};
pub(super) use plugins::{looks_like_plugins, plugins, takes};

use super::formats::Saved;
use super::gather::add;
use super::products::Product;
use crate::catalog::{Catalog, PackageIx};
use crate::finding::Finding;
use crate::observation::{ObservedNode, Origin};

/// The package that loads the plugins.
const CORE: &str = "kestra";

/// The group of the project's own plugins.
const GROUP: &str = "io.kestra.plugin";

/// Returns the package of an artifact: by what it is known as, else by its own name.
fn package_of(catalog: &Catalog, group: Option<&str>, artifact: &str) -> Option<PackageIx> {
    let known = catalog.known_as(&format!("maven/{}/{artifact}", group.unwrap_or(GROUP)));
    let of_core = |package: &PackageIx| {
        let core = catalog.package(*package).core;
        core.is_some_and(|core| catalog.package(core).name == CORE)
    };
    known.or_else(|| catalog.find(artifact).filter(of_core))
}

/// Adds the core to a node, in a version that only the user can tell.
fn add_core(
    saved: &Saved<'_>,
    node: &mut ObservedNode,
    origin: &Origin,
    why: &str,
    remarks: &mut Vec<Finding>,
) {
    if let Some(package) = saved.catalog.find(CORE) {
        add(saved, node, Product { package, version: Err(why.to_owned()) }, origin, remarks);
    }
}
