//! The two parts of a SPEC, as text.

/// Splits a SPEC into name and version or range.
pub(super) fn split(text: &str) -> (&str, Option<&str>) {
    match text.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (text, None),
    }
}
