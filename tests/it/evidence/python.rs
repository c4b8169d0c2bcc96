//! `skew import` of Python packages.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use skew::evidence::formats::{FORMATS, Saved, format};
use skew::matrix::Input;

use super::zips::{plugin, wheel};
use crate::run::{golden, skew, skew_with};

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("python").join(name);
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(folder: &std::path::Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Prints what an import gives, and says.
fn imported(arguments: &[&str]) -> String {
    let run = skew(&["import"].iter().chain(arguments).copied().collect::<Vec<_>>());
    let [file, said] = [&run.stdout, &run.stderr];
    format!("$ skew import {}\n{file}-- status {}\n{said}\n", arguments.join(" "), run.status)
}

#[test]
fn lists_and_locks_are_read() {
    let files = [
        ("requirements", "tests/data/import/python/requirements.txt"),
        ("pip-freeze", "tests/data/import/python/freeze.txt"),
        ("auto", "tests/data/import/python/freeze.txt"),
        ("auto", "tests/data/import/python/uv.lock"),
        ("pylock", "tests/data/import/python/pylock.toml"),
    ];
    let text: String = files.iter().map(|(format, file)| imported(&[format, file])).collect();
    assert!(!text.contains("secret") && !text.contains("token"));
    golden("cli/import-python.txt", &text);
}

#[test]
fn folders_of_what_is_installed_are_read() {
    let folder = folder("venv");
    let metadata = |name: &str, version: &str| {
        format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nVersion: 9\n")
    };
    let site = "venv/lib/python3.12/site-packages";
    write(&folder, "venv/pyvenv.cfg", b"home = /usr/bin\nversion_info = 3.12.3.final.0\n");
    for (name, version) in [("dagster", "1.13.27"), ("dagster_aws", "0.29.26"), ("numpy", "2.3.1")]
    {
        let path = format!("{site}/{name}-{version}.dist-info/METADATA");
        write(&folder, &path, metadata(name, version).as_bytes());
    }
    let egg = format!("{site}/dagster_k8s.egg-info/PKG-INFO");
    write(&folder, &egg, metadata("dagster-k8s", "0.29.27").as_bytes());
    let direct = br#"{"url": "file:///home/user/dagster", "dir_info": {"editable": true}}"#;
    write(&folder, &format!("{site}/dagster-1.13.27.dist-info/direct_url.json"), direct);
    let path = folder.to_str().unwrap();
    let text = imported(&["auto", path, "--name", "venv"]).replace(path, "FOLDER");
    golden("cli/import-site-packages.txt", &text);
    let deployment = folder.join("deployment.json");
    let file = deployment.to_str().unwrap();
    assert_eq!(skew(&["import", "site-packages", path, "--output", file]).status, 0);
    let check = skew(&["check", file, "--as-of", "2026-11-20"]);
    assert_eq!(check.status, 1);
    assert!(
        check.stdout.contains("dagster-aws 0.29.26 needs dagster ==1.13.26"),
        "{}",
        check.stdout
    );
}

#[test]
fn packages_are_read() {
    let folder = folder("packages");
    write(&folder, "wheels/a.whl", &wheel("Dagster_AWS", "0.29.27", ""));
    write(&folder, "wheels/b.whl", &wheel("dagster", "1.13.27", ""));
    write(&folder, "wheels/c.whl", &wheel("other", "1", ""));
    write(&folder, "plugins/git.jar", &plugin("plugin-git", "3.0.0", 25));
    write(&folder, "plugins/own.jar", &plugin("plugin-of-ours", "3.0.0", 25));
    let path = folder.to_str().unwrap();
    let text = imported(&["wheel", path])
        + &imported(&["auto", &format!("{path}/plugins/git.jar")])
        + &imported(&["kestra-jar", path]);
    golden("cli/import-packages.txt", &text.replace(path, "FOLDER"));
}

/// A bad file that was found is a remark, one that was named an error; a version is a version.
#[test]
fn one_bad_file_does_not_spoil_a_folder() {
    let folder = folder("spoiled");
    write(&folder, "a.jar", &plugin("plugin-git", "3.0.0", 25));
    write(&folder, "b.jar", &plugin("plugin-aws", "latest", 25));
    write(&folder, "c.jar", b"PK");
    let path = folder.to_str().unwrap();
    let bad = format!("{path}/c.jar");
    let text = imported(&["kestra-jar", path]);
    golden("cli/import-spoiled.txt", &text.replace(path, "FOLDER"));
    assert_eq!(skew(&["import", "kestra-jar", path, &bad]).status, 2);
    std::fs::remove_file(folder.join("a.jar")).unwrap();
    std::fs::remove_file(folder.join("b.jar")).unwrap();
    assert_eq!(skew(&["import", "kestra-jar", path]).status, 2);
}

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    let wrong = [
        ("requirements", "dagster==1.13.27\ndagster=1\n  foo bar # x\n"),
        ("pip-freeze", "\u{1b}[31mdagster==1\n"),
        ("uv-lock", "version = 1\n[[package]]\nversion = \"1\"\n"),
        ("uv-lock", "version = 1\n[[package]\n"),
        ("uv-lock", "version = 2\n"),
        ("uv-lock", "[[package]]\nname = 7\n"),
        ("pylock", "created-by = \"x\"\n"),
        ("pylock", "lock-version = \"2.0\"\n"),
        ("site-packages", "Metadata-Version: 2.1\nName: x\n\nVersion: 1\n"),
        ("wheel", "no archive"),
        ("kestra-jar", ""),
    ];
    let mut text = String::new();
    for (format, input) in wrong {
        let run = skew_with(&["import", format, "-"], input);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{format} {input}");
        text.push_str(&run.stderr);
        text.push('\n');
    }
    assert!(!text.contains('\u{1b}'));
    golden("cli/import-python-errors.txt", &text);
}

/// A small matrix: the readers look up names alone.
fn shipped() -> skew::catalog::Catalog {
    let matrix = br#"{
      "format": 1, "name": "small",
      "sources": { "s": { "title": "S", "evidence": "documented" } },
      "packages": [
        { "name": "dagster", "kind": "core", "scheme": "pep440", "source": "s", "releases": [ { "version": "1.0" } ] },
        { "name": "a", "kind": "core", "scheme": "pep440", "source": "s", "releases": [ { "version": "1.0" } ] }
      ]
    }"#;
    skew::matrix::load(&[Input { name: "small.json", bytes: matrix }], &[]).catalog
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Any bytes in any format give a observation or problems, and the same ones again.
    #[test]
    fn no_text_breaks_a_reader(
        noise in proptest::collection::vec(any::<u8>(), 0..300),
        pieces in proptest::collection::vec(0_usize..24, 0..30),
        stored in proptest::option::of((0_usize..4, 0_usize..2000, any::<u8>())),
        name in prop_oneof!["requirements.txt", "uv.lock", "a/b-1.dist-info/METADATA", "[a-z/.]{0,20}"],
    ) {
        const FILES: [&str; 4] = ["requirements.txt", "freeze.txt", "uv.lock", "pylock.toml"];
        const PIECES: [&str; 24] = [
            "dagster", "==", "1.0", "\n", " ", "\\", "#", "-e ", "-r", "[", "]", ";", "@", ".whl", "/",
            "[[package]]\n", "[[packages]]\n", "name = \"a\"\n", "version = 1\n", "lock-version = \"1\"\n",
            "Name: a\n", "Version: 1\n", "egg=", "\u{feff}",
        ];
        let bytes = match stored {
            Some((file, cut, byte)) => {
                let path = crate::run::root().join("tests/data/import/python").join(FILES[file]);
                let mut bytes = std::fs::read(path).unwrap();
                let length = bytes.len();
                bytes[cut % length] = byte;
                bytes.truncate(length - noise.len().min(length));
                bytes
            }
            None if pieces.is_empty() => noise,
            None => pieces.iter().map(|&ix| PIECES[ix]).collect::<String>().into_bytes(),
        };
        let catalog = shipped();
        let inputs = [Input { name: &name, bytes: &bytes }];
        let saved = Saved { inputs: &inputs, catalog: &catalog, told: &BTreeMap::new() };
        for format in FORMATS {
            let first = format.read(&saved);
            prop_assert_eq!(format!("{first:?}"), format!("{:?}", format.read(&saved)));
            (format.looks_like)(&inputs[0]);
            (format.takes)(&name, true);
        }
    }
}

#[test]
fn formats_are_guessed_by_name_and_text() {
    let guess = |name: &str, text: &str| {
        let found = skew::evidence::formats::guess(&Input { name, bytes: text.as_bytes() });
        found.map_or("none", |format| format.name)
    };
    assert_eq!(guess("a/requirements-dev.txt", "x"), "requirements");
    assert_eq!(guess("-", "# comment\n\ndagster==1.0\n"), "requirements");
    assert_eq!(guess("pylock.prod.toml", ""), "pylock");
    assert_eq!(guess("x/uv.lock", ""), "uv-lock");
    assert_eq!(guess("a.whl", "PK\u{3}\u{4}"), "wheel");
    assert_eq!(guess("a-1.0.jar", "PK\u{3}\u{4}"), "kestra-jar");
    assert_eq!(guess("notes.txt", "hello there\n"), "none");
    assert!(format("pip-freeze").is_some());
}
