//! Labels: the part that a pod plays, what it belongs to, where it runs.

use crate::catalog::{Catalog, PackageIx};
use crate::evidence::json::{Json, JsonObject};
use crate::observation::Stated;

/// Labels of a zone, on nodes and, where the cluster copies them, on pods.
const ZONES: [&str; 2] = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];

/// Labels of what a pod belongs to, the closest first.
const GROUPS: [&str; 2] = ["app.kubernetes.io/instance", "release"];

/// Returns the zone that labels state.
pub(super) fn zone_of(json: &Json<'_>, labels: &JsonObject<'_>) -> Option<Stated> {
    ZONES.iter().find_map(|label| stated(json, labels, label))
}

/// Returns the group that labels state: a shard, else the release of a chart.
pub(super) fn group_of(json: &Json<'_>, labels: &JsonObject<'_>) -> Option<Stated> {
    let shard = labels.entries().map(|(key, _)| key).find(|key| last(key) == "shard");
    let mut groups = shard.into_iter().chain(GROUPS);
    groups.find_map(|label| stated(json, labels, label))
}

/// Returns the values of labels that may name a role: `app.kubernetes.io/component`, `role` and the like.
pub(super) fn parts_of(json: &Json<'_>, labels: &JsonObject<'_>) -> Vec<Stated> {
    let is_part =
        |key: &&str| matches!(last(key), "component" | "role") || last(key).ends_with("-role");
    let keys = labels.entries().map(|(key, _)| key).filter(is_part);
    keys.filter_map(|key| stated(json, labels, key)).collect()
}

/// Returns the role of a package that a word names.
pub(super) fn role_named<'c>(
    catalog: &'c Catalog,
    package: PackageIx,
    word: &str,
) -> Option<&'c str> {
    let mut roles = catalog.roles().iter().filter(|role| role.runs.contains(&package));
    let same = |known: &str| known.eq_ignore_ascii_case(word);
    let role = roles.find(|role| same(&role.name) || role.known_as.iter().any(|name| same(name)));
    role.map(|role| role.name.as_str())
}

/// Returns what follows the prefix of a label.
fn last(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}

fn stated(json: &Json<'_>, labels: &JsonObject<'_>, key: &str) -> Option<Stated> {
    let value = labels.get(key)?;
    let text = value.as_text().filter(|text| !text.is_empty())?;
    Some(json.stated(text, value))
}
