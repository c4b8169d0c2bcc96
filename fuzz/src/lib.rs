//! Work of all fuzz targets: give bytes to a reader, and what it makes to the writers.

pub use libfuzzer_sys::fuzz_target;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use skew::catalog::Catalog;
use skew::evidence::{ExtensionReader, install_note, package_file as read_package};
use skew::evidence::formats::{Saved, format, guess};
use skew::input::Input;
use skew::matrix::{Inventory, load};
use skew::report::json::deployment_file;
use skew::report::problems;

/// Makes a target of a format's reader.
#[macro_export]
macro_rules! reader {
    ($format:literal) => {
        $crate::fuzz_target!(|bytes: &[u8]| $crate::read($format, bytes));
    };
}

static MATRICES: [(&str, &str); 4] = [
    ("valkey", include_str!("../../matrices/valkey.json")),
    ("duckdb", include_str!("../../matrices/duckdb.json")),
    ("kestra", include_str!("../../matrices/kestra.json")),
    ("dagster", include_str!("../../matrices/dagster.json")),
];

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let inputs = MATRICES.map(|(name, text)| Input { name, bytes: text.as_bytes() });
    load(&inputs, &[]).catalog
});

/// Reads bytes in a format. What is made of them must be a deployment file; what is wrong with them must
/// be printable.
pub fn read(name: &str, bytes: &[u8]) {
    let inputs = [Input { name: "input", bytes }];
    guess(&inputs[0]);
    let format = format(name).expect("the format is in the table");
    let saved = Saved { inputs: &inputs, catalog: &CATALOG, told: &BTreeMap::new() };
    match format.read(&saved) {
        Ok(observation) => {
            let text = deployment_file(&observation);
            let input = Input { name: "made", bytes: text.as_bytes() };
            let inventory = Inventory::parse(input).expect("a deployment file was made");
            inventory.resolve(&CATALOG);
        }
        Err(found) => drop(problems::text(&found, false)),
    }
}

/// Reads an extension file in two pieces, and the note of an installation.
pub fn extension_file(bytes: &[u8]) {
    let mut reader = ExtensionReader::new(Some("x.duckdb_extension"));
    let (first, second) = bytes.split_at(bytes.len() / 2);
    reader.push(first);
    reader.push(second);
    reader.finish();
    install_note(bytes).ok();
}

/// Reads a package file as a jar and as a wheel.
pub fn package_file(bytes: &[u8]) {
    for name in ["x.jar", "x.whl"] {
        if let Err(found) = read_package(&Input { name, bytes }) {
            drop(problems::text(&found, false));
        }
    }
}
