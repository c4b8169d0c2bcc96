//! What the tests of this module share: invented and shipped matrices as catalogs.

use std::path::Path;

use crate::catalog::{Catalog, ReleaseId};
use crate::matrix::{Input, load};

/// Loads an invented matrix from its lists; `s` is its source.
pub(super) fn catalog(lists: &str) -> Catalog {
    let text = format!(
        r#"{{ "format": 1, "name": "invented", "as_of": "2026-01-01",
            "sources": {{ "s": {{ "title": "The docs", "evidence": "documented" }} }}, {lists} }}"#
    );
    read("invented.json", text.as_bytes())
}

/// Loads a shipped matrix.
pub(super) fn shipped(name: &str) -> Catalog {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("matrices/{name}.json"));
    read(name, &std::fs::read(path).unwrap())
}

fn read(name: &str, bytes: &[u8]) -> Catalog {
    let loaded = load(&[Input { name, bytes }], &[]);
    assert!(!loaded.problems.has_errors(), "{:#?}", loaded.problems.list);
    loaded.catalog
}

/// Returns the release that `name@version` names.
pub(super) fn release(catalog: &Catalog, spec: &str) -> ReleaseId {
    let (name, version) = spec.split_once('@').unwrap();
    let package = catalog.find(name).unwrap();
    (package, catalog.package(package).find(version).unwrap())
}

/// Writes an upgrades matrix of one package `app` with these releases.
pub(super) fn app(versions: &[&str], upgrades: &str) -> Catalog {
    let releases: Vec<_> =
        versions.iter().map(|version| format!(r#"{{ "version": "{version}" }}"#)).collect();
    let way_back = if upgrades.contains("downgrade") { "" } else { r#""downgrade": "allowed", "# };
    catalog(&format!(
        r#""packages": [ {{ "name": "app", "kind": "core", "scheme": "semver", "source": "s",
            "releases": [ {} ] }} ],
           "upgrades": [ {{ "package": "app", "source": "s", {way_back}{upgrades} }} ]"#,
        releases.join(", ")
    ))
}
