//! Any bytes are read or refused: no reader panics, and none makes much of little.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use skew::catalog::Catalog;
use skew::evidence::formats::{FORMATS, Format, Saved, guess};
use skew::input::Input;
use skew::matrix::Inventory;
use skew::report::json::deployment_file;

use crate::run::{root, skew_with};

/// All shipped matrices.
static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let names = ["valkey", "duckdb", "kestra", "dagster"];
    let files =
        names.map(|name| std::fs::read(root().join(format!("matrices/{name}.json"))).unwrap());
    let inputs: Vec<_> =
        names.iter().zip(&files).map(|(name, bytes)| Input { name, bytes }).collect();
    skew::matrix::load(&inputs, &[]).catalog
});

/// Reads a file and returns how long the deployment file and the remarks are.
fn length(format: &Format, name: &str, bytes: &[u8]) -> usize {
    let inputs = [Input { name, bytes }];
    guess(&inputs[0]);
    let saved = Saved { inputs: &inputs, catalog: &CATALOG, told: &BTreeMap::new() };
    match format.read(&saved) {
        Ok(observation) => {
            let made = deployment_file(&observation);
            let read = Inventory::parse(Input { name: "made", bytes: made.as_bytes() });
            assert!(read.is_ok(), "{made}");
            let remarks =
                observation.remarks.iter().map(|remark| remark.message.len()).sum::<usize>();
            made.len() + remarks
        }
        Err(problems) => {
            assert!(problems.has_errors());
            problems.list.iter().map(|problem| problem.message.len()).sum()
        }
    }
}

/// A bound on what is made of some bytes; places and names of files are repeated for each value.
fn bound(bytes: &[u8]) -> usize {
    10_000 + 400 * bytes.len()
}

/// Real files of every kind that is read.
fn samples() -> Vec<(String, Vec<u8>)> {
    let mut samples = Vec::new();
    let mut folders = vec![root().join("tests/data/import"), root().join("tests/data/valkey")];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                samples.push((name, std::fs::read(path).unwrap()));
            }
        }
    }
    samples
}

static SAMPLES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(samples);

fn formats() -> impl Strategy<Value = &'static Format> {
    (0..FORMATS.len()).prop_map(|ix| &FORMATS[ix])
}

proptest! {
    #[test]
    fn any_bytes(format in formats(), bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(length(format, "x", &bytes) <= bound(&bytes));
    }

    /// Pieces that mean something, in any order.
    #[test]
    fn any_words(
        format in formats(),
        words in proptest::collection::vec(prop_oneof![
            Just("{"), Just("}"), Just("["), Just("]"), Just(":"), Just(","), Just("\n"), Just("\""),
            Just("\"kind\""), Just("\"Pod\""), Just("\"items\""), Just("\"image\""), Just("1"),
            Just("\"bomFormat\":\"CycloneDX\""), Just("\"components\":[{\"purl\":"),
            Just("\"pkg:pypi/dagster@"), Just("extension_name,loaded,installed,install_path\n"),
            Just("fts,true,true,v1.5.5/linux_amd64/x"), Just("plugin-aws-1.0.0.jar"), Just("\\u00"),
            Just("é"), Just("\u{1b}[2J"),
        ], 0..30),
    ) {
        let text = words.concat();
        prop_assert!(length(format, "x", text.as_bytes()) <= bound(text.as_bytes()));
    }

    /// Real files that were cut, or changed in a byte.
    #[test]
    fn damaged_files(
        format in formats(),
        sample in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        change in proptest::option::of((any::<prop::sample::Index>(), any::<u8>())),
        whole in any::<bool>(),
    ) {
        let (name, bytes) = &SAMPLES[sample.index(SAMPLES.len())];
        let end = if whole { bytes.len() } else { cut.index(bytes.len() + 1) };
        let mut bytes = bytes[..end].to_vec();
        if let Some((at, byte)) = change.filter(|_| !bytes.is_empty()) {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let format = guess(&Input { name, bytes: &bytes }).unwrap_or(format);
        prop_assert!(length(format, name, &bytes) <= bound(&bytes));
    }
}

/// The generators reach the readers: samples of most formats are recognised and read.
#[test]
fn samples_are_read() {
    // These are known by the folder that they lie in, or are never guessed.
    let others = ["kestra-plugins", "site-packages", "pip-freeze"];
    for format in FORMATS.iter().filter(|format| !others.contains(&format.name)) {
        let mut own = SAMPLES.iter().filter(|(name, bytes)| {
            guess(&Input { name, bytes }).is_some_and(|guess| guess.name == format.name)
        });
        let (name, bytes) = own.next().unwrap_or_else(|| panic!("no sample of {}", format.name));
        let inputs = [Input { name, bytes }];
        let saved = Saved { inputs: &inputs, catalog: &CATALOG, told: &BTreeMap::new() };
        assert!(
            format.read(&saved).is_ok_and(|observation| !observation.nodes.is_empty()),
            "{name}"
        );
    }
}

/// Deep nesting needs no deep stack, and a million small things no large memory.
#[test]
fn large_files_are_read_or_refused() {
    let deep = "[".repeat(200_000);
    let many = format!("[{}]", vec!["{}"; 200_000].join(","));
    let holds = "{\"components\":[".repeat(5_000) + &"]}".repeat(5_000);
    let nested = format!("{{\"bomFormat\":\"CycloneDX\",\"components\":[{holds}]}}");
    let quoted = format!("extension_name,loaded,installed,install_path\n{}", "\"\n".repeat(50_000));
    let commas = ",".repeat(1 << 20);
    let lists = format!("{{\"kind\":\"List\",\"items\":[{}1]}}", "1,".repeat(1_000_000));
    let pod = r#"{"kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"x","image":"redis:7"}]}}"#;
    let pods = pod.repeat(100_001);
    for text in [deep, many, nested, quoted, commas, lists, pods] {
        for format in FORMATS {
            length(format, "x", text.as_bytes());
        }
    }
}

/// Names from a file are never paths, and reach the terminal spelled out.
#[test]
fn names_are_only_names() {
    let name = "..\u{2f}..\u{2f}etc\u{2f}\\u001b]0;x\\u0007\\u202e";
    let pod = format!(
        r#"{{ "kind": "Pod", "metadata": {{ "name": "{name}", "labels": {{ "app.kubernetes.io/instance": "{name}" }} }},
          "spec": {{ "containers": [ {{ "name": "{name}", "image": "valkey/valkey:{name}" }},
          {{ "name": "b", "image": "{name}" }} ] }} }}"#
    );
    let run = skew_with(&["import", "kubernetes", "-"], &pod);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let control =
        |text: &str| text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}');
    assert!(!control(&run.stderr), "{}", run.stderr.escape_debug());
    let checked = skew_with(&["check", "-"], &run.stdout);
    assert!(!control(&checked.stdout), "{}", checked.stdout.escape_debug());
}
