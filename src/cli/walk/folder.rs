//! Entries of folders.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::files;
use crate::failure::Failure;

/// Returns what is in a folder, sorted by path. Links are not followed, so that no folder is seen twice.
pub(super) fn entries(folder: &Path) -> Result<Vec<(PathBuf, fs::FileType)>, Failure> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| files::unreadable(folder, &error))?;
    let typed = entries.iter().map(|entry| Ok((entry.path(), entry.file_type()?)));
    let mut typed = typed
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error: std::io::Error| files::unreadable(folder, &error))?;
    typed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(typed)
}

/// Returns a path with `/` between its parts, as the readers expect it.
pub(super) fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}
