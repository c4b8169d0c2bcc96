//! What all JSON files share: the version of their formats, and how their bytes become text.

use crate::input::text_of;
use crate::problem::{Problem, ProblemCode};

/// The version of the file formats that this program reads and writes.
pub const FORMAT: u64 = 1;

/// Returns the bytes of a JSON file as text without a byte order mark, or what keeps them from being text.
pub(super) fn check_text(bytes: &[u8], limit: usize) -> Result<&str, Problem> {
    let text = text_of(bytes, limit)?;
    if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
        let message = "expected a JSON object, found an empty file".to_owned();
        return Err(Problem::of_file(ProblemCode::Syntax, message));
    }
    Ok(text)
}
