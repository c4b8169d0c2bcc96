//! Views of problems of files, and of why there is no answer.

use super::shared::SeverityWord;
use super::view::view;
use crate::problem::{Problem, Problems};

view! {
    /// Something that is wrong with a file.
    ProblemView<'a>(problems: &'a Problems, problem: &'a Problem)
    with { let (name, text) = &problems.files[problem.file]; let place = problem.position(text); } {
        /// A stable name for its kind.
        code: &'static str = problem.code.name(),
        severity: SeverityWord = SeverityWord(problem.severity.name()),
        message: &'a str = &problem.message,
        /// The name of the file.
        subject: &'a str = name,
        /// Counted from 1.
        line: Option<usize> = place.map(|(line, _)| line),
        /// The character in the line, counted from 1.
        column: Option<usize> = place.map(|(_, column)| column),
        hint: Option<&'a str> = problem.hint.as_deref(),
    }
}

view! {
    /// What is wrong with files of a matrix.
    LintView<'a>(count: usize, problems: &'a Problems) {
        /// How many files were read.
        files: usize = count,
        findings: Vec<ProblemView<'a>> = rows(problems),
    }
}

view! {
    /// Why there is no answer.
    FailureView<'a>(message: &'a str, about: Option<&'a str>, problems: Option<&'a Problems>) {
        error: &'a str = message,
        hint: Option<&'a str> = about,
        findings: Vec<ProblemView<'a>> = problems.map_or_else(Vec::new, rows),
    }
}

fn rows(problems: &Problems) -> Vec<ProblemView<'_>> {
    problems.list.iter().map(|problem| ProblemView::new(problems, problem)).collect()
}
