//! Which files are meant by the paths on the command line.
//!
//! A folder stands for the extension files and packages in it. DuckDB keeps them in
//! `extensions/VERSION/PLATFORM/NAME.duckdb_extension`, so the folders above a file tell which engine looks
//! for it there.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::super::{Failure, files};

/// How deep folders are followed.
const DEEPEST: usize = 8;

/// How many files are looked at.
const MOST: usize = 10_000;

/// A file to look at.
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// Whether it was named, and not found in a folder.
    pub(super) named: bool,
    pub(super) place: Option<Place>,
}

/// The engine in whose folder a file lies.
pub(super) struct Place {
    /// Its version with a leading `v`, or its commit.
    pub(super) version: String,
    pub(super) platform: String,
}

/// Returns the files that paths stand for: those of a folder sorted by path.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = found.len();
            folder(path, DEEPEST, &mut found)?;
            if found.len() == before {
                return Err(Failure::new(format!(
                    "{}: no file in this folder ends in `.duckdb_extension`, `.jar` or `.whl`",
                    files::name(path)
                )));
            }
        } else {
            found.push(Found { path: path.clone(), named: true, place: place(path) });
        }
    }
    Ok(found)
}

fn folder(path: &Path, depth: usize, found: &mut Vec<Found>) -> Result<(), Failure> {
    let entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| files::unreadable(path, &error))?;
    let mut entries: Vec<_> = entries.iter().map(fs::DirEntry::path).collect();
    entries.sort();
    for entry in entries {
        // Links are not followed, so that no folder is seen twice.
        let kind =
            fs::symlink_metadata(&entry).map_err(|error| files::unreadable(&entry, &error))?;
        if kind.is_dir() && depth > 0 {
            folder(&entry, depth - 1, found)?;
        } else if kind.is_file() && (is_extension(&entry) || is_package(&entry)) {
            if found.len() == MOST {
                return Err(Failure::new(format!("there are more than {MOST} files")));
            }
            found.push(Found { place: place(&entry), path: entry, named: false });
        }
    }
    Ok(())
}

/// How the names of extension files end.
const EXTENSIONS: [&str; 2] = [".duckdb_extension", ".duckdb_extension.wasm"];

/// How the names of packages end.
const PACKAGES: [&str; 2] = [".jar", ".whl"];

/// Whether a file is an extension by its name.
pub(super) fn is_extension(path: &Path) -> bool {
    ends(path, &EXTENSIONS)
}

/// Whether a file is a package by its name.
pub(super) fn is_package(path: &Path) -> bool {
    ends(path, &PACKAGES)
}

fn ends(path: &Path, endings: &[&str]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    endings.iter().any(|end| name.ends_with(end))
}

/// Reads the version and the platform from the folders above a file.
fn place(path: &Path) -> Option<Place> {
    let folder = path.parent()?;
    let platform = folder.file_name()?.to_str()?;
    let version = folder.parent()?.file_name()?.to_str()?;
    let is_version = version.strip_prefix('v').is_some_and(|digits| {
        digits.starts_with(|first: char| first.is_ascii_digit()) && digits.contains('.')
    });
    let is_commit = version.len() == 10 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    let fits = (is_version || is_commit) && platform.contains('_');
    fits.then(|| Place { version: version.to_owned(), platform: platform.to_owned() })
}
