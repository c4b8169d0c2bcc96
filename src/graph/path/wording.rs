//! Sentences of a matrix within our own.

/// Returns a matrix's sentence without its full stop, as findings have none.
pub(super) fn trim(sentence: &str) -> &str {
    let cut = sentence.trim_end();
    cut.strip_suffix('.').unwrap_or(cut)
}
