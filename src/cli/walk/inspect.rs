//! Which files are meant by the paths of `inspect`.
//!
//! A folder stands for the extension files and packages in it. DuckDB keeps them in
//! `extensions/VERSION/PLATFORM/NAME.duckdb_extension`, so the folders above a file tell which engine looks
//! for it there.

use std::path::{Path, PathBuf};

use super::folder::entries;
use crate::cli::files;
use crate::evidence::{ArtifactReader, is_extension, is_package};
use crate::failure::Failure;
use crate::input::File;
use crate::query::{InspectedFile, Placement, Read};

/// How deep folders are followed.
const DEEPEST: usize = 8;

/// How many files are looked at.
const MOST: usize = 10_000;

/// How many bytes are read at a time.
const PIECE: usize = 1 << 16;

/// How the note of an installation is named, after the file that it lies beside.
const NOTE: &str = ".info";

/// The longest note that is read, in bytes.
const NOTE_LIMIT: usize = 1 << 20;

/// Returns the files that paths stand for, read: those of a folder sorted by path.
pub(in crate::cli) fn inspected(paths: &[PathBuf]) -> Result<Vec<InspectedFile>, Failure> {
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
            found.push(file(path, true)?);
        }
    }
    Ok(found)
}

fn folder(path: &Path, depth: usize, found: &mut Vec<InspectedFile>) -> Result<(), Failure> {
    for (entry, kind) in entries(path)? {
        let name = entry.to_string_lossy();
        if kind.is_dir() && depth > 0 {
            folder(&entry, depth - 1, found)?;
        } else if kind.is_file() && (is_extension(&name) || is_package(&name)) {
            if found.len() == MOST {
                return Err(Failure::new(format!("there are more than {MOST} files")));
            }
            found.push(file(&entry, false)?);
        }
    }
    Ok(())
}

/// Reads a file piece by piece: an extension may be longer than what is held in memory.
fn file(path: &Path, named: bool) -> Result<InspectedFile, Failure> {
    let name = files::name(path);
    let mut reader = ArtifactReader::new(&name);
    let read = files::pieces(path, PIECE, |piece| reader.push(piece))
        .and_then(|()| Ok(reader.finish()?))
        .map(Read::Facts);
    let read = match read {
        Err(failure) if named => return Err(failure),
        Err(failure) => Read::Unreadable(failure.reason()),
        Ok(facts) => facts,
    };
    let (placement, note) = (placement(path), note(path));
    Ok(InspectedFile { file: File::new(name, []), read: Some(read), named, placement, note })
}

/// Returns what was noted when a file was installed. A note that is not there is none, and neither is one
/// that cannot be opened.
fn note(path: &Path) -> Option<File> {
    let mut name = path.file_name()?.to_owned();
    name.push(NOTE);
    let path = path.with_file_name(name);
    path.is_file().then(|| files::file(&path, NOTE_LIMIT).ok()).flatten()
}

/// Reads the version and the platform from the folders above a file.
fn placement(path: &Path) -> Option<Placement> {
    let folder = path.parent()?;
    let platform = folder.file_name()?.to_str()?;
    let version = folder.parent()?.file_name()?.to_str()?;
    let is_version = version.strip_prefix('v').is_some_and(|digits| {
        digits.starts_with(|first: char| first.is_ascii_digit()) && digits.contains('.')
    });
    let is_commit = version.len() == 10 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    let fits = (is_version || is_commit) && platform.contains('_');
    fits.then(|| Placement { version: version.to_owned(), platform: platform.to_owned() })
}
