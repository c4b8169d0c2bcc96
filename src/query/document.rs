//! A query as a JSON document, with the matrices that it brings.

use serde::{Deserialize, Serialize};

use super::Query;
use crate::input::{File, Input, described, text_of};
use crate::problem::{Problem, ProblemCode, Problems};
use crate::wording;

/// The version of the form.
pub const FORMAT_VERSION: &str = "1.0";

/// The largest document that is read, in bytes: 1 GiB.
pub const QUERY_LIMIT: usize = 1 << 30;

/// A query with the matrix files that it brings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QueryFile {
    /// The schema of the document, for editors.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The version of the form.
    #[serde(default = "current", skip_serializing_if = "is_current")]
    pub format_version: String,
    /// Matrix files beside the built-in ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matrices: Vec<File>,
    /// The question.
    pub query: Query,
}

fn current() -> String {
    FORMAT_VERSION.to_owned()
}

fn is_current(version: &str) -> bool {
    version == FORMAT_VERSION
}

impl QueryFile {
    /// Reads a document: a query, or an answer that holds its query.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with it, and where.
    pub fn parse(input: Input<'_>) -> Result<Self, Problems> {
        let problem = |problem: Problem| described(&[input], vec![problem]);
        let text = text_of(input.bytes, QUERY_LIMIT).map_err(problem)?;
        let read: Self = serde_json::from_str(text)
            .or_else(|wrong| asked(text).ok_or(wrong))
            .map_err(|wrong| problem(wording::problem(text, &wrong)))?;
        if is_current(&read.format_version) {
            return Ok(read);
        }
        let message = format!(
            "expected the format version {FORMAT_VERSION}, found `{}`",
            read.format_version
        );
        Err(problem(Problem::of_file(ProblemCode::Format, message)))
    }

    /// Returns the document as JSON.
    pub fn to_json(&self) -> String {
        // Texts, numbers and lists always have a form.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// Returns the query of an answer.
fn asked(text: &str) -> Option<QueryFile> {
    #[derive(Deserialize)]
    struct Answered {
        asked: QueryFile,
    }
    serde_json::from_str::<Answered>(text).ok().map(|answered| answered.asked)
}
