//! Opening zip files.

use std::io::{Cursor, Read};

use zip::result::ZipError;
use zip::{ZipArchive, read::ZipFile};

use super::{ARCHIVE_LIMIT, problem};
use crate::problem::{Problem, ProblemCode, shown};

/// Most entries of an archive.
const MOST_ENTRIES: usize = 200_000;

/// Most bytes that all entries may state together.
const MOST_STATED: u128 = 8 << 30;

/// Most that all entries may state together, in sizes of the file, where that is more than
/// [`LITTLE`].
const MOST_TIMES: u128 = 200;

/// Number of bytes that do no harm, however small the file is.
const LITTLE: u128 = 64 << 20;

/// Most bytes that are unpacked of one archive.
const BUDGET: u64 = 256 << 20;

/// The mark of an entry in an archive's directory.
const ENTRY_MARK: &[u8] = b"PK\x01\x02";

/// The mark of the end of an archive's directory.
const END_MARK: &[u8] = b"PK\x05\x06";

/// Largest distance of that mark from the end of a file, in bytes: a comment of 64 KiB may follow.
const FURTHEST: usize = 1 << 17;

/// A zip file in memory whose directory was read and found harmless.
pub(in crate::evidence) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Number of bytes that may still be unpacked.
    budget: u64,
    names: Vec<String>,
}

impl<'a> Archive<'a> {
    /// Reads the directory of an archive.
    pub(in crate::evidence) fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        if bytes.len() > ARCHIVE_LIMIT {
            let limit = ARCHIVE_LIMIT >> 20;
            let message = format!("the archive is larger than {limit} MiB");
            return Err(Problem::of_file(ProblemCode::TooLarge, message));
        }
        if entry_marks(bytes) > MOST_ENTRIES {
            return Err(problem(format!("the archive has more than {MOST_ENTRIES} entries")));
        }
        let tail = &bytes[bytes.len().saturating_sub(FURTHEST)..];
        if !tail.windows(END_MARK.len()).any(|window| window == END_MARK) {
            let message = "expected a zip archive, found no directory at its end";
            let hint = "it was cut off, or is something else".to_owned();
            return Err(Problem { hint: Some(hint), ..problem(message.to_owned()) });
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error, None))?;
        check_sizes(&zip, bytes.len())?;
        let shared = zip.has_overlapping_entries().map_err(|error| broken(&error, None))?;
        if shared {
            return Err(problem("entries of the archive share bytes, as in a zip bomb".into()));
        }
        let names = zip.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned());
        Ok(Self { names: names.collect(), zip, budget: BUDGET })
    }

    /// Returns the names of all entries. They may hold anything.
    pub(in crate::evidence) fn names(&self) -> &[String] {
        &self.names
    }

    /// Unpacks an entry of at most `limit` bytes.
    pub(in crate::evidence) fn entry(&mut self, ix: usize, limit: u64) -> Result<Vec<u8>, Problem> {
        let name = shown(&self.names[ix]);
        let (stated, bytes) = self.start(ix, limit.saturating_add(1))?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > limit {
            return Err(problem(format!("{name}: longer than {limit} bytes")));
        }
        if length != stated {
            let message = format!("{name}: it states {stated} bytes and has {length}");
            return Err(problem(message));
        }
        Ok(bytes)
    }

    /// Unpacks the first bytes of an entry, as many as there are up to `limit`.
    pub(in crate::evidence) fn head(&mut self, ix: usize, limit: u64) -> Result<Vec<u8>, Problem> {
        Ok(self.start(ix, limit)?.1)
    }

    /// Unpacks up to `most` bytes; returns how many the entry states, too. No more than those and one are
    /// unpacked, so that one that states less than it has is noticed.
    fn start(&mut self, ix: usize, most: u64) -> Result<(u64, Vec<u8>), Problem> {
        let name = shown(&self.names[ix]);
        let mut file =
            self.zip.by_index(ix).map_err(|error| broken(&error, Some((&name, None))))?;
        let (stated, at) = (file.size(), file.header_start());
        let most = most.min(stated.saturating_add(1)).min(self.budget.saturating_add(1));
        let bytes =
            read(&mut file, most).map_err(|error| broken(&error, Some((&name, Some(at)))))?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let left = self.budget.checked_sub(length);
        self.budget = left.ok_or_else(|| {
            problem(format!("{name}: with it more than {} MiB would be unpacked", BUDGET >> 20))
        })?;
        Ok((stated, bytes))
    }
}

fn read(file: &mut ZipFile<'_, Cursor<&[u8]>>, most: u64) -> Result<Vec<u8>, ZipError> {
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(ZipError::Io)?;
    Ok(bytes)
}

/// Counts what may be entries in a directory, so that a directory of millions is not even read.
fn entry_marks(bytes: &[u8]) -> usize {
    // A mark has no repetition within it, so marks do not overlap.
    bytes.windows(ENTRY_MARK.len()).filter(|window| *window == ENTRY_MARK).count()
}

/// Refuses archives whose entries state more than any honest one has.
fn check_sizes(zip: &ZipArchive<Cursor<&[u8]>>, length: usize) -> Result<(), Problem> {
    let entries = (0..zip.len()).filter_map(|ix| zip.by_index_data(ix).ok());
    let total: u128 = entries.map(|entry| u128::from(entry.size())).sum();
    let times = total / u128::try_from(length.max(1)).unwrap_or(u128::MAX);
    if total > MOST_STATED || (total > LITTLE && times > MOST_TIMES) {
        let message =
            format!("unpacked the archive would be {times} times its size, {total} bytes");
        return Err(Problem {
            hint: Some("this looks like a zip bomb; nothing of it was unpacked".to_owned()),
            ..problem(message)
        });
    }
    Ok(())
}

/// Says what is wrong with an archive, or with an entry and the byte at which that begins.
fn broken(error: &ZipError, entry: Option<(&str, Option<u64>)>) -> Problem {
    let why = match error {
        ZipError::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it ends too early".to_owned()
        }
        ZipError::Io(error) => shown(&error.to_string()),
        ZipError::InvalidArchive(why) => shown(why),
        ZipError::UnsupportedArchive(why) => shown(why),
        ZipError::CompressionMethodNotSupported(method) => {
            format!("packed by method {method}, expected 0 (stored) or 8 (deflate)")
        }
        ZipError::InvalidPassword
        | ZipError::FileNotFound
        | ZipError::DecompressedSizeLimitExceeded { .. }
        | ZipError::DecompressedSizeUnknown
        | _ => shown(&error.to_string()),
    };
    problem(match entry {
        Some((name, Some(at))) => format!("the entry {name} at byte {at}: {why}"),
        Some((name, None)) => format!("the entry {name}: {why}"),
        None => format!("expected a zip archive: {why}"),
    })
}
