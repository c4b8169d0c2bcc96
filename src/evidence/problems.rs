//! Problems of files within files.

use crate::problem::{Problem, Problems};

/// Describes a problem of an archive as a whole: its bytes are no text to show.
pub(super) fn of_file(name: &str, problem: Problem) -> Problems {
    Problems { files: vec![(name.to_owned(), String::new())], list: vec![problem] }
}

/// Describes a problem of an entry.
pub(super) fn of_entry(name: &str, text: &str, problem: Problem) -> Problems {
    Problems { files: vec![(name.to_owned(), text.to_owned())], list: vec![problem] }
}

/// Adds problems of one file to those of others.
pub(super) fn join(all: &mut Problems, more: Problems) {
    let before = all.files.len();
    all.files.extend(more.files);
    let moved = more.list.into_iter().map(|one| Problem { file: one.file + before, ..one });
    all.list.extend(moved);
}
