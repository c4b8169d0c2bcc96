//! `skew inspect` as a user runs it.

use std::path::PathBuf;

use super::made::{Made, made};
use crate::run::{golden, root, skew, skew_with};

/// A folder of this test run, empty at first.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("inspect").join(name);
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(folder: &std::path::Path, name: &str, file: &Made) -> String {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, file.bytes()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The example files are these.
#[test]
fn the_examples_are_what_they_say() {
    let examples = [
        ("hello", made("CPP", "v1.5.5").entry("hello_duckdb_cpp_init")),
        ("portable", made("C_STRUCT", "v1.2.0").entry("portable_init_c_api")),
    ];
    for (name, file) in examples {
        let path = format!("examples/extensions/v1.5.5/linux_amd64/{name}.duckdb_extension");
        let path = root().join(path);
        if crate::run::updating() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, file.bytes()).unwrap();
        }
        assert!(std::fs::read(&path).unwrap_or_default() == file.bytes(), "{}", path.display());
    }
}

/// Every answer, with what it says for people.
#[test]
fn answers_read_well() {
    let folder = folder("answers");
    let hostile = made("C_STRUCT", "v1.2.0\u{1b}[31m").on("linux\namd64");
    let files = [
        write(&folder, "fts.duckdb_extension", &made("CPP", "v1.5.5").entry("fts_duckdb_cpp_init")),
        write(
            &folder,
            "odbc.duckdb_extension",
            &made("C_STRUCT", "v1.3.0").entry("odbc_scanner_init_c_api"),
        ),
        write(&folder, "lower.so", &made("c_struct", "v1.2.0").on("osx_arm64")),
        write(&folder, "bare.duckdb_extension", &made("CPP", "1.5.5")),
        write(&folder, "evil\u{1b}[2J.duckdb_extension", &hostile),
    ];
    let mut text = String::new();
    for file in &files {
        let run = skew(&["inspect", file, "--for", "duckdb@1.5.5", "--platform", "linux_amd64"]);
        assert_eq!((run.status, run.stderr.as_str()), (1, ""));
        text.push_str(&run.stdout);
        text.push('\n');
    }
    let every = skew(&["inspect", &files[1], "--unsigned"]);
    text.push_str(&every.stdout);
    let text = text.replace(folder.to_str().unwrap(), "FOLDER");
    assert!(!text.contains('\u{1b}'));
    assert!(text.lines().all(|line| line.len() <= 80), "{text}");
    golden("cli/inspect.txt", &text);
}

#[test]
fn a_folder_tells_which_engine_looks_into_it() {
    let folder = folder("tree");
    write(&folder, "v1.5.5/linux_amd64/a.duckdb_extension", &made("CPP", "v1.5.5"));
    write(&folder, "v1.5.6/linux_arm64/b.duckdb_extension", &made("CPP", "v1.5.6"));
    write(&folder, "46f1c14caa/linux_amd64/c.duckdb_extension", &made("CPP", "46f1c14caa"));
    write(&folder, "v1.5.6/linux_amd64/a.duckdb_extension.info", &made("CPP", "v1.5.6"));
    let run = skew(&["inspect", folder.to_str().unwrap(), "--unsigned", "--format", "json"]);
    assert_eq!(run.status, 1);
    let answer: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let files = answer["files"].as_array().unwrap();
    let said: Vec<_> = files
        .iter()
        .map(|file| {
            let engine = &file["engines"][0];
            [&engine["engine"], &engine["platform"], &file["verdict"], &engine["checks"]]
                .map(ToString::to_string)
                .join(" ")
        })
        .collect();
    assert_eq!(
        said,
        [
            r#""46f1c14caa" "linux_amd64" "compatible" []"#,
            r#""v1.5.5" "linux_amd64" "compatible" []"#,
            r#""v1.5.6" "linux_arm64" "incompatible" ["load-platform"]"#,
        ]
    );
}

#[test]
fn the_answer_for_programs_holds_facts_and_findings() {
    let folder = folder("json");
    let file = write(&folder, "fts.duckdb_extension", &made("CPP", "v1.5.5"));
    let run = skew(&["inspect", &file, "--for", "duckdb@1.5", "--unsigned", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(answer["files"][0]["engines"].as_array().map(Vec::len), Some(7));
    let text = run.stdout.replace(folder.to_str().unwrap(), "FOLDER");
    golden("cli/inspect.json", &text);
}

#[test]
fn standard_input_and_several_engines_are_taken() {
    let bytes = String::from_utf8(
        made("C_STRUCT", "v1.2.0").bytes().into_iter().filter(u8::is_ascii).collect(),
    );
    let run = skew_with(&["inspect", "-", "--unsigned", "--for", "duckdb@1.1.3"], &bytes.unwrap());
    assert_eq!(run.status, 1);
    // Bytes that are no text were left out, but all of them lie before the footer.
    assert!(run.stdout.contains("load-c-api"), "{}", run.stdout);
    assert!(run.stdout.starts_with("<standard input>\n"));
}

#[test]
fn what_cannot_be_answered_is_said() {
    let folder = folder("errors");
    let empty = folder.to_str().unwrap();
    let file = write(&folder, "x.so", &made("CPP", "v1.5.5"));
    let errors = [
        &["inspect", "no-such-file.duckdb_extension"][..],
        &["inspect", empty],
        &["inspect", "/dev/null"],
        &["inspect", &file, "--for", "valkey@9.1.2"],
        &["inspect", &file, "--for", "duckdb@1.6.0"],
        &["inspect", &file, "--for", "duckdb@nothing"],
        &["inspect", &file, "--for", "duckdb@1.5.6.dev50"],
    ];
    let mut text = String::new();
    for arguments in errors {
        let run = skew(arguments);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{arguments:?}");
        text.push_str(&run.stderr);
    }
    golden("cli/inspect-errors.txt", &text.replace(empty, "FOLDER"));
}

/// A ticket shows every file with its engines; hostile paths stay in their cell.
#[test]
fn a_table_for_a_ticket() {
    let folder = folder("markdown");
    let file = write(&folder, "a|b\n*c*.duckdb_extension", &made("CPP", "v1.5.5"));
    let fine = write(&folder, "fine.duckdb_extension", &made("C_STRUCT", "v1.2.0"));
    let run = skew(&[
        "inspect",
        &file,
        &fine,
        "--unsigned",
        "--format",
        "markdown",
        "--for",
        "duckdb@1.5.6",
    ]);
    insta::assert_snapshot!(run.stdout.replace(folder.to_str().unwrap(), "FOLDER"), @r"
    # skew inspect

    | file | engine | outcome | checks |
    |---|---|---|---|
    | FOLDER/a\|b&lt;U+000A&gt;\*c\*.duckdb\_extension | v1.5.6 | refused | load-version |
    | FOLDER/fine.duckdb\_extension | v1.5.6 | loads |  |

    - **error** `load-version` a\|b&lt;U+000A&gt;\*c\*.duckdb\_extension on duckdb v1.5.6: built for `v1.5.5`; v1.5.6 takes files for `v1.5.6` only
    ");
}

/// Who asks about no engine and gets no good answer still hears why.
#[test]
fn the_nearest_engine_says_why_none_loads_it() {
    let folder = folder("nearest");
    let file = write(&folder, "x.duckdb_extension", &made("CPP", "v1.5.5"));
    let run = skew(&["inspect", &file]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("error[load-signature] x.duckdb_extension on duckdb v1.5.5"));
}

/// What cannot be read in a folder is named, and the rest is judged.
#[cfg(unix)]
/// The engine refuses a file that is not the one that it noted, and other engines do not look at the note.
#[test]
fn a_note_of_an_installation_must_fit() {
    let folder = folder("notes");
    let notes: [(&str, &[u8]); 4] = [
        ("fits", b"d\x00\x02g\x00\x031.0\xff\xff"),
        ("other", b"d\x00\x02g\x00\x032.0\xff\xff"),
        ("cut", b"d\x00\x02g\x00\x09"),
        ("empty", b""),
    ];
    for (name, note) in notes {
        let file = made("CPP", "v1.5.5").entry(&format!("{name}_duckdb_cpp_init"));
        let path = write(&folder, &format!("v1.5.5/linux_amd64/{name}.duckdb_extension"), &file);
        std::fs::write(format!("{path}.info"), note).unwrap();
    }
    let path = folder.to_str().unwrap();
    let run = skew(&["inspect", path, "--unsigned", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let found: Vec<_> = answer["findings"].as_array().unwrap().iter().collect();
    assert!(found.iter().all(|finding| finding["code"] == "load-note"), "{answer:#}");
    let messages: Vec<_> =
        found.iter().map(|finding| finding["message"].as_str().unwrap()).collect();
    assert_eq!(
        messages,
        [
            "the note of its installation ends in the middle",
            "the note of its installation is empty",
            "version `2.0` was installed, and the file is of version `1.0`",
        ]
    );
    let other = skew(&["inspect", path, "--unsigned", "--for", "duckdb@1.5.6"]);
    assert!(!other.stdout.contains("load-note"), "{}", other.stdout);
}

#[test]
fn a_link_is_not_followed_in_a_folder() {
    let folder = folder("links");
    write(&folder, "deep/x.duckdb_extension", &made("CPP", "v1.5.5"));
    std::os::unix::fs::symlink(&folder, folder.join("deep/loop")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.join("zero.duckdb_extension")).unwrap();
    let run = skew(&["inspect", folder.to_str().unwrap(), "--unsigned", "--for", "duckdb@1.5.5"]);
    assert_eq!((run.status, run.stdout.lines().count()), (0, 4), "{}", run.stdout);
}
