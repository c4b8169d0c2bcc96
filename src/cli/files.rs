//! Files: bounded reading, `-` for standard input, and writing.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::Failure;
use super::args::Common;
use crate::input;
use crate::matrix::MATRIX_LIMIT;

/// Reads a file, or standard input for `-`, up to one byte more than `limit`; the readers refuse what
/// is longer.
pub(super) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let result = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    match result {
        Ok(_) => Ok(bytes),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// The longest file that is read in pieces, in bytes.
const LONGEST: u64 = 1 << 32;

/// Reads a file, or standard input for `-`, piece by piece. What is no plain file is refused, because it
/// may have no end; so is what is longer than 4 GiB.
pub(super) fn pieces(path: &Path, size: usize, take: impl FnMut(&[u8])) -> Result<(), Failure> {
    let result = if path.as_os_str() == "-" {
        drain(std::io::stdin().lock(), size, take)
    } else {
        plain(path).and_then(|file| drain(file, size, take))
    };
    match result {
        Ok(length) if length > LONGEST => {
            Err(Failure::new(format!("{}: longer than 4 GiB", name(path))))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// Gives everything to `take` up to the longest length; returns how much it was.
fn drain(source: impl Read, size: usize, mut take: impl FnMut(&[u8])) -> std::io::Result<u64> {
    let mut source = source.take(LONGEST + 1);
    let mut piece = vec![0; size];
    let mut length = 0;
    loop {
        match source.read(&mut piece) {
            Ok(0) => return Ok(length),
            Ok(read) => {
                take(&piece[..read]);
                length += u64::try_from(read).unwrap_or(u64::MAX);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Opens what is a plain file. Looked at before it is opened, because opening a pipe waits.
fn plain(path: &Path) -> std::io::Result<File> {
    let kind = fs::metadata(path)?;
    if kind.is_dir() {
        return Err(a_folder());
    }
    if !kind.is_file() {
        let what = "expected a file, found a device or a pipe";
        return Err(std::io::Error::other(what));
    }
    File::open(path)
}

/// Says why a path cannot be read.
pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {}", name(path), reason(error)))
}

fn open(path: &Path) -> std::io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(a_folder());
    }
    Ok(file)
}

fn a_folder() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::IsADirectory, "expected a file, found a directory")
}

/// Returns the reason without the operating system's error number.
fn reason(error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::NotFound {
        "no such file".to_owned()
    } else if error.kind() == std::io::ErrorKind::PermissionDenied {
        "permission denied".to_owned()
    } else {
        error.to_string()
    }
}

/// Reads a file with its name.
pub(super) fn file(path: &Path, limit: usize) -> Result<input::File, Failure> {
    Ok(input::File { name: name(path), bytes: read(path, limit)? })
}

/// Reads the matrix files of the command line.
pub(super) fn matrices(common: &Common) -> Result<Vec<input::File>, Failure> {
    common.matrix.iter().map(|path| file(path, MATRIX_LIMIT)).collect()
}

/// Refuses to write a lock where the answer goes; a program could not tell the two apart.
pub(super) fn check_lock(common: &Common, lock: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = lock else { return Ok(()) };
    if path.as_os_str() == "-" {
        return Err(Failure::new("expected a file for --lock, found `-`")
            .hint("standard output holds the answer"));
    }
    if common.output.as_deref() == Some(path) {
        return Err(Failure::new("--lock and --output name the same file"));
    }
    Ok(())
}

/// Returns a path as it is shown in messages.
pub(super) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "<standard input>".to_owned() } else { path.display().to_string() }
}

/// Writes an answer to a file.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| failed(path, &error))
}

/// Makes a file for an answer, or empties it.
pub(super) fn create(path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|error| failed(path, &error))
}

/// Says why nothing could be done with a file.
pub(super) fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {}", name(path), reason(error)))
}

/// Writes a file that others may be reading: whole or not at all. The text goes to a new file beside it,
/// which then takes its place; what is no plain file, such as a pipe, is written to as it is.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error| failed(path, &error);
    let old = fs::metadata(path).ok();
    if old.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(failed(a_folder()));
    }
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return write(path, text);
    }
    // A link stays one: what it points to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let draft = beside(&target);
    let fill = |mut file: File| {
        file.write_all(text.as_bytes())?;
        if let Some(old) = old {
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&draft, &target)
    };
    File::create_new(&draft)
        .and_then(|file| {
            fill(file).inspect_err(|_| {
                // The first error is the one to tell; a draft that stays behind does no harm.
                fs::remove_file(&draft).ok();
            })
        })
        .map_err(failed)
}

/// Returns the name of a draft of a file, which no other run of this program uses.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.new", std::process::id()));
    path.with_file_name(name)
}
