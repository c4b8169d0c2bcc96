//! Versions that are none: the last look at what a reader made, the same for every format.

use std::collections::BTreeMap;

use super::gather::untold;
use crate::catalog::Catalog;
use crate::observation::{Observation, UNKNOWN_VERSION};
use crate::problem::shown;

/// Most bytes of a version.
const LONGEST: usize = 100;

/// Makes every version that cannot be one what the user told, or unknown, and remarks the latter.
pub(super) fn believed(
    catalog: &Catalog,
    told: &BTreeMap<String, String>,
    mut observation: Observation,
) -> Observation {
    for node in &mut observation.nodes {
        for stated in node.unknown.values_mut().filter(|stated| !is_short(&stated.text)) {
            UNKNOWN_VERSION.clone_into(&mut stated.text);
        }
        for (name, stated) in &mut node.packages {
            if stated.text == UNKNOWN_VERSION || is_version(catalog, name, &stated.text) {
                continue;
            }
            if let Some(told) = told.get(name) {
                stated.text.clone_from(told);
                continue;
            }
            let why = format!("`{}` is no version of it", shown(&stated.text));
            observation.remarks.push(untold(&stated.origin, name, &why));
            UNKNOWN_VERSION.clone_into(&mut stated.text);
        }
    }
    observation
}

/// Returns whether a text is as short and visible as versions are.
fn is_short(text: &str) -> bool {
    let visible = |c: char| !c.is_control() && !c.is_whitespace();
    !text.is_empty() && text.len() <= LONGEST && text.chars().all(visible)
}

/// Returns whether a text is a version as the package numbers them. Of a package that no matrix has, nothing is known
/// but that versions are short and visible.
fn is_version(catalog: &Catalog, package: &str, text: &str) -> bool {
    if !is_short(text) {
        return false;
    }
    let known = catalog.find(package).map(|package| catalog.package(package));
    known.is_none_or(|known| known.find(text).is_some() || known.numbering.parse(text).is_ok())
}
