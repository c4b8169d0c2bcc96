//! Matrix, deployment, plan and lock files: text in, facts, records or problems out.
//!
//! Owns the file formats. The way is: bytes are checked for size and encoding, JSON becomes raw
//! types ([`raw`]), raw types become a catalog ([`lower`]). If the typed parse fails, the same text
//! is taken apart piece by piece ([`diagnose`]) so that every mistake is found and what is sound can
//! still be lowered. Opening files is left to the edge.

mod diagnose;
mod digest;
mod field;
mod file;
mod inventory;
mod lock_file;
mod lower;
mod peek;
mod plan_file;
mod raw;
mod schema;
mod text;
mod words;

use crate::catalog::Catalog;

pub use crate::input::Input;
pub use crate::problem::{Problem, ProblemCode, Problems, nearest};
pub use digest::sha256;
pub use file::FORMAT;
pub use inventory::{DEPLOYMENT_LIMIT, Inventory};
pub use lock_file::{LOCK_LIMIT, LockFile, Written, written};
pub use peek::{Peek, peek};
pub use plan_file::{PLAN_LIMIT, read_plan};

use diagnose::{Sink, parse_pieces};
use field::Object;
use file::check_text;

use crate::input::described;
use crate::problem::Collector;

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
            Ok(text) => parsed.extend(parse(text, file, &mut problems)),
            Err(problem) => drop(problems.push(Problem { file, ..problem })),
        }
    }
    let (catalog, problems) = lower::lower(&parsed, extras, problems);
    let problems = described(inputs, problems.into_sorted());
    Loaded { catalog, problems }
}

/// Parses a matrix, reporting everything that is wrong with its shape. Returns what is sound, or
/// nothing if the text is not a JSON object with a name, or of another format.
fn parse<'a>(text: &'a str, file: usize, problems: &mut Collector) -> Option<lower::Parsed<'a>> {
    let error = match serde_json::from_str::<raw::Matrix<'a>>(text) {
        Ok(raw) if raw.format == FORMAT => {
            return Some(lower::Parsed { file, text, raw, broken: false });
        }
        Ok(_) => None,
        Err(error) => Some(error),
    };
    let mut sink = Sink { text, file, problems };
    let required = ["format", "name"];
    let raw = parse_pieces(&mut sink, error.as_ref(), &required, raw::Matrix::from_pieces)?;
    Some(lower::Parsed { file, text, raw, broken: true })
}
