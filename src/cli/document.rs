//! `query`: a question as JSON, answered as JSON.

use std::path::Path;
use std::process::ExitCode;

use super::args::{Common, Format};
use super::{files, print};
use crate::api;
use crate::failure::Failure;
use crate::knowledge::KnowledgeBase;
use crate::query::{QUERY_LIMIT, QueryFile};

/// Answers a document. Its matrices come after those of the command line.
pub(super) fn answer(common: &Common, path: &Path) -> Result<ExitCode, Failure> {
    if !matches!(common.format, Format::Human | Format::Json) {
        return Err(Failure::new("`query` answers in JSON")
            .hint("leave --format out; each verb has formats of its own"));
    }
    let file = files::file(path, QUERY_LIMIT)?;
    let asked = QueryFile::parse(file.input())?;
    let mut matrices = files::matrices(common)?;
    matrices.extend(asked.matrices.iter().cloned());
    let base = KnowledgeBase::new(matrices.clone());
    let answer = api::ask(&base, &asked.query)?;
    print::document(common, answer, &QueryFile { matrices, ..asked })
}
