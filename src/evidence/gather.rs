//! Parts of an observation that all readers gather: packages of a node, names, remarks.

use std::collections::{BTreeMap, BTreeSet};

use super::products::RecognisedProduct;
use super::saved::Saved;
use crate::finding::{Check, Finding, Severity};
use crate::observation::{ObservedNode, Origin, Stated, UNKNOWN_VERSION};
use crate::problem::shown;

/// Adds a product to what a node runs. Of two versions the first counts, and the second is remarked.
pub(super) fn add(
    saved: &Saved<'_>,
    node: &mut ObservedNode,
    product: RecognisedProduct,
    origin: &Origin,
    remarks: &mut Vec<Finding>,
) {
    let name = &saved.catalog.package(product.package).name;
    let text = match (product.version, saved.told.get(name)) {
        (Ok(version), _) => version,
        (Err(_), Some(told)) => told.clone(),
        (Err(why), None) => {
            remarks.push(untold(origin, name, &why));
            UNKNOWN_VERSION.to_owned()
        }
    };
    if let Some(other) = node.packages.get(name) {
        if other.text != text {
            let message = format!(
                "{name} {} is there as well as {}; the first one counts",
                shown(&text),
                shown(&other.text)
            );
            remarks.push(left_out(origin, Severity::Warning, message));
        }
        return;
    }
    node.packages.insert(name.clone(), Stated { text, origin: origin.clone() });
}

/// Remarks that a version cannot be told.
pub(super) fn untold(origin: &Origin, package: &str, why: &str) -> Finding {
    let message = format!("the version of {package} cannot be told: {why}");
    Finding::new(Check::VersionUnknown, Severity::Warning, origin.to_string(), message)
        .hinting(format!("ask the running system, and say it with `--with {package}@VERSION`"))
}

/// Remarks that an entry was left out.
pub(super) fn left_out(origin: &Origin, severity: Severity, message: String) -> Finding {
    Finding::new(Check::EntryLeftOut, severity, origin.to_string(), message)
}

/// Names of nodes, each given once.
#[derive(Debug, Default)]
pub(super) struct NodeNames {
    given: BTreeSet<String>,
    /// The number to try next, by name.
    next: BTreeMap<String, usize>,
}

impl NodeNames {
    /// Returns a name that was not given before: the wanted one, or that with a number.
    pub(super) fn unique(&mut self, wanted: &str) -> String {
        let wanted = if wanted.is_empty() { "node" } else { wanted };
        let mut name = wanted.to_owned();
        while !self.given.insert(name.clone()) {
            let next = self.next.entry(wanted.to_owned()).or_insert(1);
            *next += 1;
            name = format!("{wanted}-{next}");
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_given_once() {
        let mut names = NodeNames::default();
        assert_eq!(
            ["a", "a", "", "a-2", "a"].map(|name| names.unique(name)),
            ["a", "a-2", "node", "a-2-2", "a-3"]
        );
    }
}
