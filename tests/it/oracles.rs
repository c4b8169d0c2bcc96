//! Real systems as judges: fetched by package name into `target/oracles`, once.
//!
//! `SKEW_ORACLES=off` leaves them out. What is left out is said past the capture of the test harness.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::root;

/// Says that something was not checked.
pub(crate) fn notice(what: &str, why: &str) {
    let line = format!("\nNOT CHECKED: {what}: {why}\n");
    std::io::stderr().write_all(line.as_bytes()).ok();
}

/// Fetches `engines` or `servers` for a check and returns the folder of all oracles. `None`, after saying
/// so, if they are switched off or cannot run on this system.
///
/// # Panics
///
/// If a package cannot be fetched: then the check fails instead of being forgotten.
pub(crate) fn oracles(kind: &str, check: &str) -> Option<PathBuf> {
    let missing = if std::env::var_os("SKEW_ORACLES").is_some_and(|value| value == "off") {
        Some("SKEW_ORACLES=off")
    } else if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        Some("the programs are for Linux on x86_64")
    } else if !has_package_client() {
        Some("there is no python3 with pip")
    } else {
        None
    };
    if let Some(why) = missing {
        notice(check, why);
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("oracles");
    let run = Command::new("python3")
        .arg(root().join("tests/oracles/install.py"))
        .arg(&folder)
        .arg(kind)
        .output()
        .expect("python3 runs");
    let why = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{why}\nSKEW_ORACLES=off runs the other tests alone");
    Some(folder)
}

fn has_package_client() -> bool {
    let client = Command::new("python3").args(["-m", "pip", "--version"]).output();
    client.is_ok_and(|output| output.status.success())
}
