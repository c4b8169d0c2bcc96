//! Running the built command, and goldens.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run of the command gave.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Returns the root of the project.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs `skew` in the project's root, in 80 columns and without colour.
pub(crate) fn skew(arguments: &[&str]) -> Run {
    skew_with(arguments, "")
}

/// Runs `skew` with something on standard input.
pub(crate) fn skew_with(arguments: &[&str], input: &str) -> Run {
    run(arguments, input, &[])
}

/// Runs `skew` with these variables in its environment.
#[cfg(feature = "live")]
pub(crate) fn skew_where(variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    run(arguments, "", variables)
}

fn run(arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> Run {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_skew"))
        .args(arguments)
        .current_dir(root())
        .env("COLUMNS", "80")
        .env_remove("NO_COLOR")
        .env_remove("SKEW_VALKEY_USER")
        .env_remove("SKEW_VALKEY_PASSWORD")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command was built");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    // A command that does not read its input closes it early.
    stdin.write_all(input.as_bytes()).ok();
    drop(stdin);
    let output = child.wait_with_output().expect("the command ends");
    let stdout = String::from_utf8(output.stdout).expect("output is text");
    crate::schemas::assert_answer(&stdout);
    Run {
        status: output.status.code().expect("the command exits by itself"),
        stdout,
        stderr: String::from_utf8(output.stderr).expect("errors are text"),
    }
}

/// Whether goldens are to be rewritten.
pub(crate) fn updating() -> bool {
    std::env::var_os("SKEW_UPDATE").is_some()
}

/// Replaces the digests of the matrices that an answer was made from: they change with every new fact.
fn without_digests(text: &str) -> String {
    let mut within = false;
    let lines = text.split_inclusive('\n').map(|line| {
        within = (within || line.contains("\"knowledge\": [")) && !line.trim().starts_with(']');
        match line.split_once("\"sha256\": ") {
            Some((head, _)) if within => format!("{head}\"sha256\": \"(digest)\"\n"),
            Some(_) | None => line.to_owned(),
        }
    });
    lines.collect()
}

/// Compares a text with a golden file below `tests/goldens`, or rewrites it.
#[track_caller]
pub(crate) fn golden(name: &str, text: &str) {
    let text = without_digests(text);
    let path = root().join("tests/goldens").join(name);
    if updating() {
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))
            .expect("the folder can be made");
        std::fs::write(&path, &text).expect("the golden can be written");
        return;
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, known, "{} differs; SKEW_UPDATE=1 rewrites it", path.display());
}
