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
mod wording;

use crate::catalog::Catalog;

pub use crate::problem::{Problem, ProblemCode, Problems, nearest};
pub use digest::sha256;
pub use inventory::{DEPLOYMENT_LIMIT, Inventory};
pub use lock_file::{LOCK_LIMIT, LockFile, Written, written};
pub use peek::{Peek, peek};
pub use plan_file::{PLAN_LIMIT, read_plan};

use crate::problem::Collector;

/// The version of the file formats that this program reads and writes.
pub const FORMAT: u64 = 1;

/// The largest matrix file that is read, in bytes: 32 MiB. The largest shipped one has half a MiB.
pub const MATRIX_LIMIT: usize = 32 << 20;

/// May stand before the text of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A file to load: its name for messages, and its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What to call it in messages.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

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

/// Returns problems with the texts that they point into, which are kept only if there are any.
fn described(inputs: &[Input<'_>], list: Vec<Problem>) -> Problems {
    let files = match list.as_slice() {
        [] => Vec::new(),
        [..] => inputs.iter().map(named_text).collect(),
    };
    Problems { files, list }
}

/// Returns the bytes as text without a byte order mark, or what keeps them from being text.
pub(crate) fn check_text(bytes: &[u8], limit: usize) -> Result<&str, Problem> {
    use crate::finding::Severity;
    let error = |code, message: String, span| Problem {
        code,
        severity: Severity::Error,
        file: 0,
        span,
        message,
        hint: None,
    };
    if bytes.len() > limit {
        let message = format!("the file has more than {limit} bytes ({} MiB)", limit >> 20);
        return Err(error(ProblemCode::TooLarge, message, None));
    }
    let unmarked = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if unmarked.iter().all(u8::is_ascii_whitespace) {
        return Err(error(
            ProblemCode::Syntax,
            "expected a JSON object, found an empty file".to_owned(),
            None,
        ));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)),
        Err(wrong) => {
            let offset = wrong.valid_up_to();
            let message = format!("expected UTF-8, found the byte 0x{:02x}", bytes[offset]);
            // In the text that is shown, a replacement character stands at the byte's place.
            let start = offset.saturating_sub(bytes.len() - unmarked.len());
            let span = start..start + char::REPLACEMENT_CHARACTER.len_utf8();
            Err(error(ProblemCode::Encoding, message, Some(span)))
        }
    }
}

fn named_text(input: &Input<'_>) -> (String, String) {
    let text = String::from_utf8_lossy(input.bytes);
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text);
    (input.name.to_owned(), text.to_owned())
}
