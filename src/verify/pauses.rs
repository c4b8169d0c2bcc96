//! Stops that are part of stopping everything of a product.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::PackageIx;
use crate::record::PlanRecord;

/// Returns the stops that are part of stopping everything of a product. `products` are those of the
/// nodes, `names` their positions.
pub(super) fn pauses(
    plan: &PlanRecord,
    products: &[Option<PackageIx>],
    names: &BTreeMap<String, usize>,
) -> BTreeSet<usize> {
    let mut running: BTreeMap<PackageIx, usize> = BTreeMap::new();
    for &product in products.iter().flatten() {
        *running.entry(product).or_default() += 1;
    }
    let all = running.clone();
    let mut stopped = BTreeSet::new();
    let mut open: BTreeMap<PackageIx, Vec<usize>> = BTreeMap::new();
    let mut pauses = BTreeSet::new();
    for (number, step) in plan.steps.iter().enumerate() {
        let Some(&node) = step.node.as_ref().and_then(|name| names.get(name)) else { continue };
        let Some(product) = products[node] else { continue };
        let left = running.entry(product).or_default();
        match step.action.as_str() {
            "stop" if stopped.insert(node) => {
                *left -= 1;
                open.entry(product).or_default().push(number);
                if *left == 0 {
                    pauses.extend(open.remove(&product).unwrap_or_default());
                }
            }
            "start" if stopped.remove(&node) => {
                *left += 1;
                if all.get(&product) == Some(left) {
                    open.remove(&product);
                }
            }
            _ => {}
        }
    }
    pauses
}
