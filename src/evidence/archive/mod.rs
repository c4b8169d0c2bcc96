//! Archives, bounded: jars and wheels are zip files from strangers.
//!
//! Nothing is unpacked: readers ask for single entries, and names of entries are compared and shown but
//! never used as paths. Archives inside of archives are not opened.
//!
//! | what | at most |
//! |---|---|
//! | the file | 512 MiB |
//! | entries | 200,000 |
//! | all entries unpacked, as they state it | 8 GiB, and 200 times the file where that is more than 64 MiB |
//! | what is really unpacked of all entries together | 256 MiB |
//! | one entry | what its reader allows, and what it states itself |
//!
//! Entries that share bytes are refused: only archives that are made to blow up have them.

#[cfg(not(feature = "archives"))]
mod absent;
#[cfg(feature = "archives")]
mod open;

#[cfg(not(feature = "archives"))]
pub(super) use absent::Archive;
#[cfg(feature = "archives")]
pub(super) use open::Archive;

use crate::problem::{Problem, ProblemCode};

/// The largest archive that is read, in bytes.
pub const ARCHIVE_LIMIT: usize = 512 << 20;

/// The first bytes of zip files with at least one entry.
pub const ARCHIVE_START: &[u8] = b"PK\x03\x04";

fn problem(message: String) -> Problem {
    Problem::of_file(ProblemCode::Archive, message)
}
