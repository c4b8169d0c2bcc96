//! Each format has a fuzz target, and each target a format.

use std::collections::BTreeSet;

use skew::evidence::formats::FORMATS;

use crate::run::root;

/// Targets of readers that `import` does not use.
const OTHERS: [&str; 2] = ["extension-file", "package-file"];

#[test]
fn every_format_has_a_target() {
    let folder = root().join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
    let files: BTreeSet<String> =
        files.map(|name| name.to_string_lossy().trim_end_matches(".rs").to_owned()).collect();
    let formats = FORMATS.iter().map(|format| format.name);
    let wanted: BTreeSet<String> = formats.clone().chain(OTHERS).map(ToOwned::to_owned).collect();
    assert_eq!(files, wanted);
    let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    for name in &wanted {
        let path = format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"");
        assert!(manifest.contains(&path), "fuzz/Cargo.toml has no target {name}");
    }
    for name in formats {
        let target = std::fs::read_to_string(folder.join(format!("{name}.rs"))).unwrap();
        assert!(target.contains(&format!("reader!(\"{name}\")")), "{target}");
    }
}
