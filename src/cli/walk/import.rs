//! Which files an import is made of: those that are named, and what a format takes of folders.
//!
//! Paths are only opened here; the readers see them as names.

use std::fs;
use std::path::{Path, PathBuf};

use super::folder::{entries, slashed};
use crate::api::guess_format;
use crate::cli::files;
use crate::evidence::formats::{Format, TEXT_LIMIT, Take};
use crate::failure::Failure;
use crate::input::{File, Input};
use crate::query::ImportedFile;

/// How deep folders are followed.
const DEEPEST: usize = 12;

/// How many files are taken, and how many entries of folders are looked at.
const MOST: usize = 100_000;

/// How many bytes all files together may have: 1 GiB.
const MOST_BYTES: usize = 1 << 30;

/// Reads what a format takes of some paths.
pub(in crate::cli) fn imported(
    paths: &[PathBuf],
    format: &Format,
) -> Result<Vec<ImportedFile>, Failure> {
    taken(paths, paths.iter().map(|_| None).collect(), format)
}

/// Takes paths, some of which were read already.
fn taken(
    paths: &[PathBuf],
    read: Vec<Option<Vec<u8>>>,
    format: &Format,
) -> Result<Vec<ImportedFile>, Failure> {
    let mut walk = Walk { format, list: Vec::new(), looked_at: 0, bytes: 0 };
    for (path, read) in paths.iter().zip(read) {
        if path.is_dir() {
            let before = walk.list.len();
            walk.folder(path, path, DEEPEST)?;
            if walk.list.len() == before {
                return Err(Failure::new(format!(
                    "{}: nothing in this folder is of the format {}",
                    files::name(path),
                    format.name
                )));
            }
        } else {
            walk.file(path, true, read)?;
        }
    }
    Ok(walk.list)
}

/// Reads paths in the format that they look like. What was read to find it out is not read again: standard
/// input and pipes can be read once.
pub(in crate::cli) fn guessing(
    paths: &[PathBuf],
    guess: impl Fn(&Input<'_>) -> Option<&'static Format>,
) -> Result<(&'static Format, Vec<ImportedFile>), Failure> {
    let mut read = Vec::new();
    let mut guesses = Vec::new();
    for path in paths {
        let (format, bytes) = guessed(path, &guess)?;
        guesses.push((files::name(path), format));
        read.push(bytes);
    }
    let format = guess_format(guesses.iter().map(|(name, format)| (name.as_str(), *format)))?;
    // Of a longer file only the beginning was read.
    let whole = |bytes: &Vec<u8>| bytes.len() <= TEXT_LIMIT || format.limit <= TEXT_LIMIT;
    let read = read.into_iter().map(|bytes| bytes.filter(whole)).collect();
    Ok((format, taken(paths, read, format)?))
}

/// Returns files of which only the names matter.
pub(in crate::cli) fn only_named(paths: &[PathBuf]) -> Vec<ImportedFile> {
    let file = |path: &PathBuf| File::new(input_name(path), []);
    paths.iter().map(|path| ImportedFile { file: file(path), named: true }).collect()
}

/// Guesses the format of a path. Returns the bytes of a file too.
fn guessed(
    path: &Path,
    guess: impl Fn(&Input<'_>) -> Option<&'static Format>,
) -> Result<(Option<&'static Format>, Option<Vec<u8>>), Failure> {
    if path.is_dir() {
        let mut found = None;
        first_of_folder(path, DEEPEST, &mut |entry| {
            let name = slashed(entry);
            found = guess(&Input { name: &name, bytes: &[] })
                .filter(|format| (format.takes)(&name, false) != Take::Nothing);
            found.is_some()
        })?;
        return Ok((found, None));
    }
    let bytes = files::read(path, TEXT_LIMIT)?;
    let format = guess(&Input { name: &input_name(path), bytes: &bytes });
    Ok((format, Some(bytes)))
}

/// Shows the files of a folder until one is the right one.
fn first_of_folder(
    folder: &Path,
    depth: usize,
    is_it: &mut impl FnMut(&Path) -> bool,
) -> Result<bool, Failure> {
    for (path, kind) in entries(folder)? {
        let found = if kind.is_dir() {
            depth > 0 && first_of_folder(&path, depth - 1, is_it)?
        } else {
            kind.is_file() && is_it(&path)
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

struct Walk<'a> {
    format: &'a Format,
    list: Vec<ImportedFile>,
    looked_at: usize,
    bytes: usize,
}

impl Walk<'_> {
    fn folder(&mut self, root: &Path, folder: &Path, depth: usize) -> Result<(), Failure> {
        for (path, kind) in entries(folder)? {
            self.looked_at += 1;
            if self.looked_at > MOST {
                let root = files::name(root);
                return Err(Failure::new(format!("{root}: there are more than {MOST} entries")));
            }
            if kind.is_dir() && depth > 0 {
                self.folder(root, &path, depth - 1)?;
            } else if kind.is_file() {
                self.file(&path, false, None)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, named: bool, read: Option<Vec<u8>>) -> Result<(), Failure> {
        let name = input_name(path);
        match (self.format.takes)(&slashed(path), named) {
            Take::Nothing => {}
            Take::Name if fs::symlink_metadata(path).is_err() => {
                return Err(Failure::new(format!("{}: no such file", files::name(path))));
            }
            Take::Name => self.list.push(ImportedFile { file: File::new(name, []), named }),
            Take::Bytes => {
                let bytes = read.map_or_else(|| files::read(path, self.format.limit), Ok)?;
                self.bytes += bytes.len();
                if self.bytes > MOST_BYTES {
                    let message = format!("the files have more than {} MiB", MOST_BYTES >> 20);
                    return Err(Failure::new(message).hint("import fewer at a time"));
                }
                self.list.push(ImportedFile { file: File { name, bytes }, named });
            }
        }
        Ok(())
    }
}

/// Returns what a reader sees of a path.
fn input_name(path: &Path) -> String {
    if path.as_os_str() == "-" { files::name(path) } else { slashed(path) }
}

/// Returns the name of the only path, without its extension.
pub(in crate::cli) fn name(paths: &[PathBuf]) -> Option<String> {
    let [path] = paths else { return None };
    let name = path.file_stem().filter(|_| path.as_os_str() != "-")?;
    Some(name.to_string_lossy().into_owned())
}
