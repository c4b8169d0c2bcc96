//! Why a question could not be answered.
//!
//! A no is an answer, and so is "unknown"; this is neither. It is what is wrong with the question: a name
//! that no matrix has, a file that cannot be used, a range that does not parse.

use std::fmt;
use std::ops::Range;

use crate::problem::Problems;
use crate::spec::SpecError;

/// The reason why there is no answer, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The part of a short text that is wrong, such as of a SPEC.
    pub place: Option<Box<Place>>,
    /// Problems of files, where these are the reason.
    pub problems: Option<Problems>,
}

/// A part of a text of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The whole text.
    pub text: String,
    /// The bytes of the part, at boundaries of characters.
    pub span: Range<usize>,
}

impl Failure {
    /// Makes a failure of its message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, place: None, problems: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Adds which part of a text is wrong.
    #[must_use]
    pub fn at(self, text: &str, span: Range<usize>) -> Self {
        Self { place: Some(Box::new(Place { text: text.to_owned(), span })), ..self }
    }

    /// Returns the reason in one line: the first problem of the files, or else the message.
    pub fn reason(&self) -> String {
        let first = self.problems.as_ref().and_then(|problems| problems.list.first());
        first.map_or_else(|| self.message.clone(), |problem| problem.message.clone())
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        let message = match problems.list.len() {
            1 => "1 problem keeps the file from being used".to_owned(),
            count => format!("{count} problems keep the files from being used"),
        };
        Self { problems: Some(problems), ..Self::new(message) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problems {
            Some(problems) => write!(f, "{}: {problems}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Failure {}

impl From<SpecError> for Failure {
    fn from(error: SpecError) -> Self {
        let failure = Self::new(error.to_string()).at(&error.text, error.span);
        match error.meant {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None => failure.hint("such as valkey@9.1.2, valkey@9.1 or 'dagster@>=1.12,<1.13'"),
        }
    }
}
