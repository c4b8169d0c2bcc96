//! What Valkey and Redis nodes answer: reading it, joining it, and judging gates on it.
//!
//! `answers` reads single answers in all their forms, `joined` makes deployments of whole sets of files, with
//! real output in `tests/data/valkey`, `random` gives the readers bytes that nobody wrote, and `asking` runs
//! `observe` and `gate` against addresses where nobody, or somebody strange, answers.

mod answers;
#[cfg(feature = "live")]
mod asking;
mod carried;
mod joined;
mod random;

use std::path::Path;
use std::sync::LazyLock;

use skew::catalog::Catalog;
use skew::evidence::valkey;
use skew::matrix::{Input, load};
use skew::observation::Observation;

use crate::run::root;

/// The shipped matrix.
static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let bytes = std::fs::read(root().join("matrices/valkey.json")).unwrap();
    load(&[Input { name: "valkey.json", bytes: &bytes }], &[]).catalog
});

/// Reads files: name and text each.
fn sighted(files: &[(&str, &str)]) -> Observation {
    let inputs: Vec<Input<'_>> =
        files.iter().map(|(name, text)| Input { name, bytes: text.as_bytes() }).collect();
    valkey::read(&CATALOG, &inputs).expect("there are answers in it")
}

/// Returns each node in a line: name, role, group, zone and packages.
fn lines(observation: &Observation) -> String {
    let text = |stated: &Option<skew::observation::Stated>| {
        stated.as_ref().map_or_else(|| "-".to_owned(), |stated| stated.text.clone())
    };
    let nodes = observation.nodes.iter().map(|node| {
        let packages =
            node.packages.iter().map(|(name, version)| format!("{name} {}", version.text));
        let packages: Vec<_> = packages.collect();
        format!(
            "{} {} of {} in {}: {}",
            node.name,
            text(&node.role),
            text(&node.group),
            text(&node.zone),
            packages.join(", ")
        )
    });
    nodes.collect::<Vec<_>>().join("\n")
}

/// Returns what is remarked, a line each.
fn remarks(observation: &Observation) -> String {
    let lines = observation
        .remarks
        .iter()
        .map(|remark| format!("{} {}: {}", remark.code.as_str(), remark.subject, remark.message));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the names of the real files that begin with a text, sorted.
fn real(start: &str) -> Vec<String> {
    let folder = Path::new("tests/data/valkey");
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.starts_with(start)).collect();
    names.sort();
    names.iter().map(|name| format!("tests/data/valkey/{name}")).collect()
}
