//! The problems of matrix files for people.

use crate::finding::Severity;
use crate::problem::{Problem, ProblemCode, Problems};

/// Prints problems with lines and carets, and counts them.
pub(super) fn text(found: &Problems, files: usize, color: bool) -> String {
    let word = if files == 1 { "file" } else { "files" };
    let (told, folded) = folded(found);
    let list = shown(&told, color);
    match told.list.len() {
        0 if folded.is_empty() => format!("{files} {word}: no problems\n"),
        0 => format!("{folded}{files} {word}: no errors\n"),
        1 => format!("{list}{folded}{files} {word}: 1 problem\n"),
        count => format!("{list}{folded}{files} {word}: {count} problems\n"),
    }
}

/// Takes out the windows that say themselves why the policy gives another end, and counts them in one line.
fn folded(found: &Problems) -> (Problems, String) {
    let is_noted = |problem: &Problem| {
        (problem.code, problem.severity) == (ProblemCode::WindowDiffers, Severity::Info)
    };
    let mut told = found.clone();
    told.list.retain(|problem| !is_noted(problem));
    let line = match found.list.len() - told.list.len() {
        0 => String::new(),
        1 => "info[window-differs]: 1 window ends on another day than the policy gives, and its note says why\n".to_owned(),
        count => format!("info[window-differs]: {count} windows end on other days than the policy gives, and their notes say why\n"),
    };
    (told, line)
}

/// Shows problems in the lines that they are in.
#[cfg(feature = "cli")]
fn shown(problems: &Problems, color: bool) -> String {
    super::problems::text(problems, color)
}

/// Lists problems with their places.
#[cfg(not(feature = "cli"))]
fn shown(problems: &Problems, _: bool) -> String {
    format!("{}\n", super::text::clean(&problems.to_string()))
}
