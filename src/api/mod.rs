//! The one function behind every edge: a knowledge base and a query in, an answer out.
//!
//! Each question has a file of its own, which looks up in the catalog what the query names, asks the
//! engines and the judge, and says what their results come to. Nothing here opens a file, looks at a clock
//! or knows a terminal: the same base and the same query give the same answer, anywhere.

mod check;
mod diff;
mod graph;
mod grid;
mod import;
mod inspect;
mod lint;
mod list;
mod lookup;
mod pair;
mod path;
mod plan;
mod resolve;
mod support;
mod train;
mod unlisted;
mod verify;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::knowledge::KnowledgeBase;
use crate::query::Query;

pub use import::{add_features, guess_format, observed};
pub use resolve::lock_record;

/// Answers a query.
///
/// # Errors
///
/// Returns what is wrong with the query or its files: names that nobody knows, texts that do not parse,
/// requests that contradict themselves.
pub fn ask(base: &KnowledgeBase, query: &Query) -> Result<Answer, Failure> {
    let mut answer = match query {
        Query::Check(query) => check::answer(base, query),
        Query::Pair(query) => pair::answer(base, query),
        Query::Resolve(query) => resolve::answer(base, query),
        Query::Sets(query) => resolve::sets(base, query),
        Query::Grid(query) => grid::answer(base, query),
        Query::Diff(query) => diff::answer(base, query),
        Query::Path(query) => path::answer(base, query),
        Query::Plan(query) => plan::answer(base, query),
        Query::Verify(query) => verify::answer(base, query),
        Query::Inspect(query) => inspect::answer(base, query),
        Query::Import(query) => import::answer(base, query),
        Query::Train(query) => train::answer(base, query),
        Query::Support(query) => support::answer(base, query),
        Query::List(query) => list::answer(base, query),
        Query::Lint(query) => Ok(lint::answer(query)),
        Query::Graph(query) => graph::answer(base, query),
    }?;
    unlisted::said(&mut answer);
    let knowledge = base.records(&answer.catalog);
    Ok(Answer { knowledge, ..answer })
}
