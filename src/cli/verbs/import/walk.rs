//! Which files an import is made of: those that are named, and what a format takes of folders.
//!
//! Paths are only opened here; the readers see them as names.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::super::{Failure, files};
use crate::evidence::formats::{Format, TEXT_LIMIT, Take};
use crate::input::Input;

/// How deep folders are followed.
const DEEPEST: usize = 12;

/// How many files are taken, and how many entries of folders are looked at.
const MOST: usize = 100_000;

/// How many bytes all files together may have: 1 GiB.
const MOST_BYTES: usize = 1 << 30;

/// A file.
struct Taken {
    name: String,
    bytes: Vec<u8>,
    /// Whether it was named, and not found in a folder.
    named: bool,
}

/// The files of an import.
pub(super) struct Files {
    list: Vec<Taken>,
    /// A name for what was asked for, if it was one thing.
    name: Option<String>,
}

impl Files {
    pub(super) fn inputs(&self) -> Vec<Input<'_>> {
        self.list.iter().map(|file| Input { name: &file.name, bytes: &file.bytes }).collect()
    }

    /// Returns of each file whether it was named, and not found in a folder.
    pub(super) fn named(&self) -> impl Iterator<Item = bool> {
        self.list.iter().map(|file| file.named)
    }

    /// Returns a name for what the files state.
    pub(super) fn name(&self, format: &Format) -> String {
        self.name.clone().unwrap_or_else(|| format.name.to_owned())
    }
}

/// Reads what a format takes of some paths.
pub(super) fn files(paths: &[PathBuf], format: &Format) -> Result<Files, Failure> {
    taken(paths, paths.iter().map(|_| None).collect(), format)
}

/// Takes paths, some of which were read already.
fn taken(paths: &[PathBuf], read: Vec<Option<Vec<u8>>>, format: &Format) -> Result<Files, Failure> {
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
    Ok(Files { list: walk.list, name: name(paths) })
}

/// Reads paths in the format that those of them look like which look like any: some answers are too short to
/// be known by themselves. What was read to find it out is not read again: standard input and pipes can be
/// read once.
pub(super) fn guessing(
    paths: &[PathBuf],
    guess: impl Fn(&Input<'_>) -> Option<&'static Format>,
) -> Result<(&'static Format, Files), Failure> {
    let mut found: Option<(&'static Format, &Path)> = None;
    let mut read = Vec::new();
    for path in paths {
        let (format, bytes) = guessed(path, &guess)?;
        read.push(bytes);
        match (format, found) {
            (Some(format), Some((first, earlier))) if first.name != format.name => {
                return Err(mixed((earlier, first), (path, format)));
            }
            (Some(format), None) => found = Some((format, path)),
            (Some(_), Some(_)) | (None, _) => {}
        }
    }
    let (format, _) = found.ok_or_else(|| unlike(paths))?;
    // Of a longer file only the beginning was read.
    let whole = |bytes: &Vec<u8>| bytes.len() <= TEXT_LIMIT || format.limit <= TEXT_LIMIT;
    let read = read.into_iter().map(|bytes| bytes.filter(whole)).collect();
    Ok((format, taken(paths, read, format)?))
}

/// Says that files are of two formats.
fn mixed(one: (&Path, &Format), other: (&Path, &Format)) -> Failure {
    let [one, other] = [one, other]
        .map(|(path, format)| format!("{} looks like {}", files::name(path), format.name));
    Failure::new(format!("{one}, but {other}")).hint("import files of one format at a time")
}

/// Says that nothing is of a format that is known.
fn unlike(paths: &[PathBuf]) -> Failure {
    let first = paths.first().map(|path| files::name(path)).unwrap_or_default();
    let message = match paths.len() {
        0 => return Failure::new("there is no file to read"),
        1 => format!("{first}: does not look like any known format"),
        count => format!("{first}: does not look like any known format, nor do {} more", count - 1),
    };
    Failure::new(message).hint("name the FORMAT; `skew import --help` lists them")
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

/// Returns what is in a folder, sorted by path. Links are not followed, so that no folder is seen twice.
fn entries(folder: &Path) -> Result<Vec<(PathBuf, fs::FileType)>, Failure> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| files::unreadable(folder, &error))?;
    let typed = entries.iter().map(|entry| Ok((entry.path(), entry.file_type()?)));
    let mut typed = typed
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error: std::io::Error| files::unreadable(folder, &error))?;
    typed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(typed)
}

struct Walk<'a> {
    format: &'a Format,
    list: Vec<Taken>,
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
            Take::Name => self.list.push(Taken { name, bytes: Vec::new(), named }),
            Take::Bytes => {
                let bytes = read.map_or_else(|| files::read(path, self.format.limit), Ok)?;
                self.bytes += bytes.len();
                if self.bytes > MOST_BYTES {
                    let message = format!("the files have more than {} MiB", MOST_BYTES >> 20);
                    return Err(Failure::new(message).hint("import fewer at a time"));
                }
                self.list.push(Taken { name, bytes, named });
            }
        }
        Ok(())
    }
}

/// Returns what a reader sees of a path.
fn input_name(path: &Path) -> String {
    if path.as_os_str() == "-" { files::name(path) } else { slashed(path) }
}

/// Returns a path with `/` between its parts, as the readers expect it.
fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// Returns the name of the only path, without its extension.
fn name(paths: &[PathBuf]) -> Option<String> {
    let [path] = paths else { return None };
    let name = path.file_stem().filter(|_| path.as_os_str() != "-")?;
    Some(name.to_string_lossy().into_owned())
}
