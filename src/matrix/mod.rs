//! Matrix, deployment, plan and lock files: text in, facts, records or problems out.
//!
//! Owns the file formats. The way is: bytes are checked for size and encoding, JSON becomes raw
//! types ([`raw`]), raw types become a catalog ([`lower`]). If the typed parse fails, the same text
//! is taken apart piece by piece ([`diagnose`]) so that every mistake is found and what is sound can
//! still be lowered. Opening files is left to the edge.

mod diagnose;
mod digest;
mod inventory;
mod lock_file;
mod lower;
mod peek;
mod plan_file;
mod raw;
mod raw_inventory;
mod raw_lock;
mod schema;
mod text;

use crate::catalog::Catalog;

pub use crate::input::Input;
pub use crate::problem::{Problem, ProblemCode, Problems, nearest};
pub use digest::sha256;
pub use inventory::{DEPLOYMENT_LIMIT, Inventory};
pub use lock_file::{LOCK_LIMIT, LockFile, Written, written};
pub use peek::{Peek, peek};
pub use plan_file::{PLAN_LIMIT, read_plan};

use crate::input::{described, text_of};
use crate::problem::Collector;

/// The version of the file formats that this program reads and writes.
pub const FORMAT: u64 = 1;

/// The largest matrix file that is read, in bytes: 32 MiB. The largest shipped one has half a MiB.
pub const MATRIX_LIMIT: usize = 32 << 20;

/// What loading gives: a catalog of all that is sound, and all problems.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The facts. Complete only if there are no error problems.
    pub catalog: Catalog,
    /// What is wrong with the files.
    pub problems: Problems,
}

/// Reads matrix files into one catalog. Later files may be overlays of earlier ones.
///
/// `extras` are versions, as package and text, that the question names; those of known release lines
/// that no file lists are taken to exist and marked as unlisted.
pub fn load(inputs: &[Input<'_>], extras: &[(String, String)]) -> Loaded {
    let mut problems = Collector::default();
    let mut parsed = Vec::new();
    for (file, input) in inputs.iter().enumerate() {
        match check_text(input.bytes, MATRIX_LIMIT) {
            Ok(text) => parsed.extend(diagnose::parse_matrix(text, file, &mut problems)),
            Err(problem) => drop(problems.push(Problem { file, ..problem })),
        }
    }
    let (catalog, problems) = lower::lower(&parsed, extras, problems);
    let problems = described(inputs, problems.into_sorted());
    Loaded { catalog, problems }
}

/// Returns the bytes of a JSON file as text without a byte order mark, or what keeps them from being text.
pub(crate) fn check_text(bytes: &[u8], limit: usize) -> Result<&str, Problem> {
    let text = text_of(bytes, limit)?;
    if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
        let message = "expected a JSON object, found an empty file".to_owned();
        return Err(Problem::of_file(ProblemCode::Syntax, message));
    }
    Ok(text)
}
